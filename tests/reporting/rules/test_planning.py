"""The days of a round: usual ones, and which deserve a second look (domain.md 5 and 9)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.cockpit.holidays import holidays, holidays_around
from tracker.core.periods import Period
from tracker.reporting.rules.planning import (
    DATE_FIELDS,
    DayConcern,
    Pattern,
    RoundDates,
    concerns,
    periods_of,
    problems,
    usual_dates,
)
from tracker.reporting.words import DAY_CONCERN, ROUND_DATE, ROUND_PATTERN, concern_text

TODAY = date(2026, 11, 21)
PERIOD = Period.parse("2027-Q1")

# day, what is said about it as a due day
SECOND_LOOKS = [
    ("2027-04-15", []),
    ("2027-04-17", ["Samstag, nächster Werktag: 19.04.2027"]),
    ("2027-04-18", ["Sonntag, nächster Werktag: 19.04.2027"]),
    ("2027-05-01", ["Erster Mai (Feiertag), nächster Werktag: 03.05.2027"]),
    ("2027-05-06", ["Christi Himmelfahrt (Feiertag), nächster Werktag: 07.05.2027"]),
    ("2027-05-17", ["Pfingstmontag (Feiertag), nächster Werktag: 18.05.2027"]),
    ("2027-05-27", ["Fronleichnam (Feiertag), nächster Werktag: 28.05.2027"]),
    ("2027-08-20", []),  # Mariä Himmelfahrt is none in NRW
    ("2026-04-06", ["Ostermontag (Feiertag), nächster Werktag: 07.04.2026"]),
    ("2024-10-03", ["Tag der Deutschen Einheit (Feiertag), nächster Werktag: 04.10.2024"]),
    ("2027-11-01", ["Allerheiligen (Feiertag), nächster Werktag: 02.11.2027"]),
    ("2025-12-26", ["Zweiter Weihnachtstag (Feiertag), nächster Werktag: 29.12.2025"]),
    ("2027-12-31", []),
    ("2028-01-01", ["Neujahr (Feiertag), nächster Werktag: 03.01.2028"]),
]


def said(period: Period, dates: RoundDates, *, today: date = TODAY) -> list[tuple[str, str]]:
    days = [day for _, day in dates.named()]
    found = concerns(period, dates, holidays=holidays_around(days, region="NW"), today=today)
    return [(item.field, concern_text(item)) for item in found]


@pytest.mark.parametrize(("day", "texts"), SECOND_LOOKS)
def test_weekends_and_holidays_of_nrw_are_named_with_the_next_working_day(
    day: str, texts: list[str]
) -> None:
    due_on = date.fromisoformat(day)
    period = Period.quarter_of(due_on).previous()
    found = said(period, RoundDates(due_on), today=due_on)
    assert found == [("due_on", text) for text in texts]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (RoundDates(date(2027, 4, 15), despatch_on=date(2027, 4, 16)), []),
        (
            RoundDates(date(2027, 4, 15), despatch_on=date(2027, 4, 15)),
            [("due_on", "liegt nicht vor dem Versandtag")],
        ),
        (
            RoundDates(date(2027, 4, 15), despatch_on=date(2027, 4, 14)),
            [("due_on", "liegt nicht vor dem Versandtag")],
        ),
        (
            RoundDates(date(2027, 4, 15), opens_on=date(2027, 3, 31)),
            [("opens_on", "liegt vor dem Ende des Zeitraums")],
        ),
        (
            RoundDates(date(2028, 4, 13)),
            [("due_on", "liegt mehr als fünf Monate nach dem Zeitraum")],
        ),
    ],
)
def test_an_order_of_days_that_leaves_no_time_is_told(
    dates: RoundDates, expected: list[tuple[str, str]]
) -> None:
    assert said(PERIOD, dates) == expected


def test_days_that_have_passed_are_told_but_not_those_of_the_committee() -> None:
    dates = RoundDates(
        date(2027, 4, 15), date(2027, 4, 1), date(2027, 4, 29), date(2027, 4, 20), date(2027, 5, 4)
    )
    found = said(PERIOD, dates, today=date(2027, 6, 1))
    assert found == [
        (name, "liegt in der Vergangenheit") for name in ("opens_on", "due_on", "closes_on")
    ]


@settings(deadline=None)
@given(st.integers(2000, 2099), st.sampled_from(Pattern))
def test_the_periods_of_a_pattern_cover_the_year_without_gap_or_overlap(
    year: int, pattern: Pattern
) -> None:
    periods = periods_of(year, pattern)
    assert periods[0].start == date(year, 1, 1)
    assert periods[-1].end == date(year, 12, 31)
    for earlier, later in pairwise(periods):
        assert later.start == earlier.end + timedelta(days=1)


@settings(deadline=None)
@given(st.integers(2000, 2098), st.sampled_from(Pattern), st.integers(1, 31))
def test_the_usual_days_are_in_order(year: int, pattern: Pattern, due_day: int) -> None:
    for period in periods_of(year, pattern):
        dates = usual_dates(period, due_day=due_day)
        assert problems(period, dates) == ()
        assert dates.opens_on == period.end + timedelta(days=1)
        assert dates.opens_on <= dates.due_on
        assert dates.closes_on == dates.due_on + timedelta(days=14)


@settings(deadline=None)
@given(st.integers(2017, 2098))
def test_nrw_has_eleven_holidays_and_four_of_them_move_with_easter(year: int) -> None:
    named = {name: day for day, name in holidays([year], region="NW").items()}
    assert len(named) >= 10  # Erster Mai and Christi Himmelfahrt may fall on one day
    good_friday = named["Karfreitag"]
    assert good_friday.weekday() == 4
    assert named["Ostermontag"] == good_friday + timedelta(days=3)
    assert named["Pfingstmontag"] == good_friday + timedelta(days=52)
    assert named["Fronleichnam"] == good_friday + timedelta(days=62)
    assert named["Allerheiligen"] == date(year, 11, 1)


def test_every_word_of_planning_is_there() -> None:
    assert set(DAY_CONCERN) == set(DayConcern)
    assert set(ROUND_PATTERN) == set(Pattern)
    assert tuple(ROUND_DATE) == DATE_FIELDS
