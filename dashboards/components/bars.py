"""Stacked bars of counts made of links: each part leads to exactly the measures it counts.

Widths are classes in whole hundredths of the longest bar (`w1` … `w100`), because the content
policy knows no inline style. The picture is for the eye; the list under it is for everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import aria, word
from tracker.publication.reading.model_values import Mark
from tracker.publication.reading.words import Words

_WHOLE = 100


@dataclass(frozen=True)
class Part:
    """A value in a bar: its word, how many measures have it, and the list of just these."""

    word: Mark
    count: int
    href: str


def bar(parts: Sequence[Part], *, largest: int, small: bool = False) -> Component:
    """Return one bar with its numbers in words below; `largest` is the scale's longest bar."""
    shown = [part for part in parts if part.count]
    drawn = [
        html.A(
            part.count,
            href=part.href,
            title=f"{part.count} {part.word.label}",
            tabIndex="-1",
            className=f"bar__part bar__part--{part.word.code} w{width}",
        )
        for part, width in zip(shown, widths([p.count for p in shown], largest), strict=True)
    ]
    told = [
        html.Li(html.A([html.Strong(part.count), " ", word(part.word)], href=part.href))
        for part in shown
    ]
    return html.Div(
        [
            html.Div(drawn, className="bar__line", **aria(hidden="true")),
            html.Ul(told, className="bar__tally"),
        ],
        className="bar bar--small" if small else "bar",
    )


def widths(counts: Sequence[int], largest: int) -> list[int]:
    """Return the width of each part in hundredths of the longest bar; together they are exact."""
    found, end = [], 0
    for count in counts:
        start, end = end, end + count
        found.append(_hundredths(end, largest) - _hundredths(start, largest))
    return found


def legend(words: Words) -> Component:
    entries = [
        html.Li(
            [
                html.Span(
                    className=f"bar__part bar__part--{item.code} bar__sample", **aria(hidden="true")
                ),
                word(item),
            ]
        )
        for item in (*words.implementation.values(), words.no_report)
    ]
    return html.Ul(entries, className="bar-legend", **aria(label="Legende"))


def _hundredths(count: int, largest: int) -> int:
    return round(_WHOLE * count / max(largest, 1))
