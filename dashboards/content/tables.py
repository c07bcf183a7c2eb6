"""Tables as values: the same rows for the page and for the CSV file beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.publication.reading import table as reading

# What a spreadsheet would take for a formula.
_RISKY = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int | None


@dataclass(frozen=True)
class Table:
    """A table: `key` names its file, the first column its rows; None is printed as "–".

    Texts are ready to be read (German numbers and dates); `numeric` are columns of numbers.
    """

    key: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: frozenset[int] = frozenset()


def neutral(shown: Table | reading.Table) -> reading.Table:
    """Return a table of ready texts as one of typed columns."""
    if isinstance(shown, reading.Table):
        return shown
    kinds = (
        reading.Kind.WHOLE if place in shown.numeric else reading.Kind.TEXT
        for place in range(len(shown.head))
    )
    columns = tuple(
        reading.Column(name, kind=kind) for name, kind in zip(shown.head, kinds, strict=True)
    )
    return reading.page_table(shown.key, shown.caption, columns, shown.rows)


def to_csv(table: Table, *, notes: Sequence[str] = ()) -> bytes:
    """Return the table as Excel in Germany opens it: UTF-8 with BOM, ";", notes below."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.head)
    writer.writerows([_safe(cell) for cell in row] for row in table.rows)
    if notes:
        writer.writerow([])
        writer.writerows([_safe(note)] for note in notes)
    return out.getvalue().encode("utf-8-sig")


def _safe(cell: Cell) -> str | int:
    if isinstance(cell, int):
        return cell
    text = "–" if cell is None else " ".join(cell.split())
    return f"'{text}" if text.startswith(_RISKY) else text
