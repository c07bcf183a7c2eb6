"""Kennzahlen against their targets: a bar with a tick at the target, the same in words below.

A target's bar fills with the year's sum (the quarter's part darker); a condition is no bar to
fill, it shows on which side of the tick its value lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, aria, mark, measure_link
from tracker.publication.reading.measure import indicator_in_words, state_of
from tracker.publication.reading.words import Words
from tracker.publication.rules.document import IndicatorRecord
from tracker.publication.rules.targets import counted, meets

# Where the tick stands, in hundredths of the track; a quarter of the target more ends it.
_TICK = 80
_WHOLE = 100
_TARGET = "target"


def bullets(
    indicators: Sequence[tuple[str, IndicatorRecord]], words: Words, period: str, *, linked: bool
) -> Component:
    """Return one entry per Kennzahl; `indicators` pairs a measure's code with each of them.

    With `linked` each entry leads to its measure.
    """
    return html.Ul(
        [html.Li(_entry(code, item, words, period, linked)) for code, item in indicators],
        className="bullets",
    )


def place(value: Decimal, target: Decimal) -> int | None:
    """Return where a value lies on the track in hundredths, 0 to 100; None without a scale."""
    if target <= 0:
        return None
    return max(0, min(_WHOLE, round(_TICK * value / target)))


def _entry(
    code: str, item: IndicatorRecord, words: Words, period: str, linked: bool
) -> list[Child]:
    name: list[Child] = [html.Strong(item["name"])]
    if linked:
        name = [measure_link(code, period), " ", *name]
    note = [html.Div(item["note"], className="muted")] if item["note"] else []
    return [
        html.Div(name),
        *_drawn(item),
        html.Div([indicator_in_words(item, words), *_met(item)]),
        *note,
    ]


def _drawn(item: IndicatorRecord) -> list[Component]:
    value, target = counted(item), Decimal(item["target"])
    where = None if value is None else place(value, target)
    if where is None:
        return []
    parts = []
    if item["kind"] == _TARGET:
        parts.append(html.Span(className=f"bullet__sum w{where}"))
        now = None if item["value"] is None else place(Decimal(item["value"]), target)
        if item["per_year"] and now:
            parts.append(html.Span(className=f"bullet__now w{now}"))
    else:
        parts.append(html.Span(className=f"bullet__at w{where}"))
    return [html.Div(parts, className="bullet", **aria(hidden="true"))]


def _met(item: IndicatorRecord) -> list[Child]:
    state = state_of(item)
    if not state:
        return []
    icon = "check" if meets(item) else "circle-empty"
    shown = html.Span([mark(icon), state], className="mark")
    return [" · ", shown]
