"""Rounds in a row without movement, in trouble, without a report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.publication.rules.standstill import OPEN, Values, silent_for, stuck_for, unchanged_for
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.status import TROUBLED, Course, Implementation

RUNS = Value(Implementation.IN_PROGRESS, Course.ON_TRACK)
RISK = Value(Implementation.IN_PROGRESS, Course.AT_RISK)
BAD = Value(Implementation.IN_PROGRESS, Course.CRITICAL)
PLAN = Value(Implementation.PLANNED, Course.CRITICAL)
DONE = Value(Implementation.COMPLETED)
KEPT = Value(Implementation.ESTABLISHED, Course.AT_RISK)
REST = Value(Implementation.DEFERRED)


@pytest.mark.parametrize(
    ("values", "unchanged", "stuck", "silent"),
    [
        pytest.param([], 0, 0, 0, id="no round"),
        pytest.param([RUNS], 1, 0, 0, id="one round"),
        pytest.param([RUNS, RUNS, RUNS], 3, 0, 0, id="the same three times"),
        pytest.param([RUNS, None, RUNS, RUNS], 2, 0, 0, id="a missing report ends the row"),
        pytest.param([RUNS, RUNS, None], 0, 0, 1, id="nothing reported now"),
        pytest.param([None, None], 0, 0, 2, id="never reported"),
        pytest.param([RISK, BAD, BAD], 2, 3, 0, id="worse, but no step"),
        pytest.param([BAD, BAD, RISK], 1, 1, 0, id="better is a movement"),
        pytest.param([BAD, RISK, RISK, BAD], 1, 3, 0, id="counted from where it was better"),
        pytest.param([PLAN, BAD], 1, 1, 0, id="a step out of planning"),
        pytest.param([BAD, RUNS], 1, 0, 0, id="out of trouble"),
        pytest.param([BAD, None, BAD], 1, 1, 0, id="in trouble again after silence"),
        pytest.param([DONE, DONE, DONE], 0, 0, 0, id="fulfilled stands still by right"),
        pytest.param([REST, REST], 0, 0, 0, id="halted on purpose"),
        pytest.param([KEPT, KEPT], 0, 2, 0, id="a permanent task can be in trouble"),
    ],
)
def test_rows_are_counted_back_from_the_newest_round(
    values: Values, unchanged: int, stuck: int, silent: int
) -> None:
    assert (unchanged_for(values), stuck_for(values), silent_for(values)) == (
        unchanged,
        stuck,
        silent,
    )


COURSES = [Course.AT_RISK, Course.CRITICAL]
ANY = st.none() | st.builds(
    Value, st.sampled_from(Implementation), st.none() | st.sampled_from(Course)
)


@given(st.lists(ANY, max_size=12))
def test_rows_agree_with_a_plain_look_at_the_last_rounds(values: list[Value | None]) -> None:
    def longest(holds: object) -> int:
        assert callable(holds)
        fits = [n for n in range(1, len(values) + 1) if holds(values[-n:])]
        return max(fits, default=0)

    assert silent_for(values) == longest(lambda last: last == [None] * len(last))
    assert unchanged_for(values) == longest(
        lambda last: None not in last and len(set(last)) == 1 and last[0].implementation in OPEN
    )
    assert stuck_for(values) == longest(
        lambda last: (
            all(value and value.course in TROUBLED for value in last)
            and len({value.implementation for value in last}) == 1
            and (courses := [COURSES.index(value.course) for value in last]) == sorted(courses)
        )
    )


@given(st.lists(ANY, min_size=1, max_size=12))
def test_at_most_one_of_silence_and_standing_is_told(values: list[Value | None]) -> None:
    assert not (silent_for(values) and (unchanged_for(values) or stuck_for(values)))
