"""Tables of what was done and spent: quantities, cost, Fördermittel, Kennzahlen."""

from __future__ import annotations

from tracker.publication.reading.model import EffectRow, Quantity, Report
from tracker.publication.reading.table import (
    Column,
    Kind,
    Row,
    Table,
    TotalRow,
    cell,
    is_money,
    known,
    quantity_column,
    sums,
)

_EMPTY = "Leere Zellen: dazu wurde nichts gemeldet; das ist keine Null."
_HIDDEN = "Gruppen unter 5"


def effect(report: Report) -> Table:
    """Return each figure of the whole concept: this round, the compared one, the year so far."""
    found = report.effect
    before = f"{found.before} (Vergleich)" if found.before else "Vergleich"
    year = found.year or "Jahr bisher"
    return Table(
        "wirkung",
        "Wirkung und Mittel",
        "Was getan und ausgegeben wurde",
        " ".join((*found.sentences, found.note)),
        (
            Column("Angabe", 34),
            Column("Einheit", 10),
            Column(report.rounds.labels[-1], 16, Kind.DECIMAL),
            Column("Maßnahmen mit Angabe", 14, Kind.WHOLE),
            Column("von Maßnahmen", 14, Kind.WHOLE),
            Column(_HIDDEN, 16, Kind.WHOLE),
            Column(before, 16, Kind.DECIMAL),
            Column(year, 20, Kind.DECIMAL),
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
                cell(line.before),
                cell(line.year),
                line.year_rounds,
            )
            for line in found.lines
        ),
        frozen=1,
    )


def by_field(report: Report) -> Table:
    """Return the quantities of each Handlungsfeld; the sums are those of the whole."""
    return _quantities(
        report,
        report.effect.fields,
        key="mittel-handlungsfelder",
        name="Mittel je Handlungsfeld",
        head="Handlungsfeld",
        totals=(_sum(report),),
    )


def by_measure(report: Report) -> Table:
    """Return the quantities of each measure; sums and n of N are those of the whole."""
    return _quantities(
        report,
        report.effect.measures,
        key="mittel-massnahmen",
        name="Mittel je Maßnahme",
        head="Maßnahme",
        totals=(_sum(report), known("Maßnahmen mit Angabe", _numbers(report))),
    )


def _numbers(report: Report) -> range:
    return range(2, 2 + len(report.effect.lines))


def _sum(report: Report) -> TotalRow:
    return sums("Summe", _numbers(report))


def _quantities(
    report: Report,
    lines: tuple[EffectRow, ...],
    *,
    key: str,
    name: str,
    head: str,
    totals: tuple[TotalRow, ...],
) -> Table:
    whole = report.effect.lines
    return Table(
        key,
        name,
        f"Wirkung und Mittel je {head}",
        f"{_EMPTY} {report.effect.note}",
        (
            Column("Nr.", 7),
            Column(head, 50),
            *(quantity_column(line.key, line.label) for line in whole),
            Column(_HIDDEN, 44),
        ),
        tuple(
            (
                line.code,
                line.name,
                *(cell(quantity) for quantity in line.quantities),
                _hidden(line.quantities, tuple(item.label for item in whole)),
            )
            for line in lines
        ),
        totals=totals,
        frozen=2,
        label_at=1,
    )


def _hidden(quantities: tuple[Quantity, ...], labels: tuple[str, ...]) -> str:
    """Say which numbers are lower bounds because groups under 5 are not published."""
    return "; ".join(
        f"{label}: {quantity.text}"
        for label, quantity in zip(labels, quantities, strict=True)
        if quantity.hidden
    )


def costs(report: Report) -> Table:
    """Return Plan and Ist by Handlungsfeld, of the measures that name both."""
    return Table(
        "plan-ist",
        "Plan und Ist",
        "Kosten: Plan und Ist",
        report.effect.costs_sentence,
        (
            Column("Handlungsfeld", 40),
            Column("Kosten (Plan)", 16, Kind.MONEY),
            Column("Kosten (Ist)", 16, Kind.MONEY),
            Column("Maßnahmen mit beiden Angaben", 18, Kind.WHOLE),
            Column("von Maßnahmen", 14, Kind.WHOLE),
        ),
        tuple(
            (
                line.name,
                cell(line.planned),
                cell(line.actual),
                line.planned.count,
                line.planned.total,
            )
            for line in report.effect.costs[1:]
        ),
        totals=(sums("Summe", (1, 2, 3, 4)),),
        frozen=1,
    )


def donors(report: Report) -> Table:
    rows: tuple[Row, ...] = tuple(
        (line.donor, cell(line.amount), line.lines, line.unknown, ", ".join(line.codes))
        for line in report.effect.donors
    )
    return Table(
        "foerdermittel",
        "Fördermittel",
        "Fördermittel nach Gebern",
        f"{report.effect.funding_sentence} {report.effect.municipal_sentence}",
        (
            Column("Geber", 44),
            Column("Betrag", 16, Kind.MONEY),
            Column("Förderungen", 14, Kind.WHOLE),
            Column("davon ohne Betrag", 14, Kind.WHOLE),
            Column("Maßnahmen", 40),
        ),
        rows,
        totals=(sums("Summe", (1, 2, 3)),),
        frozen=1,
    )


def grants(report: Report) -> Table:
    """Return every Förderung with its measure, Programm and period."""
    return Table(
        "foerderungen",
        "Förderungen",
        "Alle Förderungen",
        f"{report.effect.funding_sentence} Leere Beträge: nicht bekannt; das ist keine Null.",
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
                line.code,
                line.display_text,
                line.donor,
                line.programme,
                line.amount,
                line.start,
                line.end,
            )
            for line in report.effect.grants
        ),
        totals=(sums("Summe", (4,)),),
        frozen=2,
        label_at=1,
    )


def indicators(report: Report) -> Table:
    """Return the Kennzahlen against what the resolution names."""
    reached = {True: "ja", False: "nein", None: ""}
    return Table(
        "kennzahlen",
        "Kennzahlen",
        "Kennzahlen und ihre Zielwerte",
        f"{report.effect.indicators_sentence} {_EMPTY}",
        (
            Column("Nr.", 7),
            Column("Kennzahl", 50),
            Column("Art", 14),
            Column("Vorgabe", 34),
            Column("Zahl der Vorgabe", 12, Kind.DECIMAL),
            Column("Einheit", 20),
            Column("Wert", 12, Kind.DECIMAL),
            Column("Summe des Jahres", 12, Kind.DECIMAL),
            Column("erreicht", 10),
        ),
        tuple(
            (
                line.code,
                line.name,
                line.kind_label,
                line.goal,
                line.target,
                line.unit,
                line.value,
                line.year_sum,
                reached[line.met],
            )
            for line in report.effect.indicators
        ),
        frozen=2,
    )
