"""Reporting periods and days: quarters and half-years, and what "end of day" means.

Source: domain.md sections 5 and 9.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")

_KEY = re.compile(r"^(?P<year>20\d{2})-(?P<kind>[QH])(?P<number>[1-4])$")
_MONTHS = {"Q": 3, "H": 6}


class PeriodError(ValueError):
    """The text names no period; the message says which form is expected."""


@dataclass(frozen=True, order=True)
class Period:
    """A quarter ("Q", 1-4) or half-year ("H", 1-2) of a calendar year."""

    year: int
    kind: str
    number: int

    @classmethod
    def parse(cls, key: str) -> Period:
        """Read "2026-Q3" or "2026-H1".

        Raises PeriodError when the text has another form.
        """
        match = _KEY.match(key.strip())
        if match is None or (match["kind"] == "H" and int(match["number"]) > 2):
            raise PeriodError(
                f"„{key}“ ist kein Zeitraum. Erwartet wird ein Quartal wie 2026-Q3 "
                "oder ein Halbjahr wie 2026-H1."
            )
        return cls(int(match["year"]), match["kind"], int(match["number"]))

    @classmethod
    def quarter_of(cls, day: date) -> Period:
        return cls(day.year, "Q", (day.month - 1) // 3 + 1)

    @property
    def key(self) -> str:
        """Return the stable key, e.g. "2026-Q3"."""
        return f"{self.year}-{self.kind}{self.number}"

    @property
    def start(self) -> date:
        return date(self.year, (self.number - 1) * _MONTHS[self.kind] + 1, 1)

    @property
    def end(self) -> date:
        """Return the last day of the period; it is the Stichtag (`as_of`)."""
        return self.next().start - timedelta(days=1)

    @property
    def opens_on(self) -> date:
        """Return the day the round opens: the first day after the period (domain.md 9)."""
        return self.next().start

    def next(self) -> Period:
        if self.number * _MONTHS[self.kind] == 12:
            return Period(self.year + 1, self.kind, 1)
        return Period(self.year, self.kind, self.number + 1)

    def previous(self) -> Period:
        if self.number == 1:
            return Period(self.year - 1, self.kind, 12 // _MONTHS[self.kind])
        return Period(self.year, self.kind, self.number - 1)

    def default_due_on(self, day_of_month: int) -> date:
        """Return the default Abgabefrist: that day of the month after the period (domain.md 9).

        In a month without that day (31 April) it is the month's last day.
        """
        last = monthrange(self.opens_on.year, self.opens_on.month)[1]
        return self.opens_on.replace(day=min(day_of_month, last))

    @property
    def label(self) -> str:
        """Return the form used in tables, e.g. "Q3/2026"."""
        return f"{self.kind}{self.number}/{self.year}"

    @property
    def long_label(self) -> str:
        """Return the form used in text, e.g. "3. Quartal 2026"."""
        name = "Quartal" if self.kind == "Q" else "Halbjahr"
        return f"{self.number}. {name} {self.year}"


def end_of_day(day: date) -> datetime:
    """Return the last microsecond of a day in Europe/Berlin, as UTC (domain.md 5: inclusive)."""
    return datetime.combine(day, time.max, tzinfo=BERLIN).astimezone(UTC)


def local_day(moment: datetime) -> date:
    """Return the calendar day of an aware moment in Europe/Berlin."""
    return moment.astimezone(BERLIN).date()
