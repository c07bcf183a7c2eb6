"""Rücklauf: how completely and how timely reports came in, over the rounds and by Handlungsfeld.

No institution is named here: the page is for the committee, which ranks none. What the KI needs
by institution stands on a page of its own (`returns_institutions`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, aria, section
from dashboards.components.chart import chart
from dashboards.components.explain import explained
from dashboards.components.table import csv_link, folded, numbers, table
from dashboards.content import returns, sentences, sentences_returns
from dashboards.content.returns import COUNTED, Returned
from dashboards.content.selection import Selection, selected
from dashboards.content.tables import Table
from dashboards.figures import returns as returns_figure
from dashboards.pages.view import Page, View
from tracker.core.german import day
from tracker.publication.reading.words import Json
from tracker.publication.rules.snapshot_views import figures

PATH = "ruecklauf"
FACETS = ("feld", "ziel", "grundsatz", "kurzfristig", "kompetenz")
_SHOWN = 8
_ALL = "alle"
# What would rank institutions has no effect here, also when an address names it.
_INSTITUTION = "institution"


def content(view: View) -> list[Component]:
    """Return the charts over the rounds and the Handlungsfelder of the chosen round."""
    rounds = _rounds(view)
    return [
        *_notes(view),
        section("Über die Runden", _charts(view, rounds), name="runden"),
        section("Nach Handlungsfeldern", _fields(view), name="handlungsfelder"),
    ]


def tables(view: View) -> dict[str, Table]:
    """Return the numbers over the rounds and by Handlungsfeld."""
    fields = returns.of_fields(view.overview["fields"], _measures(view))
    found = (returns.table_of_rounds(_rounds(view)), returns.table_of_fields(fields))
    return {item.key: item for item in found}


def state_of(view: View) -> Selection:
    """Return the state of the page: the filters without the institution."""
    return view.state.without(_INSTITUTION) if view.state.count else view.state


def _measures(view: View) -> list[Json]:
    return selected(view.measures, state_of(view))


def _rounds(view: View) -> list[Returned]:
    """Return the Rücklauf of the last rounds up to the chosen one, oldest first."""
    publications = view.shelf.publications
    until = publications.index(view.publication)
    count = len(publications) if view.state.span == _ALL else _SHOWN
    shown = publications[until : until + count][::-1]
    state = state_of(view)
    return [returns.of_round(part, state) for part in view.shelf.overviews(shown)]


def _notes(view: View) -> list[Component]:
    told: list[Component] = []
    if view.state.chosen(_INSTITUTION):
        text = (
            "Der Rücklauf wird nicht nach Institutionen gezeigt. Der Filter „Institution“ wirkt "
            "auf dieser Seite nicht."
        )
        told.append(html.P(text, className="reading"))
    if state_of(view).count:
        text = sentences_returns.selected(len(_measures(view)), len(view.measures))
        told.append(html.P(text, className="reading"))
    return told


def _charts(view: View, rounds: Sequence[Returned]) -> list[Child]:
    newest = rounds[-1]
    shared = returns.table_of_rounds(rounds)
    asked = newest.expected + newest.returns["waived"]
    total = figures(_measures(view))["distribution"]["total"]
    basis = sentences_returns.basis(
        expected=newest.expected,
        waived=newest.returns["waived"],
        without_lead=max(0, total - asked),
        as_of=day(view.overview["round"]["as_of"]),
    )
    complete, timely = (newest.returns[key] for key in ("completeness", "timeliness"))
    return [
        html.P(basis, className="reading"),
        html.Div(
            [
                _chart(
                    view,
                    rounds,
                    "completeness",
                    sentences.came_in(complete["count"], complete["total"]),
                ),
                _chart(
                    view,
                    rounds,
                    "timeliness",
                    sentences_returns.in_time(timely["count"], timely["total"]),
                ),
            ],
            className="returns__charts",
        ),
        *_more(view, rounds),
        folded(
            "Alle Zahlen über die Runden",
            numbers(shared, path=view.path, state=view.state, wide=True),
        ),
    ]


def _chart(view: View, rounds: Sequence[Returned], key: str, title: str) -> Component:
    shown = [
        returns_figure.Returned(
            item.label,
            item.returns[key]["count"],
            item.returns[key]["total"],
            item.returns[key]["percent"],
            _list(view, item, key),
        )
        for item in rounds
    ]
    earlier = rounds[-2] if len(rounds) > 1 else None
    ratio = earlier.returns[key] if earlier else {"count": 0, "total": 0}
    return chart(
        title=title,
        sentence=sentences_returns.before(
            earlier.label if earlier else None, ratio["count"], ratio["total"]
        ),
        figure=returns_figure.dots(shown),
        height=returns_figure.height_of_dots(len(shown)),
        table=_explained(view, rounds[-1], key),
    )


def _list(view: View, item: Returned, key: str) -> str:
    """Return the address of the measures that a dot counts."""
    state = replace(state_of(view), round=item.period, compared=None, span=None)
    return view.href("massnahmen", state.with_(meldung=COUNTED[key]))


def _explained(view: View, newest: Returned, key: str) -> Component:
    counts = state_of(view).with_(meldung=COUNTED[key])
    ratio = newest.returns[key]
    codes = [item["code"] for item in selected(view.measures, counts)]
    return explained(
        view.meta,
        key,
        counted=f"{newest.label}: {returns.counted(ratio) or 'keine erwartete Meldung'}.",
        codes=codes,
        period=view.publication.period,
        href=_list(view, newest, key) if codes else None,
    )


def _more(view: View, rounds: Sequence[Returned]) -> list[Component]:
    """Return the way to all rounds, or back to the last ones."""
    until = view.shelf.publications.index(view.publication)
    past = len(view.shelf.publications) - until
    if past <= _SHOWN:
        return []
    span, text = (
        (None, f"Nur die letzten {_SHOWN} Runden zeigen")
        if view.state.span == _ALL
        else (_ALL, f"Alle {past} Runden zeigen (jetzt {len(rounds)})")
    )
    href = view.href(view.path, replace(view.state, span=span))
    return [html.P(html.A(text, href=href, className="link"), className="no-print")]


def _fields(view: View) -> list[Child]:
    found = returns.of_fields(view.overview["fields"], _measures(view))
    asked = [item for _, item in found if item.expected]
    complete = sum(item.returns["completeness"]["count"] == item.expected for item in asked)
    shown = returns.table_of_fields(found)
    rows: list[list[Child]] = [_field(view, field, item) for field, item in found]
    told: list[Child] = [
        html.P(sentences_returns.fields(complete, len(asked)), className="reading")
    ]
    if rows:
        told += [
            table(shown.caption, ["Handlungsfeld", *_HEAD], rows, class_name="returns"),
            csv_link(shown, path=view.path, state=view.state),
        ]
    return told


_NAMES = {"completeness": "eingegangen", "timeliness": "in der Frist"}
_HEAD = (*_NAMES.values(), "befreit")


def _field(view: View, field: Json, item: Returned) -> list[Child]:
    state = state_of(view).with_(feld=str(field["position"]))
    href = view.href(f"feld/{field['position']}", state_of(view).without())
    return [
        html.A(item.label, href=href, className="link"),
        *(_meter(view, item, key, state) for key in ("completeness", "timeliness")),
        html.Span(
            [
                item.returns["waived"] or "–",
                html.Span(" befreit", className="returns__name", **aria(hidden="true")),
            ]
        ),
    ]


def _meter(view: View, item: Returned, key: str, state: Selection) -> Child:
    ratio = item.returns[key]
    text = returns.counted(ratio)
    if text is None:
        return "–"
    counted = state.with_(meldung=COUNTED[key])
    told: Child = text
    if ratio["count"]:
        told = html.A(text, href=view.href("massnahmen", counted), className="link")
    bar = html.Progress(value=str(ratio["count"]), max=str(ratio["total"]), **aria(hidden="true"))
    # On a phone the head of the table gives way to the word in each cell.
    name = html.Span(_NAMES[key], className="returns__name", **aria(hidden="true"))
    return html.Div([bar, told, name], className="returns__meter")


PAGE = Page(
    path=PATH,
    title="Rücklauf",
    nav="Rücklauf",
    content=content,
    tables=tables,
    facets=FACETS,
    charts=True,
    compares=False,
)
