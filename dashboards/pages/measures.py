"""All measures of a published round by Handlungsfeld, so that each can be found."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, measure_link, section
from dashboards.components.listed import stand
from dashboards.components.table import table
from dashboards.pages.view import Page, View
from dashboards.selection import FACETS
from tracker.publication.reading import sentences
from tracker.publication.reading.words import lead_of
from tracker.publication.rules.document import FieldFigures
from tracker.publication.rules.snapshot_views import figures


def content(view: View) -> list[Component]:
    """Return the measures that the address selects, by Handlungsfeld."""
    chosen = figures(view.chosen)["distribution"]
    told = html.P(view.found(chosen), className="reading")
    shown = {item["field"] for item in view.chosen}
    return [
        told,
        *(_field(item, view) for item in view.overview["fields"] if item["code"] in shown),
    ]


def _field(field: FieldFigures, view: View) -> Component:
    period, words = view.name, view.words
    measures = [item for item in view.chosen if item["field"] == field["code"]]
    rows: list[list[Child]] = [
        [
            measure_link(item["code"], period),
            html.Span(item["display_text"]),
            html.Div(stand(item, words, period)),
            lead_of(item, words),
        ]
        for item in measures
    ]
    counts = figures(measures)["distribution"]
    return section(
        field["name"],
        [
            html.P(
                sentences.covered(counts["reported"], counts["total"]),
                className="reading",
            ),
            table(
                f"Maßnahmen im Handlungsfeld {field['name']}",
                ["Nr.", "Maßnahme", "Stand", "Federführend"],
                rows,
                class_name="measures",
            ),
        ],
        name=f"feld-{field['code']}",
    )


PAGE = Page(path="massnahmen", title="Maßnahmen", nav="Maßnahmen", content=content, facets=FACETS)
