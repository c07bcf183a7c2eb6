"""Lists a sitting works through: what was noticed, what is proposed, what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import (
    Child,
    aria,
    code_links,
    dissent_mark,
    hidden,
    lines,
    mark,
    measure_link,
    standing,
    word,
)
from dashboards.components.explain import QUESTION
from tracker.core.german import opening, shortened
from tracker.publication.reading import overview, sentences
from tracker.publication.reading.decisions import Decision
from tracker.publication.reading.overview import MOVES, Attention
from tracker.publication.reading.words import Words
from tracker.publication.rules.document import AnyMeasure, DistributionRecord, OverviewMeasure
from tracker.reporting.rules.figures import Change

_TEXT_LIMIT = 110


# More than the concept has: a list that nobody reads to its end says so and leads to the rest.
MOST = 60


def rest(count: int, href: str | None) -> list[Child]:
    """Return how many of `count` entries are not shown here, and the way to all; none: nothing."""
    if count <= MOST:
        return []
    told = f"und {count - MOST} weitere"
    return [told] if href is None else [html.A(f"{told} (alle als Liste)", href=href)]


def noticed(
    icon: str, tone: str, sentence: str, more: Sequence[Child] = (), *, count: int
) -> Component:
    """Return one entry of what needs attention: mark, sentence, and the `count` it is about.

    Where there is none it bears no mark that alarms.
    """
    shown = mark(icon, tone) if count else mark("dash")
    return html.Li([shown, html.Div([html.Span(sentence), *more])])


def counted_as_established(measures: Iterable[AnyMeasure], period: str) -> list[Component]:
    """Return the entry that names the measures whose value is not the reported one."""
    codes = overview.established(measures)
    if not codes:
        return []
    links = html.Span(code_links(codes, period), className="codes")
    sentence = sentences.established(len(codes))
    return [noticed("page", "plain", sentence, [" ", links], count=len(codes))]


def attention(
    found: Iterable[tuple[Attention, str]],
    *,
    counts: DistributionRecord,
    among: str,
    period: str,
    further: Sequence[Component] = (),
    further_rules: Sequence[Component] = (),
) -> list[Child]:
    """Return what needs attention, each with the address of its measures, and how it is counted.

    `counts` are of the measures, `among` of what they are all; `further` entries and their rules
    stand below.
    """
    entries, rules = [], []
    for item, href in found:
        links: list[Child] = []
        count, total = len(item.codes), counts["total"]
        of = sentences.of_reported(count, counts["reported"], total, among=among)
        if item.kind == overview.NO_REPORT:
            of = sentences.some_measures(count, total)
        told = f"{opening(of)}: {item.rule}"
        if item.codes:
            more = rest(len(item.codes), href)
            codes = code_links(item.codes[:MOST], period)
            links = [" ", html.Span([*codes, *([" ", *more] if more else [])], className="codes")]
        entries.append(noticed(item.mark.icon, item.mark.code, item.sentence, links, count=count))
        rules.append(rule(told, href if item.codes else None))
    return [
        html.Ul([*entries, *further], className="exceptions"),
        how_counted([*rules, *further_rules]),
    ]


def rule(told: str, href: str | None) -> Component:
    """Return how a sentence comes about, with the way to its measures."""
    if href is None:
        return html.Li([f"{told}."])
    return html.Li([told, " – ", html.A("als Liste", href=href, className="link")])


def how_counted(rules: Sequence[Component]) -> Component:
    return html.Details([html.Summary(QUESTION), html.Ul(rules)], className="folded explain")


def stand(measure: OverviewMeasure, words: Words, period: str, *further: Child) -> list[Child]:
    """Return where a measure stands, an older value, what is `further` known, and the dissent."""
    if not measure["reportable"]:
        return [sentences.not_reported_on(words)]
    shown = standing(words, measure["value"])
    carried = measure["carried"]
    if measure["value"] is None and carried is not None:
        earlier = [f"zuletzt {carried['label']}: ", *standing(words, carried)]
        shown.append(html.Div(earlier, className="carried"))
    shown += further
    if measure["dissent"]:
        shown.append(dissent_mark(measure["code"], period))
    return shown


def proposals(
    found: Iterable[Decision], words: Words, period: str, *, limit: int = _TEXT_LIMIT
) -> Component:
    """Return the Steuerungsvorschläge with their reasons; `limit` cuts the measures' texts."""
    entries = [proposal(item, words, period, limit=limit) for item in found]
    return html.Ul(entries, className="rows decisions")


def proposal(
    item: Decision, words: Words, period: str, *, limit: int = _TEXT_LIMIT, since: str = ""
) -> Component:
    """Return one of them; `since` says since when it is asked for."""
    lead = html.Span(f" · {item.lead}", className="muted")
    reason = [html.Span("Grund: "), *lines(item.reason)] if item.reason else None
    text = shortened(item.display_text, limit)
    return html.Li(
        [
            html.Div(
                [
                    measure_link(item.code, period, text=text),
                    html.Div([*standing(words, item.value), lead], className="move"),
                    *([html.Div(since, className="since")] if since else []),
                    *([dissent_mark(item.code, period)] if item.has_dissent else []),
                ]
            ),
            html.Div(
                [
                    html.Div(lines(item.consequence), className="proposal"),
                    html.Div(reason, className="muted"),
                ]
            ),
        ]
    )


def changed(
    measures: Sequence[OverviewMeasure],
    words: Words,
    period: str,
    *,
    limit: int = _TEXT_LIMIT,
    href: Callable[[str], str] | None = None,
) -> list[Component]:
    """Return what changed, what got worse first and opened; `measures` as in the index.

    `href` returns the address of the list of all measures with a kind of change.
    """
    found: list[Component] = []
    for kind in MOVES:
        entries = [measure for measure in measures if measure["change"] == kind.value]
        if entries:
            opened: dict[str, Any] = {"open": True} if kind is Change.WORSE else {}
            title: list[Child] = [word(words.change[kind.value], "plain"), f" ({len(entries)})"]
            rows = [_moved(measure, words, period, limit) for measure in entries[:MOST]]
            more = rest(len(entries), href(kind.value) if href else None)
            listed = html.Ul([*rows, *([html.Li(more)] if more else [])], className="rows")
            found.append(html.Details([html.Summary(title), listed], className="folded", **opened))
    return found


def move(
    before: Sequence[Child], after: Sequence[Child], *, labels: tuple[str, str]
) -> list[Child]:
    """Return a value before and after: an arrow for the eye, `labels` for the ear."""
    arrow = html.Span("→ ", **aria(hidden="true"))
    now = html.Span([arrow, hidden(labels[1]), *after], className="move__after")
    return [hidden(labels[0]), *before, " ", now]


def _moved(measure: OverviewMeasure, words: Words, period: str, limit: int) -> Component:
    children = move(
        standing(words, measure["previous_value"]),
        standing(words, measure["value"]),
        labels=("vorher ", ", jetzt "),
    )
    if measure["dissent"]:
        children.append(dissent_mark(measure["code"], period))
    text = shortened(measure["display_text"], limit)
    return html.Li(
        [measure_link(measure["code"], period, text=text), html.Div(children, className="move")]
    )
