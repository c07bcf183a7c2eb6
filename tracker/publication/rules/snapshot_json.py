"""Small values of the document of a publication: JSON in and out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tracker.concept.rules.facts import ConcretisationFact
from tracker.publication.rules.document import ConcretisationRecord, ValueRecord
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.status import Course, Implementation


def code_of(value: str | None) -> Any:
    """Return an enum's member or its value as the format's literal; tests hold both equal."""
    return None if value is None else str(value)


def value_of(value: Value) -> ValueRecord:
    return {"implementation": code_of(value.implementation), "course": code_of(value.course)}


def read_value(value: ValueRecord | None) -> Value | None:
    """Read the JSON form back; None = keine Meldung."""
    if value is None:
        return None
    course = value["course"]
    return Value(Implementation(value["implementation"]), Course(course) if course else None)


def concretisation(fact: ConcretisationFact) -> ConcretisationRecord:
    return {"text": fact.text, "office": fact.office, "on": day(fact.on)}


def day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def decimal(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
