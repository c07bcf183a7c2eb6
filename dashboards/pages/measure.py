"""Maßnahme: a Steckbrief that reads like a file, from the council's wording to every round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from dashboards.components import milestones
from dashboards.components.basic import Child, measure_path, section
from dashboards.components.bullets import bullets
from dashboards.components.table import csv_link
from dashboards.components.trail import Step, Turn, trail, turns
from dashboards.content import measure_tables
from dashboards.content import sentences_effect as sentences
from dashboards.content.tables import Table
from dashboards.pages import measure_history, measure_sheet, messages
from dashboards.pages.view import Page, View
from dashboards.shelf import Past
from tracker.core.german import shortened
from tracker.core.periods import Period
from tracker.publication.queries.published import Publication
from tracker.publication.reading.words import Json, code_order
from tracker.publication.rules import effect
from tracker.publication.rules.snapshot_parts import GOALS

_CODE = "code"
_LONGEST = 40


def content(view: View) -> list[Component]:
    """Return the measure that the path names, or where else it is to be found."""
    code = view.place[_CODE]
    history = view.shelf.history(code)
    shown = next((past for publication, past in history if publication == view.publication), None)
    if shown is None:
        return [_missing(view, code, history)]
    return [
        *measure_sheet.wording(shown.payload["measure"]),
        _paper(view, code),
        *_sheet(view, shown),
        *(_over_time(view, shown, history) if _is_reportable(shown) else []),
        *measure_sheet.notes(shown.payload["measure"]),
        _turns(view, code),
    ]


def tables(view: View) -> Mapping[str, Table]:
    """Return the measure's tables up to the round shown; none where the round has no measure."""
    if not knows(view):
        return {}
    payloads = _until(view, view.shelf.history(view.place[_CODE]))
    return measure_tables.tables(payloads, view.words)


def heading(view: View) -> str:
    """Return "Maßnahme 3.2", also of one that the round does not have."""
    return f"Maßnahme {shortened(view.place[_CODE], _LONGEST)}"


def knows(view: View) -> bool:
    return any(item["code"] == view.place[_CODE] for item in view.measures)


def way(view: View) -> list[Component]:
    """Return the breadcrumb Konzept › Handlungsfeld › Ziel › Maßnahme."""
    code = view.place[_CODE]
    item = next((item for item in view.measures if item["code"] == code), None)
    if item is None:
        return []
    fields = view.shelf.part(view.publication, GOALS)["fields"]
    field = next(found for found in fields if found["position"] == item["field"])
    goal = next(found for found in field["goals"] if found["number"] == item["goal"])
    place, number = field["position"], goal["number"]
    steps = [
        Step("Handlungsfelder", view.href("felder")),
        Step(f"Handlungsfeld {place}: {field['name']}", view.href(f"feld/{place}")),
        Step(f"Ziel {number}: {goal['title']}", view.href(f"ziel/{number}")),
        Step(f"Maßnahme {code}"),
    ]
    return [trail(steps)]


def _sheet(view: View, shown: Past) -> list[Component]:
    """Return the Steckbrief: where it stands beside who answers for it."""
    measure, words = shown.payload["measure"], shown.words
    answers = html.Div(
        [measure_sheet.responsibility(measure, words), measure_sheet.ziff5(measure, words)]
    )
    if not _is_reportable(shown):
        return [html.P("Querverweis: Über diesen Eintrag wird nicht berichtet."), answers]
    compared = next(item for item in view.measures if item["code"] == measure["code"])
    moved = {key: compared[key] for key in ("previous_value", "change")}
    payload = shown.payload | {"measure": measure | moved}
    return [
        html.Div([measure_sheet.now(payload, words, since=view.since), answers], className="sheet")
    ]


def _paper(view: View, code: str) -> Component:
    """Return the way to this page's paper: the sheet of the measure in the version shown."""
    shown = view.publication
    address = f"/ausgaben/massnahme/{shown.period}/{code}.pdf?fassung={shown.version}"
    text = f"Maßnahmenblatt {code} als PDF"
    return html.P(html.A(text, href=address, className="link"), className="no-print")


def _over_time(
    view: View, shown: Past, history: Sequence[tuple[Publication, Past]]
) -> list[Component]:
    """Return milestones, Kennzahlen, the year's sums, and all rounds side by side."""
    until = _until(view, history)
    plans = [_milestones(view, shown, until), *_indicators(view, shown)]
    return [
        html.Div(plans, className="sheet sheet--even"),
        _effort(view, until),
        section(
            "Alle Runden nebeneinander",
            measure_history.history([past for _, past in history]),
            name="verlauf",
        ),
    ]


def _milestones(view: View, shown: Past, until: Sequence[Json]) -> Component:
    found = measure_tables.milestones(until)
    told: list[Child] = [html.P("Bisher sind keine Meilensteine gemeldet.", className="reading")]
    if found:
        as_of = shown.payload["round"]["as_of"]
        told = [milestones.line(found, as_of=as_of), _csv(view, until, "meilensteine")]
    return section("Meilensteine", told, name="meilensteine")


def _indicators(view: View, shown: Past) -> list[Component]:
    measure = shown.payload["measure"]
    given = [(measure["code"], item) for item in measure["indicators"]]
    if not given:
        return []
    drawn = bullets(given, shown.words, view.publication.period, linked=False)
    return [section("Kennzahlen gegen Ziel", [drawn], name="kennzahlen")]


def _effort(view: View, until: Sequence[Json]) -> Component:
    """Return what was done and spent in the year so far; the rounds stand in the table below."""
    year = Period.parse(view.publication.period).year
    periods = effect.rounds_of_year(
        (item["round"]["period"] for item in until), until=view.publication.period
    )
    lines = [measure_tables.line_of(item) for item in until if item["round"]["period"] in periods]
    told = sentences.effort_of_year(lines, view.words.choices["participant_unit"], year=year)
    shown: list[Child] = [html.P(told, className="reading"), _csv(view, until, "aufwand")]
    return section("Aufwand und Wirkung im Jahr", shown, name="aufwand")


def _csv(view: View, until: Sequence[Json], key: str) -> Component:
    table = measure_tables.tables(until, view.words)[key]
    return csv_link(table, path=view.path, state=view.state)


def _until(view: View, history: Sequence[tuple[Publication, Past]]) -> list[Json]:
    """Return the measure in the rounds up to the one shown, oldest first."""
    end = Period.parse(view.publication.period).end
    known = [past.payload for item, past in history if Period.parse(item.period).end <= end]
    return known[::-1]


def _is_reportable(shown: Past) -> bool:
    return bool(shown.payload["measure"]["reportable"])


def _missing(view: View, code: str, history: Sequence[tuple[Publication, Past]]) -> Component:
    if not history:
        return messages.unknown_measure(code)
    links: list[Child] = []
    for item, _ in history:
        way_on = html.A(item.label, href=measure_path(code, item.period), className="link")
        links += [", ", way_on] if links else [way_on]
    return messages.not_in_round(code, view.publication.label, links)


def _turns(view: View, code: str) -> Component:
    """Return the ways to the measures before and after in the order of the concept."""
    codes = sorted((item["code"] for item in view.measures), key=code_order)
    place = codes.index(code)
    ways = []
    if place:
        before = codes[place - 1]
        ways.append(Turn(f"Vorige Maßnahme: {before}", _to(view, before), back=True))
    if place + 1 < len(codes):
        after = codes[place + 1]
        ways.append(Turn(f"Nächste Maßnahme: {after}", _to(view, after)))
    return turns(ways, label="Weitere Maßnahmen")


def _to(view: View, code: str) -> str:
    return view.href(f"massnahme/{code}")


PAGE = Page(
    path=f"massnahme/<{_CODE}>",
    title="Maßnahme",
    content=content,
    tables=tables,
    heading=heading,
    knows=knows,
    trail=way,
    within="massnahmen",
)
