"""Sheets and columns of the Erhebungsbogen: the one place that writing and reading share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from tracker.core.german import EURO, number
from tracker.core.text import MAX_TEXT
from tracker.reporting.rules.content import StaffUnit
from tracker.reporting.rules.status import Course, Implementation
from tracker.reporting.words import (
    COURSE,
    EVENT_WORDS,
    IMPLEMENTATION,
    REPORT_FIELD,
    REPORT_FIELD_HELP,
    STAFF_UNIT,
)

GUIDE = "Anleitung"
REPORTS = "Meldungen"
PARTICIPANTS = "Teilnehmende"
INDICATORS = "Kennzahlen"
FUNDING = "Fördermittel"
MILESTONES = "Meilensteine"
IDENTITY = "Kennung"
SHEETS = (GUIDE, REPORTS, PARTICIPANTS, INDICATORS, FUNDING, MILESTONES, IDENTITY)

# Rows counted from 0: two lines about the sheet, an empty one, the heads, then the entries.
HEAD = 3

CODE = "Nr."
MEASURE = "Maßnahme"
STATE = "Zustand der Meldung"
QUESTION = "Rückfrage"
LAST_PERIOD = "Zuletzt gemeldet für"
LAST = "zuletzt"
UNIT = "Einheit"
COUNT = "Anzahl"
INDICATOR = "Kennzahl"
INDICATOR_KEY = "Kennzeichen"
TARGET = "Ziel oder Bedingung"
VALUE = "Wert"

# A cell of Excel takes 32,767 UTF-16 units; what does not fit stays as it is.
CELL = 32_000
TOO_LONG = (
    "[Dieser Text ist zu lang für eine Zelle. Er bleibt, wie er ist; bearbeiten Sie ihn bitte "
    "im Formular.]"
)


class InputKind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    DISTRICTS = "districts"
    DAY = "day"
    NUMBER = "number"
    COUNT = "count"


@dataclass(frozen=True)
class Input:
    """An input: the field it belongs to, its head, what belongs into it, its width in signs.

    `units` are what may stand beside a number.
    """

    name: str
    head: str
    kind: InputKind
    width: int
    note: str
    choices: tuple[tuple[str, str], ...] = ()
    units: tuple[str, ...] = ()

    @property
    def last(self) -> str:
        return f"{self.head} – {LAST}"

    @property
    def words(self) -> str:
        return ", ".join(text for _, text in self.choices)


_KINDS = {
    "implementation": (InputKind.CHOICE, 18),
    "course": (InputKind.CHOICE, 13),
    "achieved": (InputKind.TEXT, 44),
    "next_step": (InputKind.TEXT, 36),
    "next_step_on": (InputKind.DAY, 13),
    "reason": (InputKind.TEXT, 36),
    "consequence": (InputKind.TEXT, 36),
    "changed": (InputKind.TEXT, 36),
    "obstacles": (InputKind.TEXT, 36),
    "events": (InputKind.COUNT, 15),
    "target_group": (InputKind.TEXT, 30),
    "districts": (InputKind.DISTRICTS, 28),
    "staff": (InputKind.NUMBER, 12),
    "staff_unit": (InputKind.CHOICE, 22),
    "cost_planned": (InputKind.NUMBER, 14),
    "cost_actual": (InputKind.NUMBER, 14),
    "partners": (InputKind.TEXT, 30),
    "cooperation_wanted": (InputKind.TEXT, 30),
    "evidence_url": (InputKind.TEXT, 30),
    "internal_remark": (InputKind.TEXT, 30),
}
_CHOICES: dict[str, tuple[tuple[str, str], ...]] = {
    "implementation": tuple((state, IMPLEMENTATION[state].text) for state in Implementation),
    "course": tuple((course, COURSE[course].text) for course in Course),
    "staff_unit": tuple((unit, STAFF_UNIT[unit].text) for unit in StaffUnit),
}
_UNITS = {"events": EVENT_WORDS, "cost_planned": EURO, "cost_actual": EURO}
_DEFINITIONS = {
    "implementation": tuple(IMPLEMENTATION[state] for state in Implementation),
    "course": tuple(COURSE[course] for course in Course),
    "staff_unit": tuple(STAFF_UNIT[unit] for unit in StaffUnit),
}


def _note(name: str, kind: InputKind) -> str:
    parts = [REPORT_FIELD_HELP.get(name, "")]
    parts += [f"{label.text}: {label.definition}" for label in _DEFINITIONS.get(name, ())]
    if kind is InputKind.TEXT:
        parts.append(f"Höchstens {number(MAX_TEXT)} Zeichen.")
    return "\n".join(part for part in parts if part)


# First what the form's first screen asks, then the rest in the form's order.
SINGLE = tuple(
    Input(
        name=name,
        head=REPORT_FIELD[name],
        kind=kind,
        width=width,
        note=_note(name, kind),
        choices=_CHOICES.get(name, ()),
        units=_UNITS.get(name, ()),
    )
    for name, (kind, width) in _KINDS.items()
)


def single(districts: Mapping[str, str]) -> tuple[Input, ...]:
    """Return the inputs of a report with the districts that can be chosen, names by key."""
    several = f"Mehrere mit Komma trennen. Möglich: {', '.join(districts.values())}"
    return tuple(
        replace(column, note=f"{column.note}\n{several}", choices=tuple(districts.items()))
        if column.kind is InputKind.DISTRICTS
        else column
        for column in SINGLE
    )


_DAY_NOTE = "Tag, z. B. 15.3.2027"
PARTICIPANTS_INPUT = Input(
    "participants", COUNT, InputKind.COUNT, 14, REPORT_FIELD_HELP["participants"]
)
INDICATOR_INPUT = Input("indicators", VALUE, InputKind.NUMBER, 14, REPORT_FIELD_HELP["indicators"])
FUNDING_INPUTS = (
    Input("donor", "Geber", InputKind.TEXT, 34, "Wer fördert?"),
    Input("programme", "Programm", InputKind.TEXT, 34, "Mit welchem Programm?"),
    Input("amount", "Betrag in Euro", InputKind.NUMBER, 16, "Unbekannt: leer lassen.", units=EURO),
    Input("start", "von", InputKind.DAY, 13, _DAY_NOTE),
    Input("end", "bis", InputKind.DAY, 13, _DAY_NOTE),
)
MILESTONE_INPUTS = (
    Input("title", "Meilenstein", InputKind.TEXT, 50, "Welcher Schritt?"),
    Input("due_on", "geplant bis", InputKind.DAY, 14, _DAY_NOTE),
    Input("done_on", "erledigt am", InputKind.DAY, 14, _DAY_NOTE + "; leer: noch nicht erledigt"),
)

# The heads of each sheet by which it is read; their order in a file does not matter.
HEADS = {
    REPORTS: (CODE, *(column.head for column in SINGLE)),
    PARTICIPANTS: (CODE, UNIT, COUNT),
    INDICATORS: (CODE, INDICATOR_KEY, VALUE),
    FUNDING: (CODE, *(column.head for column in FUNDING_INPUTS)),
    MILESTONES: (CODE, *(column.head for column in MILESTONE_INPUTS)),
}
# Locked columns that are only there to be read.
SHOWN = {
    REPORTS: (MEASURE, STATE, QUESTION, LAST_PERIOD, *(column.last for column in SINGLE)),
    PARTICIPANTS: (MEASURE, f"{COUNT} – {LAST}"),
    INDICATORS: (MEASURE, INDICATOR, TARGET, f"{VALUE} – {LAST}"),
    FUNDING: (MEASURE, LAST),
    MILESTONES: (MEASURE, LAST),
}
INPUTS = {
    REPORTS: {column.head: column for column in SINGLE},
    PARTICIPANTS: {COUNT: PARTICIPANTS_INPUT},
    INDICATORS: {VALUE: INDICATOR_INPUT},
    FUNDING: {column.head: column for column in FUNDING_INPUTS},
    MILESTONES: {column.head: column for column in MILESTONE_INPUTS},
}
