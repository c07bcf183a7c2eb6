"""Completeness, timeliness and punctuality over any way a report can go (domain.md 5).

A way is a list of steps, each some minutes after the one before; a step that the transition table
refuses is left out, so every way is one that people could go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.periods import local_day
from tracker.reporting.rules.figures import Expected, Returns, returns
from tracker.reporting.rules.reports import (
    TRANSITIONS,
    UNWAIVE_TO,
    Granted,
    Punctuality,
    ReportEvent,
    ReportState,
    due_on,
    punctuality,
)

DUE = date(2026, 10, 15)
OPENED = datetime(2026, 10, 1, 6, 0, tzinfo=UTC)
EXTEND = "extend"
UNWAIVE = "unwaive"
WAYS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *(event for event in ReportEvent if event not in UNWAIVE_TO.values()),
                EXTEND,
                UNWAIVE,
            ]
        ),
        st.integers(1, 60 * 24 * 6),
        st.integers(1, 30),
    ),
    max_size=12,
)


@dataclass(frozen=True)
class Way:
    """Where a report stands after some steps."""

    state: ReportState = ReportState.EXPECTED
    first: datetime | None = None
    granted: tuple[Granted, ...] = ()
    before_waiver: ReportState | None = None
    now: datetime = OPENED

    def counted(self, now: datetime | None = None) -> Expected:
        """As the Rücklauf counts it at a moment, by default that of the last step."""
        stands = punctuality(DUE, self.granted, first_submitted_at=self.first, now=now or self.now)
        return Expected(self.state, self.first is not None, stands)


def step(way: Way, what: str, minutes: int, days: int) -> Way:
    """Take one step, if it is possible."""
    way = replace(way, now=way.now + timedelta(minutes=minutes))
    if what == EXTEND:
        item = Granted(DUE + timedelta(days=days), way.now)
        return replace(way, granted=(*way.granted, item))
    if what == UNWAIVE:
        if way.before_waiver is None:
            return way
        return replace(way, state=way.before_waiver, before_waiver=None)
    target = TRANSITIONS.get((way.state, ReportEvent(what)))
    if target is None:
        return way
    if target is ReportState.WAIVED:
        return replace(way, state=target, before_waiver=way.state)
    if what == ReportEvent.SUBMIT:
        return replace(way, state=target, first=way.first or way.now)
    return replace(way, state=target)


def walked(steps: list[tuple[str, int, int]]) -> list[Way]:
    """Return where the report stood at the beginning and after each step."""
    found = [Way()]
    for what, minutes, days in steps:
        found.append(step(found[-1], what, minutes, days))
    return found


@settings(deadline=None)
@given(WAYS)
def test_the_first_submission_decides_for_good(steps: list[tuple[str, int, int]]) -> None:
    """A return, a resubmission, a withdrawal or a later extension changes no verdict."""
    verdicts = [way.counted().punctuality for way in walked(steps) if way.first is not None]
    assert len(set(verdicts)) <= 1
    assert set(verdicts) <= {Punctuality.ON_TIME, Punctuality.LATE}


@settings(deadline=None)
@given(WAYS)
def test_on_time_means_the_first_submission_lay_on_or_before_the_day_granted_by_then(
    steps: list[tuple[str, int, int]],
) -> None:
    last = walked(steps)[-1]
    if last.first is None:
        return
    by_then = [item.until for item in last.granted if item.granted_at <= last.first]
    in_time = local_day(last.first) <= max([DUE, *by_then])
    assert (last.counted().punctuality is Punctuality.ON_TIME) is in_time


@settings(deadline=None)
@given(WAYS, st.integers(0, 90))
def test_without_a_submission_a_report_is_overdue_exactly_after_its_day(
    steps: list[tuple[str, int, int]], days: int
) -> None:
    last = walked(steps)[-1]
    if last.first is not None:
        return
    now = last.now + timedelta(days=days)
    is_over = local_day(now) > due_on(DUE, last.granted, at=now)
    assert last.counted(now).punctuality is (
        Punctuality.OVERDUE if is_over else Punctuality.PENDING
    )


@settings(deadline=None)
@given(WAYS)
def test_more_time_never_makes_a_report_later(steps: list[tuple[str, int, int]]) -> None:
    last = walked(steps)[-1]
    order = [Punctuality.ON_TIME, Punctuality.PENDING, Punctuality.LATE, Punctuality.OVERDUE]
    more = replace(last, granted=(*last.granted, Granted(DUE + timedelta(days=60), OPENED)))
    assert order.index(more.counted().punctuality) <= order.index(last.counted().punctuality)


@settings(deadline=None)
@given(st.lists(WAYS, max_size=8))
def test_the_figures_stay_within_the_expected_set(
    ways: list[list[tuple[str, int, int]]],
) -> None:
    ends = [walked(steps)[-1] for steps in ways]
    found = returns(end.counted() for end in ends)
    expected = [end for end in ends if end.state is not ReportState.WAIVED]
    totals = {found.completeness.total, found.acceptance.total, found.timeliness.total}
    assert totals == {len(expected)}
    assert found.waived == len(ends) - len(expected)
    assert found.completeness.count == sum(end.first is not None for end in expected)
    # What is accepted or on time was submitted at least once.
    assert found.acceptance.count <= found.completeness.count
    assert found.timeliness.count <= found.completeness.count
    if not expected:
        assert found.completeness.percent is None


@settings(deadline=None)
@given(st.lists(WAYS, min_size=1, max_size=6), st.data())
def test_a_waiver_only_takes_the_report_out_and_taking_it_back_puts_it_in_again(
    ways: list[list[tuple[str, int, int]]], data: st.DataObject
) -> None:
    ends = [walked(steps)[-1] for steps in ways]
    index = data.draw(st.integers(0, len(ends) - 1))
    waived = step(ends[index], ReportEvent.WAIVE, 1, 1)
    if waived.state is not ReportState.WAIVED or ends[index].state is ReportState.WAIVED:
        return
    others = [end for place, end in enumerate(ends) if place != index]
    assert _figures([*others, waived]) == _plus(_figures(others), waived=1)
    back = step(waived, UNWAIVE, 1, 1)
    assert back.state is ends[index].state
    later = replace(ends[index], now=back.now)
    assert _figures([*others, back]) == _figures([*others, later])


@settings(deadline=None)
@given(WAYS)
def test_completeness_never_falls_but_by_a_waiver(steps: list[tuple[str, int, int]]) -> None:
    """A return, a withdrawal or a revoked acceptance leaves "submitted at least once" as it is."""
    counts = [
        (way.state is ReportState.WAIVED, returns([way.counted()]).completeness.count)
        for way in walked(steps)
    ]
    kept = [count for waived, count in counts if not waived]
    assert kept == sorted(kept)


def _figures(ways: list[Way]) -> Returns:
    return returns(way.counted() for way in ways)


def _plus(found: Returns, *, waived: int) -> Returns:
    return replace(found, waived=found.waived + waived)
