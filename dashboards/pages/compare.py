"""Any two published rounds side by side: counts before and after, every measure that differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import (
    Child,
    aria,
    dissent_mark,
    hidden,
    lines,
    measure_link,
    notice,
    section,
    standing,
    word,
)
from dashboards.components.explain import explained
from dashboards.components.listed import MOST, rest
from dashboards.components.table import csv_link
from dashboards.content import comparison as content_comparison
from dashboards.content import sentences, sentences_course
from dashboards.content.comparison import Comparison, Difference, comparison
from dashboards.content.selection import FACETS, Selection
from dashboards.content.tables import Table
from dashboards.pages import compare_charts
from dashboards.pages.view import Page, View
from tracker.core.german import day, shortened
from tracker.publication.queries.published import Publication
from tracker.publication.rules.snapshot_parts import TEXTS
from tracker.reporting.rules.figures import Change

_TEXT_LIMIT = 110


def content(view: View) -> list[Component]:
    """Return the comparison, or why there is nothing to compare with."""
    before = _before(view)
    if before is None:
        return [_nothing(view)]
    found = _compare(view, before)
    if found.same:
        return [_same(view, found)]
    state = _state(view, found)
    return [
        section("Was sich unterscheidet", _differing(view, found, state), name="unterschiede"),
        section(
            "Beide Runden auf einen Blick",
            compare_charts.charts(view, found, state),
            name="gegenueber",
        ),
    ]


def tables(view: View) -> Mapping[str, Table]:
    """Return the counts of both rounds and the measures that differ."""
    before = _before(view)
    if before is None:
        return {}
    found = _compare(view, before)
    made = (*compare_charts.tables(found), _listed(view, found))
    return {table.key: table for table in made}


def heading(view: View) -> str:
    """Return which two rounds are compared."""
    before = _before(view)
    if before is None:
        return f"Vergleich: {view.publication.long_label}"
    return f"Vergleich: {view.publication.label} mit {before.label}"


def _before(view: View) -> Publication | None:
    """Return the round compared with: the one chosen, else the one that the round names."""
    if view.earlier is not None:
        return view.earlier
    previous = view.overview["previous"]
    return None if previous is None else view.shelf.find(previous["period"])


def _compare(view: View, before: Publication) -> Comparison:
    shelf = view.shelf
    later = max(view.publication, before, key=lambda item: item.as_of)
    return comparison(
        view.overview,
        shelf.overview(before),
        view.state,
        words=(view.words, shelf.words(before)),
        texts=shelf.part(later, TEXTS),
    )


def _state(view: View, found: Comparison) -> Selection:
    """Return the state with both rounds named, so that every way on compares the same two."""
    return replace(view.state, round=found.after.period, compared=found.before.period)


def _nothing(view: View) -> Component:
    others = [item for item in view.shelf.publications if item != view.publication]
    told: list[Child] = [
        html.P(
            f"{view.publication.label} ist die erste veröffentlichte Runde; davor gibt es keine, "
            "mit der sie sich vergleichen ließe."
        )
    ]
    if others:
        told.append(html.P("Unter „Vergleich mit“ können Sie oben eine andere Runde wählen."))
    else:
        told.append(
            html.P("Sobald eine zweite Runde veröffentlicht ist, steht hier der Vergleich.")
        )
    return notice("Noch kein Vergleich", told, level=2)


def _same(view: View, found: Comparison) -> Component:
    address = view.href(view.path, replace(view.state, compared=None))
    return notice(
        "Zweimal dieselbe Runde",
        [
            html.P(
                f"Sie vergleichen {found.after.label} mit sich selbst. Bitte wählen Sie unter "
                "„Vergleich mit“ eine andere Runde."
            ),
            html.P(html.A("Mit der Runde davor vergleichen", href=address, className="link")),
        ],
        level=2,
    )


def _differing(view: View, found: Comparison, state: Selection) -> list[Child]:
    words, after = found.after.words, found.after
    counted = [
        (words.change[kind.value].label, len(found.of(kind))) for kind in content_comparison.ORDER
    ]
    told: list[Child] = []
    if found.backwards:
        told.append(html.P(sentences_course.backwards(after.label, found.before.label)))
    told.append(
        html.P(
            sentences_course.compared(counted, after=after.label, before=found.before.label),
            className="reading",
        )
    )
    if found.differences:
        told.append(html.P(sentences_course.said_in(found.later.label)))
    told.append(_swap(view, found))
    for kind in content_comparison.ORDER:
        entries = found.of(kind)
        if entries:
            told.append(_kind(view, found, kind, entries, state))
    told += _one_only(found)
    kinds = [item["change"] for item in after.measures]
    alike = sentences_course.alike(
        kinds.count(Change.UNCHANGED.value), kinds.count(Change.NOT_REPORTED.value)
    )
    if alike:
        told.append(html.P(alike))
    if found.differences:
        told.append(csv_link(_listed(view, found), path=view.path, state=state))
    return told


def _swap(view: View, found: Comparison) -> Component:
    state = replace(view.state, round=found.before.period, compared=found.after.period)
    text = "In zeitlicher Reihenfolge vergleichen" if found.backwards else "Runden tauschen"
    return html.P(
        html.A(text, href=view.href(view.path, state), className="link"), className="no-print"
    )


def _kind(
    view: View, found: Comparison, kind: Change, entries: Sequence[Difference], state: Selection
) -> Component:
    period = found.after.period
    name = found.after.words.change[kind.value]
    total = sentences.measures(len(found.after.measures))
    counted = f"{len(entries)} von {total} der Auswahl: {name.definition}"
    # What got worse is read first and by everybody; the rest opens on demand.
    opened: dict[str, Any] = {"open": True} if kind is Change.WORSE else {}
    listed = view.href("massnahmen", state.with_(aenderung=kind.value))
    more = rest(len(entries), listed)
    rows = [*(_row(found, item) for item in entries[:MOST]), *([html.Li(more)] if more else [])]
    return html.Details(
        [
            html.Summary([word(name, "plain"), f" ({len(entries)})"]),
            html.Ul(rows, className="rows differences"),
            explained(
                view.meta,
                "",
                counted=counted,
                codes=(item.item["code"] for item in entries),
                period=period,
                href=listed,
            ),
        ],
        className="folded",
        **opened,
    )


def _row(found: Comparison, line: Difference) -> Component:
    item, period = line.item, found.after.period
    before: list[Child] = (
        standing(found.before.words, item["previous_value"])
        if line.known
        else [content_comparison.value_before(found, line)]
    )
    said: list[Child] = []
    for name, text in (
        ("Begründung des KI: ", line.reviewed_reason),
        ("Begründung: ", line.reason),
        (_until(line.next_step_on), line.next_step),
    ):
        if text:
            said.append(html.P([html.Strong(name), *lines(text)]))
    return html.Li(
        [
            html.Div(
                [
                    measure_link(
                        item["code"], period, text=shortened(item["display_text"], _TEXT_LIMIT)
                    ),
                    html.Div(
                        [
                            hidden(f"{found.before.label}: "),
                            *before,
                            " ",
                            html.Span(
                                [
                                    html.Span("→ ", **aria(hidden="true")),
                                    hidden(f", {found.after.label}: "),
                                    *standing(found.after.words, item["value"]),
                                ],
                                className="move__after",
                            ),
                        ],
                        className="move",
                    ),
                    *([dissent_mark(item["code"], period)] if item["dissent"] else []),
                ]
            ),
            html.Div(said),
        ]
    )


def _until(on: str | None) -> str:
    return f"Nächster Schritt bis {day(on)}: " if on else "Nächster Schritt: "


def _one_only(found: Comparison) -> list[Child]:
    """Return the measures that only one of the two rounds had in its concept."""
    told: list[Child] = []
    for side, items in ((found.after, found.only_after), (found.before, found.only_before)):
        if items:
            told.append(html.H3(f"Nur in {side.label} im Konzept ({len(items)})"))
            told.append(
                html.Ul(
                    [
                        html.Li(
                            [
                                measure_link(
                                    item["code"],
                                    side.period,
                                    text=shortened(item["display_text"], _TEXT_LIMIT),
                                ),
                                html.Div(standing(side.words, item["value"])),
                            ]
                        )
                        for item in items
                    ],
                    className="rows",
                )
            )
    return told


def _listed(view: View, found: Comparison) -> Table:
    names = {item["position"]: item["name"] for item in view.overview["fields"]}
    return content_comparison.listed(found, names)


PAGE = Page(
    path="vergleich",
    title="Vergleich",
    nav="Vergleich",
    content=content,
    tables=tables,
    facets=FACETS,
    heading=heading,
    charts=True,
    any_round=True,
)
