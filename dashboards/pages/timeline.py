"""Verlauf über die Runden: what stands still, then every measure in every round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dash import html
from dash.development.base_component import Component

from dashboards.components import grid
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
from dashboards.pages.view import Page, View
from dashboards.selection import FACETS
from tracker.core.german import opening, shortened, some
from tracker.core.text import natural_order
from tracker.publication.queries.published import Publication
from tracker.publication.reading import rounds, sentences
from tracker.publication.reading.model_sections import (
    Known,
    RoundCell,
    RoundLine,
    Rounds,
    Standstill,
)
from tracker.publication.reading.model_values import Standing
from tracker.publication.reading.table import Table
from tracker.publication.reading.words import Words
from tracker.publication.rules.document import OverviewMeasure, OverviewPart
from tracker.publication.rules.snapshot_parts import META
from tracker.publication.rules.snapshot_views import figures
from tracker.reporting.rules.status import TROUBLED, Course

_KEY = "verlauf"
_SHOWN = 8
# What the address may ask for instead; None: every round.
_SPANS: Mapping[str, int | None] = {"12": 12, "alle": None}
_TEXT_LIMIT = 110
# More than any concept has; browsers choke on thousands. Longer lists of what is stuck are folded.
_LINES, _STUCK_SHOWN = 400, 8
_TROUBLED = [course for course in Course if course in TROUBLED]


@dataclass(frozen=True)
class _Past:
    """The rounds a page shows, oldest first, and the chosen measures over all rounds until then."""

    publications: Sequence[Publication]
    overviews: Sequence[OverviewPart]
    grid: Rounds
    published: int


def content(view: View) -> list[Component]:
    """Return what stood still and the grid of measures and rounds."""
    past = _past(view)
    still = rounds.standstill(past.grid.lines, past.published)
    return [
        section("Was sich nicht bewegt", _standing(view, past, still), name="stillstand"),
        section("Alle Runden nebeneinander", _rounds(view, past, still), name="runden"),
    ]


def tables(view: View) -> dict[str, Table]:
    shown = rounds.table(_past(view).grid, _KEY)
    return {shown.key: shown}


def _past(view: View) -> _Past:
    reader = view.reader
    known = (view.publication, *reader.past(view.publication))[::-1]
    # An unknown span is the page's own number.
    shown = min(_SPANS.get(view.state.span or "", _SHOWN) or len(known), len(known))
    overviews = reader.overviews(known)
    words = [Words.of(meta["definitions"]) for meta in reader.parts(known, META)]
    lines = rounds.lines(overviews, words, view.chosen, view.overview["fields"], shown=shown)
    labels = tuple(reader.label(publication) for publication in known[-shown:])
    grid_ = Rounds("", labels, lines, ())
    return _Past(known[-shown:], overviews[-shown:], grid_, len(known))


def _standing(view: View, past: _Past, still: Standstill) -> list[Child]:
    if past.published == 1:
        text = "Was stillsteht, zeigt sich ab der zweiten veröffentlichten Runde."
        return [html.P(text, className="reading")]
    if still.total == 0:
        return [html.P("In der Auswahl ist keine Maßnahme, über die berichtet wird.")]
    words, total, threshold = view.words, still.total, still.threshold
    troubled = " oder ".join(words.course[course.value].label for course in _TROUBLED)
    critical = words.course[Course.CRITICAL.value]
    stuck, unchanged, silent = (
        [line.code for line, _ in lines] for lines in (still.stuck, still.unchanged, still.silent)
    )
    entries = (
        (
            mark(critical.icon, critical.code) if stuck else mark("dash"),
            rounds.stuck(len(stuck), total, threshold, troubled=troubled),
            [_stuck(view, still)] if stuck else [],
            rounds.STUCK_RULE,
            stuck,
        ),
        (
            mark("pause") if unchanged else mark("dash"),
            rounds.unchanged(len(unchanged), total, threshold),
            _linked(view, unchanged),
            rounds.UNCHANGED_RULE,
            sorted(unchanged, key=natural_order),
        ),
        (
            mark(words.no_report.icon) if silent else mark("dash"),
            rounds.silent(len(silent), total, threshold),
            _linked(view, silent),
            rounds.SILENT_RULE,
            sorted(silent, key=natural_order),
        ),
    )
    period = view.name
    return [
        html.Ul(
            [
                html.Li(
                    [
                        icon,
                        html.Div(
                            [
                                html.Span(sentence),
                                *measures,
                                explained(
                                    view.meta,
                                    "",
                                    counted=f"{rule} Gezählt: {len(codes)} von {total}.",
                                    codes=codes,
                                    period=period,
                                ),
                            ]
                        ),
                    ]
                )
                for icon, sentence, measures, rule, codes in entries
            ],
            className="exceptions standing",
        )
    ]


def _linked(view: View, codes: Sequence[str]) -> list[Component]:
    if not codes:
        return []
    shown = code_links(sorted(codes, key=natural_order)[:MOST], view.name)
    return [html.Span([*shown, " ", *rest(len(codes), None)], className="codes")]


def _stuck(view: View, still: Standstill) -> Component:
    """Return the measures in trouble, the longest first; many are folded."""
    period, words = view.name, view.words
    values = {measure["code"]: measure["value"] for measure in view.chosen}
    rows = [
        html.Li(
            [
                measure_link(line.code, period, text=shortened(line.display_text, _TEXT_LIMIT)),
                html.Div(
                    [
                        *standing(words, values[line.code]),
                        html.Span(f" · {rounds.no_better_for(count)}", className="muted"),
                    ]
                ),
            ]
        )
        for line, count in still.stuck[:MOST]
    ]
    more = rest(len(still.stuck), None)
    listed = html.Ul([*rows, *([html.Li(more)] if more else [])], className="rows")
    if len(rows) <= _STUCK_SHOWN:
        return listed
    return folded(f"Diese {sentences.measures(len(still.stuck))}", listed)


def _rounds(view: View, past: _Past, still: Standstill) -> list[Child]:
    counts = figures(view.chosen)["distribution"]
    sentence = view.found(counts)
    children: list[Child] = [html.P(sentence, className="reading"), _spans(view, past)]
    lines = past.grid.lines
    if not lines:
        return children
    # For its name and the way to it: the page draws the rows as a grid.
    shown = rounds.table(replace(past.grid, lines=()), _KEY)
    children += [
        *_legend(lines, view.words),
        *([html.P(rounds.cut(_LINES, len(lines)))] if len(lines) > _LINES else []),
        grid.table(
            past.grid.labels,
            _groups(view, lines[:_LINES], still),
            period=view.name,
            caption=shown.title,
        ),
        csv_link(shown, path=view.path, state=view.state),
    ]
    children += [
        html.P(told) for told in _left_out(view, [one.period for one in past.publications])
    ]
    return [*children, *_gone(view, past)]


def _left_out(view: View, periods: Sequence[str]) -> list[str]:
    """Return the sentences about rounds that the table could be expected to have."""
    past = view.reader.past(view.publication)
    known = {publication.period for publication in past}
    late = [
        view.reader.label(publication)
        for publication in reversed(view.reader.publications)
        if publication.as_of < view.publication.as_of and publication.period not in known
    ]
    missing = [label for label in rounds.skipped(periods) if label not in late]
    return [
        *([rounds.without_round(missing)] if missing else []),
        *([rounds.published_later(late, view.label)] if late else []),
    ]


def _spans(view: View, past: _Past) -> Component:
    """Return which rounds are shown and the ways to more of them and to two of them."""
    shown = len(past.publications)
    children: list[Child] = []
    ways: list[tuple[str, str | None]] = []
    if shown > _SHOWN:
        ways.append((f"Nur die letzten {_SHOWN}", None))
    if past.published > 12 != shown:
        ways.append(("Die letzten 12", "12"))
    if past.published > shown:
        ways.append((f"Alle {past.published}", "alle"))
    for text, span in ways:
        address = view.href(view.path, replace(view.state, span=span))
        children += [" ", html.A(text, href=address, className="link"), "."]
    if past.published > 1:
        address = view.href("vergleich", replace(view.state, span=None))
        children += [" ", html.A("Zwei Runden vergleichen", href=address, className="link"), "."]
    which = rounds.rounds_shown(shown, past.published, view.label)
    return html.P([which, html.Span(children, className="no-print")])


def _groups(
    view: View, shown: Sequence[RoundLine], still: Standstill
) -> list[tuple[str, str, Sequence[RoundLine]]]:
    """Return each Handlungsfeld of the selection with its subtotal in words and its lines."""
    stuck = {line.code for line, _ in still.stuck}
    groups: list[tuple[str, str, Sequence[RoundLine]]] = []
    for field in view.overview["fields"]:
        lines = [line for line in shown if line.field == field["name"]]
        if lines:
            measures = [measure for measure in view.chosen if measure["field"] == field["code"]]
            halted = sum(line.code in stuck for line in lines)
            groups.append((field["name"], _subtotal(measures, halted, view.words), lines))
    return groups


def _subtotal(measures: Sequence[OverviewMeasure], stuck: int, words: Words) -> str:
    counts = figures(measures)["distribution"]
    if counts["total"] == 0:
        return "Hierüber wird nicht berichtet."
    parts = [opening(sentences.coverage(counts["reported"], counts["total"]))]
    courses = counts["courses"]
    parts += [
        f"{courses[course.value]} {words.course[course.value].label}"
        for course in reversed(Course)
        if course in TROUBLED and courses[course.value]
    ]
    if stuck:
        parts.append(f"{some(stuck, '', 'eine')} davon ohne Verbesserung")
    return f"{', '.join(parts)}."


def _legend(lines: Sequence[RoundLine], words: Words) -> list[Child]:
    """Return every mark with its word, the special cells beside their meaning; then definitions."""
    entries = [*words.implementation.values(), *words.course.values()]
    kinds = {cell.kind for line in lines for cell in line.cells}
    example = Standing(words.implementation["in_progress"], words.course["on_track"])
    nothing = words.no_report.label
    special = [
        (
            RoundCell(Known.CARRIED, "", "", example, "Runde"),
            f"{nothing}, Stand aus der genannten Runde",
        ),
        (RoundCell(Known.SILENT, "", ""), f"{nothing}, kein früherer Stand"),
        (RoundCell(Known.ABSENT, "", ""), rounds.NOT_YET),
    ]
    items = [html.Li(word(entry)) for entry in entries]
    items += [html.Li([grid.sample(cell), text]) for cell, text in special if cell.kind in kinds]
    meaning = table(
        "Bedeutung der Zeichen",
        ["Zeichen", "Bedeutung"],
        [[word(entry), entry.definition] for entry in [*entries, words.no_report]],
    )
    return [html.Ul(items, className="grid-legend"), folded("Was die Zeichen bedeuten", meaning)]


def _gone(view: View, past: _Past) -> list[Child]:
    """Return the measures that only earlier rounds had, each linked to its last one."""
    codes = rounds.gone(past.overviews)
    if not codes:
        return []
    names = {one.period: view.reader.name(one) for one in past.publications}
    links: list[Child] = []
    for code, period in codes:
        links += [", " if links else "", *code_links([code], names[period])]
    return [html.P(["Nicht mehr im Konzept, aber in früheren Runden: ", *links, "."])]


PAGE = Page(
    path="verlauf",
    title="Verlauf über die Runden",
    nav="Verlauf",
    content=content,
    tables=tables,
    facets=FACETS,
)
