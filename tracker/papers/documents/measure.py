"""One measure as a paper of its own: what the council wrote, where it stands, how it got there."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.core.errors import NotFound
from tracker.papers.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Line,
    Pair,
    Pairs,
    Paper,
    Table,
    Text,
    Tone,
)
from tracker.papers.documents import parts, sheet, tables
from tracker.publication.reading.model import MeasureSheet, Report, RoundLine
from tracker.publication.reading.model_sections import Known


def paper(report: Report, code: str) -> Paper:
    """Return the sheet of a measure; raises NotFound where the round has none with this code."""
    item = tables.by_code(report).get(code)
    if item is None:
        raise NotFound(
            f"In der Runde {report.cover.round} gibt es keine Maßnahme {code}. Bitte wählen Sie "
            "eine Maßnahme dieser Runde."
        )
    return parts.paper(
        report.cover,
        _blocks(report, item),
        legends=report.legends,
        stem=f"massnahme-{code}",
        title=f"Maßnahme {code}",
        subtitle=f"{item.field} · {parts.as_of(report.cover)}",
        running_head=f"{report.cover.plan}: Maßnahmenblatt",
    )


def _blocks(report: Report, item: MeasureSheet) -> Iterator[Block]:
    yield from parts.notices(report.cover)
    yield from parts.what_changed(report, {item.code})
    yield Heading(1, "Auftrag")
    yield _mandate(report, item)
    yield Heading(1, "Stand und Zuständigkeit")
    yield Text(_reading(item))
    yield from sheet.body(item)
    yield from _rounds(report, item)
    if item.notes:
        yield Heading(1, "Redaktionelle Anmerkungen")
        yield from sheet.notes(item)


def _mandate(report: Report, item: MeasureSheet) -> Pairs:
    return Pairs(
        (
            parts.text_pair("Wortlaut", item.text),
            Pair("Handlungsfeld", item.field),
            Pair("Ziel", item.goal),
            Pair("Quelle", report.cover.concept),
        )
    )


def _reading(item: MeasureSheet) -> str:
    if not item.reportable:
        return "Die Maßnahme verweist auf andere; über sie wird nicht eigens berichtet."
    now = f"Stand dieser Runde: „{item.now.implementation.label}“{_beside(item.now.note)}"
    if item.now.course is not None:
        now += f", Verlauf „{item.now.course.label}“{_beside(item.now.course_note)}"
    if item.change is None:
        return f"{now}."
    return f"{now}. Gegenüber der Vorrunde: {item.change.label}."


def _beside(note: str) -> str:
    return f" ({note})" if note else ""


def _rounds(report: Report, item: MeasureSheet) -> Iterator[Block]:
    line = next((found for found in report.rounds.lines if found.code == item.code), None)
    if line is None or len(report.rounds.labels) < 2:
        return
    yield Heading(1, "Runden")
    yield Text("Die letzte Zeile ist diese Runde. Ein Stand aus einer früheren Runde ist genannt.")
    yield Table(
        title=f"Maßnahme {item.code} in allen Runden",
        columns=(Column("Runde", 30), Column("Umsetzungsstand"), Column("Verlauf", 40)),
        rows=tuple(_rounds_rows(report.rounds.labels, line)),
    )


def _rounds_rows(labels: tuple[str, ...], line: RoundLine) -> Iterator[tuple[Cell, ...]]:
    for label, cell in zip(labels, line.cells, strict=True):
        if cell.kind is Known.REPORTED and cell.standing is not None:
            yield (label, parts.standing_cell(cell.standing), parts.course_cell(cell.standing))
        else:
            # What is carried forward never looks reported.
            yield (label, Line(cell.text, tone=Tone.SOFT), None)
