"""Tables and sentences about measures that several papers print."""

from __future__ import annotations

from dataclasses import replace

from tracker.core.german import shortened
from tracker.papers.blocks import Block, Cell, Column, Heading, Line, Pair, Pairs, Table, Tone
from tracker.papers.documents import parts, sheet
from tracker.publication.reading.model import ChangeLine, Decision, MeasureSheet, Report, Spread

# As much of a dissent as a narrow column holds; sheet and data notes have all of it.
_DISSENT = 120


def by_code(report: Report) -> dict[str, MeasureSheet]:
    return {item.code: item for field in report.fields for item in field.sheets}


def fields_table(report: Report) -> Table:
    return spreads_table(
        "Handlungsfeld",
        tuple(field.spread for field in report.fields),
        total=replace(report.summary.spread, name="gesamt"),
    )


def spreads_table(first: str, spreads: tuple[Spread, ...], total: Spread | None = None) -> Table:
    """Return distributions, one per row; `total` is printed as the sum of the others."""
    rows = spreads if total is None else (*spreads, total)
    return Table(
        title=f"Anzahl der Maßnahmen nach {first} und Umsetzungsstand",
        columns=(
            Column(first),
            *(Column(item.mark.label, 15, numeric=True) for item in rows[0].counts),
            Column("Maßnahmen", 14, numeric=True),
        ),
        rows=tuple(
            (item.name, *(count.count for count in item.counts), item.total) for item in rows
        ),
        total=total is not None,
    )


def standings_cell(item: MeasureSheet) -> tuple[Line, ...]:
    """Return where a measure stood and stands, with what must be known beside it."""
    now = parts.standing_cell(item.now, *dissenting(item))
    if not item.reportable:
        return now
    return (parts.before_cell(item.before, before="vorher:", tone=Tone.SOFT), *now)


def measures_table(
    name: str, sheets: tuple[MeasureSheet, ...], *, occasions: bool = False
) -> Table:
    """Return measures with lead, Stand before and now, Verlauf and next step.

    `occasions` prints why each of them is listed.
    """
    return Table(
        title=f"{name}: Maßnahmen",
        columns=(
            Column("Nr.", 11),
            Column("Maßnahme"),
            Column("federführend", 26),
            Column("Stand vorher / jetzt", 34),
            Column("Verlauf", 25),
            Column("Nächster Schritt", 29),
        ),
        rows=tuple(_measure_row(item, occasions=occasions) for item in sheets),
    )


def _measure_row(item: MeasureSheet, *, occasions: bool) -> tuple[Cell, ...]:
    title = shortened(item.display_text, parts.CELL)
    why = f"Anlass: {', '.join(item.occasions)}" if occasions and item.occasions else ""
    return (
        item.code,
        (Line(title), Line(why, tone=Tone.SOFT)) if why else title,
        item.lead_short,
        standings_cell(item),
        parts.course_cell(item.now),
        sheet.step(item, length=parts.STEP),
    )


def changes_table(lines: tuple[ChangeLine, ...], sheets: dict[str, MeasureSheet]) -> Table:
    table = changed_table(
        lines, sheets, title="Maßnahmen, deren Stand oder Verlauf sich verändert hat"
    )
    return replace(
        table,
        columns=(Column("Veränderung", 34), *table.columns),
        rows=tuple(
            (Line(mark=line.kind), *row) for line, row in zip(lines, table.rows, strict=True)
        ),
    )


def changed_table(
    lines: tuple[ChangeLine, ...], sheets: dict[str, MeasureSheet], *, title: str
) -> Table:
    """Return measures that changed in the same way, before and now."""
    return Table(
        title=title,
        columns=(Column("Nr.", 12), Column("Maßnahme"), Column("vorher", 35), Column("jetzt", 35)),
        rows=tuple(
            (
                line.code,
                shortened(line.display_text, parts.CELL),
                parts.both_cell(line.before),
                (*parts.both_cell(line.after), *dissenting(sheets.get(line.code))),
            )
            for line in lines
        ),
    )


def dissenting(its_sheet: MeasureSheet | None) -> tuple[Line, ...]:
    """Return the institution's dissent, shortened: it stands wherever a reviewed value stands."""
    if its_sheet is None or not its_sheet.dissent:
        return ()
    said = shortened(its_sheet.dissent, _DISSENT)
    return (Line(f"Abweichende Stellungnahme: {said}", tone=Tone.SOFT),)


def decision(line: Decision, its_sheet: MeasureSheet | None) -> tuple[Block, ...]:
    """Return a Steuerungsvorschlag with all that the committee needs beside it."""
    dissent = "" if its_sheet is None else its_sheet.dissent
    return (
        Heading(2, f"{line.code} {shortened(line.display_text, parts.CELL)}"),
        Pairs(
            (
                Pair("Stand", parts.standing_cell(line.standing)),
                Pair("Verlauf", parts.course_cell(line.standing)),
                Pair("federführend", line.lead),
                parts.text_pair("Steuerungsvorschlag", line.consequence),
                parts.text_pair("Begründung", line.reason),
                *((parts.text_pair("Abweichende Stellungnahme", dissent),) if dissent else ()),
            )
        ),
    )
