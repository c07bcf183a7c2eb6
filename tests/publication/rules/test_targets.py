"""Values against targets and conditions."""

import pytest

from tracker.publication.rules.targets import counted, meets


@pytest.mark.parametrize(
    ("operator", "below", "equal", "above"),
    [
        (">=", False, True, True),
        (">", False, False, True),
        ("=", False, True, False),
    ],
)
def test_each_operator_compares_with_the_target(
    operator: str, below: bool, equal: bool, above: bool
) -> None:
    for value, expected in (("29.9", below), ("30", equal), ("30.00", equal), ("30.1", above)):
        item = {"operator": operator, "target": "30", "per_year": False, "value": value}
        assert meets(item) is expected


def test_a_yearly_target_is_held_against_the_sum_of_the_year() -> None:
    item = {"operator": ">=", "target": "4", "per_year": True, "value": "1", "year_sum": "4"}
    assert meets(item) is True
    assert str(counted(item)) == "4"


@pytest.mark.parametrize("per_year", [True, False])
def test_what_was_not_reported_is_neither_met_nor_missed(per_year: bool) -> None:
    nothing = {"value": None, "year_sum": None, "per_year": per_year}
    assert meets(nothing | {"operator": "=", "target": "0"}) is None
    zero = {"value": "0", "year_sum": "0", "per_year": per_year}
    assert meets(zero | {"operator": "=", "target": "0"}) is True
