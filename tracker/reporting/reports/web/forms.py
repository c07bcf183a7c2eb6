"""The report form as values: posted fields to a report's content and back, pure functions.

Names of fields: those of ReportContent; `participants-<unit>`, `indicators-<key>`,
`funding-<n>-<part>` and `milestones-<n>-<part>` for lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from tracker.concept.words import unit_words
from tracker.core.errors import Problem
from tracker.core.german import day as written_day
from tracker.core.german import number as written_number
from tracker.core.german import (
    read_amount,
    read_count,
    read_day,
    read_number,
)
from tracker.core.problems import unreadable
from tracker.core.text import without_control_characters
from tracker.reporting.rules.content import (
    TEXT_FIELDS,
    Funding,
    IndicatorValue,
    MilestoneLine,
    Participants,
    ParticipantUnit,
    ReportContent,
    StaffUnit,
)
from tracker.reporting.rules.status import Course, Implementation
from tracker.reporting.words import EVENT_WORDS, PARTICIPANT_WORDS, staff_words

FUNDING_PARTS = ("donor", "programme", "amount", "start", "end")
MILESTONE_PARTS = ("title", "due_on", "done", "done_on")

_SINGLE = (
    *TEXT_FIELDS,
    "implementation",
    "course",
    "next_step_on",
    "events",
    "staff",
    "staff_unit",
    "cost_planned",
    "cost_actual",
)
Line = Mapping[str, str]
Read = TypeVar("Read")
Choice = TypeVar("Choice", bound=StrEnum)


def base_name(name: str) -> str:
    """Return the content's field of a form field: "funding-0-donor" belongs to "funding"."""
    return name.split("-", maxsplit=1)[0]


@dataclass(frozen=True)
class FormValues:
    """What stands in the fields, as typed text; lines without any text are left out."""

    texts: Mapping[str, str]
    districts: tuple[str, ...] = ()
    funding: tuple[Line, ...] = ()
    milestones: tuple[Line, ...] = ()

    def text(self, name: str) -> str:
        return self.texts.get(name, "")


@dataclass(frozen=True)
class Parsed:
    """A posted form: its content, what could not be read, and the fields as typed."""

    content: ReportContent
    problems: tuple[Problem, ...]
    values: FormValues


def parse(
    form: MultiDict[str, str],
    *,
    indicators: Mapping[str, str],
    districts: Collection[str],
    today: date,
) -> Parsed:
    """Read a posted report form; `indicators` are the units of the measure's Kennzahlen by key.

    `districts` are the keys that can be chosen, in their order; others are ignored.

    A milestone ticked without a day was done `today`; a day without a tick is believed.

    Never raises: what cannot be read is empty in the content, a problem at its field, and
    unchanged in the values. Invisible control characters are taken out and reported.
    """
    reader = _Reader()
    values = _clean_values(form, indicators, reader)
    number, day = reader.number, reader.day
    staff_unit = reader.choice(values, "staff_unit", StaffUnit)
    content = ReportContent(
        implementation=reader.choice(values, "implementation", Implementation),
        course=reader.choice(values, "course", Course),
        next_step_on=day("next_step_on", values.text("next_step_on")),
        participants=_participants(values, reader),
        events=reader.count("events", values.text("events"), EVENT_WORDS),
        staff=number("staff", values.text("staff"), staff_words(staff_unit)),
        staff_unit=staff_unit,
        cost_planned=reader.amount("cost_planned", values.text("cost_planned")),
        cost_actual=reader.amount("cost_actual", values.text("cost_actual")),
        funding=tuple(_funding(index, line, reader) for index, line in enumerate(values.funding)),
        districts=tuple(key for key in districts if key in values.districts),
        indicators=_indicators(values, indicators, reader),
        milestones=tuple(
            MilestoneLine(
                title=line["title"].strip(),
                due_on=day(f"milestones-{index}-due_on", line["due_on"]),
                done_on=day(f"milestones-{index}-done_on", line["done_on"])
                if line["done_on"].strip() or not line["done"]
                else today,
            )
            for index, line in enumerate(values.milestones)
        ),
        **{name: values.text(name) for name in TEXT_FIELDS},
    )
    return Parsed(content, tuple(reader.problems), values)


def take_stored(typed: Parsed, stored: ReportContent, names: Collection[str]) -> Parsed:
    """Return the posted form with these fields as they are stored (after a conflict)."""
    theirs = written(stored)
    kept = {name: text for name, text in typed.values.texts.items() if base_name(name) not in names}
    taken = {name: text for name, text in theirs.texts.items() if base_name(name) in names}
    lines = {
        name: getattr(theirs if name in names else typed.values, name)
        for name in ("districts", "funding", "milestones")
    }
    return Parsed(
        content=replace(typed.content, **{name: getattr(stored, name) for name in names}),
        problems=tuple(
            problem for problem in typed.problems if base_name(problem.field) not in names
        ),
        values=FormValues(texts=kept | taken, **lines),
    )


def entries(values: FormValues) -> Sequence[tuple[str, str]]:
    pairs = [(name, text) for name, text in values.texts.items() if text]
    pairs += [("districts", district) for district in values.districts]
    for name, lines in (("funding", values.funding), ("milestones", values.milestones)):
        for index, line in enumerate(lines):
            pairs += [(f"{name}-{index}-{part}", text) for part, text in line.items() if text]
    return pairs


def typed_text(values: FormValues, name: str) -> str:
    """Return what stands in a box, one of a line too ("funding-0-amount")."""
    line = re.match(r"^(funding|milestones)-(\d+)-(\w+)$", name)
    if line is None:
        return values.text(name)
    return str(getattr(values, line[1])[int(line[2])][line[3]])


def written(content: ReportContent) -> FormValues:
    texts = {name: getattr(content, name) for name in TEXT_FIELDS}
    for name in ("implementation", "course", "staff_unit"):
        value = getattr(content, name)
        texts[name] = "" if value is None else value.value
    for name in ("events", "staff", "cost_planned", "cost_actual"):
        texts[name] = _number(getattr(content, name))
    texts["next_step_on"] = _day(content.next_step_on)
    texts |= {f"participants-{line.unit}": _number(line.count) for line in content.participants}
    texts |= {
        f"indicators-{indicator.indicator}": _number(indicator.value)
        for indicator in content.indicators
    }
    return FormValues(
        texts=texts,
        districts=content.districts,
        funding=tuple(
            {
                "donor": line.donor,
                "programme": line.programme,
                "amount": _number(line.amount),
                "start": _day(line.start),
                "end": _day(line.end),
            }
            for line in content.funding
        ),
        milestones=tuple(
            {
                "title": line.title,
                "due_on": _day(line.due_on),
                "done": "1" if line.done_on else "",
                "done_on": _day(line.done_on),
            }
            for line in content.milestones
        ),
    )


@dataclass
class _Reader:
    problems: list[Problem] = field(default_factory=list)

    def clean(self, name: str, text: str) -> str:
        kept, removed = without_control_characters(text)
        if removed:
            self.problems.append(Problem(name, "control_characters", (("count", removed),)))
        return kept

    def amount(self, name: str, text: str) -> Decimal | None:
        return self._read(name, text, read_amount, "number_invalid")

    def number(self, name: str, text: str, units: Sequence[str]) -> Decimal | None:
        return self._read(name, text, partial(read_number, units=units), "number_invalid")

    def count(self, name: str, text: str, units: Sequence[str]) -> int | None:
        return self._read(name, text, partial(read_count, units=units), "count_invalid")

    def day(self, name: str, text: str) -> date | None:
        return self._read(name, text, read_day, "date_invalid")

    def choice(self, values: FormValues, name: str, kind: type[Choice]) -> Choice | None:
        return self._read(name, values.text(name), kind, "choice_invalid")

    def _read(self, name: str, text: str, read: Callable[[str], Read], code: str) -> Read | None:
        if not text.strip():
            return None
        try:
            return read(text.strip())
        except ValueError as error:
            self.problems.append(unreadable(name, text.strip(), error, code))
            return None


def _clean_values(
    form: MultiDict[str, str], indicators: Collection[str], reader: _Reader
) -> FormValues:
    names = [
        *_SINGLE,
        *(f"participants-{unit}" for unit in ParticipantUnit),
        *(f"indicators-{key}" for key in indicators),
    ]
    return FormValues(
        texts={name: reader.clean(name, form.get(name, "")) for name in names},
        districts=tuple(form.getlist("districts")),
        funding=_lines(form, "funding", FUNDING_PARTS, reader),
        milestones=_lines(form, "milestones", MILESTONE_PARTS, reader),
    )


def _lines(
    form: MultiDict[str, str], name: str, parts: Sequence[str], reader: _Reader
) -> tuple[Line, ...]:
    pattern = re.compile(rf"^{name}-(\d{{1,3}})-({'|'.join(parts)})$")
    numbers = sorted({int(matched[1]) for key in form if (matched := pattern.match(key))})
    posted = [{part: form.get(f"{name}-{index}-{part}", "") for part in parts} for index in numbers]
    filled = [line for line in posted if any(text.strip() for text in line.values())]
    return tuple(
        {part: reader.clean(f"{name}-{index}-{part}", text) for part, text in line.items()}
        for index, line in enumerate(filled)
    )


def _participants(values: FormValues, reader: _Reader) -> tuple[Participants, ...]:
    names = {unit: f"participants-{unit}" for unit in ParticipantUnit}
    read = (
        (unit, reader.count(name, values.text(name), PARTICIPANT_WORDS[unit]))
        for unit, name in names.items()
    )
    return tuple(Participants(unit, number) for unit, number in read if number is not None)


def _indicators(
    values: FormValues, units: Mapping[str, str], reader: _Reader
) -> tuple[IndicatorValue, ...]:
    names = {key: f"indicators-{key}" for key in units}
    read = (
        (key, reader.number(name, values.text(name), unit_words(units[key])))
        for key, name in names.items()
    )
    return tuple(IndicatorValue(key, value) for key, value in read if value is not None)


def _funding(index: int, line: Line, reader: _Reader) -> Funding:
    return Funding(
        donor=line["donor"].strip(),
        programme=line["programme"].strip(),
        amount=reader.amount(f"funding-{index}-amount", line["amount"]),
        start=reader.day(f"funding-{index}-start", line["start"]),
        end=reader.day(f"funding-{index}-end", line["end"]),
    )


def _number(value: Decimal | int | None) -> str:
    return "" if value is None else written_number(value)


def _day(value: date | None) -> str:
    return "" if value is None else written_day(value)
