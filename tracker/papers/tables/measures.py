"""Tables with a row per measure: the register, the rounds, the reports with their texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tracker.publication.reading.measure import KENNZAHL, TEXTS, printed
from tracker.publication.reading.model import MeasureSheet, Report, Value
from tracker.publication.reading.table import Column, Kind, Row, Table, kind_of
from tracker.publication.reading.words import CROSS_REFERENCE


def measures(report: Report) -> Table:
    """Return every measure with where it stands and who answers for it."""
    return Table(
        "massnahmen",
        "Maßnahmen",
        "Alle Maßnahmen",
        "Eine Zeile je Maßnahme.",
        (
            Column("Nr.", 7),
            Column("Maßnahme", 50),
            Column("Wortlaut des Beschlusses", 50),
            Column("Handlungsfeld", 24),
            Column("Ziel", 30),
            Column("federführend", 30),
            Column("beteiligt", 30),
            Column("Stand vorher", 18),
            Column("Stand jetzt", 18),
            Column("Verlauf", 14),
            Column("Hinweis zum Stand", 26),
            Column("Veränderung", 16),
            Column("Nächster Schritt", 40),
            Column("bis", 12, Kind.DAY),
            Column("Begründung des KI", 30),
            Column("Abweichende Stellungnahme", 30),
            Column("Meldung", 30),
            Column("Zu beachten", 30),
        ),
        tuple(_measure(sheet) for sheet in _sheets(report)),
        frozen=2,
    )


def _sheets(report: Report) -> tuple[MeasureSheet, ...]:
    return tuple(sheet for field in report.fields for sheet in field.sheets)


def _measure(sheet: MeasureSheet) -> Row:
    responsible = {"federführend", "beteiligt"}
    said = (entry for entry in sheet.responsibility if entry.label not in responsible)
    return (
        sheet.code,
        sheet.display_text,
        sheet.text,
        sheet.field,
        sheet.goal,
        sheet.lead,
        ", ".join(sheet.partners),
        sheet.before.implementation.label,
        *sheet.now.labels,
        sheet.now.note,
        sheet.change.label if sheet.change else "",
        sheet.next_step,
        sheet.next_step_on,
        sheet.review_reason,
        sheet.dissent,
        "; ".join(
            printed(entry) if entry.label == "Meldung" else f"{entry.label}: {printed(entry)}"
            for entry in said
        ),
        "; ".join(sheet.occasions),
    )


def reports(report: Report) -> Table:
    """Return every accepted report: each text and each answer in a column of its own."""
    silent = {report.summary.spread.counts[-1].mark.code, CROSS_REFERENCE.code}
    sheets = [item for item in _sheets(report) if item.now.implementation.code not in silent]
    labels = {part.key: part.label for sheet in sheets for part in sheet.texts}
    texts = [key for key in TEXTS if key in labels]
    answers = _answers(sheets)
    kinds = {name: _kind(name, sheets) for name in answers}
    return Table(
        "meldungen",
        "Meldungen",
        "Angenommene Meldungen im Wortlaut",
        "Eine Zeile je angenommener Meldung. Leere Zellen: dazu wurde nichts gesagt.",
        (
            Column("Nr.", 7),
            Column("Maßnahme", 50),
            Column("federführend", 30),
            Column("Umsetzungsstand", 18),
            Column("Verlauf", 14),
            Column("Nächster Schritt", 40),
            Column("bis", 12, Kind.DAY),
            *(Column(labels[key], 50) for key in texts),
            *(
                Column(name, 36 if kinds[name] is Kind.TEXT else 16, kinds[name])
                for name in answers
            ),
        ),
        tuple(_report(sheet, texts, answers) for sheet in sheets),
        frozen=2,
    )


def _report(sheet: MeasureSheet, texts: Sequence[str], answers: tuple[str, ...]) -> Row:
    said = {part.key: part.text for part in sheet.texts}
    return (
        sheet.code,
        sheet.display_text,
        sheet.lead,
        *sheet.now.labels,
        sheet.next_step,
        sheet.next_step_on,
        *(said.get(key) for key in texts),
        *(_answer(sheet, name) for name in answers),
    )


def _answers(sheets: Iterable[MeasureSheet]) -> tuple[str, ...]:
    """Return the answers in the order of the form; Kennzahlen have a table of their own."""
    found = {
        (entry.order, at, entry.label)
        for sheet in sheets
        for at, entry in enumerate(sheet.figures)
        if not entry.label.startswith(KENNZAHL)
    }
    return tuple(dict.fromkeys(label for _, _, label in sorted(found)))


def _answer(sheet: MeasureSheet, name: str) -> Value:
    entries = [entry for entry in sheet.figures if entry.label == name]
    if len(entries) == 1 and not isinstance(entries[0].value, str):
        return entries[0].value
    return "\n".join(map(printed, entries))


def _kind(name: str, sheets: Iterable[MeasureSheet]) -> Kind:
    return kind_of(
        entry.value for sheet in sheets for entry in sheet.figures if entry.label == name
    )
