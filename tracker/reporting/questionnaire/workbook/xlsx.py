"""The sheets of an XLSX, read by openpyxl."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Collection, Mapping
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText

from tracker.reporting.questionnaire.workbook.archive import MAX_ROWS
from tracker.reporting.questionnaire.workbook.cells import (
    MAX_COLUMNS,
    Merged,
    Sheet,
    SheetCell,
    as_text,
    shown_number,
)

# What a sheet shows beside its cells: never read, and nothing that openpyxl should stumble over.
_DRAWN = re.compile(rb'<Relationship\b(?=[^<>]*/(?:drawing|chart|image|pivotTable)")[^<>]*/>')
# Signs of a number's format that are shown as they are.
_LITERAL = re.compile(r'"[^"]*"|\\.')


def read_sheets(parts: Mapping[str, bytes], named: Collection[str]) -> list[Sheet]:
    """Return all sheets, those that are not `named` without their cells."""
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, part in parts.items():
            is_of_sheet = name.startswith("xl/worksheets/_rels/")
            archive.writestr(name, _DRAWN.sub(b"", part) if is_of_sheet else part)
    with warnings.catch_warnings():
        # openpyxl warns of what it leaves out (pictures, extensions): nothing that we read.
        warnings.simplefilter("ignore")
        book: Any = load_workbook(packed, rich_text=True, keep_links=False)
    return [_sheet(sheet, is_read=sheet.title in named) for sheet in book.worksheets]


def _sheet(sheet: Any, *, is_read: bool) -> Sheet:
    if not is_read or sheet.max_row > MAX_ROWS:
        return Sheet(sheet.title, is_too_long=is_read)
    columns = min(sheet.max_column, MAX_COLUMNS)
    rows = [[_cell(cell) for cell in row] for row in sheet.iter_rows(max_col=columns)]
    while rows and all(cell.is_blank for cell in rows[-1]):
        rows.pop()
    return Sheet(
        sheet.title,
        rows,
        tuple(
            Merged(block.min_row, block.max_row, block.min_col, block.max_col)
            for block in sheet.merged_cells.ranges
        ),
    )


def _cell(cell: Any) -> SheetCell:
    comment = cell.comment.text if cell.comment else ""
    value, struck = cell.value, ""
    if value is None:
        return SheetCell(comment=comment)
    if isinstance(value, CellRichText):
        runs = [(str(run), _font(run, cell).strike) for run in value]
        value = "".join(text for text, is_struck in runs if not is_struck)
        struck = "".join(text for text, is_struck in runs if is_struck)
    elif cell.font.strike:
        value, struck = None, as_text(value)
    elif cell.data_type == "n":
        value = shown_number(value, percent="%" in _LITERAL.sub("", cell.number_format))
    return SheetCell(value, cell.data_type, comment, struck)


def _font(run: Any, cell: Any) -> Any:
    return cell.font if isinstance(run, str) else run.font
