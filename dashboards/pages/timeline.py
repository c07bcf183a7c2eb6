"""Verlauf über die Quartale: what stands still, then every measure in every round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dash import html
from dash.development.base_component import Component

from dashboards.components import grid as drawn
from dashboards.components.basic import (
    Child,
    code_links,
    mark,
    measure_link,
    section,
    standing,
    word,
)
from dashboards.components.explain import explained
from dashboards.components.listed import MOST, rest
from dashboards.components.table import csv_link, folded, table
from dashboards.content import grid as content_grid
from dashboards.content import sentences, sentences_course
from dashboards.content.grid import NOT_YET, Cell, Grid, Line, Standing
from dashboards.content.selection import FACETS
from dashboards.content.tables import Table
from dashboards.pages.view import Page, View
from tracker.core.german import shortened
from tracker.publication.queries.published import Publication
from tracker.publication.reading.words import Json, Words, code_order
from tracker.publication.rules.measure_rounds import Kind
from tracker.publication.rules.snapshot_parts import META
from tracker.publication.rules.snapshot_views import figures
from tracker.reporting.rules.status import TROUBLED, Course

_SHOWN = 8
# What the address may ask for instead; None: every round.
_SPANS: Mapping[str, int | None] = {"12": 12, "alle": None}
_TEXT_LIMIT = 110
# More than any concept has; browsers choke on thousands. Longer lists of what is stuck are folded.
_LINES, _STUCK_SHOWN = 400, 8


@dataclass(frozen=True)
class _Past:
    """The rounds a page shows, oldest first, and the chosen measures over them."""

    publications: Sequence[Publication]
    overviews: Sequence[Json]
    shown: Grid
    published: int


@dataclass(frozen=True)
class _Still:
    """A sentence about what does not move, its mark, how it was counted, the measures counted."""

    icon: Component
    sentence: str
    rule: str
    codes: Sequence[str]


def content(view: View) -> list[Component]:
    """Return what stood still and the grid of measures and rounds."""
    past = _past(view)
    still = content_grid.standing(past.shown.lines, len(past.publications))
    return [
        section("Was sich nicht bewegt", _standing(view, past, still), name="stillstand"),
        section("Alle Runden nebeneinander", _rounds(view, past, still), name="runden"),
    ]


def tables(view: View) -> dict[str, Table]:
    found = _table(view, _past(view).shown)
    return {found.key: found}


def _table(view: View, shown: Grid) -> Table:
    names = {item["position"]: item["name"] for item in view.overview["fields"]}
    return content_grid.as_table(shown, names)


def _past(view: View) -> _Past:
    rounds = view.shelf.publications[view.shelf.publications.index(view.publication) :]
    # An unknown span is the page's own number.
    span = _SPANS.get(view.state.span or "", _SHOWN)
    shown = rounds[:span][::-1]
    overviews = view.shelf.overviews(shown)
    metas = view.shelf.parts(shown, META)
    words = [Words.of(meta["definitions"]) for meta in metas]
    found = content_grid.grid(overviews, words, view.chosen)
    return _Past(shown, overviews, found, len(rounds))


def _standing(view: View, past: _Past, still: Standing) -> list[Child]:
    if len(past.publications) == 1:
        text = "Was stillsteht, zeigt sich ab der zweiten veröffentlichten Runde."
        return [html.P(text, className="reading")]
    if still.total == 0:
        return [html.P("In der Auswahl ist keine Maßnahme, über die berichtet wird.")]
    words, rounds = view.words, still.threshold
    troubled = " oder ".join(words.course[item.value].label for item in Course if item in TROUBLED)
    critical = words.course[Course.CRITICAL.value]
    stuck = [line.code for line, _ in still.stuck]
    unchanged = sorted((line.code for line, _ in still.unchanged), key=code_order)
    silent = sorted((line.code for line, _ in still.silent), key=code_order)
    entries = [
        _Still(
            mark(critical.icon, critical.code),
            sentences_course.stuck(len(stuck), still.total, rounds, troubled=troubled),
            sentences_course.STUCK_RULE,
            stuck,
        ),
        _Still(
            mark("pause"),
            sentences_course.unchanged(len(unchanged), still.total, rounds),
            sentences_course.UNCHANGED_RULE,
            unchanged,
        ),
        _Still(
            mark(words.no_report.icon),
            sentences_course.silent(len(silent), still.total, rounds),
            sentences_course.SILENT_RULE,
            silent,
        ),
    ]
    items = []
    for entry in entries:
        told: list[Child] = [html.Span(entry.sentence)]
        if entry.codes is stuck and stuck:
            told.append(_stuck(view, still))
        elif entry.codes:
            shown = code_links(entry.codes[:MOST], view.publication.period)
            told.append(html.Span([*shown, " ", *rest(len(entry.codes), None)], className="codes"))
        told.append(
            explained(
                view.meta, "", counted=entry.rule, codes=entry.codes, period=view.publication.period
            )
        )
        items.append(html.Li([entry.icon, html.Div(told)]))
    return [html.Ul(items, className="exceptions standing")]


def _stuck(view: View, still: Standing) -> Component:
    """Return the measures in trouble, the longest first; many are folded."""
    period, words = view.publication.period, view.words
    values = {item["code"]: item["value"] for item in view.chosen}
    rows = [
        html.Li(
            [
                measure_link(line.code, period, text=shortened(line.text, _TEXT_LIMIT)),
                html.Div(
                    [
                        *standing(words, values[line.code]),
                        html.Span(
                            f" · {sentences_course.in_a_row(rounds)} ohne Bewegung",
                            className="muted",
                        ),
                    ]
                ),
            ]
        )
        for line, rounds in still.stuck[:MOST]
    ]
    more = rest(len(still.stuck), None)
    listed = html.Ul([*rows, *([html.Li(more)] if more else [])], className="rows")
    if len(rows) <= _STUCK_SHOWN:
        return listed
    return folded(f"Diese {sentences.measures(len(still.stuck))}", listed)


def _rounds(view: View, past: _Past, still: Standing) -> list[Child]:
    counts = figures(view.chosen)["distribution"]
    found = sentences.found(len(view.chosen), len(view.measures), counts)
    told: list[Child] = [html.P(found, className="reading"), _spans(view, past)]
    if not past.shown.lines:
        return told
    table_ = _table(view, past.shown)
    drawn_ = replace(past.shown, lines=past.shown.lines[:_LINES])
    told += [
        *_legend(past.shown, view.words),
        *_cut(len(past.shown.lines)),
        drawn.table(
            drawn_,
            _groups(view, drawn_, still),
            period=view.publication.period,
            caption=table_.caption,
        ),
        csv_link(table_, path=view.path, state=view.state),
    ]
    missing = content_grid.skipped([item.period for item in past.publications])
    if missing:
        told.append(html.P(sentences_course.without_round(missing)))
    return [*told, *_gone(past)]


def _cut(count: int) -> list[Child]:
    """Return that a table of thousands is not shown to its end, and how to see the rest."""
    if count <= _LINES:
        return []
    return [html.P(sentences_course.cut(_LINES, count))]


def _spans(view: View, past: _Past) -> Component:
    """Return which rounds are shown and the ways to more of them and to two of them."""
    shown = len(past.publications)
    told: list[Child] = []
    ways: list[tuple[str, str | None]] = []
    if shown > _SHOWN:
        ways.append((f"Nur die letzten {_SHOWN}", None))
    if past.published > 12 != shown:
        ways.append(("Die letzten 12", "12"))
    if past.published > shown:
        ways.append((f"Alle {past.published}", "alle"))
    for text, span in ways:
        address = view.href(view.path, replace(view.state, span=span))
        told += [" ", html.A(text, href=address, className="link"), "."]
    if past.published > 1:
        address = view.href("vergleich", replace(view.state, span=None))
        told += [" ", html.A("Zwei Runden vergleichen", href=address, className="link"), "."]
    which = sentences_course.rounds_shown(shown, past.published)
    return html.P([which, html.Span(told, className="no-print")])


def _groups(view: View, shown: Grid, still: Standing) -> list[tuple[str, str, Sequence[Line]]]:
    """Return each Handlungsfeld of the selection with its subtotal in words and its lines."""
    stuck = {line.code for line, _ in still.stuck}
    found: list[tuple[str, str, Sequence[Line]]] = []
    for field in view.overview["fields"]:
        lines = [line for line in shown.lines if line.field == field["position"]]
        if not lines:
            continue
        measures = [item for item in view.chosen if item["field"] == field["position"]]
        halted = sum(line.code in stuck for line in lines)
        found.append((field["name"], _subtotal(measures, halted, view.words), lines))
    return found


def _subtotal(measures: Sequence[Json], stuck: int, words: Words) -> str:
    counts = figures(measures)["distribution"]
    if counts["total"] == 0:
        return "Hierüber wird nicht berichtet."
    told = [sentences.coverage(counts["reported"], counts["total"])]
    courses = counts["courses"]
    told += [
        f"{courses[course.value]} {words.course[course.value].label}"
        for course in reversed(Course)
        if course in TROUBLED and courses[course.value]
    ]
    if stuck:
        told.append(f"{stuck} davon ohne Bewegung")
    return f"{', '.join(told)}."


def _legend(shown: Grid, words: Words) -> list[Child]:
    """Return every mark with its word, the special cells beside their meaning; then definitions."""
    entries = [*words.implementation.values(), *words.course.values()]
    kinds = {cell.kind for line in shown.lines for cell in line.cells}
    carried = Cell(Kind.CARRIED, "", "in_progress", "on_track", "Quartal")
    special = [
        (carried, f"{words.no_report.label}, Stand aus dem genannten Quartal"),
        (Cell(Kind.SILENT, ""), f"{words.no_report.label}, kein früherer Stand"),
        (Cell(Kind.ABSENT, ""), NOT_YET),
    ]
    items = [html.Li(word(item)) for item in entries]
    items += [html.Li([drawn.sample(cell), text]) for cell, text in special if cell.kind in kinds]
    meaning = table(
        "Bedeutung der Zeichen",
        ["Zeichen", "Bedeutung"],
        [[word(item), item.definition] for item in [*entries, words.no_report]],
    )
    return [
        html.Ul(items, className="grid-legend"),
        folded("Was die Zeichen bedeuten", meaning),
    ]


def _gone(past: _Past) -> list[Child]:
    """Return the measures that only earlier rounds had, each linked to its last one."""
    found = content_grid.gone(past.overviews)
    if not found:
        return []
    links: list[Child] = []
    for code, period in found:
        links += [", " if links else "", *code_links([code], period)]
    return [html.P(["Nicht mehr im Konzept, aber in früheren Runden: ", *links, "."])]


PAGE = Page(
    path="verlauf",
    title="Verlauf über die Quartale",
    nav="Verlauf",
    content=content,
    tables=tables,
    facets=FACETS,
)
