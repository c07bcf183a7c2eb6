"""What a document says of the rounds before, counted from their versions in force, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import takewhile

from tracker.core.periods import Period
from tracker.publication.rules.document import CarriedRecord, ValueRecord
from tracker.publication.rules.facts import EarlierFact
from tracker.publication.rules.snapshot_json import decimal
from tracker.reporting.rules.figures import running_sum


def carried(key: str, earlier: Iterable[EarlierFact]) -> CarriedRecord | None:
    """Return the measure's last published value and its round."""
    for fact in earlier:
        value = fact.values.get(key)
        if value is not None:
            return {**value, "period": fact.round["period"], "label": fact.round["label"]}
    return None


def value_before(key: str, earlier: Sequence[EarlierFact]) -> ValueRecord | None:
    """Return the measure's value in the compared round."""
    return earlier[0].values.get(key) if earlier else None


def confirmed_in_a_row(key: str, earlier: Iterable[EarlierFact], *, confirmed: bool) -> int:
    """Return how many published rounds in a row were confirmed unchanged, this one included.

    A round without a report, or with one that was written anew, ends the row.
    """
    if not confirmed:
        return 0
    return 1 + sum(1 for _ in takewhile(lambda fact: key in fact.confirmed, earlier))


def year_sum(
    measure: str,
    indicator: str,
    earlier: Iterable[EarlierFact],
    *,
    period: Period,
    value: Decimal | None,
) -> str | None:
    """Return what was reported for a Kennzahl in the calendar year, `value` in this round."""
    reported = [
        fact.indicators.get(measure, {}).get(indicator)
        for fact in earlier
        if Period.parse(fact.round["period"]).year == period.year
    ]
    return decimal(running_sum([*reported, value]))
