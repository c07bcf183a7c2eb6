"""When the watch writes: once for a fault that lasts, and once when all is well again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tracker.watch.rules.condition import Condition, Part


@dataclass(frozen=True)
class Remembered:
    """What one run leaves to the next.

    `seen` are its faults, `mailed` those that a mail was sent about; `recipients` are whom to write
    to while the database cannot say.
    """

    seen: frozenset[Part] = frozenset()
    mailed: frozenset[Part] = frozenset()
    recipients: tuple[str, ...] = ()


def lasting(before: Remembered, now: Mapping[Part, Condition]) -> frozenset[Part]:
    """Return the faults to write about: there for more than one run, one of them not mailed yet."""
    last = before.seen & _in(now, Condition.FAULT)
    return last if last - before.mailed else frozenset()


def is_over(before: Remembered, now: Mapping[Part, Condition]) -> bool:
    """Return whether what was mailed about is over, and nothing else has come."""
    return bool(before.mailed) and _in(now, Condition.FINE) == set(now)


def after(before: Remembered, now: Mapping[Part, Condition], *, sent: bool) -> Remembered:
    """Return what to remember; where the mail was not `sent`, the next run tries it again."""
    mailed = (before.mailed | lasting(before, now)) - _in(now, Condition.FINE)
    seen = _in(now, Condition.FAULT)
    return replace(before, seen=seen, mailed=mailed if sent else before.mailed)


def _in(now: Mapping[Part, Condition], condition: Condition) -> frozenset[Part]:
    return frozenset(part for part, how in now.items() if how is condition)
