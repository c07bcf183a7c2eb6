"""Sums of what was done and spent against a plain recomputation from generated documents."""

from collections import defaultdict
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories_snapshot import documents
from tracker.publication.rules import effect
from tracker.publication.rules.effect import rounds_of_year
from tracker.publication.rules.snapshot_parts import EFFECT, split

Json = dict[str, Any]


@cache
def rounds() -> list[list[Json]]:
    """The part `effect` of four rounds, oldest first."""
    return [
        next(part.payload["measures"] for part in split(document) if part.kind == EFFECT)
        for document in documents(4)
    ]


def report(**said: Any) -> Json:
    nothing: Json = dict.fromkeys(("events", "staff", "staff_unit", "cost_planned", "cost_actual"))
    return nothing | {"participants": [], "funding": [], "districts": []} | said


def measure(code: str, **said: Any) -> Json:
    city = {"municipal_funding": None, "municipal_funding_period": ""}
    return {"code": code, "indicators": [], "ended": [], "report": report(**said)} | city


def silent(code: str) -> Json:
    return measure(code) | {"report": None}


amounts = st.none() | st.integers(0, 10**6).map(lambda cents: str(Decimal(cents) / 100))
lines = st.builds(
    lambda unit, count: {"unit": unit, "count": count, "suppressed": count is None},
    st.sampled_from(["persons", "cases", "participations"]),
    st.none() | st.just(0) | st.integers(5, 999),
)
grants = st.builds(
    lambda donor, amount: {"donor": donor, "amount": amount},
    st.sampled_from(["Land NRW", "land  nrw", "Stiftung", "ESF"]),
    amounts,
)
reports = st.none() | st.builds(
    report,
    participants=st.lists(lines, max_size=3),
    funding=st.lists(grants, max_size=3),
    events=st.none() | st.integers(0, 50),
    staff=st.none() | st.just("0") | st.just("0.5"),
    staff_unit=st.sampled_from(["fte", "hours"]),
    cost_planned=amounts,
    cost_actual=amounts,
)
measures = st.lists(st.tuples(reports, amounts), max_size=8).map(
    lambda given: [
        measure(f"1.{place}") | {"report": said, "municipal_funding": money}
        for place, (said, money) in enumerate(given, start=1)
    ]
)


def plain(items: list[Json], key: str) -> tuple[Decimal | None, list[str]]:
    """What anybody would write first: add what is there, remember who said it."""
    found, codes = None, []
    for item in items:
        if item["report"] is not None and item["report"][key] is not None:
            found = (found or Decimal(0)) + Decimal(item["report"][key])
            codes.append(item["code"])
    return found, codes


@settings(deadline=None)
@given(measures)
def test_every_sum_is_the_sum_of_what_was_reported(items: list[Json]) -> None:
    for figure, key in (
        (effect.events(items), "events"),
        (effect.planned(items), "cost_planned"),
        (effect.actual(items), "cost_actual"),
    ):
        assert (figure.value, list(figure.codes)) == plain(items, key)
        assert figure.total == len(items)
    for unit, known in effect.staff(items).items():
        own = [item for item in items if item["report"] and item["report"]["staff_unit"] == unit]
        assert (known.value, list(known.codes)) == plain(own, "staff")
    told = [item["municipal_funding"] for item in items if item["municipal_funding"] is not None]
    given_ = effect.municipal_funding(items)
    assert given_.value == (sum(map(Decimal, told), Decimal(0)) if told else None)


@settings(deadline=None)
@given(measures)
def test_participants_are_added_by_unit_from_what_is_published(items: list[Json]) -> None:
    shown: defaultdict[str, list[int]] = defaultdict(list)
    hidden: defaultdict[str, int] = defaultdict(int)
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for item in items:
        for line in (item["report"] or {}).get("participants", ()):
            codes[line["unit"]].add(item["code"])
            if line["suppressed"]:
                hidden[line["unit"]] += 1
            else:
                shown[line["unit"]].append(line["count"])
    found = effect.participants(items)
    assert {unit.value for unit in found} == set(codes)
    for unit, figure in found.items():
        expected = sum(shown[unit.value]) if shown[unit.value] else None
        assert (figure.people.shown, figure.people.hidden) == (expected, hidden[unit.value])
        assert set(figure.codes) == codes[unit.value]
        assert len(figure.codes) == len(set(figure.codes)) <= figure.total


@settings(deadline=None)
@given(measures)
def test_funding_by_donor_adds_up_to_all_of_it(items: list[Json]) -> None:
    whole, parts = effect.funding(items), effect.funding_by_donor(items)
    assert sum(part.lines for part in parts) == whole.lines
    assert sum(part.unknown for part in parts) == whole.unknown
    given_ = [part.known.value for part in parts if part.known.value is not None]
    assert (sum(given_, Decimal(0)) if given_ else None) == whole.known.value
    assert {code for part in parts for code in part.known.codes} == set(whole.known.codes)
    assert len({part.donor.casefold() for part in parts}) == len(parts), "one Geber, one line"


@settings(deadline=None)
@given(measures)
def test_costs_are_compared_where_both_are_known(items: list[Json]) -> None:
    both = [
        (item["code"], Decimal(said["cost_planned"]), Decimal(said["cost_actual"]))
        for item in items
        if (said := item["report"]) and said["cost_planned"] and said["cost_actual"]
    ]
    found = effect.compared_costs(items)
    assert list(found.planned.codes) == list(found.actual.codes) == [code for code, *_ in both]
    assert found.planned.value == (sum(plan for _, plan, _ in both) if both else None)
    assert found.actual.value == (sum(spent for *_, spent in both) if both else None)
    assert list(found.over) == [code for code, plan, spent in both if spent > plan]
    assert found.planned.total == len(items)


def test_unknown_is_not_zero_and_zero_is_not_unknown() -> None:
    items = [silent("1.1"), measure("1.2"), measure("1.3", events=0, cost_actual="0")]
    assert effect.events(items) == effect.Known(Decimal(0), ("1.3",), 3)
    assert effect.actual(items).value == 0
    assert effect.planned(items) == effect.Known(None, (), 3)
    assert effect.staff(items) == {}
    assert effect.participants(items) == {}
    assert effect.funding(items) == effect.Grants("", effect.Known(None, (), 3), 0, 0)


def test_over_the_year_a_measure_counts_once_and_its_quantities_as_often_as_reported() -> None:
    quarter = [measure("1.1", events=2), silent("1.2")]
    assert effect.events(quarter + quarter) == effect.Known(Decimal(4), ("1.1",), 2)
    four = [item for items in rounds() for item in items]
    total = sum(Decimal(effect.events(items).value or 0) for items in rounds())
    assert effect.events(four).value == total
    assert effect.events(four).total == 58


PERIODS = ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3", "2027-Q1", "2024-H2", "2025-H1"]


@pytest.mark.parametrize(
    ("until", "counted"),
    [
        ("2026-Q3", ("2026-Q1", "2026-Q2", "2026-Q3")),
        ("2026-Q1", ("2026-Q1",)),
        ("2025-Q4", ("2025-H1", "2025-Q4")),
        ("2024-H2", ("2024-H2",)),
    ],
)
def test_a_year_holds_its_rounds_up_to_the_one_shown(until: str, counted: tuple[str, ...]) -> None:
    assert rounds_of_year(PERIODS, until=until) == counted
