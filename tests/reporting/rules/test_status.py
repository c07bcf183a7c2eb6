"""Umsetzungsstand and Verlauf: what is asked, and when a Begründung is needed (domain.md 4)."""

import itertools

import pytest

from tests.publication.rules.grids import read_grid
from tracker.reporting.rules.status import (
    FULFILLED,
    HALTED,
    TROUBLED,
    Asked,
    Course,
    Implementation,
    consequence_required,
    course_asked,
    is_step_backwards,
    reason_required,
)

COURSE_ASKED = {
    "not_started": "optional",
    "planned": "required",
    "in_progress": "required",
    "completed": "not_asked",
    "established": "required",
    "deferred": "not_asked",
    "dropped": "not_asked",
}
# Row: the last accepted value, column: the new one; "<" is a step backwards.
STEPS = """
             not_started planned in_progress completed established deferred dropped
not_started  .           .       .           .         .           <        <
planned      <           .       .           .         .           <        <
in_progress  <           <       .           .         .           <        <
completed    <           <       <           .         .           <        <
established  <           <       <           <         .           <        <
deferred     .           .       .           .         .           .        <
dropped      .           .       .           .         .           .        .
"""
COURSES = [None, *Course]


def test_the_values_and_their_order_are_those_of_the_legend() -> None:
    assert [state.value for state in Implementation] == list(COURSE_ASKED)
    assert [course.value for course in Course] == ["on_track", "at_risk", "critical"]


def test_no_report_is_not_a_status() -> None:
    assert not {"no_report", "missing", "unknown"} & {state.value for state in Implementation}


@pytest.mark.parametrize(("implementation", "asked"), COURSE_ASKED.items())
def test_the_course_is_asked_where_something_runs(implementation: str, asked: str) -> None:
    assert course_asked(Implementation(implementation)) is Asked(asked)


@pytest.mark.parametrize(("steps", "sign"), read_grid(STEPS).items())
def test_a_step_backwards_is_recognised_for_every_pair(steps: tuple[str, str], sign: str) -> None:
    before, after = map(Implementation, steps)
    assert is_step_backwards(before, after) is (sign == "<")


@pytest.mark.parametrize("after", Implementation)
def test_the_first_report_is_never_a_step_backwards(after: Implementation) -> None:
    assert not is_step_backwards(None, after)


@pytest.mark.parametrize(
    ("before", "after", "course"),
    list(itertools.product([None, *Implementation], Implementation, COURSES)),
)
def test_a_reason_is_required_for_trouble_for_a_halt_and_for_a_step_backwards_only(
    before: Implementation | None, after: Implementation, course: Course | None
) -> None:
    backwards = before is not None and read_grid(STEPS)[before.value, after.value] == "<"
    halted = after.value in {"deferred", "dropped"}
    troubled = course is not None and course.value in {"at_risk", "critical"}
    assert reason_required(before, after, course) is (troubled or halted or backwards)


@pytest.mark.parametrize(
    ("course", "required"),
    [(None, False), (Course.ON_TRACK, False), (Course.AT_RISK, True), (Course.CRITICAL, True)],
)
def test_a_consequence_is_required_for_at_risk_and_critical(
    course: Course | None, required: bool
) -> None:
    assert consequence_required(course) is required


def test_fulfilled_troubled_and_halted_name_what_the_definitions_say() -> None:
    assert set(FULFILLED) == {"completed", "established"}
    assert set(TROUBLED) == {"at_risk", "critical"}
    assert set(HALTED) == {"deferred", "dropped"}
