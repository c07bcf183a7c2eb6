"""One Handlungsfeld per sitting: all that is said about it on one page, to read and to print."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, section
from dashboards.components.trail import Step, Turn, trail, turns
from dashboards.content import sentences_fields
from dashboards.content.places import Field, Goal
from dashboards.content.tables import Table
from dashboards.pages import place_measures, place_sitting
from dashboards.pages import place_parts as parts
from dashboards.pages.goal import concretisation, wordings
from dashboards.pages.place_measures import Texts
from dashboards.pages.view import Page, View

_GOALS, _MEASURES = "ziele", "massnahmen"


def content(view: View) -> list[Component]:
    """Return the page of one Handlungsfeld in one published round."""
    found = parts.fields(view)
    field = _find(view, found)
    if field is None:
        return parts.other_places(view, parts.FIELD)
    ways = _turns(view, found, field)
    all_ = sum(item["field"] == field.position for item in view.measures)
    told = place_sitting.narrowed(view, field, all_)
    if not field.measures:
        return [*told, ways]
    said = place_measures.texts(view)
    return [
        *told,
        place_sitting.attention(view, field, said),
        place_sitting.decisions(view, field),
        place_sitting.changes(view, field),
        section("Wo das Handlungsfeld steht", _standing(view, field), name="lage"),
        *(_goal(view, goal, said) for goal in field.goals if goal.measures),
        place_sitting.returns(view, field),
        html.Div(
            [
                place_measures.download(
                    view, _measures(view, field), "Alle Maßnahmen dieses Handlungsfelds als CSV"
                ),
                parts.meanings(view.words),
            ]
        ),
        ways,
    ]


def tables(view: View) -> dict[str, Table]:
    """Return what can be downloaded: the goals' numbers and the measures."""
    field = _find(view, parts.fields(view))
    if field is None:
        return {}
    return {_GOALS: _numbers(view, field), _MEASURES: _measures(view, field)}


def _find(view: View, found: tuple[Field, ...]) -> Field | None:
    return next((item for item in found if str(item.position) == view.place["nummer"]), None)


def _standing(view: View, field: Field) -> list[Child]:
    told = place_sitting.standing(view, field)
    if len(field.goals) == 1:
        return told
    largest = place_sitting.counts_of(field)
    goals = [
        html.Li(
            [
                html.Div(
                    [html.Div(_goal_link(view, goal)), parts.facts(view, goal)],
                    className="place__head",
                ),
                parts.bar(view, goal, largest=largest, small=True),
            ]
        )
        for goal in field.goals
        if goal.measures
    ]
    return [
        *told,
        html.P(sentences_fields.distributed(), className="reading"),
        html.Ul(goals, className="place__goals"),
        parts.numbers(view, "Zahlen je Ziel", _numbers(view, field), _rows(field)),
    ]


def _goal(view: View, goal: Goal, said: Texts) -> Component:
    return section(
        f"Ziel {goal.number}",
        [
            *wordings(goal),
            *concretisation(goal),
            html.P(
                html.A(
                    f"Ziel {goal.number} auf eigener Seite",
                    href=_goal_href(view, goal),
                    className="link",
                ),
                className="no-print",
            ),
            place_measures.listed(
                view, goal.measures, said, caption=f"Maßnahmen zu Ziel {goal.number}"
            ),
        ],
        name=f"ziel-{goal.number}",
    )


def _goal_link(view: View, goal: Goal) -> Component:
    return html.A(
        [html.Span(f"Ziel {goal.number}", className="code"), " ", goal.title],
        href=_goal_href(view, goal),
        className="measure-link",
    )


def _goal_href(view: View, goal: Goal) -> str:
    return view.href(parts.goal_path(goal.number), view.state)


def _numbers(view: View, field: Field) -> Table:
    caption = f"Umsetzungsstand je Ziel, {parts.field_name(field)}"
    return parts.counted(_GOALS, caption, _rows(field), view.words)


def _rows(field: Field) -> list[Goal]:
    return [goal for goal in field.goals if goal.measures]


def _measures(view: View, field: Field) -> Table:
    return place_measures.as_table(
        view,
        field.measures,
        place_measures.texts(view),
        key=_MEASURES,
        caption=f"Maßnahmen, {parts.field_name(field)}",
    )


def _turns(view: View, found: tuple[Field, ...], field: Field) -> Component:
    place = found.index(field)
    ways = []
    for number, text, back in (
        (place - 1, "Voriges Handlungsfeld", True),
        (place + 1, "Nächstes Handlungsfeld", False),
    ):
        if 0 <= number < len(found):
            other = found[number]
            href = view.href(parts.field_path(other.position))
            ways.append(Turn(f"{text}: {other.name}", href, back))
    return turns(ways, label="Weitere Handlungsfelder")


def _trail(view: View) -> list[Component]:
    name = _name(view)
    here = Step(parts.named(*name) if name else "unbekanntes Handlungsfeld")
    return [trail([parts.first_step(view), here])]


def _heading(view: View) -> str:
    name = _name(view)
    if name is None:
        return "Dieses Handlungsfeld gibt es nicht"
    return f"{parts.named(*name)} – {view.overview['round']['long_label']}"


def _knows(view: View) -> bool:
    return _name(view) is not None


def _name(view: View) -> tuple[int, str] | None:
    """Return number and name of the Handlungsfeld; None where the round does not have it."""
    found = ((item["position"], item["name"]) for item in view.overview["fields"])
    return next((pair for pair in found if str(pair[0]) == view.place["nummer"]), None)


PAGE = Page(
    path=f"{parts.FIELD}/<nummer>",
    title="Handlungsfeld",
    content=content,
    tables=tables,
    facets=parts.FACETS,
    heading=_heading,
    knows=_knows,
    trail=_trail,
    within="felder",
)
