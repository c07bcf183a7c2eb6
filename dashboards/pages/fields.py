"""Handlungsfelder und Ziele: what needs attention in which field, then all of them on one scale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dash import html
from dash.development.base_component import Component

from dashboards.components import bars
from dashboards.components.basic import Child, section
from dashboards.components.explain import formula
from dashboards.components.listed import noticed
from dashboards.content import places, sentences_fields
from dashboards.content.places import Field, Goal
from dashboards.content.tables import Table
from dashboards.pages import place_parts as parts
from dashboards.pages.view import Page, View
from tracker.core.german import day
from tracker.publication.reading import sentences
from tracker.reporting.rules.figures import Change
from tracker.reporting.rules.status import Course

_TABLE = "handlungsfelder"
_CAPTION = "Umsetzungsstand je Handlungsfeld und Ziel"


def content(view: View) -> list[Component]:
    """Return the page of one published round."""
    found = places.with_measures(parts.fields(view))
    told: list[Component] = []
    if view.state.count:
        told.append(
            html.P(
                sentences_fields.selected(len(view.chosen), len(view.measures)),
                className="reading",
            )
        )
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
        parts.meanings(view.words),
    ]


def tables(view: View) -> dict[str, Table]:
    """Return what can be downloaded: one row per Handlungsfeld and Ziel."""
    return {_TABLE: _table(view, places.with_measures(parts.fields(view)))}


def _attention(view: View, found: Sequence[Field]) -> Component:
    entries = [_troubled(view, found, course) for course in (Course.CRITICAL, Course.AT_RISK)]
    return html.Ul([*entries, _worse(view, found), _silent(view, found)], className="exceptions")


def _rules(view: View, found: Sequence[Field]) -> Component:
    """Return how worst Verlauf and arrows come about, with the measures counted."""
    words = view.words
    told: list[tuple[str, str | None]] = []
    total = sum(field.figures["distribution"]["total"] for field in found)
    for course in (Course.CRITICAL, Course.AT_RISK):
        count = sum(number for _, number in places.with_course(found, course))
        text = words.course[course.value].label
        told.append(
            (
                sentences_fields.rule_of_course(count, total, word=text),
                view.href(parts.LIST, view.state.with_(verlauf=course.value)),
            )
        )
    if view.since is not None:
        count = sum(number for _, number in places.with_change(found, Change.WORSE))
        word = words.change[Change.WORSE.value].label
        told.append(
            (
                f"{count} von {total} {word}: {formula(view.meta, 'change')}.",
                view.href(parts.LIST, view.state.with_(aenderung=Change.WORSE.value)),
            )
        )
    told.append((f"Ernstester Verlauf: {formula(view.meta, 'worst_course')}.", None))
    return parts.rules(told)


def _troubled(view: View, found: Sequence[Field], course: Course) -> Component:
    word = view.words.course[course.value]
    counted = places.with_course(found, course)
    sentence = sentences_fields.fields_with_course(len(counted), len(found), word=word.label)
    return noticed(word.icon, course.value, sentence, [_links(view, counted)])


def _worse(view: View, found: Sequence[Field]) -> Component:
    word = view.words.change[Change.WORSE.value]
    counted = places.with_change(found, Change.WORSE)
    sentence = sentences_fields.fields_with_change(
        len(counted), len(found), word=word.label, since=view.since
    )
    return noticed(word.icon, "plain", sentence, [_links(view, counted)])


def _silent(view: View, found: Sequence[Field]) -> Component:
    goals = places.silent(found)
    sentence = sentences_fields.silent_goals(len(goals), len(places.asked(found)))
    links: list[Child] = []
    for goal in goals:
        href = view.href(parts.goal_path(goal.number))
        links += [", ", _link(f"Ziel {goal.number}", href)]
    return noticed(
        view.words.no_report.icon, "plain", sentence, [html.Span(links[1:], className="codes")]
    )


def _links(view: View, counted: Iterable[tuple[Field, int]]) -> Component:
    links: list[Child] = []
    for field, count in counted:
        text = f"{field.name} ({count})"
        links += [" · ", _link(text, view.href(parts.field_path(field.position), view.state))]
    return html.Span(links[1:], className="place-links")


def _link(text: str, href: str) -> Component:
    return html.A(text, href=href, className="link")


def _chart(view: View, found: Sequence[Field]) -> Component:
    largest = max(field.figures["distribution"]["total"] for field in found)
    counted = [field.figures["distribution"] for field in found]
    reported = sum(counts["reported"] for counts in counted)
    total = sum(counts["total"] for counts in counted)
    basis = sentences.reported(reported, total, as_of=day(view.overview["round"]["as_of"]))
    table = _table(view, found)
    return html.Figure(
        [
            html.Figcaption(
                [
                    html.H3(sentences.fields_ahead(places.ahead(found), len(found))),
                    html.P(f"{sentences_fields.scale()} {basis}", className="reading"),
                ]
            ),
            bars.legend(view.words),
            html.Ul([_field(view, field, largest) for field in found], className="places"),
            _explained(view, reported, total),
            parts.numbers(view, "Zahlen je Handlungsfeld und Ziel", table, _rows(found)),
        ],
        className="chart",
    )


def _field(view: View, field: Field, largest: int) -> Component:
    link = html.A(
        [html.Span(field.position, className="code"), " ", field.name],
        href=view.href(parts.field_path(field.position), view.state),
        className="measure-link",
    )
    alone = len(field.goals) == 1
    goals = [_goal(view, goal, largest, alone=alone) for goal in field.goals if goal.measures]
    return html.Li(
        [
            html.Div([html.H4(link), parts.facts(view, field)], className="place__head"),
            parts.bar(view, field, largest=largest),
            html.Ul(goals, className="place__goals"),
        ],
        className="place",
    )


def _goal(view: View, goal: Goal, largest: int, *, alone: bool) -> Component:
    link = html.A(
        [html.Span(f"Ziel {goal.number}", className="code"), " ", goal.title],
        href=view.href(parts.goal_path(goal.number), view.state),
        className="measure-link",
    )
    if alone:
        # Its bar and figures are those of its field, just above.
        return html.Li(link)
    return html.Li(
        [
            html.Div([html.Div(link), parts.facts(view, goal)], className="place__head"),
            parts.bar(view, goal, largest=largest, small=True),
        ]
    )


def _explained(view: View, reported: int, total: int) -> Component:
    return parts.how(
        view,
        None,
        "coverage",
        counted=f"{sentences.coverage(reported, total)}.",
        chosen=[item for item in view.chosen if item["reportable"] and item["value"]],
        meldung="angenommen",
    )


def _table(view: View, found: Sequence[Field]) -> Table:
    return parts.counted(_TABLE, _CAPTION, _rows(found), view.words)


def _rows(found: Sequence[Field]) -> list[Field | Goal]:
    rows: list[Field | Goal] = []
    for field in found:
        rows += [field, *(goal for goal in field.goals if goal.measures)]
    return rows


PAGE = Page(
    path=parts.FIELDS,
    title="Handlungsfelder und Ziele",
    nav="Handlungsfelder",
    content=content,
    tables=tables,
    facets=parts.FACETS,
)
