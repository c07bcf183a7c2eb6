"""Where do we stand: stacked bars of counts, one for all measures or one per Handlungsfeld."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from dashboards import theme
from dashboards.theme import GRID, MUTED, WHITE, Figure, Style, layout, note, unseen_axis
from tracker.publication.reading.model_values import Mark
from tracker.publication.reading.words import Words
from tracker.publication.rules.document import DistributionRecord
from tracker.reporting.palette import NO_REPORT_OUTLINE

Way = Callable[[str], str | None]

_HALF_BAR = 0.5
_NO_BREAK = "\N{NO-BREAK SPACE}"
# Bars with names are laid out in pixels: lines of the name, the bar, a gap.
_LINE, _BAR, _GAP, _AXIS = 21, 28, 14, 34
# A name may be this long beside a phone's edge; longer ones take a second line.
_NAME_LENGTH = 36
# The numbers under a bar are set smaller.
_TALLY_LINE, _TALLY_LENGTH, _TALLY_GAP = 19, 40, 4


@dataclass(frozen=True)
class Segment:
    """One value of a distribution: its word, how many measures have it, how it is filled.

    `href` is the list of just these measures.
    """

    label: str
    count: int
    style: Style
    href: str | None = None


@dataclass(frozen=True)
class Row:
    name: str
    segments: tuple[Segment, ...]

    @property
    def lines(self) -> list[str]:
        return wrap(self.name, _NAME_LENGTH)

    @property
    def tally(self) -> list[str]:
        """Every number of the bar with its word, in its order, in lines that fit a phone."""
        told = [f"{item.count} {item.label}" for item in self.segments if item.count]
        # A number stays with its word; `wrap` leaves no-break spaces alone.
        joined = ", ".join(text.replace(" ", _NO_BREAK) for text in told)
        return wrap(joined, _TALLY_LENGTH, break_on_hyphens=False)

    @property
    def to_bar(self) -> int:
        return len(self.lines) * _LINE + _BAR

    @property
    def height(self) -> int:
        return self.to_bar + _TALLY_GAP + len(self.tally) * _TALLY_LINE + _GAP


def implementation_word(words: Words, code: str) -> Mark:
    """Return the word of an Umsetzungsstand or of "keine Meldung"."""
    return words.no_report if code == theme.NO_REPORT else words.implementation[code]


def course_word(words: Words, code: str) -> Mark:
    """Return the word of a Verlauf, of "nicht gefragt" or of "keine Meldung"."""
    if code == theme.NO_REPORT:
        return words.no_report
    return words.course_not_asked if code == theme.COURSE_NOT_ASKED else words.course[code]


def implementation_segments(
    distribution: DistributionRecord, words: Words, way: Way = lambda _code: None
) -> tuple[Segment, ...]:
    """Return the segments of a bar in the fixed order, "keine Meldung" last.

    `way` gives the address of the list behind a value.
    """
    counts = distribution["counts"] | {theme.NO_REPORT: distribution["no_report"]}
    return tuple(
        Segment(
            implementation_word(words, code).label,
            counts[code],
            theme.IMPLEMENTATION_STYLE[code],
            way(code),
        )
        for code in theme.IMPLEMENTATION_ORDER
    )


def course_segments(
    distribution: DistributionRecord, words: Words, way: Way = lambda _code: None
) -> tuple[Segment, ...]:
    """Return the segments of the Verlauf in the fixed order, "keine Meldung" last.

    `way` gives the address of the list behind a value.
    """
    counts = distribution["courses"] | {
        theme.COURSE_NOT_ASKED: distribution["course_not_asked"],
        theme.NO_REPORT: distribution["no_report"],
    }
    return tuple(
        Segment(course_word(words, code).label, counts[code], theme.COURSE_STYLE[code], way(code))
        for code in theme.COURSE_ORDER
    )


def single_bar(segments: Sequence[Segment]) -> Figure:
    """Return one stacked bar over all measures, in the order of the segments given.

    The bar is as wide as the sum of the counts; empty segments are not drawn.
    """
    total = sum(segment.count for segment in segments)
    row = Row("", tuple(segments))
    return {
        "data": _traces([row], [0], _HALF_BAR * 2),
        "layout": layout(
            template=_template(size=19),
            xaxis=unseen_axis(0, max(total, 1)),
            yaxis=unseen_axis(-0.54, 0.54),
            margin={"l": 2, "r": 2, "t": 0, "b": 0, "pad": 0},
            uniformtext={"mode": "hide", "minsize": 19},
            shapes=_empty_places([row], [0], _HALF_BAR),
        ),
    }


def bars_per_row(rows: Sequence[Row]) -> Figure:
    """Return one bar per row on one scale of counts, its name above and its numbers below.

    Every row has the same segments in the same order. The scale ends at the largest row.
    """
    tops = [sum(row.height for row in rows[:index]) for index in range(len(rows))]
    places = [top + row.to_bar - _BAR // 2 for top, row in zip(tops, rows, strict=True)]
    largest = max((sum(item.count for item in row.segments) for row in rows), default=0)
    return {
        "data": _traces(rows, places, _BAR),
        "layout": layout(
            template=_template(size=15),
            xaxis={
                "range": [0, max(largest, 1)],
                "fixedrange": True,
                "gridcolor": GRID,
                "zeroline": False,
                "tickformat": "d",
                "dtick": 5 if largest > 8 else 1,
                "tickfont": {"size": 14, "color": MUTED},
            },
            yaxis=unseen_axis(sum(row.height for row in rows), 0),
            margin={"l": 2, "r": 8, "t": 0, "b": _AXIS, "pad": 0},
            uniformtext={"mode": "hide", "minsize": 15},
            shapes=_empty_places(rows, places, _BAR / 2),
            annotations=[
                text
                for row, top in zip(rows, tops, strict=True)
                for text in (
                    note(row.lines, top),
                    note(row.tally, top + row.to_bar + _TALLY_GAP, size=14, colour=MUTED),
                )
            ],
        ),
    }


def height_of_rows(rows: Sequence[Row]) -> int:
    return sum(row.height for row in rows) + _AXIS


def _template(*, size: int) -> dict[str, Any]:
    """Return what all bars of a chart share; plotly writes nothing into a bar of length 0."""
    bar = {
        "texttemplate": "%{x}",
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"size": size, "weight": 600},
        "marker": {"line": {"color": WHITE, "width": 2}},
        "hovertemplate": "%{fullData.name}: %{x} von %{customdata[0]}<extra></extra>",
    }
    return {"data": {"bar": [bar]}}


def _traces(rows: Sequence[Row], places: Sequence[int], width: float) -> list[dict[str, Any]]:
    names = [segment.label for segment in rows[0].segments] if rows else []
    totals = [sum(segment.count for segment in row.segments) for row in rows]
    traces = []
    for index, name in enumerate(names):
        counts = [row.segments[index].count for row in rows]
        if not any(counts):
            continue
        style = rows[0].segments[index].style
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": name,
                "y": list(places),
                "x": counts,
                "width": width,
                # The list behind each piece comes last (components/chart.py).
                "customdata": [
                    [total, row.segments[index].href] if count else None
                    for total, row, count in zip(totals, rows, counts, strict=True)
                ],
                "insidetextfont": {"color": style.ink},
                "marker": marker(style),
            }
        )
    return traces


def marker(style: Style) -> dict[str, Any]:
    marker: dict[str, Any] = {"color": style.colour}
    if style.hatched:
        marker["pattern"] = {
            "shape": "/",
            "size": 8,
            "solidity": 0.18,
            "fgcolor": style.hatch,
            "bgcolor": style.colour,
        }
    return marker


def _empty_places(rows: Sequence[Row], places: Sequence[int], half: float) -> list[dict[str, Any]]:
    """Return dashed outlines: plotly's bars have no dashed line of their own."""
    shapes = []
    for row, place in zip(rows, places, strict=True):
        start = 0
        for segment in row.segments:
            if segment.style.dashed and segment.count:
                shapes.append(
                    {
                        "type": "rect",
                        "x0": start,
                        "x1": start + segment.count,
                        "y0": place - half * 0.94,
                        "y1": place + half * 0.94,
                        "line": {"color": NO_REPORT_OUTLINE, "width": 1.5, "dash": "4px,3px"},
                    }
                )
            start += segment.count
    return shapes
