"""Every figure of a report against a plain recomputation from the document, over any round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.factories_snapshot import document as document_of
from tests.papers.round_strategies import rounds
from tests.papers.totals import current, plain_change
from tracker.publication.reading.content import report
from tracker.publication.reading.model import (
    Count,
    Money,
    Quantity,
    Ratio,
    Report,
    ReturnsRow,
    Spread,
)
from tracker.publication.reading.model_sections import Known
from tracker.publication.reading.scope import Scope

Json = dict[str, Any]


@cache
def earlier(period: str, goals: int) -> Json:
    return document_of(period, goals=goals)


@st.composite
def wanted(draw: DrawFn) -> tuple[Json, Report]:
    """A round with a report of any scope, compared with any round of the same concept."""
    document = draw(rounds())
    goals = sum(len(field["goals"]) for field in document["fields"])
    positions = [field["code"] for field in document["fields"]]
    scope = Scope(
        fields=frozenset(draw(st.lists(st.sampled_from(positions), max_size=2)))
        if positions
        else frozenset(),
        exceptions_only=draw(st.booleans()),
        sheets=draw(st.booleans()),
    )
    compared = draw(st.sampled_from([None, earlier("2026-Q1", goals)]))
    history = draw(st.sampled_from([(), (earlier("2026-Q2", goals),)]))
    made = report(document, compared=compared, scope=scope, history=history)
    chosen = [item for item in document["measures"] if item["field"] in (scope.fields or positions)]
    before = {} if compared is None else {item["code"]: item for item in compared["measures"]}
    if compared is not None:
        chosen = [again(item, before.get(item["code"])) for item in chosen]
    return document | {"chosen": chosen}, made


def again(item: Json, before: Json | None) -> Json:
    """The measure compared with another round, written down plainly."""
    if not item["reportable"]:
        return item | {"change": None, "previous_value": None}
    old, new = (before or {}).get("value"), item["value"]
    return item | {"previous_value": old, "change": plain_change(old, new)}


def leaves(document: Json) -> list[Json]:
    start = document["round"]["start"]
    return [current(item, start) for item in document["chosen"] if item["reportable"]]


def counted(lines: Iterable[Count]) -> dict[str, int]:
    return {line.mark.code: line.count for line in lines}


def check_spread(spread: Spread, measures: list[Json]) -> None:
    values = [item["value"] for item in measures]
    given = [value for value in values if value is not None]
    stands = Counter(value["implementation"] for value in given)
    stands["no_report"] = values.count(None)
    assert Counter(counted(spread.counts)) == stands
    courses = Counter(value["course"] or "course_not_asked" for value in given)
    assert Counter(counted(spread.courses)) == courses
    assert (spread.reported, spread.total) == (len(given), len(values))
    assert spread.with_course == len(given) - courses["course_not_asked"]


def check_ratios(ratios: tuple[Ratio, ...], measures: list[Json]) -> None:
    asked = [item["expected"] for item in measures if item["expected"]]
    asked = [item for item in asked if item["state"] != "waived"]
    counts = [
        sum(item["first_submitted_on"] is not None for item in asked),
        sum(item["state"] == "accepted" for item in asked),
        sum(item["punctuality"] == "on_time" for item in asked),
    ]
    for ratio, count in zip(ratios, counts, strict=True):
        assert (ratio.count, ratio.total) == (count, len(asked))
        share = ratio.percent
        assert (share is None) == (not asked)
        if share is not None:
            assert abs(share - Decimal(count * 100) / len(asked)) <= Decimal("0.05")


@settings(max_examples=10, deadline=None)
@given(wanted())
def test_distribution_and_ruecklauf_are_counted_right(made: tuple[Json, Report]) -> None:
    document, found = made
    check_spread(found.summary.spread, leaves(document))
    check_ratios(found.summary.returns, document["chosen"])
    check_ratios(found.returns.whole.ratios, document["chosen"])
    assert found.returns.rounds[-1].ratios == found.returns.whole.ratios
    waived = [
        item["code"]
        for item in document["chosen"]
        if item["expected"] and item["expected"]["state"] == "waived"
    ]
    assert [row[0] for row in found.returns.waivers.rows] == waived
    assert found.summary.waived == found.returns.whole.waived == len(waived)
    for section, row in zip(found.fields, found.returns.fields, strict=True):
        own = [item for item in document["chosen"] if item["field"] == section.code]
        check_spread(section.spread, [item for item in own if item["reportable"]])
        check_ratios(row.ratios, own)
        for goal in section.goals:
            check_spread(
                goal.spread,
                [item for item in own if item["goal"] == goal.code and item["reportable"]],
            )
    assert total_of(found.returns.fields) == expected_of(found.returns.whole)


def total_of(rows: Iterable[ReturnsRow]) -> tuple[int, int]:
    rows = list(rows)
    return sum(row.expected for row in rows), sum(row.waived for row in rows)


def expected_of(row: ReturnsRow) -> tuple[int, int]:
    return row.expected, row.waived


@settings(max_examples=10, deadline=None)
@given(wanted())
def test_changes_decisions_and_exceptions_are_counted_right(made: tuple[Json, Report]) -> None:
    document, found = made
    kinds = Counter(item["change"] for item in leaves(document) if item["change"])
    assert Counter(counted(found.summary.changes)) == kinds
    asking = {
        item["code"] for item in leaves(document) if item["report"] and told(item, "consequence")
    }
    assert {line.code for line in found.decisions} == asking
    exceptions = {item["code"] for item in leaves(document) if is_exception(item, asking)}
    every = {item["code"] for item in document["chosen"]}
    listed = [sheet.code for section in found.fields for sheet in section.sheets]
    assert len(listed) == len(set(listed))
    assert set(listed) == (exceptions if found.scope.exceptions_only else every)
    assert [line.code for line in found.rounds.lines] == listed
    assert {line.code for line in found.changes} <= set(listed)
    assert {s.code for f in found.fields for s in f.sheets if s.occasions} == exceptions


def told(item: Json, name: str) -> bool:
    return bool(item["report"][name].strip())


def is_exception(item: Json, asking: set[str]) -> bool:
    value = item["value"]
    return (
        value is None
        or value["course"] in ("at_risk", "critical")
        or item["reviewed"] is not None
        or item["change"] == "worse"
        or item["code"] in asking
    )


def check_sum(quantity: Quantity, values: list[Any], total: int) -> None:
    """A sum of amounts (None: not said): its value, and that it is never a 0 for nothing."""
    given = [Decimal(str(value)) for value in values if value is not None]
    value = quantity.value.amount if isinstance(quantity.value, Money) else quantity.value
    assert value == (sum(given) if given else None)
    assert quantity.total == total
    assert (quantity.text == "nicht bekannt") == (not given)


@settings(max_examples=10, deadline=None)
@given(wanted())
def test_effect_and_money_are_added_right(made: tuple[Json, Report]) -> None:
    document, found = made
    measures, effect = leaves(document), found.effect
    check_effect({line.key: line.now for line in effect.lines}, measures)
    keys = [line.key for line in effect.lines]
    groups = {field.code: field for field in found.fields}
    for row in effect.fields:
        own = [item for item in measures if str(item["field"]) == row.code]
        assert groups[row.code].name == row.name
        check_effect(dict(zip(keys, row.quantities, strict=True)), own)
    assert sum(row.quantities[0].total for row in effect.fields) == len(measures)
    assert [row.code for row in effect.measures] == [item["code"] for item in measures]
    for row, item in zip(effect.measures, measures, strict=True):
        check_effect(dict(zip(keys, row.quantities, strict=True)), [item])
    lines = [line for item in measures for line in (item["report"] or {}).get("funding", ())]
    assert sum(row.lines for row in effect.donors) == len(lines)
    assert sum(row.unknown for row in effect.donors) == sum(
        line["amount"] is None for line in lines
    )
    both = [item["report"] for item in measures if item["report"]]
    both = [
        item
        for item in both
        if item["cost_planned"] is not None and item["cost_actual"] is not None
    ]
    whole, *fields = effect.costs
    check_sum(whole.planned, [item["cost_planned"] for item in both], len(measures))
    check_sum(whole.actual, [item["cost_actual"] for item in both], len(measures))
    assert whole.planned.count == whole.actual.count == len(both)
    assert sum(row.planned.count for row in fields) == len(both)


def check_effect(shown: dict[str, Quantity], measures: list[Json]) -> None:
    reports = [item["report"] or {} for item in measures]
    for key in ("events", "cost_planned", "cost_actual"):
        values = [item.get(key) for item in reports]
        check_sum(shown[key], values, len(measures))
        assert shown[key].count == len(values) - values.count(None)
    for unit in ("fte", "hours"):
        values = [item.get("staff") for item in reports if item.get("staff_unit") == unit]
        if unit in shown:
            check_sum(shown[unit], values, len(measures))
        else:
            assert set(values) <= {None}
    check_sum(
        shown["funding"],
        [line["amount"] for item in reports for line in item.get("funding", ())],
        len(measures),
    )
    assert shown["funding"].count == sum(
        any(line["amount"] is not None for line in item.get("funding", ())) for item in reports
    )
    amounts = [item["ziff5"]["municipal_funding"] for item in measures]
    check_sum(shown["municipal_funding"], amounts, len(measures))
    for unit in ("persons", "cases", "participations"):
        lines = [
            line
            for item in reports
            for line in item.get("participants", ())
            if line["unit"] == unit
        ]
        if unit not in shown:
            assert lines == []
            continue
        public = [line["count"] for line in lines if not line["suppressed"]]
        assert shown[unit].value == (sum(public) if public else None)
        assert shown[unit].hidden == len(lines) - len(public)
        assert shown[unit].text.startswith("mindestens") == bool(public and shown[unit].hidden)


@settings(max_examples=10, deadline=None)
@given(wanted())
def test_the_last_column_of_the_rounds_is_this_round(made: tuple[Json, Report]) -> None:
    document, found = made
    assert found.rounds.spreads[-1].counts == found.summary.spread.counts
    assert len(found.rounds.labels) == len(found.rounds.spreads)
    values = {item["code"]: item for item in document["chosen"]}
    for line in found.rounds.lines:
        item, cell = values[line.code], line.cells[-1]
        assert (cell.kind is Known.REPORTED) == (item["value"] is not None)
        assert (cell.kind is Known.REFERENCE) == (not item["reportable"])
        if cell.kind is Known.CARRIED:
            assert cell.origin == item["carried"]["label"]
            assert cell.origin in cell.text


@settings(max_examples=10, deadline=None)
@given(wanted())
def test_the_list_of_municipal_funding_adds_up_to_its_figure(made: tuple[Json, Report]) -> None:
    document, found = made
    if found.scope.exceptions_only:
        return
    amounts = [row[2].amount for row in found.ziff5[3].rows if isinstance(row[2], Money)]
    line = next(line for line in found.effect.lines if line.key == "municipal_funding")
    assert line.now.value == (Money(sum(amounts, Decimal(0))) if amounts else None)
    assert line.now.count == len(amounts)
    assert found.ziff5[3].sentence.startswith(named(amounts, len(leaves(document))))


def named(amounts: list[Decimal], total: int) -> str:
    """What the list adds up to and how many measures it is about, for none, one and many."""
    if total == 0:
        return "Es gibt hier keine Maßnahme, über die berichtet wird."
    of = "1 Maßnahme" if total == 1 else f"{total} Maßnahmen"
    if not amounts:
        return f"Für keine von {of} ist eine laufende städtische Förderung bekannt."
    added = f"{sum(amounts):,.2f}".translate(str.maketrans(",.", ".,"))
    return f"Zusammen {added}\N{NO-BREAK SPACE}€, {len(amounts)} von {of} mit Angabe"
