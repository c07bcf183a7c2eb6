"""A workbook as LibreOffice would save it as .ods: as much of OpenDocument as tests type."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style")
)
_STRUCK = "".join(
    f'<style:style style:name="{name}" style:family="{family}"><style:text-properties '
    'style:text-line-through-style="solid"/></style:style>'
    for name, family in (("struck", "text"), ("struck-cell", "table-cell"))
)


def as_ods(book: Workbook, repeated: Mapping[str, int] | None = None) -> bytes:
    """Return the file; behind each row and sheet stand the empty ones that LibreOffice counts.

    The last row of a sheet is there `repeated` times, as one that stands for them all.
    """
    tables = "".join(
        f"<table:table table:name={quoteattr(sheet.title)}>"
        f"{''.join(_rows(sheet, (repeated or {}).get(sheet.title, 1)))}</table:table>"
        for sheet in book.worksheets
    )
    content = (
        f"<office:document-content {_NAMES}><office:automatic-styles>{_STRUCK}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE)
        archive.writestr("content.xml", content)
    return target.getvalue()


def _rows(sheet: Any, repeated: int) -> Iterator[str]:
    last = sheet.max_row
    spans = {block.start_cell.coordinate: block.size for block in sheet.merged_cells.ranges}
    for number, cells in enumerate(sheet.iter_rows(), 1):
        group = "table:table-header-rows" if number == 1 else "table:table-row-group"
        row = "".join(_cell(cell, spans.get(cell.coordinate)) for cell in cells)
        rest = f'<table:table-cell table:number-columns-repeated="{16384 - len(cells)}"/>'
        times = repeated if number == last else 1
        begin = f'<table:table-row table:number-rows-repeated="{times}">'
        yield f"<{group}>{begin}{row}{rest}</table:table-row></{group}>"
    yield (
        '<table:table-row table:number-rows-repeated="1040000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )


def _cell(cell: Any, span: dict[str, int] | None) -> str:
    if isinstance(cell, MergedCell):
        return "<table:covered-table-cell/>"
    attributes = {f"table:number-{way}-spanned": str(size) for way, size in (span or {}).items()}
    if cell.font.strike:
        attributes["table:style-name"] = "struck-cell"
    attributes |= dict(_value(cell))
    comment = ""
    if cell.comment:
        comment = f"<office:annotation>{_paragraphs(cell.comment.text)}</office:annotation>"
    shown = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
    text = "" if cell.value is None else _paragraphs(cell.value)
    return f"<table:table-cell {shown}>{comment}{text}</table:table-cell>"


def _value(cell: Any) -> Iterator[tuple[str, str]]:
    value = cell.value
    if cell.data_type == "f":
        yield "table:formula", f"of:{value}"
    elif isinstance(value, bool):
        yield from _typed("boolean", "boolean-value", str(value).lower())
    elif isinstance(value, int | float):
        percent = cell.number_format.endswith("%")
        yield from _typed("percentage" if percent else "float", "value", repr(value))
    elif isinstance(value, date):
        yield from _typed("date", "date-value", value.isoformat())
    elif value is not None:
        yield "office:value-type", "string"


def _typed(kind: str, name: str, value: str) -> Iterator[tuple[str, str]]:
    yield "office:value-type", kind
    yield f"office:{name}", value


def _paragraphs(value: Any) -> str:
    runs = value if isinstance(value, CellRichText) else [str(value)]
    text = "".join(_run(run) for run in runs).replace("\n", "</text:p><text:p>")
    return f"<text:p>{text}</text:p>"


def _run(run: Any) -> str:
    text = escape(str(run)).replace("  ", ' <text:s text:c="1"/>').replace("\t", "<text:tab/>")
    is_struck = isinstance(run, TextBlock) and run.font.strike
    return f'<text:span text:style-name="struck">{text}</text:span>' if is_struck else text
