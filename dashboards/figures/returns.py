"""How complete: one dot per round on a scale of counts, "n von N" printed beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.theme import MUTED, TEXT, Figure, layout, level, unseen_axis

ROW_HEIGHT = 40
_ACCENT = "#1f5fa8"


@dataclass(frozen=True)
class Returned:
    """The Rücklauf of one round: how many of the expected reports came in.

    `href` is the list of the measures whose report came in.
    """

    label: str
    count: int
    total: int
    href: str | None = None


def dots(rounds: Sequence[Returned]) -> Figure:
    """Return one line per round from 0 to its expected reports, with a dot at what came in."""
    largest = max((item.total for item in rounds), default=0)
    labels = [item.label for item in rounds]
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "markers",
                "name": "eingegangen",
                # Where nothing was expected there is no place on the scale.
                "x": [item.count if item.total else None for item in rounds],
                "y": labels,
                "marker": {"size": 15, "color": _ACCENT},
                "customdata": [[item.total, item.href if item.count else None] for item in rounds],
                "hovertemplate": "%{y}: %{x} von %{customdata[0]}<extra></extra>",
                "cliponaxis": False,
            }
        ],
        "layout": layout(
            xaxis=unseen_axis(0, max(largest, 1)),
            yaxis={
                "type": "category",
                "autorange": "reversed",
                "categoryorder": "array",
                "categoryarray": labels,
                "fixedrange": True,
                "ticks": "",
                "showgrid": False,
                "tickfont": {"size": 15, "color": TEXT},
                "automargin": True,
            },
            # Room on the right for "n von N".
            margin={"l": 0, "r": 96, "t": 4, "b": 4, "pad": 10},
            shapes=[level(item.total, index, width=6) for index, item in enumerate(rounds)],
            annotations=[_printed(index, item) for index, item in enumerate(rounds)],
        ),
    }


def height_of_dots(count: int) -> int:
    return count * ROW_HEIGHT + 8


def _printed(index: int, item: Returned) -> dict[str, Any]:
    return {
        "x": item.total,
        "y": index,
        "xanchor": "left",
        "xshift": 14,
        "yanchor": "middle",
        "showarrow": False,
        "text": f"{item.count} von {item.total}" if item.total else "keine erwartet",
        "font": {"size": 15, "color": MUTED},
    }
