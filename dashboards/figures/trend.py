"""How did it run: one row of bars per figure, a bar per round, all rows on one scale of counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from dashboards.figures.stacked import marker
from dashboards.theme import GRID, MUTED, TEXT, Figure, Style, layout, note, unseen_axis
from tracker.reporting.palette import NO_REPORT_OUTLINE

# In pixels: a gap, the name of a row, the longest bar of all, the number above a row's longest
# bar, the rounds at the foot.
_GAP, _NAME, _LONGEST, _NUMBER, _FOOT = 18, 24, 70, 22, 44


@dataclass(frozen=True)
class Series:
    """A figure over the rounds: its name, a count per round, and the list behind each."""

    name: str
    counts: tuple[int, ...]
    style: Style
    hrefs: tuple[str | None, ...]


def rows(labels: Sequence[str], series: Sequence[Series]) -> Figure:
    """Return one row of bars per series; the rounds stand once, below.

    A row is as high as its own longest bar, so that its name stands close above its bars.
    """
    heights = _heights(series)
    tops = [sum(heights[:index]) for index in range(len(series))]
    height = height_of(series)
    axes: dict[str, Any] = {}
    for index, (top, own) in enumerate(zip(tops, heights, strict=True)):
        bars = own - _GAP - _NAME
        axes[f"yaxis{index + 1 if index else ''}"] = {
            **unseen_axis(0, bars / _scale(series)),
            "domain": [1 - _share(top + own, height), 1 - _share(top + own - bars, height)],
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
                note([item.name], 1 - _share(top + _GAP, height)) | {"yref": "paper"}
                for top, item in zip(tops, series, strict=True)
            ],
            **axes,
        ),
    }


def height_of(series: Sequence[Series]) -> int:
    return sum(_heights(series)) + _FOOT


def _heights(series: Sequence[Series]) -> list[int]:
    longest = [max(item.counts, default=0) * _scale(series) for item in series]
    return [_GAP + _NAME + round(pixels) + _NUMBER for pixels in longest]


def _scale(series: Sequence[Series]) -> float:
    """Return the pixels of one measure."""
    return _LONGEST / (max((count for item in series for count in item.counts), default=0) or 1)


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
