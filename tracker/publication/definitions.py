"""The words and definitions in force, as a publication records them (domain.md 4 and 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from tracker.concept.words import (
    COMPETENCE,
    INDICATOR_KIND,
    INSTITUTION_KIND,
    MEASURE_KIND,
    RESPONSIBILITY,
    SHORT_TERM,
)
from tracker.core.labels import NOT_DETERMINED, Label
from tracker.publication.rules.document import DefinitionsRecord, FigureCode, MarkRecord
from tracker.reporting.words import (
    CHANGE,
    COURSE,
    COURSE_NOT_ASKED,
    IMPLEMENTATION,
    NO_REPORT,
    PARTICIPANT_UNIT,
    PUNCTUALITY,
    REPORT_FIELD,
    REPORT_STATE,
    STAFF_UNIT,
)


class Figure(NamedTuple):
    """A figure of the snapshot: its key there, its word, its formula in words, its unit."""

    key: FigureCode
    label: str
    formula: str
    unit: str


FIGURES = (
    Figure(
        "coverage",
        "gemeldet",
        "Maßnahmen mit einer in dieser Runde angenommenen Meldung / alle Maßnahmen, über die "
        "berichtet wird",
        "Maßnahmen",
    ),
    Figure(
        "carried",
        "fortgeschrieben",
        "Maßnahmen ohne angenommene Meldung dieser Runde, zu denen aus einer früheren "
        "veröffentlichten Runde ein Stand vorliegt; sie zählen als „keine Meldung“",
        "Maßnahmen",
    ),
    Figure(
        "completeness",
        "Rücklauf",
        "mindestens einmal abgegebene Meldungen / erwartete Meldungen ohne befreite",
        "Meldungen",
    ),
    Figure(
        "acceptance",
        "angenommen",
        "angenommene Meldungen / erwartete Meldungen ohne befreite",
        "Meldungen",
    ),
    Figure(
        "timeliness",
        "Termintreue",
        "Meldungen, deren erste Abgabe in der Frist lag (Nachfrist eingerechnet) / erwartete "
        "Meldungen ohne befreite",
        "Meldungen",
    ),
    Figure("waived", "befreit", "Meldungen, auf die in dieser Runde verzichtet wurde", "Meldungen"),
    Figure(
        "worst_course",
        "ernstester Verlauf",
        "der ungünstigste gemeldete Verlauf der Maßnahmen darunter; ein Hinweis, keine Note",
        "",
    ),
    Figure(
        "change",
        "Veränderung",
        "Vergleich mit der zuletzt davor veröffentlichten Runde; ein ungünstigerer Verlauf zählt "
        "als verschlechtert, auch wenn der Umsetzungsstand weiter ist",
        "Maßnahmen",
    ),
    Figure(
        "year_sum",
        "Summe des Jahres",
        "Summe der in den veröffentlichten Runden des Kalenderjahres gemeldeten Werte, diese "
        "eingeschlossen",
        "",
    ),
)


def definitions(districts: Mapping[str, str]) -> DefinitionsRecord:
    """Return the `definitions` of a snapshot: labels, marks, meanings and formulas in force.

    `districts` are their names by key.
    """
    return {
        "implementation": _listed(IMPLEMENTATION),
        "no_report": _mark("no_report", NO_REPORT),
        "course": _listed(COURSE),
        "course_not_asked": _mark("course_not_asked", COURSE_NOT_ASKED),
        "change": _listed(CHANGE),
        "punctuality": _listed(PUNCTUALITY),
        "report_state": _listed(REPORT_STATE),
        "report_fields": dict(REPORT_FIELD),
        "figures": [
            {
                "key": figure.key,
                "label": figure.label,
                "formula": figure.formula,
                "unit": figure.unit,
            }
            for figure in FIGURES
        ],
        "not_determined": NOT_DETERMINED,
        "choices": {
            "competence": _words(COMPETENCE),
            "short_term": _words(SHORT_TERM),
            "participant_unit": _words(PARTICIPANT_UNIT),
            "staff_unit": _words(STAFF_UNIT),
            "district": dict(districts),
            "institution_kind": _words(INSTITUTION_KIND),
            "measure_kind": _words(MEASURE_KIND),
            "responsibility": _words(RESPONSIBILITY),
            "indicator_kind": _words(INDICATOR_KIND),
        },
    }


def _listed(table: Mapping[Any, Label]) -> list[MarkRecord]:
    return [_mark(str(code), label) for code, label in table.items()]


def _mark(code: str, label: Label) -> MarkRecord:
    return {"code": code, "label": label.text, "icon": label.icon, "definition": label.definition}


def _words(table: Mapping[Any, Label]) -> dict[str, str]:
    return {str(code): label.text for code, label in table.items()}
