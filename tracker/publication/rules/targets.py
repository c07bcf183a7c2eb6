"""A Kennzahl against its target or condition."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal

from tracker.publication.rules.document import IndicatorRecord, OperatorCode

_MEETS: Mapping[OperatorCode, Callable[[Decimal, Decimal], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "=": operator.eq,
}


def counted(indicator: IndicatorRecord) -> Decimal | None:
    """Return what is held against the target: the year's sum of a yearly one, else the value.

    `indicator` as in the snapshot; None where nothing was reported.
    """
    given = indicator["year_sum"] if indicator["per_year"] else indicator["value"]
    return None if given is None else Decimal(given)


def meets(indicator: IndicatorRecord) -> bool | None:
    """Return whether the target or condition is met; None where nothing was reported."""
    value = counted(indicator)
    compare = _MEETS[indicator["operator"]]
    return None if value is None else compare(value, Decimal(indicator["target"]))
