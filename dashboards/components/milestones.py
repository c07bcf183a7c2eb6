"""Meilensteine on a line of days: done filled, open empty, days given up struck through."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, aria, hidden, mark
from tracker.core.german import day
from tracker.publication.reading.measure import OVERDUE, milestone_in_words
from tracker.publication.rules.milestones import Milestone


def line(milestones: Sequence[Milestone], *, as_of: str) -> Component:
    """Return the line, in the order given; the Stichtag stands where it falls."""
    entries: list[Component] = []
    after = [item for item in milestones if item.day is None or item.day > as_of]
    for item in milestones:
        if after and item is after[0]:
            entries.append(_today(as_of))
        entries.append(_stop(item, as_of))
    if not after:
        entries.append(_today(as_of))
    return html.Ol(entries, className="line", **aria(label="Meilensteine nach Tagen"))


def _today(as_of: str) -> Component:
    return html.Li(f"Stichtag {day(as_of)}", className="line__today")


def _stop(item: Milestone, as_of: str) -> Component:
    icon, state = _state(item, as_of)
    told: list[Child] = [html.Strong(item.title), html.Div([state, *_moved(item)])]
    return html.Li([mark(icon), html.Div(told)], className="line__stop")


def _state(item: Milestone, as_of: str) -> tuple[str, str]:
    when = milestone_in_words(item.due_on, item.done_on)
    if item.done_on:
        return "circle-full", when
    if item.gone:
        return "dash", f"zuletzt {when}, seither nicht mehr genannt"
    if item.is_overdue(as_of):
        return "clock", f"{when}, {OVERDUE}"
    return "circle-empty", when


def _moved(item: Milestone) -> list[Child]:
    """Return the days it was planned for before, struck through and said to be so."""
    if not item.earlier:
        return []
    moved: list[Child] = [hidden("; verschoben")]
    for given_up in item.earlier:
        moved += [" ", html.Del(day(given_up))]
    return moved
