"""Since when a decision is asked for, and where a measure stands that one was asked for.

Nobody records here what was decided; both follow from what was reported in published rounds
(issue 4, page 6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from tracker.core.text import natural_order
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.status import FULFILLED, HALTED, TROUBLED


@dataclass(frozen=True)
class Asking:
    """One round: for which measures a decision is asked for, and the values of all measures.

    `asked` are keys; `values` has every measure of the round by key; None = keine Meldung.
    """

    label: str
    asked: frozenset[str]
    values: Mapping[str, Value | None]


@dataclass(frozen=True)
class Since:
    """Since when a decision is asked for: from the round `label`, in so many `rounds` without gap.

    `before` is the last round in which it was asked for earlier, before a gap; None: never.
    """

    label: str
    rounds: int
    before: str | None


class Outcome(StrEnum):
    """Where a measure stands now for which a decision was asked for earlier and no longer is."""

    TROUBLED = "troubled"
    SILENT = "silent"
    CALM = "calm"
    HALTED = "halted"
    FULFILLED = "fulfilled"
    GONE = "gone"


@dataclass(frozen=True)
class Earlier:
    """A decision asked for earlier: when last (the place among the rounds) and what is now."""

    key: str
    round: int
    outcome: Outcome


def asked_since(rounds: Sequence[Asking], key: str) -> Since:
    """Return since when the newest round's decision is asked for; rounds oldest first.

    A round that does not ask ends the row, also where nothing was reported in it. Raises
    ValueError where the newest round asks for none.
    """
    row = list(takewhile(lambda asking: key in asking.asked, reversed(rounds)))
    if not row:
        raise ValueError(f"no decision is asked for {key}")
    older = rounds[: len(rounds) - len(row)]
    before = next((asking.label for asking in reversed(older) if key in asking.asked), None)
    return Since(row[-1].label, len(row), before)


def earlier(rounds: Sequence[Asking]) -> list[Earlier]:
    """Return what was asked for before the newest round and no longer is; rounds oldest first.

    Each measure once, with the last round that asked; the most pressing outcome first, the last
    asked first, then in the order of the keys.
    """
    if not rounds:
        return []
    newest = rounds[-1]
    last: dict[str, int] = {}
    for place, asking in enumerate(rounds[:-1]):
        last |= dict.fromkeys(asking.asked, place)
    points = [
        Earlier(key, place, outcome(newest, key))
        for key, place in last.items()
        if key not in newest.asked
    ]
    order = list(Outcome)
    return sorted(
        points,
        key=lambda point: (order.index(point.outcome), -point.round, natural_order(point.key)),
    )


def outcome(newest: Asking, key: str) -> Outcome:
    """Return where a measure stands in a round; a Verlauf that is troubled comes first."""
    if key not in newest.values:
        return Outcome.GONE
    value = newest.values[key]
    if value is None:
        return Outcome.SILENT
    if value.course in TROUBLED:
        return Outcome.TROUBLED
    if value.implementation in FULFILLED:
        return Outcome.FULFILLED
    return Outcome.HALTED if value.implementation in HALTED else Outcome.CALM
