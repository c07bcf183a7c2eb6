"""The sheets of an ODS, from its part that holds them all (OpenDocument 1.3, part 3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from lxml import etree

from tracker.reporting.questionnaire.workbook.archive import CONTENT, MAX_ROWS
from tracker.reporting.questionnaire.workbook.cells import (
    MAX_COLUMNS,
    Merged,
    Sheet,
    SheetCell,
    as_text,
    shown_number,
)

_OFFICE, _TABLE, _TEXT, _STYLE = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}"
    for name in ("office", "table", "text", "style")
)
_HIGH, _WIDE = f"{_TABLE}number-rows-spanned", f"{_TABLE}number-columns-spanned"
_TYPE, _FORMULA = f"{_OFFICE}value-type", f"{_TABLE}formula"
_CELL, _COVERED = f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"
_ROW = f"{_TABLE}table-row"
_GROUPS = {f"{_TABLE}table-header-rows", f"{_TABLE}table-row-group", f"{_TABLE}table-rows"}
_SIGNS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_LONGEST = 1_000  # blanks that one mark may stand for


def read_sheets(parts: Mapping[str, bytes], named: Collection[str]) -> list[Sheet]:
    """Return all sheets, those that are not `named` without their cells."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    document = etree.fromstring(parts[CONTENT], parser)
    struck = frozenset(_struck_styles(document))
    tables = document.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table")
    return [_sheet(table, named, struck) for table in tables]


def _struck_styles(document: Any) -> Iterator[str]:
    for style in document.iterfind(f"{_OFFICE}automatic-styles/{_STYLE}style"):
        for text in style.iterfind(f"{_STYLE}text-properties"):
            lines = {text.get(f"{_STYLE}text-line-through-{part}") for part in ("style", "type")}
            if lines - {None, "none"}:
                yield style.get(f"{_STYLE}name")


def _sheet(table: Any, named: Collection[str], struck: Collection[str]) -> Sheet:
    title = table.get(f"{_TABLE}name", "")
    rows: list[list[SheetCell]] = []
    merged: list[Merged] = []
    empty = 0
    for row in _rows(table) if title in named else ():
        repeated = int(row.get(f"{_TABLE}number-rows-repeated", 1))
        cells = _cells(row, len(rows) + empty + 1, merged, struck)
        if not cells:
            # They count only where another row follows.
            empty += repeated
        elif len(rows) + empty + repeated > MAX_ROWS:
            return Sheet(title, is_too_long=True)
        else:
            rows += [[]] * empty + [cells] * repeated
            empty = 0
    return Sheet(title, rows, tuple(merged))


def _rows(parent: Any) -> Iterator[Any]:
    for child in parent:
        if child.tag == _ROW:
            yield child
        elif child.tag in _GROUPS:
            yield from _rows(child)


def _cells(row: Any, number: int, merged: list[Merged], struck: Collection[str]) -> list[SheetCell]:
    """Return a row's cells up to the last that holds something; adds what is merged in it."""
    cells: list[SheetCell] = []
    empty = 0
    for element in row.iterchildren(_CELL, _COVERED):
        repeated = int(element.get(f"{_TABLE}number-columns-repeated", 1))
        column = len(cells) + empty + 1
        high, wide = int(element.get(_HIGH, 1)), int(element.get(_WIDE, 1))
        if high > 1 or wide > 1:
            merged.append(Merged(number, number + high - 1, column, column + wide - 1))
        # What is only formatted has neither a type nor a text; there may be very many.
        is_filled = len(element) or element.get(_TYPE) or element.get(_FORMULA)
        cell = _cell(element, struck) if is_filled and element.tag == _CELL else SheetCell()
        if cell.is_blank:
            empty += repeated
        else:
            cells += [SheetCell()] * min(empty, MAX_COLUMNS - len(cells))
            cells += [cell] * min(repeated, MAX_COLUMNS - len(cells))
            empty = 0
    return cells


def _cell(element: Any, struck: Collection[str]) -> SheetCell:
    comment = "\n".join(
        _text(paragraph, ())[0] for paragraph in element.iterfind(f"{_OFFICE}annotation//{_TEXT}p")
    )
    value: Any
    value, kind = _value(element)
    paragraphs = [_text(paragraph, struck) for paragraph in element.iterfind(f"{_TEXT}p")]
    crossed_out = "\n".join(text for _, text in paragraphs if text)
    if element.get(f"{_TABLE}style-name") in struck:
        value, crossed_out = None, "" if value is None else as_text(value)
    elif kind == "s" and paragraphs:
        value = "\n".join(kept for kept, _ in paragraphs)
    return SheetCell(value, kind, comment, crossed_out)


def _value(element: Any) -> tuple[Any, str]:
    """Return a cell's value and its type as in an XLSX."""
    if element.get(_FORMULA):
        return element.get(_FORMULA), "f"
    kind = element.get(_TYPE)
    if kind in {"float", "percentage", "currency"}:
        number = float(element.get(f"{_OFFICE}value"))
        return shown_number(number, percent=kind == "percentage"), "n"
    if kind == "date":
        with suppress(ValueError):  # a year before 1 or after 9999 stays a text
            return datetime.fromisoformat(element.get(f"{_OFFICE}date-value")), "d"
    if kind == "boolean":
        return element.get(f"{_OFFICE}boolean-value") == "true", "b"
    shown = "\n".join(_text(paragraph, ())[0] for paragraph in element.iterfind(f"{_TEXT}p"))
    return shown or element.get(f"{_OFFICE}string-value"), "s"


def _text(element: Any, struck: Collection[str], *, is_struck: bool = False) -> tuple[str, str]:
    """Return the text of a paragraph or part of one, and what of it is crossed out."""
    is_struck = is_struck or element.get(f"{_TEXT}style-name") in struck
    kept, crossed_out = _told_apart(element.text, is_struck=is_struck)
    for child in element:
        if child.tag == f"{_TEXT}s":
            blanks = min(int(child.get(f"{_TEXT}c", 1)), _LONGEST)
            inner = _told_apart(" " * blanks, is_struck=is_struck)
        elif child.tag in _SIGNS:
            inner = _told_apart(_SIGNS[child.tag], is_struck=is_struck)
        else:
            inner = _text(child, struck, is_struck=is_struck)
        tail = _told_apart(child.tail, is_struck=is_struck)
        kept += inner[0] + tail[0]
        crossed_out += inner[1] + tail[1]
    return kept, crossed_out


def _told_apart(text: str | None, *, is_struck: bool) -> tuple[str, str]:
    return ("", text or "") if is_struck else (text or "", "")
