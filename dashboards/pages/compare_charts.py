"""The counts of two rounds: two bars on one scale, for Umsetzungsstand and for Verlauf."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from dashboards import theme
from dashboards.components.basic import Child
from dashboards.components.chart import chart
from dashboards.components.explain import explained
from dashboards.components.table import numbers
from dashboards.content import comparison as content_comparison
from dashboards.content import sentences, sentences_course
from dashboards.content.comparison import Comparison, Side
from dashboards.content.selection import NOT_ASKED, NOT_REPORTED, Selection
from dashboards.content.tables import Table
from dashboards.figures import stacked
from dashboards.figures.stacked import (
    Row,
    Segment,
    course_segments,
    course_word,
    implementation_segments,
    implementation_word,
)
from dashboards.pages.view import View
from tracker.publication.rules.snapshot_figures import running
from tracker.reporting.rules.status import TROUBLED, Course

# How the filters of the list name what is no value.
_FACET = {theme.NO_REPORT: NOT_REPORTED, theme.COURSE_NOT_ASKED: NOT_ASKED}
_COUNTED = (
    "Verglichen werden dieselben Maßnahmen in beiden Runden, jede mit ihrer geprüften Meldung der "
    "Runde. Ein älterer Stand zählt nicht; fehlt die Meldung, zählt die Maßnahme als „{missing}“."
)


def charts(view: View, found: Comparison, state: Selection) -> list[Component]:
    return [_implementation(view, found, state), _course(view, found, state)]


def tables(found: Comparison) -> tuple[Table, Table]:
    """Return the numbers of both charts."""
    return _implementation_table(found), _course_table(found)


def _implementation(view: View, found: Comparison, state: Selection) -> Component:
    now, before = (running(side.counts) for side in (found.after, found.before))
    return _pair(
        view,
        found,
        title=sentences_course.running_now(now, before, label=found.before.label),
        rows=[
            _bar(
                implementation_segments(side.counts, found.after.words),
                theme.IMPLEMENTATION_ORDER,
                _lists(view, found, side, state, "stand"),
                side.label,
            )
            for side in _sides(found)
        ],
        table=_implementation_table(found),
        state=state,
    )


def _course(view: View, found: Comparison, state: Selection) -> Component:
    now, before = (
        sum(side.counts["courses"][item.value] for item in TROUBLED)
        for side in (found.after, found.before)
    )
    words = found.after.words
    troubled = " oder ".join(words.course[item.value].label for item in Course if item in TROUBLED)
    return _pair(
        view,
        found,
        title=sentences_course.troubled_now(now, before, words=troubled, label=found.before.label),
        rows=[
            _bar(
                course_segments(side.counts, words),
                theme.COURSE_ORDER,
                _lists(view, found, side, state, "verlauf"),
                side.label,
            )
            for side in _sides(found)
        ],
        table=_course_table(found),
        state=state,
    )


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
        f"{side.label}: {sentences.coverage(side.counts['reported'], side.counts['total'])}"
        for side in _sides(found)
    ]
    missing = found.after.words.no_report.label
    return chart(
        title=title,
        sentence=f"{'; '.join(covered)}.",
        figure=stacked.bars_per_row(rows),
        height=stacked.height_of_rows(rows),
        table=numbers(
            table, path=view.path, state=state, class_name="compared", cells=_cells(table, rows)
        ),
        explain=explained(
            view.meta,
            "coverage",
            counted=_COUNTED.format(missing=missing),
            codes=(),
            period=found.after.period,
        ),
    )


def _cells(table: Table, rows: Sequence[Row]) -> list[list[Child]]:
    """Return the table's rows; each number leads to what it counts, as in the picture."""
    sides = [row.segments for row in rows]
    counted = [
        [text, *(_link(side[index]) for side in sides), told]
        for index, (text, _, _, told) in enumerate(table.rows[:-1])
    ]
    return [*counted, list(table.rows[-1])]


def _link(segment: Segment) -> Child:
    if not segment.count or segment.href is None:
        return segment.count
    return html.A(segment.count, href=segment.href, className="link")


def _sides(found: Comparison) -> tuple[Side, Side]:
    return (found.before, found.after)


def _lists(
    view: View, found: Comparison, side: Side, state: Selection, facet: str
) -> Callable[[str], str | None]:
    """Return the way to the list of just the measures that a side counts under a code.

    Filters select by the round shown; for the other one only the list without filters is exact.
    """

    def later(code: str) -> str | None:
        return view.href("massnahmen", state.with_(**{facet: _FACET.get(code, code)}))

    def earlier(code: str) -> str | None:
        if state.count:
            return None
        own = Selection(round=side.period)
        return view.href("massnahmen", own.with_(**{facet: _FACET.get(code, code)}))

    return later if side is found.after else earlier


def _bar(
    segments: Sequence[Segment],
    codes: Sequence[str],
    address: Callable[[str], str | None],
    label: str,
) -> Row:
    return Row(
        label,
        tuple(
            replace(segment, href=address(code))
            for segment, code in zip(segments, codes, strict=True)
        ),
    )


def _implementation_table(found: Comparison) -> Table:
    words = found.after.words
    entries = [
        (code, implementation_word(words, code).label) for code in theme.IMPLEMENTATION_ORDER
    ]
    return content_comparison.rows(found, entries, "counts")


def _course_table(found: Comparison) -> Table:
    words = found.after.words
    entries = [(code, course_word(words, code).label) for code in theme.COURSE_ORDER]
    return content_comparison.rows(found, entries, "courses")
