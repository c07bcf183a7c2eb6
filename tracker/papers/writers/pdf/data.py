"""A paper as plain data for the typst template: texts that the fonts can print, widths resolved.

Widths are millimetres. Every text is cut to what its place can hold: words get invisible break
points where they are longer than a line, rows and boxes that would not fit on one page may split.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

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
)
from tracker.papers.writers.font_coverage import printable, with_glyphs
from tracker.papers.writers.pdf.pages import whole_sheets
from tracker.papers.writers.pdf.text_metrics import (
    fits,
    fitting,
    height,
    shared,
    text_width,
    too_high,
)
from tracker.publication.reading.model import Mark
from tracker.publication.reading.words import written
from tracker.reporting.palette import COURSE_COLOUR, IMPLEMENTATION_COLOUR

Data = dict[str, Any]

PAGE = 170
GUTTER = 6
FRAME = 4
_ICON = 4
PADDING = 3
# Tables are set in 9 of 10 points.
_SMALL = 0.9
_INK = "#1f2328"
_COLOURS = {
    **{state.value: colour for state, colour in IMPLEMENTATION_COLOUR.items()},
    **{course.value: colour for course, colour in COURSE_COLOUR.items()},
}
# What stands between a heading and its table stays with it, unless it is a long read.
_SHORT = 600
_HEAD = 64
# Lower tables and lists of names and values stay on one page.
_KEPT = 90
# The column of names of a list as wide as the page.
_LABEL = 42
# A sum never stands alone on the next page.
_KEPT_SUM = 210


def data(paper: Paper) -> Data:
    """Return what the template lays out."""
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
        "above": writer.blocks(paper.before_title, PAGE),
        "blocks": whole_sheets(writer.blocks(paper.blocks, PAGE), PAGE),
        "icons": writer.icons,
    }


class _Writer:
    """Turns blocks into data and collects the drawings of the marks they use."""

    def __init__(self) -> None:
        self.icons: dict[str, str] = {}
        self._level = 0

    def blocks(self, blocks: Sequence[Block], room: float) -> list[Data]:
        found = [self._block(block, room) for block in blocks]
        for number, (block, after) in enumerate(pairwise(blocks)):
            found[number]["sticky"] = _leads(blocks[number - 1] if number else None, block, after)
        return found

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
                return {"kind": "aside", "blocks": self.blocks(block.blocks, room - FRAME)}
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
        }

    def _pairs(self, block: Pairs, room: float) -> Data:
        label = _label_width(block, room)
        found: Data = {
            "kind": "pairs",
            "label": label,
            "items": [self._pair(item, label, room) for item in block.items],
        }
        return found | {"splits": height([found], room) > _KEPT}

    def _pair(self, item: Pair, label: float, room: float) -> Data:
        name = printable(item.label)
        return {
            "label": name,
            "stacked": _name_width(name) > label,
            "value": self._cell(item.value, room - label),
        }

    def _table(self, table: Table, room: float) -> Data:
        widths = shared(_asked(table), room)
        inner = [(width - PADDING) / _SMALL for width in widths]
        rows = [
            [self._cell(cell, width) for cell, width in zip(row, inner, strict=True)]
            for row in table.rows
        ]
        titles = [column.title for column in table.columns]
        found: Data = {
            "kind": "table",
            "widths": widths,
            "aligns": ["right" if column.numeric else "left" for column in table.columns],
            "head": list(map(fitting, titles, inner)),
            "tight": not all(map(fits, titles, inner)),
            "rows": rows,
            "total": table.total,
            "splits": table.may_split or any(too_high(row, inner) for row in rows),
        }
        kept = _KEPT_SUM if table.total else _KEPT
        return found | {"whole": height([found], room) < kept}

    def _side(self, side: Side, room: float) -> Data:
        inner = room - 2 * FRAME * side.framed - GUTTER * (len(side.parts) - 1)
        widths = shared(side.widths, inner)
        texts = [str(part) for part in side.parts]
        return {
            "kind": "side",
            "widths": widths,
            "framed": side.framed,
            "splits": side.may_split or any(len(text) > 6000 for text in texts),
            "parts": [self.blocks(part, at) for part, at in zip(side.parts, widths, strict=True)],
        }

    def _cell(self, cell: Cell, width: float) -> str | list[Data]:
        if isinstance(cell, Line):
            return [self._line(cell, width)]
        if isinstance(cell, tuple):
            return [self._line(line, width) for line in cell]
        return fitting(written(cell), width)

    def _line(self, line: Line, width: float) -> Data:
        return {
            "before": fitting(line.before, width),
            "icon": "" if line.mark is None else self._icon(line.mark),
            "label": "" if line.mark is None else fitting(line.mark.label, width),
            "breaks": "" if line.mark is None else _breaks(line.mark.label, width),
            "text": fitting(line.text, width),
            "tone": line.tone.value,
        }

    def _icon(self, mark: Mark) -> str:
        colour = _COLOURS.get(mark.code, _INK)
        name = f"{mark.icon} {colour}"
        if name not in self.icons:
            self.icons[name] = icons.svg(mark.icon, colour=colour)
        return name


def _plain(
    block: Text | Bullets | Notice | Picture | Fill | Rule | NewPage | Contents, room: float
) -> Data:
    """Return a block that holds no others and no marks."""
    match block:
        case Text():
            parts = [part for part in printable(block.text).split("\n") if part.strip()]
            return {"kind": "text", "parts": parts, "tone": block.tone.value}
        case Bullets():
            items = [printable(item) for item in block.items]
            splits = height(items, room) > _KEPT
            numbered = block.numbered
            return {"kind": "bullets", "items": items, "numbered": numbered, "splits": splits}
        case Notice():
            return {"kind": "notice", "text": printable(block.text)}
        case Picture():
            words = printable(block.alternative)
            return {"kind": "picture", "svg": with_glyphs(block.svg), "alt": words}
        case Fill():
            label, hint = fitting(block.label, room), fitting(block.hint, room)
            return {"kind": "fill", "label": label, "hint": hint, "lines": block.lines}
        case Contents():
            return {"kind": "contents", "title": printable(block.title)}
        case Rule():
            return {"kind": "rule"}
        case NewPage():
            return {"kind": "newpage"}


def _leads(before: Block | None, block: Block, after: Block) -> bool:
    """Return whether a block must not end a page, because it only leads to the next one."""
    if isinstance(block, Rule):
        return isinstance(after, Heading)
    if not isinstance(block, Text | Pairs) or len(str(block)) > _SHORT:
        return False
    if isinstance(after, Heading):
        return isinstance(before, Heading) and after.level > before.level
    return isinstance(after, Table | Side | Picture)


def _breaks(word: str, width: float) -> str:
    """Return where the word beside a mark may break: nowhere, between its words, in them."""
    if _ICON + text_width(word) <= width:
        return "nowhere"
    return "between" if fits(word, width) else "inside"


def _label_width(pairs: Pairs, room: float) -> float:
    """Return the width of the column of names: the same in all lists as wide as the page."""
    if room > 100:
        return _LABEL
    fitting_names = [_name_width(pair.label) for pair in pairs.items]
    return max((name for name in fitting_names if name <= _LABEL), default=_LABEL)


def _name_width(name: str) -> float:
    # Names are set in 8.5 of 10 points.
    return 0.82 * text_width(name) + 1


def _asked(table: Table) -> list[float]:
    """Return the widths asked for; columns of numbers leave what they do not need to others."""
    found = [float(column.width) for column in table.columns]
    if 0 not in found:
        return found
    for at, column in enumerate(table.columns):
        shown = (row[at] for row in table.rows)
        texts = [written(cell) for cell in shown if not isinstance(cell, Line | tuple)]
        if column.numeric and column.width and len(texts) == len(table.rows):
            words = [*texts, *column.title.split()]
            needed = max(map(text_width, words)) * _SMALL + PADDING + 1
            found[at] = min(found[at], needed)
    return found
