"""Handlungsfelder und Ziele: what needs attention in which field, then all of them on one scale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dash import html
from dash.development.base_component import Component

from dashboards.components import bars
from dashboards.components.basic import Child, section
from dashboards.components.explain import explained, formula
from dashboards.components.listed import how_counted, noticed, rule
from dashboards.pages import places
from dashboards.pages.view import Page, View
from tracker.core.german import opening
from tracker.publication.reading import places as reading
from tracker.publication.reading import sentences
from tracker.publication.reading.overview import WORST_FIRST
from tracker.publication.reading.places import Field, Goal, Place
from tracker.publication.reading.table import Table
from tracker.reporting.rules.figures import Change
from tracker.reporting.rules.status import Course

_TABLE = "handlungsfelder"


def content(view: View) -> list[Component]:
    """Return the page of one published round."""
    found = _fields(view)
    counted = sum(item["reportable"] for item in view.chosen)
    told = places.narrowed(view, counted, view.measures)
    if not found:
        return told
    return [
        *told,
        section(
            "Das braucht Aufmerksamkeit",
            [_attention(view, found), _rules(view, found)],
            name="aufmerksamkeit",
        ),
        section("Wo Handlungsfelder und Ziele stehen", [_chart(view, found)], name="felder"),
        places.meanings(view.words),
    ]


def tables(view: View) -> dict[str, Table]:
    """Return what can be downloaded: one row per Handlungsfeld and Ziel."""
    return {_TABLE: _table(view, _rows(_fields(view)))}


def _fields(view: View) -> list[Field]:
    return [field for field in places.fields(view) if field.measures]


def _attention(view: View, found: Sequence[Field]) -> Component:
    entries = [_troubled(view, found, course) for course in WORST_FIRST]
    return html.Ul([*entries, _worse(view, found), _silent(view, found)], className="exceptions")


def _rules(view: View, found: Sequence[Field]) -> Component:
    """Return how worst Verlauf and arrows come about, with the measures counted."""
    total = sum(field.figures["distribution"]["total"] for field in found)
    reported = sum(field.figures["distribution"]["reported"] for field in found)
    rules = []
    for course in WORST_FIRST:
        count = sum(number for _, number in reading.with_course(found, course))
        of = opening(sentences.of_reported(count, reported, total, among=view.among))
        told = f"{of}: Verlauf „{view.words.course[course.value].label}“"
        rules.append(rule(told, view.href(places.LIST, view.state.with_(verlauf=course.value))))
    if view.since is not None:
        count = sum(number for _, number in reading.with_change(found, Change.WORSE))
        word = view.words.change[Change.WORSE.value].label
        told = f"{count} von {total} {word}: {formula(view.meta, 'change')}"
        href = view.href(places.LIST, view.state.with_(aenderung=Change.WORSE.value))
        rules.append(rule(told, href))
    worst = f"Ernstester Verlauf: {formula(view.meta, 'worst_course')}"
    return how_counted([*rules, rule(worst, None)])


def _troubled(view: View, found: Sequence[Field], course: Course) -> Component:
    word = view.words.course[course.value]
    counted = reading.with_course(found, course)
    distributions = [field.figures["distribution"] for field in found]
    reported = sum(counts["reported"] for counts in distributions)
    total = sum(counts["total"] for counts in distributions)
    basis = sentences.coverage(reported, total)
    sentence = reading.fields_with_course(len(counted), len(found), word=word.label, basis=basis)
    return noticed(word.icon, course.value, sentence, [_links(view, counted)], count=len(counted))


def _worse(view: View, found: Sequence[Field]) -> Component:
    word = view.words.change[Change.WORSE.value]
    counted = reading.with_change(found, Change.WORSE)
    sentence = reading.fields_with_change(
        len(counted), len(found), word=word.label, since=view.since
    )
    return noticed(word.icon, "plain", sentence, [_links(view, counted)], count=len(counted))


def _silent(view: View, found: Sequence[Field]) -> Component:
    goals = reading.silent(found)
    sentence = reading.silent_goals(len(goals), len(reading.asked(found)))
    links: list[Child] = []
    for goal in goals:
        links += [", ", _link(goal.short_name, view.href(places.goal_path(goal.code)))]
    shown = html.Span(links[1:], className="codes")
    return noticed(view.words.no_report.icon, "plain", sentence, [shown], count=len(goals))


def _links(view: View, counted: Iterable[tuple[Field, int]]) -> Component:
    links: list[Child] = []
    for field, count in counted:
        href = view.href(places.field_path(field.code), view.state)
        links += [" · ", _link(f"{field.title} ({count})", href)]
    return html.Span(links[1:], className="place-links")


def _link(text: str, href: str) -> Component:
    return html.A(text, href=href, className="link")


def _chart(view: View, found: Sequence[Field]) -> Component:
    counted = [field.figures["distribution"] for field in found]
    half = sentences.half(zip((field.title for field in found), counted, strict=True), view.words)
    largest = max(counts["total"] for counts in counted)
    reported = sum(counts["reported"] for counts in counted)
    total = sum(counts["total"] for counts in counted)
    rows = _rows(found)
    return html.Figure(
        [
            html.Figcaption(
                [
                    html.H3(sentences.fields_ahead(reading.ahead(found), len(found))),
                    html.P(
                        f"{reading.SCALE} {places.basis(view, reported, total)}",
                        className="reading",
                    ),
                ]
            ),
            bars.legend(view.words),
            html.Ul([_field(view, field, largest) for field in found], className="places"),
            explained(view.meta, "", counted=half, codes=(), period=view.name),
            places.numbers(view, "Zahlen je Handlungsfeld und Ziel", _table(view, rows), rows),
        ],
        className="chart",
    )


def _field(view: View, field: Field, largest: int) -> Component:
    link = html.A(
        [html.Span(field.code, className="code"), " ", field.title],
        href=view.href(places.field_path(field.code), view.state),
        className="measure-link",
    )
    alone = len(field.goals) == 1
    goals = [_goal(view, goal, largest, alone=alone) for goal in field.goals if goal.measures]
    return html.Li(
        [
            html.Div([html.H4(link), places.facts(view, field)], className="place__head"),
            places.bar(view, field, largest=largest),
            html.Ul(goals, className="place__goals"),
        ],
        className="place",
    )


def _goal(view: View, goal: Goal, largest: int, *, alone: bool) -> Component:
    link = places.goal_link(view, goal)
    # Alone in its field, its bar and figures are those just above.
    return html.Li(link if alone else places.headed_bar(view, link, goal, largest=largest))


def _table(view: View, rows: Sequence[Place]) -> Table:
    title = "Umsetzungsstand je Handlungsfeld und Ziel"
    return reading.numbers_table(_TABLE, title, rows, view.words)


def _rows(found: Iterable[Field]) -> list[Place]:
    rows: list[Place] = []
    for field in found:
        rows += [field, *(goal for goal in field.goals if goal.measures)]
    return rows


PAGE = Page(
    path=places.FIELDS,
    title="Handlungsfelder und Ziele",
    nav="Handlungsfelder",
    content=content,
    tables=tables,
    facets=places.FACETS,
)
