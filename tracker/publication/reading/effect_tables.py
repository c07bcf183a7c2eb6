"""Wirkung und Mittel as neutral tables: of workbook and CSV files, and what the pages print."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from tracker.publication.reading.effect import STAFF, Effect, EffectRow
from tracker.publication.reading.model_values import Money, Quantity, Value
from tracker.publication.reading.table import (
    Column,
    Kind,
    Row,
    Table,
    TotalRow,
    cell,
    columns,
    is_money,
    known,
    page_table,
    quantity_column,
    sums,
)
from tracker.reporting.rules.content import ParticipantUnit

BY_MEASURE = "mittel-massnahmen"
_EMPTY = "Leere Zellen: dazu wurde nichts gemeldet; das ist keine Null."
_HIDDEN = "Gruppen unter 5"
# Names of files in addresses.
_UNIT_KEYS = {
    ParticipantUnit.PERSONS: "personen",
    ParticipantUnit.CASES: "faelle",
    ParticipantUnit.PARTICIPATIONS: "teilnahmen",
}


def tables(found: Effect) -> tuple[Table, ...]:
    """Return the tables of a report, in its order."""
    make = (summary, by_field, by_measure, costs, donors, grants, indicators)
    return tuple(one(found) for one in make)


def summary(found: Effect) -> Table:
    """Return each figure of the whole concept: this round, the compared one, the year so far."""
    before = f"{found.before} (Vergleich)" if found.before else "Vergleich"
    return Table(
        "wirkung",
        "Wirkung und Mittel",
        "Was getan und ausgegeben wurde",
        " ".join((*found.sentences, found.note)),
        (
            Column("Angabe", 34),
            Column("Einheit", 10),
            Column(found.reported.label, 16, Kind.DECIMAL),
            Column("Maßnahmen mit Angabe", 14, Kind.WHOLE),
            Column("von Maßnahmen", 14, Kind.WHOLE),
            Column(_HIDDEN, 16, Kind.WHOLE),
            Column(before, 16, Kind.DECIMAL),
            Column(found.year or "Jahr bisher", 20, Kind.DECIMAL),
            Column("Runden des Jahres", 20),
        ),
        tuple(
            (
                line.label,
                "Euro" if is_money(line.key) else "",
                cell(line.now),
                line.now.count,
                line.now.total,
                line.now.hidden,
                _lower_bound(line.before),
                _lower_bound(line.year),
                line.year_rounds,
            )
            for line in found.lines
        ),
        frozen=1,
    )


def _lower_bound(quantity: Quantity | None) -> Value:
    """Return a sum that has no column for hidden groups: a word says that they are missing."""
    return quantity.text if quantity and quantity.hidden else cell(quantity)


def by_field(found: Effect) -> Table:
    """Return the quantities of each Handlungsfeld; the sums are those of the whole."""
    return _quantities(
        found,
        found.fields,
        key="mittel-handlungsfelder",
        name="Mittel je Handlungsfeld",
        head="Handlungsfeld",
        totals=(_sum(found),),
    )


def by_measure(found: Effect) -> Table:
    """Return the quantities of each measure; sums and n of N are those of the whole."""
    return _quantities(
        found,
        found.measures,
        key=BY_MEASURE,
        name="Mittel je Maßnahme",
        head="Maßnahme",
        totals=(_sum(found), known("Maßnahmen mit Angabe", _numbers(found))),
    )


def _numbers(found: Effect) -> range:
    return range(2, 2 + len(found.figures))


def _sum(found: Effect) -> TotalRow:
    return sums("Summe", _numbers(found))


def _quantities(
    found: Effect,
    rows: tuple[EffectRow, ...],
    *,
    key: str,
    name: str,
    head: str,
    totals: tuple[TotalRow, ...],
) -> Table:
    return Table(
        key,
        name,
        f"Wirkung und Mittel je {head}",
        f"{_EMPTY} {found.note}",
        (
            Column("Nr.", 7),
            Column(head, 50),
            *(quantity_column(figure.key, figure.label) for figure in found.figures),
            Column(_HIDDEN, 44),
        ),
        tuple(
            (
                row.code,
                row.name,
                *(cell(quantity) for quantity in row.quantities),
                _hidden(row.quantities, [figure.label for figure in found.figures]),
            )
            for row in rows
        ),
        totals=totals,
        frozen=2,
        label_at=1,
    )


def _hidden(quantities: Sequence[Quantity], labels: Sequence[str]) -> str:
    """Say which numbers are lower bounds because groups under 5 are not published."""
    return "; ".join(
        f"{label}: {quantity.text}"
        for label, quantity in zip(labels, quantities, strict=True)
        if quantity.hidden
    )


def costs(found: Effect) -> Table:
    """Return Plan and Ist by Handlungsfeld, of the measures that name both."""
    return Table(
        "plan-ist",
        "Plan und Ist",
        "Kosten: Plan und Ist",
        found.costs_sentence,
        (
            Column("Handlungsfeld", 40),
            *(
                Column(found.reported.words.field(name), 16, Kind.MONEY)
                for name in ("cost_planned", "cost_actual")
            ),
            Column("Maßnahmen mit beiden Angaben", 18, Kind.WHOLE),
            Column("von Maßnahmen", 14, Kind.WHOLE),
        ),
        tuple(
            (row.name, cell(row.planned), cell(row.actual), row.planned.count, row.planned.total)
            for row in found.costs[1:]
        ),
        totals=(sums("Summe", (1, 2, 3, 4)),),
        frozen=1,
    )


def over_plan(found: Effect) -> Table:
    """Return the measures that cost more than planned, the largest difference first."""
    return page_table(
        "ueber-plan",
        "Maßnahmen über dem Plan",
        (
            *columns("Nr.", "Maßnahme"),
            *columns("Plan", "Ist", "über dem Plan", kind=Kind.MONEY),
        ),
        tuple(
            (item.code, item.display_text, *map(Money, (item.planned, item.actual, item.more)))
            for item in found.over_plan
        ),
    )


def donors(found: Effect) -> Table:
    rows: tuple[Row, ...] = tuple(
        (row.donor, cell(row.amount), row.lines, row.unknown, ", ".join(row.codes))
        for row in found.donors
    )
    return Table(
        "foerdermittel",
        "Fördermittel",
        "Fördermittel nach Geber",
        f"{found.funding_sentence} {found.municipal_sentence}",
        (
            Column("Geber", 44),
            Column("Betrag", 16, Kind.MONEY),
            Column("Förderungen", 14, Kind.WHOLE),
            Column("davon Betrag nicht bekannt", 14, Kind.WHOLE),
            Column("Maßnahmen", 40),
        ),
        rows,
        totals=(sums("Summe", (1, 2, 3)),),
        frozen=1,
    )


def grants(found: Effect) -> Table:
    """Return every Förderung with its measure, Programm and period."""
    return Table(
        "foerderungen",
        "Förderungen",
        "Alle Förderungen",
        f"{found.funding_sentence} Leere Beträge: nicht bekannt; das ist keine Null.",
        (
            Column("Nr.", 7),
            Column("Maßnahme", 50),
            Column("Geber", 36),
            Column("Programm", 36),
            Column("Betrag", 16, Kind.MONEY),
            Column("von", 12, Kind.DAY),
            Column("bis", 12, Kind.DAY),
        ),
        tuple(
            (
                row.code,
                row.display_text,
                row.donor,
                row.programme,
                row.amount,
                row.start,
                row.end,
            )
            for row in found.grants
        ),
        totals=(sums("Summe", (4,)),),
        frozen=2,
        label_at=1,
    )


def indicators(found: Effect) -> Table:
    """Return the Kennzahlen against what the resolution names."""
    return Table(
        "kennzahlen",
        "Kennzahlen",
        "Kennzahlen und ihre Zielwerte",
        f"{found.indicators_sentence} {_EMPTY}",
        (
            Column("Nr.", 7),
            Column("Kennzahl", 50),
            Column("Art", 14),
            Column("Vorgabe", 34),
            Column("Zahl der Vorgabe", 12, Kind.DECIMAL),
            Column("Einheit", 20),
            Column("Wert", 12, Kind.DECIMAL),
            Column("Summe des Jahres", 12, Kind.DECIMAL),
            Column("Stand", 20),
        ),
        tuple(
            (
                row.code,
                row.name,
                row.kind_label,
                row.goal,
                row.target,
                row.unit,
                row.value,
                row.year_sum,
                row.state,
            )
            for row in found.indicators
        ),
        frozen=2,
    )


def people_by_field(found: Effect, unit: ParticipantUnit) -> Table:
    """Return Teilnehmende in one unit by Handlungsfeld."""
    word = found.reported.words.choice("participant_unit", unit.value)
    title = f"Teilnehmende je Handlungsfeld: {word}"
    return _of_fields(found, f"teilnehmende-{_UNIT_KEYS[unit]}", title, {unit.value: word})


def work_by_field(found: Effect) -> Table:
    """Return Veranstaltungen and Personal by Handlungsfeld, each unit in its own column."""
    staff = {
        key: found.reported.words.choice("staff_unit", key) for key in STAFF if key in found.by_key
    }
    heads = {"events": found.by_key["events"].label} | staff
    return _of_fields(found, "personal", "Veranstaltungen und Personal je Handlungsfeld", heads)


def funding_by_field(found: Effect) -> Table:
    title = "Fördermittel je Handlungsfeld"
    return _of_fields(found, "foerdermittel-handlungsfelder", title, {"funding": "Betrag"})


def municipal_by_field(found: Effect) -> Table:
    """Return the laufende städtische Förderung by Handlungsfeld."""
    title = "Laufende städtische Förderung je Handlungsfeld"
    return _of_fields(found, "staedtische-foerderung", title, {"municipal_funding": "Betrag"})


def _of_fields(found: Effect, file: str, title: str, heads: dict[str, str]) -> Table:
    """Return some figures of each Handlungsfeld, each with its n of N."""
    several = len(heads) > 1
    head = [Column("Handlungsfeld")]
    for key, label in heads.items():
        head.append(quantity_column(key, label))
        head.append(Column(f"mit Angabe: {label}" if several else "mit Angabe"))
        if key == "funding":
            head.append(Column("davon Betrag nicht bekannt", kind=Kind.WHOLE))
    columns_of = [[_known_cells(key, item) for item in found.of_fields(key)] for key in heads]
    rows = tuple(
        (row.name, *chain.from_iterable(cells))
        for row, *cells in zip(found.fields, *columns_of, strict=True)
    )
    return page_table(file, title, tuple(head), rows)


def _known_cells(key: str, quantity: Quantity) -> Row:
    unknown = (quantity.unknown,) if key == "funding" else ()
    return (quantity.shown, quantity.known, *unknown)
