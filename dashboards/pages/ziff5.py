"""Ziff. 5: the four lists that the council's resolution asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, code_links, lines, mark, measure_link, section
from dashboards.components.explain import explained
from dashboards.components.table import csv_link, table
from dashboards.pages.view import Page, View
from dashboards.selection import NOT_DETERMINED
from tracker.concept.words import COMPETENCE, SHORT_TERM
from tracker.core.german import UNKNOWN, day, euro, opening, shortened
from tracker.core.labels import Label
from tracker.publication.reading import ziff5
from tracker.publication.reading.sentences import some_measures
from tracker.publication.reading.table import Table
from tracker.publication.reading.words import lead_of
from tracker.publication.reading.ziff5 import Lists, Ziff5Line
from tracker.publication.rules.document import ConcretisationRecord
from tracker.publication.rules.snapshot_parts import GOALS, ZIFF5
from tracker.publication.rules.ziff5 import Funding

Teller = Callable[[Ziff5Line], list[Child]]

_TEXT_LIMIT = 110
_NOBODY_SAID = "question"
_FACETS = ("feld", "ziel", "institution", "grundsatz", "kurzfristig", "kompetenz", "stand")


def content(view: View) -> list[Component]:
    lists = _read(view)
    parts = (
        _competences(view, lists),
        _short_terms(view, lists),
        _concretisations(view, lists),
        _funding(view, lists),
    )
    intro = (
        "Nach Ziffer 5 des Ratsbeschlusses sind zu berücksichtigen: a) die kommunale "
        "Handlungskompetenz bei den priorisierten Maßnahmen, b) die Benennung kurzfristig "
        "umsetzbarer Maßnahmen, c) die Konkretisierung von Zielsetzung und Oberzielen, d) eine "
        "Übersicht über Maßnahmen und/oder Projekte mit städtischer Förderung. Diese Listen führen "
        "alle Maßnahmen, über die berichtet wird; c führt auch Ziele und Querverweise. „Nicht "
        "festgelegt“ und „nicht bekannt“ heißen nie nein und nie null."
    )
    shown = ziff5.tables(lists, view.words, only_known=False)
    return [
        html.P(intro, className="reading"),
        *(
            section(
                listed.title,
                [
                    html.P(listed.sentence, className="reading"),
                    *children,
                    csv_link(listed, path=view.path, state=view.state),
                ],
                name=listed.key,
            )
            for listed, children in zip(shown, parts, strict=True)
        ),
    ]


def tables(view: View) -> dict[str, Table]:
    shown = ziff5.tables(_read(view), view.words, only_known=False)
    return {table.key: table for table in shown}


def _read(view: View) -> Lists:
    said = {
        measure["code"]: measure["ziff5"]
        for measure in view.reader.part(view.publication, ZIFF5)["measures"]
    }
    fields = view.reader.part(view.publication, GOALS)["fields"]
    return ziff5.lists(view.chosen, said, fields)


def _competences(view: View, lists: Lists) -> list[Child]:
    words = view.words.choices["competence"]
    groups = [
        (COMPETENCE[code].icon if code in COMPETENCE else _NOBODY_SAID, text, entries)
        for code, text in words.items()
        if (entries := lists.by("competence", code))
    ]
    return [
        *_counted(view, lists, "kompetenz", "competence", words),
        *(_group(view, *group, second="Begründung", tell=_reason) for group in groups),
        *_undetermined(view, lists.by("competence", None)),
    ]


def _short_terms(view: View, lists: Lists) -> list[Child]:
    yes = lists.by("short_term", "yes")
    shown: list[Child] = _counted(
        view, lists, "kurzfristig", "short_term", view.words.choices["short_term"]
    )
    if yes:
        shown.append(
            _group(
                view,
                SHORT_TERM["yes"].icon,
                "kurzfristig umsetzbar",
                yes,
                second="federführend",
                tell=lambda entry: [lead_of(entry.measure, view.words)],
            )
        )
    return [*shown, *_undetermined(view, lists.by("short_term", None))]


def _concretisations(view: View, lists: Lists) -> list[Child]:
    rows: list[list[Child]] = []
    for goal in lists.goals:
        if goal["concretisation"]["text"].strip():
            href = view.href(f"ziel/{goal['code']}")
            name = html.A(f"Ziel {goal['code']}", href=href, className="link")
            title = shortened(goal["title"], _TEXT_LIMIT)
            rows.append([name, title, *_said(goal["concretisation"])])
    rows += [
        [*_named(view, entry), *_said(entry.said["concretisation"])]
        for entry in lists.all
        if entry.said["concretisation"]["text"].strip()
    ]
    if not rows:
        return []
    head = ["Nr.", "Ziel oder Maßnahme", "Konkretisierung", "Stelle und Stand"]
    return [table("Ziele und Maßnahmen mit Konkretisierung", head, rows, class_name="measures")]


def _funding(view: View, lists: Lists) -> list[Child]:
    known = [entry for entry in lists.entries if entry.said["municipal_funding"] is not None]
    unknown = [entry for entry in lists.entries if entry.said["municipal_funding"] is None]
    if not known:
        return [*_undetermined(view, unknown, word=UNKNOWN)]
    rows: list[list[Child]] = [
        [
            *_named(view, entry),
            euro(entry.said["municipal_funding"]),
            entry.said["municipal_funding_period"] or "–",
        ]
        for entry in known
    ]
    basis = f"{len(known)} von {len(lists.entries)} mit Angabe"
    return [
        _explained(
            view,
            "Summe der bekannten Beträge je Zeitraum. Was nicht bekannt ist, zählt nicht mit; ein "
            f"bekannter Betrag von 0 heißt: keine Förderung. {basis}.",
            [entry.code for entry in known],
        ),
        table(
            "Laufende städtische Förderung",
            ["Nr.", "Maßnahme", "Betrag", "Zeitraum"],
            rows,
            class_name="measures funding",
            foot=[
                ["Summe", f"der bekannten Beträge ({of})", euro(amount), period or "–"]
                for of, amount, period in _sums(lists.funding, basis)
            ],
        ),
        *_undetermined(view, unknown, word=UNKNOWN),
    ]


def _sums(municipal: Funding, basis: str) -> list[tuple[str, Decimal | None, str]]:
    """Return of how many amounts each sum is (`basis` of the only one), the sum, its Zeitraum."""
    if municipal.total is not None or not municipal.periods:
        period = next((one.period for one in municipal.periods), "")
        return [(basis, municipal.total, period)]
    return [
        (f"{one.named} von {municipal.known.count} mit Angabe", one.amount, one.period)
        for one in municipal.periods
    ]


def _counted(
    view: View,
    lists: Lists,
    facet: str,
    key: Literal["competence", "short_term"],
    words: Mapping[str, str],
) -> list[Child]:
    """Return how many measures have which value, each leading to exactly these measures."""
    known = COMPETENCE if key == "competence" else SHORT_TERM
    values: list[tuple[str | None, str]] = [
        *sorted(words.items(), key=lambda item: _place(known, item[0])),
        (None, view.words.not_determined),
    ]
    rows: list[list[Child]] = []
    for code, text in values:
        icon = known[code].icon if code in known else _NOBODY_SAID
        entries = lists.by(key, code)
        number: Child = len(entries)
        # A reference is in the list of measures but not counted here: no link that shows more.
        listed = [line for line in lists.all if line.said[key] == code]
        if entries and len(listed) == len(entries):
            state = view.state.with_(**{facet: code or NOT_DETERMINED})
            number = html.A(len(entries), href=view.href("massnahmen", state), className="link")
        rows.append([html.Span([mark(icon), text], className="mark"), number])
    total = len(lists.entries)
    if not total:
        return []
    name = "Handlungskompetenz" if key == "competence" else "Kurzfristig umsetzbar"
    determined = [entry.code for entry in lists.entries if entry.said[key] is not None]
    counted, count = determined, len(determined)
    rule = f"{opening(some_measures(count, total))}, über die berichtet wird, mit Angabe"
    if key == "short_term":
        counted = [entry.code for entry in lists.by(key, "yes")]
        of_all = some_measures(count, total, dative=True)
        rule = f"Gezählt ist nur „{words['yes']}“; eine Angabe gibt es zu {of_all}"
    return [
        table(name, [name, "Maßnahmen"], rows, class_name="counted", foot=[["Summe", total]]),
        _explained(view, f"{rule}.", counted),
    ]


def _place(known: Mapping[str, Label], code: str) -> int:
    """Return the place of a value in today's order; words of a snapshot are stored by letter."""
    return list(known).index(code) if code in known else len(known)


def _explained(view: View, counted: str, codes: Sequence[str]) -> Component:
    return explained(view.meta, "", counted=counted, codes=codes, period=view.name)


def _group(
    view: View, icon: str, text: str, entries: Sequence[Ziff5Line], *, second: str, tell: Teller
) -> Component:
    rows: list[list[Child]] = [[*_named(view, entry), html.Div(tell(entry))] for entry in entries]
    title: list[Child] = [html.Span([mark(icon), text], className="mark"), f" ({len(entries)})"]
    listed = table(text, ["Nr.", "Maßnahme", second], rows, class_name="measures pairs-of")
    return html.Details([html.Summary(title), listed], className="folded")


def _undetermined(
    view: View, entries: Sequence[Ziff5Line], word: str | None = None
) -> list[Component]:
    """Return the measures without the entry: named, never counted as no or as zero."""
    if not entries:
        return []
    links = code_links([entry.code for entry in entries], view.name)
    told = word or view.words.not_determined
    return [
        _folded_codes(
            [html.Span([mark(_NOBODY_SAID), told], className="mark"), f" ({len(entries)})"], links
        )
    ]


def _folded_codes(title: list[Child], links: list[Child]) -> Component:
    return html.Details([html.Summary(title), html.P(links, className="codes")], className="folded")


def _named(view: View, entry: Ziff5Line) -> list[Child]:
    text = shortened(entry.measure["display_text"], _TEXT_LIMIT)
    return [measure_link(entry.code, view.name), text]


def _reason(entry: Ziff5Line) -> list[Child]:
    return lines(entry.said["competence_reason"]) or ["ohne Begründung"]


def _said(made: ConcretisationRecord) -> list[Child]:
    origin = ", ".join(
        part for part in (made["office"], day(made["on"]) if made["on"] else "") if part
    )
    return [html.Div(lines(made["text"])), origin or "–"]


PAGE = Page(
    path="ziffer5",
    title="Ziffer 5 des Ratsbeschlusses",
    nav="Ziffer 5",
    content=content,
    tables=tables,
    facets=_FACETS,
    compares=False,
)
