"""What the pages of Handlungsfelder and Ziele share: bars, facts, measures, what a sitting asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from dash import html
from dash.development.base_component import Component

from dashboards.components import bars
from dashboards.components.basic import (
    Child,
    code_links,
    hidden,
    lines,
    mark,
    measure_link,
    section,
    standing,
    word,
)
from dashboards.components.explain import explained
from dashboards.components.listed import (
    attention,
    changed,
    counted_as_established,
    noticed,
    proposals,
    rule,
    stand,
)
from dashboards.components.table import csv_link, folded, table
from dashboards.components.trail import Step
from dashboards.pages.overview import RETURNED
from dashboards.pages.view import View
from dashboards.selection import NOT_REPORTED, Selection
from tracker.core.german import day, opening
from tracker.publication.reading import overview, places, sentences
from tracker.publication.reading import returns as reading_returns
from tracker.publication.reading.counts import spread
from tracker.publication.reading.decisions import decisions_of, without_proposal
from tracker.publication.reading.notes import legends
from tracker.publication.reading.places import Field, Goal, Place
from tracker.publication.reading.table import Table, written_cells
from tracker.publication.reading.words import Words, lead_of
from tracker.publication.rules.document import OverviewMeasure, TextsMeasure
from tracker.publication.rules.snapshot_parts import GOALS, TEXTS
from tracker.reporting.rules.figures import overdue as overdue_of
from tracker.reporting.rules.status import Implementation

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
_SITTING = ("Nr.", "Maßnahme", "Stand", "Nächster Schritt", "Begründung")
Texts = Mapping[str, TextsMeasure]


def fields(view: View) -> tuple[Field, ...]:
    """Return all Handlungsfelder of the round with the measures that the address selects."""
    decisions = [item["code"] for item in view.overview["decisions"]]
    part = view.reader.part(view.publication, GOALS)
    return places.fields(part, view.chosen, decisions=decisions)


def texts(view: View) -> Texts:
    """Return what was said about each measure, by code."""
    return {item["code"]: item for item in view.reader.part(view.publication, TEXTS)["measures"]}


def scope(view: View, place: Place | None) -> Selection:
    """Return the state that selects just the measures of a place; None: of the whole page."""
    match place:
        case Field():
            return view.state.with_(feld=place.code)
        case Goal():
            return view.state.with_(ziel=place.code)
    return view.state


def field_path(code: str) -> str:
    """Return the path of a Handlungsfeld's page below /dashboards/."""
    return f"{FIELD}/{code}"


def goal_path(code: str) -> str:
    """Return the path of a Ziel's page below /dashboards/."""
    return f"{GOAL}/{code}"


def goal_link(view: View, goal: Goal) -> Component:
    return html.A(
        [html.Span(goal.short_name, className="code"), " ", goal.title],
        href=view.href(goal_path(goal.code), view.state),
        className="measure-link",
    )


def first_step(view: View) -> Step:
    """Return where every breadcrumb begins: the page of all Handlungsfelder."""
    return Step("Handlungsfelder", view.href(FIELDS))


def other_places(view: View, kind: str) -> list[Component]:
    """Return what stands on a page whose Handlungsfeld or Ziel the round does not have."""
    found: list[tuple[str, str]] = []
    for field in fields(view):
        if kind == FIELD:
            found.append((field.name, field_path(field.code)))
        else:
            found += [(goal.name, goal_path(goal.code)) for goal in field.goals]
    links = [html.Li(html.A(name, href=view.href(path), className="link")) for name, path in found]
    which = "Handlungsfeld" if kind == FIELD else "Ziel"
    return [
        html.P(
            f"In {view.label} gibt es kein {which} mit dieser Nummer. "
            "Bitte wählen Sie aus der Liste oder oben eine andere Runde."
        ),
        html.Ul(links, className="plain others"),
    ]


def narrowed(view: View, counted: int, measures: Iterable[OverviewMeasure]) -> list[Component]:
    """Return that only a selection of these measures is shown, where a filter is set."""
    if not view.state.count:
        return []
    total = sum(item["reportable"] for item in measures)
    return [html.P(sentences.selection(counted, total), className="reading")]


# Bars, facts and numbers


def bar(view: View, place: Place, *, largest: int, small: bool = False) -> Component:
    """Return the Umsetzungsstand of a place as a bar on the scale of the longest one."""
    own = scope(view, place)
    counted = spread(place.name, place.figures["distribution"], view.words)
    parts = [
        bars.Part(line.mark, line.count, view.href(LIST, own.with_(stand=_facet(line.mark.code))))
        for line in counted.counts
    ]
    return bars.bar(parts, largest=largest, small=small)


def _facet(code: str) -> str:
    return code if code in set(Implementation) else NOT_REPORTED


def headed_bar(view: View, title: Component, place: Place, *, largest: int) -> list[Component]:
    """Return a place's title and facts above its small bar."""
    return [
        html.Div([html.Div(title), facts(view, place)], className="place__head"),
        bar(view, place, largest=largest, small=True),
    ]


def facts(view: View, place: Place) -> Component:
    """Return the worst Verlauf, the coverage and the arrow of a place, each with its words."""
    counts, words, own = place.figures["distribution"], view.words, scope(view, place)
    entries: list[list[Child]] = []
    worst = place.figures["worst_course"]
    if worst is not None:
        shown: list[Child] = [word(words.course[worst]), f" {counts['courses'][worst]}"]
        href = view.href(LIST, own.with_(verlauf=worst))
        entries.append([hidden("ernstester Verlauf: "), html.A(shown, href=href)])
    entries.append([places.coverage(counts["reported"], counts["total"], place.figures["carried"])])
    for kind, count in places.moves(place):
        href = view.href(LIST, own.with_(aenderung=kind))
        arrow: list[Child] = [word(words.change[kind], "plain"), f" {count}"]
        entries.append([hidden(f"gegenüber {view.since}: "), html.A(arrow, href=href)])
    return html.Ul([html.Li(entry) for entry in entries], className="place-facts")


def basis(view: View, reported: int, total: int) -> str:
    """Return the coverage a chart rests on, with the Stichtag."""
    return sentences.reported(reported, total, as_of=day(view.overview["round"]["as_of"]))


def how(
    view: View,
    place: Place | None,
    key: str,
    *,
    counted: str,
    chosen: Iterable[OverviewMeasure],
    **facet: str | Iterable[str],
) -> Component:
    """Return the explanation of a figure of a place over the measures counted."""
    return explained(
        view.meta,
        key,
        counted=counted,
        codes=[item["code"] for item in chosen],
        period=view.name,
        href=view.href(LIST, scope(view, place).with_(**facet)),
    )


def numbers(view: View, title: str, shown: Table, found: Iterable[Place]) -> Component:
    """Return the numbers folded; on the page goals are named by their number, to leave room."""
    rows = [
        [place.short_name, *row[1:]] for place, row in zip(found, written_cells(shown), strict=True)
    ]
    head = [column.name for column in shown.columns]
    drawn = table(shown.title, head, rows, wide=True, class_name="place-numbers")
    return folded(title, html.Div([drawn, csv_link(shown, path=view.path, state=view.state)]))


def meanings(words: Words) -> Component:
    """Return every mark with its word and definition; on paper it is always printed."""
    rows: list[list[Child]] = []
    for group in (groups := legends(words)):
        # An arrow has no colour of its own.
        tone = "plain" if group is groups[-1] else None
        kind = group.title.split()[0]
        rows += [[word(item, tone), kind, item.definition] for item in group.marks]
    return folded(
        "Zeichen und ihre Bedeutung",
        table("Zeichen", ["Zeichen", "Angabe", "Bedeutung"], rows, class_name="meanings"),
    )


# The measures of a place


def measures(
    view: View, shown: Iterable[OverviewMeasure], said: Texts, *, caption: str
) -> Component:
    """Return measures as a sitting reads them: Stand, next step, reason."""
    rows = [_measure(view, measure, said[measure["code"]]) for measure in shown]
    return table(caption, _SITTING, rows, class_name="sitting")


def measures_table(view: View, place: Place, caption: str) -> Table:
    """Return the measures of a place for a spreadsheet."""
    return places.measures_table(
        caption,
        place.measures,
        texts(view),
        view.words,
        here=view.overview["round"]["label"],
        since=view.since,
    )


def _measure(view: View, measure: OverviewMeasure, said: TextsMeasure) -> Sequence[Child]:
    period, words = view.name, view.words
    lead = html.Div(f"federführend: {lead_of(measure, words)}", className="muted")
    return [
        measure_link(measure["code"], period),
        html.Div([html.Div(measure["display_text"]), *([lead] if measure["reportable"] else [])]),
        html.Div(stand(measure, words, period, *_moved(measure, words))),
        _cell("Nächster Schritt", _next_step(said, view.overview["round"]["as_of"])),
        _cell("Begründung", _why(said)),
    ]


def _moved(measure: OverviewMeasure, words: Words) -> list[Child]:
    if measure["change"] is None:
        return []
    shown: list[Child] = [
        html.Div(word(words.change[measure["change"]], "plain"), className="carried")
    ]
    before = measure["previous_value"]
    if before is not None and before != measure["value"]:
        shown.append(html.Div(["vorher: ", *standing(words, before)], className="carried"))
    return shown


def _cell(label: str, shown: list[Child]) -> Component:
    """Return a cell's content; on a phone, where rows become lists, it names itself."""
    if not shown:
        return html.Span("–", className="sitting__none")
    return html.Div([html.Span(f"{label}: ", className="sitting__label"), *shown])


def _next_step(said: TextsMeasure, as_of: str) -> list[Child]:
    shown = lines(said["report"].get("next_step", ""))
    due = said["next_step_on"]
    if due:
        late: list[Child] = []
        if due < as_of:
            late = [" ", html.Span([mark("clock"), "überfällig"], className="mark")]
        shown.append(html.Div([hidden("Termin "), f"bis {day(due)}", *late]))
    return shown


def _why(said: TextsMeasure) -> list[Child]:
    shown = lines(said["report"].get("reason", ""))
    if said["reviewed_reason"]:
        reason = [html.Strong("Festgestellt nach Prüfung: "), *lines(said["reviewed_reason"])]
        shown.append(html.Div(reason))
    if said["dissent"]:
        dissent = [html.Strong("Abweichende Stellungnahme: "), *lines(said["dissent"])]
        shown.append(html.Div(dissent, className="dissent"))
    return shown


# What a sitting asks


def noticed_first(view: View, place: Place, said: Texts) -> Component:
    """Return what a place's page opens with."""
    own, as_of = scope(view, place), date.fromisoformat(view.overview["round"]["as_of"])
    days = places.next_steps(place, said)
    late = overdue_of(days.values(), as_of=as_of)
    passed = [code for code, on in days.items() if on is not None and on < as_of]
    codes = html.Span(code_links(passed, view.name), className="codes")
    among = sentences.CHOSEN if view.state.count else place.whole
    entries = view.attention(place.measures, place.figures, among=among)
    return section(
        "Das braucht Aufmerksamkeit",
        attention(
            [(entry, view.href(LIST, own.of_kind(entry.kind))) for entry in entries],
            counts=place.figures["distribution"],
            among=among,
            period=view.name,
            further=[
                *counted_as_established(place.measures, view.name),
                noticed(
                    "clock",
                    "plain",
                    places.overdue(late.count, late.total),
                    [codes],
                    count=late.count,
                ),
            ],
            further_rules=[rule(f"{late.count} von {late.total}: {places.OVERDUE_RULE}", None)],
        ),
        name="aufmerksamkeit",
    )


def decisions(view: View, place: Place) -> Component:
    codes = {item["code"] for item in place.measures}
    found = decisions_of(view.overview, view.words, codes=codes)
    without = without_proposal(place.measures, {item.code for item in found})
    told: list[Child] = [html.P(sentences.proposals(len(found), without), className="reading")]
    if found:
        told.append(proposals(found, view.words, view.name))
    more = html.A(
        "Beschlusspunkte mit den früheren",
        href=view.href(DECISIONS, scope(view, place)),
        className="link",
    )
    told.append(html.P(more, className="no-print"))
    return section("Zu entscheiden", told, name="entscheidungen")


def changes(view: View, place: Place) -> Component:
    """Return what changed since the compared round."""
    movements = overview.movements(place.figures, view.words)
    told: list[Child] = [
        html.P(sentences.moved(movements, view.since), className="reading"),
        *changed(place.measures, view.words, view.name),
    ]
    if view.since is not None:
        moved = [item for group in overview.moved(place.measures).values() for item in group]
        of_all = sentences.some_measures(len(moved), place.figures["distribution"]["total"])
        counted = f"{opening(of_all)} gegenüber {view.since}."
        kinds = [kind.value for kind in overview.MOVES]
        told.append(how(view, place, "change", counted=counted, chosen=moved, aenderung=kinds))
    return section("Was sich verändert hat", told, name="veraenderungen")


def standing_of(view: View, place: Place) -> list[Child]:
    """Return the Umsetzungsstand of a place as a bar of its own with facts and explanations."""
    counts = place.figures["distribution"]
    return [
        html.P(basis(view, counts["reported"], counts["total"]), className="reading"),
        facts(view, place),
        bars.legend(view.words),
        bar(view, place, largest=counts["total"]),
        how(
            view,
            place,
            "coverage",
            counted=sentences.covered(counts["reported"], counts["total"]),
            chosen=[item for item in place.measures if item["reportable"] and item["value"]],
            meldung="angenommen",
        ),
    ]


def returns(view: View, place: Place) -> Component:
    """Return the Rücklauf of a place: how many reports came, never whose are missing."""
    whole = reading_returns.row(place.name, place.figures["returns"], view.words)
    own = scope(view, place)
    entries = [
        html.Li(
            html.A(
                f"{ratio.count} von {ratio.total} {text}",
                href=view.href(LIST, own.with_(meldung=value)),
                className="link",
            )
        )
        for ratio, (text, value) in zip(whole.ratios, RETURNED.items(), strict=True)
        if ratio.total
    ]
    told: list[Child] = [
        html.P(" ".join(reading_returns.sentences(whole))),
        html.Ul(entries, className="place-facts"),
        how(
            view,
            place,
            "completeness",
            counted=f"{opening(reading_returns.of_expected(whole))}.",
            chosen=[item for item in place.measures if _has_come(item)],
            meldung="eingegangen",
        ),
    ]
    return section("Rücklauf", told, name="ruecklauf")


def _has_come(measure: OverviewMeasure) -> bool:
    expected = measure["expected"]
    if expected is None or expected["state"] == "waived":
        return False
    return expected["first_submitted_on"] is not None
