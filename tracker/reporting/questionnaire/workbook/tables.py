"""A file's sheets as rows of cells by column name; what does not fit the form is a problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from openpyxl.utils import get_column_letter

from tracker.core import german
from tracker.reporting.questionnaire.workbook import layout, ods, problems, xlsx
from tracker.reporting.questionnaire.workbook.archive import (
    MAX_ROWS,
    MIMETYPE,
    damaged,
    unpacked,
)
from tracker.reporting.questionnaire.workbook.cells import (
    Merged,
    Sheet,
    SheetCell,
    as_text,
    shortened,
)
from tracker.reporting.questionnaire.workbook.model import SheetProblem

_NOTHING = SheetCell()
_READ = (*layout.HEADS, layout.IDENTITY)
# Rows above the heads that the form has itself: a title and a sentence, in the first column.
_TITLES = 2


@dataclass(frozen=True)
class SheetRow:
    """One row of a sheet: its number as the program shows it, its cells by column name."""

    sheet: str
    number: int
    cells: dict[str, SheetCell]

    def cell(self, head: str) -> SheetCell:
        return self.cells.get(head, _NOTHING)

    def text(self, head: str) -> str:
        """Return what names the row: read even if it was crossed out with all of the row."""
        cell = self.cell(head)
        return cell.struck if cell.is_empty else as_text(cell.value)


@dataclass
class Tables:
    """The file's sheets: `identity` as bare texts, the others as rows by sheet.

    `notes` are sentences about what was typed where nothing is read.
    """

    identity: list[list[str]] = field(default_factory=list)
    rows: dict[str, list[SheetRow]] = field(default_factory=dict)
    problems: list[SheetProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    letters: dict[tuple[str, str], str] = field(default_factory=dict)

    def placed(self, problem: SheetProblem) -> SheetProblem:
        letter = self.letters.get((problem.sheet, problem.column), "")
        return replace(problem, letter=letter)


def open_tables(data: bytes) -> Tables:
    """Read a file's sheets; raises UnusableFileError where it is no table of ours to be read."""
    tables = Tables()
    sheets = _sheets(data, tables.problems)
    for name in layout.HEADS:
        if name in sheets and not sheets[name].is_too_long:
            _add_rows(name, sheets[name], tables)
        elif name not in sheets:
            tables.problems.append(_missing_sheet(name))
    if layout.IDENTITY in sheets:
        tables.identity = [
            [as_text(cell.value) if cell.value is not None else "" for cell in row]
            for row in sheets[layout.IDENTITY].rows
        ]
    if not tables.identity:
        tables.problems.append(_missing_sheet(layout.IDENTITY))
    return tables


def _sheets(data: bytes, named: list[SheetProblem]) -> dict[str, Sheet]:
    """Return the sheets by name; those that are none of ours are problems."""
    parts = unpacked(data)
    read_sheets = ods.read_sheets if MIMETYPE in parts else xlsx.read_sheets
    try:
        sheets = read_sheets(parts, _READ)
    except MemoryError:
        raise
    except Exception as error:
        # Whatever a reader stumbles over: the file is not one that can be read.
        raise damaged() from error
    titles = [sheet.title for sheet in sheets]
    named.extend(
        SheetProblem(
            "Dieses Blatt gehört nicht zum Erhebungsbogen.",
            "Bitte löschen Sie es, oder geben Sie ihm seinen alten Namen zurück.",
            sheet=shortened(title),
        )
        for title in titles
        if title not in layout.SHEETS or titles.count(title) > 1
    )
    named.extend(
        SheetProblem(
            f"Dieses Blatt hat mehr als {german.number(MAX_ROWS)} Zeilen.",
            "Bitte löschen Sie die Zeilen, die nicht zum Bogen gehören. " + problems.FRESH,
            sheet=sheet.title,
        )
        for sheet in sheets
        if sheet.is_too_long
    )
    return {sheet.title: sheet for sheet in sheets if titles.count(sheet.title) == 1}


def _missing_sheet(name: str) -> SheetProblem:
    return SheetProblem("Das Blatt fehlt.", problems.FRESH, sheet=name)


def _add_rows(name: str, sheet: Sheet, tables: Tables) -> None:
    rows = sheet.rows
    heads = [
        as_text(cell.value) if not cell.is_empty else ""
        for row in rows[layout.HEAD :][:1]
        for cell in row
    ]
    tables.rows[name] = []
    for index, head in enumerate(heads, 1):
        tables.letters[(name, head)] = get_column_letter(index)
    missing = [head for head in layout.HEADS[name] if head not in heads]
    twice = sorted({head for head in heads if head and heads.count(head) > 1})
    head_row = layout.HEAD + 1
    tables.problems += [
        SheetProblem("Die Spalte fehlt.", problems.FRESH, name, head_row, head) for head in missing
    ]
    tables.problems += [
        SheetProblem(
            "Die Spalte steht zweimal da.", problems.FRESH, name, head_row, shortened(head)
        )
        for head in twice
    ]
    if missing or twice:
        return
    for block in sheet.merged:
        if head_row <= block.last_row and block.first_row <= len(rows):
            _check_merged(name, heads, block, tables.problems)
    _note_above(name, rows[: layout.HEAD], tables.notes)
    for number, cells in enumerate(rows[head_row:], head_row + 1):
        _check_strange(name, number, heads, cells, tables.problems)
        row = SheetRow(
            name, number, {head: cell for head, cell in zip(heads, cells, strict=False) if head}
        )
        is_entry = any(
            not row.cell(head).is_empty or row.cell(head).struck for head in layout.HEADS[name]
        )
        if is_entry:
            tables.rows[name].append(row)
        _note_cells(row, heads, cells, is_entry, tables.notes)


def _check_merged(
    name: str, heads: Sequence[str], block: Merged, named: list[SheetProblem]
) -> None:
    """Report cells that were made one: all but the first would be read as emptied."""
    touched = [
        head
        for head in heads[block.first_column - 1 : block.last_column]
        if head in layout.HEADS[name]
    ]
    if touched:
        first = f"{get_column_letter(block.first_column)}{block.first_row}"
        last = f"{get_column_letter(block.last_column)}{block.last_row}"
        wrong, remedy = problems.merged(first, last)
        named.append(SheetProblem(wrong, remedy, name, block.first_row, touched[0]))


def _note_above(name: str, rows: Sequence[Sequence[SheetCell]], notes: list[str]) -> None:
    for number, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells, 1):
            place = f"{get_column_letter(column)}{number}"
            if not cell.is_empty and not (column == 1 and number <= _TITLES):
                notes.append(problems.outside(name, place, as_text(cell.value)))
            if cell.comment:
                notes.append(problems.comment(name, place, cell.comment))


def _note_cells(
    row: SheetRow,
    heads: Sequence[str],
    cells: Sequence[SheetCell],
    is_entry: bool,
    notes: list[str],
) -> None:
    for column, cell in enumerate(cells, 1):
        head = heads[column - 1] if column <= len(heads) else ""
        place = f"{get_column_letter(column)}{row.number}"
        if cell.comment:
            notes.append(problems.comment(row.sheet, place, cell.comment))
        if cell.struck and head in layout.INPUTS[row.sheet]:
            notes.append(problems.struck(row.sheet, place, cell.struck))
        if not is_entry and not cell.is_empty and head in layout.SHOWN[row.sheet]:
            notes.append(problems.outside(row.sheet, place, as_text(cell.value)))


def _check_strange(
    name: str,
    number: int,
    heads: Sequence[str],
    cells: Sequence[SheetCell],
    named: list[SheetProblem],
) -> None:
    """Report entries in columns that are not ours: they would be lost without a word."""
    heads_known = {*layout.HEADS[name], *layout.SHOWN[name]}
    for index, cell in enumerate(cells):
        head = heads[index] if index < len(heads) else ""
        if head not in heads_known and not cell.is_empty:
            named.append(
                SheetProblem(
                    "Diese Spalte gehört nicht zum Erhebungsbogen.",
                    "Bitte tragen Sie die Angabe in eine Spalte des Bogens ein und leeren Sie das "
                    "Feld.",
                    name,
                    number,
                    shortened(head) or get_column_letter(index + 1),
                )
            )
