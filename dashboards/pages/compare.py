"""Any two published rounds side by side: counts before and after, every measure that differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboards import theme
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
from dashboards.components.chart import chart
from dashboards.components.explain import explained
from dashboards.components.listed import MOST, rest
from dashboards.components.table import csv_link, numbers
from dashboards.figures import stacked
from dashboards.figures.stacked import Row, Segment
from dashboards.pages.view import Page, View
from dashboards.selection import FACETS, NOT_ASKED, NOT_REPORTED, Selection, selected
from tracker.core.german import day, shortened
from tracker.publication.queries.published import Publication
from tracker.publication.reading import comparison, rounds, sentences
from tracker.publication.reading.comparison import Comparison, Difference, Side
from tracker.publication.reading.model_values import Count, Spread
from tracker.publication.reading.table import Table
from tracker.publication.reading.words import Json
from tracker.publication.rules.snapshot_figures import RUNNING
from tracker.publication.rules.snapshot_parts import TEXTS
from tracker.reporting.rules.figures import Change
from tracker.reporting.rules.status import TROUBLED, Course

_TEXT_LIMIT = 110
# How the filters of the list name what is no value.
_FACET = {theme.NO_REPORT: NOT_REPORTED, theme.COURSE_NOT_ASKED: NOT_ASKED}
_COUNTED = (
    "Verglichen werden dieselben Maßnahmen in beiden Runden, jede mit ihrer geprüften Meldung der "
    "Runde. Ein älterer Stand zählt nicht; fehlt die Meldung, zählt die Maßnahme als „{missing}“."
)


def content(view: View) -> list[Component]:
    """Return the comparison, or why there is nothing to compare with."""
    before = _before(view)
    if before is None:
        return [_nothing(view)]
    if before.period == view.publication.period:
        return [_same(view)]
    found = _compare(view, before)
    state = _state(view, found)
    return [
        section("Was sich unterscheidet", _differing(view, found, state), name="unterschiede"),
        section("Beide Runden auf einen Blick", _charts(view, found, state), name="gegenueber"),
    ]


def tables(view: View) -> Mapping[str, Table]:
    """Return the counts of both rounds and the measures that differ."""
    before = _before(view)
    if before is None:
        return {}
    found = _compare(view, before)
    made = (*comparison.counts_tables(found), _differences_table(view, found))
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
    return comparison.comparison(
        view.overview,
        shelf.overview(before),
        words=(view.words, shelf.words(before)),
        texts=shelf.part(later, TEXTS),
        select=lambda measures: selected(measures, view.state),
    )


def _state(view: View, found: Comparison) -> Selection:
    """Return the state with both rounds named, so that every way on compares the same two."""
    return replace(view.state, round=found.after.period, compared=found.before.period)


def _nothing(view: View) -> Component:
    others = [item for item in view.shelf.publications if item != view.publication]
    return notice(
        "Noch kein Vergleich",
        [
            html.P(
                f"{view.publication.label} ist die erste veröffentlichte Runde; davor gibt es "
                "keine, mit der sie sich vergleichen ließe."
            ),
            html.P(
                "Unter „Vergleich mit“ können Sie oben eine andere Runde wählen."
                if others
                else "Sobald eine zweite Runde veröffentlicht ist, steht hier der Vergleich."
            ),
        ],
        level=2,
    )


def _same(view: View) -> Component:
    address = view.href(view.path, replace(view.state, compared=None))
    return notice(
        "Zweimal dieselbe Runde",
        [
            html.P(
                f"Sie vergleichen {view.publication.label} mit sich selbst. Bitte wählen Sie unter "
                "„Vergleich mit“ eine andere Runde."
            ),
            html.P(html.A("Mit der Runde davor vergleichen", href=address, className="link")),
        ],
        level=2,
    )


def _differing(view: View, found: Comparison, state: Selection) -> list[Child]:
    before, after = found.sides
    kinds = [
        (after.words.change[kind.value].label, len(found.of(kind))) for kind in comparison.ORDER
    ]
    children: list[Child] = []
    if found.backwards:
        children.append(html.P(comparison.backwards(after.label, before.label)))
    sentence = comparison.differing(kinds, after=after.label, before=before.label)
    children.append(html.P(sentence, className="reading"))
    if found.differences:
        children.append(html.P(comparison.said_in(found.later.label)))
    children.append(_swap(view, found))
    children += [
        _kind(view, found, kind, entries, state)
        for kind in comparison.ORDER
        if (entries := found.of(kind))
    ]
    children += [*_one_only(after, found.only_after), *_one_only(before, found.only_before)]
    changes = [item["change"] for item in found.measures]
    alike = comparison.alike(
        changes.count(Change.UNCHANGED.value), changes.count(Change.NOT_REPORTED.value)
    )
    if alike:
        children.append(html.P(alike))
    if found.differences:
        children.append(csv_link(_differences_table(view, found), path=view.path, state=state))
    return children


def _swap(view: View, found: Comparison) -> Component:
    state = replace(view.state, round=found.before.period, compared=found.after.period)
    text = "In zeitlicher Reihenfolge vergleichen" if found.backwards else "Runden tauschen"
    return html.P(
        html.A(text, href=view.href(view.path, state), className="link"), className="no-print"
    )


def _kind(
    view: View, found: Comparison, kind: Change, entries: Sequence[Difference], state: Selection
) -> Component:
    name = found.after.words.change[kind.value]
    total = sentences.measures(len(found.measures))
    # What got worse is read first and by everybody; the rest opens on demand.
    opened: dict[str, Any] = {"open": True} if kind is Change.WORSE else {}
    href = view.href("massnahmen", state.with_(aenderung=kind.value))
    more = rest(len(entries), href)
    rows = [*(_row(found, item) for item in entries[:MOST]), *([html.Li(more)] if more else [])]
    return html.Details(
        [
            html.Summary([word(name, "plain"), f" ({len(entries)})"]),
            html.Ul(rows, className="rows differences"),
            explained(
                view.meta,
                "",
                counted=f"{len(entries)} von {total} der Auswahl: {name.definition}",
                codes=(line.item["code"] for line in entries),
                period=found.after.period,
                href=href,
            ),
        ],
        className="folded",
        **opened,
    )


def _row(found: Comparison, line: Difference) -> Component:
    item, period = line.item, found.after.period
    before = (
        standing(found.before.words, item["previous_value"])
        if line.known
        else [comparison.value_before(found, line)]
    )
    after = html.Span(
        [
            html.Span("→ ", **aria(hidden="true")),
            hidden(f", {found.after.label}: "),
            *standing(found.after.words, item["value"]),
        ],
        className="move__after",
    )
    move = [hidden(f"{found.before.label}: "), *before, " ", after]
    until = f" bis {day(line.next_step_on)}" if line.next_step_on else ""
    texts = (
        ("Begründung des KI: ", line.reviewed_reason),
        ("Begründung: ", line.reason),
        (f"Nächster Schritt{until}: ", line.next_step),
    )
    return html.Li(
        [
            html.Div(
                [
                    _measure(item, period),
                    html.Div(move, className="move"),
                    *([dissent_mark(item["code"], period)] if item["dissent"] else []),
                ]
            ),
            html.Div([html.P([html.Strong(name), *lines(text)]) for name, text in texts if text]),
        ]
    )


def _measure(item: Json, period: str) -> Component:
    text = shortened(item["display_text"], _TEXT_LIMIT)
    return measure_link(item["code"], period, text=text)


def _one_only(side: Side, measures: Sequence[Json]) -> list[Child]:
    """Return the measures that only this one of the two rounds had in its concept."""
    if not measures:
        return []
    rows = [
        html.Li([_measure(item, side.period), html.Div(standing(side.words, item["value"]))])
        for item in measures
    ]
    return [
        html.H3(f"Nur in {side.label} im Konzept ({len(measures)})"),
        html.Ul(rows, className="rows"),
    ]


def _differences_table(view: View, found: Comparison) -> Table:
    return comparison.differences_table(found, view.overview["fields"])


def _charts(view: View, found: Comparison, state: Selection) -> list[Component]:
    """Return two bars on one scale, for Umsetzungsstand and for Verlauf."""
    words, label = found.after.words, found.before.label
    stands, courses = comparison.counts_tables(found)
    before, now = (_sum(side.spread.counts, RUNNING) for side in found.sides)
    troubled_before, troubled = (_sum(side.spread.courses, TROUBLED) for side in found.sides)
    names = " oder ".join(words.course[item.value].label for item in Course if item in TROUBLED)
    return [
        _pair(
            view,
            found,
            title=rounds.running_now(now, before, label=label),
            rows=_bars(view, found, state, "stand", lambda spread: spread.counts),
            table=stands,
            state=state,
        ),
        _pair(
            view,
            found,
            title=rounds.troubled_now(troubled, troubled_before, words=names, label=label),
            rows=_bars(view, found, state, "verlauf", comparison.courses),
            table=courses,
            state=state,
        ),
    ]


def _sum(counts: Sequence[Count], codes: Sequence[str] | frozenset[Course]) -> int:
    return sum(item.count for item in counts if item.mark.code in codes)


def _bars(
    view: View,
    found: Comparison,
    state: Selection,
    facet: str,
    counts: Callable[[Spread], Sequence[Count]],
) -> list[Row]:
    styles = theme.IMPLEMENTATION_STYLE if facet == "stand" else theme.COURSE_STYLE
    # Filters select by the round shown, and a concept may have changed: only then is the list of
    # the other round what is counted here.
    exact = not (state.count or found.only_before or found.only_after)
    states = (Selection(round=found.before.period) if exact else None, state)

    def href(own: Selection | None, code: str) -> str | None:
        if own is None:
            return None
        return view.href("massnahmen", own.with_(**{facet: _FACET.get(code, code)}))

    return [
        Row(
            side.label,
            tuple(
                Segment(
                    item.mark.label,
                    item.count,
                    styles[item.mark.code],
                    href(own, item.mark.code),
                )
                for item in counts(side.spread)
            ),
        )
        for side, own in zip(found.sides, states, strict=True)
    ]


def _pair(
    view: View,
    found: Comparison,
    *,
    title: str,
    rows: Sequence[Row],
    table: Table,
    state: Selection,
) -> Component:
    covered = [
        f"{side.label}: {sentences.coverage(side.spread.reported, side.spread.total)}"
        for side in found.sides
    ]
    # Each number leads to what it counts, as in the picture.
    cells = [
        [label, _link(before), _link(after), difference]
        for (label, *_, difference), before, after in zip(
            table.rows, *(row.segments for row in rows), strict=True
        )
    ]
    return chart(
        title=title,
        sentence=f"{'; '.join(covered)}.",
        figure=stacked.bars_per_row(rows),
        height=stacked.height_of_rows(rows),
        table=numbers(table, path=view.path, state=state, class_name="compared", cells=cells),
        explain=explained(
            view.meta,
            "coverage",
            counted=_COUNTED.format(missing=found.after.words.no_report.label),
            codes=(),
            period=found.after.period,
        ),
    )


def _link(segment: Segment) -> Child:
    if not segment.count or segment.href is None:
        return segment.count
    return html.A(segment.count, href=segment.href, className="link")


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
