"""The tables add up to what the report prints, for every round there can be."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings

from tests.factories_snapshot import documents
from tests.papers.odd_rounds import ODD_ROUNDS, OddRound
from tests.papers.round_strategies import rounds
from tracker.papers.tables import tables
from tracker.publication.reading.content import report
from tracker.publication.reading.model import Entry, Money, Quantity, Report, Spread, Value
from tracker.publication.reading.scope import Scope
from tracker.publication.reading.table import NOTHING, Function, Table, value_of

Json = dict[str, Any]
SCOPES = {
    "everything": Scope(),
    "one field": Scope(fields=frozenset({"2"})),
    "exceptions": Scope(exceptions_only=True),
    "exceptions of two fields": Scope(fields=frozenset({"1", "3"}), exceptions_only=True),
}


@cache
def full(name: str = "everything") -> Report:
    made = documents(3, goals=6)
    return report(made[-1], history=tuple(made[:-1]), scope=SCOPES[name])


def by_key(found: Report) -> dict[str, Table]:
    return {table.key: table for table in tables(found)}


def sums_of(table: Table) -> dict[str, Value]:
    """What stands in the row of sums, by the head of the column."""
    return {
        table.columns[total.column].name: value_of(table, total)
        for total in table.totals[0].totals
        if total.function in {Function.SUM, Function.SHARE}
    }


def printed(spread: Spread) -> dict[str, Value]:
    counted = {line.mark.label: line.count for line in (*spread.counts, *spread.courses)}
    return {**counted, "gemeldet": spread.reported, "Maßnahmen": spread.total}


def plain(value: Value) -> Decimal | str:
    if isinstance(value, Money):
        return value.amount
    return value if isinstance(value, str) else Decimal(str(value))


def known(quantity: Quantity) -> Decimal | str:
    return NOTHING if quantity.value is None else plain(quantity.value)


def disagreements(found: Report) -> Iterator[str]:
    """Every total of a table beside the figure that the paper prints."""
    made = by_key(found)
    for key in ("handlungsfelder", "ziele"):
        if made[key].rows and sums_of(made[key]) != printed(found.summary.spread):
            yield f"{key}: {sums_of(made[key])}"
    for key in ("mittel-handlungsfelder", "mittel-massnahmen"):
        if made[key].rows:
            summed = sums_of(made[key])
            for line in found.effect.lines:
                if plain(summed[line.label]) != known(line.now):
                    yield f"{key}, {line.label}: {summed[line.label]} instead of {line.now}"
    yield from _counted(made["mittel-massnahmen"], found)
    yield from _money(made, found)
    yield from _returns(made["ruecklauf"], found)


def _counted(table: Table, found: Report) -> Iterator[str]:
    if not table.rows:
        return
    for total, line in zip(table.totals[1].totals, found.effect.lines, strict=True):
        if value_of(table, total) != line.now.count:
            yield f"{line.label}: {value_of(table, total)} of {line.now.count} measures"


def _money(made: dict[str, Table], found: Report) -> Iterator[str]:
    whole = {line.key: line.now for line in found.effect.lines}
    costs, ziff5 = made["plan-ist"], made["ziffer-5"]
    for key in ("foerdermittel", "foerderungen"):
        if made[key].rows and plain(sums_of(made[key])["Betrag"]) != known(whole["funding"]):
            yield f"{key}: {sums_of(made[key])}"
    if costs.rows:
        summed, printed_row = sums_of(costs), found.effect.costs[0]
        if plain(summed["Kosten (Plan)"]) != known(printed_row.planned):
            yield f"Plan: {summed}"
        if plain(summed["Kosten (Ist)"]) != known(printed_row.actual):
            yield f"Ist: {summed}"
    # With exceptions only, the list is shorter than what its sum would be about.
    complete = bool(ziff5.totals) and not found.scope.exceptions_only
    if complete and plain(sums_of(ziff5)["Betrag"]) != known(whole["municipal_funding"]):
        yield f"Ziffer 5: {sums_of(ziff5)}"


def _returns(table: Table, found: Report) -> Iterator[str]:
    if not table.rows:
        return
    whole, summed = found.returns.whole, sums_of(table)
    expected: dict[str, Value] = {
        "erwartet (ohne befreite)": whole.expected,
        "befreit": whole.waived,
    }
    for ratio in whole.ratios:
        expected[ratio.label] = ratio.count
        expected[f"{ratio.label} in Prozent"] = NOTHING if ratio.percent is None else ratio.percent
    if summed != expected:
        yield f"Rücklauf: {summed} instead of {expected}"


@pytest.mark.parametrize("name", SCOPES)
def test_every_total_is_the_printed_one(name: str) -> None:
    assert list(disagreements(full(name))) == []


@given(rounds())
@settings(max_examples=12, deadline=None)
def test_every_total_is_the_printed_one_in_any_round(document: Json) -> None:
    assert list(disagreements(report(document))) == []


def test_the_rounds_are_counted_as_each_of_them_was_printed() -> None:
    found = full()
    table = by_key(found)["massnahmen-runden"]
    assert len(found.rounds.spreads) == 3
    for number, spread in enumerate(found.rounds.spreads):
        words = {line.label: line for line in table.totals}
        for line in spread.counts:
            total = words[line.mark.label].totals[number]
            assert value_of(table, total) == line.count, line.mark.label
        for line in spread.courses:
            total = next(
                item.totals[number]
                for item in table.totals
                if item.label == line.mark.label and item.totals[number].column % 3 == 1
            )
            assert value_of(table, total) == line.count, line.mark.label


def test_what_is_carried_counts_as_keine_meldung_and_says_from_when() -> None:
    found = full()
    table = by_key(found)["massnahmen-runden"]
    carried = [row for row in table.rows if row[-1]]
    assert carried
    for row in carried:
        assert row[-3] == "keine Meldung"
        assert row[-2] == ""
        assert str(row[-1]).startswith(tuple(f"{label}: " for label in found.rounds.labels))


def test_every_measure_and_every_accepted_report_has_its_row() -> None:
    found, made = full(), by_key(full())
    codes = [sheet.code for field in found.fields for sheet in field.sheets]
    assert [row[0] for row in made["massnahmen"].rows] == codes
    assert [row[0] for row in made["massnahmen-runden"].rows] == codes
    assert len(made["meldungen"].rows) == found.summary.spread.reported


def test_every_text_and_answer_of_a_report_stands_in_its_column() -> None:
    found, table = full(), by_key(full())["meldungen"]
    head = [column.name for column in table.columns]
    rows = {row[0]: row for row in table.rows}
    told = [sheet for field in found.fields for sheet in field.sheets if sheet.texts]
    assert len(told) == len(rows)
    for sheet in told:
        for part in sheet.texts:
            assert rows[sheet.code][head.index(part.label)] == part.text
        for entry in sheet.figures:
            if not entry.label.startswith("Kennzahl: "):
                assert _holds(rows[sheet.code][head.index(entry.label)], entry)


def _holds(cell: Value, entry: Entry) -> bool:
    return cell == entry.value or str(entry.value) in str(cell)


def test_the_answers_stand_in_the_order_of_the_form() -> None:
    head = [column.name for column in by_key(full())["meldungen"].columns]
    order = ("Teilnehmende", "Veranstaltungen", "Personal", "Kosten (Plan)", "Kosten (Ist)")
    places = [next(at for at, name in enumerate(head) if name.startswith(start)) for start in order]
    assert places == sorted(places)
    assert head.index("Was wurde erreicht?") < head.index("Begründung") < places[0]


def test_every_foerderung_has_its_row_and_an_unknown_amount_none() -> None:
    found, made = full(), by_key(full())
    table = made["foerderungen"]
    donors = made["foerdermittel"]
    assert len(table.rows) == sum_of(donors, "Förderungen")
    empty = [row for row in table.rows if row[4] is None]
    assert 0 < len(empty) == sum_of(donors, "davon Betrag nicht bekannt")
    assert {row[0] for row in table.rows} == {
        code for donor in found.effect.donors for code in donor.codes
    }
    assert {row[3] for row in table.rows} == {"KOMM-AN NRW"}


def test_an_ended_foerderung_without_an_amount_is_not_known() -> None:
    made = deepcopy(documents(1, goals=6)[-1])
    grant = next(
        line for item in made["measures"] for line in (item["report"] or {}).get("funding", ())
    )
    grant |= {"amount": None, "end": "2020-01-01"}
    amounts = [row[4] for row in by_key(report(made))["foerderungen"].rows]
    assert "nicht bekannt, beendet" in amounts


def sum_of(table: Table, name: str) -> Value:
    return sums_of(table)[name]


def test_what_nobody_said_is_empty_and_never_a_zero() -> None:
    table = by_key(full())["mittel-massnahmen"]
    money = [column.name for column in table.columns].index("Kosten (Plan)")
    cells = {row[money] for row in table.rows}
    assert None in cells
    assert Money(Decimal(0)) not in cells


def test_a_group_under_5_is_in_no_number() -> None:
    table = by_key(full())["mittel-massnahmen"]
    people = [column.name for column in table.columns].index("Teilnehmende: Personen")
    hidden = [row for row in table.rows if row[-1]]
    assert hidden
    assert all(isinstance(row[people], str) for row in hidden)
    assert all(row[people] not in {1, 2, 3, 4} for row in table.rows)


@pytest.mark.parametrize("odd", ODD_ROUNDS, ids=lambda odd: odd.name)
def test_odd_rounds_make_whole_tables(odd: OddRound) -> None:
    assert_whole(tables(report(odd.document())))


def test_a_round_whose_year_is_not_at_hand_makes_whole_tables() -> None:
    made = documents(3, goals=2)
    assert report(made[-1]).effect.year == ""
    assert_whole(tables(report(made[-1])))
    assert_whole(tables(report(made[-1], compared=made[0])))


def test_a_version_compared_with_an_earlier_one_makes_whole_tables() -> None:
    corrected = next(odd for odd in ODD_ROUNDS if odd.name == "a correction").document()
    assert_whole(tables(report(corrected, compared=documents(1, goals=2)[0])))


def assert_whole(made: tuple[Table, ...]) -> None:
    assert len({table.key for table in made}) == len({table.name for table in made}) == len(made)
    for table in made:
        assert len(table.name) <= 31
        assert table.title
        heads = [column.name for column in table.columns]
        assert all(heads), table.key
        assert len(heads) == len(set(heads)), table.key
        assert {len(row) for row in table.rows} <= {len(heads)}, table.key


def test_the_first_table_lists_the_others() -> None:
    first, *others = tables(full())
    assert [row[0] for row in first.rows] == [table.name for table in others]
    assert [row[2] for row in first.rows] == [len(table.rows) for table in others]


def test_a_scope_says_what_is_left_out() -> None:
    assert tables(full("one field"))[0].sentence == full("one field").scope_note != ""
    assert tables(full())[0].sentence == "Alle Angaben der veröffentlichten Runde."
