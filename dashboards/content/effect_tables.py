"""Wirkung und Mittel as tables: what the page prints, its charts draw and CSV files hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from dashboards.content import details
from dashboards.content import sentences_effect as sentences
from dashboards.content.tables import Cell, Table
from dashboards.content.words import UNKNOWN, Json, Words, number
from tracker.rules import effect
from tracker.rules.content import ParticipantUnit, StaffUnit
from tracker.rules.effect import Known, Participation
from tracker.rules.targets import meets

UNIT_KEYS = {
    ParticipantUnit.PERSONS: "personen",
    ParticipantUnit.CASES: "faelle",
    ParticipantUnit.PARTICIPATIONS: "teilnahmen",
}
Figure = Callable[[Sequence[Json]], Known]
Printed = Callable[[Decimal | None], str]

_FIGURES = frozenset(range(1, 11))
_NOT_ADDED = "nicht addiert"


@dataclass(frozen=True)
class Group:
    """The selected measures of one Handlungsfeld."""

    position: int
    name: str
    measures: tuple[Json, ...]


@dataclass(frozen=True)
class Data:
    """What the page is made of: lines of the snapshot's part `effect`, of the measures selected.

    `year` pairs each published round of the calendar year (label, oldest first) with its lines;
    the last of them is the round shown. `before` is the round compared with, None where there is
    none.
    """

    quarter: tuple[Json, ...]
    groups: tuple[Group, ...]
    year: tuple[tuple[str, tuple[Json, ...]], ...]
    year_number: int
    before: tuple[str, tuple[Json, ...]] | None = None

    @property
    def lines_of_year(self) -> tuple[Json, ...]:
        """Return the lines of all rounds of the year."""
        return tuple(line for _, lines in self.year for line in lines)

    def rounds_with(self, told: Callable[[Sequence[Json]], bool]) -> list[str]:
        """Return the labels of the year's rounds for which something was told."""
        return [label for label, lines in self.year if told(lines)]


def people_of_year(data: Data, unit: ParticipantUnit) -> tuple[str, list[str]]:
    """Return the sum of the year in words and the rounds it is made of."""
    rounds = data.rounds_with(lambda lines: unit in effect.participants(lines))
    found = effect.participants(data.lines_of_year).get(unit)
    return ("" if found is None else sentences.people(found.people)), rounds


def known_of_year(data: Data, figure: Callable[[Sequence[Json]], Known]) -> tuple[Known, list[str]]:
    """Return a sum over the year and the rounds it is made of."""
    return figure(data.lines_of_year), data.rounds_with(lambda lines: bool(figure(lines).codes))


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


def people_by_field(data: Data, unit: ParticipantUnit, words: Words) -> Table:
    """Return Teilnehmende in one unit by Handlungsfeld."""
    unit_word = words.choices["participant_unit"][unit.value]
    rows = tuple(
        (group.name, *_people(effect.participants(group.measures).get(unit), len(group.measures)))
        for group in data.groups
    )
    return Table(
        f"teilnehmende-{UNIT_KEYS[unit]}",
        f"Teilnehmende je Handlungsfeld: {unit_word}",
        ("Handlungsfeld", unit_word, "mit Angabe"),
        rows,
        frozenset({1}),
    )


def work_by_field(data: Data, words: Words) -> Table:
    """Return Veranstaltungen and Personal by Handlungsfeld, each unit in its own column."""
    units = list(effect.staff(data.quarter))
    head = ["Handlungsfeld", "Veranstaltungen", "mit Angabe"]
    for unit in units:
        head += [words.choices["staff_unit"][unit.value], "mit Angabe"]
    rows = []
    for group in data.groups:
        row: list[Cell] = [group.name, *_known(effect.events(group.measures), sentences.quantity)]
        for unit in units:
            row += _known(staff_of(group.measures, unit=unit), sentences.quantity)
        rows.append(tuple(row))
    return Table(
        "personal",
        "Veranstaltungen und Personal je Handlungsfeld",
        tuple(head),
        tuple(rows),
        frozenset(range(1, len(head), 2)),
    )


def costs_by_field(data: Data) -> Table:
    """Return Plan and Ist by Handlungsfeld over the measures that name both."""
    rows = []
    for group in data.groups:
        found = effect.compared_costs(group.measures)
        rows.append(
            (
                group.name,
                sentences.amount(found.planned.value),
                *_known(found.actual, sentences.amount),
            )
        )
    return Table(
        "kosten",
        "Kosten je Handlungsfeld: Maßnahmen mit Plan und Ist",
        ("Handlungsfeld", "Plan", "Ist", "mit Plan und Ist"),
        tuple(rows),
        frozenset({1, 2}),
    )


def funding_by_donor(data: Data) -> Table:
    """Return Fördermittel by Geber."""
    rows = tuple(
        (
            item.donor,
            sentences.amount(item.known.value),
            item.lines,
            item.unknown,
            ", ".join(item.known.codes),
        )
        for item in effect.funding_by_donor(data.quarter)
    )
    head = ("Geber", "Betrag", "Förderungen", "davon Betrag nicht bekannt", "Maßnahmen")
    return Table("foerdermittel-geber", "Fördermittel nach Geber", head, rows, frozenset({1, 2, 3}))


def funding_by_field(data: Data) -> Table:
    """Return Fördermittel by Handlungsfeld."""
    rows = []
    for group in data.groups:
        found = effect.funding(group.measures)
        value, named = _known(found.known, sentences.amount)
        rows.append((group.name, value, named, found.unknown))
    return Table(
        "foerdermittel-handlungsfelder",
        "Fördermittel je Handlungsfeld",
        ("Handlungsfeld", "Betrag", "mit Angabe", "davon Betrag nicht bekannt"),
        tuple(rows),
        frozenset({1, 3}),
    )


def municipal_by_field(data: Data) -> Table:
    """Return the laufende städtische Förderung by Handlungsfeld."""
    rows = tuple(
        (group.name, *_known(effect.municipal_funding(group.measures), sentences.amount))
        for group in data.groups
    )
    return Table(
        "staedtische-foerderung",
        "Laufende städtische Förderung je Handlungsfeld",
        ("Handlungsfeld", "Betrag", "mit Angabe"),
        rows,
        frozenset({1}),
    )


def indicators(data: Data, words: Words) -> Table:
    """Return every Kennzahl with value, sum of the year and target."""
    rows = tuple(
        (
            code,
            item["name"],
            item["unit"],
            number(item["value"]),
            number(item["year_sum"]) if item["per_year"] else None,
            words.choices["indicator_kind"][item["kind"]],
            details.target(item),
            {None: None, True: "ja", False: "nein"}[meets(item)],
        )
        for code, item in effect.indicators(data.quarter)
    )
    head = ("Nr.", "Kennzahl", "Einheit", "Wert", "im Jahr bisher", "Art", "Vorgabe", "erfüllt")
    return Table("kennzahlen", "Kennzahlen gegen Ziel", head, rows, frozenset({3, 4}))


def each_measure(data: Data, words: Words) -> Table:
    """Return what each measure reported, one row per measure."""
    units = words.choices["participant_unit"]
    rows = []
    for line in data.quarter:
        alone = [line]
        people = effect.participants(alone)
        rows.append(
            (
                line["code"],
                *(
                    sentences.people(people[unit].people) if unit in people else UNKNOWN
                    for unit in ParticipantUnit
                ),
                sentences.quantity(effect.events(alone).value),
                *(sentences.quantity(staff_of(alone, unit=unit).value) for unit in StaffUnit),
                sentences.amount(effect.planned(alone).value),
                sentences.amount(effect.actual(alone).value),
                sentences.amount(effect.funding(alone).known.value),
                sentences.amount(effect.municipal_funding(alone).value),
            )
        )
    head = (
        "Nr.",
        *(f"Teilnehmende: {units[unit.value]}" for unit in ParticipantUnit),
        "Veranstaltungen",
        *(f"Personal: {words.choices['staff_unit'][unit.value]}" for unit in StaffUnit),
        "Kosten (Plan)",
        "Kosten (Ist)",
        "Fördermittel",
        "Laufende städtische Förderung",
    )
    return Table("massnahmen", "Angaben je Maßnahme", head, tuple(rows), _FIGURES)


def _units(data: Data) -> list[ParticipantUnit]:
    """Return the units that were reported in the rounds the page tells of."""
    return list(effect.participants(data.lines_of_year + _before(data)))


def _staff_units(data: Data) -> list[StaffUnit]:
    return list(effect.staff(data.quarter + _before(data)))


def _before(data: Data) -> tuple[Json, ...]:
    return () if data.before is None else data.before[1]


def _all_grants(lines: Sequence[Json]) -> Known:
    return effect.funding(lines).known


def staff_of(lines: Sequence[Json], *, unit: StaffUnit) -> Known:
    """Return Personal in one unit, also where nobody reported any."""
    return effect.staff(lines).get(unit, Known(None, (), len({line["code"] for line in lines})))


def _people(found: Participation | None, total: int) -> tuple[str, str]:
    if found is None:
        return UNKNOWN, f"0 von {total}"
    return sentences.people(found.people), f"{len(found.codes)} von {found.total}"


def _known(known: Known, printed: Printed) -> tuple[str, str]:
    return printed(known.value), f"{len(known.codes)} von {known.total}"


def _people_row(data: Data, unit: ParticipantUnit, words: Words) -> tuple[Cell, ...]:
    year, rounds = people_of_year(data, unit)
    found = effect.participants(data.quarter).get(unit)
    before: tuple[Cell, ...] = ()
    if data.before is not None:
        earlier = effect.participants(data.before[1]).get(unit)
        before = (_people(earlier, 0)[0],)
    name = f"Teilnehmende: {words.choices['participant_unit'][unit.value]}"
    people = _people(found, len(data.quarter))
    return (name, *people, *before, year or None, _rounds(rounds, data))


def _single(data: Data, name: str, figure: Figure, printed: Printed) -> tuple[Cell, ...]:
    """Return a row of what holds beyond its quarter and is not added over rounds."""
    before = _earlier(data, figure, printed)
    return (name, *_known(figure(data.quarter), printed), *before, None, _NOT_ADDED)


def _summed(data: Data, name: str, figure: Figure, printed: Printed) -> tuple[Cell, ...]:
    """Return a row of a quantity of one quarter, with the sum of the year."""
    year, rounds = known_of_year(data, figure)
    told = printed(year.value) if rounds else None
    before = _earlier(data, figure, printed)
    known = _known(figure(data.quarter), printed)
    return (name, *known, *before, told, _rounds(rounds, data))


def _earlier(data: Data, figure: Figure, printed: Printed) -> tuple[Cell, ...]:
    return () if data.before is None else (printed(figure(data.before[1]).value),)


def _rounds(rounds: Sequence[str], data: Data) -> str:
    return f"{len(rounds)} von {len(data.year)}"
