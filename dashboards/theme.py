"""How the charts look: palette and hatching from `tracker.core.icons`, type, common layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from tracker.reporting.palette import COURSE_COLOUR, HATCHED, IMPLEMENTATION_COLOUR, NO_REPORT_FILL
from tracker.reporting.rules.status import Course, Implementation

Figure = dict[str, Any]

FONT = '"Fira Sans", "Segoe UI", Arial, sans-serif'
TEXT = "#171a1c"
MUTED = "#4a4f57"
GRID = "#dfe2e6"
WHITE = "#ffffff"
BLACK = "#000000"

NO_REPORT = "no_report"
COURSE_NOT_ASKED = "course_not_asked"
# A quiet grey that stays apart from every colour of the Verlauf and from "keine Meldung".
NOT_ASKED_COLOUR = "#c9cdd3"

# plotly's button bar carries a "share" to somebody else's cloud; nothing here needs buttons.
CONFIG: Any = {
    "displayModeBar": False,
    "displaylogo": False,
    "doubleClick": False,
    "scrollZoom": False,
    "showTips": False,
    "responsive": True,
}


@dataclass(frozen=True)
class Style:
    """How an area of a value is filled; `dashed` draws it as an empty place."""

    colour: str
    hatched: bool = False
    dashed: bool = False

    @property
    def ink(self) -> str:
        """Return the colour of text upon it: black or white, whichever is easier to read."""
        return BLACK if contrast(self.colour, BLACK) >= contrast(self.colour, WHITE) else WHITE

    @property
    def hatch(self) -> str:
        """Return the colour of the hatching lines; it moves away from the text's colour."""
        return "#f3dcb8" if self.ink == BLACK else "#54244a"


_EMPTY = Style(NO_REPORT_FILL, dashed=True)
IMPLEMENTATION_STYLE: dict[str, Style] = {
    value.value: Style(colour, hatched=value in HATCHED)
    for value, colour in IMPLEMENTATION_COLOUR.items()
} | {NO_REPORT: _EMPTY}
COURSE_STYLE: dict[str, Style] = {
    value.value: Style(colour) for value, colour in COURSE_COLOUR.items()
} | {COURSE_NOT_ASKED: Style(NOT_ASKED_COLOUR), NO_REPORT: _EMPTY}

IMPLEMENTATION_ORDER: tuple[str, ...] = (*(item.value for item in Implementation), NO_REPORT)
COURSE_ORDER: tuple[str, ...] = (*(item.value for item in Course), COURSE_NOT_ASKED, NO_REPORT)


def luminance(colour: str) -> float:
    """Return the relative luminance of "#rrggbb" (WCAG 2.2), 0 for black to 1 for white."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2), 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def layout(**changes: Any) -> Figure:
    """Return the layout every chart starts from: calm, fixed, German separators."""
    return {
        "separators": ",.",
        "font": {"family": FONT, "size": 15, "color": TEXT},
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": WHITE,
            "bordercolor": MUTED,
            "font": {"family": FONT, "size": 15, "color": TEXT},
        },
        "barmode": "stack",
        "bargap": 0,
    } | changes


def unseen_axis(start: float, end: float) -> dict[str, Any]:
    return {"visible": False, "range": [start, end], "fixedrange": True}


def note(lines: Sequence[str], top: float, *, size: int = 15, colour: str = TEXT) -> dict[str, Any]:
    """Return lines that begin at the left edge of the picture; `top` is a place of its y axis."""
    return {
        "x": 0,
        "y": top,
        "xref": "paper",
        "xanchor": "left",
        "yanchor": "top",
        "borderpad": 0,
        "showarrow": False,
        "align": "left",
        "text": "<br>".join(escape(line) for line in lines),
        "font": {"size": size, "color": colour},
    }


def level(end: float, place: float, *, width: int) -> dict[str, Any]:
    """Return a grey line below the bars from 0 to `end`."""
    return {
        "type": "line",
        "layer": "below",
        "x0": 0,
        "x1": end,
        "y0": place,
        "y1": place,
        "line": {"color": GRID, "width": width},
    }
