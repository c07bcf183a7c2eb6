"""Überblick: what needs attention, what to decide, what changed, then the distribution."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, code_links, section
from dashboards.components.explain import QUESTION, explained
from dashboards.components.listed import MOST, changed, noticed, proposals, rest
from dashboards.components.rounds import exports
from dashboards.content.attention import Attention, exceptions, moved, movements
from dashboards.content.rounds import Counted, counted
from dashboards.content.tables import Table
from dashboards.pages import overview_charts, overview_rounds
from dashboards.pages.overview_charts import LIST
from dashboards.pages.view import Page, View
from tracker.publication.reading import sentences
from tracker.publication.reading.decisions import decisions_of

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
    """Return what the figures are about where filters narrow it."""
    if not view.state.count:
        return []
    total = sum(item["reportable"] for item in view.measures)
    told = sentences.selection(now.distribution["total"], total)
    return [html.P(told, className="reading")]


def _charts(view: View, now: Counted) -> list[Child]:
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
        codes = code_links(item.codes[:MOST], view.publication.period)
        more = rest(len(item.codes), view.href(LIST, item.state))
        links = [" ", html.Span([*codes, *([" ", *more] if more else [])], className="codes")]
    return noticed(item.word.icon, item.word.code, item.sentence, links)


def _rule(view: View, now: Counted, item: Attention) -> Component:
    told = f"{len(item.codes)} von {now.distribution['total']}: {item.rule}"
    if not item.codes:
        return html.Li(f"{told}.")
    way = html.A("als Liste", href=view.href(LIST, item.state), className="link")
    return html.Li([f"{told} – ", way])


def _decisions(view: View, now: Counted) -> list[Child]:
    chosen = {item["code"] for item in now.measures}
    found = decisions_of(view.overview, view.words, codes=chosen)
    told: list[Child] = [html.P(sentences.proposals(len(found)), className="reading")]
    if found:
        shown = found[:MOST]
        told.append(proposals(shown, view.words, view.publication.period, limit=_TEXT_LIMIT))
        told += [html.P(item) for item in rest(len(found), view.href("beschluesse", view.state))]
    return told


def _changes(view: View, now: Counted) -> list[Child]:
    found = moved(now)
    told: list[Child] = [
        html.P(sentences.moved(movements(now, view.words), view.since), className="reading"),
        *changed(
            now.measures,
            view.words,
            view.publication.period,
            limit=_TEXT_LIMIT,
            href=lambda kind: view.href(LIST, now.state.with_(aenderung=kind)),
        ),
    ]
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
