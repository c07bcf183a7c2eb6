"""The words a snapshot was published with; numbers and dates as German readers know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.publication import definitions
from tracker.reporting.rules.status import FULFILLED, Implementation

Json = dict[str, Any]


@dataclass(frozen=True)
class Word:
    """A value's German word, the name of its mark and its definition."""

    code: str
    text: str
    icon: str
    definition: str


@dataclass(frozen=True)
class Words:
    """The vocabulary of one publication (`definitions` of its snapshot)."""

    implementation: Mapping[str, Word]
    course: Mapping[str, Word]
    change: Mapping[str, Word]
    punctuality: Mapping[str, Word]
    report_state: Mapping[str, Word]
    no_report: Word
    course_not_asked: Word
    report_fields: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    not_determined: str

    @classmethod
    def of(cls, entry: Json) -> Words:
        """Read the `definitions` of a snapshot."""
        return cls(
            implementation=_table(entry["implementation"]),
            course=_table(entry["course"]),
            change=_table(entry["change"]),
            punctuality=_table(entry["punctuality"]),
            report_state=_table(entry["report_state"]),
            no_report=_word(entry["no_report"]),
            course_not_asked=_word(entry["course_not_asked"]),
            report_fields=entry["report_fields"],
            choices=entry["choices"],
            not_determined=entry["not_determined"],
        )

    def choice(self, kind: str, code: str | None) -> str:
        """Return the word of a choice such as a Stadtbezirk, "nicht festgelegt" for None."""
        return self.not_determined if code is None else self.choices[kind][code]

    @property
    def fulfilled(self) -> str:
        """Return "umgesetzt oder verstetigt"."""
        return " oder ".join(
            self.implementation[state.value].text for state in Implementation if state in FULFILLED
        )

    def value(self, value: Json | None) -> str:
        """Return "in Umsetzung, kritisch"; "keine Meldung" for None."""
        if value is None:
            return self.no_report.text
        stand = self.implementation[value["implementation"]].text
        if value["course"] is None:
            return stand
        return f"{stand}, {self.course[value['course']].text}"


def current() -> Words:
    """Return the words in force today, for pages that show no snapshot."""
    return Words.of(definitions.definitions())


def _table(entries: list[Json]) -> dict[str, Word]:
    return {entry["code"]: _word(entry) for entry in entries}


def _word(entry: Json) -> Word:
    return Word(entry["code"], entry["label"], entry["icon"], entry["definition"])


def code_order(code: str) -> tuple[int, ...]:
    """Return a sort key that puts 2.10 behind 2.9."""
    return tuple(int(part) for part in code.split("."))
