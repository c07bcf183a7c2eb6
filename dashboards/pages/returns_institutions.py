"""Rücklauf by institution, for the KI only: whom to ask, not whom to blame."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, code_links, section
from dashboards.components.table import numbers
from dashboards.content import returns, sentences_returns
from dashboards.content.selection import Selection, selected
from dashboards.content.tables import Table
from dashboards.pages.returns import FACETS
from dashboards.pages.view import Page, View
from tracker.publication.reading.words import Json
from tracker.publication.rules.institution_returns import InstitutionReturns, by_institution

PATH = "ruecklauf-institutionen"
_SHOWN = 8


def content(view: View) -> list[Component]:
    """Return the chosen round and the last rounds, by institution."""
    found = by_institution(view.chosen)
    expected = sum(item.returns["completeness"]["total"] for item in found)
    told: list[Component] = [
        html.P(
            "Nur für das KI. Der Ausschuss sieht den Rücklauf ohne die Namen der Institutionen.",
            className="only-for",
        ),
        html.P(sentences_returns.institutions(len(found), expected), className="reading"),
    ]
    if not found:
        return told
    here, past = returns.table_of_institutions(found), _history(view)
    return [
        *told,
        section(
            f"In {view.publication.label}",
            [
                *_missing(view, found),
                numbers(here, path=view.path, state=view.state, wide=True),
            ],
            name="runde",
        ),
        section(
            "Über die Runden",
            [
                html.P(
                    "Je Runde: eingegangen von erwartet. „–“ heißt: Es wurde keine Meldung "
                    "erwartet.",
                    className="reading",
                ),
                numbers(past, path=view.path, state=view.state, wide=True),
            ],
            name="runden",
        ),
    ]


def _missing(view: View, found: Sequence[InstitutionReturns]) -> list[Component]:
    """Return to which measures an expected report did not come in, with their institutions."""
    silent = {item["code"] for item in selected(view.chosen, Selection().with_(meldung="offen"))}
    period = view.publication.period
    told: list[Child] = []
    for item in found:
        codes = [code for code in item.codes if code in silent]
        if codes:
            told += ["; " if told else "", f"{item.name} (", *code_links(codes, period), ")"]
    if not told:
        return [html.P("Alle erwarteten Meldungen sind eingegangen.", className="reading")]
    return [html.P(["Nicht eingegangen: ", *told, "."], className="reading")]


def tables(view: View) -> dict[str, Table]:
    """Return the chosen round and the last rounds, by institution."""
    found = (returns.table_of_institutions(by_institution(view.chosen)), _history(view))
    return {item.key: item for item in found}


def _history(view: View) -> Table:
    """Return the last rounds up to the chosen one, the newest first."""
    publications = view.shelf.publications
    until = publications.index(view.publication)
    shown = publications[until : until + _SHOWN]
    rounds = [_by_institution(view, part) for part in view.shelf.overviews(shown)]
    return returns.table_of_history([item.label for item in shown], rounds)


def _by_institution(view: View, overview: Json) -> Sequence[InstitutionReturns]:
    return by_institution(selected(overview["measures"], view.state))


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
