"""What was done and spent, summed over measures and rounds: units apart, unknown is not zero.

Everything is read from what is published (the snapshot's part `effect`), so that no sum knows
more than its readers. Lists may hold several rounds: a measure counts once in n of N, its
quantities as often as they were reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Literal

from tracker.core.periods import Period
from tracker.publication.rules import ziff5
from tracker.publication.rules.document import EffectMeasure, FundingRecord, IndicatorRecord
from tracker.publication.rules.privacy import PublishedParticipants, PublishedTotal
from tracker.publication.rules.privacy import total as total_of
from tracker.reporting.rules.content import ParticipantUnit, StaffUnit
from tracker.reporting.rules.figures import running_sum


@dataclass(frozen=True)
class Known:
    """A sum of what was reported; `value` is None where nothing was.

    `codes` are the measures that reported it, of `total` measures.
    """

    value: Decimal | None
    codes: tuple[str, ...]
    total: int


@dataclass(frozen=True)
class Participation:
    """Teilnehmende in one unit; `codes` are the measures that reported it, of `total`."""

    people: PublishedTotal
    codes: tuple[str, ...]
    total: int


@dataclass(frozen=True)
class Costs:
    """Plan and Ist over the measures that name both; `over` are those that spent more."""

    planned: Known
    actual: Known
    over: tuple[str, ...]


@dataclass(frozen=True)
class Grants:
    """What one Geber gives; `unknown` of its `lines` name no amount.

    `codes` are the measures that name it, those of `known` name an amount too.
    """

    donor: str
    known: Known
    lines: int
    unknown: int
    codes: tuple[str, ...] = ()


def rounds_of_year(periods: Iterable[str], *, until: str) -> tuple[str, ...]:
    """Return the rounds of the calendar year of `until` that ended no later, oldest first."""
    shown = Period.parse(until)
    parsed = [Period.parse(key) for key in periods]
    counted = [period for period in parsed if period.year == shown.year and period.end <= shown.end]
    return tuple(period.key for period in sorted(counted, key=lambda period: period.end))


def participants(measures: Sequence[EffectMeasure]) -> dict[ParticipantUnit, Participation]:
    """Return Teilnehmende by unit, in the order of the units; without units nobody reported."""
    by_unit = {unit: people(measures, unit=unit) for unit in ParticipantUnit}
    return {unit: participation for unit, participation in by_unit.items() if participation.codes}


def people(measures: Sequence[EffectMeasure], *, unit: ParticipantUnit) -> Participation:
    """Return Teilnehmende in one unit, also where nobody reported any."""
    lines = [
        (measure["code"], PublishedParticipants(unit, line["count"], line["suppressed"]))
        for measure in measures
        if measure["report"] is not None
        for line in measure["report"]["participants"]
        if line["unit"] == unit.value
    ]
    total = total_of(line for _, line in lines)
    return Participation(total, _once(code for code, _ in lines), _count(measures))


def events(measures: Sequence[EffectMeasure]) -> Known:
    return _known(measures, lambda measure: _reported(measure, "events"))


def staff(measures: Sequence[EffectMeasure]) -> dict[StaffUnit, Known]:
    """Return Personal by unit; Vollzeitstellen and hours are never added."""
    by_unit = {unit: posts(measures, unit=unit) for unit in StaffUnit}
    return {unit: known for unit, known in by_unit.items() if known.codes}


def posts(measures: Sequence[EffectMeasure], *, unit: StaffUnit) -> Known:
    """Return Personal in one unit, also where nobody reported any."""
    return _known(measures, partial(_staff, unit=unit))


def planned(measures: Sequence[EffectMeasure]) -> Known:
    return _known(measures, lambda measure: _reported(measure, "cost_planned"))


def actual(measures: Sequence[EffectMeasure]) -> Known:
    return _known(measures, lambda measure: _reported(measure, "cost_actual"))


def compared_costs(measures: Sequence[EffectMeasure]) -> Costs:
    """Return Plan and Ist of the measures that name both; others cannot be compared."""
    both: list[EffectMeasure] = []
    over: list[str] = []
    for measure in measures:
        plan, spent = _reported(measure, "cost_planned"), _reported(measure, "cost_actual")
        if plan is not None and spent is not None:
            both.append(measure)
            if Decimal(spent) > Decimal(plan):
                over.append(measure["code"])
    total = _count(measures)
    return Costs(
        replace(planned(both), total=total), replace(actual(both), total=total), _once(over)
    )


def funding(measures: Sequence[EffectMeasure]) -> Grants:
    """Return Fördermittel of all Geber; a measure that names none has not said there are none."""
    return _grants("", _funding_lines(measures), _count(measures))


def funding_by_donor(measures: Sequence[EffectMeasure]) -> tuple[Grants, ...]:
    """Return Fördermittel by Geber, the largest known amount first.

    Names that differ in case or spaces only are one Geber, called as it was first.
    """
    groups: defaultdict[str, list[tuple[str, FundingRecord]]] = defaultdict(list)
    for code, line in _funding_lines(measures):
        groups[" ".join(line["donor"].split()).casefold()].append((code, line))
    grants = [
        _grants(" ".join(lines[0][1]["donor"].split()), lines, _count(measures))
        for lines in groups.values()
    ]
    return tuple(sorted(grants, key=lambda grant: -(grant.known.value or Decimal(-1))))


def municipal_funding(measures: Sequence[EffectMeasure]) -> Known:
    """Return the laufende städtische Förderung (002, Ziff. 5 d) in euro; a 0 is a 0.

    Amounts for different periods have no sum.
    """
    known = _known(measures, lambda measure: measure["municipal_funding"])
    amounts = (
        (Decimal(measure["municipal_funding"] or 0), measure["municipal_funding_period"])
        for measure in measures
    )
    has_sum = len(ziff5.funding(amounts).periods) < 2
    return known if has_sum else replace(known, value=None)


def has_ended(grant: FundingRecord, start: str) -> bool:
    """Return whether a Förderung ended before a round began; both days as "2026-07-01"."""
    return grant["end"] is not None and grant["end"] < start


def silent(measures: Sequence[EffectMeasure]) -> tuple[str, ...]:
    """Return the measures of which nothing is known: no quantity, no cost, no Förderung."""
    known = {measure["code"] for measure in measures if named(measure)}
    return _once(measure["code"] for measure in measures if measure["code"] not in known)


def named(measure: EffectMeasure) -> list[str]:
    """Return what is known of one measure, by the codes that filters use.

    Units of Teilnehmende and Personal by their own codes, the rest by the report's keys; `donor`
    where a Geber is named, with an amount or without.
    """
    alone = [measure]
    known = {
        "events": events(alone),
        "cost_planned": planned(alone),
        "cost_actual": actual(alone),
        "funding": funding(alone).known,
        "municipal_funding": municipal_funding(alone),
    }
    units = [unit.value for unit in participants(alone)] + [unit.value for unit in staff(alone)]
    donor = ["donor"] if measure["ended"] or funding(alone).lines else []
    return [*units, *(key for key, sums in known.items() if sums.codes), *donor]


def indicators(measures: Sequence[EffectMeasure]) -> tuple[tuple[str, IndicatorRecord], ...]:
    """Return every Kennzahl with the code of its measure, in the order of the concept."""
    return tuple(
        (measure["code"], indicator) for measure in measures for indicator in measure["indicators"]
    )


def _known(
    measures: Sequence[EffectMeasure], read: Callable[[EffectMeasure], int | str | None]
) -> Known:
    amounts = [(measure["code"], read(measure)) for measure in measures]
    given = [(code, Decimal(amount)) for code, amount in amounts if amount is not None]
    return Known(
        running_sum([amount for _, amount in given]),
        _once(code for code, _ in given),
        _count(measures),
    )


def _reported(
    measure: EffectMeasure, key: Literal["events", "cost_planned", "cost_actual"]
) -> int | str | None:
    report = measure["report"]
    return report[key] if report is not None else None


def _staff(measure: EffectMeasure, *, unit: StaffUnit) -> str | None:
    report = measure["report"]
    return report["staff"] if report is not None and report["staff_unit"] == unit.value else None


def _funding_lines(measures: Sequence[EffectMeasure]) -> list[tuple[str, FundingRecord]]:
    return [
        (measure["code"], line)
        for measure in measures
        if measure["report"] is not None
        for line in measure["report"]["funding"]
    ]


def _grants(donor: str, lines: Sequence[tuple[str, FundingRecord]], total: int) -> Grants:
    given = [(code, Decimal(line["amount"])) for code, line in lines if line["amount"] is not None]
    value = running_sum([amount for _, amount in given])
    known = Known(value, _once(code for code, _ in given), total)
    codes = _once(code for code, _ in lines)
    return Grants(donor, known, len(lines), len(lines) - len(given), codes)


def _once(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


def _count(measures: Sequence[EffectMeasure]) -> int:
    return len({measure["code"] for measure in measures})
