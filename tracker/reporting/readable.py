"""A report's content in words, field by field: for reading, comparing and copying."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields

from tracker.concept.rules.facts import IndicatorFact
from tracker.concept.words import target
from tracker.core.german import day, euro, number, span
from tracker.reporting.rules.content import (
    TEXT_FIELDS,
    Funding,
    MilestoneLine,
    Participants,
    ReportContent,
)
from tracker.reporting.words import COURSE, IMPLEMENTATION, PARTICIPANT_UNIT, STAFF_UNIT


def readable(
    content: ReportContent,
    indicators: Sequence[IndicatorFact] = (),
    *,
    districts: Mapping[str, str],
    names: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return the answered fields by name, in the order of the form; several lines by newline.

    `staff` has its unit. A Kennzahl that is not among `indicators` goes by its name or key, a
    district that is not among `districts` (names by key) by its key.
    """
    words = {
        "implementation": IMPLEMENTATION[content.implementation].text
        if content.implementation
        else "",
        "course": COURSE[content.course].text if content.course else "",
        "next_step_on": day(content.next_step_on) if content.next_step_on else "",
        "participants": participants_words(content.participants),
        "events": "" if content.events is None else number(content.events),
        "staff": _staff(content),
        "staff_unit": _unit(content) if content.staff is None else "",
        "cost_planned": "" if content.cost_planned is None else euro(content.cost_planned),
        "cost_actual": "" if content.cost_actual is None else euro(content.cost_actual),
        "funding": "\n".join(funding_words(line) for line in content.funding),
        "districts": ", ".join(districts.get(key, key) for key in content.districts),
        "indicators": _indicators(content, indicators, names or {}),
        "milestones": "\n".join(milestone_words(line) for line in content.milestones),
    } | {name: getattr(content, name) for name in TEXT_FIELDS}
    ordered = {field.name: words[field.name] for field in fields(content)}
    return {name: text for name, text in ordered.items() if text}


def participants_words(participants: Iterable[Participants]) -> str:
    return "\n".join(
        f"{number(line.count)} {PARTICIPANT_UNIT[line.unit].text}" for line in participants
    )


def _staff(content: ReportContent) -> str:
    if content.staff is None:
        return ""
    return f"{number(content.staff)} {_unit(content)}".strip()


def _unit(content: ReportContent) -> str:
    return STAFF_UNIT[content.staff_unit].text if content.staff_unit else ""


def funding_words(line: Funding) -> str:
    amount = "Betrag nicht bekannt" if line.amount is None else euro(line.amount)
    parts = [line.donor, line.programme, amount, span(line.start, line.end)]
    return ", ".join(part for part in parts if part)


def _indicators(
    content: ReportContent, indicators: Sequence[IndicatorFact], names: Mapping[str, str]
) -> str:
    by_key = {indicator.key: indicator for indicator in indicators}
    lines = []
    for line in content.indicators:
        indicator = by_key.get(line.indicator)
        if indicator is None:
            name = names.get(line.indicator, line.indicator)
            lines.append(f"{name}: {number(line.value)}")
            continue
        value = f"{number(line.value)} {indicator.unit}"
        lines.append(f"{indicator.name}: {value} ({target(indicator)})")
    return "\n".join(lines)


def milestone_words(line: MilestoneLine) -> str:
    planned = f"geplant bis {day(line.due_on)}" if line.due_on else ""
    done = f"erledigt am {day(line.done_on)}" if line.done_on else ""
    return ": ".join(
        part for part in (line.title, ", ".join(filter(None, (planned, done)))) if part
    )
