"""Since when a decision is asked for, and what became of earlier ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.publication.rules.decisions import (
    Asking,
    Earlier,
    Outcome,
    Since,
    asked_since,
    earlier,
    outcome,
)
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.status import FULFILLED, HALTED, TROUBLED, Course, Implementation

RUNS = Value(Implementation.IN_PROGRESS, Course.ON_TRACK)
BAD = Value(Implementation.IN_PROGRESS, Course.CRITICAL)
DONE = Value(Implementation.COMPLETED)
KEPT_BADLY = Value(Implementation.ESTABLISHED, Course.AT_RISK)
REST = Value(Implementation.DEFERRED)


def rounds(rows: str) -> list[Asking]:
    """Rounds of one measure 1.1: "x" asks, "." does not, "?" was not reported."""
    return [
        Asking(
            f"Q{place}",
            frozenset({"1.1"} if mark == "x" else ()),
            {"1.1": None if mark == "?" else BAD},
        )
        for place, mark in enumerate(rows, start=1)
    ]


@pytest.mark.parametrize(
    ("rows", "since", "count", "before"),
    [
        ("x", "Q1", 1, None),
        (".x", "Q2", 1, None),
        ("xxx", "Q1", 3, None),
        (".xx", "Q2", 2, None),
        ("x.xx", "Q3", 2, "Q1"),
        ("x?x", "Q3", 1, "Q1"),
        ("xx..x", "Q5", 1, "Q2"),
    ],
)
def test_a_decision_stands_since_the_first_round_of_the_row(
    rows: str, since: str, count: int, before: str | None
) -> None:
    assert asked_since(rounds(rows), "1.1") == Since(since, count, before)


@pytest.mark.parametrize("rows", ["", ".", "x.", "x?"])
def test_what_is_not_asked_for_now_does_not_stand(rows: str) -> None:
    with pytest.raises(ValueError, match=r"1\.1"):
        asked_since(rounds(rows), "1.1")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, Outcome.SILENT),
        (BAD, Outcome.TROUBLED),
        (KEPT_BADLY, Outcome.TROUBLED),
        (RUNS, Outcome.CALM),
        (Value(Implementation.NOT_STARTED), Outcome.CALM),
        (DONE, Outcome.FULFILLED),
        (REST, Outcome.HALTED),
    ],
)
def test_the_outcome_is_where_the_measure_stands_now(
    value: Value | None, expected: Outcome
) -> None:
    assert outcome(Asking("Q1", frozenset(), {"1.1": value}), "1.1") is expected
    assert outcome(Asking("Q1", frozenset(), {}), "1.1") is Outcome.GONE


def test_earlier_ones_come_once_with_their_last_round_the_pressing_first() -> None:
    past = [
        Asking("Q1", frozenset({"1.1", "2.10", "2.9", "3.1"}), {}),
        Asking("Q2", frozenset({"1.1", "4.1"}), {}),
        Asking(
            "Q3", frozenset({"3.1"}), {"1.1": DONE, "2.10": BAD, "2.9": BAD, "3.1": BAD, "4.1": BAD}
        ),
    ]
    assert earlier(past) == [
        Earlier("4.1", 1, Outcome.TROUBLED),
        Earlier("2.9", 0, Outcome.TROUBLED),
        Earlier("2.10", 0, Outcome.TROUBLED),
        Earlier("1.1", 1, Outcome.FULFILLED),
    ]
    assert earlier([]) == []
    assert earlier(past[:1]) == []


VALUES = st.none() | st.builds(
    Value, st.sampled_from(Implementation), st.none() | st.sampled_from(Course)
)
CODES = ("1.1", "1.2", "2.1")


@st.composite
def pasts(draw: st.DrawFn) -> list[Asking]:
    found = []
    for place in range(draw(st.integers(1, 6))):
        values = {code: draw(VALUES) for code in CODES if draw(st.booleans())}
        asked = frozenset(code for code, value in values.items() if value and draw(st.booleans()))
        found.append(Asking(f"R{place}", asked, values))
    return found


@given(pasts())
def test_both_lists_are_those_of_a_plain_walk_through_the_rounds(past: list[Asking]) -> None:
    for code in past[-1].asked:
        place = len(past) - 1
        while place > 0 and code in past[place - 1].asked:
            place -= 1
        older = [item.label for item in past[:place] if code in item.asked]
        assert asked_since(past, code) == Since(
            past[place].label, len(past) - place, older[-1] if older else None
        )
    expected = {}
    for code in CODES:
        places = [place for place, item in enumerate(past) if code in item.asked]
        if places and code not in past[-1].asked:
            expected[code] = places[-1]
    found = earlier(past)
    assert {item.key: item.round for item in found} == expected
    for item in found:
        value = past[-1].values.get(item.key)
        troubled = value is not None and value.course in TROUBLED
        assert (item.outcome is Outcome.TROUBLED) == troubled
        if item.outcome is Outcome.FULFILLED:
            assert value is not None
            assert value.implementation in FULFILLED
        if item.outcome is Outcome.HALTED:
            assert value is not None
            assert value.implementation in HALTED
        assert (item.outcome is Outcome.GONE) == (item.key not in past[-1].values)
