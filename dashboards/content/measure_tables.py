"""A measure over its rounds as tables for CSV files: effort and money, Kennzahlen, Meilensteine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboards.content import sentences_effect as sentences
from dashboards.content.tables import Cell, Table
from tracker.core.german import UNKNOWN, day, number
from tracker.publication.reading.words import Json, Words
from tracker.publication.rules import effect
from tracker.publication.rules.milestones import Milestone, timeline
from tracker.reporting.rules.content import ParticipantUnit, StaffUnit


def line_of(payload: Json) -> Json:
    """Return a measure as the snapshot's part `effect` has it."""
    measure = payload["measure"]
    return {
        "code": measure["code"],
        "indicators": measure["indicators"],
        "municipal_funding": measure["ziff5"]["municipal_funding"],
        "report": measure["report"],
    }


def milestones(payloads: Sequence[Json]) -> tuple[Milestone, ...]:
    """Return the Meilensteine over these rounds, oldest first; rounds without a report say none."""
    reports = [item["measure"]["report"] for item in payloads]
    return timeline([report["milestones"] for report in reports if report is not None])


def tables(payloads: Sequence[Json], words: Words) -> Mapping[str, Table]:
    """Return the tables of a measure by key; `payloads` are its rounds, oldest first."""
    found = (_effort(payloads, words), _indicators(payloads, words), _milestones(payloads))
    return {table.key: table for table in found}


def _effort(payloads: Sequence[Json], words: Words) -> Table:
    units, staff = words.choices["participant_unit"], words.choices["staff_unit"]
    rows = []
    for payload in payloads[::-1]:
        alone = [line_of(payload)]
        people, posts = effect.participants(alone), effect.staff(alone)
        row: list[Cell] = [payload["round"]["label"]]
        row += [
            sentences.people(people[unit].people) if unit in people else None
            for unit in ParticipantUnit
        ]
        row.append(sentences.quantity(effect.events(alone).value))
        row += [
            sentences.quantity(posts[unit].value) if unit in posts else None for unit in StaffUnit
        ]
        row += [
            sentences.amount(effect.planned(alone).value),
            sentences.amount(effect.actual(alone).value),
            sentences.amount(effect.funding(alone).known.value),
        ]
        rows.append(tuple(row))
    head = (
        "Runde",
        *(f"Teilnehmende: {units[unit.value]}" for unit in ParticipantUnit),
        "Veranstaltungen",
        *(f"Personal: {staff[unit.value]}" for unit in StaffUnit),
        "Kosten (Plan)",
        "Kosten (Ist)",
        "Fördermittel",
    )
    numeric = frozenset(range(1, len(head)))
    return Table("aufwand", "Aufwand und Wirkung je Runde", head, tuple(rows), numeric)


def _indicators(payloads: Sequence[Json], words: Words) -> Table:
    rows = tuple(
        (
            payload["round"]["label"],
            item["name"],
            item["unit"],
            number(item["value"], UNKNOWN),
            number(item["year_sum"], UNKNOWN) if item["per_year"] else None,
            words.choices["indicator_kind"][item["kind"]],
            number(item["target"], UNKNOWN),
        )
        for payload in payloads[::-1]
        for item in payload["measure"]["indicators"]
    )
    head = ("Runde", "Kennzahl", "Einheit", "Wert", "im Jahr bisher", "Art", "Vorgabe")
    return Table("kennzahlen", "Kennzahlen je Runde", head, rows, frozenset({3, 4, 6}))


def _milestones(payloads: Sequence[Json]) -> Table:
    rows = tuple(
        (
            item.title,
            day(item.due_on) if item.due_on else None,
            day(item.done_on) if item.done_on else None,
            ", ".join(day(moved) for moved in item.earlier) or None,
            "nein" if item.gone else "ja",
        )
        for item in milestones(payloads)
    )
    head = ("Meilenstein", "geplant bis", "erledigt am", "zuvor geplant bis", "noch genannt")
    return Table("meilensteine", "Meilensteine", head, rows)
