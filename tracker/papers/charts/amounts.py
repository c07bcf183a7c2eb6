"""Amounts as horizontal bars: who gives how much; what is not known is said, never drawn as 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from tracker.papers.charts.bars import NAMES, SIZE, WIDTH, name_lines, svg
from tracker.papers.writers.text_metrics import text_width
from tracker.publication.reading.model import Money
from tracker.publication.reading.words import written

_AXIS = "#4a4f57"
_FILL = "#1f5fa8"
_BAR = 14
_ROW = 30
_GAP = 6
# Room for "1.234.567,00 €" behind the longest bar; larger amounts take more.
_AMOUNT = 110


@dataclass(frozen=True)
class Amount:
    """A bar: its name and what is known of it; None is drawn as a word."""

    name: str
    value: Decimal | None


def amount_bars(amounts: Sequence[Amount]) -> str:
    """Return one bar per amount on the same scale that begins at 0, as SVG."""
    values = [amount.value for amount in amounts if amount.value is not None]
    longest = max((text_width(_said(amount)) for amount in amounts), default=0)
    behind = max(longest * SIZE + _GAP, _AMOUNT)
    scale = (WIDTH - NAMES - behind) / (float(max(values, default=0)) or 1)
    rows = "".join(
        _row(amount, top=number * _ROW, scale=scale) for number, amount in enumerate(amounts)
    )
    height = _ROW * len(amounts)
    axis = f'<path d="M{NAMES} 0V{height}" stroke="{_AXIS}" stroke-width="1" fill="none"/>'
    return svg(rows + axis, height=height)


def alternative(amounts: Sequence[Amount]) -> str:
    return "; ".join(f"{amount.name}: {_said(amount)}" for amount in amounts)


def _row(amount: Amount, *, top: int, scale: float) -> str:
    middle = top + _ROW // 2
    length = float(amount.value or 0) * scale
    bar = (
        f'<rect x="{NAMES}" y="{middle - _BAR // 2}" width="{length:.1f}" height="{_BAR}" '
        f'fill="{_FILL}"/>'
        if length
        else ""
    )
    said = escape(_said(amount))
    value = f'<text x="{NAMES + length + _GAP:.1f}" y="{middle + 4}">{said}</text>'
    return name_lines(amount.name, last=middle + 4, rise=6.5) + bar + value


def _said(amount: Amount) -> str:
    return "nicht bekannt" if amount.value is None else written(Money(amount.value))
