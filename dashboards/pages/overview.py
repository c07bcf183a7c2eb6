"""Überblick: what needs attention, what to decide, what changed, then the distribution."""

from __future__ import annotations

from collections.abc import Mapping
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
from dashboards.components.explain import QUESTION, explained
from dashboards.components.rounds import exports
from dashboards.content import sentences, sentences_overview
from dashboards.content.attention import Attention, exceptions, moved, movements
from dashboards.content.rounds import Counted, counted
from dashboards.content.tables import Table
from dashboards.content.words import Json, shortened
from dashboards.pages import overview_charts, overview_rounds
from dashboards.pages.overview_charts import LIST
from dashboards.pages.view import Page, View
from tracker.rules.figures import Change

_TEXT_LIMIT = 80


def content(view: View) -> list[Component]:
    """Return the page of one published round."""
    now = counted(view.overview, view.chosen, view.state)
    told = _selection(view, now)
    if not view.chosen:
        return told
    return [
        *told,
        section("Das braucht Aufmerksamkeit", _exceptions(view, now), name="aufmerksamkeit"),
        section("Zu entscheiden", _decisions(view, now), name="entscheidungen"),
        section("Was sich verändert hat", _changes(view, now), name="veraenderungen"),
        section("Wo die Maßnahmen stehen", _charts(view, now), name="stand"),
        section(
            "Alle Maßnahmen und Ausgaben",
            [
                html.P(
                    html.A(
                        "Alle Maßnahmen nach Handlungsfeldern",
                        href=view.href(LIST),
                        className="link",
                    )
                ),
                exports(view.publication.period),
            ],
            name="weiter",
        ),
    ]


def tables(view: View) -> Mapping[str, Table]:
    """Return the numbers of every chart, for download."""
    now = counted(view.overview, view.chosen, view.state)
    rounds = overview_rounds.over_rounds(view, now)
    shown = (
        overview_charts.stands_table(view, now),
        overview_charts.courses_table(view, now),
        overview_rounds.returns_table(rounds),
        overview_rounds.trend_table(view, rounds),
        overview_charts.fields_table(view, now),
    )
    return {table.key: table for table in shown}


def _selection(view: View, now: Counted) -> list[Component]:
    """Return what the figures are about where filters narrow it, and the way out of nothing."""
    if not view.state.count:
        return []
    total = sum(item["reportable"] for item in view.measures)
    told: list[Component] = [
        html.P(sentences_overview.selection(now.distribution["total"], total), className="reading")
    ]
    if not view.chosen:
        reset = html.A("Alle Filter entfernen", href=view.href(""), className="link")
        told.append(html.P(reset))
    return told


def _charts(view: View, now: Counted) -> list[Child]:
    """Return the charts in the order they are read."""
    rounds = overview_rounds.over_rounds(view, now)
    return [
        overview_charts.implementation(view, now),
        overview_charts.course(view, now),
        overview_rounds.returns(view, rounds),
        overview_rounds.trend(view, rounds),
        overview_charts.fields(view, now),
    ]


def _exceptions(view: View, now: Counted) -> list[Child]:
    found = exceptions(now, view.words, view.since)
    return [
        html.Ul([_exception(view, item) for item in found], className="exceptions"),
        html.Details(
            [html.Summary(QUESTION), html.Ul([_rule(view, now, item) for item in found])],
            className="folded explain",
        ),
    ]


def _exception(view: View, item: Attention) -> Component:
    links: list[Child] = []
    if item.codes:
        codes = code_links(item.codes, view.publication.period)
        links = [" ", html.Span(codes, className="codes")]
    return html.Li(
        [mark(item.word.icon, item.word.code), html.Div([html.Span(item.sentence), *links])]
    )


def _rule(view: View, now: Counted, item: Attention) -> Component:
    told = f"{len(item.codes)} von {now.distribution['total']}: {item.rule}"
    if not item.codes:
        return html.Li(f"{told}.")
    way = html.A("als Liste", href=view.href(LIST, item.state), className="link")
    return html.Li([f"{told} – ", way])


def _decisions(view: View, now: Counted) -> list[Child]:
    chosen = {item["code"] for item in now.measures}
    found = [item for item in view.overview["decisions"] if item["code"] in chosen]
    told: list[Child] = [html.P(sentences.proposals(len(found)), className="reading")]
    if found:
        told.append(html.Ul([_decision(item, view) for item in found], className="rows decisions"))
    return told


def _decision(item: Json, view: View) -> Component:
    words, period = view.words, view.publication.period
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


def _changes(view: View, now: Counted) -> list[Child]:
    words, found = view.words, moved(now)
    told: list[Child] = [
        html.P(sentences.moved(movements(now, words), view.since), className="reading")
    ]
    for kind, items in found.items():
        # What got worse is read first and by everybody; the rest opens on demand.
        opened: dict[str, Any] = {"open": True} if kind == Change.WORSE else {}
        told.append(
            html.Details(
                [
                    html.Summary([word(words.change[kind], "plain"), f" ({len(items)})"]),
                    html.Ul([_change(item, view) for item in items], className="rows"),
                ],
                className="folded",
                **opened,
            )
        )
    if found:
        told.append(
            explained(
                view.meta,
                "change",
                counted=f"{sum(map(len, found.values()))} von {now.distribution['total']}.",
                codes=(),
                period=view.publication.period,
                href=view.href(LIST, now.state.with_(aenderung=list(found))),
            )
        )
    return told


def _change(item: Json, view: View) -> Component:
    words, period = view.words, view.publication.period
    return html.Li(
        [
            measure_link(item["code"], period, text=shortened(item["display_text"], _TEXT_LIMIT)),
            html.Div(
                [
                    hidden("vorher "),
                    *standing(words, item["previous_value"]),
                    " ",
                    html.Span(
                        [
                            html.Span("→ ", **aria(hidden="true")),
                            hidden(", jetzt "),
                            *standing(words, item["value"]),
                        ],
                        className="move__after",
                    ),
                    *([dissent_mark(item["code"], period)] if item["dissent"] else []),
                ],
                className="move",
            ),
        ]
    )


PAGE = Page(
    path="",
    title="Überblick",
    nav="Überblick",
    content=content,
    tables=tables,
    facets=(
        "feld",
        "ziel",
        "stand",
        "verlauf",
        "institution",
        "grundsatz",
        "kurzfristig",
        "kompetenz",
    ),
    charts=True,
)
