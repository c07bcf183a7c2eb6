"""Rücklauf by institution, for the KI only: whom to ask, not whom to blame."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, code_links, section
from dashboards.components.table import numbers
from dashboards.pages.returns import FACETS
from dashboards.pages.view import Page, View
from dashboards.selection import Selection, selected
from tracker.publication.reading import returns
from tracker.publication.reading.model_sections import ReturnsRow
from tracker.publication.reading.table import Table

PATH = "ruecklauf-institutionen"
INSTITUTIONS, HISTORY = "ruecklauf-institutionen", "ruecklauf-institutionen-runden"
_SHOWN = 8


def content(view: View) -> list[Component]:
    """Return the chosen round and the last rounds, by institution."""
    rows = returns.of_institutions(view.chosen, view.words)
    intro: list[Component] = [
        html.P(
            "Nur für die koordinierende Stelle: Diese Zahlen je Institution sieht der Ausschuss "
            "nicht. Der Bericht nennt zu Maßnahmen ohne Meldung, wer federführend ist.",
            className="only-for",
        ),
        html.P(returns.asked_institutions(rows), className="reading"),
    ]
    if not rows:
        return intro
    explanation = "Je Runde: eingegangen von erwartet. „–“ heißt: Es wurde keine Meldung erwartet."
    return [
        *intro,
        section(
            f"In {view.label}",
            [
                _missing(view),
                numbers(_table(view, rows), path=view.path, state=view.state, wide=True),
            ],
            name="runde",
        ),
        section(
            "Über die Runden",
            [
                html.P(explanation, className="reading"),
                numbers(_history(view), path=view.path, state=view.state, wide=True),
            ],
            name="runden",
        ),
    ]


def _missing(view: View) -> Component:
    """Return to which measures an expected report did not come in, with their institutions."""
    silent = selected(view.chosen, Selection().with_(meldung="offen"))
    parts: list[Child] = []
    for line in returns.of_institutions(silent, view.words):
        codes = code_links(line.codes, view.name)
        parts += ["; " if parts else "", f"{line.name} (", *codes, ")"]
    if not parts:
        return html.P("Alle erwarteten Meldungen sind eingegangen.", className="reading")
    return html.P(["Nicht eingegangen: ", *parts, "."], className="reading")


def tables(view: View) -> dict[str, Table]:
    """Return the chosen round and the last rounds, by institution."""
    rows = returns.of_institutions(view.chosen, view.words)
    return {INSTITUTIONS: _table(view, rows), HISTORY: _history(view)}


def _table(view: View, rows: Sequence[ReturnsRow]) -> Table:
    labels = returns.labels_of(view.words)
    return returns.table(rows, labels, key=INSTITUTIONS, head="Institution", shares=False)


def _history(view: View) -> Table:
    """Return the last rounds up to the chosen one, the oldest first."""
    shown = (view.publication, *view.reader.past(view.publication))[:_SHOWN][::-1]
    rounds = [
        returns.of_institutions(selected(part["measures"], view.state), view.words)
        for part in view.reader.overviews(shown)
    ]
    return returns.history_table(HISTORY, [view.reader.label(one) for one in shown], rounds)


PAGE = Page(
    path=PATH,
    title="Rücklauf nach Institutionen",
    content=content,
    tables=tables,
    facets=FACETS,
    internal=True,
    within="ruecklauf",
    compares=False,
)
