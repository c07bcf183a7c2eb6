"""Sections of the report with numbers of their own: effect and money, Rücklauf, rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import takewhile

from tracker.publication.reading.model_values import Money, Ratio, Spread, Standing
from tracker.publication.reading.table import Table
from tracker.publication.rules.measure_rounds import Kind
from tracker.reporting.rules.figures import Value as StatusValue


@dataclass(frozen=True)
class Quantity:
    """A sum of what was reported by `count` of `total` measures.

    `value` is None where nothing is known: never a 0. `text` is what is printed ("mindestens
    48", "nicht bekannt"). `hidden` groups under 5 are not in the value; with one of them it is a
    lower bound. `unknown` Förderungen name no amount and are not in it either.
    """

    value: int | Decimal | Money | None
    text: str
    count: int
    total: int
    hidden: int = 0
    unknown: int = 0

    @property
    def known(self) -> str:
        """Return "23 von 57"."""
        return f"{self.count} von {self.total}"


@dataclass(frozen=True)
class EffectLine:
    """One figure of the concept: this round, the compared one, and the calendar year so far.

    `key` is the same in every table: persons, cases, participations, events, fte, hours,
    cost_planned, cost_actual, funding, municipal_funding. `before` is None without a compared
    round, `year` where rounds are not added; `year_rounds` says of how many rounds ("2 von 3").
    """

    key: str
    label: str
    now: Quantity
    before: Quantity | None
    year: Quantity | None
    year_rounds: str


@dataclass(frozen=True)
class EffectRow:
    """A Handlungsfeld (code is its position) or a measure; quantities in the order of `lines`."""

    code: str
    name: str
    quantities: tuple[Quantity, ...]


@dataclass(frozen=True)
class CostRow:
    """Plan and Ist of the measures that name both: only these are compared."""

    name: str
    planned: Quantity
    actual: Quantity


@dataclass(frozen=True)
class DonorRow:
    """What one Geber gives in `lines` Förderungen, `unknown` of them without an amount."""

    donor: str
    amount: Quantity
    lines: int
    unknown: int
    codes: tuple[str, ...]


@dataclass(frozen=True)
class GrantRow:
    """One Förderung of a measure; `amount` is None where nobody named it."""

    code: str
    display_text: str
    donor: str
    programme: str
    amount: Money | None
    start: date | None
    end: date | None


@dataclass(frozen=True)
class IndicatorRow:
    """A Kennzahl against its target or condition; `met` is None where nothing was reported.

    `year_sum` is given for yearly ones only; `goal` reads "mindestens 4 Veranstaltungen je Jahr".
    """

    code: str
    name: str
    unit: str
    value: Decimal | None
    year_sum: Decimal | None
    kind: str
    kind_label: str
    operator: str
    target: Decimal
    goal: str
    met: bool | None


@dataclass(frozen=True)
class Effect:
    """Förderung und Wirkung: n of N at each sum, units never mixed, unknown never a 0.

    `sentences` are the most important first, the others stand above their tables. `before` and
    `year` head the columns ("Q2/2026", "Jahr 2026 bisher"); `before` is "" without a compared
    round. `costs` begins with the whole, the Handlungsfelder follow.
    """

    sentences: tuple[str, ...]
    before: str
    year: str
    lines: tuple[EffectLine, ...]
    fields: tuple[EffectRow, ...]
    measures: tuple[EffectRow, ...]
    costs_sentence: str
    costs: tuple[CostRow, ...]
    funding_sentence: str
    donors: tuple[DonorRow, ...]
    grants: tuple[GrantRow, ...]
    municipal_sentence: str
    indicators_sentence: str
    indicators: tuple[IndicatorRow, ...]
    note: str


@dataclass(frozen=True)
class ReturnsRow:
    """The Rücklauf of a Handlungsfeld, a round, an institution or the whole.

    `ratios` are Rücklauf, angenommen, Termintreue, each n of the frozen expected set without the
    `waived` reports. `key` is that of a round ("2026-Q3"), a Handlungsfeld ("3"), an institution.
    """

    name: str
    ratios: tuple[Ratio, ...]
    waived: int
    key: str = ""

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


@dataclass(frozen=True)
class RoundCell:
    """A measure in one round; `text` says all of it, `standing` is what to draw.

    `word` is the Umsetzungsstand the round itself knows, or why there is none; `value` is what was
    reported in it. A CARRIED standing is from the earlier quarter `origin` and counts in no sum;
    it must never look like one that was reported.
    """

    kind: Kind
    text: str
    word: str
    standing: Standing | None = None
    origin: str = ""
    value: StatusValue | None = None


@dataclass(frozen=True)
class RoundLine:
    """A measure over the rounds, oldest first."""

    code: str
    display_text: str
    field: str
    cells: tuple[RoundCell, ...]

    @property
    def is_reference(self) -> bool:
        """Return whether no round asks for a report."""
        return {cell.kind for cell in self.cells} <= {Kind.REFERENCE, Kind.ABSENT}

    @property
    def values(self) -> list[StatusValue | None]:
        """Return the reported values of the rounds in a row that ask for a report until now."""
        asked = takewhile(
            lambda cell: cell.kind not in (Kind.REFERENCE, Kind.ABSENT), reversed(self.cells)
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
