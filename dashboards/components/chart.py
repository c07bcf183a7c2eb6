"""The one place that makes a chart: a name, a picture, one reading sentence, a table."""

from __future__ import annotations

from collections.abc import Iterable

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.components.basic import aria, word
from dashboards.theme import CONFIG, Figure
from tracker.publication.reading.model_values import Mark


def chart(
    *,
    title: str,
    sentence: str,
    figure: Figure,
    height: int,
    table: Component,
    tally: Component | None = None,
    explain: Component | None = None,
) -> Component:
    """Return a figure: its title is the answer, the sentence says n of N, the table all numbers.

    The picture has a name for screen readers and nothing to focus; the table says the same.
    `tally` repeats the numbers directly under the picture where some find no room inside it,
    `explain` says how the figure of the title comes about. A point of the figure whose customdata
    ends in an address below /dashboards/ leads there (assets/charts.js): give the same address as
    a link in `tally` or `table`.
    """
    picture = dcc.Graph(
        figure=figure, config=CONFIG, responsive=True, style={"height": f"{height}px"}
    )
    return html.Figure(
        [
            html.Figcaption([html.H3(title), html.P(sentence, className="reading")]),
            html.Div(
                picture, role="img", className="picture", **aria(label=f"{title}. {sentence}")
            ),
            *([] if tally is None else [tally]),
            *([] if explain is None else [explain]),
            table,
        ],
        className="chart",
    )


def tally(entries: Iterable[tuple[Mark, int, str | None]]) -> Component:
    """Return every number of a bar with its mark and word; each leads to what it counts.

    An entry is a word, how many measures have it, and the address of their list.
    """
    return html.Ul(
        [html.Li(_counted(item, count, href)) for item, count, href in entries if count],
        className="tally",
    )


def _counted(item: Mark, count: int, href: str | None) -> list[Component]:
    shown = [word(item), html.Strong(count)]
    return shown if href is None else [html.A(shown, href=href)]
