"""Überblick: what needs attention, what changed, what to decide, then the distribution."""

from __future__ import annotations

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
from dashboards.components.rounds import exports
from dashboards.content import sentences
from dashboards.content.attention import exceptions, movements
from dashboards.content.words import Json, Words, shortened
from dashboards.figures.returns import Returned
from dashboards.pages import overview_charts
from dashboards.pages.view import Page, View
from tracker.rules.figures import Change

_TEXT_LIMIT = 110
# How many rounds the Rücklauf is followed back.
_ROUNDS_SHOWN = 8


def content(view: View) -> list[Component]:
    """Return the page of one published round."""
    overview, words = view.overview, view.words
    period = overview["round"]["period"]
    return [
        section(
            "Das braucht Aufmerksamkeit",
            [_exceptions(overview, words)],
            name="aufmerksamkeit",
        ),
        section("Zu entscheiden", _decisions(overview, words), name="entscheidungen"),
        section("Was sich verändert hat", _changes(overview, words), name="veraenderungen"),
        section(
            "Wo die Maßnahmen stehen",
            overview_charts.charts(overview, words, _returns(view)),
            name="stand",
        ),
        section(
            "Alle Maßnahmen und Ausgaben",
            [
                html.P(
                    html.A(
                        "Alle Maßnahmen nach Handlungsfeldern",
                        href=view.href("massnahmen"),
                        className="link",
                    )
                ),
                exports(period),
            ],
            name="weiter",
        ),
    ]


def _returns(view: View) -> list[Returned]:
    """Return the Rücklauf of the last rounds up to the chosen one, oldest first."""
    rounds = view.shelf.publications
    until = rounds.index(view.publication)
    shown = rounds[until : until + _ROUNDS_SHOWN][::-1]
    found = []
    for publication, part in zip(shown, view.shelf.overviews(shown), strict=True):
        ratio = part["figures"]["returns"]["completeness"]
        found.append(Returned(publication.label, ratio["count"], ratio["total"], ratio["percent"]))
    return found


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


PAGE = Page(path="", title="Überblick", nav="Überblick", content=content, charts=True)
