"""The charts of the Überblick: Umsetzungsstand, Verlauf, Rücklauf, Handlungsfelder."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboards import theme
from dashboards.components.basic import Child, word
from dashboards.components.chart import chart
from dashboards.components.table import folded, table
from dashboards.content import sentences
from dashboards.content.words import Json, Word, Words, day, percent
from dashboards.figures import returns as returns_figure
from dashboards.figures import stacked
from dashboards.figures.returns import Returned
from dashboards.figures.stacked import Row, Segment
from tracker.rules.status import FULFILLED, Course, Implementation

_BAR = 64
_RUNNING = (Implementation.IN_PROGRESS, *sorted(FULFILLED))


def charts(overview: Json, words: Words, returns: Sequence[Returned]) -> list[Child]:
    """Return the charts in the order they are read."""
    return [
        _implementation(overview, words),
        _course(overview, words),
        _returns(overview, returns),
        _fields(overview, words),
    ]


def _implementation(overview: Json, words: Words) -> Component:
    counts = overview["figures"]["distribution"]
    segments = implementation_segments(counts, words)
    entries = [implementation_word(words, code) for code in theme.IMPLEMENTATION_ORDER]
    return chart(
        title=sentences.running_or_fulfilled(_running(counts), counts["total"]),
        sentence=_basis(overview),
        figure=stacked.single_bar(segments),
        height=_BAR,
        tally=_tally(entries, segments),
        table=_legend("Umsetzungsstand", entries, segments),
    )


def _course(overview: Json, words: Words) -> Component:
    counts = overview["figures"]["distribution"]
    segments = course_segments(counts, words)
    entries = [course_word(words, code) for code in theme.COURSE_ORDER]
    return chart(
        title=sentences.as_planned(
            counts["courses"][Course.ON_TRACK.value], sum(counts["courses"].values())
        ),
        sentence=_basis(overview),
        figure=stacked.single_bar(segments),
        height=_BAR,
        tally=_tally(entries, segments),
        table=_legend("Verlauf", entries, segments),
    )


def _returns(overview: Json, returns: Sequence[Returned]) -> Component:
    figures = overview["figures"]["returns"]
    complete, timely = figures["completeness"], figures["timeliness"]
    asked = complete["total"] + figures["waived"]
    nobody = max(0, overview["figures"]["distribution"]["total"] - asked)
    rows: list[list[Child]] = [
        [name, f"{ratio['count']} von {ratio['total']}", percent(ratio["percent"])]
        for name, ratio in (
            ("eingegangen", complete),
            ("angenommen", figures["acceptance"]),
            ("in der Frist", timely),
        )
    ]
    rows += [
        [f"eingegangen in {item.label}", f"{item.count} von {item.total}", percent(item.percent)]
        for item in returns[:-1][::-1]
    ]
    return chart(
        title=sentences.came_in(complete["count"], complete["total"]),
        sentence=sentences.punctual(timely["count"], timely["total"], figures["waived"])
        + sentences.without_lead(nobody, complete["total"]),
        figure=returns_figure.dots(returns),
        height=returns_figure.height_of_dots(len(returns)),
        table=table("Rücklauf", ["Meldungen", "Anzahl", "Anteil"], rows, class_name="counted"),
    )


def _fields(overview: Json, words: Words) -> Component:
    fields = overview["fields"]
    counted = [item["figures"]["distribution"] for item in fields]
    ahead = sum(2 * _running(counts) >= counts["total"] > 0 for counts in counted)
    rows = [
        Row(
            item["name"],
            implementation_segments(item["figures"]["distribution"], words),
        )
        for item in fields
    ]
    return chart(
        title=sentences.fields_ahead(ahead, len(fields)),
        sentence=f"Umsetzungsstand, ein Balken je Handlungsfeld. {_basis(overview)}",
        figure=stacked.bars_per_row(rows),
        height=stacked.height_of_rows(rows),
        table=folded("Zahlen je Handlungsfeld", _fields_table(overview, words)),
    )


def _fields_table(overview: Json, words: Words) -> Component:
    head = [
        "Handlungsfeld",
        *(implementation_word(words, code).text for code in theme.IMPLEMENTATION_ORDER),
        "Maßnahmen",
        "ernstester Verlauf",
    ]
    rows: list[list[Child]] = []
    for item in overview["fields"]:
        counts = item["figures"]["distribution"]
        worst = item["figures"]["worst_course"]
        rows.append(
            [
                item["name"],
                *(segment.count for segment in implementation_segments(counts, words)),
                counts["total"],
                "–" if worst is None else word(words.course[worst]),
            ]
        )
    total = overview["figures"]["distribution"]
    foot: list[Child] = [
        "insgesamt",
        *(segment.count for segment in implementation_segments(total, words)),
        total["total"],
        "",
    ]
    return table("Umsetzungsstand je Handlungsfeld", head, rows, wide=True, foot=foot)


def _legend(name: str, entries: Sequence[Word], segments: Sequence[Segment]) -> Component:
    """Return the table that is legend, definitions and numbers in one."""
    return table(
        name,
        [name, "Maßnahmen", "Bedeutung"],
        [
            [word(item), segment.count, item.definition]
            for item, segment in zip(entries, segments, strict=True)
        ],
        class_name="legend",
    )


def _tally(entries: Sequence[Word], segments: Sequence[Segment]) -> Component:
    """Return every number of a bar with its mark and word, on one line that may wrap."""
    items = [
        html.Li([word(item), html.Strong(segment.count)])
        for item, segment in zip(entries, segments, strict=True)
        if segment.count
    ]
    return html.Ul(items, className="tally")


def _running(counts: Json) -> int:
    """Return how many measures run or are fulfilled."""
    return sum(counts["counts"][state.value] for state in _RUNNING)


def _basis(overview: Json) -> str:
    counts = overview["figures"]["distribution"]
    return sentences.reported(
        counts["reported"], counts["total"], as_of=day(overview["round"]["as_of"])
    )


def implementation_word(words: Words, code: str) -> Word:
    """Return the word of an Umsetzungsstand or of "keine Meldung"."""
    return words.no_report if code == theme.NO_REPORT else words.implementation[code]


def course_word(words: Words, code: str) -> Word:
    """Return the word of a Verlauf, of "nicht gefragt" or of "keine Meldung"."""
    if code == theme.NO_REPORT:
        return words.no_report
    return words.course_not_asked if code == theme.COURSE_NOT_ASKED else words.course[code]


def implementation_segments(distribution: Json, words: Words) -> tuple[Segment, ...]:
    """Return the segments of a bar in the fixed order, "keine Meldung" last."""
    counts = distribution["counts"] | {theme.NO_REPORT: distribution["no_report"]}
    return tuple(
        Segment(
            implementation_word(words, code).text, counts[code], theme.IMPLEMENTATION_STYLE[code]
        )
        for code in theme.IMPLEMENTATION_ORDER
    )


def course_segments(distribution: Json, words: Words) -> tuple[Segment, ...]:
    """Return the segments of the Verlauf in the fixed order, "keine Meldung" last."""
    counts = distribution["courses"] | {
        theme.COURSE_NOT_ASKED: distribution["course_not_asked"],
        theme.NO_REPORT: distribution["no_report"],
    }
    return tuple(
        Segment(course_word(words, code).text, counts[code], theme.COURSE_STYLE[code])
        for code in theme.COURSE_ORDER
    )
