"""Stacked bars written by hand as SVG: the same picture in PDF and DOCX (design.md)."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from textwrap import wrap

from tracker.core.icons import shape
from tracker.publication.reading.model import Count, Spread
from tracker.reporting.palette import (
    HATCHED,
    IMPLEMENTATION_COLOUR,
    NO_REPORT_DASH,
    NO_REPORT_FILL,
    NO_REPORT_OUTLINE,
)
from tracker.reporting.rules.status import Implementation

WIDTH = 680
_INK = "#1f2328"
_GAP = 2
_BAR = 12
_CAPTION = 14
_ROW = _CAPTION + _BAR + 6
_NAMES = 225
_NAME_LENGTH = 40
_TOTAL = 68
# Narrower segments carry no mark or no number; the table beside the picture has both.
_MARK = 10
_DIGIT = 7


def stacked_bars(spreads: Sequence[Spread], *, names: bool) -> str:
    """Return one bar per spread on the same scale of counts; `names` prints them beside."""
    start = _NAMES if names else 0
    scale = (WIDTH - start - _TOTAL) / max([item.total for item in spreads] + [1])
    bars = [
        _row(item, top=number * _ROW, start=start, scale=scale)
        for number, item in enumerate(spreads)
    ]
    height = _ROW * len(spreads)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" font-family="Fira Sans" font-size="12" '
        f'fill="{_INK}">{_hatching()}{"".join(bars)}</svg>'
    )


def alternative(spread: Spread) -> str:
    """Return the bar in words, for those who do not see it."""
    listed = ", ".join(f"{item.mark.label} {item.count}" for item in spread.counts if item.count)
    return f"{spread.name}: {listed or 'keine Maßnahme'} (von {spread.total} Maßnahmen)"


def _row(spread: Spread, *, top: int, start: int, scale: float) -> str:
    found = [_name(spread.name, top=top)] if start else []
    left = float(start)
    for item in spread.counts:
        if item.count:
            width = item.count * scale
            found.append(_segment(item, left=left, top=top + _CAPTION, width=width))
            left += width
    baseline = top + _CAPTION + _BAR - 3
    found.append(
        f'<text x="{left + 6:.1f}" y="{baseline}">{spread.reported} von {spread.total}</text>'
    )
    return "".join(found)


def _name(name: str, *, top: int) -> str:
    lines = wrap(name, _NAME_LENGTH, max_lines=2, placeholder=" …")
    first = top + _CAPTION + _BAR - 3 - 13 * (len(lines) - 1)
    return "".join(
        f'<text x="0" y="{first + 13 * number}" font-size="11">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )


def _segment(item: Count, *, left: float, top: int, width: float) -> str:
    drawn = max(width - _GAP, 1)
    box = f'x="{left:.1f}" y="{top}" width="{drawn:.1f}" height="{_BAR}"'
    if item.mark.code not in list(Implementation):
        dashed = f'stroke="{NO_REPORT_OUTLINE}" stroke-dasharray="{NO_REPORT_DASH}"'
        area = f'<rect {box} fill="{NO_REPORT_FILL}" {dashed}/>'
        colour = NO_REPORT_OUTLINE
    else:
        state = Implementation(item.mark.code)
        colour = IMPLEMENTATION_COLOUR[state]
        area = f'<rect {box} fill="{colour}"/>'
        if state in HATCHED:
            area += f'<rect {box} fill="url(#hatch)"/>'
    return area + _caption(item, left=left, top=top, width=width, colour=colour)


def _caption(item: Count, *, left: float, top: int, width: float, colour: str) -> str:
    """Return mark and number above a segment; where there is no room, the mark, or nothing."""
    if width < _MARK:
        return ""
    drawing = shape(item.mark.icon, colour=colour)
    found = f'<g transform="translate({left:.1f} {top - 14}) scale({_MARK / 16})">{drawing}</g>'
    if width < _MARK + 2 + _DIGIT * len(str(item.count)):
        return found
    return f'{found}<text x="{left + _MARK + 2:.1f}" y="{top - 5}">{item.count}</text>'


def _hatching() -> str:
    return (
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="2" height="6" fill="#fff" '
        'fill-opacity="0.55"/></pattern></defs>'
    )
