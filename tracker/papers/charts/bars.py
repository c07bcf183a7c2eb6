"""Stacked bars written by hand as SVG: the same picture in PDF and DOCX (design.md)."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tracker.core.icons import shape
from tracker.papers.writers.text_metrics import text_width, wrapped
from tracker.publication.reading.model import Count, Spread
from tracker.reporting.palette import (
    HATCHED,
    IMPLEMENTATION_COLOUR,
    INK,
    NO_REPORT_DASH,
    NO_REPORT_FILL,
    NO_REPORT_OUTLINE,
)
from tracker.reporting.rules.status import Implementation

WIDTH = 680
# Where the bars begin beside their names, and the letters of names and numbers.
NAMES = 225
_NAME_SIZE = 11
SIZE = 12
_GAP = 2
_BAR = 12
_CAPTION = 14
_ROW = _CAPTION + _BAR + 6
_TOTAL = 68
# Narrower segments carry no mark or no number; the table beside the picture has both.
_MARK = 10


def stacked_bars(spreads: Sequence[Spread], *, names: bool) -> str:
    """Return one bar per spread on the same scale of counts; `names` prints them beside."""
    start = NAMES if names else 0
    scale = (WIDTH - start - _TOTAL) / max([spread.total for spread in spreads] + [1])
    bars = [
        _row(spread, top=number * _ROW, start=start, scale=scale)
        for number, spread in enumerate(spreads)
    ]
    return svg(_hatching() + "".join(bars), height=_ROW * len(spreads))


def alternative(spread: Spread) -> str:
    """Return the bar in words, for those who do not see it."""
    counts = ", ".join(
        f"{count.mark.label} {count.count}" for count in spread.counts if count.count
    )
    return f"{spread.name}: {counts or 'keine Maßnahme'} (von {spread.total} Maßnahmen)"


def svg(drawing: str, *, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" font-family="Fira Sans" font-size="{SIZE}" '
        f'fill="{INK}">{drawing}</svg>'
    )


def name_lines(name: str, *, last: float, rise: float) -> str:
    """Return a name in two lines at most; each line above the last moves all up by `rise`."""
    lines = wrapped(name, (NAMES - 8) / _NAME_SIZE, lines=2)
    first = last - rise * (len(lines) - 1)
    return "".join(
        f'<text x="0" y="{first + 13 * number:.1f}" font-size="{_NAME_SIZE}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )


def _row(spread: Spread, *, top: int, start: int, scale: float) -> str:
    baseline = top + _CAPTION + _BAR - 3
    drawing = name_lines(spread.name, last=baseline, rise=13) if start else ""
    left = float(start)
    for count in spread.counts:
        if count.count:
            width = count.count * scale
            drawing += _segment(count, left=left, top=top + _CAPTION, width=width)
            left += width
    total = f"{spread.reported} von {spread.total}"
    return f'{drawing}<text x="{left + 6:.1f}" y="{baseline}">{total}</text>'


def _segment(count: Count, *, left: float, top: int, width: float) -> str:
    drawn = max(width - _GAP, 1)
    box = f'x="{left:.1f}" y="{top}" width="{drawn:.1f}" height="{_BAR}"'
    if count.mark.code not in list(Implementation):
        dashed = f'stroke="{NO_REPORT_OUTLINE}" stroke-dasharray="{NO_REPORT_DASH}"'
        area = f'<rect {box} fill="{NO_REPORT_FILL}" {dashed}/>'
        colour = NO_REPORT_OUTLINE
    else:
        state = Implementation(count.mark.code)
        colour = IMPLEMENTATION_COLOUR[state]
        area = f'<rect {box} fill="{colour}"/>'
        if state in HATCHED:
            area += f'<rect {box} fill="url(#hatch)"/>'
    return area + _caption(count, left=left, top=top, width=width, colour=colour)


def _caption(count: Count, *, left: float, top: int, width: float, colour: str) -> str:
    """Return mark and number above a segment; where there is no room, the mark, or nothing."""
    if width < _MARK:
        return ""
    drawing = shape(count.mark.icon, colour=colour)
    mark = f'<g transform="translate({left:.1f} {top - 14}) scale({_MARK / 16})">{drawing}</g>'
    if width < _MARK + 2 + text_width(str(count.count)) * SIZE:
        return mark
    return f'{mark}<text x="{left + _MARK + 2:.1f}" y="{top - 5}">{count.count}</text>'


def _hatching() -> str:
    return (
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="2" height="6" fill="#fff" '
        'fill-opacity="0.55"/></pattern></defs>'
    )
