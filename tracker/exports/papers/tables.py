"""Tables and sentences about measures that several papers print."""

from __future__ import annotations

from tracker.exports.model import ChangeLine, MeasureSheet, Report, Spread
from tracker.exports.paper import Cell, Column, Line, Table, Tone
from tracker.exports.papers import parts, sheet
from tracker.exports.words import shortened

_DISSENT = "mit abweichender Stellungnahme, siehe Hinweise zu den Daten"


def by_code(report: Report) -> dict[str, MeasureSheet]:
    """Return the sheets by the number of their measure."""
    return {item.code: item for field in report.fields for item in field.sheets}


def most_frequent(spread: Spread) -> str:
    """Return the sentence that reads a distribution: what is most frequent, what is missing."""
    missing = spread.total - spread.reported
    reported = [item for item in spread.counts[:-1] if item.count]
    if not reported:
        return f"Zu keiner von {spread.total} Maßnahmen liegt eine angenommene Meldung vor."
    most = max(item.count for item in reported)
    names = [f"„{item.mark.label}“" for item in reported if item.count == most]
    verb, each = ("ist", "") if len(names) == 1 else ("sind", "je ")
    text = (
        f"Am häufigsten {verb} {' und '.join(names)} gemeldet: {each}{most} von "
        f"{spread.total} Maßnahmen."
    )
    without = "1 Maßnahme" if missing == 1 else f"{missing} Maßnahmen"
    return f"{text} Zu {without} liegt keine Meldung vor." if missing else text


def fields_table(report: Report) -> Table:
    """Return the distribution of every Handlungsfeld and of all."""
    whole = report.summary.spread
    return Table(
        title="Anzahl der Maßnahmen nach Handlungsfeld und Umsetzungsstand",
        columns=(
            Column("Handlungsfeld"),
            *(Column(item.mark.label, 15, numeric=True) for item in whole.counts),
            Column("Maßnahmen", 14, numeric=True),
        ),
        rows=(
            *(_spread_row(field.name, field.spread) for field in report.fields),
            _spread_row("gesamt", whole),
        ),
        total=True,
    )


def _spread_row(name: str, spread: Spread) -> tuple[Cell, ...]:
    return (name, *(item.count for item in spread.counts), spread.total)


def measures_table(name: str, sheets: tuple[MeasureSheet, ...]) -> Table:
    """Return measures with lead, Stand before and now, Verlauf and next step."""
    return Table(
        title=f"{name}: Maßnahmen",
        columns=(
            Column("Nr.", 12),
            Column("Maßnahme"),
            Column("federführend", 27),
            Column("Stand vorher / jetzt", 34),
            Column("Verlauf", 25),
            Column("Nächster Schritt", 34),
        ),
        rows=tuple(_measure_row(item) for item in sheets),
    )


def _measure_row(item: MeasureSheet) -> tuple[Cell, ...]:
    before = parts.before_cell(item.before, before="vorher:", tone=Tone.SOFT)
    now = parts.standing_cell(item.now, *dissenting(item))
    return (
        item.code,
        shortened(item.display_text, parts.CELL),
        item.lead_short,
        (before, *now) if item.reportable else now,
        parts.course_cell(item.now),
        sheet.step(item, length=parts.STEP),
    )


def changes_table(lines: tuple[ChangeLine, ...], sheets: dict[str, MeasureSheet]) -> Table:
    """Return measures that changed, before and now."""

    def after(line: ChangeLine) -> Cell:
        return (*parts.both_cell(line.after), *dissenting(sheets.get(line.code)))

    return Table(
        title="Maßnahmen, deren Stand oder Verlauf sich verändert hat",
        columns=(
            Column("Veränderung", 34),
            Column("Nr.", 12),
            Column("Maßnahme"),
            Column("vorher", 35),
            Column("jetzt", 35),
        ),
        rows=tuple(
            (
                Line(mark=line.kind),
                line.code,
                shortened(line.display_text, parts.CELL),
                parts.both_cell(line.before),
                after(line),
            )
            for line in lines
        ),
    )


def dissenting(its_sheet: MeasureSheet | None) -> tuple[Line, ...]:
    """Return the line that leads to the institution's dissent, wherever a value is shown."""
    if its_sheet is None or not its_sheet.dissent:
        return ()
    return (Line(_DISSENT, tone=Tone.SOFT),)
