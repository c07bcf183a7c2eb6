"""What a report says: the fields of domain.md section 8 as one frozen value.

The value travels as JSON (`to_dict`, `from_dict`): decimals and dates as text, so that a stored
draft, a revision and a snapshot have one form on every database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tracker.reporting.rules.status import (
    Asked,
    Course,
    Implementation,
    course_asked,
    reason_required,
)


class ParticipantUnit(StrEnum):
    """What is counted as Teilnehmende; units are never added to each other."""

    PERSONS = "persons"
    CASES = "cases"
    PARTICIPATIONS = "participations"


class StaffUnit(StrEnum):
    FTE = "fte"
    HOURS = "hours"


@dataclass(frozen=True)
class Participants:
    unit: ParticipantUnit
    count: int


@dataclass(frozen=True)
class Funding:
    """One Fördermittel line: Geber, Programm, amount in euro (None = unknown), period."""

    donor: str
    programme: str = ""
    amount: Decimal | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class IndicatorValue:
    """A reported value of a Kennzahl, named by its stable key."""

    indicator: str
    value: Decimal


@dataclass(frozen=True)
class MilestoneLine:
    title: str
    due_on: date | None = None
    done_on: date | None = None


@dataclass(frozen=True)
class ReportContent:
    """All answers of one report; empty text and None mean "not answered", never zero."""

    implementation: Implementation | None = None
    course: Course | None = None
    achieved: str = ""
    next_step: str = ""
    next_step_on: date | None = None
    reason: str = ""
    consequence: str = ""
    changed: str = ""
    obstacles: str = ""
    participants: tuple[Participants, ...] = ()
    events: int | None = None
    staff: Decimal | None = None
    staff_unit: StaffUnit | None = None
    cost_planned: Decimal | None = None
    cost_actual: Decimal | None = None
    funding: tuple[Funding, ...] = ()
    partners: str = ""
    cooperation_wanted: str = ""
    target_group: str = ""
    districts: tuple[str, ...] = ()
    indicators: tuple[IndicatorValue, ...] = ()
    milestones: tuple[MilestoneLine, ...] = ()
    evidence_url: str = ""
    internal_remark: str = ""


TEXT_FIELDS = (
    "achieved",
    "next_step",
    "reason",
    "consequence",
    "changed",
    "obstacles",
    "partners",
    "cooperation_wanted",
    "target_group",
    "evidence_url",
    "internal_remark",
)
# Quantities of one quarter: repeating them would count the same people and euros twice.
QUARTER_QUANTITIES = {
    "participants": (),
    "events": None,
    "staff": None,
    "staff_unit": None,
    "cost_actual": None,
    "indicators": (),
}
# Texts that tell of one quarter or are meant for one reader.
QUARTER_TEXTS = {"changed": "", "internal_remark": ""}

_ENUMS: dict[str, type[StrEnum]] = {
    "implementation": Implementation,
    "course": Course,
    "staff_unit": StaffUnit,
}
_DECIMALS = ("staff", "cost_planned", "cost_actual")


def prefilled_from(previous: ReportContent) -> ReportContent:
    """Return the content a new report starts with: the last accepted one, without quantities."""
    return replace(previous, **QUARTER_QUANTITIES, **QUARTER_TEXTS)  # type: ignore[arg-type]


def established(
    content: ReportContent, reviewed: Implementation | None, course: Course | None, *, reason: str
) -> ReportContent:
    """Return accepted content with the value that counts: what the KI set, where it set another.

    Its `reason` stands where that value needs one and the institution gave none.
    """
    if reviewed is None:
        return content
    needed = reason if reason_required(None, reviewed, course) else ""
    return replace(content, implementation=reviewed, course=course, reason=content.reason or needed)


def working(draft: Mapping[str, Any] | None, previous: ReportContent | None) -> ReportContent:
    """Return the draft, or what a new draft starts with (domain.md 5: prefilled)."""
    if draft is not None:
        return from_dict(draft)
    return prefilled_from(previous) if previous else ReportContent()


def normalised(content: ReportContent) -> ReportContent:
    """Return the content as it is submitted: no Verlauf where none is asked, texts trimmed."""
    trimmed = {name: getattr(content, name).strip() for name in TEXT_FIELDS}
    content = replace(content, **trimmed)
    implementation = content.implementation
    if implementation is None or course_asked(implementation) is not Asked.NOT_ASKED:
        return content
    return replace(content, course=None)


def to_dict(content: ReportContent) -> dict[str, Any]:
    return {field.name: _plain(getattr(content, field.name)) for field in fields(content)}


def from_dict(data: Mapping[str, Any]) -> ReportContent:
    """Read the JSON form back; unknown keys are ignored, missing ones take their default."""
    values: dict[str, Any] = {name: data[name] for name in TEXT_FIELDS if name in data}
    values |= {name: kind(data[name]) for name, kind in _ENUMS.items() if data.get(name)}
    values |= {name: _decimal(data.get(name)) for name in _DECIMALS}
    values["events"] = data.get("events")
    values["next_step_on"] = _day(data.get("next_step_on"))
    values["districts"] = tuple(data.get("districts", ()))
    values["participants"] = tuple(
        Participants(ParticipantUnit(line["unit"]), int(line["count"]))
        for line in data.get("participants", ())
    )
    values["funding"] = tuple(
        Funding(
            donor=line["donor"],
            programme=line.get("programme", ""),
            amount=_decimal(line.get("amount")),
            start=_day(line.get("start")),
            end=_day(line.get("end")),
        )
        for line in data.get("funding", ())
    )
    values["indicators"] = tuple(
        IndicatorValue(line["indicator"], Decimal(line["value"]))
        for line in data.get("indicators", ())
    )
    values["milestones"] = tuple(
        MilestoneLine(line["title"], _day(line.get("due_on")), _day(line.get("done_on")))
        for line in data.get("milestones", ())
    )
    return ReportContent(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
