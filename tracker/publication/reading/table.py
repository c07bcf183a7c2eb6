"""What a table is made of before it is a sheet or a CSV: typed columns, real values, totals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from types import NoneType

from tracker.core import german
from tracker.publication.reading.model_values import Money, Quantity, Value
from tracker.publication.reading.words import written

Row = tuple[Value, ...]
# Where nothing is known there is no sum: unknown is not 0.
NOTHING = "–"


class Kind(StrEnum):
    """What a column holds; a column of numbers may hold a word where no number can be given."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    PERCENT = "percent"
    MONEY = "money"
    DAY = "day"


class Function(StrEnum):
    """How a total comes from the rows above it."""

    SUM = "sum"
    KNOWN = "known"
    COUNT = "count"
    SHARE = "share"


@dataclass(frozen=True)
class Column:
    """A column with its head, its width in characters and what it holds."""

    name: str
    width: int = 14
    kind: Kind = Kind.TEXT


@dataclass(frozen=True)
class Total:
    """A total below a column.

    SUM adds the numbers, KNOWN counts the rows that say anything, COUNT those that say exactly
    `text`, SHARE divides the sums of the columns `of` (first by second) and gives percent.
    """

    column: int
    function: Function
    text: str = ""
    of: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class TotalRow:
    """A row of totals with its label."""

    label: str
    totals: tuple[Total, ...]


@dataclass(frozen=True)
class Table:
    """A table: `key` names its file, `name` its sheet (at most 31 signs), `title` its heading.

    `frozen` columns at the left stay in sight; labels of totals stand in `label_at`.
    """

    key: str
    name: str
    title: str
    sentence: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[TotalRow, ...] = ()
    frozen: int = 0
    label_at: int = 0


def page_table(
    key: str,
    title: str,
    columns: tuple[Column, ...],
    rows: tuple[Row, ...],
    totals: tuple[TotalRow, ...] = (),
) -> Table:
    """Return a table of a page, which is no sheet of a workbook: its heading says what it is."""
    return Table(key, title, title, "", columns, rows, totals)


def columns(*names: str, kind: Kind = Kind.TEXT) -> tuple[Column, ...]:
    """Return columns of one kind by their names."""
    return tuple(Column(name, kind=kind) for name in names)


def written_cells(table: Table) -> list[list[str]]:
    """Return the rows as a reader reads them: "1.250,50 €", "12,5 %", "–" for nothing."""
    kinds = [column.kind for column in table.columns]
    return [
        [_written(value, kind) for value, kind in zip(row, kinds, strict=True)]
        for row in table.rows
    ]


def total_cells(table: Table) -> list[list[str]]:
    """Return the rows of totals as a reader reads them, "" where there is none."""
    found = []
    for row in table.totals:
        cells = [""] * len(table.columns)
        cells[table.label_at] = row.label
        for total in row.totals:
            kind = table.columns[total.column].kind
            cells[total.column] = _written(value_of(table, total), kind)
        found.append(cells)
    return found


def _written(value: Value, kind: Kind) -> str:
    if kind is Kind.PERCENT and isinstance(value, int | Decimal):
        return german.percent(value)
    return written(value)


def value_of(table: Table, total: Total) -> Value:
    """Return a total as the rows have it; NOTHING where no row has a number."""
    cells = [row[total.column] for row in table.rows]
    if total.function is Function.KNOWN:
        if table.columns[total.column].kind is Kind.MONEY:
            return sum(not isinstance(cell, str | None) for cell in cells)
        return sum(cell not in (None, "") for cell in cells)
    if total.function is Function.COUNT:
        return sum(cell == total.text for cell in cells)
    if total.function is Function.SHARE:
        return _share(*(sum(_numbers(row[at] for row in table.rows)) for at in total.of))
    numbers = _numbers(cells)
    if not numbers:
        return NOTHING
    summed = sum(numbers)
    if table.columns[total.column].kind is Kind.MONEY:
        return Money(Decimal(summed))
    return summed


def _share(count: int | Decimal, of: int | Decimal) -> Value:
    if not of:
        return NOTHING
    return (Decimal(count * 100) / of).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _numbers(cells: Iterable[Value]) -> list[int | Decimal]:
    amounts = (cell.amount if isinstance(cell, Money) else cell for cell in cells)
    return [cell for cell in amounts if isinstance(cell, int | Decimal)]


def sums(label: str, columns: Iterable[int]) -> TotalRow:
    return TotalRow(label, tuple(Total(at, Function.SUM) for at in columns))


def known(label: str, columns: Iterable[int]) -> TotalRow:
    return TotalRow(label, tuple(Total(at, Function.KNOWN) for at in columns))


def counts(text: str, columns: Iterable[int]) -> TotalRow:
    """Return for each of these columns how many rows say exactly `text`."""
    return TotalRow(text, tuple(Total(at, Function.COUNT, text=text) for at in columns))


def cell(quantity: Quantity | None) -> Value:
    """Return a sum of reports as a cell: empty where nobody said anything, never 0 for it."""
    if quantity is None or not (quantity.count or quantity.unknown):
        return None
    return quantity.text if quantity.value is None else quantity.value


def quantity_column(key: str, label: str, width: int = 16) -> Column:
    """Return the column of a figure by its key (see EffectLine)."""
    kinds = {"fte": Kind.DECIMAL, "hours": Kind.DECIMAL}
    return Column(label, width, Kind.MONEY if is_money(key) else kinds.get(key, Kind.WHOLE))


def is_money(key: str) -> bool:
    """Return whether a figure is an amount in euro."""
    return key.startswith("cost") or key.endswith("funding")


def listing(
    title: str, sentence: str, names: tuple[str, ...], rows: Iterable[Row], *, key: str = ""
) -> Table:
    """Return a list of a paper; its columns are as wide as what they hold."""
    given = tuple(rows)
    shaped = tuple(Column(name, *_shape(given, at)) for at, name in enumerate(names))
    return Table(key, title, title, sentence, shaped, given)


def joined(head: str, lists: Iterable[Table]) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    """Return lists under each other, every value below its own head: columns and rows."""
    given = tuple(lists)
    names = dict.fromkeys(column.name for table in given for column in table.columns)
    rows: list[Row] = []
    for table in given:
        heads = [column.name for column in table.columns]
        for row in table.rows:
            values = dict(zip(heads, row, strict=True))
            rows.append((table.title, *(values.get(name) for name in names)))
    shaped = (Column(name, *_shape(rows, at)) for at, name in enumerate(names, 1))
    return (Column(head, 34), *shaped), tuple(rows)


def _shape(rows: Sequence[Row], at: int) -> tuple[int, Kind]:
    """Return width and kind of a column by what it holds."""
    cells = [row[at] for row in rows if row[at] not in (None, "")]
    kind = kind_of(cells)
    if kind is not Kind.TEXT:
        return 16, kind
    return (9 if all(len(str(item)) < 9 for item in cells) else 36), kind


def kind_of(cells: Iterable[Value]) -> Kind:
    """Return what a column of these cells holds; words beside numbers change nothing."""
    found = {type(item) for item in cells} - {str, NoneType}
    for kind, meant in (
        (Money, Kind.MONEY),
        (date, Kind.DAY),
        (Decimal, Kind.DECIMAL),
        (int, Kind.WHOLE),
    ):
        if kind in found:
            return meant
    return Kind.TEXT
