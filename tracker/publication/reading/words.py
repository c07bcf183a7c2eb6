"""The words of a document: marks and choices as they were called when it was published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.core import german
from tracker.publication.reading.model import Mark, Money, Standing, Value

Json = dict[str, Any]

CROSS_REFERENCE = Mark("reference", "Querverweis, ohne Meldung", "dash")


class Words:
    """Looks words up in the `definitions` of a document, never in today's labels."""

    def __init__(self, definitions: Json) -> None:
        self._marks = {
            kind: {item["code"]: _mark(item) for item in definitions[kind]}
            for kind in ("implementation", "course", "change", "punctuality", "report_state")
        }
        self.no_report = _mark(definitions["no_report"])
        self.course_not_asked = _mark(definitions["course_not_asked"])
        self.not_determined: str = definitions["not_determined"]
        self._choices: dict[str, dict[str, str]] = definitions["choices"]
        self._fields: dict[str, str] = definitions["report_fields"]
        self.formulas = {item["key"]: item for item in definitions["figures"]}

    def mark(self, kind: str, code: str) -> Mark:
        return self._marks[kind][code]

    def marks(self, kind: str) -> tuple[Mark, ...]:
        return tuple(self._marks[kind].values())

    def choice(self, kind: str, code: str | None) -> str:
        """Return the word of a choice; "nicht festgelegt" for none."""
        return self.not_determined if code is None else self._choices[kind][code]

    def choices(self, kind: str, codes: Iterable[str]) -> str:
        """Return the words of several choices, joined by commas."""
        return ", ".join(self.choice(kind, code) for code in codes)

    def field(self, name: str) -> str:
        """Return the form's word for a field of the report."""
        return self._fields[name]

    def standing(self, value: Json | None, *, note: str = "") -> Standing:
        """Return Umsetzungsstand and Verlauf; None is "keine Meldung"."""
        if value is None:
            return Standing(self.no_report, None, note)
        course = value["course"]
        mark = self.course_not_asked if course is None else self.mark("course", course)
        return Standing(self.mark("implementation", value["implementation"]), mark, note)


def _mark(item: Json) -> Mark:
    return Mark(item["code"], item["label"], item["icon"], item["definition"])


def written(value: Value) -> str:
    """Return a value as a reader of a German paper expects it; "–" for nothing."""
    if value is None or value == "":
        return german.NOTHING
    if isinstance(value, Money):
        return german.euro(value.amount)
    if isinstance(value, date):
        return german.day(value)
    if isinstance(value, int | Decimal):
        return german.number(value)
    return value


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def money(text: str | None) -> Money | None:
    return None if text is None else Money(Decimal(text))
