"""The report's state machine over all pairs, and what is derived from its dates (domain.md 5)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.publication.rules.grids import read_grid
from tracker.core.periods import BERLIN
from tracker.reporting.rules.reports import (
    EDITABLE,
    TRANSITIONS,
    UNCHANGED_FLAG_AFTER,
    UNWAIVE_TO,
    Granted,
    Punctuality,
    ReportEvent,
    ReportState,
    due_on,
    extension_valid,
    next_unchanged_streak,
    possible_events,
    punctuality,
    resubmission_overdue,
)

# Row: where the report stands, column: what is done; "-" is refused.
TABLE = """
           save      submit     withdraw  accept    return    revoke     waive
expected   draft     -          -         -         -         -          waived
draft      draft     submitted  -         -         -         -          waived
submitted  -         -          draft     accepted  returned  -          -
accepted   -         -          -         -         -         submitted  -
returned   returned  submitted  -         -         -         -          waived
waived     -         -          -         -         -         -          -
"""
BACK = """
           unwaive_expected  unwaive_draft  unwaive_returned
expected   -                 -              -
draft      -                 -              -
submitted  -                 -              -
accepted   -                 -              -
returned   -                 -              -
waived     expected          draft          returned
"""
GRID = read_grid(TABLE) | read_grid(BACK)
# domain.md 5 as arrows; saving in place (draft, returned) is no arrow.
ARROWS = {
    ("expected", "draft"),
    ("draft", "submitted"),
    ("submitted", "accepted"),
    ("submitted", "returned"),
    ("returned", "submitted"),
    ("submitted", "draft"),
    ("accepted", "submitted"),
    ("expected", "waived"),
    ("draft", "waived"),
    ("returned", "waived"),
    ("waived", "expected"),
    ("waived", "draft"),
    ("waived", "returned"),
}
SUMMER = date(2026, 7, 15)
WINTER = date(2027, 1, 15)


def berlin(text: str) -> datetime:
    """A moment on Berlin's wall clock, as the UTC moment that is stored."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def granted(until: str, at: str) -> Granted:
    return Granted(date.fromisoformat(until), berlin(at))


def test_the_table_speaks_of_every_state_and_event() -> None:
    assert set(GRID) == {
        (state.value, event.value) for state in ReportState for event in ReportEvent
    }


@pytest.mark.parametrize(("pair", "target"), GRID.items())
def test_every_event_leads_where_the_table_says_or_is_refused(
    pair: tuple[str, str], target: str
) -> None:
    step = (ReportState(pair[0]), ReportEvent(pair[1]))
    if target == "-":
        assert step not in TRANSITIONS
        assert step[1] not in possible_events(step[0])
    else:
        assert TRANSITIONS[step] is ReportState(target)
        assert step[1] in possible_events(step[0])


def test_the_pairs_of_states_that_follow_each_other_are_the_arrows_of_the_domain() -> None:
    steps = {(source.value, target.value) for (source, _), target in TRANSITIONS.items()}
    assert {step for step in steps if step[0] != step[1]} == ARROWS


def test_a_waiver_is_taken_back_to_exactly_where_the_report_was() -> None:
    waivable = {state for state in ReportState if (state, ReportEvent.WAIVE) in TRANSITIONS}
    assert set(UNWAIVE_TO) == waivable
    for state, event in UNWAIVE_TO.items():
        assert TRANSITIONS[ReportState.WAIVED, event] is state


@pytest.mark.parametrize("state", ReportState)
def test_what_can_be_saved_is_what_counts_as_editable(state: ReportState) -> None:
    assert (state in EDITABLE) is ((state, ReportEvent.SAVE) in TRANSITIONS)


# due day, what, Berlin time of the first submission, verdict
SUBMITTED_AT = [
    (SUMMER, "noon", "2026-07-15 12:00:00", "on_time"),
    (SUMMER, "last second", "2026-07-15 23:59:59", "on_time"),
    (SUMMER, "last fraction", "2026-07-15 23:59:59.999999", "on_time"),
    (SUMMER, "midnight", "2026-07-16 00:00:00", "late"),
    (SUMMER, "00:30, still the 15th in UTC", "2026-07-16 00:30:00", "late"),
    (SUMMER, "01:59, still the 15th in UTC", "2026-07-16 01:59:59", "late"),
    (WINTER, "last second", "2027-01-15 23:59:59", "on_time"),
    (WINTER, "midnight", "2027-01-16 00:00:00", "late"),
    (WINTER, "00:59, still the 15th in UTC", "2027-01-16 00:59:59", "late"),
    # Clocks go forward in the night to 28 March 2027 and back in the night to 31 October 2027.
    (date(2027, 3, 28), "short day, last second", "2027-03-28 23:59:59", "on_time"),
    (date(2027, 3, 28), "short day, midnight", "2027-03-29 00:00:00", "late"),
    (date(2027, 3, 27), "evening before the short day", "2027-03-27 23:59:59", "on_time"),
    (date(2027, 3, 27), "short day begins", "2027-03-28 00:00:00", "late"),
    (date(2027, 10, 31), "long day, last second", "2027-10-31 23:59:59", "on_time"),
    (date(2027, 10, 31), "long day, midnight", "2027-11-01 00:00:00", "late"),
    (date(2027, 10, 30), "evening before the long day", "2027-10-30 23:59:59", "on_time"),
    (date(2027, 10, 30), "long day begins", "2027-10-31 00:00:00", "late"),
]


@pytest.mark.parametrize(("due", "what", "at", "verdict"), SUBMITTED_AT)
def test_the_due_day_counts_to_its_last_second_in_berlin(
    due: date, what: str, at: str, verdict: str
) -> None:
    moment = berlin(at)
    later = moment + timedelta(days=90)
    assert punctuality(due, [], first_submitted_at=moment, now=later) is Punctuality(verdict), what


@pytest.mark.parametrize(("due", "what", "at", "verdict"), SUBMITTED_AT)
def test_overdue_begins_when_a_submission_would_be_late(
    due: date, what: str, at: str, verdict: str
) -> None:
    missing = Punctuality.PENDING if verdict == "on_time" else Punctuality.OVERDUE
    assert punctuality(due, [], first_submitted_at=None, now=berlin(at)) is missing, what


def test_a_report_once_submitted_is_never_overdue_and_its_verdict_does_not_age() -> None:
    first = berlin("2026-07-15 23:00")
    for days in (0, 1, 400):
        now = first + timedelta(days=days)
        assert punctuality(SUMMER, [], first_submitted_at=first, now=now) is Punctuality.ON_TIME


# extensions as (until, granted at), first submission or None, now, verdict; due on 15 July
EXTENSIONS = {
    "granted before: on time to the new day's end": (
        [("2026-07-22", "2026-07-10 09:00")], "2026-07-22 23:59:59", "2026-08-01 09:00", "on_time",
    ),
    "granted before: late after the new day": (
        [("2026-07-22", "2026-07-10 09:00")], "2026-07-23 00:00", "2026-08-01 09:00", "late",
    ),
    "granted after the due day, before the submission": (
        [("2026-07-22", "2026-07-17 09:00")], "2026-07-20 12:00", "2026-08-01 09:00", "on_time",
    ),
    "granted after a late submission: stays late": (
        [("2026-07-22", "2026-07-18 09:00")], "2026-07-17 12:00", "2026-08-01 09:00", "late",
    ),
    "granted in the moment of the submission": (
        [("2026-07-22", "2026-07-17 12:00")], "2026-07-17 12:00", "2026-08-01 09:00", "on_time",
    ),
    "the longest of several counts, in any order": (
        [("2026-07-22", "2026-07-10 09:00"), ("2026-07-18", "2026-07-11 09:00")],
        "2026-07-21 12:00", "2026-08-01 09:00", "on_time",
    ),
    "an earlier day takes nothing away": (
        [("2026-07-10", "2026-07-01 09:00")], "2026-07-15 12:00", "2026-08-01 09:00", "on_time",
    ),
    "not submitted, extension running": (
        [("2026-07-22", "2026-07-10 09:00")], None, "2026-07-22 23:59:59", "pending",
    ),
    "not submitted, extension over": (
        [("2026-07-22", "2026-07-10 09:00")], None, "2026-07-23 00:00", "overdue",
    ),
    "not submitted, extension granted later than now": (
        [("2026-07-22", "2026-07-18 09:00")], None, "2026-07-17 12:00", "overdue",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("given_extensions", "first", "now", "verdict"), EXTENSIONS.values(), ids=EXTENSIONS
)
def test_an_extension_counts_if_it_was_granted_by_then(
    given_extensions: list[tuple[str, str]], first: str | None, now: str, verdict: str
) -> None:
    found = punctuality(
        SUMMER,
        [granted(*item) for item in given_extensions],
        first_submitted_at=berlin(first) if first else None,
        now=berlin(now),
    )
    assert found is Punctuality(verdict)


def test_the_due_day_moves_in_the_moment_an_extension_is_granted() -> None:
    extensions = [granted("2026-07-22", "2026-07-10 09:00")]
    assert due_on(SUMMER, extensions, at=berlin("2026-07-10 08:59")) == SUMMER
    assert due_on(SUMMER, extensions, at=berlin("2026-07-10 09:00")) == date(2026, 7, 22)
    assert due_on(SUMMER, [], at=berlin("2026-07-10 09:00")) == SUMMER


@pytest.mark.parametrize(
    ("now", "valid"),
    [
        ("2026-07-19 23:59", False),
        ("2026-07-20 00:00", True),
        ("2026-07-22 23:59:59.999999", True),
        ("2026-07-23 00:00", False),
    ],
)
def test_a_closed_round_is_open_to_whom_an_extension_was_granted(now: str, valid: bool) -> None:
    extensions = [granted("2026-07-22", "2026-07-20 00:00"), granted("2026-07-01", "2026-06-01")]
    assert extension_valid(extensions, now=berlin(now)) is valid


def test_without_an_extension_a_closed_round_stays_closed() -> None:
    assert not extension_valid([], now=berlin("2026-07-15 12:00"))


@pytest.mark.parametrize(
    ("state", "returned_at", "today", "overdue"),
    [
        ("returned", "2026-07-10 09:00", date(2026, 7, 17), False),
        ("returned", "2026-07-10 09:00", date(2026, 7, 18), True),
        # 00:30 in Berlin is still the day before in UTC: the day of the return is Berlin's.
        ("returned", "2026-07-10 00:30", date(2026, 7, 17), False),
        ("submitted", "2026-07-10 09:00", date(2026, 7, 18), False),
        ("accepted", "2026-07-10 09:00", date(2026, 7, 18), False),
        ("waived", "2026-07-10 09:00", date(2026, 7, 18), False),
        ("returned", None, date(2026, 7, 18), False),
    ],
)
def test_a_returned_report_is_overdue_after_the_days_the_round_grants(
    state: str, returned_at: str | None, today: date, overdue: bool
) -> None:
    moment = berlin(returned_at) if returned_at else None
    assert resubmission_overdue(ReportState(state), moment, 7, today=today) is overdue


def test_confirming_unchanged_is_counted_in_a_row_and_flagged_after_three() -> None:
    streaks, streak = [], 0
    for unchanged in (True, True, True, False, True):
        streak = next_unchanged_streak(streak, unchanged=unchanged)
        streaks.append(streak)
    assert streaks == [1, 2, 3, 0, 1]
    assert UNCHANGED_FLAG_AFTER == 3


@settings(deadline=None)
@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.integers(-72, 72))
def test_the_verdict_is_the_comparison_of_calendar_days_in_berlin(due: date, hours: int) -> None:
    noon = datetime(due.year, due.month, due.day, 12, tzinfo=UTC)
    moment = noon + timedelta(hours=hours)
    late = moment.astimezone(BERLIN).date() > due
    verdict = punctuality(due, [], first_submitted_at=moment, now=moment)
    assert verdict is (Punctuality.LATE if late else Punctuality.ON_TIME)
