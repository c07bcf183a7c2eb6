"""Amounts as horizontal bars: who gives how much; what is not known is said, never drawn as 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from textwrap import wrap

from tracker.papers.charts.bars import WIDTH
from tracker.publication.reading.model import Money
from tracker.publication.reading.words import written

_INK = "#1f2328"
_AXIS = "#4a4f57"
_FILL = "#1f5fa8"
_NAMES = 225
_NAME_LENGTH = 40
# Room for "1.234.567,00 €" behind the longest bar.
_AMOUNT = 110
_BAR = 14
_ROW = 30


@dataclass(frozen=True)
class Amount:
    """A bar: its name and what is known of it; None is drawn as a word."""

    name: str
    value: Decimal | None


def amount_bars(amounts: Sequence[Amount]) -> str:
    """Return one bar per amount on the same scale that begins at 0, as SVG."""
    largest = max([item.value for item in amounts if item.value is not None], default=Decimal(0))
    rows = "".join(
        _row(item, top=number * _ROW, largest=largest) for number, item in enumerate(amounts)
    )
    height = _ROW * len(amounts)
    axis = f'<path d="M{_NAMES} 0V{height}" stroke="{_AXIS}" stroke-width="1" fill="none"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" font-family="Fira Sans" font-size="12" '
        f'fill="{_INK}">{rows}{axis}</svg>'
    )


def alternative(amounts: Sequence[Amount]) -> str:
    return "; ".join(f"{item.name}: {_said(item)}" for item in amounts)


def _row(item: Amount, *, top: int, largest: Decimal) -> str:
    lines = wrap(item.name, _NAME_LENGTH, max_lines=2, placeholder=" …")
    middle = top + _ROW // 2
    first = middle + 4 - 6.5 * (len(lines) - 1)
    names = "".join(
        f'<text x="0" y="{first + 13 * number:.1f}" font-size="11">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    share = 0.0 if not item.value or not largest else float(item.value / largest)
    length = share * (WIDTH - _NAMES - _AMOUNT)
    bar = (
        f'<rect x="{_NAMES}" y="{middle - _BAR // 2}" width="{length:.1f}" height="{_BAR}" '
        f'fill="{_FILL}"/>'
        if length
        else ""
    )
    said = f'<text x="{_NAMES + length + 6:.1f}" y="{middle + 4}">{escape(_said(item))}</text>'
    return names + bar + said


def _said(item: Amount) -> str:
    return "nicht bekannt" if item.value is None else written(Money(item.value))
