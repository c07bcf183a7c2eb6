"""Überblick: what needs attention, what to decide, what changed, then where everything stands."""

# long-file: one page, whose five charts share what they count and the ways to it

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dash import html
from dash.development.base_component import Component

from dashboards import theme
from dashboards.components import chart as charts
from dashboards.components.basic import Child, section, word
from dashboards.components.chart import chart
from dashboards.components.explain import explained
from dashboards.components.listed import (
    MOST,
    attention,
    changed,
    counted_as_established,
    proposals,
    rest,
)
from dashboards.components.rounds import exports
from dashboards.components.table import folded, numbers
from dashboards.figures import returns as returns_figure
from dashboards.figures import stacked
from dashboards.figures import trend as trend_figure
from dashboards.figures.returns import Returned
from dashboards.figures.stacked import Row, Segment
from dashboards.figures.trend import Series
from dashboards.pages.view import Page, View, what_changed
from dashboards.selection import NOT_ASKED, NOT_REPORTED, Selection, selected
from tracker.core.german import day, opening
from tracker.publication.reading import overview, returns, sentences
from tracker.publication.reading import rounds as reading_rounds
from tracker.publication.reading.counts import spread
from tracker.publication.reading.decisions import decisions_of, without_proposal
from tracker.publication.reading.model_sections import ReturnsRow
from tracker.publication.reading.model_values import Mark, Spread, Value
from tracker.publication.reading.table import (
    Column,
    Kind,
    Table,
    columns,
    page_table,
    written_cells,
)
from tracker.publication.reading.words import Words
from tracker.publication.rules.document import (
    DistributionRecord,
    FieldFigures,
    FiguresRecord,
    OverviewMeasure,
    OverviewPart,
    RoundFiguresRecord,
)
from tracker.publication.rules.snapshot_figures import RUNNING, running, troubled
from tracker.publication.rules.snapshot_views import figures
from tracker.reporting.rules.status import TROUBLED, Course

LIST = "massnahmen"
RETURNS, TREND = "ruecklauf", "runden"
# Longer texts are read on the measure's page, longer lists of codes in the list behind the figure.
_TEXT_LIMIT, _MOST_CODES = 80, 12
# How many rounds are followed back.
_ROUNDS_SHOWN = 8
_BAR = 64
# How the filters of the list name what is no value.
_FACET = {theme.NO_REPORT: NOT_REPORTED, theme.COURSE_NOT_ASKED: NOT_ASKED}
# The ratios of the Rücklauf, and the values of the filter that select what they count.
RETURNED = {
    "eingegangen": "eingegangen",
    "angenommen": "angenommen",
    "in der Frist": "in_der_frist",
}
_TROUBLED = tuple(course.value for course in Course if course in TROUBLED)


@dataclass(frozen=True)
class Counted:
    """What a selection counts in one published round.

    `state` is the address of just these measures, `figures` what is said over them.
    """

    label: str
    state: Selection
    measures: tuple[OverviewMeasure, ...]
    figures: FiguresRecord

    @property
    def distribution(self) -> DistributionRecord:
        """Return how many measures stand where."""
        return self.figures["distribution"]

    def returns(self, words: Words) -> ReturnsRow:
        return returns.row(self.label, self.figures["returns"], words)

    def spread(self, words: Words) -> Spread:
        return spread(self.label, self.distribution, words)


@dataclass(frozen=True)
class CountedRound(Counted):
    """What it counts over all Handlungsfelder, and what changed there."""

    figures: RoundFiguresRecord


def content(view: View) -> list[Component]:
    """Return the page of one published round."""
    now = _counted(view.label, view.overview, view.chosen, view.state)
    narrowed: list[Component] = []
    if view.state.count:
        total = sum(item["reportable"] for item in view.measures)
        told = sentences.selection(now.distribution["total"], total)
        narrowed = [html.P(told, className="reading")]
    if not view.chosen:
        return narrowed
    all_measures = html.A(
        "Alle Maßnahmen nach Handlungsfeldern", href=view.href(LIST), className="link"
    )
    further: list[Child] = [
        html.P(all_measures),
        exports(view.publication, latest=view.name == view.publication.period),
    ]
    return [
        *narrowed,
        section("Das braucht Aufmerksamkeit", _attention(view, now), name="aufmerksamkeit"),
        section("Zu entscheiden", _decisions(view, now), name="entscheidungen"),
        section("Was sich verändert hat", _changes(view, now), name="veraenderungen"),
        section("Wo die Maßnahmen stehen", _charts(view, now), name="stand"),
        *what_changed(view),
        section("Alle Maßnahmen und Ausgaben", further, name="weiter"),
    ]


def tables(view: View) -> Mapping[str, Table]:
    """Return the numbers of every chart, for download."""
    now = _counted(view.label, view.overview, view.chosen, view.state)
    rounds, counted = _over_rounds(view, now), now.spread(view.words)
    shown = (
        overview.stands_table(counted),
        overview.courses_table(counted),
        _returns_table(view, rounds),
        _trend_table(view, rounds),
        _fields_table(view, _by_field(view, now), counted),
    )
    return {table.key: table for table in shown}


def _counted(
    label: str, overview_: OverviewPart, measures: Sequence[OverviewMeasure], state: Selection
) -> CountedRound:
    """Return what a state counts in a round; `measures` are those it selects there.

    Without a selection the figures are those of the publication, whatever formula it had.
    """
    plain = not state.count and not state.compared
    decisions = [item["code"] for item in overview_["decisions"]]
    return CountedRound(
        label=label,
        state=state,
        measures=tuple(measures),
        figures=overview_["figures"] if plain else figures(measures, decisions=decisions),
    )


def _over_rounds(view: View, now: Counted) -> list[Counted]:
    """Return the selection in the last rounds up to the one shown, oldest first.

    Each is compared with the round before it.
    """
    reader = view.reader
    past = reader.past(view.publication)[: _ROUNDS_SHOWN - 1][::-1]
    found: list[Counted] = []
    for publication, part in zip(past, reader.overviews(past), strict=True):
        state = replace(now.state, round=reader.name(publication), compared=None)
        measures, label = selected(part["measures"], state), reader.label(publication)
        found.append(_counted(label, part, measures, state))
    return [*found, now]


def _by_field(view: View, now: Counted) -> list[tuple[FieldFigures, Counted]]:
    """Return each Handlungsfeld with measures of the selection, and what is counted in it."""
    plain = not now.state.count and not now.state.compared
    found = []
    for item in view.overview["fields"]:
        state = now.state.with_(feld=item["code"])
        own = tuple(selected(now.measures, state))
        if own:
            over = item["figures"] if plain else figures(own)
            found.append((item, Counted(now.label, state, own, over)))
    return found


# What needs attention, what to decide, what changed


def _attention(view: View, now: CountedRound) -> list[Child]:
    noticed = view.attention(now.measures, now.figures, among=view.among)
    return attention(
        [(entry, view.href(LIST, now.state.of_kind(entry.kind))) for entry in noticed],
        counts=now.distribution,
        among=view.among,
        period=view.name,
        further=counted_as_established(now.measures, view.name),
    )


def _decisions(view: View, now: Counted) -> list[Child]:
    codes = {item["code"] for item in now.measures}
    found = decisions_of(view.overview, view.words, codes=codes)
    without = without_proposal(now.measures, {item.code for item in found})
    told: list[Child] = [html.P(sentences.proposals(len(found), without), className="reading")]
    if found:
        period = view.name
        told.append(proposals(found[:MOST], view.words, period, limit=_TEXT_LIMIT))
        told += [html.P(item) for item in rest(len(found), view.href("beschluesse", view.state))]
    return told


def _changes(view: View, now: CountedRound) -> list[Child]:
    found, period = overview.moved(now.measures), view.name
    movements = overview.movements(now.figures, view.words)
    told: list[Child] = [
        html.P(sentences.moved(movements, view.since), className="reading"),
        *changed(
            now.measures,
            view.words,
            period,
            limit=_TEXT_LIMIT,
            href=lambda kind: view.href(LIST, now.state.with_(aenderung=kind)),
        ),
    ]
    if found:
        sums = " + ".join(f"{count} {word}" for word, count in movements if count)
        counted = f"{sums} = {sum(map(len, found.values()))} von {now.distribution['total']}."
        href = view.href(LIST, now.state.with_(aenderung=list(found)))
        told.append(
            explained(view.meta, "change", counted=counted, codes=(), period=period, href=href)
        )
    return told


# Where the measures stand


def _charts(view: View, now: Counted) -> list[Child]:
    rounds, counted = _over_rounds(view, now), now.spread(view.words)
    return [
        _implementation(view, now, counted),
        _course(view, now, counted),
        _returns(view, rounds),
        _trend(view, rounds),
        _fields(view, now, counted),
    ]


def _implementation(view: View, now: Counted, counted: Spread) -> Component:
    counts = now.distribution
    segments = _stand_segments(view, now)
    marks = [line.mark for line in counted.counts]
    sums = sentences.added([("Rechenweg", counted.counts)], RUNNING)
    rule = f"{sums}; {sentences.coverage(counts['reported'], counts['total'])}."
    state = now.state.with_(stand=[code.value for code in RUNNING])
    return chart(
        title=sentences.running_or_fulfilled(counts, among=view.among),
        sentence=_basis(view, counts),
        figure=stacked.single_bar(segments),
        height=_BAR,
        tally=_tally(marks, segments),
        explain=_explained(view, "", rule, selected(now.measures, state), state),
        table=_legend(view, overview.stands_table(counted), marks),
    )


def _course(view: View, now: Counted, counted: Spread) -> Component:
    counts, segments = now.distribution, _course_segments(view, now)
    marks = [*(line.mark for line in counted.courses), view.words.no_report]
    planned, asked = counts["courses"][Course.ON_TRACK.value], counted.with_course
    with_course = sentences.added([("mit Angabe", counted.courses)], view.words.course)
    label = view.words.course[Course.ON_TRACK.value].label
    rule = f"Rechenweg: {planned} {label} von {asked} mit Angabe; {with_course}."
    state = now.state.with_(verlauf=Course.ON_TRACK.value)
    return chart(
        title=sentences.as_planned(counts, view.words, among=view.among),
        sentence=_basis(view, counts),
        figure=stacked.single_bar(segments),
        height=_BAR,
        tally=_tally(marks, segments),
        explain=_explained(view, "", rule, selected(now.measures, state), state),
        table=_legend(view, overview.courses_table(counted), marks),
    )


def _fields(view: View, now: Counted, counted: Spread) -> Component:
    """Return where the measures of each Handlungsfeld stand, all on one scale."""
    found = _by_field(view, now)
    counts = [(item["name"], part.distribution) for item, part in found]
    ahead = sum(2 * running(own) >= own["total"] > 0 for _, own in counts)
    rule = sentences.half(counts, view.words)
    rows = [Row(item["name"], _stand_segments(view, part)) for item, part in found]
    table = _fields_table(view, found, counted)
    return chart(
        title=sentences.fields_ahead(ahead, len(found)),
        sentence=f"Umsetzungsstand, ein Balken je Handlungsfeld. {_basis(view, now.distribution)}",
        figure=stacked.bars_per_row(rows),
        height=stacked.height_of_rows(rows),
        explain=_explained(view, "", rule, (), now.state),
        table=folded(
            "Zahlen je Handlungsfeld",
            numbers(
                table,
                path=view.path,
                state=view.state,
                wide=True,
                cells=_fields_cells(view, table, rows, found),
            ),
        ),
    )


def _fields_table(
    view: View, found: Sequence[tuple[FieldFigures, Counted]], counted: Spread
) -> Table:
    """Return the Umsetzungsstand of every Handlungsfeld with the sums below."""
    return overview.places_table(
        overview.FIELDS,
        "Umsetzungsstand je Handlungsfeld",
        columns("Handlungsfeld"),
        [overview.place((item["name"],), part.figures, view.words) for item, part in found],
        whole=counted,
        sum_label_at=0,
    )


def _fields_cells(
    view: View, table: Table, bars: Sequence[Row], found: Sequence[tuple[FieldFigures, Counted]]
) -> list[list[Child]]:
    """Return the rows of the table with links to what is counted and the mark of the Verlauf."""
    cells: list[list[Child]] = []
    for row, bar, (_, part) in zip(table.rows, bars, found, strict=True):
        counts: list[Child] = [
            html.A(item.count, href=item.href) if item.count else 0 for item in bar.segments
        ]
        worst = part.figures["worst_course"]
        plain = [str(value) for value in row[len(counts) + 1 : -1]]
        last: Child = "–" if worst is None else word(view.words.course[worst])
        cells.append([str(row[0]), *counts, *plain, last])
    return cells


def _basis(view: View, counts: DistributionRecord) -> str:
    """Return the coverage a chart rests on, with the Stichtag."""
    as_of = day(view.overview["round"]["as_of"])
    return sentences.reported(counts["reported"], counts["total"], as_of=as_of)


def _stand_segments(view: View, part: Counted) -> tuple[Segment, ...]:
    def way(code: str) -> str:
        return view.href(LIST, part.state.with_(stand=_FACET.get(code, code)))

    return stacked.implementation_segments(part.distribution, view.words, way)


def _course_segments(view: View, part: Counted) -> tuple[Segment, ...]:
    def way(code: str) -> str:
        return view.href(LIST, part.state.with_(verlauf=_FACET.get(code, code)))

    return stacked.course_segments(part.distribution, view.words, way)


def _tally(marks: Sequence[Mark], segments: Sequence[Segment]) -> Component:
    counted = zip(marks, segments, strict=True)
    return charts.tally((item, segment.count, segment.href) for item, segment in counted)


def _legend(view: View, shown: Table, marks: Sequence[Mark]) -> Component:
    cells: list[list[Child]] = [
        [word(item), str(count), str(meaning)]
        for item, (_, count, meaning) in zip(marks, shown.rows, strict=True)
    ]
    return numbers(shown, path=view.path, state=view.state, class_name="legend", cells=cells)


def _explained(
    view: View, key: str, counted: str, measures: Iterable[OverviewMeasure], state: Selection
) -> Component:
    codes = [item["code"] for item in measures]
    return explained(
        view.meta,
        key,
        counted=counted,
        # More are in the list that the explanation leads to.
        codes=codes if len(codes) <= _MOST_CODES else (),
        period=view.name,
        href=view.href(LIST, state),
    )


# Over the rounds


def _returns(view: View, rounds: Sequence[Counted]) -> Component:
    now, whole = rounds[-1], rounds[-1].returns(view.words)
    state = now.state.with_(meldung="eingegangen")
    rule = f"{opening(returns.of_expected(whole))} eingegangen."
    nobody, joined = returns.nobody_asked(now.measures), returns.joined(now.measures)
    dots = [_dot(view, item) for item in rounds]
    return chart(
        title=returns.came_in(whole),
        sentence=" ".join(returns.sentences(whole, joined=joined, without=nobody)[1:]),
        figure=returns_figure.dots(dots),
        height=returns_figure.height_of_dots(len(dots)),
        explain=_explained(view, "completeness", rule, selected(now.measures, state), state),
        table=numbers(
            _returns_table(view, rounds),
            path=view.path,
            state=view.state,
            class_name="counted",
            cells=_returns_cells(view, rounds),
        ),
    )


def _dot(view: View, item: Counted) -> Returned:
    ratio = item.figures["returns"]["completeness"]
    href = view.href(LIST, item.state.with_(meldung="eingegangen"))
    return Returned(item.label, ratio["count"], ratio["total"], href)


def _returns_table(view: View, rounds: Sequence[Counted]) -> Table:
    """Return the Rücklauf as a table: earlier rounds, then three ratios of the round shown."""
    *earlier, now = (item.returns(view.words) for item in rounds)
    head = (*columns("Meldungen", "Anzahl"), Column("Anteil", kind=Kind.PERCENT))
    named = [
        *((f"eingegangen in {item.name}", item.completeness) for item in earlier),
        *zip(RETURNED, now.ratios, strict=True),
    ]
    rows = tuple((name, f"{ratio.count} von {ratio.total}", ratio.percent) for name, ratio in named)
    return page_table(RETURNS, "Rücklauf", head, rows)


def _returns_cells(view: View, rounds: Sequence[Counted]) -> list[list[Child]]:
    states = [item.state.with_(meldung="eingegangen") for item in rounds[:-1]]
    states += [rounds[-1].state.with_(meldung=value) for value in RETURNED.values()]
    return [
        [name, html.A(count, href=view.href(LIST, state)), share]
        for (name, count, share), state in zip(
            written_cells(_returns_table(view, rounds)), states, strict=True
        )
    ]


def _trend(view: View, rounds: Sequence[Counted]) -> Component:
    """Return how the selection developed over the rounds; one round has nothing to show yet."""
    if len(rounds) == 1:
        return html.P(reading_rounds.only_round(rounds[0].label), className="reading")
    now, words = rounds[-1].distribution, view.words
    since = next((item for item in rounds if item.label == view.since), rounds[-2])
    then = since.distribution
    series = _series(view, rounds)
    both = [item.spread(words) for item in (since, rounds[-1])]
    running_ = sentences.added([(one.name, one.counts) for one in both], RUNNING)
    troubled_ = sentences.added([(one.name, one.courses) for one in both], _TROUBLED)
    return chart(
        title=reading_rounds.counted_now(
            reading_rounds.RUNNING,
            (running(now), now["reported"], now["total"]),
            (running(then), then["reported"], then["total"]),
            label=since.label,
            among=view.among,
        ),
        sentence=reading_rounds.troubled_and_silent(
            (troubled(now), troubled(then)),
            (now["no_report"], then["no_report"]),
            since.label,
            words=_trouble(words),
            nothing=words.no_report.label,
        ),
        figure=trend_figure.rows([item.label for item in rounds], series),
        height=trend_figure.height_of(series),
        explain=explained(
            view.meta,
            "",
            counted=f"Rechenweg: {running_}. {troubled_}. Gezählt wird in jeder Runde, was damals "
            "geprüft gemeldet war; eine Maßnahme kann laufen und zugleich gefährdet sein.",
            codes=(),
            period=view.name,
        ),
        table=numbers(
            _trend_table(view, rounds),
            path=view.path,
            state=view.state,
            wide=True,
            class_name="trend",
            cells=_trend_cells(view, rounds),
        ),
    )


def _trend_table(view: View, rounds: Sequence[Counted]) -> Table:
    head = (*columns("Runde"), *columns(*_names(view.words), "Maßnahmen", kind=Kind.WHOLE))
    rows: list[tuple[Value, ...]] = [
        (counted.label, *_counts(counted), counted.distribution["total"]) for counted in rounds
    ]
    return page_table(TREND, "Entwicklung über die Runden", head, tuple(rows))


def _series(view: View, rounds: Sequence[Counted]) -> list[Series]:
    styles = (
        theme.IMPLEMENTATION_STYLE["in_progress"],
        theme.COURSE_STYLE["critical"],
        theme.IMPLEMENTATION_STYLE[theme.NO_REPORT],
    )
    counts = zip(*(_counts(item) for item in rounds), strict=True)
    ways = zip(*(_ways(view, item) for item in rounds), strict=True)
    return [
        Series(name, tuple(own), style, tuple(hrefs))
        for name, own, style, hrefs in zip(_names(view.words), counts, styles, ways, strict=True)
    ]


def _trend_cells(view: View, rounds: Sequence[Counted]) -> list[list[Child]]:
    cells: list[list[Child]] = []
    for item in rounds:
        counted = zip(_counts(item), _ways(view, item), strict=True)
        links: list[Child] = [html.A(count, href=href) if count else 0 for count, href in counted]
        cells.append([item.label, *links, item.distribution["total"]])
    return cells


def _counts(item: Counted) -> list[int]:
    found = item.distribution
    return [running(found), troubled(found), found["no_report"]]


def _ways(view: View, item: Counted) -> list[str]:
    states = (
        item.state.with_(stand=[state.value for state in RUNNING]),
        item.state.with_(verlauf=_TROUBLED),
        item.state.with_(stand=NOT_REPORTED),
    )
    return [view.href(LIST, state) for state in states]


def _names(words: Words) -> list[str]:
    reported = (f"{what} gemeldet" for what in (reading_rounds.RUNNING, _trouble(words)))
    return [*reported, words.no_report.label]


def _trouble(words: Words) -> str:
    return " oder ".join(words.course[code].label for code in reversed(_TROUBLED))


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
