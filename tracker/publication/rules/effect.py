"""What was done and spent, summed over measures and rounds: units apart, unknown is not zero.

Everything is read from what is published (the snapshot's part `effect`), so that no sum knows
more than its readers. Lists may hold several rounds: a measure counts once in n of N, its
quantities as often as they were reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from tracker.core.canonical import Json
from tracker.core.periods import Period
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
    """What one Geber gives; `unknown` of its `lines` name no amount."""

    donor: str
    known: Known
    lines: int
    unknown: int


def rounds_of_year(periods: Iterable[str], *, until: str) -> tuple[str, ...]:
    """Return the rounds of the calendar year of `until` that ended no later, oldest first."""
    shown = Period.parse(until)
    found = [Period.parse(key) for key in periods]
    counted = [item for item in found if item.year == shown.year and item.end <= shown.end]
    return tuple(item.key for item in sorted(counted, key=lambda item: item.end))


def participants(measures: Sequence[Json]) -> dict[ParticipantUnit, Participation]:
    """Return Teilnehmende by unit, in the order of the units; without units nobody reported."""
    found = {}
    for unit in ParticipantUnit:
        lines = [
            (item["code"], PublishedParticipants(unit, line["count"], line["suppressed"]))
            for item in measures
            for line in _reported(item).get("participants", ())
            if line["unit"] == unit.value
        ]
        if lines:
            people = total_of(line for _, line in lines)
            found[unit] = Participation(people, _once(code for code, _ in lines), _count(measures))
    return found


def events(measures: Sequence[Json]) -> Known:
    return _known(measures, lambda item: _reported(item).get("events"))


def staff(measures: Sequence[Json]) -> dict[StaffUnit, Known]:
    """Return Personal by unit; Vollzeitstellen and hours are never added."""
    found = {unit: _known(measures, partial(_staff, unit=unit)) for unit in StaffUnit}
    return {unit: known for unit, known in found.items() if known.codes}


def planned(measures: Sequence[Json]) -> Known:
    return _known(measures, lambda item: _reported(item).get("cost_planned"))


def actual(measures: Sequence[Json]) -> Known:
    return _known(measures, lambda item: _reported(item).get("cost_actual"))


def compared_costs(measures: Sequence[Json]) -> Costs:
    """Return Plan and Ist of the measures that name both; others cannot be compared."""
    both = [
        item
        for item in measures
        if _reported(item).get("cost_planned") is not None
        and _reported(item).get("cost_actual") is not None
    ]
    over = [
        item["code"]
        for item in both
        if Decimal(item["report"]["cost_actual"]) > Decimal(item["report"]["cost_planned"])
    ]
    total = _count(measures)
    plan, spent = planned(both), actual(both)
    return Costs(
        Known(plan.value, plan.codes, total), Known(spent.value, spent.codes, total), _once(over)
    )


def funding(measures: Sequence[Json]) -> Grants:
    """Return Fördermittel of all Geber; a measure that names none has not said there are none."""
    return _grants("", _funding_lines(measures), _count(measures))


def funding_by_donor(measures: Sequence[Json]) -> tuple[Grants, ...]:
    """Return Fördermittel by Geber, the largest known amount first.

    Names that differ in case or spaces only are one Geber, called as it was first.
    """
    groups: defaultdict[str, list[tuple[str, Json]]] = defaultdict(list)
    for code, line in _funding_lines(measures):
        groups[" ".join(line["donor"].split()).casefold()].append((code, line))
    found = [
        _grants(" ".join(lines[0][1]["donor"].split()), lines, _count(measures))
        for lines in groups.values()
    ]
    return tuple(sorted(found, key=lambda item: -(item.known.value or Decimal(-1))))


def municipal_funding(measures: Sequence[Json]) -> Known:
    """Return the laufende städtische Förderung (002, Ziff. 5 d) in euro; a 0 is a 0."""
    return _known(measures, lambda item: item["municipal_funding"])


def silent(measures: Sequence[Json]) -> tuple[str, ...]:
    """Return the measures of which nothing is known: no quantity, no cost, no Fördermittel."""
    told = {
        *(code for found in participants(measures).values() for code in found.codes),
        *(code for known in staff(measures).values() for code in known.codes),
        *events(measures).codes,
        *planned(measures).codes,
        *actual(measures).codes,
        *funding(measures).known.codes,
    }
    return _once(item["code"] for item in measures if item["code"] not in told)


def named(line: Json) -> list[str]:
    """Return what one measure said anything about, by the codes that filters use.

    Units of Teilnehmende and Personal by their own codes, the rest by the report's keys.
    """
    alone = [line]
    known = {
        "events": events(alone),
        "cost_planned": planned(alone),
        "cost_actual": actual(alone),
        "funding": funding(alone).known,
        "municipal_funding": municipal_funding(alone),
    }
    units = [unit.value for unit in participants(alone)] + [unit.value for unit in staff(alone)]
    return [*units, *(key for key, found in known.items() if found.codes)]


def indicators(measures: Sequence[Json]) -> tuple[tuple[str, Json], ...]:
    """Return every Kennzahl with the code of its measure, in the order of the concept."""
    return tuple((item["code"], line) for item in measures for line in item["indicators"])


def _known(measures: Sequence[Json], read: Callable[[Json], Any]) -> Known:
    values = [(item["code"], read(item)) for item in measures]
    given = [(code, Decimal(str(value))) for code, value in values if value is not None]
    return Known(
        running_sum([value for _, value in given]),
        _once(code for code, _ in given),
        _count(measures),
    )


def _staff(item: Json, *, unit: StaffUnit) -> Any:
    report = _reported(item)
    return report.get("staff") if report.get("staff_unit") == unit.value else None


def _funding_lines(measures: Sequence[Json]) -> list[tuple[str, Json]]:
    return [
        (item["code"], line) for item in measures for line in _reported(item).get("funding", ())
    ]


def _grants(donor: str, lines: Sequence[tuple[str, Json]], total: int) -> Grants:
    amounts = [
        None if line["amount"] is None else Decimal(str(line["amount"])) for _, line in lines
    ]
    known = Known(running_sum(amounts), _once(code for code, _ in lines), total)
    return Grants(donor, known, len(lines), amounts.count(None))


def _reported(item: Json) -> Json:
    return item["report"] or {}


def _once(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


def _count(measures: Sequence[Json]) -> int:
    return len({item["code"] for item in measures})
