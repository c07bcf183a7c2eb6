"""Sections of the report with numbers of their own: Rücklauf, rounds, institutions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import takewhile

from tracker.publication.reading.model_values import Ratio, Spread, Standing
from tracker.publication.reading.table import Table
from tracker.reporting.rules.figures import Value as StatusValue


@dataclass(frozen=True)
class ReturnsRow:
    """The Rücklauf of a Handlungsfeld, a round, an institution or the whole.

    `ratios` are Rücklauf, angenommen, Termintreue, each n of the frozen expected set without the
    `waived` reports. `key` is that of a round ("2026-Q3"), a Handlungsfeld ("3"), an institution;
    `codes` are the measures that an institution was to report on.
    """

    name: str
    ratios: tuple[Ratio, ...]
    waived: int
    key: str = ""
    codes: tuple[str, ...] = ()

    @property
    def completeness(self) -> Ratio:
        return self.ratios[0]

    @property
    def timeliness(self) -> Ratio:
        return self.ratios[2]

    @property
    def expected(self) -> int:
        return self.completeness.total


@dataclass(frozen=True)
class Returns:
    """Rücklauf: by Handlungsfeld in the order of the concept and over rounds; nobody is ranked.

    `rounds` are the earlier rounds known, oldest first, and this one; `waivers` lists the waived
    reports with their reasons.
    """

    sentences: tuple[str, ...]
    whole: ReturnsRow
    fields: tuple[ReturnsRow, ...]
    rounds: tuple[ReturnsRow, ...]
    waivers: Table


class Known(StrEnum):
    """What a round knows of a measure; ABSENT: it is not in its concept."""

    REPORTED = "reported"
    CARRIED = "carried"
    SILENT = "silent"
    REFERENCE = "reference"
    ABSENT = "absent"


@dataclass(frozen=True)
class RoundCell:
    """A measure in one round; `text` says all of it, `standing` is what to draw.

    `word` is the Umsetzungsstand the round itself knows, or why there is none; `value` is what was
    reported in it. A CARRIED standing is from the earlier quarter `origin` and counts in no sum;
    it must never look like one that was reported.
    """

    kind: Known
    text: str
    word: str
    standing: Standing | None = None
    origin: str = ""
    value: StatusValue | None = None


@dataclass(frozen=True)
class RoundLine:
    """A measure over the rounds, oldest first; `earlier` are the rounds before those shown."""

    code: str
    display_text: str
    field: str
    cells: tuple[RoundCell, ...]
    earlier: tuple[RoundCell, ...] = ()

    @property
    def is_reference(self) -> bool:
        """Return whether no round asks for a report."""
        return {cell.kind for cell in self.cells} <= {Known.REFERENCE, Known.ABSENT}

    @cached_property
    def values(self) -> list[StatusValue | None]:
        """Return the reported values of the rounds in a row that ask for a report until now."""
        asked = takewhile(
            lambda cell: cell.kind not in (Known.REFERENCE, Known.ABSENT),
            reversed((*self.earlier, *self.cells)),
        )
        return [cell.value for cell in asked][::-1]


@dataclass(frozen=True)
class Standstill:
    """What stood still: each measure with its number of rounds, the longest first.

    `threshold` is the number of rounds from which on a measure is named, `total` how many
    measures are reported on.
    """

    threshold: int
    total: int
    stuck: tuple[tuple[RoundLine, int], ...]
    unchanged: tuple[tuple[RoundLine, int], ...]
    silent: tuple[tuple[RoundLine, int], ...]


@dataclass(frozen=True)
class Rounds:
    """Measures × rounds with the distribution of each round; the last round is the reported one."""

    sentence: str
    labels: tuple[str, ...]
    lines: tuple[RoundLine, ...]
    spreads: tuple[Spread, ...]


@dataclass(frozen=True)
class InstitutionSection:
    """An institution in this round: codes of the measures it leads and takes part in.

    `returns` is its own Rücklauf, None where no report of it was expected.
    """

    key: str
    name: str
    short_name: str
    leads: tuple[str, ...]
    takes_part: tuple[str, ...]
    returns: ReturnsRow | None


@dataclass(frozen=True)
class Compared:
    """The compared round over the measures of this one: the whole, and each Handlungsfeld."""

    label: str
    spread: Spread
    fields: tuple[Spread, ...]
