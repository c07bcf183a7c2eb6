"""Wirkung und Mittel as neutral tables: of workbook and CSV files, and what the pages print."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from tracker.core.german import UNKNOWN
from tracker.publication.reading.effect import STAFF, Effect, EffectRow, Figure
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
from tracker.publication.reading.words import written
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


def tables(effect: Effect) -> tuple[Table, ...]:
    """Return the tables of a report, in its order."""
    make = (summary, by_field, by_measure, costs, donors, grants, indicators)
    return tuple(one(effect) for one in make)


def summary(effect: Effect) -> Table:
    """Return each figure over all measures: the compared round, this one, the year so far."""
    before = f"{effect.before} (Vergleich)" if effect.before else "Vergleich"
    return Table(
        "wirkung",
        "Wirkung und Mittel",
        "Was getan und ausgegeben wurde",
        " ".join((*effect.sentences, effect.note)),
        (
            Column("Angabe", 34),
            Column("Einheit", 10),
            Column(before, 16, Kind.DECIMAL),
            Column(effect.reported.label, 16, Kind.DECIMAL),
            Column("Maßnahmen mit Angabe", 14, Kind.WHOLE),
            Column("von Maßnahmen", 14, Kind.WHOLE),
            Column(_HIDDEN, 16, Kind.WHOLE),
            Column(effect.year or "Jahr bisher", 20, Kind.DECIMAL),
            Column("Runden des Jahres", 20),
        ),
        tuple(
            (
                line.label,
                "Euro" if is_money(line.key) else "",
                _lower_bound(line.before),
                _lower_bound(line.now),
                line.now.count,
                line.now.total,
                line.now.hidden,
                _lower_bound(line.year),
                line.year_rounds,
            )
            for line in effect.first_lines
        ),
        frozen=1,
    )


def _lower_bound(quantity: Quantity | None) -> Value:
    """Return a sum; where hidden groups are missing, a word says so in the same cell."""
    return quantity.text if quantity and quantity.hidden else cell(quantity)


def by_field(effect: Effect) -> Table:
    """Return the quantities of each Handlungsfeld; the sums are those of the whole."""
    return _quantities(
        effect,
        effect.fields,
        key="mittel-handlungsfelder",
        name="Mittel je Handlungsfeld",
        head="Handlungsfeld",
        totals=(_sum(effect),),
    )


def by_measure(effect: Effect) -> Table:
    """Return the quantities of each measure; sums and n of N are those of the whole."""
    return _quantities(
        effect,
        effect.measures,
        key=BY_MEASURE,
        name="Mittel je Maßnahme",
        head="Maßnahme",
        totals=(_sum(effect), known("Maßnahmen mit Angabe", _numbers(effect))),
    )


def _numbers(effect: Effect) -> range:
    return range(2, 2 + len(effect.figures))


def _sum(effect: Effect) -> TotalRow:
    return sums(
        "Summe", (at for at in _numbers(effect) if _has_sum(effect, effect.figures[at - 2]))
    )


def _has_sum(effect: Effect, figure: Figure) -> bool:
    """Return whether a column may be added: not amounts for different periods."""
    now = effect.by_key[figure.key].now
    return figure.key != "municipal_funding" or now.value is not None or not now.codes


def _quantities(
    effect: Effect,
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
        f"{_EMPTY} {effect.note}",
        (
            Column("Nr.", 7),
            Column(head, 50),
            *(quantity_column(figure.key, figure.label) for figure in effect.figures),
            Column(_HIDDEN, 44),
        ),
        tuple(
            (
                row.code,
                row.name,
                *(cell(quantity) for quantity in row.quantities),
                _hidden(row.quantities, [figure.label for figure in effect.figures]),
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


def costs(effect: Effect) -> Table:
    """Return Plan and Ist by Handlungsfeld, of the measures that name both."""
    return Table(
        "plan-ist",
        "Plan und Ist",
        "Kosten: Plan und Ist",
        effect.costs_sentence,
        (
            Column("Handlungsfeld", 40),
            *(
                Column(effect.reported.words.field(name), 16, Kind.MONEY)
                for name in ("cost_planned", "cost_actual")
            ),
            Column("Maßnahmen mit beiden Angaben", 18, Kind.WHOLE),
            Column("von Maßnahmen", 14, Kind.WHOLE),
        ),
        tuple(
            (row.name, cell(row.planned), cell(row.actual), row.planned.count, row.planned.total)
            for row in effect.costs[1:]
        ),
        totals=(sums("Summe", (1, 2, 3, 4)),),
        frozen=1,
    )


def over_plan(effect: Effect) -> Table:
    """Return the measures that cost more than planned, the largest difference first."""
    return page_table(
        "ueber-plan",
        "Maßnahmen über dem Plan",
        (*columns("Nr.", "Maßnahme"), *columns("Plan", "Ist", "über dem Plan", kind=Kind.MONEY)),
        tuple(
            (
                measure.code,
                measure.display_text,
                *map(Money, (measure.planned, measure.actual, measure.more)),
            )
            for measure in effect.over_plan
        ),
    )


def donors(effect: Effect) -> Table:
    rows: tuple[Row, ...] = tuple(
        (row.donor, cell(row.amount), row.lines, row.unknown, ", ".join(row.codes))
        for row in effect.donors
    )
    return Table(
        "foerdermittel",
        "Fördermittel",
        "Fördermittel nach Geber",
        f"{effect.funding_sentence} {effect.municipal_sentence}",
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


def grants(effect: Effect) -> Table:
    """Return every Förderung with its measure, Programm and period."""
    return Table(
        "foerderungen",
        "Förderungen",
        "Alle Förderungen",
        f"{effect.funding_sentence} Leere Beträge: nicht bekannt; das ist keine Null.",
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
                *(row.code, row.display_text, row.donor, row.programme),
                # As words: what has ended is in no sum.
                f"{UNKNOWN if row.amount is None else written(row.amount)}, beendet"
                if row.has_ended
                else row.amount,
                *(row.start, row.end),
            )
            for row in effect.grants
        ),
        totals=(sums("Summe", (4,)),),
        frozen=2,
        label_at=1,
    )


def ended(effect: Effect) -> Table:
    """Return the Förderungen that ended before the round began."""
    return page_table(
        "foerderungen-beendet",
        "Vor dem Zeitraum beendete Förderungen",
        (
            *columns("Nr.", "Geber", "Programm"),
            Column("Betrag", kind=Kind.MONEY),
            Column("beendet am", kind=Kind.DAY),
        ),
        tuple((row.code, row.donor, row.programme, row.amount, row.end) for row in effect.ended),
    )


def indicators(effect: Effect) -> Table:
    """Return the Kennzahlen against what the resolution names."""
    return Table(
        "kennzahlen",
        "Kennzahlen",
        "Kennzahlen und ihre Zielwerte",
        f"{effect.indicators_sentence} {_EMPTY}",
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
            for row in effect.indicators
        ),
        frozen=2,
    )


def people_by_field(effect: Effect, unit: ParticipantUnit) -> Table:
    """Return Teilnehmende in one unit by Handlungsfeld."""
    word = effect.reported.words.choice("participant_unit", unit.value)
    title = f"Teilnehmende je Handlungsfeld: {word}"
    return _of_fields(effect, f"teilnehmende-{_UNIT_KEYS[unit]}", title, {unit.value: word})


def work_by_field(effect: Effect) -> Table:
    """Return Veranstaltungen and Personal by Handlungsfeld, each unit in its own column."""
    staff = {
        key: effect.reported.words.choice("staff_unit", key)
        for key in STAFF
        if key in effect.by_key
    }
    heads = {"events": effect.by_key["events"].label} | staff
    return _of_fields(effect, "personal", "Veranstaltungen und Personal je Handlungsfeld", heads)


def funding_by_field(effect: Effect) -> Table:
    title = "Fördermittel je Handlungsfeld"
    return _of_fields(effect, "foerdermittel-handlungsfelder", title, {"funding": "Betrag"})


def municipal_by_field(effect: Effect) -> Table:
    """Return the laufende städtische Förderung by Handlungsfeld."""
    title = "Laufende städtische Förderung je Handlungsfeld"
    return _of_fields(effect, "staedtische-foerderung", title, {"municipal_funding": "Betrag"})


def _of_fields(effect: Effect, file: str, title: str, heads: dict[str, str]) -> Table:
    """Return some figures of each Handlungsfeld, each with its n of N."""
    several = len(heads) > 1
    head = [Column("Handlungsfeld")]
    for key, label in heads.items():
        head.append(quantity_column(key, label))
        head.append(Column(f"mit Angabe: {label}" if several else "mit Angabe"))
        if key == "funding":
            head.append(Column("dazu Förderungen, Betrag nicht bekannt", kind=Kind.WHOLE))
    columns_of = [
        [_known_cells(key, quantity) for quantity in effect.of_fields(key)] for key in heads
    ]
    rows = tuple(
        (row.name, *chain.from_iterable(cells))
        for row, *cells in zip(effect.fields, *columns_of, strict=True)
    )
    return page_table(file, title, tuple(head), rows)


def _known_cells(key: str, quantity: Quantity) -> Row:
    unknown = (quantity.unknown,) if key == "funding" else ()
    return (quantity.shown, quantity.known, *unknown)
