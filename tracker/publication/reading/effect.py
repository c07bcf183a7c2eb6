"""Wirkung und Mittel: what measures did, cost and were given, as values for pages and papers.

Every sum is computed by `tracker.publication.rules.effect` from what is published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property, partial

from tracker.core.german import UNKNOWN
from tracker.publication.reading import sentences_effect as sentences
from tracker.publication.reading.measure import goal_of, state_of
from tracker.publication.reading.model_values import Money, Quantity
from tracker.publication.reading.words import Words, day, decimal, money, written
from tracker.publication.rules import effect as rules
from tracker.publication.rules.document import (
    EffectMeasure,
    FieldName,
    IndicatorRecord,
    MeasureIndex,
)
from tracker.publication.rules.effect import Costs, Grants, Known
from tracker.publication.rules.targets import meets
from tracker.reporting.rules.content import ParticipantUnit, StaffUnit

Lines = Sequence[EffectMeasure]
PEOPLE = tuple(unit.value for unit in ParticipantUnit)
STAFF = tuple(unit.value for unit in StaffUnit)
_NOT_ADDED = "nicht addiert"
_PERIODS = "je Zeitraum, nicht addiert"
# Ends the key of a figure over the measures that name both Plan and Ist.
BOTH = "_both"


@dataclass(frozen=True)
class Figure:
    """A figure: how it is read, and whether its rounds are added to the year.

    `key` is the same in every table: persons, cases, participations, events, fte, hours,
    cost_planned, cost_actual, funding, municipal_funding.
    """

    key: str
    label: str
    read: Callable[[Lines], Quantity]
    is_added: bool


@dataclass(frozen=True)
class EffectLine:
    """One figure of the concept: this round, the compared one, and the calendar year so far.

    `before` is None without a compared round, `year` where rounds are not added; `year_rounds`
    says of how many rounds ("2 von 3"), `rounds` names those with a report.
    """

    key: str
    label: str
    now: Quantity
    before: Quantity | None
    year: Quantity | None
    year_rounds: str
    rounds: tuple[str, ...]


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
class OverPlan:
    """A measure that cost `more` than planned."""

    code: str
    display_text: str
    planned: Decimal
    actual: Decimal

    @property
    def more(self) -> Decimal:
        return self.actual - self.planned


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
    """One Förderung of a measure; `amount` is None where nobody named it.

    `has_ended`: before the round began, so it is in no sum.
    """

    code: str
    display_text: str
    donor: str
    programme: str
    amount: Money | None
    start: date | None
    end: date | None
    has_ended: bool


@dataclass(frozen=True)
class IndicatorRow:
    """A Kennzahl against its target or condition; `met` is None where nothing was reported.

    `year_sum` is given for yearly ones only; `goal` reads "4 Veranstaltungen je Jahr",
    `state` "noch nicht erreicht".
    """

    code: str
    name: str
    unit: str
    value: Decimal | None
    year_sum: Decimal | None
    kind: str
    kind_label: str
    target: Decimal
    goal: str
    met: bool | None
    state: str


@dataclass(frozen=True)
class Reported:
    """The published lines (snapshot part `effect`) that all figures are about.

    `measures` are those reported on (code, field, display_text), `now` their lines of the round
    `label`, `compared` those of the round compared with, `rounds` those of each round of the
    calendar year so far, oldest first; none where not all of them are known.
    """

    words: Words
    label: str
    year: int
    fields: Sequence[FieldName]
    measures: Sequence[MeasureIndex]
    now: Lines
    compared: tuple[str, Lines] | None
    rounds: Sequence[tuple[str, Lines]]

    @property
    def year_lines(self) -> list[EffectMeasure]:
        return [line for _, lines in self.rounds for line in lines]


@dataclass(frozen=True)
class Effect:
    """Förderung und Wirkung: n of N at each sum, units never mixed, unknown never a 0.

    Computed when it is asked for: a page shows other parts than a paper.
    """

    reported: Reported

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return the most important first; the others stand above their tables."""
        reported = self.reported
        return (
            *((sentences.which_over_plan(self.compared_costs),) if self.both_costs else ()),
            sentences.silent(len(self.silent), len(reported.now), reported.label),
        )

    @property
    def before(self) -> str:
        """Return the round compared with, e.g. "Q2/2026"; "" without one."""
        return self.reported.compared[0] if self.reported.compared else ""

    @property
    def year(self) -> str:
        """Return "Jahr 2026 bisher", "" where the year is not known."""
        return f"Jahr {self.reported.year} bisher" if self.reported.rounds else ""

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Return the figures in the order of the form; units nobody reported are left out."""
        reported = self.reported
        earlier = reported.compared[1] if reported.compared else ()
        lines = [*reported.year_lines, *reported.now, *earlier]
        return tuple(
            figures(reported.words, tuple(rules.participants(lines)), tuple(rules.staff(lines)))
        )

    @cached_property
    def lines(self) -> tuple[EffectLine, ...]:
        return tuple(map(self._line, self.figures))

    def _line(self, figure: Figure) -> EffectLine:
        reported = self.reported
        added = figure.is_added and bool(reported.rounds)
        rounds = tuple(
            label for label, lines in reported.rounds if added and figure.read(lines).count
        )
        of_year = f"{len(rounds)} von {len(reported.rounds)}"
        return EffectLine(
            key=figure.key,
            label=figure.label,
            now=figure.read(reported.now),
            before=figure.read(reported.compared[1]) if reported.compared else None,
            year=figure.read(reported.year_lines) if added else None,
            year_rounds=of_year if added else _NOT_ADDED if reported.rounds else "",
            rounds=rounds,
        )

    @cached_property
    def first_lines(self) -> tuple[EffectLine, ...]:
        """Return the lines, and below Plan and Ist what of each can be compared with the other.

        Sums over different measures would be read as a comparison.
        """
        parts = {figure.key: figure for figure in _comparable(self.reported.words)}
        lines = []
        for line in self.lines:
            lines.append(line)
            if line.key in parts:
                lines.append(self._line(replace(parts[line.key], key=f"{line.key}{BOTH}")))
        return tuple(lines)

    @cached_property
    def by_key(self) -> dict[str, EffectLine]:
        return {line.key: line for line in self.lines}

    @cached_property
    def groups(self) -> tuple[tuple[str, str, Lines], ...]:
        """Return the Handlungsfelder with a measure that is reported on, and their lines."""
        field_of = {measure["code"]: measure["field"] for measure in self.reported.measures}
        groups = [
            (
                field["code"],
                field["name"],
                [line for line in self.reported.now if field_of[line["code"]] == field["code"]],
            )
            for field in self.reported.fields
        ]
        return tuple(group for group in groups if group[2])

    @cached_property
    def fields(self) -> tuple[EffectRow, ...]:
        return tuple(
            EffectRow(str(position), name, tuple(figure.read(lines) for figure in self.figures))
            for position, name, lines in self.groups
        )

    def of_fields(self, key: str) -> tuple[Quantity, ...]:
        """Return one figure of each Handlungsfeld, in the order of `fields`."""
        place = next(at for at, figure in enumerate(self.figures) if figure.key == key)
        return tuple(row.quantities[place] for row in self.fields)

    @cached_property
    def measures(self) -> tuple[EffectRow, ...]:
        texts = self._texts
        return tuple(
            EffectRow(
                line["code"],
                texts[line["code"]],
                tuple(figure.read([line]) for figure in self.figures),
            )
            for line in self.reported.now
        )

    @property
    def _texts(self) -> dict[str, str]:
        return {measure["code"]: measure["display_text"] for measure in self.reported.measures}

    @cached_property
    def silent(self) -> tuple[str, ...]:
        """Return the measures of which nothing is known."""
        return rules.silent(self.reported.now)

    @cached_property
    def compared_costs(self) -> Costs:
        return rules.compared_costs(self.reported.now)

    @property
    def both_costs(self) -> tuple[str, ...]:
        """Return the measures that name Plan and Ist."""
        return self.compared_costs.planned.codes

    @property
    def costs_sentence(self) -> str:
        return sentences.costs(self.compared_costs)

    @cached_property
    def costs(self) -> tuple[CostRow, ...]:
        """Return Plan and Ist of the whole, then of each Handlungsfeld."""
        return (
            _cost_row("Summe", self.reported.now),
            *(_cost_row(name, lines) for _, name, lines in self.groups),
        )

    @cached_property
    def over_plan(self) -> tuple[OverPlan, ...]:
        """Return the measures that cost more than planned, the largest difference first."""
        texts, over = self._texts, []
        for line in self.reported.now:
            costs = rules.compared_costs([line])
            planned, actual = costs.planned.value, costs.actual.value
            if costs.over and planned is not None and actual is not None:
                over.append(OverPlan(line["code"], texts[line["code"]], planned, actual))
        return tuple(sorted(over, key=lambda measure: -measure.more))

    @cached_property
    def funding(self) -> Grants:
        return rules.funding(self.reported.now)

    @property
    def funding_sentence(self) -> str:
        return sentences.grants(self.funding, ended=len(self.ended))

    @cached_property
    def by_donor(self) -> tuple[Grants, ...]:
        return rules.funding_by_donor(self.reported.now)

    @cached_property
    def donors(self) -> tuple[DonorRow, ...]:
        return tuple(
            DonorRow(grants.donor, _grants(grants), grants.lines, grants.unknown, grants.codes)
            for grants in self.by_donor
        )

    @cached_property
    def grants(self) -> tuple[GrantRow, ...]:
        texts = self._texts
        return tuple(
            GrantRow(
                code=line["code"],
                display_text=texts[line["code"]],
                donor=grant["donor"],
                programme=grant["programme"],
                amount=money(grant["amount"]),
                start=day(grant["start"]),
                end=day(grant["end"]),
                has_ended=grant in line["ended"],
            )
            for line in self.reported.now
            if line["report"] is not None
            for grant in (*line["report"]["funding"], *line["ended"])
        )

    @property
    def ended(self) -> tuple[GrantRow, ...]:
        """Return the Förderungen that ended before the round began."""
        return tuple(grant for grant in self.grants if grant.has_ended)

    @property
    def municipal_sentence(self) -> str:
        return sentences.municipal(rules.municipal_funding(self.reported.now))

    @cached_property
    def indicators(self) -> tuple[IndicatorRow, ...]:
        words = self.reported.words
        return tuple(
            _indicator(code, indicator, words)
            for code, indicator in rules.indicators(self.reported.now)
        )

    @property
    def indicators_sentence(self) -> str:
        met = [indicator.met for indicator in self.indicators if indicator.kind == "target"]
        return " ".join((sentences.targets(met), *((sentences.TARGET_READ,) if met else ())))

    @property
    def note(self) -> str:
        return sentences.NOTE


def figures(
    words: Words,
    people: Sequence[ParticipantUnit] = tuple(ParticipantUnit),
    staff: Sequence[StaffUnit] = tuple(StaffUnit),
) -> Iterator[Figure]:
    """Return the figures in the order of the form, of people and staff in these units."""
    for unit in people:
        label = f"{words.field('participants')}: {words.choice('participant_unit', unit.value)}"
        yield Figure(unit.value, label, partial(_people, unit=unit), is_added=True)
    yield Figure("events", words.field("events"), _events, is_added=True)
    for post in staff:
        label = f"{words.field('staff')}: {words.choice('staff_unit', post.value)}"
        # Somebody who works all year is one post, not four; hours add up.
        added = post is StaffUnit.HOURS
        yield Figure(post.value, label, partial(_staff, unit=post), is_added=added)
    for key, read, added in (
        ("cost_planned", rules.planned, False),
        ("cost_actual", rules.actual, True),
    ):
        yield Figure(key, words.field(key), partial(_money, read=read), is_added=added)
    yield Figure("funding", words.field("funding"), _funding, is_added=False)
    yield Figure("municipal_funding", "Laufende städtische Förderung", _municipal, is_added=False)


def _comparable(words: Words) -> Iterator[Figure]:
    """Return Plan and Ist of the measures that name both."""
    plan, spent = words.field("cost_planned"), words.field("cost_actual")

    def planned(lines: Lines) -> Quantity:
        return _amount(rules.compared_costs(lines).planned)

    def actual(lines: Lines) -> Quantity:
        return _amount(rules.compared_costs(lines).actual)

    yield Figure("cost_planned", f"{plan}, davon mit Ist", planned, is_added=False)
    yield Figure("cost_actual", f"{spent}, davon mit Plan", actual, is_added=False)


def _people(lines: Lines, *, unit: ParticipantUnit) -> Quantity:
    participation = rules.people(lines, unit=unit)
    total = participation.people
    return Quantity(
        total.shown, sentences.people(total), participation.codes, participation.total, total.hidden
    )


def _events(lines: Lines) -> Quantity:
    known = rules.events(lines)
    return _quantity(None if known.value is None else int(known.value), known)


def _staff(lines: Lines, *, unit: StaffUnit) -> Quantity:
    known = rules.posts(lines, unit=unit)
    return _quantity(known.value, known)


def _funding(lines: Lines) -> Quantity:
    return _grants(rules.funding(lines))


def _grants(grants: Grants) -> Quantity:
    return replace(_amount(grants.known), unknown=grants.unknown)


def _municipal(lines: Lines) -> Quantity:
    quantity = _amount(rules.municipal_funding(lines))
    has_sum = quantity.value is not None or not quantity.codes
    return quantity if has_sum else replace(quantity, text=_PERIODS)


def _money(lines: Lines, *, read: Callable[[Lines], Known]) -> Quantity:
    return _amount(read(lines))


def _amount(known: Known) -> Quantity:
    return _quantity(None if known.value is None else Money(known.value), known)


def _quantity(value: int | Decimal | Money | None, known: Known) -> Quantity:
    text = UNKNOWN if value is None else written(value)
    return Quantity(value, text, known.codes, known.total)


def _cost_row(name: str, lines: Lines) -> CostRow:
    costs = rules.compared_costs(lines)
    return CostRow(name, _amount(costs.planned), _amount(costs.actual))


def _indicator(code: str, indicator: IndicatorRecord, words: Words) -> IndicatorRow:
    return IndicatorRow(
        code=code,
        name=indicator["name"],
        unit=indicator["unit"],
        value=decimal(indicator["value"]),
        year_sum=decimal(indicator["year_sum"]),
        kind=indicator["kind"],
        kind_label=words.choice("indicator_kind", indicator["kind"]),
        target=Decimal(indicator["target"]),
        goal=goal_of(indicator),
        met=meets(indicator),
        state=state_of(indicator),
    )
