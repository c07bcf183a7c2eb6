"""Wie kommt die Zahl zustande? Formula, n of N, and the measures counted, at every figure."""

from __future__ import annotations

from collections.abc import Iterable

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, code_links
from tracker.core.german import plural
from tracker.publication.rules.document import MetaPart

QUESTION = "Wie kommt die Zahl zustande?"
# Longer lists are read as text; the way to them as a list stands below.
_MOST_LINKS = 12
# More than the concept has; with thousands of measures the list below is what one reads.
_MOST_CODES = 100


def formula(meta: MetaPart, key: str) -> str:
    """Return the formula of a figure in the words of the publication; "" where it has none."""
    found = (item["formula"] for item in meta["definitions"]["figures"] if item["key"] == key)
    return next(found, "")


def explained(
    meta: MetaPart,
    key: str,
    *,
    counted: str,
    codes: Iterable[str],
    period: str,
    href: str | None = None,
) -> Component:
    """Return the explanation of a figure, folded.

    `counted` is "n von N …" in words, `codes` the measures counted, `href` their list.
    """
    listed = tuple(codes)
    parts: list[Child] = [html.P(counted)]
    text = formula(meta, key)
    if text:
        parts.append(html.P(["Rechenweg: ", text, f" (Formelstand {meta['formula_version']})."]))
    if listed:
        linked = len(listed) <= _MOST_LINKS
        shown = code_links(listed, period) if linked else [", ".join(listed[:_MOST_CODES])]
        if len(listed) > _MOST_CODES:
            shown.append(f" und {len(listed) - _MOST_CODES} weitere")
        parts.append(html.P(["Gezählt: ", *shown], className="codes"))
    if href:
        these = plural(len(listed), "Diese Maßnahme", "Diese Maßnahmen")
        parts.append(html.P(html.A(f"{these} als Liste", href=href, className="link")))
    return html.Details([html.Summary(QUESTION), *parts], className="folded explain")
