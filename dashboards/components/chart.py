"""The one place that makes a chart: a name, a picture, one reading sentence, a table."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.components.basic import aria
from dashboards.theme import CONFIG, Figure


def chart(
    *,
    title: str,
    sentence: str,
    figure: Figure,
    height: int,
    table: Component,
    tally: Component | None = None,
    level: int = 3,
) -> Component:
    """Return a figure: its title is the answer, the sentence says n of N, the table all numbers.

    The picture has a name for screen readers and nothing to focus; the table says the same.
    `tally` repeats the numbers directly under the picture where some find no room inside it.
    """
    heading = html.H2 if level == 2 else html.H3
    picture = dcc.Graph(
        figure=figure, config=CONFIG, responsive=True, style={"height": f"{height}px"}
    )
    return html.Figure(
        [
            html.Figcaption([heading(title), html.P(sentence, className="reading")]),
            html.Div(
                picture,
                role="img",
                className="picture",
                **aria(label=f"{title}. {sentence}"),
            ),
            *([] if tally is None else [tally]),
            table,
        ],
        className="chart",
    )
