"""The words of a document: marks and choices as they were called when it was published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.core import german
from tracker.publication import definitions
from tracker.publication.reading.model_values import Mark, Money, Standing, Value
from tracker.publication.rules.document import (
    AnyMeasure,
    ChoiceKind,
    ChoicesRecord,
    DefinitionsRecord,
    FormulaRecord,
    MarkRecord,
    ValueRecord,
)
from tracker.reporting.rules.status import FULFILLED, Implementation

# Of the readers that do not yet take the types of `rules.document`.
Json = Any

# How definitions call the round compared with, and what names it.
_EARLIER = (
    ("der zuletzt davor veröffentlichten Runde", "{}"),
    ("in der Vorrunde", "in {}"),
    ("als zuvor", "als in {}"),
    ("wie zuvor", "wie in {}"),
)
CROSS_REFERENCE = Mark("reference", "Querverweis, ohne Meldung", "dash")


@dataclass(frozen=True)
class Words:
    """The vocabulary of one publication (`definitions` of its snapshot), never today's."""

    implementation: Mapping[str, Mark]
    course: Mapping[str, Mark]
    change: Mapping[str, Mark]
    punctuality: Mapping[str, Mark]
    report_state: Mapping[str, Mark]
    no_report: Mark
    course_not_asked: Mark
    report_fields: Mapping[str, str]
    choices: ChoicesRecord
    not_determined: str
    formulas: Mapping[str, FormulaRecord]

    @classmethod
    def of(cls, definitions: DefinitionsRecord) -> Words:
        return cls(
            implementation=_marks(definitions["implementation"]),
            course=_marks(definitions["course"]),
            change=_marks(definitions["change"]),
            punctuality=_marks(definitions["punctuality"]),
            report_state=_marks(definitions["report_state"]),
            no_report=_mark(definitions["no_report"]),
            course_not_asked=_mark(definitions["course_not_asked"]),
            report_fields=definitions["report_fields"],
            choices=definitions["choices"],
            not_determined=definitions["not_determined"],
            formulas={figure["key"]: figure for figure in definitions["figures"]},
        )

    def choice(self, kind: ChoiceKind, code: str | None) -> str:
        """Return the word of a choice such as a Stadtbezirk, "nicht festgelegt" for None."""
        return self.not_determined if code is None else self.choices[kind][code]

    def choice_list(self, kind: ChoiceKind, codes: Iterable[str]) -> str:
        """Return the words of several choices, joined by commas."""
        return ", ".join(self.choice(kind, code) for code in codes)

    def field(self, name: str) -> str:
        """Return the form's word for a field of the report."""
        return self.report_fields[name]

    @property
    def fulfilled(self) -> str:
        """Return "umgesetzt oder verstetigt"."""
        return " oder ".join(
            self.implementation[state.value].label for state in Implementation if state in FULFILLED
        )

    def standing(self, value: ValueRecord | None, *, note: str = "") -> Standing:
        """Return Umsetzungsstand and Verlauf; None is "keine Meldung"."""
        if value is None:
            return Standing(self.no_report, None, note)
        code = value["course"]
        course = self.course_not_asked if code is None else self.course[code]
        return Standing(self.implementation[value["implementation"]], course, note)

    def value(self, value: ValueRecord | None) -> str:
        """Return "in Umsetzung, kritisch"; "keine Meldung" for None."""
        if value is None:
            return self.no_report.label
        stand = self.implementation[value["implementation"]].label
        if value["course"] is None:
            return stand
        return f"{stand}, {self.course[value['course']].label}"


def naming(definitions: DefinitionsRecord, since: str | None) -> DefinitionsRecord:
    """Return definitions whose changes name the round compared with; None: there is none."""
    if since is None:
        return definitions

    def named(text: str) -> str:
        for earlier, name in _EARLIER:
            text = text.replace(earlier, name.format(since))
        return text

    return {
        **definitions,
        "change": [
            {**mark, "definition": named(mark["definition"])} for mark in definitions["change"]
        ],
        "figures": [
            {**figure, "formula": named(figure["formula"])} for figure in definitions["figures"]
        ],
    }


def lead_of(measure: AnyMeasure, words: Words) -> str:
    """Return who leads a measure, of a document or of the index: by name, or "nicht festgelegt"."""
    lead = measure["lead"]
    name = lead["name"] if isinstance(lead, dict) else lead
    return name or words.not_determined


def _marks(entries: Iterable[MarkRecord]) -> dict[str, Mark]:
    return {entry["code"]: _mark(entry) for entry in entries}


def _mark(entry: MarkRecord) -> Mark:
    return Mark(entry["code"], entry["label"], entry["icon"], entry["definition"])


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


def current() -> Words:
    """Return the words in force today, for pages that show no snapshot."""
    return Words.of(definitions.definitions({}))


# The version of the sentences: papers print it, since one that is made anew of an old round may say
# the same numbers in other words. To be raised when sentences of papers change.
TEXTS = "3"
INTEGRATION = "Integrationskonzept"


def plan_name(title: str) -> str:
    """Return what papers call a concept: by its kind, or another one by its title."""
    return INTEGRATION if INTEGRATION.casefold() in title.casefold() else title
