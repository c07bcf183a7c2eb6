"""When the watch writes: once for a fault that lasts, and once when all is well again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tracker.watch.rules.condition import Condition, Part


@dataclass(frozen=True)
class Remembered:
    """What one run leaves to the next.

    `seen` are its faults, `told` those that a mail was sent about; `recipients` are whom to write
    to while the database cannot say.
    """

    seen: frozenset[Part] = frozenset()
    told: frozenset[Part] = frozenset()
    recipients: tuple[str, ...] = ()


def lasting(before: Remembered, found: Mapping[Part, Condition]) -> frozenset[Part]:
    """Return the faults to write about: there for more than one run, one of them not told yet."""
    last = before.seen & _in(found, Condition.FAULT)
    return last if last - before.told else frozenset()


def is_over(before: Remembered, found: Mapping[Part, Condition]) -> bool:
    """Return whether what was told is over, and nothing else has come."""
    return bool(before.told) and _in(found, Condition.FINE) == set(found)


def after(before: Remembered, found: Mapping[Part, Condition], *, sent: bool) -> Remembered:
    """Return what to remember; where the mail was not `sent`, the next run tries it again."""
    told = (before.told | lasting(before, found)) - _in(found, Condition.FINE)
    seen = _in(found, Condition.FAULT)
    return replace(before, seen=seen, told=told if sent else before.told)


def _in(found: Mapping[Part, Condition], condition: Condition) -> frozenset[Part]:
    return frozenset(part for part, how in found.items() if how is condition)
