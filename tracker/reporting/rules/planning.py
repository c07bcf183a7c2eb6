"""The days of a round: which are usual, what is refused, what deserves a second look.

Source: domain.md sections 5 and 9. A concern never keeps a round from being planned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.core.errors import Problem
from tracker.core.periods import Period
from tracker.reporting.rules.rounds import due_after_despatch

CLOSES_AFTER = timedelta(days=14)
YEARS_AHEAD = 5
_USUAL_AT_MOST = timedelta(days=150)
_SATURDAY, _SUNDAY = 5, 6
DATE_FIELDS = ("opens_on", "due_on", "closes_on", "despatch_on", "committee_on")


class Pattern(StrEnum):
    QUARTER = "quarter"
    HALF = "half"


class DayConcern(StrEnum):
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    HOLIDAY = "holiday"
    NOT_BEFORE_DESPATCH = "not_before_despatch"
    WITHIN_PERIOD = "within_period"
    PAST = "past"
    FAR = "far"


@dataclass(frozen=True)
class RoundDates:
    """The days of a round; `opens_on` and `closes_on` None: by hand, not by the clock."""

    due_on: date
    opens_on: date | None = None
    closes_on: date | None = None
    despatch_on: date | None = None
    committee_on: date | None = None

    def named(self) -> tuple[tuple[str, date], ...]:
        days = ((name, getattr(self, name)) for name in DATE_FIELDS)
        return tuple((name, day) for name, day in days if day is not None)


@dataclass(frozen=True)
class Concern:
    """One concern about one day; `holiday` is its name, `instead` the next working day."""

    field: str
    day: date
    kind: DayConcern
    holiday: str = ""
    instead: date | None = None

    @property
    def token(self) -> str:
        """Return what tells this concern from every other about the same round."""
        return f"{self.field}.{self.day.isoformat()}.{self.kind}"


def periods_of(year: int, pattern: Pattern) -> tuple[Period, ...]:
    """Return the periods of a year, in order; together they cover it without a gap."""
    if pattern is Pattern.QUARTER:
        return tuple(Period(year, "Q", number) for number in (1, 2, 3, 4))
    return tuple(Period(year, "H", number) for number in (1, 2))


def usual_dates(period: Period, *, due_day: int) -> RoundDates:
    """Return the usual days: opens the day after the period, closes 14 days after it is due."""
    due_on = period.default_due_on(due_day)
    return RoundDates(due_on, opens_on=period.opens_on, closes_on=due_on + CLOSES_AFTER)


def problems(period: Period, dates: RoundDates) -> tuple[Problem, ...]:
    problems_ = []
    if dates.due_on <= period.end:
        problems_.append(Problem("due_on", "due_before_period_end"))
    if dates.opens_on and dates.opens_on > dates.due_on:
        problems_.append(Problem("opens_on", "opens_after_due"))
    if dates.closes_on and dates.closes_on < dates.due_on:
        problems_.append(Problem("closes_on", "closes_before_due"))
    if dates.despatch_on and dates.committee_on and dates.despatch_on > dates.committee_on:
        problems_.append(Problem("despatch_on", "despatch_after_committee"))
    return tuple(problems_)


def concerns(
    period: Period, dates: RoundDates, *, holidays: Mapping[date, str], today: date
) -> tuple[Concern, ...]:
    """Return what deserves a second look: weekends, holidays, an order that leaves no time.

    `holidays` covers the years of the days and the year after.
    """
    concerns_ = [
        concern
        for name, day in dates.named()
        for concern in (
            *_calendar(name, day, holidays=holidays),
            *_order(name, day, period=period, today=today),
        )
    ]
    if due_after_despatch(dates.due_on, dates.despatch_on):
        concerns_.append(Concern("due_on", dates.due_on, DayConcern.NOT_BEFORE_DESPATCH))
    return tuple(sorted(concerns_, key=lambda concern: DATE_FIELDS.index(concern.field)))


def next_working_day(day: date, *, holidays: Mapping[date, str]) -> date:
    while day.weekday() >= _SATURDAY or day in holidays:
        day += timedelta(days=1)
    return day


def _calendar(name: str, day: date, *, holidays: Mapping[date, str]) -> list[Concern]:
    if day in holidays:
        kind = DayConcern.HOLIDAY
    elif day.weekday() >= _SATURDAY:
        kind = DayConcern.SUNDAY if day.weekday() == _SUNDAY else DayConcern.SATURDAY
    else:
        return []
    instead = next_working_day(day, holidays=holidays)
    return [Concern(name, day, kind, holidays.get(day, ""), instead)]


def _order(name: str, day: date, *, period: Period, today: date) -> list[Concern]:
    kinds = []
    if name == "opens_on" and day <= period.end:
        kinds.append(DayConcern.WITHIN_PERIOD)
    if name in {"opens_on", "due_on", "closes_on"} and day < today:
        kinds.append(DayConcern.PAST)
    if day > period.end + _USUAL_AT_MOST:
        kinds.append(DayConcern.FAR)
    return [Concern(name, day, kind) for kind in kinds]
