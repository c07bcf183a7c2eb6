"""The charts of the Überblick in one round: Umsetzungsstand, Verlauf, Handlungsfelder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from dashboards import theme
from dashboards.components import chart as charts_
from dashboards.components.basic import Child, word
from dashboards.components.chart import chart
from dashboards.components.explain import explained
from dashboards.components.table import folded, numbers
from dashboards.content.rounds import Counted
from dashboards.content.selection import NOT_ASKED, NOT_REPORTED, Selection, selected
from dashboards.content.tables import Cell, Table
from dashboards.figures import stacked
from dashboards.figures.stacked import Row, Segment
from dashboards.pages.view import View
from tracker.core.german import day
from tracker.publication.reading import sentences
from tracker.publication.reading.model_values import Mark
from tracker.publication.reading.words import Json, Words
from tracker.publication.rules.snapshot_figures import RUNNING, running
from tracker.publication.rules.snapshot_views import figures
from tracker.reporting.rules.status import Course

LIST = "massnahmen"
STANDS, COURSES, FIELDS = "umsetzungsstand", "verlauf", "handlungsfelder"
MOST_CODES = 12
_BAR = 64
# How the filters of the list name what is no value.
_FACET = {theme.NO_REPORT: NOT_REPORTED, theme.COURSE_NOT_ASKED: NOT_ASKED}
Way = Callable[[str], str | None]


def implementation(view: View, now: Counted) -> Component:
    """Return where the measures stand."""
    counts, words = now.distribution, view.words
    ahead = running(counts)
    state = now.state.with_(stand=[code.value for code in RUNNING])
    return chart(
        title=sentences.running_or_fulfilled(ahead, counts["total"]),
        sentence=basis(view, counts),
        figure=stacked.single_bar(_stand_segments(view, now)),
        height=_BAR,
        tally=_tally(_stand_words(words), _stand_segments(view, now)),
        explain=_explained(
            view,
            f"{ahead} von {counts['total']}: {_running_words(words)}.",
            selected(now.measures, state),
            state,
        ),
        table=_legend(view, stands_table(view, now), _stand_words(words)),
    )


def course(view: View, now: Counted) -> Component:
    counts, words = now.distribution, view.words
    planned, asked = counts["courses"][Course.ON_TRACK.value], sum(counts["courses"].values())
    state = now.state.with_(verlauf=Course.ON_TRACK.value)
    return chart(
        title=sentences.as_planned(planned, asked),
        sentence=basis(view, counts),
        figure=stacked.single_bar(_course_segments(view, now)),
        height=_BAR,
        tally=_tally(_course_words(words), _course_segments(view, now)),
        explain=_explained(
            view,
            f"{planned} von {asked} mit Angabe: {words.course[Course.ON_TRACK.value].label}.",
            selected(now.measures, state),
            state,
        ),
        table=_legend(view, courses_table(view, now), _course_words(words)),
    )


def fields(view: View, now: Counted) -> Component:
    """Return where the measures of each Handlungsfeld stand, all on one scale."""
    found = by_field(view, now)
    ahead = [
        item
        for item, part in found
        if 2 * running(part.distribution) >= part.distribution["total"] > 0
    ]
    names = [item["name"] for item in ahead]
    counted = f"{len(ahead)} von {len(found)}{': ' if names else ''}{', '.join(names)}."
    rows = [Row(item["name"], _stand_segments(view, part)) for item, part in found]
    return chart(
        title=sentences.fields_ahead(len(ahead), len(found)),
        sentence=f"Umsetzungsstand, ein Balken je Handlungsfeld. {basis(view, now.distribution)}",
        figure=stacked.bars_per_row(rows),
        height=stacked.height_of_rows(rows),
        explain=_explained(view, counted, (), now.state),
        table=folded("Zahlen je Handlungsfeld", _fields_table(view, now, found)),
    )


def by_field(view: View, now: Counted) -> list[tuple[Json, Counted]]:
    """Return each Handlungsfeld with measures of the selection, and what is counted in it."""
    plain = not now.state.count and not now.state.compared
    found = []
    for item in view.overview["fields"]:
        state = now.state.with_(feld=str(item["position"]))
        own = tuple(selected(now.measures, state))
        if own:
            over = item["figures"] if plain else figures(own)
            found.append((item, replace(now, state=state, measures=own, figures=over)))
    return found


def stands_table(view: View, now: Counted) -> Table:
    """Return the Umsetzungsstand as legend, definitions and numbers in one."""
    segments = _stand_segments(view, now)
    return _counts_table(STANDS, "Umsetzungsstand", _stand_words(view.words), segments)


def courses_table(view: View, now: Counted) -> Table:
    """Return the Verlauf as legend, definitions and numbers in one."""
    segments = _course_segments(view, now)
    return _counts_table(COURSES, "Verlauf", _course_words(view.words), segments)


def fields_table(view: View, now: Counted) -> Table:
    """Return the Umsetzungsstand of every Handlungsfeld, the sum last."""
    words = view.words
    head = (
        "Handlungsfeld",
        *(item.label for item in _stand_words(words)),
        "Maßnahmen",
        "ernstester Verlauf",
    )
    rows: list[tuple[Cell, ...]] = []
    for item, part in by_field(view, now):
        worst = part.figures["worst_course"]
        text = None if worst is None else words.course[worst].label
        rows.append((item["name"], *_counts(part, words), part.distribution["total"], text))
    total: tuple[Cell, ...] = ("insgesamt", *_counts(now, words), now.distribution["total"], "")
    numeric = frozenset(range(1, len(head) - 1))
    return Table(FIELDS, "Umsetzungsstand je Handlungsfeld", head, (*rows, total), numeric)


def basis(view: View, counts: Json) -> str:
    """Return the coverage a chart rests on, with the Stichtag."""
    as_of = day(view.overview["round"]["as_of"])
    return sentences.reported(counts["reported"], counts["total"], as_of=as_of)


def implementation_word(words: Words, code: str) -> Mark:
    """Return the word of an Umsetzungsstand or of "keine Meldung"."""
    return words.no_report if code == theme.NO_REPORT else words.implementation[code]


def course_word(words: Words, code: str) -> Mark:
    """Return the word of a Verlauf, of "nicht gefragt" or of "keine Meldung"."""
    if code == theme.NO_REPORT:
        return words.no_report
    return words.course_not_asked if code == theme.COURSE_NOT_ASKED else words.course[code]


def implementation_segments(
    distribution: Json, words: Words, way: Way = lambda _code: None
) -> tuple[Segment, ...]:
    """Return the segments of a bar in the fixed order, "keine Meldung" last.

    `way` gives the address of the list behind a value.
    """
    counts = distribution["counts"] | {theme.NO_REPORT: distribution["no_report"]}
    return tuple(
        Segment(
            implementation_word(words, code).label,
            counts[code],
            theme.IMPLEMENTATION_STYLE[code],
            way(code),
        )
        for code in theme.IMPLEMENTATION_ORDER
    )


def course_segments(
    distribution: Json, words: Words, way: Way = lambda _code: None
) -> tuple[Segment, ...]:
    """Return the segments of the Verlauf in the fixed order, "keine Meldung" last.

    `way` gives the address of the list behind a value.
    """
    counts = distribution["courses"] | {
        theme.COURSE_NOT_ASKED: distribution["course_not_asked"],
        theme.NO_REPORT: distribution["no_report"],
    }
    return tuple(
        Segment(course_word(words, code).label, counts[code], theme.COURSE_STYLE[code], way(code))
        for code in theme.COURSE_ORDER
    )


def _stand_segments(view: View, part: Counted) -> tuple[Segment, ...]:
    def way(code: str) -> str:
        return view.href(LIST, part.state.with_(stand=_FACET.get(code, code)))

    return implementation_segments(part.distribution, view.words, way)


def _course_segments(view: View, part: Counted) -> tuple[Segment, ...]:
    def way(code: str) -> str:
        return view.href(LIST, part.state.with_(verlauf=_FACET.get(code, code)))

    return course_segments(part.distribution, view.words, way)


def _stand_words(words: Words) -> list[Mark]:
    return [implementation_word(words, code) for code in theme.IMPLEMENTATION_ORDER]


def _course_words(words: Words) -> list[Mark]:
    return [course_word(words, code) for code in theme.COURSE_ORDER]


def _running_words(words: Words) -> str:
    """Return "in Umsetzung, umgesetzt oder verstetigt"."""
    first, *others = (words.implementation[state.value].label for state in RUNNING)
    return f"{first}, {' oder '.join(others)}"


def _counts(part: Counted, words: Words) -> list[int]:
    return [segment.count for segment in implementation_segments(part.distribution, words)]


def _tally(entries: Sequence[Mark], segments: Sequence[Segment]) -> Component:
    counted = zip(entries, segments, strict=True)
    return charts_.tally((item, segment.count, segment.href) for item, segment in counted)


def _counts_table(
    key: str, name: str, entries: Sequence[Mark], segments: Sequence[Segment]
) -> Table:
    rows = tuple(
        (item.label, segment.count, item.definition)
        for item, segment in zip(entries, segments, strict=True)
    )
    return Table(key, name, (name, "Maßnahmen", "Bedeutung"), rows, frozenset({1}))


def _legend(view: View, shown: Table, entries: Sequence[Mark]) -> Component:
    cells: list[list[Child]] = [
        [word(item), count, meaning]
        for item, (_, count, meaning) in zip(entries, shown.rows, strict=True)
    ]
    return numbers(shown, path=view.path, state=view.state, class_name="legend", cells=cells)


def _fields_table(view: View, now: Counted, found: Sequence[tuple[Json, Counted]]) -> Component:
    shown = fields_table(view, now)
    cells: list[list[Child]] = []
    for (_, part), (name, *rest) in zip([*found, (None, now)], shown.rows, strict=True):
        segments = _stand_segments(view, part)
        counts: list[Child] = [
            html.A(item.count, href=item.href) if item.count else 0 for item in segments
        ]
        worst = part.figures["worst_course"] if part is not now else None
        last: Child = rest[-1] if worst is None else word(view.words.course[worst])
        cells.append([name, *counts, rest[-2], "–" if last is None else last])
    return numbers(shown, path=view.path, state=view.state, wide=True, cells=cells)


def _explained(view: View, counted: str, measures: Iterable[Json], state: Selection) -> Component:
    codes = [item["code"] for item in measures]
    return explained(
        view.meta,
        "coverage",
        counted=counted,
        # More are in the list that the explanation leads to.
        codes=codes if len(codes) <= MOST_CODES else (),
        period=view.publication.period,
        href=view.href(LIST, state),
    )
