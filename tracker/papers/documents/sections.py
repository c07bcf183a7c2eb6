"""Sections with numbers of their own: funding and effect, Rücklauf, rounds, data notes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tracker.core.german import UNKNOWN
from tracker.papers.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Line,
    Picture,
    Table,
    Text,
    Tone,
)
from tracker.papers.charts import Amount, amount_bars, amounts_in_words
from tracker.papers.documents import parts, tables
from tracker.publication.reading import effect_tables
from tracker.publication.reading.effect import DonorRow, Effect, EffectLine, IndicatorRow
from tracker.publication.reading.model import (
    Money,
    Quantity,
    Ratio,
    Report,
    Returns,
    ReturnsRow,
    Rounds,
)
from tracker.publication.reading.sentences import some_measures
from tracker.publication.reading.table import is_money
from tracker.publication.reading.words import written

# More Geber than these stand in the table only: a bar must be readable.
_BARS = 12
# How many rounds stand side by side on a page.
ROUNDS = 6


def effect(found: Effect) -> Iterator[Block]:
    """Return Förderung und Wirkung: sums with n of N, Plan and Ist, Geber, Kennzahlen."""
    yield Heading(1, "Förderung und Wirkung", numbered=True)
    if found.sentences:
        yield Bullets(found.sentences)
    if found.lines:
        yield Text("Unter jeder Summe steht, wie viele Maßnahmen sie nennen.")
        yield _whole(found)
    if found.note:
        yield Text(found.note, tone=Tone.SOFT)
    yield from _by_field(found, "Reichweite und Personal nach Handlungsfeldern", money=False)
    yield from _by_field(found, "Geld nach Handlungsfeldern", money=True)
    yield from _costs(found)
    yield from _donors(found)
    yield from _indicators(found)


def quantity(item: Quantity | None) -> Cell:
    """Return a sum with n of N below it: never one without the other."""
    if item is None:
        return None
    return (Line(item.text), Line(item.known, tone=Tone.SOFT))


def _whole(found: Effect) -> Table:
    before = (Column(found.before, 33, numeric=True),) if found.before else ()
    year = (Column(found.year, 38, numeric=True),) if found.year else ()

    def row(line: EffectLine) -> tuple[Cell, ...]:
        earlier = [quantity(line.before)] if before else []
        cells: list[Cell] = [line.label, *earlier, quantity(line.now)]
        if year:
            cells.append(_of_year(line))
        return tuple(cells)

    return Table(
        title="Förderung und Wirkung: Summen, darunter aus wie vielen Maßnahmen",
        columns=(Column("Angabe"), *before, Column("diese Runde", 38, numeric=True), *year),
        rows=tuple(row(line) for line in found.first_lines),
    )


def _of_year(line: EffectLine) -> Cell:
    if line.year is None:
        return None
    rounds = f"Runden: {line.year_rounds}" if line.year_rounds else line.year.known
    return (Line(line.year.text), Line(rounds, tone=Tone.SOFT))


def _by_field(found: Effect, title: str, *, money: bool) -> Iterator[Block]:
    shown = [number for number, line in enumerate(found.lines) if is_money(line.key) is money]
    if not shown or not found.fields:
        return
    width = min(30, 130 // len(shown))
    yield Heading(2, title)
    yield Text("Gezählt sind die Maßnahmen des Handlungsfeldes, die diese Angabe nennen.")
    yield Table(
        title=title,
        columns=(
            Column("Handlungsfeld"),
            *(Column(found.lines[number].label, width, numeric=True) for number in shown),
        ),
        rows=tuple(
            (row.name, *(quantity(row.quantities[number]) for number in shown))
            for row in found.fields
        ),
    )


def _costs(found: Effect) -> Iterator[Block]:
    yield Heading(2, "Kosten: Plan und Ist")
    yield Text(found.costs_sentence)
    if found.costs:
        yield Table(
            title="Kosten: Plan und Ist der Maßnahmen, die beides nennen",
            columns=(
                Column("Handlungsfeld"),
                Column("Plan", 36, numeric=True),
                Column("Ist", 36, numeric=True),
                Column("Maßnahmen", 30, numeric=True),
            ),
            rows=tuple(
                (row.name, row.planned.text, row.actual.text, row.planned.known)
                for row in (*found.costs[1:], found.costs[0])
            ),
            total=True,
        )


def _donors(found: Effect) -> Iterator[Block]:
    yield Heading(2, "Fördermittel nach Geber")
    yield Text(found.funding_sentence)
    if found.donors:
        yield from _donor_bars(found.donors)
        yield parts.block(effect_tables.donors(found), widths=(0, 34, 24, 24, 42))
    yield Text(found.municipal_sentence)


def _donor_bars(donors: tuple[DonorRow, ...]) -> Iterator[Block]:
    amounts = [Amount(row.donor, _amount(row.amount)) for row in donors[:_BARS]]
    if len(amounts) < 2:
        return
    yield Picture(amount_bars(amounts), amounts_in_words(amounts), "Fördermittel nach Geber")
    if len(donors) > _BARS:
        yield Text(f"Das Bild zeigt {_BARS} von {len(donors)} Gebern, die Tabelle alle.")


def _amount(item: Quantity) -> Decimal | None:
    return item.value.amount if isinstance(item.value, Money) else None


def _indicators(found: Effect) -> Iterator[Block]:
    yield Heading(2, "Kennzahlen")
    yield Text(found.indicators_sentence)
    if found.indicators:
        yield Table(
            title="Kennzahlen: Wert und Ziel",
            columns=(
                Column("Nr.", 12),
                Column("Kennzahl"),
                Column("Wert", 26, numeric=True),
                Column("Summe des Jahres", 22, numeric=True),
                Column("Ziel oder Bedingung", 46),
                Column("Stand", 22),
            ),
            rows=tuple(_indicator(row) for row in found.indicators),
        )


def _indicator(row: IndicatorRow) -> tuple[Cell, ...]:
    value = UNKNOWN if row.value is None else row.value
    return (row.code, row.name, value, row.year_sum, f"{row.kind_label}: {row.goal}", row.state)


def returns(found: Returns) -> Iterator[Block]:
    yield Heading(1, "Rücklauf", numbered=True)
    yield Bullets(found.sentences)
    yield Text("„erwartet“ ist ohne die befreiten Meldungen gezählt.", tone=Tone.SOFT)
    yield _returns_table(
        "Rücklauf nach Handlungsfeldern", "Handlungsfeld", (*found.fields, found.whole), total=True
    )
    if len(found.rounds) > 1:
        yield Heading(2, "Rücklauf über die Runden")
        yield Text("Die letzte Zeile ist die Runde dieses Berichts.")
        yield _returns_table("Rücklauf über die Runden", "Runde", found.rounds)
    if found.waivers.rows:
        yield from parts.list_table(found.waivers)


def _returns_table(
    title: str, first: str, rows: tuple[ReturnsRow, ...], *, total: bool = False
) -> Table:
    ratios = rows[0].ratios if rows else ()
    return Table(
        title=title,
        columns=(
            Column(first),
            Column("erwartet", 20, numeric=True),
            *(Column(ratio.label, 27, numeric=True) for ratio in ratios),
            Column("befreit", 18, numeric=True),
        ),
        rows=tuple(
            (row.name, row.expected, *(ratio(item) for item in row.ratios), row.waived)
            for row in rows
        ),
        total=total,
    )


def ratio(item: Ratio) -> Cell:
    """Return n of N with the share below it; of none there is no share."""
    count = Line(f"{item.count} von {item.total}")
    if item.percent is None:
        return (count,)
    return (count, Line(f"{written(item.percent)} %", tone=Tone.SOFT))


def trend(found: Rounds) -> Iterator[Block]:
    """Return the distributions of the rounds before and of this one, as bars and as a table."""
    spreads = found.spreads[-ROUNDS:]
    if len(spreads) < 2:
        return
    yield Heading(2, "Umsetzungsstand über die Runden")
    yield Text(found.sentence)
    yield parts.bars(spreads, title="Umsetzungsstand über die Runden", names=True)
    first, last = spreads[0], spreads[-1]
    yield Text(
        f"Gemeldet in {first.name}: {some_measures(first.reported, first.total)}; in "
        f"{last.name}: {some_measures(last.reported, last.total)}."
    )
    yield tables.spreads_table("Runde", spreads)


def data_notes(report: Report) -> Iterator[Block]:
    """Return what a reader must know about the data, corrections with their reasons too."""
    yield Heading(1, "Hinweise zu den Daten", numbered=True)
    corrections = (report.corrections,) if report.corrections.rows else ()
    shown = (*report.data_notes, *corrections)
    if not shown:
        yield Text("Es gibt nichts zu beachten.")
    for item in shown:
        yield from parts.list_table(item)
