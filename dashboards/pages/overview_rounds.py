"""The charts of the Überblick over the rounds: Rücklauf, and how the measures developed."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboards import theme
from dashboards.components.basic import Child
from dashboards.components.chart import chart
from dashboards.components.explain import explained
from dashboards.components.table import numbers
from dashboards.content import rounds as content_rounds
from dashboards.content import sentences as sentences_returns
from dashboards.content.rounds import Counted
from dashboards.content.selection import NOT_REPORTED, selected
from dashboards.content.tables import Table
from dashboards.figures import returns as returns_figure
from dashboards.figures import trend as trend_figure
from dashboards.figures.returns import Returned
from dashboards.figures.trend import Series
from dashboards.pages.overview_charts import LIST, MOST_CODES
from dashboards.pages.view import View
from tracker.core.german import percent
from tracker.publication.reading import sentences
from tracker.publication.reading.words import Words
from tracker.publication.rules.snapshot_figures import RUNNING, running, troubled
from tracker.reporting.rules.status import TROUBLED, Course

RETURNS, TREND = "ruecklauf", "runden"
# How many rounds are followed back.
_ROUNDS_SHOWN = 8
_RETURNED = (
    ("eingegangen", "completeness", "eingegangen"),
    ("angenommen", "acceptance", "angenommen"),
    ("in der Frist", "timeliness", "in_der_frist"),
)
_TROUBLED = tuple(course.value for course in Course if course in TROUBLED)


def over_rounds(view: View, now: Counted) -> list[Counted]:
    """Return the selection in the last rounds up to the one shown, oldest first."""
    rounds = view.shelf.publications
    until = rounds.index(view.publication)
    earlier = rounds[until + 1 : until + _ROUNDS_SHOWN][::-1]
    parts = view.shelf.overviews(earlier)
    return [*(content_rounds.at(part, now.state) for part in parts), now]


def returns(view: View, rounds: Sequence[Counted]) -> Component:
    now = rounds[-1]
    complete, timely = now.returns["completeness"], now.returns["timeliness"]
    waived = now.returns["waived"]
    nobody = max(0, now.distribution["total"] - complete["total"] - waived)
    state = now.state.with_(meldung="eingegangen")
    codes = [item["code"] for item in selected(now.measures, state)]
    shown = [_returned(view, item) for item in rounds]
    return chart(
        title=sentences_returns.came_in(complete["count"], complete["total"]),
        sentence=sentences_returns.punctual(timely["count"], timely["total"], waived)
        + sentences_returns.without_lead(nobody, complete["total"]),
        figure=returns_figure.dots(shown),
        height=returns_figure.height_of_dots(len(shown)),
        explain=explained(
            view.meta,
            "completeness",
            counted=f"{complete['count']} von {complete['total']} eingegangen.",
            codes=codes if len(codes) <= MOST_CODES else (),
            period=view.publication.period,
            href=view.href(LIST, state),
        ),
        table=numbers(
            returns_table(rounds),
            path=view.path,
            state=view.state,
            class_name="counted",
            cells=_returns_cells(view, rounds),
        ),
    )


def trend(view: View, rounds: Sequence[Counted]) -> Component:
    """Return how the selection developed over the rounds; one round has nothing to show yet."""
    if len(rounds) == 1:
        return html.P(sentences.only_round(rounds[0].label), className="reading")
    now, words = rounds[-1].distribution, view.words
    since = next((item for item in rounds if item.label == view.since), rounds[-2])
    then = since.distribution
    return chart(
        title=sentences.running(running(now), running(then), since.label),
        sentence=sentences.troubled_and_silent(
            (troubled(now), troubled(then)),
            (now["no_report"], then["no_report"]),
            since.label,
            words=_trouble(words),
            nothing=words.no_report.label,
        ),
        figure=trend_figure.rows([item.label for item in rounds], _series(view, rounds)),
        height=trend_figure.height_of(3),
        explain=explained(
            view.meta,
            "coverage",
            counted="Gezählt wird in jeder Runde, was damals geprüft gemeldet war; eine Maßnahme "
            "kann laufen und zugleich gefährdet sein.",
            codes=(),
            period=view.publication.period,
        ),
        table=numbers(
            trend_table(view, rounds),
            path=view.path,
            state=view.state,
            class_name="trend",
            cells=_trend_cells(view, rounds),
        ),
    )


def returns_table(rounds: Sequence[Counted]) -> Table:
    """Return the Rücklauf as a table: three ratios of the round shown, then earlier rounds."""
    found = [(name, rounds[-1].returns[key]) for name, key, _ in _RETURNED] + [
        (f"eingegangen in {item.label}", item.returns["completeness"]) for item in rounds[-2::-1]
    ]
    rows = tuple(
        (name, f"{ratio['count']} von {ratio['total']}", percent(ratio["percent"]))
        for name, ratio in found
    )
    return Table(RETURNS, "Rücklauf", ("Meldungen", "Anzahl", "Anteil"), rows)


def trend_table(view: View, rounds: Sequence[Counted]) -> Table:
    head = ("Runde", *_names(view.words), "Maßnahmen")
    rows = tuple((item.label, *_counts(item), item.distribution["total"]) for item in rounds[::-1])
    return Table(TREND, "Entwicklung über die Runden", head, rows, frozenset(range(1, 5)))


def _returned(view: View, item: Counted) -> Returned:
    ratio = item.returns["completeness"]
    href = view.href(LIST, item.state.with_(meldung="eingegangen"))
    return Returned(item.label, ratio["count"], ratio["total"], ratio["percent"], href)


def _returns_cells(view: View, rounds: Sequence[Counted]) -> list[list[Child]]:
    states = [rounds[-1].state.with_(meldung=value) for _, _, value in _RETURNED]
    states += [item.state.with_(meldung="eingegangen") for item in rounds[-2::-1]]
    return [
        [name, html.A(count, href=view.href(LIST, state)), share]
        for (name, count, share), state in zip(returns_table(rounds).rows, states, strict=True)
    ]


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
    for item in rounds[::-1]:
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
    return ["laufen oder erfüllt", _trouble(words), words.no_report.label]


def _trouble(words: Words) -> str:
    return " oder ".join(words.course[code].label for code in reversed(_TROUBLED))
