"""Lists a sitting works through: what was noticed, what is proposed, what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import (
    Child,
    aria,
    dissent_mark,
    hidden,
    lines,
    mark,
    measure_link,
    standing,
    word,
)
from tracker.core.german import shortened
from tracker.publication.reading.decisions import Decision
from tracker.publication.reading.words import Json, Words
from tracker.reporting.rules.figures import Change

_TEXT_LIMIT = 110
_ORDER = (Change.WORSE, Change.BETTER, Change.NEWLY_REPORTED, Change.NO_LONGER_REPORTED)


# More than the concept has: a list that nobody reads to its end says so and leads to the rest.
MOST = 60


def rest(count: int, href: str | None) -> list[Child]:
    """Return how many of `count` entries are not shown here, and the way to all; none: nothing."""
    if count <= MOST:
        return []
    told = f"und {count - MOST} weitere"
    return [told] if href is None else [html.A(f"{told} (alle als Liste)", href=href)]


def noticed(icon: str, tone: str, sentence: str, more: Sequence[Child] = ()) -> Component:
    """Return one entry of what needs attention: mark, sentence, and what it is about."""
    return html.Li([mark(icon, tone), html.Div([html.Span(sentence), *more])])


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
    measures: Sequence[Json],
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
    for kind in _ORDER:
        entries = [item for item in measures if item["change"] == kind.value]
        if entries:
            opened: dict[str, Any] = {"open": True} if kind is Change.WORSE else {}
            title: list[Child] = [word(words.change[kind.value], "plain"), f" ({len(entries)})"]
            rows = [_moved(item, words, period, limit) for item in entries[:MOST]]
            more = rest(len(entries), href(kind.value) if href else None)
            listed = html.Ul([*rows, *([html.Li(more)] if more else [])], className="rows")
            found.append(html.Details([html.Summary(title), listed], className="folded", **opened))
    return found


def _moved(item: Json, words: Words, period: str, limit: int) -> Component:
    after = [
        html.Span("→ ", **aria(hidden="true")),
        hidden(", jetzt "),
        *standing(words, item["value"]),
    ]
    told: list[Child] = [
        hidden("vorher "),
        *standing(words, item["previous_value"]),
        " ",
        html.Span(after, className="move__after"),
        *([dissent_mark(item["code"], period)] if item["dissent"] else []),
    ]
    text = shortened(item["display_text"], limit)
    return html.Li(
        [measure_link(item["code"], period, text=text), html.Div(told, className="move")]
    )
