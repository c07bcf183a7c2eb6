"""The Controllingbericht as a workbook: real numbers and dates, texts never read as formulas."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tracker.exports.model import Money, Report, Value
from tracker.exports.xlsx_sheets import Table, tables

# Excel refuses longer cells; XML refuses these signs.
_CELL = 32_767
_CUT = " … [gekürzt; vollständig im JSON]"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class _Formats:
    title: Format
    text: Format
    head: Format
    cell: Format
    day: Format
    money: Format
    decimal: Format
    whole: Format


def to_xlsx(report: Report) -> bytes:
    """Return the workbook; the same report gives the same bytes."""
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    workbook = Workbook(target, options)
    cover = report.cover
    workbook.set_properties(
        {
            "title": f"{cover.title} – {cover.round}",
            "author": cover.office,
            "company": cover.city,
            "comments": f"Fassung {cover.version}, SHA-256 {cover.sha256}",
            "created": datetime.combine(cover.published_on, time(12), UTC).replace(tzinfo=None),
        }
    )
    formats = _formats(workbook)
    for table in tables(report):
        _write(workbook.add_worksheet(table.name), table, report, formats)
    workbook.close()
    return target.getvalue()


def _formats(workbook: Workbook) -> _Formats:
    top = {"valign": "top", "font_name": "Calibri", "font_size": 11}
    wrapped = top | {"text_wrap": True, "bottom": 1, "bottom_color": "#B9BEC6"}
    return _Formats(
        title=workbook.add_format(top | {"bold": True, "font_size": 14, "font_color": "#12407A"}),
        text=workbook.add_format(top | {"font_color": "#4A4F57"}),
        head=workbook.add_format(
            wrapped | {"bold": True, "bg_color": "#12407A", "font_color": "#FFFFFF"}
        ),
        cell=workbook.add_format(wrapped),
        day=workbook.add_format(wrapped | {"num_format": "dd.mm.yyyy", "align": "left"}),
        money=workbook.add_format(wrapped | {"num_format": "#,##0.00 €"}),
        decimal=workbook.add_format(wrapped | {"num_format": "#,##0.0#"}),
        whole=workbook.add_format(wrapped | {"num_format": "#,##0"}),
    )


def _write(sheet: Worksheet, table: Table, report: Report, formats: _Formats) -> None:
    cover = report.cover
    sheet.write_string(0, 0, _text(table.title), formats.title)
    sheet.write_string(
        1,
        0,
        _text(
            f"{cover.city}, {cover.round}, Stichtag {cover.as_of:%d.%m.%Y}, Fassung "
            f"{cover.version}, Prüfsumme {cover.sha256[:12]}"
        ),
        formats.text,
    )
    sheet.write_string(2, 0, _text(table.sentence), formats.text)
    sheet.write_string(3, 0, _text(cover.demonstration), formats.text)
    head = 5
    for column, (name, width) in enumerate(table.columns):
        sheet.set_column(column, column, width)
        sheet.write_string(head, column, _text(name), formats.head)
    last = _write_rows(sheet, table.rows, head + 1, formats)
    sheet.freeze_panes(head + 1, table.frozen)
    sheet.autofilter(head, 0, max(last, head + 1), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.set_footer(f"&LStichtag {cover.as_of:%d.%m.%Y} · {cover.sha256[:12]}&RSeite &P von &N")


def _write_rows(
    sheet: Worksheet, rows: Iterable[Sequence[Value]], first: int, formats: _Formats
) -> int:
    row = first
    for row, cells in enumerate(rows, first):
        for column, value in enumerate(cells):
            _write_cell(sheet, row, column, value, formats)
    return row


def _write_cell(sheet: Worksheet, row: int, column: int, value: Value, formats: _Formats) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, formats.cell)
    elif isinstance(value, Money):
        sheet.write_number(row, column, float(value.amount), formats.money)
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, float(value), formats.decimal)
    elif isinstance(value, int):
        sheet.write_number(row, column, value, formats.whole)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime.combine(value, time()), formats.day)
    else:
        sheet.write_string(row, column, _text(value), formats.cell)


def _text(text: str) -> str:
    clean = _UNPRINTABLE.sub("", text)
    return clean if len(clean) <= _CELL else clean[: _CELL - len(_CUT)] + _CUT
