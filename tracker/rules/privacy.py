"""What is left out when figures are published (domain.md 8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.rules.content import Participants, ParticipantUnit

SMALL_GROUP = 5


@dataclass(frozen=True)
class PublishedParticipants:
    """Teilnehmende as published: `count` is None where the group is too small to be shown."""

    unit: ParticipantUnit
    count: int | None
    suppressed: bool


def suppress(lines: Iterable[Participants]) -> tuple[PublishedParticipants, ...]:
    """Hide groups of 1 to 4; a reported 0 names nobody and stays a 0.

    Only single lines are published, no totals over measures: a hidden number cannot be found by
    subtraction. Whoever adds totals must leave out every total with exactly one hidden part.
    """
    return tuple(
        PublishedParticipants(line.unit, None, suppressed=True)
        if 0 < line.count < SMALL_GROUP
        else PublishedParticipants(line.unit, line.count, suppressed=False)
        for line in lines
    )
