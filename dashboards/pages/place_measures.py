"""The measures of a Handlungsfeld or Ziel as a sitting reads them: Stand, next step, reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import (
    Child,
    dissent_mark,
    hidden,
    lines,
    mark,
    measure_link,
    standing,
    word,
)
from dashboards.components.table import csv_link, table
from dashboards.content import details
from dashboards.content.tables import Table
from dashboards.pages.view import View
from tracker.core.german import day
from tracker.publication.reading.words import Json, Words
from tracker.publication.rules.snapshot_parts import TEXTS

_HEAD = ("Nr.", "Maßnahme", "Stand", "Nächster Schritt", "Begründung")
Texts = Mapping[str, Json]


def texts(view: View) -> Texts:
    """Return what was said about each measure, by code."""
    return {item["code"]: item for item in view.shelf.part(view.publication, TEXTS)["measures"]}


def listed(view: View, measures: Iterable[Json], said: Texts, *, caption: str) -> Component:
    rows = [_row(view, item, said[item["code"]]) for item in measures]
    return table(caption, _HEAD, rows, class_name="sitting")


def download(view: View, shown: Table, text: str = "Tabelle als CSV") -> Component:
    """Return the way to the same measures as CSV."""
    return csv_link(shown, path=view.path, state=view.state, text=text)


def as_table(view: View, measures: Iterable[Json], said: Texts, *, key: str, caption: str) -> Table:
    """Return the measures as a table of texts: what stands on the page, for a spreadsheet."""
    words, since = view.words, view.since
    head = (
        "Nr.",
        "Maßnahme",
        "federführend",
        *((f"Stand {since}",) if since else ()),
        f"Stand {view.overview['round']['label']}",
        "Veränderung",
        "nächster Schritt",
        "bis",
        "Begründung",
    )
    rows = []
    for item in measures:
        told = said[item["code"]]
        rows.append(
            (
                item["code"],
                item["display_text"],
                item["lead"] or words.not_determined,
                *((_before(item, words),) if since else ()),
                _now(item, words),
                words.change[item["change"]].label if item["change"] else None,
                told["report"].get("next_step"),
                day(told["next_step_on"]) if told["next_step_on"] else None,
                _reason(told),
            )
        )
    return Table(key, caption, head, tuple(rows))


def _before(item: Json, words: Words) -> str | None:
    return words.value(item["previous_value"]) if item["reportable"] else None


def _now(item: Json, words: Words) -> str:
    if not item["reportable"]:
        return words.choices["measure_kind"]["reference"]
    if item["value"] is None and item["carried"] is not None:
        carried = item["carried"]
        return f"{words.no_report.label}, zuletzt {words.value(carried)} ({carried['label']})"
    return words.value(item["value"])


def _reason(told: Json) -> str | None:
    reasons = [told["report"].get("reason", "")]
    if told["reviewed_reason"]:
        reasons.append(f"KI: {told['reviewed_reason']}")
    if told["dissent"]:
        reasons.append(f"Abweichende Stellungnahme: {told['dissent']}")
    return " ".join(text for text in reasons if text) or None


def _row(view: View, item: Json, told: Json) -> Sequence[Child]:
    period, words = view.overview["round"]["period"], view.words
    lead = html.Div(f"federführend: {item['lead'] or words.not_determined}", className="muted")
    return [
        measure_link(item["code"], period),
        html.Div([html.Div(item["display_text"]), *([lead] if item["reportable"] else [])]),
        _stand(item, words, period),
        _cell("Nächster Schritt", _next_step(told, view.overview["round"]["as_of"])),
        _cell("Begründung", _why(told)),
    ]


def _stand(item: Json, words: Words, period: str) -> Component:
    if not item["reportable"]:
        kind = words.choices["measure_kind"]["reference"]
        return html.Div(f"{kind}: Hierüber wird nicht berichtet, er zählt nicht mit.")
    told: list[Child] = [html.Div(standing(words, item["value"]))]
    if item["value"] is None and item["carried"] is not None:
        carried = item["carried"]
        told.append(
            html.Div(
                [f"zuletzt {carried['label']}: ", *standing(words, carried)], className="carried"
            )
        )
    if item["change"]:
        told += _moved(item, words)
    if item["dissent"]:
        told.append(dissent_mark(item["code"], period))
    return html.Div(told)


def _moved(item: Json, words: Words) -> list[Child]:
    changed = word(words.change[item["change"]], "plain")
    shown: list[Child] = [html.Div(changed, className="carried")]
    before = item["previous_value"]
    if before is not None and before != item["value"]:
        shown.append(html.Div(["vorher: ", *standing(words, before)], className="carried"))
    return shown


def _cell(label: str, shown: list[Child]) -> Component:
    """Return a cell's content; on a phone, where rows become lists, it names itself."""
    if not shown:
        return html.Span("–", className="sitting__none")
    return html.Div([html.Span(f"{label}: ", className="sitting__label"), *shown])


def _next_step(told: Json, as_of: str) -> list[Child]:
    shown = lines(told["report"].get("next_step", ""))
    due = told["next_step_on"]
    if due:
        late: list[Child] = []
        if details.is_overdue(due, as_of):
            late = [" ", html.Span([mark("clock"), "überfällig"], className="mark")]
        shown.append(html.Div([hidden("Termin "), f"bis {day(due)}", *late]))
    return shown


def _why(told: Json) -> list[Child]:
    shown = lines(told["report"].get("reason", ""))
    if told["reviewed_reason"]:
        reason = [html.Strong("Feststellung des KI: "), *lines(told["reviewed_reason"])]
        shown.append(html.Div(reason))
    if told["dissent"]:
        dissent = [html.Strong("Abweichende Stellungnahme: "), *lines(told["dissent"])]
        shown.append(html.Div(dissent, className="dissent"))
    return shown
