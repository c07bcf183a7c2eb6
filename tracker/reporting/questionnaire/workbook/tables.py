"""A file's sheets as rows of cells by column name; what does not fit the form is a problem."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from tracker.core import german
from tracker.reporting.questionnaire.workbook import layout
from tracker.reporting.questionnaire.workbook.archive import MAX_ROWS, damaged, require_harmless
from tracker.reporting.questionnaire.workbook.cells import SheetCell, as_text, shortened
from tracker.reporting.questionnaire.workbook.model import SheetProblem

MAX_COLUMNS = 100
_AGAIN = "Bitte laden Sie den Bogen neu herunter und tragen Sie Ihre Angaben dort ein."
_NOTHING = SheetCell()

Grid = list[list[SheetCell]]


@dataclass(frozen=True)
class SheetRow:
    """One row of a sheet: its number as the program shows it, its cells by column name."""

    sheet: str
    number: int
    cells: dict[str, SheetCell]

    def cell(self, head: str) -> SheetCell:
        return self.cells.get(head, _NOTHING)

    def text(self, head: str) -> str:
        cell = self.cell(head)
        return "" if cell.is_empty else as_text(cell.value)


@dataclass(frozen=True)
class Tables:
    """The file's sheets: `identity` as bare texts, the others as rows by sheet."""

    identity: list[list[str]]
    rows: dict[str, list[SheetRow]]
    problems: tuple[SheetProblem, ...]
    letters: dict[tuple[str, str], str]

    def placed(self, problem: SheetProblem) -> SheetProblem:
        letter = self.letters.get((problem.sheet, problem.column), "")
        return replace(problem, letter=letter)


def open_tables(data: bytes) -> Tables:
    """Read a file's sheets; raises UnusableFileError where it is no table of ours to be read."""
    require_harmless(data)
    problems: list[SheetProblem] = []
    grids = _grids(data, problems)
    rows = {}
    letters = {}
    for name in layout.HEADS:
        if name in grids:
            for index, head in enumerate(_heads(grids[name]), 1):
                letters[(name, head)] = get_column_letter(index)
            rows[name] = _rows(name, grids[name], problems)
        else:
            problems.append(_missing_sheet(name))
    identity = [
        [as_text(cell.value) if cell.value is not None else "" for cell in row]
        for row in grids.get(layout.IDENTITY, [])
    ]
    if not identity:
        problems.append(_missing_sheet(layout.IDENTITY))
    return Tables(identity, rows, tuple(problems), letters)


def _grids(data: bytes, problems: list[SheetProblem]) -> dict[str, Grid]:
    with warnings.catch_warnings():
        # openpyxl warns of what it leaves out (pictures, extensions): nothing that we read.
        warnings.simplefilter("ignore")
        try:
            return dict(_sheets(data, problems))
        except Exception as error:
            # Whatever openpyxl stumbles over: the file is not one that can be read.
            raise damaged() from error


def _sheets(data: bytes, problems: list[SheetProblem]) -> Iterator[tuple[str, Grid]]:
    book: Any = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_vba=False)
    titles = [sheet.title for sheet in book.worksheets]
    for sheet in book.worksheets:
        if sheet.title not in layout.SHEETS or titles.count(sheet.title) > 1:
            problems.append(
                SheetProblem(
                    "Dieses Blatt gehört nicht zum Erhebungsbogen.",
                    "Bitte löschen Sie es, oder geben Sie ihm seinen alten Namen zurück.",
                    sheet=shortened(sheet.title),
                )
            )
        elif sheet.title != layout.GUIDE:
            yield sheet.title, _grid(sheet, problems)
    book.close()


def _grid(sheet: Any, problems: list[SheetProblem]) -> Grid:
    # A file may say less about its size than it holds; what counts is what is there.
    sheet.reset_dimensions()
    grid: Grid = []
    for cells in sheet.iter_rows(max_col=MAX_COLUMNS):
        if len(grid) == MAX_ROWS:
            problems.append(
                SheetProblem(
                    f"Dieses Blatt hat mehr als {german.number(MAX_ROWS)} Zeilen.",
                    "Bitte löschen Sie die Zeilen, die nicht zum Bogen gehören. " + _AGAIN,
                    sheet=sheet.title,
                )
            )
            break
        grid.append(_entries(cells))
    return grid


def _entries(cells: Sequence[Any]) -> list[SheetCell]:
    last = max((index for index, cell in enumerate(cells) if cell.value is not None), default=-1)
    return [
        _NOTHING if cell.value is None else SheetCell(cell.value, cell.data_type)
        for cell in cells[: last + 1]
    ]


def _missing_sheet(name: str) -> SheetProblem:
    return SheetProblem("Das Blatt fehlt.", _AGAIN, sheet=name)


def _rows(name: str, grid: Grid, problems: list[SheetProblem]) -> list[SheetRow]:
    heads = _heads(grid)
    missing = [head for head in layout.HEADS[name] if head not in heads]
    twice = sorted({head for head in heads if head and heads.count(head) > 1})
    row = layout.HEAD + 1
    problems.extend(SheetProblem("Die Spalte fehlt.", _AGAIN, name, row, head) for head in missing)
    problems.extend(
        SheetProblem("Die Spalte steht zweimal da.", _AGAIN, name, row, shortened(head))
        for head in twice
    )
    if missing or twice:
        return []
    rows = []
    for number, cells in enumerate(grid[layout.HEAD + 1 :], layout.HEAD + 2):
        named = {head: cell for head, cell in zip(heads, cells, strict=False) if head}
        _check_strange(name, number, heads, cells, problems)
        sheet_row = SheetRow(name, number, named)
        if any(not sheet_row.cell(head).is_empty for head in layout.HEADS[name]):
            rows.append(sheet_row)
    return rows


def _check_strange(
    name: str,
    number: int,
    heads: Sequence[str],
    cells: Sequence[SheetCell],
    problems: list[SheetProblem],
) -> None:
    """Report entries in columns that are not ours: they would be lost without a word."""
    heads_known = {*layout.HEADS[name], *layout.SHOWN[name]}
    for index, cell in enumerate(cells):
        head = heads[index] if index < len(heads) else ""
        if head not in heads_known and not cell.is_empty:
            problems.append(
                SheetProblem(
                    "Diese Spalte gehört nicht zum Erhebungsbogen.",
                    "Bitte tragen Sie die Angabe in eine Spalte des Bogens ein und leeren Sie das "
                    "Feld.",
                    name,
                    number,
                    shortened(head) or get_column_letter(index + 1),
                )
            )


def _heads(grid: Grid) -> list[str]:
    heads = grid[layout.HEAD] if len(grid) > layout.HEAD else []
    return [as_text(cell.value) if not cell.is_empty else "" for cell in heads]
