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
    items = list(values)
    found = Counter(item for item in items if item is not None)
    return dict(found), Ratio(sum(found.values()), len(items))


def funding(amounts: Iterable[Decimal | None]) -> Funding:
    """Return the sum of the amounts known, in euro, and on how many it rests."""
    items = list(amounts)
    known = [item for item in items if item is not None]
    return Funding(
        known=Ratio(len(known), len(items)),
        total=running_sum(items),
        without=sum(item == 0 for item in known),
    )


def determined(texts: Iterable[str]) -> Ratio:
    """Return for how many a text is given that is more than blank."""
    items = list(texts)
    return Ratio(sum(bool(item.strip()) for item in items), len(items))
