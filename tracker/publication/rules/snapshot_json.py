"""Small values of the document of a publication: JSON in and out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.concept.rules.facts import ConcretisationFact
from tracker.core.canonical import Json
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.status import Course, Implementation


def value_of(value: Value | None) -> Json | None:
    """Return Umsetzungsstand and Verlauf as JSON; None = keine Meldung."""
    if value is None:
        return None
    course = value.course.value if value.course is not None else None
    return {"implementation": value.implementation.value, "course": course}


def read_value(value: Mapping[str, Any] | None) -> Value | None:
    """Read the JSON form back."""
    if value is None:
        return None
    course = value["course"]
    return Value(Implementation(value["implementation"]), Course(course) if course else None)


def concretisation(item: ConcretisationFact) -> Json:
    """Return a Konkretisierung (002, Ziff. 5 c)."""
    return {"text": item.text, "office": item.office, "on": day(item.on)}


def day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def decimal(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
