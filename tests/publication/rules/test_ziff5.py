"""Ziff. 5 counted: unknown is not zero, and a zero is known."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.publication.rules.ziff5 import Funding, counted, determined, funding
from tracker.reporting.rules.figures import Ratio

ZERO, SOME = Decimal(0), Decimal("12500.50")


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        pytest.param([], Funding(Ratio(0, 0), None, 0), id="no measure"),
        pytest.param([None, None], Funding(Ratio(0, 2), None, 0), id="nothing known"),
        pytest.param([ZERO, None], Funding(Ratio(1, 2), ZERO, 1), id="a zero is known"),
        pytest.param(
            [SOME, None, ZERO, SOME],
            Funding(Ratio(3, 4), SOME * 2, 1, (("2026", SOME * 2, 2),)),
            id="some known",
        ),
    ],
)
def test_the_sum_of_funding_is_that_of_the_known_amounts(
    amounts: list[Decimal | None], expected: Funding
) -> None:
    assert funding((amount, "2026") for amount in amounts) == expected


def test_amounts_for_different_periods_are_not_added() -> None:
    amounts = [(SOME, "2026"), (SOME, " 2026 "), (SOME, "2025 bis 2027"), (ZERO, "2026")]
    municipal = funding(amounts)
    assert (municipal.total, municipal.known, municipal.without) == (None, Ratio(4, 4), 1)
    assert municipal.periods == (("2026", SOME * 2, 2), ("2025 bis 2027", SOME, 1))


@given(st.lists(st.sampled_from(["own", "shared", "third_party", None])))
def test_values_are_counted_and_what_is_not_determined_is_none_of_them(
    values: list[str | None],
) -> None:
    found, ratio = counted(values)
    plain = Counter(values)
    assert found == {key: count for key, count in plain.items() if key is not None}
    assert ratio == Ratio(len(values) - plain[None], len(values))


def test_a_blank_text_determines_nothing() -> None:
    assert determined(["", "  ", "Die Stadt kann beraten."]) == Ratio(1, 3)
