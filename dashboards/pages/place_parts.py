"""What the pages of Handlungsfelder and Ziele share: facts, bars, explanations, ways on."""

from __future__ import annotations

from collections.abc import Iterable

from dash import html
from dash.development.base_component import Component

from dashboards.components import bars
from dashboards.components.basic import Child, hidden, word
from dashboards.components.explain import QUESTION, explained
from dashboards.components.table import csv_link, folded, table
from dashboards.components.trail import Step
from dashboards.content import places, sentences_fields
from dashboards.content.places import Field, Goal, Place
from dashboards.content.selection import NOT_REPORTED, Selection
from dashboards.content.tables import Table
from dashboards.pages.view import View
from tracker.publication.reading.words import Json, Words
from tracker.publication.rules.snapshot_parts import GOALS
from tracker.reporting.rules.figures import Change
from tracker.reporting.rules.status import Course, Implementation

FIELDS, FIELD, GOAL, LIST, DECISIONS = "felder", "feld", "ziel", "massnahmen", "beschluesse"
# What narrows the measures of a place; the place itself is the page.
FACETS = (
    "stand",
    "verlauf",
    "aenderung",
    "neu",
    "institution",
    "grundsatz",
    "kurzfristig",
    "kompetenz",
    "meldung",
)


def fields(view: View) -> tuple[Field, ...]:
    """Return all Handlungsfelder of the round with the measures that the address selects."""
    decisions = [item["code"] for item in view.overview["decisions"]]
    part = view.shelf.part(view.publication, GOALS)
    return places.fields(part, view.chosen, decisions=decisions)


def scope(view: View, place: Place | None) -> Selection:
    """Return the state that selects just the measures of a place; None: of the whole page."""
    match place:
        case Field():
            return view.state.with_(feld=str(place.position))
        case Goal():
            return view.state.with_(ziel=str(place.number))
    return view.state


def field_path(position: int) -> str:
    """Return the path of a Handlungsfeld's page below /dashboards/."""
    return f"{FIELD}/{position}"


def goal_path(number: int) -> str:
    """Return the path of a Ziel's page below /dashboards/."""
    return f"{GOAL}/{number}"


def field_name(field: Field) -> str:
    """Return "Handlungsfeld 2: Schule"."""
    return named(field.position, field.name)


def named(position: int, name: str) -> str:
    """Return "Handlungsfeld 2: Schule"."""
    return f"Handlungsfeld {position}: {name}"


def goal_name(goal: Goal) -> str:
    """Return "Ziel 4: Erhöhung …"."""
    return f"Ziel {goal.number}: {goal.title}"


def first_step(view: View) -> Step:
    """Return where every breadcrumb begins: the page of all Handlungsfelder."""
    return Step("Handlungsfelder", view.href(FIELDS))


def bar(view: View, place: Place, *, largest: int, small: bool = False) -> Component:
    """Return the Umsetzungsstand of a place as a bar on the scale of the longest one."""
    own = scope(view, place)
    parts = [
        bars.Part(item, count, view.href(LIST, own.with_(stand=_facet(item.code))))
        for item, count in zip(
            bars.implementation_words(view.words),
            bars.implementation_counts(place.figures["distribution"]),
            strict=True,
        )
    ]
    return bars.bar(parts, largest=largest, small=small)


def _facet(code: str) -> str:
    return code if code in set(Implementation) else NOT_REPORTED


def facts(view: View, place: Place) -> Component:
    """Return the worst Verlauf, the coverage and the arrow of a place, each with its words."""
    counts, words, own = place.figures["distribution"], view.words, scope(view, place)
    entries: list[list[Child]] = []
    worst = place.figures["worst_course"]
    if worst is not None:
        shown: list[Child] = [word(words.course[worst]), f" {counts['courses'][worst]}"]
        href = view.href(LIST, own.with_(verlauf=worst))
        entries.append([hidden("ernstester Verlauf: "), html.A(shown, href=href)])
    told = sentences_fields.coverage(counts["reported"], counts["total"], place.figures["carried"])
    entries.append([told])
    for kind, count in places.moves(place):
        href = view.href(LIST, own.with_(aenderung=kind))
        arrow: list[Child] = [word(words.change[kind], "plain"), f" {count}"]
        entries.append([hidden(f"gegenüber {view.since}: "), html.A(arrow, href=href)])
    return html.Ul([html.Li(entry) for entry in entries], className="place-facts")


def how(
    view: View,
    place: Place | None,
    key: str,
    *,
    counted: str,
    chosen: Iterable[Json],
    **facet: str | Iterable[str],
) -> Component:
    """Return the explanation of a figure of a place over the measures counted."""
    return explained(
        view.meta,
        key,
        counted=counted,
        codes=[item["code"] for item in chosen],
        period=view.overview["round"]["period"],
        href=view.href(LIST, scope(view, place).with_(**facet)),
    )


def rules(entries: Iterable[tuple[str, str | None]]) -> Component:
    """Return how the sentences above come about, folded: each rule with its list of measures."""
    items = []
    for told, href in entries:
        way: list[Child] = []
        if href is not None:
            way = [" – ", html.A("als Liste", href=href, className="link")]
        items.append(html.Li([told, *way]))
    return html.Details([html.Summary(QUESTION), html.Ul(items)], className="folded explain")


def counted(key: str, caption: str, found: Iterable[Field | Goal], words: Words) -> Table:
    """Return the numbers of places as a table, one row each."""
    head = (
        "Ziel" if key == "ziele" else "Handlungsfeld, Ziel",
        *(item.label for item in bars.implementation_words(words)),
        "Maßnahmen",
        "gemeldet",
        *(words.course[course.value].label for course in Course),
        *(words.change[kind.value].label for kind in places.MOVES),
    )
    rows = tuple((_name(place), *_numbers(place)) for place in found)
    return Table(key, caption, head, rows, frozenset(range(1, len(head))))


def numbers(view: View, title: str, shown: Table, found: Iterable[Field | Goal]) -> Component:
    """Return that table folded; on the page goals are named by their number, to leave room."""
    rows = [
        [_short(place), *("–" if cell is None else cell for cell in row[1:])]
        for place, row in zip(found, shown.rows, strict=True)
    ]
    drawn = table(shown.caption, shown.head, rows, wide=True, class_name="place-numbers")
    return folded(title, html.Div([drawn, csv_link(shown, path=view.path, state=view.state)]))


def _name(place: Field | Goal) -> str:
    return field_name(place) if isinstance(place, Field) else goal_name(place)


def _short(place: Field | Goal) -> str:
    if isinstance(place, Field):
        return f"{place.position} {place.name}"
    return f"Ziel {place.number}"


def _numbers(place: Field | Goal) -> tuple[int | None, ...]:
    counts, changes = place.figures["distribution"], place.figures["changes"]
    compared = any(changes.values())
    return (
        *bars.implementation_counts(counts),
        counts["total"],
        counts["reported"],
        *(counts["courses"][course.value] for course in Course),
        *(changes[kind.value] if compared else None for kind in places.MOVES),
    )


def meanings(words: Words) -> Component:
    """Return every mark with its word and definition; on paper it is always printed."""
    named = (
        ("Umsetzungsstand", bars.implementation_words(words)),
        ("Verlauf", [words.course[course.value] for course in Course]),
        ("Veränderung", [words.change[kind.value] for kind in Change]),
    )
    rows: list[list[Child]] = [
        [word(item, None if title != "Veränderung" else "plain"), title, item.definition]
        for title, entries in named
        for item in entries
    ]
    return folded(
        "Zeichen und ihre Bedeutung",
        table("Zeichen", ["Zeichen", "Angabe", "Bedeutung"], rows, class_name="meanings"),
    )


def other_places(view: View, kind: str) -> list[Component]:
    """Return what stands on a page whose Handlungsfeld or Ziel the round does not have."""
    if kind == FIELD:
        text = f"In {view.publication.label} gibt es kein Handlungsfeld mit dieser Nummer. "
        links = [
            html.A(field_name(item), href=view.href(field_path(item.position)), className="link")
            for item in fields(view)
        ]
    else:
        text = f"In {view.publication.label} gibt es kein Ziel mit dieser Nummer. "
        links = [
            html.A(goal_name(goal), href=view.href(goal_path(goal.number)), className="link")
            for item in fields(view)
            for goal in item.goals
        ]
    return [
        html.P(f"{text}Bitte wählen Sie aus der Liste oder oben eine andere Runde."),
        html.Ul([html.Li(link) for link in links], className="plain others"),
    ]
