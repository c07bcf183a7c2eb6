"""What a partner adds to the lead's report, and how the lead takes it over (domain.md 5).

A contribution is never counted itself: figures read the lead's report only. Taking over adds a
part to the lead's draft once; of a later version only what differs is added.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tracker.core.errors import Problem
from tracker.reporting.rules.content import Participants, ParticipantUnit, ReportContent
from tracker.reporting.rules.submission import check_storable


class Part(StrEnum):
    """What of a contribution the lead can take over, each by a choice of its own."""

    TEXT = "text"
    PARTICIPANTS = "participants"
    COST = "cost_actual"


class ContributionState(StrEnum):
    """Whether the lead has taken over what the partner wrote; derived, never stored."""

    WAITING = "waiting"
    TAKEN = "taken"
    CHANGED = "changed"


@dataclass(frozen=True)
class ContributionContent:
    """What a partner says: a text, Teilnehmende per unit, actual cost of the quarter in euro."""

    text: str = ""
    participants: tuple[Participants, ...] = ()
    cost_actual: Decimal | None = None


EMPTY = ContributionContent()


@dataclass(frozen=True)
class Taken:
    """What of a contribution stands in the lead's draft, and from which version each part is."""

    content: ContributionContent = EMPTY
    versions: tuple[tuple[Part, int], ...] = ()


NOTHING_TAKEN = Taken()

# A contribution's text ends up in the report's "achieved", so it obeys the same limits.
_FIELD_OF_REPORT = {"achieved": "text"}


def check_contribution(content: ContributionContent) -> tuple[Problem, ...]:
    """Return what keeps a contribution from being saved: limits of a report, or nothing said."""
    as_report = ReportContent(
        achieved=content.text, participants=content.participants, cost_actual=content.cost_actual
    )
    problems = tuple(
        replace(problem, field=_FIELD_OF_REPORT.get(problem.field, problem.field))
        for problem in check_storable(as_report)
    )
    if trimmed(content) == EMPTY:
        return (*problems, Problem("text", "contribution_empty"))
    return problems


def trimmed(content: ContributionContent) -> ContributionContent:
    return replace(content, text=content.text.strip())


def open_parts(content: ContributionContent, taken: Taken) -> tuple[Part, ...]:
    """Return the parts that differ from what was taken: only they can be taken over."""
    return tuple(part for part in Part if _part(content, part) != _part(taken.content, part))


def contribution_state(*, version: int, taken_version: int | None) -> ContributionState:
    """Return waiting, taken over, or changed since (another version was taken)."""
    if taken_version is None:
        return ContributionState.WAITING
    return ContributionState.TAKEN if taken_version == version else ContributionState.CHANGED


def take_over(
    draft: ReportContent,
    content: ContributionContent,
    *,
    version: int,
    parts: Collection[Part],
    taken: Taken,
    heading: str,
) -> tuple[ReportContent, Taken]:
    """Return the lead's draft with the chosen parts, and what is taken from now on.

    The text goes under `heading` to the end of "achieved", or replaces the text taken earlier
    where that still stands there word for word. Numbers are added by what differs from the
    numbers taken earlier, so nothing counts twice. Parts that do not differ stay untouched.
    """
    chosen = [part for part in open_parts(content, taken) if part in parts]
    if Part.TEXT in chosen:
        draft = replace(draft, achieved=_with_text(draft.achieved, content, taken, heading))
    if Part.PARTICIPANTS in chosen:
        draft = replace(draft, participants=_with_participants(draft, content, taken))
    if Part.COST in chosen:
        draft = replace(draft, cost_actual=_with_cost(draft, content, taken))
    now_taken = {part.value: _part(content, part) for part in chosen}
    versions = dict(taken.versions) | dict.fromkeys(chosen, version)
    return draft, Taken(
        content=replace(taken.content, **now_taken),  # type: ignore[arg-type]
        versions=tuple((part, versions[part]) for part in Part if part in versions),
    )


def check_taken(draft: ReportContent) -> tuple[Problem, ...]:
    """Return what a lowered number leads to where the lead has meanwhile lowered it too."""
    problems = []
    if any(line.count < 0 for line in draft.participants):
        problems.append(Problem("participants", "below_taken"))
    if draft.cost_actual is not None and draft.cost_actual < 0:
        problems.append(Problem("cost_actual", "below_taken"))
    return tuple(problems)


def to_dict(content: ContributionContent, taken: Taken = NOTHING_TAKEN) -> dict[str, Any]:
    stored = _content_dict(content)
    if taken.versions:
        versions = {part.value: version for part, version in taken.versions}
        stored["taken"] = _content_dict(taken.content) | {"versions": versions}
    return stored


def content_from(data: Mapping[str, Any]) -> ContributionContent:
    cost = data.get("cost_actual")
    return ContributionContent(
        text=data.get("text", ""),
        participants=tuple(
            Participants(ParticipantUnit(line["unit"]), int(line["count"]))
            for line in data.get("participants", ())
        ),
        cost_actual=None if cost is None else Decimal(cost),
    )


def taken_from(data: Mapping[str, Any]) -> Taken:
    stored = data.get("taken")
    if not stored:
        return NOTHING_TAKEN
    versions = stored["versions"]
    return Taken(
        content_from(stored),
        tuple((part, int(versions[part])) for part in Part if part in versions),
    )


def _content_dict(content: ContributionContent) -> dict[str, Any]:
    cost = content.cost_actual
    return {
        "text": content.text,
        "participants": [
            {"unit": line.unit.value, "count": line.count} for line in content.participants
        ],
        "cost_actual": None if cost is None else str(cost),
    }


def _part(content: ContributionContent, part: Part) -> object:
    return getattr(content, part.value)


def _with_text(achieved: str, content: ContributionContent, taken: Taken, heading: str) -> str:
    new = f"{heading}\n{content.text}" if content.text else ""
    old = f"{heading}\n{taken.content.text}"
    if taken.content.text and old in achieved:
        return achieved.replace(old, new, 1).strip()
    return "\n\n".join(text for text in (achieved.rstrip(), new) if text)


def _with_participants(
    draft: ReportContent, content: ContributionContent, taken: Taken
) -> tuple[Participants, ...]:
    own, said, counted = (
        {line.unit: line.count for line in lines}
        for lines in (draft.participants, content.participants, taken.content.participants)
    )
    sums = {
        unit: own.get(unit, 0) + said.get(unit, 0) - counted.get(unit, 0)
        for unit in ParticipantUnit
    }
    # A unit that only the partner named, and names no more, is no answer any longer.
    kept = {unit for unit, total in sums.items() if total or unit in said or unit not in counted}
    return tuple(
        Participants(unit, sums[unit])
        for unit in ParticipantUnit
        if unit in kept and (unit in own or unit in said or unit in counted)
    )


def _with_cost(draft: ReportContent, content: ContributionContent, taken: Taken) -> Decimal | None:
    total = (
        (draft.cost_actual or Decimal(0))
        + (content.cost_actual or Decimal(0))
        - (taken.content.cost_actual or Decimal(0))
    )
    return None if content.cost_actual is None and not total else total
