"""Quarters and half-years, their days, and where a day ends (domain.md 5 and 9)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.periods import BERLIN, Period, PeriodError, end_of_day, local_day

# key, first day, Stichtag, opens, following, label, label in text
PERIODS = [
    ("2026-Q1", "2026-01-01", "2026-03-31", "2026-04-01", "2026-Q2", "Q1/2026", "1. Quartal 2026"),
    ("2026-Q2", "2026-04-01", "2026-06-30", "2026-07-01", "2026-Q3", "Q2/2026", "2. Quartal 2026"),
    ("2026-Q3", "2026-07-01", "2026-09-30", "2026-10-01", "2026-Q4", "Q3/2026", "3. Quartal 2026"),
    ("2026-Q4", "2026-10-01", "2026-12-31", "2027-01-01", "2027-Q1", "Q4/2026", "4. Quartal 2026"),
    ("2026-H1", "2026-01-01", "2026-06-30", "2026-07-01", "2026-H2", "H1/2026", "1. Halbjahr 2026"),
    ("2026-H2", "2026-07-01", "2026-12-31", "2027-01-01", "2027-H1", "H2/2026", "2. Halbjahr 2026"),
]
NOT_A_PERIOD = [
    "", "2026", "2026-Q0", "2026-Q5", "2026-H0", "2026-H3", "2026-H4", "2026Q3", "26-Q3",
    "2026-q3", "1999-Q1", "2026-M3", "2026-Q3-Q4", "x2026-Q3", "2026-Q33",
]  # fmt: skip


@pytest.mark.parametrize("row", PERIODS, ids=lambda row: row[0])
def test_a_period_knows_its_days_its_neighbours_and_its_names(row: tuple[str, ...]) -> None:
    key, start, end, opens, after, label, long_label = row
    period = Period.parse(key)
    assert period.key == key
    days = [day.isoformat() for day in (period.start, period.end, period.opens_on)]
    assert days == [start, end, opens]
    assert period.next() == Period.parse(after)
    assert Period.parse(after).previous() == period
    assert [period.label, period.long_label] == [label, long_label]


def test_white_space_around_a_key_is_forgiven() -> None:
    assert Period.parse(" 2026-Q3\n") == Period(2026, "Q", 3)


@pytest.mark.parametrize("text", NOT_A_PERIOD)
def test_another_text_is_refused_with_the_form_that_is_expected(text: str) -> None:
    with pytest.raises(PeriodError, match=f"„{text}“ ist kein Zeitraum.*2026-Q3.*2026-H1"):
        Period.parse(text)


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2098, 12, 31)))
def test_every_day_lies_in_its_quarter_and_in_no_neighbour(day: date) -> None:
    quarter = Period.quarter_of(day)
    assert quarter.start <= day <= quarter.end
    assert quarter.previous().end < quarter.start
    assert quarter.next().start == quarter.end + timedelta(days=1)
    assert Period.parse(quarter.key) == quarter


def test_quarters_sort_by_time() -> None:
    keys = ["2027-Q1", "2026-Q2", "2025-Q4", "2026-Q1"]
    assert [period.key for period in sorted(map(Period.parse, keys))] == [
        "2025-Q4", "2026-Q1", "2026-Q2", "2027-Q1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "day_of_month", "due"),
    [
        ("2026-Q3", 15, "2026-10-15"),
        ("2026-Q4", 15, "2027-01-15"),
        ("2026-H1", 10, "2026-07-10"),
        ("2026-Q2", 31, "2026-07-31"),
        ("2026-Q1", 31, "2026-04-30"),
    ],
)
def test_the_due_day_is_that_day_of_the_month_after_or_the_months_last(
    key: str, day_of_month: int, due: str
) -> None:
    assert Period.parse(key).default_due_on(day_of_month) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("day", "first_utc_moment_after"),
    [
        ("2026-07-15", "2026-07-15 22:00"),  # summer: UTC+2
        ("2027-01-15", "2027-01-15 23:00"),  # winter: UTC+1
        ("2027-03-27", "2027-03-27 23:00"),  # the night the clocks go forward
        ("2027-03-28", "2027-03-28 22:00"),
        ("2027-10-30", "2027-10-30 22:00"),  # the night they go back
        ("2027-10-31", "2027-10-31 23:00"),
        ("2026-12-31", "2026-12-31 23:00"),
    ],
)
def test_a_day_ends_at_midnight_in_berlin_summer_and_winter(
    day: str, first_utc_moment_after: str
) -> None:
    midnight = datetime.fromisoformat(first_utc_moment_after).replace(tzinfo=UTC)
    end = end_of_day(date.fromisoformat(day))
    assert end == midnight - timedelta(microseconds=1)
    assert end.tzinfo is UTC
    assert local_day(end) == date.fromisoformat(day)
    assert local_day(midnight) == date.fromisoformat(day) + timedelta(days=1)


@settings(deadline=None)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_lies_before_the_end_of_its_own_berlin_day_only(moment: datetime) -> None:
    day = local_day(moment)
    assert end_of_day(day - timedelta(days=1)) < moment <= end_of_day(day)
    assert moment.astimezone(BERLIN).date() == day
