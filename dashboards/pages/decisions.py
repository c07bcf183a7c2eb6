"""Beschlusspunkte: what asks for a decision, since when, and what became of earlier ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import (
    Child,
    aria,
    dissent_mark,
    hidden,
    lines,
    mark,
    measure_link,
    section,
    standing,
)
from dashboards.components.explain import explained
from dashboards.components.listed import MOST, rest
from dashboards.components.table import csv_link
from dashboards.content import decisions, sentences_decisions
from dashboards.content.decisions import Decisions, Past, Point
from dashboards.content.selection import FACETS
from dashboards.content.tables import Table
from dashboards.pages.view import Page, View
from tracker.core.german import shortened
from tracker.publication.reading.words import Json
from tracker.publication.rules.decisions import Outcome
from tracker.publication.words import OUTCOME

_TEXT_LIMIT = 110
_BY_FIELD = "feld"
# What is read first by everybody; the rest opens on demand.
_OPEN = frozenset({Outcome.TROUBLED})


def content(view: View) -> list[Component]:
    """Return what asks for a decision and the earlier ones."""
    found = _read(view)
    return [
        section("Zu entscheiden", _points(view, found), name="zu-entscheiden"),
        section("Was aus früheren Beschlusspunkten wurde", _past(view, found), name="frueher"),
    ]


def tables(view: View) -> dict[str, Table]:
    found, fields = _read(view), _field_names(view)
    listed = (
        decisions.table_of_points(found, view.words, fields),
        decisions.table_of_past(found, view.words, fields),
    )
    return {item.key: item for item in listed}


def _read(view: View) -> Decisions:
    rounds = view.shelf.publications
    past = rounds[rounds.index(view.publication) :][::-1]
    overviews = view.shelf.overviews(past)
    return decisions.read(overviews, view.chosen, selected=bool(view.state.count))


def _points(view: View, found: Decisions) -> list[Child]:
    longer = found.longer
    # The longest row began first; ties name the same round.
    oldest = max(longer, key=lambda item: item.standing.rounds).standing.since if longer else ""
    told = [
        sentences_decisions.asked(len(found.points), found.total),
        sentences_decisions.longer(
            len(longer), len(found.points), oldest=oldest, first_round=not found.rounds
        ),
    ]
    children: list[Child] = [html.P(" ".join(filter(None, told)), className="reading")]
    if not found.points:
        return children
    children.append(_explained(view, found))
    if view.state.grouped == _BY_FIELD:
        children += [_grouping(view), *_by_field(view, found)]
    else:
        children += [_grouping(view), _list(view, found.points, found.here)]
    shown = decisions.table_of_points(found, view.words, _field_names(view))
    return [*children, csv_link(shown, path=view.path, state=view.state)]


def _explained(view: View, found: Decisions) -> Component:
    codes = [point.item["code"] for point in found.points]
    counted = f"{len(codes)} von {found.total} in {found.here}. {sentences_decisions.HOW_COUNTED}"
    return explained(view.meta, "", counted=counted, codes=codes, period=view.publication.period)


def _grouping(view: View) -> Component:
    """Return the two orders of the list; the one shown is no link."""
    entries = []
    for text, grouped in (("nach Dringlichkeit", None), ("nach Handlungsfeldern", _BY_FIELD)):
        shown = view.state.grouped if view.state.grouped == _BY_FIELD else None
        if grouped == shown:
            entries.append(html.Li(html.Strong(text), **aria(current="true")))
        else:
            href = view.href(view.path, replace(view.state, grouped=grouped))
            entries.append(html.Li(html.A(text, href=href, className="link")))
    return html.Ul(entries, className="ways no-print", **aria(label="Reihenfolge"))


def _by_field(view: View, found: Decisions) -> list[Child]:
    told: list[Child] = []
    for position, name in _field_names(view).items():
        points = [point for point in found.points if point.item["field"] == position]
        if points:
            told += [html.H3(f"{name} ({len(points)})"), _list(view, points, found.here)]
    return told


def _list(view: View, points: Sequence[Point], here: str) -> Component:
    rows = [_point(view, point, here) for point in points[:MOST]]
    return html.Ul([*rows, *_more(len(points))], className="rows decisions")


def _more(count: int) -> list[Component]:
    """Return how many entries of a long list are only in its CSV file."""
    told = rest(count, None)
    return [html.Li([*told, " (alle in der Tabelle als CSV)"])] if told else []


def _point(view: View, point: Point, here: str) -> Component:
    item, period = point.item, view.publication.period
    lead = html.Span(f" · {item['lead'] or view.words.not_determined}", className="muted")
    reason = [html.Span("Grund: "), *lines(item["reason"])] if item["reason"] else None
    return html.Li(
        [
            html.Div(
                [
                    measure_link(
                        item["code"], period, text=shortened(item["display_text"], _TEXT_LIMIT)
                    ),
                    html.Div([*standing(view.words, item["value"]), lead], className="move"),
                    html.Div(decisions.since(point, here), className="since"),
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


def _past(view: View, found: Decisions) -> list[Child]:
    told: list[Child] = [
        html.P(
            sentences_decisions.earlier(
                len(found.past), found.rounds, selected=bool(view.state.count)
            ),
            className="reading",
        )
    ]
    if not found.past:
        return told
    told.append(html.P(sentences_decisions.NOT_RECORDED))
    for outcome in Outcome:
        entries = [item for item in found.past if item.outcome is outcome]
        if entries:
            told.append(_outcome(view, outcome, entries, found.here))
    shown = decisions.table_of_past(found, view.words, _field_names(view))
    return [*told, csv_link(shown, path=view.path, state=view.state)]


def _outcome(view: View, outcome: Outcome, entries: Sequence[Past], here: str) -> Component:
    label = OUTCOME[outcome]
    title: list[Child] = [
        html.Span([mark(label.icon), f"jetzt {label.text}"], className="mark"),
        f" ({len(entries)})",
    ]
    return html.Details(
        [
            html.Summary(title),
            html.P(f"Heißt: {label.definition}.", className="muted"),
            html.Ul(
                [*(_earlier(view, item, here) for item in entries[:MOST]), *_more(len(entries))],
                className="rows decisions",
            ),
        ],
        className="folded",
        open=outcome in _OPEN or None,
    )


def _earlier(view: View, past: Past, here: str) -> Component:
    period = view.publication.period
    text = shortened(past.item["display_text"], _TEXT_LIMIT)
    gone = past.outcome is Outcome.GONE
    name: Child = (
        html.Span([html.Span(past.item["code"], className="code"), f" {text}"])
        if gone
        else measure_link(past.item["code"], period, text=text)
    )
    after: list[Child] = [
        html.Span("→ ", **aria(hidden="true")),
        f"{here}: ",
        *(["nicht mehr geführt"] if gone else standing(view.words, past.now)),
    ]
    before = [f"{past.label}: ", *standing(view.words, past.item["value"]), " "]
    return html.Li(
        [
            html.Div(
                [
                    name,
                    html.Div(
                        [*before, html.Span(after, className="move__after")], className="move"
                    ),
                ]
            ),
            html.Div(
                [
                    html.Span(f"Vorschlag in {past.label}", className="muted"),
                    hidden(": "),
                    html.Div(lines(past.item["consequence"])),
                ]
            ),
        ]
    )


def _field_names(view: View) -> dict[int, str]:
    fields: Sequence[Json] = view.overview["fields"]
    return {item["position"]: item["name"] for item in fields}


PAGE = Page(
    path="beschluesse",
    title="Beschlusspunkte",
    nav="Beschlusspunkte",
    content=content,
    tables=tables,
    facets=FACETS,
)
