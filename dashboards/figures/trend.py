"""How did it run: one row of bars per figure, a bar per round, all rows on one scale of counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from dashboards.figures.stacked import marker
from dashboards.theme import GRID, MUTED, TEXT, Figure, Style, layout, note, unseen_axis
from tracker.reporting.palette import NO_REPORT_OUTLINE

# In pixels: the name above a row, its bars with the number above them, the rounds at the foot.
_NAME, _BARS, _FOOT = 44, 92, 44
_ROW = _NAME + _BARS
# Room above the longest bar for its number.
_HEADROOM = 1.3


@dataclass(frozen=True)
class Series:
    """A figure over the rounds: its name, a count per round, and the list behind each."""

    name: str
    counts: tuple[int, ...]
    style: Style
    hrefs: tuple[str | None, ...]


def rows(labels: Sequence[str], series: Sequence[Series]) -> Figure:
    """Return one row of bars per series; the rounds stand once, below."""
    largest = max((count for item in series for count in item.counts), default=0)
    height = height_of(len(series))
    axes: dict[str, Any] = {}
    for index in range(len(series)):
        bottom = height - _ROW * (index + 1)
        axes[f"yaxis{index + 1 if index else ''}"] = {
            **unseen_axis(0, max(largest, 1) * _HEADROOM),
            "domain": [_share(bottom - _FOOT, height), _share(bottom + _BARS - _FOOT, height)],
        }
    return {
        "data": [_trace(labels, item, index) for index, item in enumerate(series)],
        "layout": layout(
            template={"data": {"bar": [_BAR]}},
            bargap=0.5,
            xaxis={
                "type": "category",
                "categoryorder": "array",
                "categoryarray": list(labels),
                "tickvals": list(labels),
                # Two lines find room on a phone: "Q3" above "2026".
                "ticktext": [escape(label).replace("/", "<br>") for label in labels],
                "tickangle": 0,
                "fixedrange": True,
                "showgrid": False,
                "anchor": f"y{len(series) if len(series) > 1 else ''}",
                "linecolor": GRID,
                "tickfont": {"size": 13, "color": MUTED},
            },
            margin={"l": 0, "r": 0, "t": 0, "b": _FOOT, "pad": 0},
            annotations=[
                # A little below the row before.
                note([item.name], 1 - _share(_ROW * index, height))
                | {"yref": "paper", "yshift": -10}
                for index, item in enumerate(series)
            ],
            **axes,
        ),
    }


def height_of(count: int) -> int:
    return _ROW * count + _FOOT


_BAR = {
    "texttemplate": "%{y}",
    "textposition": "outside",
    "cliponaxis": False,
    "textangle": 0,
    "outsidetextfont": {"size": 15, "color": TEXT},
    "hovertemplate": "%{x}: %{y} %{fullData.name}<extra></extra>",
}


def _trace(labels: Sequence[str], item: Series, index: int) -> dict[str, Any]:
    outline = {"line": {"color": NO_REPORT_OUTLINE, "width": 1.5}}
    return {
        "type": "bar",
        "name": item.name,
        "x": list(labels),
        "y": list(item.counts),
        "yaxis": f"y{index + 1 if index else ''}",
        "marker": marker(item.style) | (outline if item.style.dashed else {}),
        "customdata": [
            href if count else None for href, count in zip(item.hrefs, item.counts, strict=True)
        ],
    }


def _share(pixels: int, height: int) -> float:
    """Return pixels as a share of the room above the rounds."""
    return round(pixels / (height - _FOOT), 4)
