"""What keeps a report from being saved or submitted, with a sentence for each (domain.md 4, 8)."""

import itertools
from datetime import date
from decimal import Decimal

import pytest

from tests.publication.rules.grids import read_grid
from tracker.core.errors import Problem
from tracker.core.problems import problem_text
from tracker.core.text import MAX_COUNT
from tracker.reporting.rules.content import (
    Funding,
    IndicatorValue,
    MilestoneLine,
    Participants,
    ParticipantUnit,
    ReportContent,
    StaffUnit,
)
from tracker.reporting.rules.status import Course, Implementation, is_step_backwards
from tracker.reporting.rules.submission import check_storable, check_submission

# What is missing in an otherwise empty report: V = Verlauf, B = Begründung, K = Konsequenz.
# A step backwards adds B to every cell.
MISSING = """
             none  on_track  at_risk  critical
not_started  -     -         BK       BK
planned      V     -         BK       BK
in_progress  V     -         BK       BK
completed    -     -         -        -
established  V     -         BK       BK
deferred     B     B         B        B
dropped      B     B         B        B
"""
SENTENCE = {
    "V": Problem("course", "course_required"),
    "B": Problem("reason", "reason_required"),
    "K": Problem("consequence", "consequence_required"),
}
CASES = list(itertools.product([None, *Implementation], Implementation, [None, *Course]))
EMPTY = ReportContent()
PERSONS, CASE = ParticipantUnit.PERSONS, ParticipantUnit.CASES


def codes(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    assert all(problem_text(problem) for problem in problems), "every problem has its sentence"
    return [(problem.field, problem.code) for problem in problems]


@pytest.mark.parametrize(("before", "implementation", "course"), CASES)
def test_a_submission_asks_for_what_the_table_says_and_for_nothing_else(
    before: Implementation | None, implementation: Implementation, course: Course | None
) -> None:
    cell = read_grid(MISSING)[implementation.value, course.value if course else "none"]
    wanted = set(cell.strip("-")) | ({"B"} if is_step_backwards(before, implementation) else set())
    content = ReportContent(implementation=implementation, course=course)
    assert set(check_submission(content, before=before)) == {SENTENCE[sign] for sign in wanted}


@pytest.mark.parametrize(("before", "implementation", "course"), CASES)
def test_with_course_reason_and_consequence_every_status_can_be_submitted(
    before: Implementation | None, implementation: Implementation, course: Course | None
) -> None:
    content = ReportContent(
        implementation=implementation,
        course=course or Course.ON_TRACK,
        reason="Weil …",
        consequence="Wir schlagen vor …",
    )
    assert check_submission(content, before=before) == ()


def test_a_reason_of_blanks_is_no_reason() -> None:
    content = ReportContent(
        implementation=Implementation.PLANNED,
        course=Course.CRITICAL,
        reason=" \n\t\u00a0",
        consequence=" ",
    )
    assert check_submission(content, before=None) == (SENTENCE["B"], SENTENCE["K"])


def test_without_a_status_only_the_status_is_asked_for() -> None:
    content = ReportContent(course=Course.CRITICAL)
    found = check_submission(content, before=Implementation.COMPLETED)
    assert codes(found) == [("implementation", "implementation_required")]


def test_a_missing_status_hides_no_other_problem() -> None:
    found = check_submission(ReportContent(events=-1), before=None)
    assert codes(found) == [
        ("events", "number_out_of_range"),
        ("implementation", "implementation_required"),
    ]


def test_an_empty_draft_can_be_saved() -> None:
    assert check_storable(EMPTY) == ()


def test_what_cannot_be_saved_cannot_be_submitted() -> None:
    content = ReportContent(implementation=Implementation.COMPLETED, events=-1)
    found = check_submission(content, before=None)
    assert found == check_storable(content)
    assert codes(found) == [("events", "number_out_of_range")]


NUMBERS = {
    "events": lambda number: ReportContent(events=number),
    "staff": lambda number: ReportContent(staff=number, staff_unit=StaffUnit.FTE),
    "cost_planned": lambda number: ReportContent(cost_planned=number),
    "cost_actual": lambda number: ReportContent(cost_actual=number),
    "participants": lambda number: ReportContent(participants=(Participants(PERSONS, number),)),
    "funding": lambda number: ReportContent(funding=(Funding("Land", amount=number),)),
    "indicators": lambda number: ReportContent(indicators=(IndicatorValue("2.1", number),)),
}


@pytest.mark.parametrize("field", NUMBERS)
@pytest.mark.parametrize(
    ("number", "fits"),
    [("0", True), ("1", True), (MAX_COUNT, True), (MAX_COUNT + 1, False), ("-1", False)],
)
def test_a_number_lies_between_zero_and_ten_million(field: str, number: str, fits: bool) -> None:
    kind = int if field in {"events", "participants"} else Decimal
    problem = Problem(field, "number_out_of_range", (("limit", MAX_COUNT),))
    assert check_storable(NUMBERS[field](kind(number))) == (() if fits else (problem,))


@pytest.mark.parametrize("field", sorted(NUMBERS.keys() - {"events", "participants"}))
@pytest.mark.parametrize("number", ["-0.01", "10000000.01", "NaN", "sNaN", "Infinity", "1E+999"])
def test_a_decimal_that_is_no_ordinary_number_is_refused(field: str, number: str) -> None:
    found = check_storable(NUMBERS[field](Decimal(number)))
    assert codes(found) == [(field, "number_out_of_range")]


MONEY = ("cost_planned", "cost_actual", "funding")


@pytest.mark.parametrize("field", sorted(NUMBERS.keys() - {"events", "participants"}))
@pytest.mark.parametrize(
    ("number", "is_exact"), [("12.34", True), ("12.3400", True), ("12.345", False), ("1E-7", False)]
)
def test_amount_with_three_decimals(field: str, number: str, is_exact: bool) -> None:
    problem = [(field, "amount_too_fine")] if field in MONEY and not is_exact else []
    assert codes(check_storable(NUMBERS[field](Decimal(number)))) == problem


APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)
LINES = {
    "a funding line needs its donor": (
        ReportContent(funding=(Funding(" ", programme="KOMM-AN"),)),
        [("funding", "donor_required")],
    ),
    "an unknown amount is fine": (ReportContent(funding=(Funding("Land"),)), []),
    "a period must not end before it begins": (
        ReportContent(funding=(Funding("Land", start=MAY, end=APRIL),)),
        [("funding", "period_reversed")],
    ),
    "a period may be one day": (ReportContent(funding=(Funding("Land", start=MAY, end=MAY),)), []),
    "a period may be open": (
        ReportContent(funding=(Funding("Land", start=MAY), Funding("Bund", end=APRIL))),
        [],
    ),
    "a milestone needs its title": (
        ReportContent(milestones=(MilestoneLine("  ", due_on=MAY),)),
        [("milestones", "milestone_title_required")],
    ),
    "staff needs its unit": (
        ReportContent(staff=Decimal("0.5")),
        [("staff", "staff_unit_required")],
    ),
    "a unit without staff is fine": (ReportContent(staff_unit=StaffUnit.FTE), []),
    "units are not added to each other": (
        ReportContent(participants=(Participants(PERSONS, 5), Participants(CASE, 5))),
        [],
    ),
    "a unit stands once": (
        ReportContent(participants=(Participants(CASE, 5), Participants(CASE, 7))),
        [("participants", "unit_twice")],
    ),
    "fifty lines fit": (ReportContent(funding=(Funding("Land"),) * 50), []),
    "not more than fifty sources": (
        ReportContent(funding=(Funding("Land"),) * 51),
        [("funding", "too_many_lines")],
    ),
    "not more than fifty milestones": (
        ReportContent(milestones=(MilestoneLine("Auftakt"),) * 51),
        [("milestones", "too_many_lines")],
    ),
    "not more than fifty values": (
        ReportContent(indicators=(IndicatorValue("2.1", Decimal(1)),) * 51),
        [("indicators", "too_many_lines")],
    ),
    "not more than fifty groups": (
        ReportContent(participants=(Participants(CASE, 5),) * 51),
        [("participants", "too_many_lines"), ("participants", "unit_twice")],
    ),
}


@pytest.mark.parametrize(("content", "problems"), LINES.values(), ids=LINES)
def test_lines_are_complete_and_plausible(
    content: ReportContent, problems: list[tuple[str, str]]
) -> None:
    assert codes(check_storable(content)) == problems
