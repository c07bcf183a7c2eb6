"""Measures × rounds as one table: a cell is two marks on a tint, and its words for reading aloud.

The marks are backgrounds of `assets/grid.css`, chosen by two short classes, so that a cell costs
some bytes and not an image; its words are the cell's text, moved out of sight.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, aria, measure_path
from dashboards.components.table import scrolling
from tracker.core.german import shortened
from tracker.publication.reading.model_sections import Known, RoundCell, RoundLine
from tracker.reporting.rules.status import Course, Implementation

# The classes of grid.css, by value.
IMPLEMENTATION_CLASS = {item.value: f"i{index}" for index, item in enumerate(Implementation)}
COURSE_CLASS = {item.value: f"c{index}" for index, item in enumerate(Course)}
_KIND_CLASS = {Known.CARRIED: "o", Known.SILENT: "q", Known.ABSENT: "n", Known.REFERENCE: "n"}
_TEXT_LIMIT = 80
# More columns than a phone has room for: there the table scrolls.
_PHONE = 8


def table(
    labels: Sequence[str],
    groups: Sequence[tuple[str, str, Sequence[RoundLine]]],
    *,
    period: str,
    caption: str,
) -> Component:
    """Return the table in its frame.

    `labels` are the rounds, `groups` name, subtotal in words, and their lines.
    """
    width = len(labels) + 1
    head = html.Tr(
        [
            html.Th("Maßnahme", scope="col"),
            *(html.Th(_breakable(label), scope="col") for label in labels),
        ]
    )
    bodies = [
        html.Tbody(
            [
                html.Tr(
                    html.Th(
                        html.Div([html.Strong(name), f" {subtotal}"]),
                        colSpan=width,
                        scope="rowgroup",
                    )
                ),
                *(_row(line, period) for line in lines),
            ]
        )
        for name, subtotal, lines in groups
    ]
    drawn = html.Table(
        [html.Caption(caption, className="visually-hidden"), html.Thead(head), *bodies],
        className="grid" if len(labels) <= _PHONE else "grid grid--long",
    )
    return scrolling(drawn, f"{caption} (Tabelle, verschiebbar)", class_name="grid-frame")


def sample(cell: RoundCell) -> Component:
    """Return a cell beside its meaning, for the legend."""
    look = _look(cell)
    look["className"] = f"sample {look['className']}"
    return html.Span(**look, **aria(hidden="true"))


def _row(line: RoundLine, period: str) -> Component:
    head: list[Child] = [
        html.A(line.code, href=measure_path(line.code, period), className="link"),
        f" {shortened(line.display_text, _TEXT_LIMIT)}",
    ]
    cells: list[Component]
    if line.is_reference:
        cells = [html.Td(line.cells[-1].text, colSpan=len(line.cells), className="w")]
    else:
        cells = [html.Td(cell.text, **_look(cell)) for cell in line.cells]
    return html.Tr([html.Th(head, scope="row"), *cells])


def _look(cell: RoundCell) -> dict[str, Any]:
    names = [_KIND_CLASS.get(cell.kind, "")]
    if cell.standing is not None:
        names.append(IMPLEMENTATION_CLASS.get(cell.standing.implementation.code, ""))
        if cell.standing.course is not None:
            names.append(COURSE_CLASS.get(cell.standing.course.code, ""))
    look: dict[str, Any] = {"className": " ".join(name for name in names if name)}
    if cell.origin:
        look["data-o"] = cell.origin
    return look


def _breakable(label: str) -> list[Child]:
    """Return "Q3/2026" so that a narrow column may set it in two lines."""
    before, slash, after = label.partition("/")
    return [before + slash, html.Wbr(), after]
