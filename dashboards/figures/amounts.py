"""How much: horizontal bars in one unit, planned as an outline, unknown without any bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from dashboards.theme import TEXT, Figure, layout, level, note, unseen_axis

_ACCENT = "#1f5fa8"
# Laid out in pixels like the bars of counts: lines of the name and its number, the bar, a gap.
_LINE, _BAR, _GAP, _END = 21, 20, 12, 4
_NAME_LENGTH = 36
_NO_BREAK = "\N{NO-BREAK SPACE}"

_MARKER = {
    "Ist": {"color": _ACCENT},
    "Plan": {"color": "rgba(0,0,0,0)", "line": {"color": TEXT, "width": 2}},
}


@dataclass(frozen=True)
class Amount:
    """One bar: its name, the number as it is printed, and how long it is.

    `value` is None where nothing is known: the printed word says so and no bar is drawn.
    `planned` draws an outline of that length around the bar; `href` is the list of the measures.
    """

    name: str
    printed: str
    value: float | None
    planned: float | None = None
    href: str | None = None

    @property
    def lines(self) -> list[str]:
        """The name with its number in lines that fit a phone; the number is never split."""
        number = self.printed.replace(" ", _NO_BREAK)
        # Nor does it stand alone below the name, where a word of the name fits beside it.
        last = self.name.rpartition(" ")[2]
        between = _NO_BREAK if len(f"{last}: {number}") <= _NAME_LENGTH else " "
        text, fits = f"{self.name}:{between}{number}", len(number) <= _NAME_LENGTH
        return wrap(text, _NAME_LENGTH, break_long_words=fits, break_on_hyphens=False)

    @property
    def height(self) -> int:
        return len(self.lines) * _LINE + (_BAR if self.drawn else 0) + _GAP

    @property
    def drawn(self) -> bool:
        return self.value is not None or self.planned is not None


def bars(rows: Sequence[Amount]) -> Figure:
    """Return one bar per row on one scale from 0, its name and number above it."""
    tops = [sum(row.height for row in rows[:index]) for index in range(len(rows))]
    placed = [
        (row, top + len(row.lines) * _LINE + _BAR // 2)
        for row, top in zip(rows, tops, strict=True)
        if row.drawn
    ]
    longest = max((max(row.value or 0, row.planned or 0) for row, _ in placed), default=0)
    # Inside its outline the bar is thin, so that the outline is seen where the bar is longer.
    thinner = 2 if any(row.planned is not None for row in rows) else 1
    return {
        "data": [
            _trace("Ist", [(row, row.value, place) for row, place in placed], _BAR // thinner),
            _trace("Plan", [(row, row.planned, place) for row, place in placed], _BAR),
        ],
        "layout": layout(
            barmode="overlay",
            xaxis=unseen_axis(0, longest or 1),
            yaxis=unseen_axis(height_of(rows), 0),
            margin={"l": 2, "r": 2, "t": 0, "b": 0, "pad": 0},
            annotations=[note(row.lines, top) for row, top in zip(rows, tops, strict=True)],
            # The line a bar stands on shows a reported 0 too.
            shapes=[level(1, place + _BAR / 2, width=1) | {"xref": "paper"} for _, place in placed],
        ),
    }


def height_of(rows: Sequence[Amount]) -> int:
    return sum(row.height for row in rows) + _END


def _trace(
    name: str, given: Sequence[tuple[Amount, float | None, int]], width: int
) -> dict[str, Any]:
    drawn = [(row, value, place) for row, value, place in given if value is not None]
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": [value for _, value, _ in drawn],
        "y": [place for *_, place in drawn],
        "width": width,
        # The list behind each bar comes last (components/chart.py).
        "customdata": [[f"{row.name}: {row.printed}", row.href] for row, *_ in drawn],
        "hovertemplate": "%{customdata[0]}<extra></extra>",
        "marker": _MARKER[name],
    }
