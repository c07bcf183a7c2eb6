"""How much slower pages become with more measures and more published rounds."""

from __future__ import annotations

from collections.abc import Mapping

from bench.pages import OVERVIEW
from bench.results import Limit

# The Überblick: measures, and how many times slower than with the concept's own it may be.
BY_MEASURES = {580: 1.1, 5800: 1.5}
BY_ROUNDS = 1.2
FEW, MANY = 4, 40
# Of each page its speed, as a share of the hello-world's at the same time.
Speeds = Mapping[str, float]


def by_measures(speeds: Mapping[int, Speeds], concept: int) -> list[Limit]:
    """Return how much slower the Überblick is with more measures than the `concept` has."""
    least = speeds[concept][OVERVIEW]
    return [
        Limit(
            f"{OVERVIEW}: so viel langsamer mit {measures} statt {concept} Maßnahmen",
            least / speeds[measures][OVERVIEW],
            limit,
        )
        for measures, limit in BY_MEASURES.items()
        if OVERVIEW in speeds.get(measures, {})
    ]


def by_rounds(few: Speeds, many: Speeds) -> list[Limit]:
    """Return how much slower every page is with many published rounds."""
    return [
        Limit(
            f"{name}: so viel langsamer mit {MANY} statt {FEW} Runden",
            few[name] / many[name],
            BY_ROUNDS,
        )
        for name in few
        if name in many
    ]
