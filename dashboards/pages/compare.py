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
    dissent_mark,
    lines,
    measure_link,
    notice,
    section,
    standing,
    word,
)
from dashboards.components.chart import chart
from dashboards.components.explain import explained
from dashboards.components.listed import MOST, move, rest
from dashboards.components.table import csv_link, numbers
from dashboards.figures import stacked
from dashboards.figures.stacked import Row, Segment
from dashboards.pages.view import Page, View, what_changed
from dashboards.selection import FACETS, NOT_ASKED, NOT_REPORTED, Selection, selected
from tracker.core.german import day, opening, shortened
from tracker.publication.queries.published import Publication
from tracker.publication.reading import comparison, rounds, sentences
from tracker.publication.reading.comparison import Comparison, Difference, Side
from tracker.publication.reading.model_values import Count, Spread
from tracker.publication.reading.overview import MOVES
from tracker.publication.reading.table import Table
from tracker.publication.rules.document import OverviewMeasure
from tracker.publication.rules.snapshot_figures import RUNNING
from tracker.publication.rules.snapshot_parts import TEXTS
from tracker.reporting.rules.figures import Change
from tracker.reporting.rules.status import TROUBLED, Course

_TEXT_LIMIT = 110
_TROUBLED = [course for course in Course if course in TROUBLED]
# How the filters of the list name what is no value.
_FACET = {theme.NO_REPORT: NOT_REPORTED, theme.COURSE_NOT_ASKED: NOT_ASKED}
_COUNTED = (
    "Rechenweg: {rule}. Verglichen werden dieselben Maßnahmen in beiden Runden, jede mit ihrer "
    "geprüften Meldung der Runde. Ein älterer Stand zählt nicht; fehlt die Meldung, zählt die "
    "Maßnahme als „{missing}“."
)


def content(view: View) -> list[Component]:
    """Return the comparison, or why there is nothing to compare with."""
    before = view.earlier
    if before is None:
        return [_nothing(view)]
    if before == view.publication:
        return [_same(view)]
    pair = _compare(view, before)
    state = _named(view, view.publication, before)
    is_correction = (before.period, before.version) == (
        view.publication.period,
        view.publication.version - 1,
    )
    return [
        *(what_changed(view) if is_correction else ()),
        section("Was sich unterscheidet", _differing(view, pair, state), name="unterschiede"),
        section("Beide Runden auf einen Blick", _charts(view, pair, state), name="gegenueber"),
    ]


def tables(view: View) -> Mapping[str, Table]:
    """Return the counts of both rounds and the measures that differ."""
    before = view.earlier
    if before is None:
        return {}
    pair = _compare(view, before)
    made = (*comparison.counts_tables(pair), _differences_table(view, pair))
    return {table.key: table for table in made}


def heading(view: View) -> str:
    """Return which two rounds are compared."""
    if view.earlier is None:
        return f"Vergleich: {view.long_label}"
    return f"Vergleich: {view.label} mit {view.since}"


def _compare(view: View, before: Publication) -> Comparison:
    reader = view.reader
    later = before if view.later else view.publication
    return comparison.comparison(
        view.overview,
        reader.overview(before),
        words=(view.words, reader.words(before)),
        names=(view.name, reader.name(before)),
        labels=(view.label, reader.label(before)),
        backwards=view.later,
        texts=reader.part(later, TEXTS),
        select=lambda measures: selected(measures, view.state),
    )


def _named(view: View, after: Publication, before: Publication) -> Selection:
    """Return the state with both rounds named, so that every way on compares the same two."""
    reader = view.reader
    return replace(
        view.state, round=reader.name(after), compared=reader.name_compared(before, after)
    )


def _nothing(view: View) -> Component:
    others = [one for one in view.reader.versions if one != view.publication]
    return notice(
        "Kein Vergleich",
        [
            html.P(
                f"Als {view.label} veröffentlicht wurde, gab es keine frühere Runde, "
                "mit der sie sich vergleichen ließe."
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
                f"Sie vergleichen {view.label} mit sich selbst. Bitte wählen Sie unter "
                "„Vergleich mit“ eine andere Runde."
            ),
            html.P(html.A("Mit der Runde davor vergleichen", href=address, className="link")),
        ],
        level=2,
    )


def _differing(view: View, pair: Comparison, state: Selection) -> list[Child]:
    before, after = pair.sides
    kinds = [(after.words.change[kind.value].label, len(pair.of(kind))) for kind in MOVES]
    children: list[Child] = []
    if pair.backwards:
        children.append(html.P(comparison.backwards(after.label, before.label)))
    children.append(html.P(sentences.moved(kinds, before.label), className="reading"))
    if pair.differences:
        children.append(html.P(comparison.said_in(pair.later.label)))
    children.append(_swap(view, pair))
    children += [
        _kind(view, pair, kind, entries, state) for kind in MOVES if (entries := pair.of(kind))
    ]
    children += [*_one_only(after, pair.only_after), *_one_only(before, pair.only_before)]
    changes = [measure["change"] for measure in pair.measures]
    alike = comparison.alike(
        changes.count(Change.UNCHANGED.value), changes.count(Change.NOT_REPORTED.value)
    )
    if alike:
        children.append(html.P(alike))
    if pair.differences:
        children.append(csv_link(_differences_table(view, pair), path=view.path, state=state))
    return children


def _swap(view: View, pair: Comparison) -> Component:
    before = view.earlier or view.publication
    state = _named(view, before, view.publication)
    text = "In zeitlicher Reihenfolge vergleichen" if pair.backwards else "Runden tauschen"
    return html.P(
        html.A(text, href=view.href(view.path, state), className="link"), className="no-print"
    )


def _kind(
    view: View, pair: Comparison, kind: Change, entries: Sequence[Difference], state: Selection
) -> Component:
    name = pair.after.words.change[kind.value]
    total = sum(item["reportable"] for item in pair.measures)
    counted = opening(sentences.some_measures(len(entries), total))
    # What got worse is read first and by everybody; the rest opens on demand.
    opened: dict[str, Any] = {"open": True} if kind is Change.WORSE else {}
    href = view.href("massnahmen", state.with_(aenderung=kind.value))
    more = rest(len(entries), href)
    rows = [*(_row(pair, line) for line in entries[:MOST]), *([html.Li(more)] if more else [])]
    return html.Details(
        [
            html.Summary([word(name, "plain"), f" ({len(entries)})"]),
            html.Ul(rows, className="rows differences"),
            explained(
                view.meta,
                "",
                counted=f"{counted} der Auswahl: {name.definition}",
                codes=(line.measure["code"] for line in entries),
                period=pair.after.name,
                href=href,
            ),
        ],
        className="folded",
        **opened,
    )


def _row(pair: Comparison, line: Difference) -> Component:
    measure, period = line.measure, pair.after.name
    before = (
        standing(pair.before.words, measure["previous_value"])
        if line.known
        else [comparison.value_before(pair, line)]
    )
    moved = move(
        before,
        standing(pair.after.words, measure["value"]),
        labels=(f"{pair.before.label}: ", f", {pair.after.label}: "),
    )
    until = f" bis {day(line.next_step_on)}" if line.next_step_on else ""
    texts = (
        ("Begründung der Stelle: ", line.reviewed_reason),
        ("Begründung: ", line.reason),
        (f"Nächster Schritt{until}: ", line.next_step),
    )
    return html.Li(
        [
            html.Div(
                [
                    _measure(measure, period),
                    html.Div(moved, className="move"),
                    *([dissent_mark(measure["code"], period)] if measure["dissent"] else []),
                ]
            ),
            html.Div([html.P([html.Strong(name), *lines(text)]) for name, text in texts if text]),
        ]
    )


def _measure(measure: OverviewMeasure, period: str) -> Component:
    text = shortened(measure["display_text"], _TEXT_LIMIT)
    return measure_link(measure["code"], period, text=text)


def _one_only(side: Side, measures: Sequence[OverviewMeasure]) -> list[Child]:
    """Return the measures that only this one of the two rounds had in its concept."""
    if not measures:
        return []
    rows = [
        html.Li([_measure(measure, side.name), html.Div(standing(side.words, measure["value"]))])
        for measure in measures
    ]
    return [
        html.H3(f"Nur in {side.label} im Konzept ({len(measures)})"),
        html.Ul(rows, className="rows"),
    ]


def _differences_table(view: View, pair: Comparison) -> Table:
    return comparison.differences_table(pair, view.overview["fields"])


def _charts(view: View, pair: Comparison, state: Selection) -> list[Component]:
    """Return two bars on one scale, for Umsetzungsstand and for Verlauf."""
    words, label = pair.after.words, pair.before.label
    stands, courses = comparison.counts_tables(pair)
    before, now = (_sum(side.spread.counts, RUNNING) for side in pair.sides)
    troubled_before, troubled = (_sum(side.spread.courses, TROUBLED) for side in pair.sides)
    names = " oder ".join(words.course[course.value].label for course in _TROUBLED)
    totals = [(side.spread.reported, side.spread.total) for side in pair.sides]

    def title(what: str, now: int, before: int) -> str:
        then, here = totals
        return rounds.counted_now(
            what, (now, *here), (before, *then), label=label, among=view.among
        )

    return [
        _chart(
            view,
            pair,
            title=title(rounds.RUNNING, now, before),
            rule=sentences.added([(one.label, one.spread.counts) for one in pair.sides], RUNNING),
            rows=_bars(view, pair, state, "stand", lambda spread: spread.counts),
            table=stands,
            state=state,
        ),
        _chart(
            view,
            pair,
            title=title(names, troubled, troubled_before),
            rule=sentences.added([(one.label, one.spread.courses) for one in pair.sides], TROUBLED),
            rows=_bars(view, pair, state, "verlauf", comparison.courses),
            table=courses,
            state=state,
        ),
    ]


def _sum(counts: Sequence[Count], codes: Sequence[str] | frozenset[Course]) -> int:
    return sum(line.count for line in counts if line.mark.code in codes)


def _bars(
    view: View,
    pair: Comparison,
    state: Selection,
    facet: str,
    counts: Callable[[Spread], Sequence[Count]],
) -> list[Row]:
    styles = theme.IMPLEMENTATION_STYLE if facet == "stand" else theme.COURSE_STYLE
    # Filters select by the round shown, and a concept may have changed: only then is the list of
    # the other round what is counted here.
    exact = not (state.count or pair.only_before or pair.only_after)
    states = (Selection(round=pair.before.name) if exact else None, state)

    def href(own: Selection | None, code: str) -> str | None:
        if own is None:
            return None
        return view.href("massnahmen", own.with_(**{facet: _FACET.get(code, code)}))

    return [
        Row(
            side.label,
            tuple(
                Segment(
                    line.mark.label, line.count, styles[line.mark.code], href(own, line.mark.code)
                )
                for line in counts(side.spread)
            ),
        )
        for side, own in zip(pair.sides, states, strict=True)
    ]


def _chart(
    view: View,
    pair: Comparison,
    *,
    title: str,
    rule: str,
    rows: Sequence[Row],
    table: Table,
    state: Selection,
) -> Component:
    covered = [
        f"{side.label}: {sentences.coverage(side.spread.reported, side.spread.total)}"
        for side in pair.sides
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
            "",
            counted=_COUNTED.format(rule=rule, missing=pair.after.words.no_report.label),
            codes=(),
            period=pair.after.name,
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
