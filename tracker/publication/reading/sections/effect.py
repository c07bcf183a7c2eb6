"""Förderung und Wirkung: the sums of the dashboards' page Wirkung und Mittel, as values.

Every sum is computed by `tracker.publication.rules.effect` from what is published.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from tracker.core.periods import Period
from tracker.publication.reading.model import (
    CostRow,
    DonorRow,
    Effect,
    EffectLine,
    EffectRow,
    GrantRow,
    IndicatorRow,
    Money,
    Quantity,
)
from tracker.publication.reading.sections import sentences_effect as sentences
from tracker.publication.reading.sections.sheets import goal_of
from tracker.publication.reading.selection import Selection
from tracker.publication.reading.words import Json, Words, day, decimal, money, written
from tracker.publication.rules import effect as rules
from tracker.publication.rules.effect import Known
from tracker.publication.rules.snapshot_parts import effect_line
from tracker.publication.rules.targets import meets
from tracker.reporting.rules.content import ParticipantUnit, StaffUnit

Lines = Sequence[Json]

_NOTE = (
    "Wer in mehreren Maßnahmen oder Quartalen teilnahm, ist mehrfach gezählt. Gruppen unter 5 "
    "sind in keiner Summe enthalten. Personal in Vollzeitstellen und Förderungen gelten über das "
    "Quartal hinaus und werden darum nicht über Runden addiert. Geplante Kosten gelten je Quartal "
    "und werden nur mit den tatsächlichen Kosten desselben Quartals verglichen."
)


@dataclass(frozen=True)
class _Figure:
    """A figure: how it is read, and whether its rounds are added to the year."""

    key: str
    label: str
    read: Callable[[Lines], Quantity]
    is_added: bool


def effect(selection: Selection) -> Effect:
    """Return the section over the selected measures that are reported on."""
    words, label = selection.words, selection.shown["round"]["label"]
    now = _lines(selection, selection.shown)
    before = None if selection.before is None else _lines(selection, selection.before)
    year = [_lines(selection, item) for item in selection.year()]
    figures = _figures([*(line for lines in year for line in lines), *now, *(before or ())], words)
    groups = _groups(selection, now)
    costs = rules.compared_costs(now)
    indicators = tuple(_indicator(code, item, words) for code, item in rules.indicators(now))
    return Effect(
        sentences=(
            *((sentences.over_plan(costs),) if costs.planned.codes else ()),
            sentences.silent(len(rules.silent(now)), len(now), label),
        ),
        before="" if before is None else selection.shown["previous"]["label"],
        year=f"Jahr {Period.parse(selection.shown['round']['period']).year} bisher" if year else "",
        lines=tuple(_line(figure, now, before, year) for figure in figures),
        fields=tuple(
            EffectRow(str(position), name, tuple(figure.read(lines) for figure in figures))
            for position, name, lines in groups
        ),
        measures=tuple(
            EffectRow(
                item["code"],
                item["display_text"],
                tuple(figure.read([effect_line(item)]) for figure in figures),
            )
            for item in selection.reportable
        ),
        costs_sentence=sentences.costs(costs),
        costs=(
            _cost_row("insgesamt", now),
            *(_cost_row(name, lines) for _, name, lines in groups),
        ),
        funding_sentence=sentences.grants(rules.funding(now)),
        donors=tuple(_donor(item) for item in rules.funding_by_donor(now)),
        grants=tuple(
            _grant(item, line)
            for item in selection.reportable
            for line in (item["report"] or {}).get("funding", ())
        ),
        municipal_sentence=_municipal(rules.municipal_funding(now)),
        indicators_sentence=sentences.targets(
            [item.met for item in indicators if item.kind == "target"]
        ),
        indicators=indicators,
        note=_NOTE,
    )


def _municipal(known: Known) -> str:
    """Return the sentence with its subject: below a table it stands alone."""
    told = sentences.municipal(known)
    return f"Laufende städtische Förderung: {told}" if known.codes else told


def _lines(selection: Selection, document: Json) -> list[Json]:
    """Return what a round says of the measures that the figures of this one are about."""
    codes = {item["code"] for item in selection.reportable}
    return [effect_line(item) for item in document["measures"] if item["code"] in codes]


def _groups(selection: Selection, now: Lines) -> list[tuple[int, str, list[Json]]]:
    """Return the Handlungsfelder with a measure that is reported on, and their lines."""
    field_of = {item["code"]: item["field"] for item in selection.reportable}
    found = [
        (
            field["position"],
            field["name"],
            [line for line in now if field_of[line["code"]] == field["position"]],
        )
        for field in selection.shown["fields"]
    ]
    return [group for group in found if group[2]]


def _figures(told: Lines, words: Words) -> list[_Figure]:
    """Return the figures in the order of the dashboards; units nobody reported are left out."""
    people = [
        _Figure(
            unit.value,
            f"{words.field('participants')}: {words.choice('participant_unit', unit.value)}",
            partial(_people, unit=unit),
            is_added=True,
        )
        for unit in rules.participants(told)
    ]
    staff = [
        _Figure(
            unit.value,
            f"{words.field('staff')}: {words.choice('staff_unit', unit.value)}",
            partial(_staff, unit=unit),
            # Somebody who works all year is one post, not four; hours add up.
            is_added=unit is StaffUnit.HOURS,
        )
        for unit in rules.staff(told)
    ]
    return [
        *people,
        _Figure("events", words.field("events"), _events, is_added=True),
        *staff,
        _Figure("cost_planned", words.field("cost_planned"), _money(rules.planned), is_added=False),
        _Figure("cost_actual", words.field("cost_actual"), _money(rules.actual), is_added=True),
        _Figure("funding", words.field("funding"), _funding, is_added=False),
        _Figure(
            "municipal_funding",
            "Laufende städtische Förderung",
            _money(rules.municipal_funding),
            is_added=False,
        ),
    ]


def _line(figure: _Figure, now: Lines, before: Lines | None, year: Sequence[Lines]) -> EffectLine:
    added = figure.is_added and bool(year)
    with_it = sum(figure.read(lines).count > 0 for lines in year)
    return EffectLine(
        key=figure.key,
        label=figure.label,
        now=figure.read(now),
        before=None if before is None else figure.read(before),
        year=figure.read([line for lines in year for line in lines]) if added else None,
        year_rounds=f"{with_it} von {len(year)}" if added else "nicht addiert" if year else "",
    )


def _people(lines: Lines, *, unit: ParticipantUnit) -> Quantity:
    found = rules.participants(lines).get(unit)
    if found is None:
        return Quantity(None, sentences.UNKNOWN, 0, _count(lines))
    people = found.people
    text = sentences.people(people)
    return Quantity(people.shown, text, len(found.codes), found.total, people.hidden)


def _events(lines: Lines) -> Quantity:
    known = rules.events(lines)
    return _quantity(None if known.value is None else int(known.value), known)


def _staff(lines: Lines, *, unit: StaffUnit) -> Quantity:
    known = rules.staff(lines).get(unit, Known(None, (), _count(lines)))
    return _quantity(known.value, known)


def _funding(lines: Lines) -> Quantity:
    return _grants(rules.funding(lines))


def _grants(found: rules.Grants) -> Quantity:
    return replace(_amount(found.known), unknown=found.unknown)


def _money(figure: Callable[[Lines], Known]) -> Callable[[Lines], Quantity]:
    def read(lines: Lines) -> Quantity:
        return _amount(figure(lines))

    return read


def _amount(known: Known) -> Quantity:
    return _quantity(None if known.value is None else Money(known.value), known)


def _quantity(value: int | Decimal | Money | None, known: Known) -> Quantity:
    text = sentences.UNKNOWN if value is None else written(value)
    return Quantity(value, text, len(known.codes), known.total)


def _cost_row(name: str, lines: Lines) -> CostRow:
    found = rules.compared_costs(lines)
    return CostRow(name, _amount(found.planned), _amount(found.actual))


def _donor(item: rules.Grants) -> DonorRow:
    return DonorRow(item.donor, _grants(item), item.lines, item.unknown, item.known.codes)


def _grant(measure: Json, line: Json) -> GrantRow:
    return GrantRow(
        code=measure["code"],
        display_text=measure["display_text"],
        donor=line["donor"],
        programme=line["programme"],
        amount=money(line["amount"]),
        start=day(line["start"]),
        end=day(line["end"]),
    )


def _indicator(code: str, item: Json, words: Words) -> IndicatorRow:
    return IndicatorRow(
        code=code,
        name=item["name"],
        unit=item["unit"],
        value=decimal(item["value"]),
        year_sum=decimal(item["year_sum"]),
        kind=item["kind"],
        kind_label=words.choice("indicator_kind", item["kind"]),
        operator=item["operator"],
        target=Decimal(item["target"]),
        goal=goal_of(item),
        met=meets(item),
    )


def _count(lines: Lines) -> int:
    return len({item["code"] for item in lines})
