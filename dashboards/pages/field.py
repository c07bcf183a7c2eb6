"""One Handlungsfeld per sitting: all that is said about it on one page, to read and to print."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, section
from dashboards.components.table import csv_link
from dashboards.components.trail import Step, Turn, trail, turns
from dashboards.pages import places
from dashboards.pages.goal import concretisation, wordings
from dashboards.pages.places import Texts
from dashboards.pages.view import Page, View
from tracker.publication.reading.places import DISTRIBUTED, Field, Goal, field_name, numbers_table
from tracker.publication.reading.table import Table

_GOALS = "ziele"


def content(view: View) -> list[Component]:
    """Return the page of one Handlungsfeld in one published round."""
    found = places.fields(view)
    field = _find(view, found)
    if field is None:
        return places.other_places(view, places.FIELD)
    ways = _turns(view, found, field)
    all_ = [item for item in view.measures if item["field"] == field.code]
    told = places.narrowed(view, field.figures["distribution"]["total"], all_)
    if not field.measures:
        return [*told, ways]
    said = places.texts(view)
    shown = _measures(view, field)
    every = "Alle Maßnahmen dieses Handlungsfelds als CSV"
    return [
        *told,
        places.noticed_first(view, field, said),
        places.decisions(view, field),
        places.changes(view, field),
        section("Wo das Handlungsfeld steht", _standing(view, field), name="lage"),
        *(_goal(view, goal, said) for goal in field.goals if goal.measures),
        places.returns(view, field),
        html.Div(
            [
                csv_link(shown, path=view.path, state=view.state, text=every),
                places.meanings(view.words),
            ]
        ),
        ways,
    ]


def tables(view: View) -> dict[str, Table]:
    """Return what can be downloaded: the goals' numbers and the measures."""
    field = _find(view, places.fields(view))
    if field is None:
        return {}
    return {table.key: table for table in (_numbers(view, field), _measures(view, field))}


def _find(view: View, found: tuple[Field, ...]) -> Field | None:
    return next((item for item in found if item.code == view.place["nummer"]), None)


def _standing(view: View, field: Field) -> list[Child]:
    told = places.standing_of(view, field)
    if len(field.goals) == 1:
        return told
    largest = field.figures["distribution"]["total"]
    goals = [
        html.Li(places.headed_bar(view, places.goal_link(view, goal), goal, largest=largest))
        for goal in _goals(field)
    ]
    return [
        *told,
        html.P(DISTRIBUTED, className="reading"),
        html.Ul(goals, className="place__goals"),
        places.numbers(view, "Zahlen je Ziel", _numbers(view, field), _goals(field)),
    ]


def _goal(view: View, goal: Goal, said: Texts) -> Component:
    href = view.href(places.goal_path(goal.code), view.state)
    own_page = html.A(f"{goal.short_name} auf eigener Seite", href=href, className="link")
    caption = f"Maßnahmen zu {goal.short_name}"
    return section(
        goal.short_name,
        [
            *wordings(goal),
            *concretisation(goal),
            html.P(own_page, className="no-print"),
            places.measures(view, goal.measures, said, caption=caption),
        ],
        name=f"ziel-{goal.code}",
    )


def _goals(field: Field) -> list[Goal]:
    return [goal for goal in field.goals if goal.measures]


def _numbers(view: View, field: Field) -> Table:
    return numbers_table(
        _GOALS, f"Umsetzungsstand je Ziel, {field.name}", _goals(field), view.words
    )


def _measures(view: View, field: Field) -> Table:
    return places.measures_table(view, field, f"Maßnahmen, {field.name}")


def _turns(view: View, found: tuple[Field, ...], field: Field) -> Component:
    place = found.index(field)
    ways = []
    for number, text, back in (
        (place - 1, "Voriges Handlungsfeld", True),
        (place + 1, "Nächstes Handlungsfeld", False),
    ):
        if 0 <= number < len(found):
            other = found[number]
            href = view.href(places.field_path(other.code))
            ways.append(Turn(f"{text}: {other.title}", href, back))
    return turns(ways, label="Weitere Handlungsfelder")


def _trail(view: View) -> list[Component]:
    name = _name(view)
    here = Step(field_name(*name) if name else "unbekanntes Handlungsfeld")
    return [trail([places.first_step(view), here])]


def _heading(view: View) -> str:
    name = _name(view)
    if name is None:
        return "Dieses Handlungsfeld gibt es nicht"
    return f"{field_name(*name)} – {view.long_label}"


def _knows(view: View) -> bool:
    return _name(view) is not None


def _name(view: View) -> tuple[str, str] | None:
    """Return number and name of the Handlungsfeld; None where the round does not have it."""
    found = ((item["code"], item["name"]) for item in view.overview["fields"])
    return next((pair for pair in found if str(pair[0]) == view.place["nummer"]), None)


PAGE = Page(
    path=f"{places.FIELD}/<nummer>",
    title="Handlungsfeld",
    content=content,
    tables=tables,
    facets=places.FACETS,
    heading=_heading,
    knows=_knows,
    trail=_trail,
    within="felder",
)
