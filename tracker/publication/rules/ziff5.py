"""What Ziff. 5 of the resolution asks for, counted: unknown is never zero (002, domain.md 3)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from tracker.reporting.rules.figures import Ratio, running_sum


class PeriodSum(NamedTuple):
    """What is funded for one Zeitraum, "" where none is named: the sum of `named` amounts."""

    period: str
    amount: Decimal
    named: int


@dataclass(frozen=True)
class Funding:
    """Laufende städtische Förderung: for how many it is known, and the sum of what is known.

    `without` of the known ones have no funding (0). `periods` are the sums of each Zeitraum in the
    order they are named; `total` is None where nothing is known, and where they differ: amounts
    for a year and for three are not added.
    """

    known: Ratio
    total: Decimal | None
    without: int
    periods: tuple[PeriodSum, ...] = ()


def counted(values: Iterable[str | None]) -> tuple[dict[str, int], Ratio]:
    given = list(values)
    counts = Counter(value for value in given if value is not None)
    return dict(counts), Ratio(sum(counts.values()), len(given))


def funding(amounts: Iterable[tuple[Decimal | None, str]]) -> Funding:
    """Return the sums of the amounts known, in euro, each with its Zeitraum."""
    given = list(amounts)
    known = [amount for amount, _ in given if amount is not None]
    by_period: defaultdict[str, list[Decimal]] = defaultdict(list)
    for amount, period in given:
        if amount:
            by_period[" ".join(period.split())].append(amount)
    return Funding(
        known=Ratio(len(known), len(given)),
        total=running_sum(known) if len(by_period) < 2 else None,
        without=sum(amount == 0 for amount in known),
        periods=tuple(
            PeriodSum(period, sum(funded, Decimal(0)), len(funded))
            for period, funded in by_period.items()
        ),
    )


def determined(texts: Iterable[str]) -> Ratio:
    """Return for how many a text is given that is more than blank."""
    given = list(texts)
    return Ratio(sum(bool(text.strip()) for text in given), len(given))
