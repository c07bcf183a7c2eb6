"""A workbook in our form: formats, cells that are never formulas, heads, protection, printing."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tracker.core.text import MAX_COUNT, MAX_TEXT
from tracker.reporting.questionnaire.workbook.canonical import in_cell
from tracker.reporting.questionnaire.workbook.layout import HEAD, Input, InputKind
from tracker.reporting.questionnaire.workbook.model import FORMAT, Questionnaire
from tracker.reporting.rules.content import ReportContent

BLUE, GREY, LINE = "#12407A", "#ECEEF1", "#B9BEC6"
_SEEN_DIGITS = 15  # Excel keeps no more
_PROTECTED = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_columns": True,
    "format_rows": True,
}
_NUMBER_FORMAT = {
    InputKind.NUMBER: "#,##0.00",
    InputKind.COUNT: "#,##0",
    InputKind.DAY: "dd.mm.yyyy",
}


class Look(StrEnum):
    """How a cell looks: to fill in, locked, or the value of an earlier quarter."""

    INPUT = "input"
    LOCKED = "locked"
    EARLIER = "earlier"


class Book:
    """A workbook that is being written; `finished` returns its bytes, the same every time."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self._target = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = Workbook(self._target, options)
        period = questionnaire.period
        self._book.set_properties(
            {
                "title": f"Erhebungsbogen {period.long_label} – {questionnaire.institution}",
                "author": questionnaire.office,
                "comments": f"Format {FORMAT}",
                "created": datetime.combine(period.end, time(12), UTC).replace(tzinfo=None),
            }
        )
        self._formats: dict[str, Format] = {}
        self.heights = Heights()

    def sheet(self, name: str, title: str, sentence: str) -> Worksheet:
        """Add a protected sheet with two lines about it, printed across on A4."""
        sheet = self._book.add_worksheet(name)
        sheet.write_string(0, 0, in_cell(title), self.text(bold=True, size=14, colour=BLUE))
        sheet.write_string(1, 0, in_cell(sentence), self.text())
        sheet.protect("", _PROTECTED)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.6)
        period, institution = self.questionnaire.period.label, self.questionnaire.institution
        footer = f"&L{institution.replace('&', '&&')[:150]} · {period}&RSeite &P von &N"
        sheet.set_footer(footer)
        return sheet

    def title_on_every_page(self, sheet: Worksheet, name: str, last: tuple[int, int]) -> None:
        """Print from the heads on, to `last` (row and column), with the title above each page.

        As a cell it would be cut on every page of a sheet that is several pages wide.
        """
        period, institution = self.questionnaire.period.long_label, self.questionnaire.institution
        title = in_cell(f"{name} – {period} – {institution}")
        sheet.set_header(f"&L&B{title.replace('&', '&&')[:200]}")
        sheet.print_area(HEAD, 0, *last)

    def head(self, sheet: Worksheet, column: int, text: str, width: int, note: str = "") -> None:
        """Write a column's head; its definition opens as a comment."""
        look = {"bold": True, "font_color": "#FFFFFF", "bg_color": BLUE, "valign": "vcenter"}
        sheet.write_string(HEAD, column, text, self._format("head", look | {"text_wrap": True}))
        sheet.set_column(column, column, width)
        self.heights.widths[(sheet.get_name(), column)] = width
        # Bold letters are wider, and Excel draws a mark for the comment.
        self.heights.add(sheet, HEAD, column, text, wider=1.3)
        if note:
            size = {"width": 380, "height": 30 + 18 * (note.count("\n") + len(note) // 55 + 1)}
            sheet.write_comment(HEAD, column, note, size | {"author": ""})

    def put(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        value: CellValue,
        *,
        look: Look,
        kind: InputKind,
    ) -> None:
        """Write a value; text stays text whatever it begins with."""
        form = self._cell(look, kind)
        if value is None or value == "":
            sheet.write_blank(row, column, None, form)
        elif isinstance(value, Decimal):
            if _exact(value):
                sheet.write_number(row, column, float(value), form)
            else:
                sheet.write_string(row, column, format(value, "f").replace(".", ","), form)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime.combine(value, time()), form)
        else:
            sheet.write_string(row, column, in_cell(value), form)
            self.heights.add(sheet, row, column, in_cell(value))

    def check(self, sheet: Worksheet, first: int, last: int, column: int, about: Input) -> None:
        """Let the program check what is typed into a column, and offer what can be chosen."""
        rule = _rule(about)
        if rule:
            sheet.data_validation(first, column, last, column, rule)

    def text(self, *, bold: bool = False, size: int = 11, colour: str = "#1F2328") -> Format:
        look: dict[str, Any] = {"bold": bold, "font_size": size, "font_color": colour}
        return self._format(f"text {bold} {size} {colour}", look)

    def wrapped(self) -> Format:
        return self._format("wrapped", {"text_wrap": True})

    def finished(self) -> bytes:
        self.heights.set(self._book.worksheets())
        self._book.close()
        return self._target.getvalue()

    def _cell(self, look: Look, kind: InputKind) -> Format:
        # Text cells are typed as text: "1.10" stays a number of a measure, "=" begins no formula.
        shape: dict[str, Any] = {
            "text_wrap": True,
            "border": 1,
            "border_color": LINE,
            "num_format": _NUMBER_FORMAT.get(kind, "@"),
            "locked": look is not Look.INPUT,
        }
        if look is not Look.INPUT:
            shape["bg_color"] = GREY
        if look is Look.EARLIER:
            shape |= {"font_color": "#4A4F57", "italic": True}
        return self._format(f"{look} {kind}", shape)

    def _format(self, name: str, look: dict[str, Any]) -> Format:
        if name not in self._formats:
            base = {"valign": "top", "font_name": "Calibri", "font_size": 11}
            self._formats[name] = self._book.add_format(base | look)
        return self._formats[name]


def _exact(value: Decimal) -> bool:
    digits = len(value.as_tuple().digits)
    return digits <= _SEEN_DIGITS and Decimal(repr(float(value))) == value


def _rule(column: Input) -> dict[str, Any]:
    if column.kind is InputKind.CHOICE:
        offered = {"validate": "list", "source": [text for _, text in column.choices]}
        return offered | _told("Bitte aus der Liste wählen", f"Möglich: {column.words}"[:255])
    if column.kind is InputKind.DAY:
        days = _between("date", date(2000, 1, 1), date(2100, 12, 31))
        return days | _told("Das ist kein Tag", "Bitte einen Tag eingeben, z. B. 15.3.2027.")
    if column.kind in {InputKind.NUMBER, InputKind.COUNT}:
        whole = column.kind is InputKind.COUNT
        message = f"Bitte eine {'ganze ' if whole else ''}Zahl ab 0 eingeben."
        numbers = _between("integer" if whole else "decimal", 0, MAX_COUNT)
        return numbers | _told("Das ist keine passende Zahl", message)
    if column.kind is InputKind.TEXT:
        short = {"validate": "length", "criteria": "<=", "value": MAX_TEXT}
        return short | _told("Der Text ist zu lang", "Möglich sind 20.000 Zeichen.")
    return {}


def _between(kind: str, least: Any, most: Any) -> dict[str, Any]:
    return {"validate": kind, "criteria": "between", "minimum": least, "maximum": most}


def _told(title: str, message: str) -> dict[str, Any]:
    return {"error_title": title, "error_message": message}


LINE_HEIGHT = 15  # points, of a line in Calibri 11
_SIGNS = 1.1  # of running text in the width of a digit
MAX_HEIGHT = 409  # points: Excel's own limit


@dataclass
class Heights:
    """Widths of columns (in signs) and the lines that each row needs, by the name of the sheet."""

    widths: dict[tuple[str, int], int] = field(default_factory=dict)
    _lines: dict[tuple[str, int], int] = field(default_factory=dict)

    def add(
        self, sheet: Worksheet, row: int, column: int, text: str, *, wider: float = 1.0
    ) -> None:
        """Make room for a text; `wider` is how wide its letters are beside plain ones."""
        name = sheet.get_name()
        width = self.widths.get((name, column))
        if width:
            needed = lines(text, width=width / wider)
            self._lines[(name, row)] = max(needed, self._lines.get((name, row), 1))

    def at_least(self, sheet: Worksheet, row: int, count: int) -> None:
        """Make room for lines that somebody will write: Excel enlarges no row that has a height."""
        place = (sheet.get_name(), row)
        self._lines[place] = max(count, self._lines.get(place, 1))

    def set(self, sheets: Iterable[Worksheet]) -> None:
        """Set the rows that need more than one line; the others stay as the program has them."""
        by_name = {sheet.get_name(): sheet for sheet in sheets}
        for (name, row), count in self._lines.items():
            if count > 1:
                by_name[name].set_row(row, min(MAX_HEIGHT, count * LINE_HEIGHT + 2))


def lines(text: str, *, width: float) -> int:
    """Return how many lines a text needs where words stay whole; rather one too many."""
    room = max(1, int(width * _SIGNS))
    return sum(_lines_of(part, room) for part in text.split("\n"))


def _lines_of(part: str, room: int) -> int:
    count, used = 1, 0
    for word in part.split(" "):
        if used and used + 1 + len(word) > room:
            count, used = count + 1, 0
        used += len(word) + (1 if used else 0)
        while used > room:
            count, used = count + 1, used - room
    return count


# What a cell holds: text, a number, a day, nothing.
CellValue = str | Decimal | date | None


def value_of(content: ReportContent, column: Input, districts: Mapping[str, str]) -> CellValue:
    """Return what stands in an input of the sheet with one row for each measure."""
    value = getattr(content, column.name)
    if column.kind is InputKind.CHOICE:
        return dict(column.choices)[value] if value else None
    if column.kind is InputKind.DISTRICTS:
        return ", ".join(districts.get(key, key) for key in value) or None
    if isinstance(value, int):
        return Decimal(value)
    return value or None if isinstance(value, str) else value
