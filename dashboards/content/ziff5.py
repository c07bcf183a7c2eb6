"""The four lists that Ziff. 5 of the resolution asks for, over the measures selected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dashboards.content.tables import Table
from tracker.core.german import UNKNOWN, day, euro
from tracker.publication.reading.words import Json, Words, code_order
from tracker.publication.rules import ziff5 as rules
from tracker.publication.rules.ziff5 import Funding
from tracker.reporting.rules.figures import Ratio

COMPETENCE, SHORT_TERM, CONCRETISATION, FUNDING = (
    "ziffer5-handlungskompetenz",
    "ziffer5-kurzfristig",
    "ziffer5-konkretisierung",
    "ziffer5-foerderung",
)


@dataclass(frozen=True)
class Entry:
    """A measure with what Ziff. 5 asks for: `item` as in the index, `said` its `ziff5`."""

    item: Json
    said: Json

    @property
    def code(self) -> str:
        """Return the measure's number, e.g. "3.2"."""
        code: str = self.item["code"]
        return code


@dataclass(frozen=True)
class Lists:
    """All four lists; `entries` are the measures that are reported on, `goals` those shown.

    A reference (7.1) has no own entry in (a), (b) and (d); in (c) everything may be concretised.
    """

    entries: tuple[Entry, ...]
    all: tuple[Entry, ...]
    goals: tuple[Json, ...]
    competences: Mapping[str, int]
    competence: Ratio
    short_terms: Mapping[str, int]
    short_term: Ratio
    concretised: Ratio
    concretised_goals: Ratio
    funding: Funding

    def by(self, key: str, value: str | None) -> list[Entry]:
        """Return the measures whose competence or short_term has this value."""
        return [entry for entry in self.entries if entry.said[key] == value]


def read(part: Json, goals: Json, chosen: Sequence[Json]) -> Lists:
    """Return the lists for the measures chosen; `part` and `goals` are parts of the snapshot.

    A goal is shown when one of its measures is chosen.
    """
    said = {item["code"]: item["ziff5"] for item in part["measures"]}
    everything = tuple(Entry(item, said[item["code"]]) for item in chosen)
    entries = tuple(entry for entry in everything if entry.item["reportable"])
    shown = {entry.item["goal"] for entry in everything}
    kept = tuple(
        goal for field in goals["fields"] for goal in field["goals"] if goal["number"] in shown
    )
    competences, competence = rules.counted(entry.said["competence"] for entry in entries)
    short_terms, short_term = rules.counted(entry.said["short_term"] for entry in entries)
    amounts = (entry.said["municipal_funding"] for entry in entries)
    return Lists(
        entries=entries,
        all=everything,
        goals=kept,
        competences=competences,
        competence=competence,
        short_terms=short_terms,
        short_term=short_term,
        concretised=rules.determined(entry.said["concretisation"]["text"] for entry in everything),
        concretised_goals=rules.determined(goal["concretisation"]["text"] for goal in kept),
        funding=rules.funding(None if item is None else Decimal(item) for item in amounts),
    )


def tables(lists: Lists, words: Words) -> dict[str, Table]:
    """Return the four lists with every measure, as CSV has them."""
    found = (
        _competences(lists, words),
        _short_terms(lists, words),
        _concretisations(lists),
        _funding(lists),
    )
    return {item.key: item for item in found}


def sum_of(found: Funding) -> str | None:
    """Return the sum of the known amounts as text; None where nothing is known."""
    return None if found.total is None else euro(format(found.total, "f"), UNKNOWN)


def _competences(lists: Lists, words: Words) -> Table:
    return Table(
        COMPETENCE,
        "a) Kommunale Handlungskompetenz",
        ("Nr.", "Maßnahme", "Handlungskompetenz", "Begründung"),
        tuple(
            (
                entry.code,
                entry.item["display_text"],
                words.choice("competence", entry.said["competence"]),
                entry.said["competence_reason"] or None,
            )
            for entry in lists.entries
        ),
    )


def _short_terms(lists: Lists, words: Words) -> Table:
    return Table(
        SHORT_TERM,
        "b) Kurzfristig umsetzbare Maßnahmen",
        ("Nr.", "Maßnahme", "kurzfristig umsetzbar", "Federführend"),
        tuple(
            (
                entry.code,
                entry.item["display_text"],
                words.choice("short_term", entry.said["short_term"]),
                entry.item["lead"] or words.not_determined,
            )
            for entry in lists.entries
        ),
    )


def _concretisations(lists: Lists) -> Table:
    """Return goals and measures in the order of the concept, each goal before its measures."""
    goals = {goal["number"]: goal for goal in lists.goals}
    rows: list[tuple[tuple[int, ...], str, str, Json]] = [
        ((number,), f"Ziel {number}", goal["title"], goal["concretisation"])
        for number, goal in goals.items()
    ]
    rows += [
        (
            code_order(entry.code),
            entry.code,
            entry.item["display_text"],
            entry.said["concretisation"],
        )
        for entry in lists.all
    ]
    return Table(
        CONCRETISATION,
        "c) Konkretisierung aus Sicht der Fachverwaltung",
        ("Nr.", "Ziel oder Maßnahme", "Konkretisierung", "Stelle", "Stand"),
        tuple(
            (number, text, item["text"] or None, item["office"] or None, day(item["on"]))
            for _, number, text, item in sorted(rows, key=lambda row: row[0])
        ),
    )


def _funding(lists: Lists) -> Table:
    rows = [
        (
            entry.code,
            entry.item["display_text"],
            euro(entry.said["municipal_funding"], UNKNOWN),
            entry.said["municipal_funding_period"] or None,
        )
        for entry in lists.entries
    ]
    known = lists.funding.known
    total = sum_of(lists.funding) or UNKNOWN
    rows.append(("Summe", "der bekannten Beträge", total, f"{known.count} von {known.total}"))
    return Table(
        FUNDING,
        "d) Laufende städtische Förderung",
        ("Nr.", "Maßnahme", "Betrag", "Zeitraum"),
        tuple(rows),
    )
