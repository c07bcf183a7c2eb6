"""A paper as tagged PDF: PDF/UA-1 for readers of all kinds, PDF/A-2a for the archive.

The template only lays out: every text arrives as data, so nothing that a user wrote is ever read
as markup. The same paper gives the same bytes: the date comes from the paper, fonts from our
folder and from typst itself.

Words get break points here where the font's widths say that a line cannot hold them. What stays on
one page is decided by typst; `about`, the height in millimetres that a block may have, only spares
it the measuring of what is far from a limit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any

import typst

from tracker.core import icons
from tracker.core.german import shortened
from tracker.papers.blocks import (
    Aside,
    Block,
    Bullets,
    Cell,
    Contents,
    Fill,
    Heading,
    Line,
    NewPage,
    Notice,
    Pair,
    Pairs,
    Paper,
    Picture,
    Rule,
    Side,
    Table,
    Text,
    lines_of,
)
from tracker.papers.writers.font_coverage import fonts, printable, with_glyphs
from tracker.papers.writers.text_metrics import fits, fitting, text_width
from tracker.publication.reading.model import Mark
from tracker.publication.reading.words import written
from tracker.reporting.palette import INK, STATUS_COLOUR

Data = dict[str, Any]

_TEMPLATE = Path(__file__).parent / "typst" / "paper.typ"
_STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-2a"]
_HEAD = 64
# What stands between a heading and its table stays with it, unless it is a long read.
_SHORT = 600

# Millimetres, as in the template: the text of a page, what lies around it, a line of 10 points.
_PAGE = 170
_GUTTER = 6
_FRAME = 4
_PADDING = 3
_LINE, _TABLE_LINE = 4.7, 3.8
# Names of a list as wide as the page.
_LABEL = 42
# A point, and the letters of running text, of a table, and of names and heads.
_POINT = 25.4 / 72
_EM, _TABLE_EM, _SMALL_EM, _TIGHT_EM = (points * _POINT for points in (10, 9, 8.5, 7.5))
# A mark with the gap behind it, the point of a list, the margins of a notice, in ems.
_ICON, _POINT_ROOM, _NOTICE_ROOM = 1.2, 2.5, 2.5
# Lower ones stay on one page, if need be on the next. A sum never stands alone, a sheet never
# splits; what is nearly as high as a page splits after all, better than to be cut off at its end.
_LOW, _LOW_WITH_SUM, _LOW_IN_SHEET, _PAGE_HEIGHT = 100, 220, 190, 200
_ROW_HEIGHT = 150


def to_pdf(paper: Paper) -> bytes:
    """Return the paper as PDF; raises FontsMissingError where `make install` never ran."""
    compiler = typst.Compiler(
        str(_TEMPLATE),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(_data(paper), ensure_ascii=False)},
    )
    made_on = datetime.combine(paper.made_on, time(12), UTC)
    pdf = compiler.compile(format="pdf", pdf_standards=_STANDARDS, timestamp=made_on)
    assert isinstance(pdf, bytes)  # noqa: S101 - one PDF, not pages; tells the type checker
    return pdf


def _data(paper: Paper) -> Data:
    writer = _Writer()
    return {
        "title": printable(paper.title),
        "kicker": printable(paper.kicker),
        "facts": printable(paper.subtitle).split(" · "),
        "author": printable(paper.author),
        "description": printable(paper.description),
        "head": printable(paper.running_head),
        "head_title": printable(shortened(paper.title, _HEAD)),
        "asks_number": paper.asks_number,
        "footer": printable(paper.footer),
        "made_on": [paper.made_on.year, paper.made_on.month, paper.made_on.day],
        "above": writer.blocks(paper.before_title, _PAGE),
        "blocks": writer.blocks(paper.blocks, _PAGE),
        "icons": writer.icons,
    }


class _Writer:
    """Turns blocks into data and collects the drawings of the marks they use.

    `room` of a block is in millimetres, `ems` of a cell in ems of its letters.
    """

    def __init__(self) -> None:
        self.icons: dict[str, str] = {}
        self._level = 0

    def blocks(self, blocks: Sequence[Block], room: float) -> list[Data]:
        shown = [self._block(block, room) for block in blocks]
        for number, (block, after) in enumerate(pairwise(blocks)):
            shown[number]["sticky"] = _leads(blocks[number - 1] if number else None, block, after)
        for start, end in _sheets(blocks):
            for data in shown[start:end]:
                data["sticky"] = True
            shown[end]["limit"] = _LOW_IN_SHEET
        return shown

    def _block(self, block: Block, room: float) -> Data:
        match block:
            case Heading():
                return self._heading(block)
            case Pairs():
                return self._pairs(block, room)
            case Table():
                return self._table(block, room)
            case Side():
                return self._side(block, room)
            case Aside():
                inner = self.blocks(block.blocks, room - _FRAME)
                about = _height(inner)
                return {"kind": "aside", "blocks": inner, "limit": _PAGE_HEIGHT, "about": about}
        return _plain(block, room)

    def _heading(self, block: Heading) -> Data:
        # PDF/UA forbids a level that skips the one above it; it looks as it was meant.
        self._level = min(block.level, self._level + 1)
        return {
            "kind": "heading",
            "level": self._level,
            "look": block.level,
            "text": printable(block.text),
            "numbered": block.numbered,
            "listed": block.listed,
            "about": 3 * _LINE,
        }

    def _pairs(self, block: Pairs, room: float) -> Data:
        label = _label_width(block, room)
        ems = (room - label) / _EM
        pairs = [self._pair(pair, label, ems) for pair in block.items]
        return {
            "kind": "pairs",
            "label": label,
            "items": pairs,
            "limit": _LOW,
            "about": _LINE * sum(_lines(pair["value"], ems) for pair in pairs),
        }

    def _pair(self, pair: Pair, label: float, ems: float) -> Data:
        name = printable(pair.label)
        return {
            "label": name,
            "stacked": _name_width(name) > label,
            "value": self._cell(pair.value, ems),
        }

    def _table(self, table: Table, room: float) -> Data:
        widths = _shared(_needed(table), room)
        inner = [width - _PADDING for width in widths]
        ems = [width / _TABLE_EM for width in inner]
        rows = [
            [self._cell(cell, at) for cell, at in zip(row, ems, strict=True)] for row in table.rows
        ]
        heights = [max(map(_lines, row, ems), default=1) * _TABLE_LINE + 2.2 for row in rows]
        titles = [column.title for column in table.columns]
        tight = not all(
            fits(title, at / _SMALL_EM) for title, at in zip(titles, inner, strict=True)
        )
        head_em = _TIGHT_EM if tight else _SMALL_EM
        return {
            "kind": "table",
            "widths": widths,
            "aligns": ["right" if column.numeric else "left" for column in table.columns],
            "head": list(map(fitting, titles, (width / head_em for width in inner))),
            "tight": tight,
            "rows": rows,
            "total": table.total,
            "splits": table.may_split or max(heights, default=0) > _ROW_HEIGHT,
            "limit": _LOW_WITH_SUM if table.total else _LOW,
            "about": 2 * _TABLE_LINE + sum(heights),
        }

    def _side(self, side: Side, room: float) -> Data:
        inner = room - 2 * _FRAME * side.framed - _GUTTER * (len(side.parts) - 1)
        widths = _shared(side.widths, inner)
        parts = [self.blocks(part, at) for part, at in zip(side.parts, widths, strict=True)]
        return {
            "kind": "side",
            "widths": widths,
            "framed": side.framed,
            "parts": parts,
            "limit": 0 if side.may_split else _PAGE_HEIGHT,
            "about": max(map(_height, parts)),
        }

    def _cell(self, cell: Cell, ems: float) -> str | list[Data]:
        if isinstance(cell, Line | tuple):
            return [self._line(line, ems) for line in lines_of(cell)]
        return fitting(written(cell), ems)

    def _line(self, line: Line, ems: float) -> Data:
        return {
            "before": fitting(line.before, ems),
            "icon": "" if line.mark is None else self._icon(line.mark),
            "label": "" if line.mark is None else fitting(line.mark.label, ems),
            "breaks": "" if line.mark is None else _breaks(line.mark.label, ems),
            "text": fitting(line.text, ems),
            "tone": line.tone.value,
        }

    def _icon(self, mark: Mark) -> str:
        colour = STATUS_COLOUR.get(mark.code, INK)
        name = f"{mark.icon} {colour}"
        if name not in self.icons:
            self.icons[name] = icons.svg(mark.icon, colour=colour)
        return name


def _plain(
    block: Text | Bullets | Notice | Picture | Fill | Rule | NewPage | Contents, room: float
) -> Data:
    """Return a block that holds no others and no marks."""
    ems = room / _EM
    match block:
        case Text():
            parts = [part for part in fitting(block.text, ems).split("\n") if part.strip()]
            about = _LINE * sum(_lines(part, ems) + 1 for part in parts)
            return {"kind": "text", "parts": parts, "tone": block.tone.value, "about": about}
        case Bullets():
            sentences = [fitting(sentence, ems - _POINT_ROOM) for sentence in block.items]
            about = _LINE * sum(_lines(sentence, ems) for sentence in sentences)
            shown = {"kind": "bullets", "items": sentences, "numbered": block.numbered}
            return shown | {"limit": _LOW, "about": about}
        case Notice():
            words = fitting(block.text, ems - _NOTICE_ROOM)
            return {"kind": "notice", "text": words, "about": _LINE * (_lines(words, ems) + 3)}
        case Picture():
            words = printable(block.alternative)
            svg = with_glyphs(block.svg)
            return {"kind": "picture", "svg": svg, "alt": words, "about": room / 2}
        case Fill():
            label, hint = (fitting(words, ems) for words in (block.label, block.hint))
            about = 4 * _LINE + 8 * block.lines
            shown = {"kind": "fill", "label": label, "hint": hint, "lines": block.lines}
            return shown | {"about": about}
        case Contents():
            return {"kind": "contents", "title": printable(block.title), "about": 0}
        case Rule():
            return {"kind": "rule", "about": 0}
        case NewPage():
            return {"kind": "newpage", "about": 0}


def _height(blocks: list[Data]) -> float:
    return sum(float(block["about"]) for block in blocks)


def _lines(cell: str | list[Data], ems: float) -> int:
    """Return about how many lines a cell has."""
    if isinstance(cell, list):
        shown = (f"{line['before']} {line['label']} {line['text']}" for line in cell)
        return sum(_lines(text, ems) for text in shown)
    return sum(max(ceil(text_width(line) / max(ems, 1)), 1) for line in cell.split("\n"))


def _leads(before: Block | None, block: Block, after: Block) -> bool:
    """Return whether a block must not end a page, because it only leads to the next one."""
    if isinstance(block, Rule):
        return isinstance(after, Heading)
    if not isinstance(block, Text | Pairs) or len(str(block)) > _SHORT:
        return False
    if isinstance(after, Heading):
        return isinstance(before, Heading) and after.level > before.level
    return isinstance(after, Table | Side | Picture)


def _sheets(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Return the first and the last place of every sheet; a reader wants it on one page.

    A sheet is a heading, perhaps its wording, a framed box, and all up to the next heading.
    """
    starts = [at for at, block in enumerate(blocks) if isinstance(block, Heading | Rule | NewPage)]
    for start, end in pairwise([*starts, len(blocks)]):
        if any(isinstance(block, Side) and block.framed for block in blocks[start:end]):
            yield start, end - 1


def _breaks(word: str, ems: float) -> str:
    """Return where the word beside a mark may break: nowhere, between its words, in them."""
    if _ICON + text_width(word) <= ems:
        return "nowhere"
    return "between" if fits(word, ems) else "inside"


def _label_width(pairs: Pairs, room: float) -> float:
    """Return the width of the column of names: the same in all lists as wide as the page."""
    if room > 100:
        return _LABEL
    names = [_name_width(pair.label) for pair in pairs.items]
    return max((name for name in names if name <= _LABEL), default=_LABEL)


def _name_width(name: str) -> float:
    return text_width(name) * _SMALL_EM + 2


def _needed(table: Table) -> list[float]:
    """Return the widths asked for; columns of numbers leave what they do not need to others."""
    widths = [float(column.width) for column in table.columns]
    if all(widths):
        return widths
    for at, column in enumerate(table.columns):
        cells = (row[at] for row in table.rows)
        values = [written(cell) for cell in cells if not isinstance(cell, Line | tuple)]
        if column.numeric and column.width and len(values) == len(table.rows):
            words = [*values, *column.title.split()]
            needed = max(map(text_width, words), default=0) * _TABLE_EM + _PADDING + 1
            widths[at] = min(widths[at], needed)
    return widths


def _shared(widths: Sequence[float], room: float) -> list[float]:
    """Return the widths of columns; those of 0 share what is left, too many are scaled down."""
    free = [width for width in widths if not width]
    left = room - sum(widths)
    if free and left >= 10 * len(free):
        return [width or left / len(free) for width in widths]
    asked = [width or 20 for width in widths]
    return [width * room / sum(asked) for width in asked]
