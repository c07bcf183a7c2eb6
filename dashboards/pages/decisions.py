"""Beschlusspunkte: what asks for a decision, since when, and what became of earlier ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import (
    Child,
    aria,
    hidden,
    lines,
    mark,
    measure_link,
    section,
    standing,
)
from dashboards.components.explain import explained
from dashboards.components.listed import MOST, proposal, rest
from dashboards.components.table import csv_link
from dashboards.pages.view import Page, View
from dashboards.selection import FACETS
from tracker.core.german import shortened
from tracker.publication.reading import decisions
from tracker.publication.reading.decisions import Decision, Decisions, Past
from tracker.publication.reading.sentences import of_reported
from tracker.publication.reading.table import Table
from tracker.publication.rules.decisions import Outcome
from tracker.publication.rules.snapshot_views import figures
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
    found = _read(view)
    points = decisions.table(found.points, is_over_rounds=True)
    past = decisions.table_of_past(found, view.words)
    return {points.key: points, past.key: past}


def _read(view: View) -> Decisions:
    past = (view.publication, *view.reader.past(view.publication))
    overviews = view.reader.overviews(past[::-1])
    narrowed = bool(view.state.count)
    labels = [view.reader.label(one) for one in past[::-1]]
    return decisions.over_rounds(overviews, labels, view.chosen, view.words, selected=narrowed)


def _points(view: View, found: Decisions) -> list[Child]:
    children: list[Child] = [html.P(decisions.now(found), className="reading")]
    if not found.points:
        return children
    children.append(_explained(view, found))
    if view.state.grouped == _BY_FIELD:
        children += [_grouping(view), *_by_field(view, found)]
    else:
        children += [_grouping(view), _list(view, found.points, found.here)]
    shown = decisions.table(found.points, is_over_rounds=True)
    return [*children, csv_link(shown, path=view.path, state=view.state)]


def _explained(view: View, found: Decisions) -> Component:
    codes = [point.code for point in found.points]
    counts = figures(view.chosen)["distribution"]
    of = of_reported(len(codes), counts["reported"], counts["total"], among=view.among)
    counted = f"{of} in {found.here}. {decisions.HOW_COUNTED}"
    return explained(view.meta, "", counted=counted, codes=codes, period=view.name)


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
    for field in view.overview["fields"]:
        points = [point for point in found.points if point.field_code == field["code"]]
        if points:
            told += [html.H3(f"{field['name']} ({len(points)})"), _list(view, points, found.here)]
    return told


def _list(view: View, points: Sequence[Decision], here: str) -> Component:
    rows = [_point(view, point, here) for point in points[:MOST]]
    return html.Ul([*rows, *_more(len(points))], className="rows decisions")


def _more(count: int) -> list[Component]:
    """Return how many entries of a long list are only in its CSV file."""
    told = rest(count, None)
    return [html.Li([*told, " (alle in der Tabelle als CSV)"])] if told else []


def _point(view: View, point: Decision, here: str) -> Component:
    since = "" if point.since is None else decisions.since_when(point.since, here)
    return proposal(point, view.words, view.name, since=since)


def _past(view: View, found: Decisions) -> list[Child]:
    told: list[Child] = [
        html.P(
            decisions.earlier(len(found.past), found.rounds, selected=bool(view.state.count)),
            className="reading",
        )
    ]
    if not found.past:
        return told
    told.append(html.P(decisions.NOT_RECORDED))
    for outcome in Outcome:
        entries = [item for item in found.past if item.outcome is outcome]
        if entries:
            told.append(_outcome(view, outcome, entries, found.here))
    shown = decisions.table_of_past(found, view.words)
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
    period = view.name
    text = shortened(past.asked.display_text, _TEXT_LIMIT)
    gone = past.outcome is Outcome.GONE
    name: Child = (
        html.Span([html.Span(past.asked.code, className="code"), f" {text}"])
        if gone
        else measure_link(past.asked.code, period, text=text)
    )
    after: list[Child] = [
        html.Span("→ ", **aria(hidden="true")),
        f"{here}: ",
        *(["nicht mehr geführt"] if gone else standing(view.words, past.now)),
    ]
    before = [f"{past.label}: ", *standing(view.words, past.asked.value), " "]
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
                    html.Div(lines(past.asked.consequence)),
                ]
            ),
        ]
    )


PAGE = Page(
    path="beschluesse",
    title="Beschlusspunkte",
    nav="Beschlusspunkte",
    content=content,
    tables=tables,
    facets=FACETS,
)
