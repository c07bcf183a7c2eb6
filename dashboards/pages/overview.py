"""Überblick: what needs attention, what changed, what to decide, then the distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import (
    Child,
    aria,
    code_links,
    dissent_mark,
    hidden,
    lines,
    mark,
    measure_link,
    section,
    standing,
    word,
)
from dashboards.components.rounds import Round, chooser, demonstration, exports, publication
from dashboards.content import sentences
from dashboards.content.attention import exceptions, movements
from dashboards.content.words import Json, Words, shortened
from dashboards.figures.returns import Returned
from dashboards.pages import overview_charts
from dashboards.paths import MEASURES, PREFIX
from tracker.rules.figures import Change

_TEXT_LIMIT = 110


def content(
    *,
    overview: Json,
    words: Words,
    rounds: Sequence[Round],
    returns: Sequence[Returned],
) -> list[Component]:
    """Return the page of one published round; `returns` is the Rücklauf up to it, oldest first."""
    period = overview["round"]["period"]
    return [
        _head(overview, rounds),
        section(
            "Das braucht Aufmerksamkeit",
            [_exceptions(overview, words)],
            name="aufmerksamkeit",
        ),
        section("Zu entscheiden", _decisions(overview, words), name="entscheidungen"),
        section("Was sich verändert hat", _changes(overview, words), name="veraenderungen"),
        section(
            "Wo die Maßnahmen stehen",
            overview_charts.charts(overview, words, returns),
            name="stand",
        ),
        section(
            "Alle Maßnahmen und Ausgaben",
            [
                html.P(
                    html.A(
                        "Alle Maßnahmen nach Handlungsfeldern",
                        href=f"{MEASURES}?runde={period}",
                        className="link",
                    )
                ),
                exports(period),
            ],
            name="weiter",
        ),
    ]


def _head(overview: Json, rounds: Sequence[Round]) -> Component:
    round_ = overview["round"]
    return html.Div(
        [
            html.Div(
                [
                    html.H1(f"Überblick: {round_['long_label']}"),
                    *publication(round_),
                    *demonstration(overview["demonstration"]),
                ]
            ),
            chooser(PREFIX, rounds, round_["period"]),
        ],
        className="page-head",
    )


def _exceptions(overview: Json, words: Words) -> Component:
    period = overview["round"]["period"]
    items = []
    for item in exceptions(overview, words):
        links: list[Child] = []
        if item.codes:
            links = [" ", html.Span(code_links(item.codes, period), className="codes")]
        items.append(
            html.Li([mark(item.icon, item.tone), html.Div([html.Span(item.sentence), *links])])
        )
    return html.Ul(items, className="exceptions")


def _decisions(overview: Json, words: Words) -> list[Child]:
    found = overview["decisions"]
    period = overview["round"]["period"]
    told: list[Child] = [html.P(sentences.proposals(len(found)), className="reading")]
    if found:
        told.append(
            html.Ul(
                [_decision(item, words, period) for item in found],
                className="rows decisions",
            )
        )
    return told


def _decision(item: Json, words: Words, period: str) -> Component:
    lead = html.Span(f" · {item['lead'] or words.not_determined}", className="muted")
    reason = [html.Span("Grund: "), *lines(item["reason"])] if item["reason"] else None
    return html.Li(
        [
            html.Div(
                [
                    measure_link(
                        item["code"], period, text=shortened(item["display_text"], _TEXT_LIMIT)
                    ),
                    html.Div([*standing(words, item["value"]), lead], className="move"),
                    *([dissent_mark(item["code"], period)] if item["dissent"] else []),
                ]
            ),
            html.Div(
                [
                    html.Div(lines(item["consequence"]), className="proposal"),
                    html.Div(reason, className="muted"),
                ]
            ),
        ]
    )


def _changes(overview: Json, words: Words) -> list[Child]:
    previous = overview["previous"]
    since = previous["label"] if previous else None
    told: list[Child] = [
        html.P(sentences.moved(movements(overview, words), since), className="reading")
    ]
    for kind in dict.fromkeys(line["kind"] for line in overview["changes"]):
        entries = [line for line in overview["changes"] if line["kind"] == kind]
        # What got worse is read first and by everybody; the rest opens on demand.
        opened: dict[str, Any] = {"open": True} if kind == Change.WORSE else {}
        told.append(
            html.Details(
                [
                    html.Summary([word(words.change[kind], "plain"), f" ({len(entries)})"]),
                    html.Ul(
                        [_change(line, words, overview["round"]["period"]) for line in entries],
                        className="rows",
                    ),
                ],
                className="folded",
                **opened,
            )
        )
    return told


def _change(line: Json, words: Words, period: str) -> Component:
    return html.Li(
        [
            measure_link(line["code"], period, text=shortened(line["display_text"], _TEXT_LIMIT)),
            html.Div(
                [
                    hidden("vorher "),
                    *standing(words, line["before"]),
                    " ",
                    html.Span(
                        [
                            html.Span("→ ", **aria(hidden="true")),
                            hidden(", jetzt "),
                            *standing(words, line["after"]),
                        ],
                        className="move__after",
                    ),
                    *([dissent_mark(line["code"], period)] if line["dissent"] else []),
                ],
                className="move",
            ),
        ]
    )
