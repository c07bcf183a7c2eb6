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
from dashboards.figures import returns as returns_figure
from dashboards.pages.view import Page, View
from dashboards.selection import Selection, selected
from tracker.core.german import day
from tracker.publication.reading import returns, sentences
from tracker.publication.reading.model_sections import ReturnsRow
from tracker.publication.reading.model_values import Ratio
from tracker.publication.reading.table import Table
from tracker.publication.rules.document import OverviewMeasure, OverviewPart
from tracker.publication.rules.snapshot_views import figures

PATH = "ruecklauf"
ROUNDS, FIELDS = "ruecklauf-runden", "ruecklauf-handlungsfelder"
FACETS = ("feld", "ziel", "grundsatz", "kurzfristig", "kompetenz")
_SHOWN = 8
_ALL = "alle"
# What would rank institutions has no effect here, also when an address names it.
_INSTITUTION = "institution"
# The values of the filter "Rücklauf" that select what the figures count, and their names here.
_SHOWN_RATIOS = (
    ("completeness", "eingegangen", "eingegangen"),
    ("timeliness", "in_der_frist", "in der Frist"),
)


def content(view: View) -> list[Component]:
    """Return the charts over the rounds and the Handlungsfelder of the chosen round."""
    return [
        *_notes(view),
        section("Über die Runden", _charts(view, _rounds(view)), name="runden"),
        section("Nach Handlungsfeldern", _fields(view), name="handlungsfelder"),
    ]


def tables(view: View) -> dict[str, Table]:
    """Return the numbers over the rounds and by Handlungsfeld."""
    return {
        ROUNDS: _rounds_table(view, _rounds(view)),
        FIELDS: _fields_table(view, _by_field(view)),
    }


def _rounds_table(view: View, rounds: Sequence[ReturnsRow]) -> Table:
    """Return every number of the charts."""
    labels = returns.labels_of(view.words)
    return returns.table(rounds, labels, key=ROUNDS, head="Runde")


def _fields_table(view: View, fields: Sequence[ReturnsRow]) -> Table:
    labels = returns.labels_of(view.words)
    return returns.table(fields, labels, key=FIELDS, head="Handlungsfeld", totals=True)


def state_of(view: View) -> Selection:
    """Return the state of the page: the filters without the institution."""
    return view.state.without(_INSTITUTION) if view.state.count else view.state


def _measures(view: View) -> list[OverviewMeasure]:
    return selected(view.measures, state_of(view))


def _by_field(view: View) -> list[ReturnsRow]:
    return returns.of_fields(view.overview["fields"], _measures(view), view.words)


def _rounds(view: View) -> list[ReturnsRow]:
    """Return the Rücklauf of the last rounds up to the chosen one, oldest first."""
    reader = view.reader
    known = (view.publication, *reader.past(view.publication))
    shown = (known if view.state.span == _ALL else known[:_SHOWN])[::-1]
    return [
        replace(of_round(view, part), name=reader.label(one), key=reader.name(one))
        for one, part in zip(shown, reader.overviews(shown), strict=True)
    ]


def of_round(view: View, overview: OverviewPart) -> ReturnsRow:
    """Return the Rücklauf of a round: as published, or over the measures selected."""
    state, round_ = state_of(view), overview["round"]
    counts = figures(selected(overview["measures"], state)) if state.count else overview["figures"]
    return returns.row(round_["label"], counts["returns"], view.words, key=round_["period"])


def _notes(view: View) -> list[Component]:
    notes: list[Component] = []
    if view.state.chosen(_INSTITUTION):
        text = (
            "Der Rücklauf wird nicht nach Institutionen gezeigt. Der Filter „Institution“ wirkt "
            "auf dieser Seite nicht."
        )
        notes.append(html.P(text, className="reading"))
    if state_of(view).count:
        text = returns.selected(len(_measures(view)), len(view.measures))
        notes.append(html.P(text, className="reading"))
    return notes


def _charts(view: View, rounds: Sequence[ReturnsRow]) -> list[Child]:
    newest = rounds[-1]
    basis = returns.basis(
        newest,
        joined=returns.joined(_measures(view)),
        without=returns.nobody_asked(_measures(view)),
        as_of=day(view.overview["round"]["as_of"]),
    )
    titles = (returns.came_in(newest), returns.in_time(newest))
    return [
        html.P(basis, className="reading"),
        html.Div(
            [
                _chart(view, rounds, key, value, title)
                for (key, value, _), title in zip(_SHOWN_RATIOS, titles, strict=True)
            ],
            className="returns__charts",
        ),
        *_more(view, rounds),
        folded(
            "Alle Zahlen über die Runden",
            numbers(_rounds_table(view, rounds), path=view.path, state=view.state, wide=True),
        ),
    ]


def _ratio(line: ReturnsRow, key: str) -> Ratio:
    return line.completeness if key == "completeness" else line.timeliness


def _chart(view: View, rounds: Sequence[ReturnsRow], key: str, value: str, title: str) -> Component:
    shown = [
        returns_figure.Returned(line.name, ratio.count, ratio.total, _list(view, line, value))
        for line in rounds
        for ratio in (_ratio(line, key),)
    ]
    earlier = rounds[-2] if len(rounds) > 1 else None
    return chart(
        title=title,
        sentence=returns.before(_ratio(earlier, key), earlier.name)
        if earlier
        else sentences.NOT_COMPARABLE,
        figure=returns_figure.dots(shown),
        height=returns_figure.height_of_dots(len(shown)),
        table=_explained(view, rounds[-1], key, value),
    )


def _list(view: View, line: ReturnsRow, value: str) -> str:
    """Return the address of the measures that a dot counts."""
    state = replace(state_of(view), round=line.key, compared=None, span=None)
    return view.href("massnahmen", state.with_(meldung=value))


def _explained(view: View, newest: ReturnsRow, key: str, value: str) -> Component:
    counted = selected(view.measures, state_of(view).with_(meldung=value))
    total = returns.of_total(_ratio(newest, key)) or "keine erwartete Meldung"
    return explained(
        view.meta,
        key,
        counted=f"{newest.name}: {total}.",
        codes=[measure["code"] for measure in counted],
        period=view.name,
        href=_list(view, newest, value) if counted else None,
    )


def _more(view: View, rounds: Sequence[ReturnsRow]) -> list[Component]:
    """Return the way to all rounds, or back to the last ones."""
    past = 1 + len(view.reader.past(view.publication))
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
    fields = _by_field(view)
    sentence = html.P(returns.complete_fields(fields), className="reading")
    if not fields:
        return [sentence]
    shown = _fields_table(view, fields)
    head = ["Handlungsfeld", *(name for _, _, name in _SHOWN_RATIOS), "befreit"]
    rows = [_field(view, line) for line in fields]
    return [
        sentence,
        table(shown.title, head, rows, class_name="returns"),
        csv_link(shown, path=view.path, state=view.state),
    ]


def _field(view: View, line: ReturnsRow) -> list[Child]:
    state = state_of(view).with_(feld=line.key)
    href = view.href(f"feld/{line.key}", state_of(view).without())
    meters = (
        _meter(view, _ratio(line, key), state.with_(meldung=value), name)
        for key, value, name in _SHOWN_RATIOS
    )
    waived = [line.waived or "–", _name_on_phones(" befreit")]
    return [html.A(line.name, href=href, className="link"), *meters, html.Span(waived)]


def _name_on_phones(text: str) -> Component:
    """Return a column's name in each cell: on a phone the head of the table gives way to it."""
    return html.Span(text, className="returns__name", **aria(hidden="true"))


def _meter(view: View, ratio: Ratio, state: Selection, name: str) -> Child:
    text = returns.of_total(ratio)
    if text is None:
        return "–"
    count: Child = text
    if ratio.count:
        count = html.A(text, href=view.href("massnahmen", state), className="link")
    bar = html.Progress(value=str(ratio.count), max=str(ratio.total), **aria(hidden="true"))
    return html.Div([bar, count, _name_on_phones(name)], className="returns__meter")


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
