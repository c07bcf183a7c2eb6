"""What Ziff. 5 of the resolution asks for, counted: unknown is never zero (002, domain.md 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tracker.reporting.rules.figures import Ratio, running_sum


@dataclass(frozen=True)
class Funding:
    """Laufende städtische Förderung: for how many it is known, and the sum of what is known.

    `total` is None where nothing is known; `without` of the known ones have no funding (0).
    """

    known: Ratio
    total: Decimal | None
    without: int


def counted(values: Iterable[str | None]) -> tuple[dict[str, int], Ratio]:
    given = list(values)
    counts = Counter(value for value in given if value is not None)
    return dict(counts), Ratio(sum(counts.values()), len(given))


def funding(amounts: Iterable[Decimal | None]) -> Funding:
    """Return the sum of the amounts known, in euro, and on how many it rests."""
    given = list(amounts)
    known = [amount for amount in given if amount is not None]
    return Funding(
        known=Ratio(len(known), len(given)),
        total=running_sum(given),
        without=sum(amount == 0 for amount in known),
    )


def determined(texts: Iterable[str]) -> Ratio:
    """Return for how many a text is given that is more than blank."""
    given = list(texts)
    return Ratio(sum(bool(text.strip()) for text in given), len(given))
