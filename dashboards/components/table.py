"""Tables: one header row, the first column names the row, wide ones scroll in their own frame."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, Children, aria, hidden
from dashboards.paths import address
from dashboards.selection import Selection
from tracker.publication.reading.table import Table, total_cells, written_cells

Cell = Children


def numbers(
    shown: Table,
    *,
    path: str,
    state: Selection,
    wide: bool = False,
    class_name: str = "",
    cells: Sequence[Sequence[Cell]] | None = None,
) -> Component:
    """Return a table of values with its totals and the way to its CSV file; `path` is the page's.

    `cells` are the same rows with marks and links, where the page shows more than values.
    """
    drawn = table(
        shown.title,
        [column.name for column in shown.columns],
        cells or written_cells(shown),
        wide=wide,
        class_name=class_name,
        foot=total_cells(shown),
    )
    return html.Div([drawn, csv_link(shown, path=path, state=state)])


def csv_link(
    shown: Table, *, path: str, state: Selection, text: str = "Tabelle als CSV"
) -> Component:
    """Return the way to a table's CSV file; the page may draw the table with marks and links."""
    query = state.query()
    joined = f"{query}&" if query else "?"
    link = html.A(
        [text, hidden(f": {shown.title}")],
        href=f"{address('tabellen')}/{shown.key}.csv{joined}{urlencode({'seite': path})}",
        className="link",
        download="",
    )
    return html.P(link, className="no-print")


def table(
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    class_name: str = "",
    wide: bool = False,
    foot: Sequence[Sequence[Cell]] = (),
) -> Component:
    """Return a table; the caption is for screen readers because a heading stands above.

    With `wide` it scrolls inside a frame of its own that the keyboard can reach.
    """
    body = html.Table(
        [
            html.Caption(caption, className="visually-hidden"),
            html.Thead(html.Tr([html.Th(title, scope="col") for title in head])),
            html.Tbody([_row(row) for row in rows]),
            *([html.Tfoot([_row(row) for row in foot])] if foot else []),
        ],
        className=f"numbers {class_name}".strip(),
    )
    return scrolling(body, f"{caption} (Tabelle, seitlich verschiebbar)") if wide else body


def scrolling(content: Component, label: str, *, class_name: str = "") -> Component:
    """Return a frame in which wide content scrolls; the keyboard can reach it."""
    return html.Div(
        content,
        className=f"scroll {class_name}".strip(),
        role="region",
        tabIndex="0",
        **aria(label=label),
    )


def _row(cells: Sequence[Cell]) -> Component:
    first, *others = cells
    return html.Tr([html.Th(first, scope="row"), *(html.Td(cell) for cell in others)])


def folded(summary: str, content: Child) -> Component:
    return html.Details([html.Summary(summary), content], className="folded")
