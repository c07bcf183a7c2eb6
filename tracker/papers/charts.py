"""Charts written by hand as SVG: the same picture in PDF, DOCX and preview (design.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from tracker.core.icons import shape
from tracker.papers.writers.text_metrics import text_width, wrapped
from tracker.publication.reading.model import Count, Money, Spread
from tracker.publication.reading.sentences import of_measures
from tracker.publication.reading.words import written
from tracker.reporting.palette import (
    HATCHED,
    IMPLEMENTATION_COLOUR,
    INK,
    NO_REPORT_DASH,
    NO_REPORT_FILL,
    NO_REPORT_OUTLINE,
)
from tracker.reporting.rules.status import Implementation

_WIDTH = 680
# Where the bars begin beside their names, and the letters of names and numbers.
_NAMES = 225
_NAME_SIZE = 11
_SIZE = 12
_GAP = 2
_BAR = 12
_CAPTION = 14
_ROW = _CAPTION + _BAR + 6
_TOTAL = 68
# A mark with its number stands above its segment, at most so far aside, else in the table only.
_MARK = 10
_ASIDE = 14
_BETWEEN = 4
# Bars of amounts, with room for "1.234.567,00 €" behind the longest; larger amounts take more.
_AXIS = "#4a4f57"
_FILL = "#1f5fa8"
_AMOUNT_BAR = 14
_AMOUNT_ROW = 30
_AMOUNT_GAP = 6
_AMOUNT = 110


def stacked_bars(spreads: Sequence[Spread], *, names: bool) -> str:
    """Return one bar per spread on the same scale of counts; `names` prints them beside."""
    start = _NAMES if names else 0
    scale = (_WIDTH - start - _TOTAL) / max([spread.total for spread in spreads] + [1])
    bars = [
        _row(spread, top=number * _ROW, start=start, scale=scale)
        for number, spread in enumerate(spreads)
    ]
    return _svg(_hatching() + "".join(bars), height=_ROW * len(spreads))


def spread_in_words(spread: Spread) -> str:
    counts = ", ".join(
        f"{count.mark.label} {count.count}" for count in spread.counts if count.count
    )
    of_all = f" (von {of_measures(spread.total)})" if spread.total else ""
    return f"{spread.name}: {counts or 'keine Maßnahme'}{of_all}"


def _svg(drawing: str, *, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" font-family="Fira Sans" font-size="{_SIZE}" '
        f'fill="{INK}">{drawing}</svg>'
    )


def _name_lines(name: str, *, last: float, rise: float) -> str:
    """Return a name in two lines at most; each line above the last moves all up by `rise`."""
    lines = wrapped(name, (_NAMES - 8) / _NAME_SIZE, lines=2)
    first = last - rise * (len(lines) - 1)
    return "".join(
        f'<text x="0" y="{first + 13 * number:.1f}" font-size="{_NAME_SIZE}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )


def _row(spread: Spread, *, top: int, start: int, scale: float) -> str:
    baseline = top + _CAPTION + _BAR - 3
    drawing = _name_lines(spread.name, last=baseline, rise=13) if start else ""
    left = free = float(start)
    for count in spread.counts:
        if count.count:
            width = count.count * scale
            drawing += _segment(count, left=left, top=top + _CAPTION, width=width)
            # A caption wider than its segment moves the next one aside, so that none touch.
            at, left = max(left, free), left + width
            if at <= left - width + _ASIDE:
                drawing += _caption(count, left=at, top=top + _CAPTION)
                free = at + _MARK + 2 + text_width(str(count.count)) * _SIZE + _BETWEEN
    total = f"{spread.reported} von {spread.total}"
    return f'{drawing}<text x="{left + 6:.1f}" y="{baseline}">{total}</text>'


def _segment(count: Count, *, left: float, top: int, width: float) -> str:
    drawn = max(width - _GAP, 1)
    box = f'x="{left:.1f}" y="{top}" width="{drawn:.1f}" height="{_BAR}"'
    if count.mark.code not in list(Implementation):
        dashed = f'stroke="{NO_REPORT_OUTLINE}" stroke-dasharray="{NO_REPORT_DASH}"'
        area = f'<rect {box} fill="{NO_REPORT_FILL}" {dashed}/>'
    else:
        state = Implementation(count.mark.code)
        area = f'<rect {box} fill="{IMPLEMENTATION_COLOUR[state]}"/>'
        if state in HATCHED:
            area += f'<rect {box} fill="url(#hatch)"/>'
    return area


def _caption(count: Count, *, left: float, top: int) -> str:
    """Return mark and number above a segment."""
    drawing = shape(count.mark.icon, colour=_colour(count))
    mark = f'<g transform="translate({left:.1f} {top - 14}) scale({_MARK / 16})">{drawing}</g>'
    return f'{mark}<text x="{left + _MARK + 2:.1f}" y="{top - 5}">{count.count}</text>'


def _colour(count: Count) -> str:
    code = count.mark.code
    is_state = code in list(Implementation)
    return IMPLEMENTATION_COLOUR[Implementation(code)] if is_state else NO_REPORT_OUTLINE


def _hatching() -> str:
    return (
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="2" height="6" fill="#fff" '
        'fill-opacity="0.55"/></pattern></defs>'
    )


@dataclass(frozen=True)
class Amount:
    """A bar: its name and what is known of it; None is drawn as a word."""

    name: str
    value: Decimal | None


def amount_bars(amounts: Sequence[Amount]) -> str:
    """Return one bar per amount on the same scale that begins at 0, as SVG."""
    values = [amount.value for amount in amounts if amount.value is not None]
    longest = max((text_width(_said(amount)) for amount in amounts), default=0)
    behind = max(longest * _SIZE + _AMOUNT_GAP, _AMOUNT)
    scale = (_WIDTH - _NAMES - behind) / (float(max(values, default=0)) or 1)
    rows = "".join(
        _amount_row(amount, top=number * _AMOUNT_ROW, scale=scale)
        for number, amount in enumerate(amounts)
    )
    height = _AMOUNT_ROW * len(amounts)
    axis = f'<path d="M{_NAMES} 0V{height}" stroke="{_AXIS}" stroke-width="1" fill="none"/>'
    return _svg(rows + axis, height=height)


def amounts_in_words(amounts: Sequence[Amount]) -> str:
    return "; ".join(f"{amount.name}: {_said(amount)}" for amount in amounts)


def _amount_row(amount: Amount, *, top: int, scale: float) -> str:
    middle = top + _AMOUNT_ROW // 2
    length = float(amount.value or 0) * scale
    bar = (
        f'<rect x="{_NAMES}" y="{middle - _AMOUNT_BAR // 2}" width="{length:.1f}" '
        f'height="{_AMOUNT_BAR}" fill="{_FILL}"/>'
        if length
        else ""
    )
    said = escape(_said(amount))
    value = f'<text x="{_NAMES + length + _AMOUNT_GAP:.1f}" y="{middle + 4}">{said}</text>'
    return _name_lines(amount.name, last=middle + 4, rise=6.5) + bar + value


def _said(amount: Amount) -> str:
    return "nicht bekannt" if amount.value is None else written(Money(amount.value))
