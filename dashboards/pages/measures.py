"""All measures of a published round by Handlungsfeld, so that each can be found."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import (
    Child,
    back_to_overview,
    dissent_mark,
    measure_link,
    section,
    standing,
)
from dashboards.components.rounds import Round, chooser, demonstration, publication
from dashboards.components.table import table
from dashboards.content import sentences
from dashboards.content.words import Json, Words
from dashboards.paths import MEASURES


def content(*, overview: Json, words: Words, rounds: Sequence[Round]) -> list[Component]:
    """Return the list of one published round with each measure's value."""
    round_ = overview["round"]
    counts = overview["figures"]["distribution"]
    head = html.Div(
        [
            html.Div(
                [
                    html.H1(f"Alle Maßnahmen: {round_['long_label']}"),
                    *publication(round_),
                    *demonstration(overview["demonstration"]),
                    html.P(
                        f"{sentences.coverage(counts['reported'], counts['total'])}.",
                        className="reading",
                    ),
                    html.P(back_to_overview(round_["period"])),
                ]
            ),
            chooser(MEASURES, rounds, round_["period"]),
        ],
        className="page-head",
    )
    return [head, *(_field(item, overview, words) for item in overview["fields"])]


def _field(field: Json, overview: Json, words: Words) -> Component:
    period = overview["round"]["period"]
    rows: list[list[Child]] = [
        [
            measure_link(item["code"], period),
            html.Span(item["display_text"]),
            html.Div(
                [
                    *_value(item, words),
                    *([dissent_mark(item["code"], period)] if item["dissent"] else []),
                ]
            ),
            item["lead"] or words.not_determined,
        ]
        for item in overview["measures"]
        if item["field"] == field["position"]
    ]
    counts = field["figures"]["distribution"]
    return section(
        field["name"],
        [
            html.P(
                f"{sentences.coverage(counts['reported'], counts['total'])}.", className="reading"
            ),
            table(
                f"Maßnahmen im Handlungsfeld {field['name']}",
                ["Nr.", "Maßnahme", "Stand", "Federführend"],
                rows,
                class_name="measures",
            ),
        ],
        name=f"feld-{field['position']}",
    )


def _value(item: Json, words: Words) -> list[Child]:
    if item["kind"] == "reference":
        kind = words.choices["measure_kind"]["reference"]
        return [f"{kind}: Über diesen Eintrag wird nicht berichtet, er zählt nicht mit."]
    told = standing(words, item["value"])
    if item["value"] is None and item["carried"] is not None:
        carried = item["carried"]
        told.append(
            html.Div(
                [f"zuletzt {carried['label']}: ", *standing(words, carried)], className="carried"
            )
        )
    return told
