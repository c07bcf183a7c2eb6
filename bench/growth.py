"""How much slower pages become with more measures and more published rounds.

The two instances stand side by side and are loaded in turn, so that a machine that is busy with
other things slows down both. One pair of loads says little; their median says it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from statistics import median

from bench import wrk
from bench.pages import OVERVIEW, Page
from bench.results import Limit

# The Überblick: measures, and how many times slower than with the concept's own it may be.
BY_MEASURES = {580: 1.1, 5800: 1.5}
BY_ROUNDS = 1.2
FEW, MANY = 4, 40
_TURNS = 7

# An instance: its address and its pages.
Instance = tuple[str, Sequence[Page]]
Rate = Callable[[str, Page], float]


def loaded(address: str, page: Page) -> float:
    """Return the page's requests per second under a load of one second."""
    return wrk.run(address, page.request, seconds=1).requests_per_s


def by_measures(
    concept: Instance, larger: Instance, *, sizes: tuple[int, int], rate: Rate = loaded
) -> list[Limit]:
    """Return how much slower the Überblick is with more measures; `sizes` are both numbers."""
    few, many = sizes
    return [
        Limit(
            f"{OVERVIEW}: so viel langsamer mit {many} statt {few} Maßnahmen",
            slower,
            BY_MEASURES[many],
        )
        for name, slower in _slower(concept, larger, rate)
        if name == OVERVIEW
    ]


def by_rounds(few: Instance, many: Instance, *, rate: Rate = loaded) -> list[Limit]:
    """Return how much slower every page is with many published rounds."""
    return [
        Limit(f"{name}: so viel langsamer mit {MANY} statt {FEW} Runden", slower, BY_ROUNDS)
        for name, slower in _slower(few, many, rate)
    ]


def _slower(one: Instance, other: Instance, rate: Rate) -> Iterator[tuple[str, float]]:
    """Give each page that both have, and how many times slower the other's is."""
    others = {page.name: page for page in other[1]}
    for page in one[1]:
        if page.name not in others:
            continue
        found = []
        page.checked()
        others[page.name].checked()
        for _ in range(_TURNS):
            before = rate(one[0], page)
            found.append(before / rate(other[0], others[page.name]))
        yield page.name, median(found)
