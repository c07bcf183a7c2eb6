"""Tables of measures: all with where they stand, their reports; one over its rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tracker.core.german import UNKNOWN, day
from tracker.publication.reading.effect import figures
from tracker.publication.reading.measure import (
    KENNZAHL,
    TEXTS,
    MeasureSheet,
    goal_of,
    milestones,
    printed,
)
from tracker.publication.reading.model_values import Value
from tracker.publication.reading.table import (
    Column,
    Kind,
    Row,
    Table,
    columns,
    kind_of,
    page_table,
    quantity_column,
)
from tracker.publication.reading.words import Words, decimal
from tracker.publication.reading.words import day as day_of
from tracker.publication.rules.document import MeasurePart
from tracker.publication.rules.snapshot_parts import effect_line


def register(sheets: Sequence[MeasureSheet]) -> Table:
    """Return every measure with where it stands and who answers for it."""
    return Table(
        "massnahmen",
        "Maßnahmen",
        "Maßnahmen mit Stand und Zuständigkeit",
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
            Column("Begründung der Stelle", 30),
            Column("Abweichende Stellungnahme", 30),
            Column("Meldung", 30),
            Column("Zu beachten", 30),
        ),
        tuple(_measure(sheet) for sheet in sheets),
        frozen=2,
    )


def _measure(sheet: MeasureSheet) -> Row:
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
        sheet.now.notes,
        sheet.change.label if sheet.change else "",
        sheet.next_step,
        sheet.next_step_on,
        sheet.review_reason,
        sheet.dissent,
        next((printed(entry) for entry in sheet.responsibility if entry.label == "Meldung"), ""),
        "; ".join(sheet.occasions),
    )


def reports(sheets: Sequence[MeasureSheet]) -> Table:
    """Return every accepted report: each text and each answer in a column of its own."""
    sheets = [sheet for sheet in sheets if sheet.now.course is not None]
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
    labels = {
        (entry.order, at, entry.label)
        for sheet in sheets
        for at, entry in enumerate(sheet.figures)
        if not entry.label.startswith(KENNZAHL)
    }
    return tuple(dict.fromkeys(label for _, _, label in sorted(labels)))


def _answer(sheet: MeasureSheet, name: str) -> Value:
    entries = [entry for entry in sheet.figures if entry.label == name]
    if len(entries) == 1 and not isinstance(entries[0].value, str):
        return entries[0].value
    return "\n".join(map(printed, entries))


def _kind(name: str, sheets: Iterable[MeasureSheet]) -> Kind:
    return kind_of(
        entry.value for sheet in sheets for entry in sheet.figures if entry.label == name
    )


def effort_by_round(payloads: Sequence[MeasurePart], words: Words) -> Table:
    """Return what one measure did and spent in each round.

    `payloads` are its parts (`snapshot_parts.MEASURE`), oldest first.
    """
    shown = [figure for figure in figures(words) if figure.key != "municipal_funding"]

    def row(payload: MeasurePart) -> Row:
        lines = [effect_line(payload["measure"], payload["round"]["start"])]
        return (payload["round"]["label"], *(figure.read(lines).shown for figure in shown))

    return page_table(
        "aufwand",
        "Aufwand und Wirkung je Runde",
        (Column("Runde"), *(quantity_column(figure.key, figure.label) for figure in shown)),
        tuple(row(payload) for payload in payloads),
    )


def indicators_by_round(payloads: Sequence[MeasurePart], words: Words) -> Table:
    """Return the Kennzahlen of each round; `payloads` are oldest first."""
    rows = tuple(
        (
            payload["round"]["label"],
            indicator["name"],
            indicator["unit"],
            UNKNOWN if indicator["value"] is None else decimal(indicator["value"]),
            (UNKNOWN if indicator["year_sum"] is None else decimal(indicator["year_sum"]))
            if indicator["per_year"]
            else None,
            words.choice("indicator_kind", indicator["kind"]),
            goal_of(indicator),
        )
        for payload in payloads
        for indicator in payload["measure"]["indicators"]
    )
    head = (
        *columns("Runde", "Kennzahl", "Einheit"),
        *columns("Wert", "Summe des Jahres", kind=Kind.DECIMAL),
        *columns("Art", "Vorgabe"),
    )
    return page_table("kennzahlen", "Kennzahlen je Runde", head, rows)


def milestones_table(payloads: Sequence[MeasurePart]) -> Table:
    rows = tuple(
        (
            milestone.title,
            day_of(milestone.due_on),
            day_of(milestone.done_on),
            ", ".join(day(moved) for moved in milestone.earlier),
            "nein" if milestone.gone else "ja",
        )
        for milestone in milestones(payloads)
    )
    head = (
        Column("Meilenstein"),
        *columns("geplant bis", "erledigt am", kind=Kind.DAY),
        *columns("zuvor geplant bis", "noch genannt"),
    )
    return page_table("meilensteine", "Meilensteine", head, rows)
