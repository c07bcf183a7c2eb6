"""Full-text search over the measures and reports of a published round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Lock

from cachetools import LRUCache
from dash import html
from dash.development.base_component import Component

from dashboards.components.basic import Child, measure_link, standing
from dashboards.components.table import csv_link
from dashboards.pages import places
from dashboards.pages.view import Page, View
from tracker.publication.reading import search as reading
from tracker.publication.reading.search import Entry, Place, Round, terms
from tracker.publication.reading.table import Table, columns, page_table
from tracker.publication.rules.document import OverviewMeasure
from tracker.publication.rules.snapshot_parts import EFFECT, GOALS, TEXTS

MOST_SHOWN = 50
_MOST_PLACES = 3
# Filled when it is asked for: a page shows only the first hits.
_TABLE = page_table(
    "suche", "Gefundene Maßnahmen", columns("Nr.", "Maßnahme", "Stand", "Gefunden in"), ()
)
# What was folded once is kept under the publication's SHA-256, which never changes; a round of
# 5,800 measures takes some 30 MB, hence only a few.
_MOST_ROUNDS = 4
_rounds: LRUCache[str, Round] = LRUCache(_MOST_ROUNDS)
_lock = Lock()


def content(view: View) -> list[Component]:
    """Return where the words of the address stand, or how to search."""
    wanted = terms(view.state.looked_for or "")
    if not wanted:
        return [_help("Geben Sie oben ein, wonach Sie suchen.")]
    if reading.too_short(wanted):
        return [_help(f"Bitte geben Sie Wörter mit mindestens {reading.SHORTEST} Buchstaben ein.")]
    if not view.chosen:
        return [html.P("Keine Maßnahme entspricht der Auswahl.", className="reading")]
    hits = _hits(view, wanted)
    told = reading.found(
        len(hits), len(view.chosen), wanted, narrowed=len(view.chosen) < len(view.measures)
    )
    parts: list[Component] = [html.P(told, className="reading", role="status")]
    if not hits:
        return [
            *parts,
            *_one_by_one(view, wanted),
            _help(
                "Kürzere oder andere Wörter finden mehr.",
                where=reading.where(view.label),
            ),
        ]
    if len(hits) > MOST_SHOWN:
        parts.append(html.P(reading.cut(MOST_SHOWN), className="reading"))
    by_code = {item["code"]: item for item in view.chosen}
    parts += _groups(view, wanted)
    shown = [_hit(view, by_code[item.code], item, wanted) for item in hits[:MOST_SHOWN]]
    return [
        *parts,
        html.Ol(shown, className="hits"),
        csv_link(_TABLE, path=view.path, state=view.state),
    ]


def tables(view: View) -> dict[str, Table]:
    """Return every measure found, with the names of the texts that hold the words."""
    wanted = terms(view.state.looked_for or "")
    hits = [] if reading.too_short(wanted) else _hits(view, wanted)
    by_code = {item["code"]: item for item in view.chosen}
    rows = tuple(
        (
            entry.code,
            by_code[entry.code]["display_text"],
            view.words.value(by_code[entry.code]["value"]),
            ", ".join(dict.fromkeys(reading.labels(entry, wanted))),
        )
        for entry in hits
    )
    return {_TABLE.key: replace(_TABLE, rows=rows)}


def _hits(view: View, wanted: Sequence[str]) -> list[Entry]:
    known = _round(view).measures
    return reading.search((known[item["code"]] for item in view.chosen), wanted)


def _round(view: View) -> Round:
    key = view.publication.sha256
    with _lock:
        found = _rounds.get(key)
    if found is None:
        reader, published = view.reader, view.publication
        found = reading.searched(
            view.meta,
            reader.overview(published),
            reader.part(published, TEXTS),
            reader.part(published, GOALS),
            reader.part(published, EFFECT),
        )
        with _lock:
            _rounds[key] = found
    return found


def _groups(view: View, wanted: Sequence[str]) -> list[Component]:
    """Return the Handlungsfelder and Ziele that have the words in their names, as ways there."""
    known = _round(view)
    fields = [known.fields[code] for code in dict.fromkeys(item["field"] for item in view.chosen)]
    goals = [known.goals[code] for code in dict.fromkeys(item["goal"] for item in view.chosen)]
    named = [(entry, places.field_path(entry.code)) for entry in reading.search(fields, wanted)]
    named += [(entry, places.goal_path(entry.code)) for entry in reading.search(goals, wanted)]
    links = [
        html.A(
            f"{entry.passages[0].label} {entry.code}: {entry.passages[0].text}",
            href=view.href(path),
            className="link",
        )
        for entry, path in named
    ]
    return [html.Ul([html.Li(link) for link in links], className="plain")] if links else []


def _one_by_one(view: View, wanted: Sequence[str]) -> list[Component]:
    """Return what each of several words finds without the others."""
    if len(wanted) == 1:
        return []
    counts = {word: len(_hits(view, [word])) for word in wanted}
    links = []
    for word, count in counts.items():
        if count:
            state = replace(view.state, looked_for=f'"{word}"' if " " in word else word)
            link = html.A(
                reading.alone(word, count), href=view.href(view.path, state), className="link"
            )
            links.append(html.Li(link))
    return [html.Ul(links, className="plain")] if links else []


def _hit(view: View, measure: OverviewMeasure, entry: Entry, wanted: Sequence[str]) -> Component:
    found = reading.places(entry, wanted)
    if found and found[0].label == reading.WORDING:
        # The same words in today's spelling say nothing more.
        found = [place for place in found if place.label != reading.TODAY]
    told: list[Child] = [_place(place) for place in found[:_MOST_PLACES]]
    if len(found) > _MOST_PLACES:
        told.append(html.P(reading.more_places(len(found) - _MOST_PLACES), className="facts"))
    title = measure_link(measure["code"], view.name, text=measure["display_text"])
    stand: Child = (
        html.P(standing(view.words, measure["value"]), className="hit__stand")
        if measure["reportable"]
        else None
    )
    return html.Li([html.H2(title), stand, *told])


def _place(place: Place) -> Component:
    shown = [html.Mark(piece.text) if piece.hit else piece.text for piece in place.pieces]
    label = place.label if place.label.endswith("?") else f"{place.label}:"
    return html.P([html.Strong(f"{label} "), *shown])


def _help(first: str, *, where: str = f"Gesucht wird {reading.SEARCHED}.") -> Component:
    return html.Div(
        [
            html.P(first),
            html.Ul(
                [
                    html.Li(where),
                    html.Li("Mehrere Wörter: Alle müssen vorkommen. Wortteile genügen."),
                    html.Li("In Anführungszeichen: genau diese Wortfolge, zum Beispiel "
                            "„interkulturelle Öffnung“."),
                    html.Li("Groß oder klein, ä oder ae, ß oder ss, Binde- oder Gedankenstrich "
                            "ist gleich."),
                    html.Li("Eine Nummer wie 3.2 führt zu ihrer Maßnahme."),
                ]
            ),
        ],
        className="message",
    )  # fmt: skip


PAGE = Page(
    path="suche",
    title="Suche",
    content=content,
    tables=tables,
    facets=("feld", "ziel", "stand", "verlauf", "institution"),
)
