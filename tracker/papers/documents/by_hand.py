"""Places of the Erhebungsbogen to fill in by hand: lines, boxes, tables, in the form's words."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.core.labels import Label
from tracker.papers.blocks import Block, Cell, Column, Fill, Heading, Line, Side, Table, Text, Tone
from tracker.publication.reading.model import Mark
from tracker.reporting.words import REPORT_FIELD, REPORT_FIELD_HELP

# A line without words still has its height.
ROOM = "\u00a0"
_BLANK = (Line(ROOM), Line(ROOM))


def asked(name: str) -> tuple[Block, ...]:
    """Return the heading of a field and its help."""
    return (Heading(1, REPORT_FIELD[name]), Text(REPORT_FIELD_HELP[name]))


def choices(name: str, labels: Iterable[Label]) -> Table:
    """Return the values of a field to tick one of, each with its definition."""
    return Table(
        title=f"{REPORT_FIELD[name]}: zum Ankreuzen",
        columns=(Column("Bitte ein Kreuz"),),
        rows=tuple((_defined(label),) for label in labels),
    )


def _defined(label: Label) -> tuple[Line, Line]:
    return (Line(mark=box(label.text)), Line(label.definition, tone=Tone.SOFT))


def box(word: str) -> Mark:
    """Return an empty box with its word."""
    return Mark(code="", label=word, icon="box")


def fill(name: str, lines: int = 1) -> Fill:
    return Fill(REPORT_FIELD[name], lines, REPORT_FIELD_HELP.get(name, ""))


def beside(*parts: tuple[Block, ...]) -> Side:
    return Side(parts=parts, widths=(0,) * len(parts))


def row(*names: str, lines: int = 1) -> Side:
    return beside(*((fill(name, lines),) for name in names))


def lines_table(
    title: str, columns: Iterable[tuple[str, int]], rows: Iterable[tuple[Cell, ...]]
) -> Table:
    """Return a table to write in; what its rows do not name stays blank."""
    heads = tuple(Column(name, width) for name, width in columns)
    return Table(
        title=f"{title}: zum Ausfüllen",
        columns=heads,
        rows=tuple((*cells, *((_BLANK,) * (len(heads) - len(cells)))) for cells in rows),
    )
