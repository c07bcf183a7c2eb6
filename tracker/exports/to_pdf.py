"""The Controllingbericht as tagged PDF/UA-1.

The template only lays out: every text arrives as data, so nothing that a user wrote is ever read
as markup. The same report gives the same bytes: dates come from the publication, fonts from our
folder and from typst itself.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst

from tracker import marks
from tracker.exports.charts_svg import alternative, stacked_bars
from tracker.exports.glyphs import fonts, printable
from tracker.exports.model import Mark, Money, Report
from tracker.exports.words import german, shortened

_TEMPLATE = Path(__file__).parent / "typst" / "report.typ"
_INK = "#1f2328"
_COLOURS = {
    **{state.value: colour for state, colour in marks.IMPLEMENTATION_COLOUR.items()},
    **{course.value: colour for course, colour in marks.COURSE_COLOUR.items()},
}
_CELL = 200
_STEP = 180
# What is longer may split after all: better than a text cut off at the end of the page.
_PAGE = 800


def to_pdf(report: Report) -> bytes:
    """Return the report as PDF/UA-1; raises FontsMissingError where `make install` never ran."""
    published = datetime.combine(report.cover.published_on, time(12), UTC)
    compiler = typst.Compiler(
        str(_TEMPLATE),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(_data(report), ensure_ascii=False)},
    )
    pdf = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=published)
    assert isinstance(pdf, bytes)  # noqa: S101 - one PDF, not pages; tells the type checker
    return pdf


def _data(report: Report) -> dict[str, Any]:
    """Return what the template prints: every value as the text a reader sees."""
    icons: dict[str, str] = {}

    def plain(value: Any) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return printable(value)
        if isinstance(value, tuple):
            return [plain(item) for item in value]
        if isinstance(value, Money) or not dataclasses.is_dataclass(value):
            return german(value)
        shown = {
            field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
        if isinstance(value, Mark):
            shown["drawing"] = _drawing(value, icons)
        return shown

    published = report.cover.published_on
    data: dict[str, Any] = plain(report)
    data["published"] = [published.year, published.month, published.day]
    data["charts"] = _charts(report, plain)
    _shorten(data)
    return data | {"icons": icons}


def _charts(report: Report, plain: Callable[[Any], Any]) -> dict[str, str]:
    """Return the drawings and what they show in words."""
    spreads = [section.spread for section in report.fields]
    named = [dataclasses.replace(item, name=plain(item.name)) for item in spreads]
    return {
        "whole": stacked_bars([report.summary.spread], names=False),
        "whole_alt": plain(alternative(report.summary.spread)),
        "fields": stacked_bars(named, names=True),
        "fields_alt": plain("; ".join(alternative(item) for item in spreads)),
    }


def _shorten(data: dict[str, Any]) -> None:
    """Add what fits into a table: a row never splits, and the sheet has the whole text."""
    sheets = [sheet for field in data["fields"] for sheet in field["sheets"]]
    for row in (*sheets, *data["changes"], *data["decisions"]):
        row["short_text"] = shortened(row["display_text"], _CELL)
    for sheet in sheets:
        sheet["short_step"] = shortened(sheet["next_step"], _STEP)
        boxed = [entry["value"] for entry in (*sheet["responsibility"], *sheet["ziff5"])]
        sheet["long"] = any(len(text) > _PAGE for text in (*boxed, sheet["next_step"]))
    for table in (*data["ziff5"], *data["data_notes"], data["editorial"]):
        table["rows"] = [["–" if cell is None else cell for cell in row] for row in table["rows"]]
        if "Maßnahme" in table["columns"]:
            column = table["columns"].index("Maßnahme")
            for cells in table["rows"]:
                cells[column] = shortened(cells[column], _CELL)
        table["long"] = any(len(cell) > _PAGE for row in table["rows"] for cell in row)


def _drawing(mark: Mark, icons: dict[str, str]) -> str:
    colour = _COLOURS.get(mark.code, _INK)
    name = f"{mark.icon} {colour}"
    if name not in icons:
        icons[name] = marks.svg(mark.icon, colour=colour)
    return name
