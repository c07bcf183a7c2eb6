"""What is left out when figures are published (domain.md 8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.reporting.rules.content import Participants, ParticipantUnit

SMALL_GROUP = 5


@dataclass(frozen=True)
class PublishedParticipants:
    """Teilnehmende as published: `count` is None where the group is too small to be shown."""

    unit: ParticipantUnit
    count: int | None
    suppressed: bool


def suppress(lines: Iterable[Participants]) -> tuple[PublishedParticipants, ...]:
    """Hide groups of 1 to 4; a reported 0 names nobody and stays a 0.

    Totals are made of what this returns (`total`), never of the counts behind it.
    """
    return tuple(
        PublishedParticipants(line.unit, None, suppressed=True)
        if 0 < line.count < SMALL_GROUP
        else PublishedParticipants(line.unit, line.count, suppressed=False)
        for line in lines
    )


@dataclass(frozen=True)
class PublishedTotal:
    """Teilnehmende of several groups in one unit, as far as they are published.

    `shown` is the sum of the published counts, None where there is none; `hidden` says how many
    groups under 5 are not in it. With one of them, `shown` is a lower bound and said to be one.
    """

    shown: int | None
    hidden: int


def total(lines: Iterable[PublishedParticipants]) -> PublishedTotal:
    """Add what is published; raises ValueError for two units, which are never added.

    The sum of the hidden counts is part of no total: every published count stands on its
    measure's page, and filters select any measures, so that sum would always follow by
    subtraction, and with it the counts (docs/adr/0013). As no hidden count comes in here, none
    can come out, whatever totals are combined.
    """
    given = tuple(lines)
    if len({line.unit for line in given}) > 1:
        raise ValueError("Teilnehmende in verschiedenen Einheiten werden nicht addiert.")
    counts = [line.count for line in given if line.count is not None]
    return PublishedTotal(sum(counts) if counts else None, sum(line.suppressed for line in given))
