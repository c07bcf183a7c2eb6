"""The answers of a report as German text, for reading two quarters side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.core.german import day, euro, number
from tracker.reporting.rules.content import Funding, IndicatorValue, MilestoneLine, Participants
from tracker.reporting.rules.status import Course, Implementation
from tracker.reporting.words import COURSE, DISTRICT, IMPLEMENTATION, PARTICIPANT_UNIT, STAFF_UNIT

NOTHING = "–"
_EURO = frozenset({"cost_planned", "cost_actual"})


def answer(name: str, value: Any, *, indicators: Mapping[str, str]) -> str:
    """Return what a field of ReportContent says; "–" for no answer.

    `indicators` gives the name of a Kennzahl by its key.
    """
    if value in (None, "", ()):
        return NOTHING
    if isinstance(value, tuple):
        return "\n".join(_line(item, indicators) for item in value)
    if isinstance(value, Decimal | int):
        return euro(value) if name in _EURO else number(value)
    return _word(value)


def _word(value: Any) -> str:
    if isinstance(value, Implementation):
        return IMPLEMENTATION[value].text
    if isinstance(value, Course):
        return COURSE[value].text
    if isinstance(value, date):
        return day(value)
    found = STAFF_UNIT.get(value)
    return str(value) if found is None else found.text


def _line(item: Any, indicators: Mapping[str, str]) -> str:
    if isinstance(item, Participants):
        return f"{number(item.count)} {PARTICIPANT_UNIT[item.unit].text}"
    if isinstance(item, IndicatorValue):
        return f"{indicators.get(item.indicator, item.indicator)}: {number(item.value)}"
    if isinstance(item, Funding):
        return _funding(item)
    if isinstance(item, MilestoneLine):
        return _milestone(item)
    return DISTRICT[item]


def _funding(item: Funding) -> str:
    named = f"{item.donor}, {item.programme}" if item.programme else item.donor
    amount = "Betrag nicht bekannt" if item.amount is None else euro(item.amount)
    period = f" ({day(item.start)} bis {day(item.end)})" if item.start or item.end else ""
    return f"{named}: {amount}{period}"


def _milestone(item: MilestoneLine) -> str:
    planned = f", geplant bis {day(item.due_on)}" if item.due_on else ""
    done = f", erledigt am {day(item.done_on)}" if item.done_on else ""
    return f"{item.title}{planned}{done}"
