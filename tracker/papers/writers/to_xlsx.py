"""The report's tables as a workbook: real numbers and dates, texts never read as formulas.

Totals are formulas that carry their value, so that they can be checked and follow a filter, and
are right in a program that computes nothing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from functools import lru_cache
from itertools import repeat
from math import ceil

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_pixel_width, xl_range
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tracker.papers.tables import tables
from tracker.publication.reading.model import Cover, Money, Report, Value
from tracker.publication.reading.table import NOTHING, Function, Kind, Table, Total, value_of
from tracker.publication.reading.words import TEXTS

# The row of the heads, counted from 0; above it title, origin, sentence, demonstration, scope.
_HEAD = 5
# Excel refuses longer cells; XML refuses these signs.
_CELL = 32_767
_CUT = " … [gekürzt; vollständig im JSON]"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# So many characters stand side by side on a landscape page and are still read.
_PAGE = 210
_INTRO = 110
# Heights are given, because not every program finds them when it opens the file: points of a
# line, the most that Excel allows.
_LINE = 15.0
_HIGHEST = 409.0
# Pixels of the letters that cells are written in, Calibri in 11 points.
_FIGURE = 7
_BLANK = 3
_WIDE = 8
_Look = dict[str, object]
# A decimal shows the places it has: with fewer "1.250," would end in a comma.
_PLACES = 6
_Shape = Kind | int


@dataclass(frozen=True)
class _Formats:
    title: Format
    text: Format
    mark: Format
    head: Format
    number_head: Format
    link: Format
    cells: dict[_Shape, Format]
    totals: dict[_Shape, Format]


def to_xlsx(report: Report) -> bytes:
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    workbook = Workbook(target, options)
    _describe(workbook, report.cover)
    formats = _formats(workbook)
    for table in tables(report):
        _write(workbook.add_worksheet(table.name), table, report, formats)
    workbook.close()
    return target.getvalue()


def _describe(workbook: Workbook, cover: Cover) -> None:
    origin = (
        f"Stichtag {cover.as_of:%d.%m.%Y}, Fassung {cover.version}, SHA-256 {cover.sha256}. "
        f"{cover.demonstration}"
    )
    workbook.set_properties(
        {
            "title": f"{cover.title} – {cover.round}",
            "subject": cover.concept[:255],
            "author": cover.office,
            "company": cover.city,
            "comments": origin.strip(),
            "created": datetime.combine(cover.published_on, time(12), UTC).replace(tzinfo=None),
        }
    )
    workbook.set_custom_property("Sprache", "de-DE")


def _formats(workbook: Workbook) -> _Formats:
    top: _Look = {"valign": "top", "font_name": "Calibri", "font_size": 11}
    cell: _Look = top | {"text_wrap": True, "bottom": 1, "bottom_color": "#B9BEC6"}
    total: _Look = cell | {"bold": True, "top": 2, "top_color": "#12407A", "bg_color": "#EEF2F7"}
    # The gap at the right keeps a number from touching the word in the next column.
    right: _Look = {"align": "right", "indent": 1}
    shapes: dict[_Shape, _Look] = {
        Kind.TEXT: {},
        Kind.WHOLE: right | {"num_format": "#,##0"},
        Kind.PERCENT: right | {"num_format": '0.0" %"'},
        Kind.MONEY: right | {"num_format": "#,##0.00 €"},
        Kind.DAY: {"num_format": "dd.mm.yyyy", "align": "left"},
        0: right | {"num_format": "#,##0"},
    }
    for places in range(1, _PLACES + 1):
        shapes[places] = right | {"num_format": f"#,##0.{'0' * places}"}
    head: _Look = cell | {"bold": True, "bg_color": "#12407A", "font_color": "#FFFFFF"}
    return _Formats(
        title=workbook.add_format(top | {"bold": True, "font_size": 14, "font_color": "#12407A"}),
        text=workbook.add_format(top | {"font_color": "#4A4F57", "text_wrap": True}),
        mark=workbook.add_format(top | {"bold": True, "text_wrap": True}),
        head=workbook.add_format(head),
        number_head=workbook.add_format(head | right),
        link=workbook.add_format(cell | {"font_color": "#12407A", "underline": 1}),
        cells={kind: workbook.add_format(cell | shape) for kind, shape in shapes.items()},
        totals={kind: workbook.add_format(total | shape) for kind, shape in shapes.items()},
    )


def _write(sheet: Worksheet, table: Table, report: Report, formats: _Formats) -> None:
    _write_intro(sheet, table, report, formats)
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, column.width)
        is_text = column.kind in {Kind.TEXT, Kind.DAY}
        head = formats.head if is_text else formats.number_head
        sheet.write_string(_HEAD, at, _text(column.name), head)
    widths = [column.width for column in table.columns]
    sheet.set_row(_HEAD, _height([column.name for column in table.columns], widths))
    for row, cells in enumerate(table.rows, _HEAD + 1):
        sheet.set_row(row, _height(cells, widths))
        for at, value in enumerate(cells):
            _write_cell(sheet, (row, at), value, table.columns[at].kind, formats.cells)
    if table.key == "inhalt":
        _link(sheet, table, formats)
    if table.rows:
        _write_totals(sheet, table, formats)
    _set_up(sheet, table, report.cover)


def _write_intro(sheet: Worksheet, table: Table, report: Report, formats: _Formats) -> None:
    """Write title, origin, sentence, demonstration and scope, each over as many columns as fit."""
    cover = report.cover
    origin = (
        f"{cover.city}, {cover.round}, Stichtag {cover.as_of:%d.%m.%Y}, Fassung {cover.version}, "
        f"Prüfsumme {cover.sha256[:12]}, Texte {TEXTS}"
    )
    lines = (
        (table.title, formats.title),
        (origin, formats.text),
        (table.sentence, formats.text),
        (cover.demonstration, formats.mark),
        (report.scope_note if table.sentence != report.scope_note else "", formats.mark),
    )
    last, width = _reach(table)
    for row, (text, shape) in enumerate(lines):
        if not text:
            continue
        if last:
            sheet.merge_range(row, 0, row, last, "", shape)
        sheet.write_string(row, 0, _text(text), shape)
        if row:
            sheet.set_row(row, _height([text], [width]))


def _reach(table: Table) -> tuple[int, int]:
    """Return the last column that the lines above the table may use, and how wide that is."""
    width = 0
    for at, column in enumerate(table.columns):
        width += column.width
        if width >= _INTRO:
            return at, width
    return len(table.columns) - 1, width


def _height(cells: Sequence[Value], widths: Sequence[int]) -> float:
    """Return the height in points at which the longest text of a row can be read."""
    lines = 1
    for cell, width in zip(cells, widths, strict=True):
        if isinstance(cell, str):
            lines = max(lines, sum(map(_lines, cell.split("\n"), repeat(width))))
    return min(_LINE * lines, _HIGHEST)


def _lines(text: str, width: int) -> int:
    """Return in how many lines a column shows the text; it is as wide as so many figures."""
    room = width * _FIGURE
    if len(text) * _WIDE <= room:
        return 1
    lines, used = 1, 0
    for word in text.split(" "):
        pixels = _word_width(word)
        if used and used + pixels > room:
            lines, used = lines + 1, 0
        lines += pixels // room
        used += pixels % room + _BLANK
    return lines


@lru_cache(10_000)
def _word_width(word: str) -> int:
    return int(xl_pixel_width(word))


def _write_cell(
    sheet: Worksheet,
    place: tuple[int, int],
    value: Value,
    kind: Kind,
    formats: dict[_Shape, Format],
) -> None:
    row, at = place
    if value is None or value == "":
        sheet.write_blank(row, at, None, formats[Kind.TEXT])
    elif isinstance(value, str):
        sheet.write_string(row, at, _text(value), formats[Kind.TEXT])
    elif isinstance(value, Money):
        sheet.write_number(row, at, float(value.amount), formats[Kind.MONEY])
    elif isinstance(value, Decimal):
        shape = Kind.PERCENT if kind is Kind.PERCENT else _places(value)
        sheet.write_number(row, at, float(value), formats[shape])
    elif isinstance(value, int):
        sheet.write_number(row, at, value, formats[Kind.WHOLE])
    else:
        sheet.write_datetime(row, at, datetime.combine(value, time()), formats[Kind.DAY])


def _write_totals(sheet: Worksheet, table: Table, formats: _Formats) -> None:
    first = _HEAD + 1
    last = _HEAD + len(table.rows)
    for row, line in enumerate(table.totals, last + 1):
        for at in range(len(table.columns)):
            sheet.write_blank(row, at, None, formats.totals[Kind.TEXT])
        for total in line.totals:
            value = value_of(table, total)
            counted = total.function in {Function.KNOWN, Function.COUNT}
            shape = Kind.WHOLE if counted else _shape(table, total.column)
            sheet.write_formula(
                row,
                total.column,
                _formula(total, first, last, row, table.columns[total.column].kind),
                formats.totals[shape],
                value=_cached(value),
            )
        sheet.write_string(row, table.label_at, _text(line.label), formats.totals[Kind.TEXT])


def _shape(table: Table, column: int) -> _Shape:
    kind = table.columns[column].kind
    if kind is not Kind.DECIMAL:
        return kind
    values = (row[column] for row in table.rows)
    return max((_places(value) for value in values if isinstance(value, Decimal)), default=0)


def _places(value: Decimal) -> int:
    return min(max(-int(value.normalize().as_tuple().exponent), 0), _PLACES)


def _formula(total: Total, first: int, last: int, row: int, kind: Kind) -> str:
    cells = xl_range(first, total.column, last, total.column)
    if total.function is Function.KNOWN:
        # Of amounts only numbers count: "nicht bekannt" is none.
        return f"=SUBTOTAL({2 if kind is Kind.MONEY else 3},{cells})"
    if total.function is Function.COUNT:
        # Wildcards of COUNTIF are meant as signs.
        text = re.sub(r"([~*?])", r"~\1", total.text).replace('"', '""')
        return f'=COUNTIF({cells},"{text}")'
    if total.function is Function.SHARE:
        count, of = (xl_range(row, at, row, at) for at in total.of)
        return f'=IF(N({of})=0,"{NOTHING}",ROUND({count}*100/{of},1))'
    return f'=IF(SUBTOTAL(2,{cells})=0,"{NOTHING}",SUBTOTAL(9,{cells}))'


def _cached(value: Value) -> float | int | str:
    if isinstance(value, Money):
        return float(value.amount)
    if isinstance(value, int):
        return value
    return float(value) if isinstance(value, Decimal) else str(value)


def _link(sheet: Worksheet, table: Table, formats: _Formats) -> None:
    for row, cells in enumerate(table.rows, _HEAD + 1):
        name = str(cells[0])
        sheet.write_url(row, 0, f"internal:'{name}'!A1", formats.link, string=name)


def _set_up(sheet: Worksheet, table: Table, cover: Cover) -> None:
    last = max(len(table.rows), 1)
    columns = len(table.columns)
    sheet.freeze_panes(_HEAD + 1, table.frozen)
    sheet.autofilter(_HEAD, 0, _HEAD + last, columns - 1)
    # Codes like 1.1 are texts on purpose: no green corner in every cell.
    sheet.ignore_errors({"number_stored_as_text": xl_range(_HEAD + 1, 0, _HEAD + last, columns)})
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    width = sum(column.width for column in table.columns)
    if width > _INTRO:
        sheet.set_landscape()
    sheet.fit_to_pages(ceil(width / _PAGE), 0)
    sheet.repeat_rows(_HEAD)
    if table.frozen and width > _PAGE:
        sheet.repeat_columns(0, table.frozen - 1)
    mark = " · Vorführung" if cover.demonstration else ""
    origin = f"{cover.round}, Stichtag {cover.as_of:%d.%m.%Y} · {cover.sha256[:12]}{mark}"
    sheet.set_footer(f"&L{origin.replace('&', '&&')}&RSeite &P von &N")


def _text(text: str) -> str:
    clean = text if text.isprintable() else _UNPRINTABLE.sub("", text)
    return clean if len(clean) <= _CELL else clean[: _CELL - len(_CUT)] + _CUT
