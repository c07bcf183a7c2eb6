"""Wirkung und Mittel: every figure of the page once, in one table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from dashboards.content import sentences_effect as sentences
from dashboards.content.effect_data import (
    Data,
    Figure,
    Printed,
    known_cells,
    known_of_year,
    people_cells,
    people_of_year,
    staff_of,
)
from dashboards.content.tables import Cell, Table
from tracker.publication.reading.words import Json, Words
from tracker.publication.rules import effect
from tracker.publication.rules.effect import Known
from tracker.reporting.rules.content import ParticipantUnit, StaffUnit

_NOT_ADDED = "nicht addiert"


def summary(data: Data, words: Words, *, label: str) -> Table:
    """Return every figure of the page once: this round, n of N, the one before, the year so far."""
    rows = [
        *(_people_row(data, unit, words) for unit in _units(data)),
        _summed(data, "Veranstaltungen", effect.events, sentences.quantity),
    ]
    for unit in _staff_units(data):
        name = f"Personal: {words.choices['staff_unit'][unit.value]}"
        figure = partial(staff_of, unit=unit)
        # Somebody who works all year is one post, not four; hours add up.
        of_year = _summed if unit is StaffUnit.HOURS else _single
        rows.append(of_year(data, name, figure, sentences.quantity))
    rows.append(_single(data, "Kosten (Plan)", effect.planned, sentences.amount))
    rows.append(_summed(data, "Kosten (Ist)", effect.actual, sentences.amount))
    rows.append(_single(data, "Fördermittel", _all_grants, sentences.amount))
    municipal = effect.municipal_funding
    rows.append(_single(data, "Laufende städtische Förderung", municipal, sentences.amount))
    before = () if data.before is None else (data.before[0],)
    year = f"Jahr {data.year_number} bisher"
    head = ("Angabe", label, "mit Angabe", *before, year, "aus Runden")
    return Table("wirkung", "Wirkung und Mittel", head, tuple(rows), frozenset({1, len(head) - 2}))


def named(data: Data) -> list[str]:
    """Return what each row of the summary counts, by the codes of the filter "Angaben zu"."""
    return [
        *(unit.value for unit in _units(data)),
        "events",
        *(unit.value for unit in _staff_units(data)),
        "cost_planned",
        "cost_actual",
        "funding",
        "municipal_funding",
    ]


def _units(data: Data) -> list[ParticipantUnit]:
    """Return the units that were reported in the rounds the page tells of."""
    return list(effect.participants(data.lines_of_year + _before(data)))


def _staff_units(data: Data) -> list[StaffUnit]:
    return list(effect.staff(data.quarter + _before(data)))


def _before(data: Data) -> tuple[Json, ...]:
    return () if data.before is None else data.before[1]


def _all_grants(lines: Sequence[Json]) -> Known:
    return effect.funding(lines).known


def _people_row(data: Data, unit: ParticipantUnit, words: Words) -> tuple[Cell, ...]:
    year, rounds = people_of_year(data, unit)
    found = effect.participants(data.quarter).get(unit)
    before: tuple[Cell, ...] = ()
    if data.before is not None:
        earlier = effect.participants(data.before[1]).get(unit)
        before = (people_cells(earlier, 0)[0],)
    name = f"Teilnehmende: {words.choices['participant_unit'][unit.value]}"
    people = people_cells(found, len(data.quarter))
    return (name, *people, *before, year or None, _rounds(rounds, data))


def _single(data: Data, name: str, figure: Figure, printed: Printed) -> tuple[Cell, ...]:
    """Return a row of what holds beyond its quarter and is not added over rounds."""
    before = _earlier(data, figure, printed)
    return (name, *known_cells(figure(data.quarter), printed), *before, None, _NOT_ADDED)


def _summed(data: Data, name: str, figure: Figure, printed: Printed) -> tuple[Cell, ...]:
    """Return a row of a quantity of one quarter, with the sum of the year."""
    year, rounds = known_of_year(data, figure)
    told = printed(year.value) if rounds else None
    before = _earlier(data, figure, printed)
    known = known_cells(figure(data.quarter), printed)
    return (name, *known, *before, told, _rounds(rounds, data))


def _earlier(data: Data, figure: Figure, printed: Printed) -> tuple[Cell, ...]:
    return () if data.before is None else (printed(figure(data.before[1]).value),)


def _rounds(rounds: Sequence[str], data: Data) -> str:
    return f"{len(rounds)} von {len(data.year)}"
