"""Where a page stands: Konzept › Handlungsfeld › Ziel › Maßnahme, and the ways on beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import aria


class Step(NamedTuple):
    """One place of the hierarchy; `href` is None for the page itself."""

    text: str
    href: str | None = None


class Turn(NamedTuple):
    """A way to the page before or after; `back` points to the one before."""

    text: str
    href: str
    back: bool = False


def trail(steps: Iterable[Step]) -> Component:
    entries = [
        html.Li(
            html.Span(step.text, **aria(current="page"))
            if step.href is None
            else html.A(step.text, href=step.href, className="link")
        )
        for step in steps
    ]
    return html.Nav(html.Ol(entries), className="breadcrumb", **aria(label="Brotkrumen"))


def turns(ways: Iterable[Turn], *, label: str) -> Component:
    """Return links to what comes before and after in the order of the concept."""
    entries = [
        html.Li(
            html.A(
                way.text, href=way.href, className=f"link arrow-{'left' if way.back else 'right'}"
            )
        )
        for way in ways
    ]
    return html.Nav(html.Ul(entries), className="turn", **aria(label=label))
