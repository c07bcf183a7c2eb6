"""Maßnahme: a Steckbrief that reads like a file, from the council's wording to every round."""

# long-file: one page, whose head and columns of rounds print the same sheet
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from dashboards.components import milestones
from dashboards.components.basic import (
    Child,
    Children,
    aria,
    lines,
    mark,
    measure_path,
    pairs,
    section,
    standing,
    word,
)
from dashboards.components.bullets import bullets
from dashboards.components.table import csv_link
from dashboards.components.trail import Step, Turn, trail, turns
from dashboards.pages import messages
from dashboards.pages.view import Page, View
from dashboards.snapshot_reader import Past
from dashboards.theme import NO_REPORT
from tracker.concept.web.current import in_concept
from tracker.core.german import UNKNOWN, day, ended, shortened
from tracker.core.periods import Period
from tracker.publication.queries.published import Publication
from tracker.publication.reading import measure as reading
from tracker.publication.reading import measure_tables
from tracker.publication.reading import sentences_effect as sentences
from tracker.publication.reading.measure import KENNZAHL, MILESTONE, OVERDUE, MeasureSheet
from tracker.publication.reading.model_values import Entry
from tracker.publication.reading.table import Table
from tracker.publication.reading.words import Words, written
from tracker.publication.rules import effect
from tracker.publication.rules.document import MeasurePart, MeasureRecord
from tracker.publication.rules.snapshot_parts import GOALS, effect_line

_CODE = "code"
_LONGEST = 40
_SOURCE = "Wortlaut nach Anlage 3 des Ratsbeschlusses (dort: Maßnahmevorschlag)."
# What a reader asks first: why, what is proposed, what was achieved.
_FIRST = ("reason", "consequence", "achieved")


@dataclass(frozen=True)
class _Round:
    """A measure in one published round, and what its sheet says."""

    past: Past
    sheet: MeasureSheet

    @property
    def measure(self) -> MeasureRecord:
        return self.past.payload["measure"]

    @classmethod
    def of(cls, past: Past) -> _Round:
        return cls(past, reading.sheet_of(past.payload, past.words))


def content(view: View) -> list[Component]:
    """Return the measure that the path names, or where else it is to be found."""
    code = view.place[_CODE]
    history = _rounds_of(view)
    past = next((past for publication, past in history if publication == view.publication), None)
    if past is None:
        return [_missing(view, code, history)]
    compared = next(item for item in view.measures if item["code"] == code)
    measure = past.payload["measure"] | {
        "previous_value": compared["previous_value"],
        "change": compared["change"],
    }
    shown = _Round.of(replace(past, payload=past.payload | {"measure": measure}))
    return [
        *_wording(shown.sheet),
        _paper(view, code),
        *_sheet(view, shown),
        *(_over_time(view, shown, history) if shown.sheet.reportable else []),
        *_notes(shown.sheet),
        _turns(view, code),
    ]


def tables(view: View) -> Mapping[str, Table]:
    """Return the measure's tables up to the round shown; none where the round has no measure."""
    if not knows(view):
        return {}
    until = _until(view, _rounds_of(view))
    made = (
        measure_tables.effort_by_round(until, view.words),
        measure_tables.indicators_by_round(until, view.words),
        measure_tables.milestones_table(until),
    )
    return {table.key: table for table in made}


def _rounds_of(view: View) -> list[tuple[Publication, Past]]:
    """Return the measure that the path names in every round that has it, oldest first.

    Where the round shown has none of that code, it is the one that last had it.
    """
    code, reader = view.place[_CODE], view.reader
    shown = (measure for measure in view.measures if measure["code"] == code)
    measure = next(shown, None) or next(
        (
            measure
            for overview in reader.overviews(reader.publications)
            for measure in overview["measures"]
            if measure["code"] == code
        ),
        None,
    )
    return [] if measure is None else reader.history(measure["key"], view.publication)[::-1]


def heading(view: View) -> str:
    """Return "Maßnahme 3.2", also of one that the round does not have."""
    return f"Maßnahme {shortened(view.place[_CODE], _LONGEST)}"


def knows(view: View) -> bool:
    return any(measure["code"] == view.place[_CODE] for measure in view.measures)


def way(view: View) -> list[Component]:
    """Return the breadcrumb Konzept › Handlungsfeld › Ziel › Maßnahme."""
    code = view.place[_CODE]
    measure = next((measure for measure in view.measures if measure["code"] == code), None)
    if measure is None:
        return []
    fields = view.reader.part(view.publication, GOALS)["fields"]
    field = next(field for field in fields if field["code"] == measure["field"])
    goal = next(goal for goal in field["goals"] if goal["code"] == measure["goal"])
    place, number = field["code"], goal["code"]
    steps = [
        Step("Handlungsfelder", view.href("felder")),
        Step(f"Handlungsfeld {place}: {field['name']}", view.href(f"feld/{place}")),
        Step(f"Ziel {number}: {goal['title']}", view.href(f"ziel/{number}")),
        Step(f"Maßnahme {code}"),
    ]
    return [trail(steps)]


def _wording(sheet: MeasureSheet) -> list[Component]:
    """Return the wording of the council, its source, and a corrected text where there is one."""
    shown: list[Component] = [
        html.Blockquote(html.P(sheet.text), className="wording"),
        html.P(_SOURCE, className="muted"),
    ]
    if sheet.display_text != sheet.text:
        shown.append(html.P([html.Strong("Lesefassung: "), sheet.display_text]))
    return shown


def _sheet(view: View, shown: _Round) -> list[Component]:
    """Return the Steckbrief: where it stands beside who answers for it."""
    sheet, named = shown.sheet, shown.past.words.choices["responsibility"]
    partners: Child = html.Ul([html.Li(name) for name in sheet.partners], className="plain")
    responsible = pairs(
        [
            (named["lead"], sheet.lead),
            (named["partner"], partners if sheet.partners else shown.past.words.not_determined),
        ]
    )
    answers = html.Div(
        [
            section("Zuständigkeit", [responsible], name="zustaendig"),
            section(
                "Ziffer 5 des Ratsbeschlusses",
                [pairs((entry.label, _noted(entry)) for entry in sheet.ziff5)],
                name="ziffer5",
            ),
        ]
    )
    if not sheet.reportable:
        return [html.P("Querverweis: Über diesen Eintrag wird nicht berichtet."), answers]
    return [
        html.Div([_now(shown, label=view.long_label, since=view.since), answers], className="sheet")
    ]


def _noted(entry: Entry) -> list[Child]:
    """Return a value with what stands beside it on a line of its own."""
    text = lines(str(entry.value))
    return [*text, html.Div(entry.note)] if entry.note else text


def _now(shown: _Round, *, label: str, since: str | None) -> Component:
    """Return what stands in the chosen round: value, change, self-report and dissent."""
    measure, words = shown.measure, shown.past.words
    content: list[Child] = [html.P(standing(words, measure["value"]), className="standing")]
    carried = measure["carried"]
    if measure["value"] is None and carried is not None:
        text = [f"Zuletzt bekannt aus {carried['label']}: ", *standing(words, carried)]
        content.append(html.P(text, className="carried"))
    if since is not None and (moved := change(measure, words, since=since)):
        content.append(html.P(moved))
    content += _disagreement(shown)
    texts = {part.key: (part.label, lines(part.text)) for part in shown.sheet.texts}
    entries = [texts[key] for key in _FIRST if key in texts]
    if step := _next_step(shown):
        entries.append((words.field("next_step"), step))
    if entries:
        content.append(pairs(entries))
    content.append(html.P(ended(f"Meldung: {_reported(shown)}"), className="muted"))
    return section(f"Stand: {label}", content, name="jetzt")


def change(measure: MeasureRecord, words: Words, *, since: str) -> list[Child]:
    """Return what changed since an earlier round; silence in both is never called a standstill."""
    kind = measure["change"]
    if kind is None:
        return []
    if measure["value"] is None and measure["previous_value"] is None:
        return [mark(words.no_report.icon), " weiterhin keine Meldung"]
    return [word(words.change[kind], "plain"), f" gegenüber {since}"]


def _disagreement(shown: _Round) -> list[Child]:
    """Return the self-report where the KI set another value, its reason, and the dissent."""
    content: list[Child] = []
    if shown.measure["reviewed"] is not None:
        own = standing(shown.past.words, shown.measure["self_report"])
        content.append(
            pairs(
                [
                    ("Selbsteinschätzung der Institution", own),
                    ("Begründung der Stelle", lines(shown.sheet.review_reason)),
                ],
                class_name="pairs pairs--aside",
            )
        )
    if shown.sheet.dissent:
        label = html.Strong("Abweichende Stellungnahme der Institution: ")
        content.append(html.Div([label, *lines(shown.sheet.dissent)], className="dissent"))
    return content


def _reported(shown: _Round) -> str:
    """Return who reported, when, and how."""
    expected, how = shown.measure["expected"], reading.how_reported(shown.measure, shown.past.words)
    return how if expected is None else f"{expected['institution']['name']}: {how}"


def _next_step(shown: _Round) -> list[Child]:
    sheet = shown.sheet
    if not (sheet.next_step or sheet.next_step_on):
        return []
    until = f" (bis {day(sheet.next_step_on)})" if sheet.next_step_on else ""
    return [*lines(sheet.next_step), until, *(_overdue() if sheet.is_step_overdue else [])]


def _overdue() -> list[Child]:
    """Return the mark and word for a day that has passed; the triangle says "gefährdet"."""
    return [" ", html.Span([mark("clock"), OVERDUE], className="mark")]


def _notes(sheet: MeasureSheet) -> list[Component]:
    if not sheet.notes:
        return []
    listed = html.Ul([html.Li(note) for note in sheet.notes])
    return [section("Redaktionelle Anmerkungen", [listed], name="anmerkungen")]


def _paper(view: View, code: str) -> Component:
    """Return the way to this page's paper: the sheet of the measure in the version shown."""
    shown = view.publication
    name = f"{quote(code, safe='')}.pdf?fassung={shown.version}"
    address = in_concept(f"/ausgaben/massnahme/{shown.period}/{name}")
    text = f"Maßnahmenblatt {code} als PDF"
    return html.P(html.A(text, href=address, className="link"), className="no-print")


def _over_time(
    view: View, shown: _Round, history: Sequence[tuple[Publication, Past]]
) -> list[Component]:
    """Return milestones, Kennzahlen, the year's sums, and all rounds side by side."""
    until = _until(view, history)
    plans = [_milestones(view, shown, until), *_indicators(view, shown)]
    rounds = [_Round.of(past) for _, past in history]
    return [
        html.Div(plans, className="sheet sheet--even"),
        _effort(view, until),
        section("Alle Runden nebeneinander", _history(rounds), name="verlauf"),
    ]


def _milestones(view: View, shown: _Round, until: Sequence[MeasurePart]) -> Component:
    known = reading.milestones(until)
    content: list[Child] = [html.P("Bisher sind keine Meilensteine gemeldet.", className="reading")]
    if known:
        as_of = shown.past.payload["round"]["as_of"]
        link = _csv(view, measure_tables.milestones_table(until))
        content = [milestones.line(known, as_of=as_of), link]
    return section("Meilensteine", content, name="meilensteine")


def _indicators(view: View, shown: _Round) -> list[Component]:
    indicators = [(shown.sheet.code, indicator) for indicator in shown.measure["indicators"]]
    if not indicators:
        return []
    drawn = bullets(indicators, shown.past.words, view.name, linked=False)
    return [section("Kennzahlen gegen Ziel", [drawn], name="kennzahlen")]


def _effort(view: View, until: Sequence[MeasurePart]) -> Component:
    """Return what was done and spent in the year so far; the rounds stand in the table below."""
    year = Period.parse(view.publication.period).year
    periods = effect.rounds_of_year(
        (part["round"]["period"] for part in until), until=view.publication.period
    )
    of_year = [
        effect_line(part["measure"], part["round"]["start"])
        for part in until
        if part["round"]["period"] in periods
    ]
    sentence = sentences.effort_of_year(of_year, view.words, year=year)
    link = _csv(view, measure_tables.effort_by_round(until, view.words))
    shown: list[Child] = [html.P(sentence, className="reading"), link]
    return section("Aufwand und Wirkung im Jahr", shown, name="aufwand")


def _csv(view: View, made: Table) -> Component:
    return csv_link(made, path=view.path, state=view.state)


def _until(view: View, history: Sequence[tuple[Publication, Past]]) -> list[MeasurePart]:
    """Return the measure in the round shown and those it looks back at, oldest first."""
    until = {view.publication, *view.reader.past(view.publication)}
    return [past.payload for publication, past in history if publication in until]


def _history(rounds: Sequence[_Round]) -> list[Child]:
    """Return the strip over time and the table."""
    content: list[Child] = [_strip(rounds)]
    if len(rounds) == 1:
        text = "Bisher ist nur diese eine Runde veröffentlicht. Weitere kommen hier hinzu."
        content.append(html.P(text, className="muted"))
    return [*content, _history_table(rounds)]


def _strip(rounds: Sequence[_Round]) -> Component:
    """Return one cell per round: mark and word, tint, round."""
    text = "; ".join(f"{round_.past.label}: {_in_words(round_)}" for round_ in rounds)
    return html.Div(
        [_strip_cell(round_) for round_ in rounds],
        className="strip",
        role="img",
        **aria(label=f"Stand in jeder Runde. {text}"),
    )


def _in_words(round_: _Round) -> str:
    measure, words = round_.measure, round_.past.words
    if measure["value"] is None and measure["carried"] is not None:
        return (
            f"{words.no_report.label}, zuletzt {words.value(measure['carried'])} "
            f"({measure['carried']['label']})"
        )
    return words.value(measure["value"])


def _strip_cell(round_: _Round) -> Component:
    measure, words = round_.measure, round_.past.words
    value, carried = measure["value"], measure["carried"] if not measure["value"] else None
    known = value or carried
    tone = known["implementation"] if known else NO_REPORT
    origin: Children = ""
    if carried is not None:
        origin = [f"zuletzt {carried['label']}: ", *standing(words, carried)]
    return html.Div(
        [
            html.Div(standing(words, value), className="strip__marks"),
            html.Div(round_.past.label, className="strip__round"),
            html.Div(origin, className="strip__origin"),
        ],
        className=f"strip__cell tint-{tone}{' strip__cell--carried' if carried else ''}",
    )


def _history_table(rounds: Sequence[_Round]) -> Component:
    """Return one column per round; rows of which no round says anything are left out."""
    stand = [(name, [cell(round_) for round_ in rounds]) for name, cell in _STAND]
    bodies = []
    for title, group in (
        ("Stand", stand),
        ("Bericht", _texts(rounds)),
        ("Mittel und Wirkung", _figures(rounds)),
    ):
        rows = [_row(name, cells, rounds) for name, cells in group if any(cells)]
        if rows:
            head = html.Th(title, colSpan=len(rounds) + 1, scope="rowgroup", className="group")
            bodies.append(html.Tbody([html.Tr(head), *rows]))
    heads = [html.Th(title, scope="col") for title in ("Angabe", *(r.past.label for r in rounds))]
    table = html.Table(
        [
            html.Caption("Meldungen aller veröffentlichten Runden, neueste zuletzt"),
            html.Thead(html.Tr(heads)),
            *bodies,
        ],
        className="history",
    )
    return html.Div(
        table,
        className="scroll",
        role="region",
        tabIndex="0",
        **aria(label="Meldungen aller Runden (Tabelle, seitlich verschiebbar)"),
    )


def _row(name: str, cells: Sequence[Children], rounds: Sequence[_Round]) -> Component:
    """Return a row; each cell names its round, for narrow screens where columns become rows."""
    named: list[dict[str, Any]] = [{"data-round": round_.past.label} for round_ in rounds]
    cells_of = [
        html.Td(_kept_together(cell), **name) for cell, name in zip(cells, named, strict=True)
    ]
    return html.Tr([html.Th(name, scope="row"), *cells_of])


def _kept_together(cell: Children) -> Children:
    if not cell:
        return "–"
    return html.Div(list(cell)) if isinstance(cell, list) else cell


def _implementation(round_: _Round) -> Children:
    measure, words = round_.measure, round_.past.words
    if measure["value"] is not None:
        return word(words.implementation[measure["value"]["implementation"]])
    carried = measure["carried"]
    if carried is None:
        return word(words.no_report)
    origin = [f"zuletzt bekannt aus {carried['label']}: ", *standing(words, carried)]
    return [word(words.no_report), html.Div(origin, className="carried")]


def _course(round_: _Round) -> Children:
    value, words = round_.measure["value"], round_.past.words
    if value is None:
        return None
    if value["course"] is None:
        return words.course_not_asked.label
    return word(words.course[value["course"]])


def _change(round_: _Round) -> Children:
    since = round_.past.since
    return None if since is None else change(round_.measure, round_.past.words, since=since)


_STAND: tuple[tuple[str, Callable[[_Round], Children]], ...] = (
    ("Umsetzungsstand", _implementation),
    ("Verlauf", _course),
    ("Veränderung", _change),
    ("Abweichung", _disagreement),
    ("Meldung", _reported),
)


def _texts(rounds: Sequence[_Round]) -> list[tuple[str, list[Children]]]:
    """Return what was written, in the order of the form, called as it was last."""
    said = [{part.key: part for part in round_.sheet.texts} for round_ in rounds]
    labels = {key: part.label for parts in said for key, part in parts.items()}
    rows: list[tuple[str, list[Children]]] = [
        (labels[key], [_text(key, parts[key].text) if key in parts else None for parts in said])
        for key in reading.TEXTS
        if key in labels
    ]
    step = rounds[-1].past.words.field("next_step")
    plans = [
        _entries([e for e in round_.sheet.figures if e.label == MILESTONE], always=True)
        for round_ in rounds
    ]
    return [(step, [_next_step(round_) for round_ in rounds]), *rows, ("Meilensteine", plans)]


def _text(key: str, text: str) -> Children:
    # Only what a browser opens as a page; anything else stays text.
    if key == "evidence_url" and text.startswith(("https://", "http://")):
        return html.A(text, href=text, className="link", rel="noreferrer")
    return lines(text)


def _figures(rounds: Sequence[_Round]) -> list[tuple[str, list[Children]]]:
    """Return the numbers of the form, "nicht bekannt" where a report does not name one."""
    words = rounds[-1].past.words
    asked = {
        words.field(name): order
        for name, order in (("events", 1), ("cost_planned", 3), ("cost_actual", 4))
        if any(round_.measure["report"] for round_ in rounds)
    }
    given = {e.label: e.order for round_ in rounds for e in round_.sheet.figures}
    labels = sorted(asked | given, key=(asked | given).__getitem__)
    return [
        (label, [_figure(round_, label) for round_ in rounds])
        for label in labels
        if label != MILESTONE
    ]


def _figure(round_: _Round, label: str) -> Children:
    entries = [entry for entry in round_.sheet.figures if entry.label == label]
    if not entries and round_.measure["report"] and not label.startswith(KENNZAHL):
        return UNKNOWN
    return _entries(entries)


def _entries(entries: Sequence[Entry], *, always: bool = False) -> Children:
    """Return values, several (or `always`) as a list."""
    shown: list[list[Child]] = [
        [written(entry.value), *(_overdue() if entry.is_overdue else [])] for entry in entries
    ]
    if len(shown) == 1 and not always:
        return shown[0]
    return html.Ul([html.Li(item) for item in shown], className="plain") if shown else None


def _missing(view: View, code: str, history: Sequence[tuple[Publication, Past]]) -> Component:
    if not history:
        return messages.unknown_measure(code)
    links: list[Child] = []
    for publication, past in history:
        then = past.payload["measure"]["code"]
        way_on = html.A(
            past.label, href=measure_path(then, view.reader.name(publication)), className="link"
        )
        links += [", ", way_on] if links else [way_on]
    return messages.not_in_round(code, view.label, links)


def _turns(view: View, code: str) -> Component:
    """Return the ways to the measures before and after in the order of the concept."""
    codes = [measure["code"] for measure in view.measures]
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
    return view.href(f"massnahme/{quote(code, safe='')}")


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
