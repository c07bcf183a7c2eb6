"""Wirkung und Mittel: what the page is made of, and how its numbers are written in a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dashboards.content import sentences_effect as sentences
from tracker.core.german import UNKNOWN
from tracker.publication.reading.words import Json
from tracker.publication.rules import effect
from tracker.publication.rules.effect import Known, Participation
from tracker.reporting.rules.content import ParticipantUnit, StaffUnit

Figure = Callable[[Sequence[Json]], Known]
Printed = Callable[[Decimal | None], str]


@dataclass(frozen=True)
class Group:
    """The selected measures of one Handlungsfeld."""

    position: int
    name: str
    measures: tuple[Json, ...]


@dataclass(frozen=True)
class Data:
    """What the page is made of: lines of the snapshot's part `effect`, of the measures selected.

    `year` pairs each published round of the calendar year (label, oldest first) with its lines;
    the last of them is the round shown. `before` is the round compared with, None where there is
    none.
    """

    quarter: tuple[Json, ...]
    groups: tuple[Group, ...]
    year: tuple[tuple[str, tuple[Json, ...]], ...]
    year_number: int
    before: tuple[str, tuple[Json, ...]] | None = None

    @property
    def lines_of_year(self) -> tuple[Json, ...]:
        return tuple(line for _, lines in self.year for line in lines)

    def rounds_with(self, told: Callable[[Sequence[Json]], bool]) -> list[str]:
        """Return the labels of the year's rounds for which something was told."""
        return [label for label, lines in self.year if told(lines)]


def people_of_year(data: Data, unit: ParticipantUnit) -> tuple[str, list[str]]:
    """Return the sum of the year in words and the rounds it is made of."""
    rounds = data.rounds_with(lambda lines: unit in effect.participants(lines))
    found = effect.participants(data.lines_of_year).get(unit)
    return ("" if found is None else sentences.people(found.people)), rounds


def known_of_year(data: Data, figure: Callable[[Sequence[Json]], Known]) -> tuple[Known, list[str]]:
    """Return a sum over the year and the rounds it is made of."""
    return figure(data.lines_of_year), data.rounds_with(lambda lines: bool(figure(lines).codes))


def staff_of(lines: Sequence[Json], *, unit: StaffUnit) -> Known:
    """Return Personal in one unit, also where nobody reported any."""
    return effect.staff(lines).get(unit, Known(None, (), len({line["code"] for line in lines})))


def people_cells(found: Participation | None, total: int) -> tuple[str, str]:
    """Return Teilnehmende as printed, and n of N."""
    if found is None:
        return UNKNOWN, f"0 von {total}"
    return sentences.people(found.people), f"{len(found.codes)} von {found.total}"


def known_cells(known: Known, printed: Printed) -> tuple[str, str]:
    return printed(known.value), f"{len(known.codes)} von {known.total}"
