"""Ziel: both wordings, the Konkretisierung, its figures and its measures."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, lines, pairs, section
from dashboards.components.table import csv_link
from dashboards.components.trail import Step, Turn, trail, turns
from dashboards.pages import places
from dashboards.pages.view import Page, View
from tracker.core.german import day
from tracker.publication.reading.places import Field, Goal, field_name
from tracker.publication.reading.table import Table
from tracker.publication.reading.words import Words
from tracker.publication.rules.document import ConcretisationRecord, FieldRecord
from tracker.publication.rules.snapshot_parts import GOALS


def content(view: View) -> list[Component]:
    """Return the page of one Ziel in one published round."""
    found = places.fields(view)
    goal = _find(view, found)
    if goal is None:
        return places.other_places(view, places.GOAL)
    all_ = [item for item in view.measures if item["goal"] == goal.code]
    return [
        *wordings(goal),
        *places.narrowed(view, goal.figures["distribution"]["total"], all_),
        *(_now(view, goal) if goal.measures else []),
        section(
            "Konkretisierung aus Sicht der Fachverwaltung",
            _concretised(goal.concretisation, view.words),
            name="konkretisierung",
        ),
        *_notes(goal),
        places.meanings(view.words),
        _turns(view, found, goal),
    ]


def wordings(goal: Goal) -> list[Component]:
    """Return both wordings of a goal, each with where it stands in the resolution."""
    told: list[Component] = []
    for text, source in (
        (goal.title, "Anlage 3 des Ratsbeschlusses (Maßnahmen)"),
        (goal.title_annex2, "Anlage 2 des Ratsbeschlusses (Ziele)"),
    ):
        shown = text or "In dieser Anlage ist kein Wortlaut festgehalten."
        told.append(
            html.Div(
                [
                    html.Blockquote(html.P(shown), className="wording"),
                    html.P(f"Wortlaut nach {source}", className="muted"),
                ],
                className="wordings__one",
            )
        )
    return [html.Div(told, className="wordings")]


def concretisation(goal: Goal) -> list[Component]:
    """Return the Konkretisierung in a few words where there is one, with who wrote it and when."""
    made = goal.concretisation
    if not made["text"]:
        return []
    by = ", ".join(part for part in (made["office"], day(made["on"]) if made["on"] else "") if part)
    told = [html.Strong("Konkretisierung: "), *lines(made["text"]), f" ({by})" if by else ""]
    return [html.P(told)]


def tables(view: View) -> dict[str, Table]:
    """Return what can be downloaded: the measures of the goal."""
    goal = _find(view, places.fields(view))
    return {} if goal is None else {"massnahmen": _table(view, goal)}


def _find(view: View, found: tuple[Field, ...]) -> Goal | None:
    goals = (goal for field in found for goal in field.goals)
    return next((goal for goal in goals if goal.code == view.place["nummer"]), None)


def _notes(goal: Goal) -> list[Component]:
    if not goal.notes:
        return []
    notes = html.Ul([html.Li(note) for note in goal.notes])
    return [section("Redaktionelle Anmerkungen", [notes], name="anmerkungen")]


def _concretised(made: ConcretisationRecord, words: Words) -> list[Child]:
    none = words.not_determined
    return [
        pairs(
            [
                ("Konkretisierung", lines(made["text"]) or none),
                ("Stelle", made["office"] or none),
                ("Datum", day(made["on"]) if made["on"] else none),
            ]
        )
    ]


def _now(view: View, goal: Goal) -> list[Component]:
    said, shown = places.texts(view), _table(view, goal)
    listed = places.measures(view, goal.measures, said, caption=shown.title)
    download = csv_link(shown, path=view.path, state=view.state)
    return [
        places.noticed_first(view, goal, said),
        places.decisions(view, goal),
        places.changes(view, goal),
        section("Wo das Ziel steht", places.standing_of(view, goal), name="lage"),
        section("Maßnahmen", [listed, download], name="massnahmen"),
        places.returns(view, goal),
    ]


def _table(view: View, goal: Goal) -> Table:
    return places.measures_table(view, goal, f"Maßnahmen zu {goal.short_name}")


def _turns(view: View, found: tuple[Field, ...], goal: Goal) -> Component:
    goals = [item for field in found for item in field.goals]
    place = goals.index(goal)
    ways = []
    if place:
        before = goals[place - 1].code
        ways.append(Turn(f"Voriges Ziel: {before}", view.href(places.goal_path(before)), True))
    field = next(field for field in found if field.code == goal.field)
    href = view.href(places.field_path(field.code))
    ways.append(Turn(field.name, href, True))
    if place + 1 < len(goals):
        after = goals[place + 1].code
        ways.append(Turn(f"Nächstes Ziel: {after}", view.href(places.goal_path(after))))
    return turns(ways, label="Weitere Ziele")


def _trail(view: View) -> list[Component]:
    field = _field(view)
    if field is None:
        return [trail([places.first_step(view), Step("unbekanntes Ziel")])]
    code, name = field["code"], field["name"]
    above = Step(field_name(code, name), view.href(places.field_path(code)))
    return [trail([places.first_step(view), above, Step(f"Ziel {view.place['nummer']}")])]


def _heading(view: View) -> str:
    if not _knows(view):
        return "Dieses Ziel gibt es nicht"
    return f"Ziel {view.place['nummer']} – {view.long_label}"


def _knows(view: View) -> bool:
    return _field(view) is not None


def _field(view: View) -> FieldRecord | None:
    """Return the Handlungsfeld of the goal; None where the round does not have the goal."""
    fields = view.reader.part(view.publication, GOALS)["fields"]
    code = view.place["nummer"]
    return next(
        (field for field in fields if any(goal["code"] == code for goal in field["goals"])), None
    )


PAGE = Page(
    path=f"{places.GOAL}/<nummer>",
    title="Ziel",
    content=content,
    tables=tables,
    facets=places.FACETS,
    heading=_heading,
    knows=_knows,
    trail=_trail,
    within="felder",
)
