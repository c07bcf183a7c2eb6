"""The sheets of the workbook: the same report, one table each."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.exports.model import Entry, ListTable, MeasureSheet, Report, Spread, Standing, Value
from tracker.exports.words import german

Row = tuple[Value, ...]


@dataclass(frozen=True)
class Table:
    """One sheet: name, title, a sentence, columns with their widths in characters, rows."""

    name: str
    title: str
    sentence: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[Row, ...]
    frozen: int = 0


def tables(report: Report) -> tuple[Table, ...]:
    """Return the sheets in the order of the report."""
    return (
        _overview(report),
        _fields(report),
        _goals(report),
        _measures(report),
        _changes(report),
        _decisions(report),
        _ziff5(report),
        _definitions(report),
        _notes(report),
    )


def _overview(report: Report) -> Table:
    summary = report.summary
    rows: list[Row] = [
        *(
            ("Umsetzungsstand", line.mark.label, line.count, summary.spread.total, None)
            for line in summary.spread.counts
        ),
        *(
            ("Verlauf", line.mark.label, line.count, summary.spread.with_course, None)
            for line in summary.spread.courses[:-1]
        ),
        *(
            ("ohne Verlauf", line.mark.label, line.count, summary.spread.total, None)
            for line in (summary.spread.courses[-1], summary.spread.counts[-1])
        ),
        ("Meldungen", "gemeldet", summary.spread.reported, summary.spread.total, None),
        ("Meldungen", "Stand aus früherer Runde", summary.carried, summary.spread.total, None),
        *(
            ("Rücklauf", line.label, line.count, line.total, line.percent)
            for line in summary.returns
        ),
        ("Rücklauf", "befreit", summary.waived, None, None),
        *(
            ("Veränderung", line.mark.label, line.count, summary.spread.total, None)
            for line in summary.changes
        ),
        ("Beschlusspunkte", "Steuerungsvorschläge", len(report.decisions), None, None),
    ]
    return Table(
        "Überblick",
        report.cover.title,
        " ".join((summary.headline, *summary.attention, summary.changes_sentence)),
        (("Frage", 20), ("Wert", 30), ("Anzahl", 10), ("von", 10), ("Prozent", 10)),
        tuple(rows),
    )


def _spread_columns(spread: Spread) -> tuple[tuple[str, int], ...]:
    lines = (*spread.counts, *spread.courses)
    return (*((line.mark.label, 13) for line in lines), ("gemeldet", 11), ("gesamt", 9))


def _spread_cells(spread: Spread) -> Row:
    lines = (*spread.counts, *spread.courses)
    return (*(line.count for line in lines), spread.reported, spread.total)


def _fields(report: Report) -> Table:
    return Table(
        "Handlungsfelder",
        "Stand nach Handlungsfeldern",
        "Gezählt werden Maßnahmen, über die berichtet wird.",
        (("Nr.", 6), ("Handlungsfeld", 40), *_spread_columns(report.summary.spread)),
        tuple(
            (field.position, field.name, *_spread_cells(field.spread)) for field in report.fields
        ),
        frozen=2,
    )


def _goals(report: Report) -> Table:
    return Table(
        "Ziele",
        "Stand nach Oberzielen",
        "Gezählt werden Maßnahmen, über die berichtet wird.",
        (
            ("Nr.", 6),
            ("Oberziel (Anlage 3)", 50),
            ("Oberziel (Anlage 2)", 50),
            ("Handlungsfeld", 30),
            *_spread_columns(report.summary.spread),
        ),
        tuple(
            (goal.number, goal.title, goal.title_annex2, field.name, *_spread_cells(goal.spread))
            for field in report.fields
            for goal in field.goals
        ),
        frozen=2,
    )


def _measures(report: Report) -> Table:
    sheets = [sheet for field in report.fields for sheet in field.sheets]
    counted = _counted(sheets)
    return Table(
        "Maßnahmen",
        "Alle Maßnahmen",
        "Eine Zeile je Maßnahme.",
        (
            ("Nr.", 7),
            ("Maßnahme", 50),
            ("Wortlaut des Beschlusses", 50),
            ("Handlungsfeld", 24),
            ("Ziel", 30),
            ("federführend", 30),
            ("beteiligt", 30),
            ("Stand vorher", 18),
            ("Stand jetzt", 18),
            ("Verlauf", 14),
            ("Hinweis zum Stand", 26),
            ("Veränderung", 16),
            ("Nächster Schritt", 40),
            ("bis", 12),
            ("Begründung des KI", 30),
            ("Abweichende Stellungnahme", 30),
            *((label, 16) for label in counted),
            ("Weitere Angaben", 40),
            ("Meldung und Angaben nach Ziff. 5", 40),
            ("Texte", 60),
        ),
        tuple(_measure(sheet, counted) for sheet in sheets),
        frozen=2,
    )


def _counted(sheets: list[MeasureSheet]) -> tuple[str, ...]:
    """Return the figures that are numbers somewhere: each gets a column, so that Excel can add."""
    found = {
        (entry.order, entry.label)
        for sheet in sheets
        for entry in sheet.figures
        if not isinstance(entry.value, str)
    }
    return tuple(label for _, label in sorted(found))


def _measure(sheet: MeasureSheet, counted: tuple[str, ...]) -> Row:
    numbers = {entry.label: entry.value for entry in sheet.figures if entry.label in counted}
    return (
        sheet.code,
        sheet.display_text,
        sheet.text,
        sheet.field,
        sheet.goal,
        sheet.lead,
        ", ".join(sheet.partners),
        sheet.before.implementation.label,
        sheet.now.implementation.label,
        sheet.now.course.label if sheet.now.course else "",
        sheet.now.note,
        sheet.change.label if sheet.change else "",
        sheet.next_step,
        sheet.next_step_on,
        sheet.review_reason,
        sheet.dissent,
        *(numbers.get(label) for label in counted),
        _lines(tuple(entry for entry in sheet.figures if entry.label not in counted)),
        _lines((*sheet.responsibility, *sheet.ziff5)),
        "\n\n".join(f"{part.label}\n{part.text}" for part in sheet.texts),
    )


def _lines(entries: tuple[Entry, ...]) -> str:
    return "\n".join(f"{entry.label}: {german(entry.value)}" for entry in entries)


def _changes(report: Report) -> Table:
    return Table(
        "Änderungen",
        "Was sich verändert hat",
        report.summary.changes_sentence,
        (
            ("Veränderung", 20),
            ("Nr.", 7),
            ("Maßnahme", 50),
            ("Stand vorher", 20),
            ("Verlauf vorher", 16),
            ("Stand jetzt", 20),
            ("Verlauf jetzt", 16),
        ),
        tuple(
            (
                line.kind.label,
                line.code,
                line.display_text,
                *_standing(line.before),
                *_standing(line.after),
            )
            for line in report.changes
        ),
    )


def _standing(item: Standing) -> tuple[str, str]:
    return item.implementation.label, item.course.label if item.course else ""


def _decisions(report: Report) -> Table:
    return Table(
        "Beschlusspunkte",
        "Was entschieden werden sollte",
        "Steuerungsvorschläge aus angenommenen Meldungen, die ernstesten zuerst.",
        (
            ("Nr.", 7),
            ("Maßnahme", 50),
            ("federführend", 30),
            ("Umsetzungsstand", 18),
            ("Verlauf", 14),
            ("Steuerungsvorschlag", 50),
            ("Begründung", 50),
        ),
        tuple(
            (
                line.code,
                line.display_text,
                line.lead,
                *_standing(line.standing),
                line.consequence,
                line.reason,
            )
            for line in report.decisions
        ),
    )


def _ziff5(report: Report) -> Table:
    return Table(
        "Ziff. 5",
        "Angaben nach Ziffer 5 des Ratsbeschlusses",
        " ".join(f"{item.title}: {item.sentence}" for item in report.ziff5),
        *_joined("Liste", report.ziff5),
    )


def _definitions(report: Report) -> Table:
    return Table(
        "Definitionen",
        "Zeichen, Begriffe und Formeln",
        "So galten sie am Tag der Veröffentlichung.",
        (("Gruppe", 34), ("Begriff", 26), ("Bedeutung", 100)),
        (
            *(
                (legend.title, mark.label, mark.definition)
                for legend in report.legends
                for mark in legend.marks
            ),
            *(("So wird gezählt", entry.label, entry.value) for entry in report.formulas),
        ),
    )


def _notes(report: Report) -> Table:
    return Table(
        "Hinweise",
        "Hinweise zu den Daten und redaktionelle Anmerkungen",
        "Was nicht gemeldet, übernommen, anders festgestellt oder korrigiert wurde.",
        *_joined("Hinweis", (*report.data_notes, report.editorial)),
    )


def _joined(
    head: str, lists: tuple[ListTable, ...]
) -> tuple[tuple[tuple[str, int], ...], tuple[Row, ...]]:
    """Return lists under each other, every value below its own head: columns and rows."""
    names = tuple(dict.fromkeys(name for item in lists for name in item.columns))
    rows = tuple(
        (item.title, *(dict(zip(item.columns, row, strict=True)).get(name) for name in names))
        for item in lists
        for row in item.rows
    )
    return ((head, 34), *((name, 9 if name == "Nr." else 30) for name in names)), rows
