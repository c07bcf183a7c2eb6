"""Wirkung und Mittel as tables: what the page prints, its charts draw and CSV files hold."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from dashboards.content import details
from dashboards.content import sentences_effect as sentences
from dashboards.content.effect_data import Data, known_cells, people_cells, staff_of
from dashboards.content.tables import Cell, Table
from tracker.core.german import UNKNOWN, number
from tracker.publication.reading.words import Words
from tracker.publication.rules import effect
from tracker.publication.rules.targets import meets
from tracker.reporting.rules.content import ParticipantUnit, StaffUnit

UNIT_KEYS = {
    ParticipantUnit.PERSONS: "personen",
    ParticipantUnit.CASES: "faelle",
    ParticipantUnit.PARTICIPATIONS: "teilnahmen",
}
_FIGURES = frozenset(range(1, 11))


def people_by_field(data: Data, unit: ParticipantUnit, words: Words) -> Table:
    """Return Teilnehmende in one unit by Handlungsfeld."""
    unit_word = words.choices["participant_unit"][unit.value]
    rows = tuple(
        (
            group.name,
            *people_cells(effect.participants(group.measures).get(unit), len(group.measures)),
        )
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
        row: list[Cell] = [
            group.name,
            *known_cells(effect.events(group.measures), sentences.quantity),
        ]
        for unit in units:
            row += known_cells(staff_of(group.measures, unit=unit), sentences.quantity)
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
                *known_cells(found.actual, sentences.amount),
            )
        )
    return Table(
        "kosten",
        "Kosten je Handlungsfeld: Maßnahmen mit Plan und Ist",
        ("Handlungsfeld", "Plan", "Ist", "mit Plan und Ist"),
        tuple(rows),
        frozenset({1, 2}),
    )


def over_plan(data: Data, texts: Mapping[str, str]) -> Table:
    """Return the measures that cost more than planned, the largest difference first."""
    lines = {line["code"]: line for line in data.quarter}
    found = []
    for code in effect.compared_costs(data.quarter).over:
        report = lines[code]["report"]
        plan, spent = Decimal(report["cost_planned"]), Decimal(report["cost_actual"])
        found.append((spent - plan, code, plan, spent))
    found.sort(key=lambda row: -row[0])
    return Table(
        "ueber-plan",
        "Maßnahmen über dem Plan",
        ("Nr.", "Maßnahme", "Plan", "Ist", "über dem Plan"),
        tuple(
            (code, texts[code], *(sentences.amount(value) for value in (plan, spent, more)))
            for more, code, plan, spent in found
        ),
        frozenset({2, 3, 4}),
    )


def funding_by_donor(data: Data) -> Table:
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
    rows = []
    for group in data.groups:
        found = effect.funding(group.measures)
        value, named = known_cells(found.known, sentences.amount)
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
        (group.name, *known_cells(effect.municipal_funding(group.measures), sentences.amount))
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
            number(item["value"], UNKNOWN),
            number(item["year_sum"], UNKNOWN) if item["per_year"] else None,
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
