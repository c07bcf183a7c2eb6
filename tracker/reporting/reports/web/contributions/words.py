"""A contribution in words: what it says, and what of it was taken over."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.core.german import day, euro, number
from tracker.reporting.reports.queries.contributions import ReportContribution
from tracker.reporting.rules.contribution import ContributionContent, Part
from tracker.reporting.words import CONTRIBUTION_PART, PARTICIPANT_UNIT


def said(content: ContributionContent) -> Mapping[Part, str]:
    """Return the answered parts in words; several lines by newline."""
    words = {
        Part.TEXT: content.text,
        Part.PARTICIPANTS: "\n".join(
            f"{number(line.count)} {PARTICIPANT_UNIT[line.unit].text}"
            for line in content.participants
        ),
        Part.COST: "" if content.cost_actual is None else euro(content.cost_actual),
    }
    return {part: text for part, text in words.items() if text}


def taken_sentence(found: ReportContribution) -> str:
    """Return when what was taken over, e.g. "am 05.10.2026: Text"; "" when nothing was."""
    if found.taken_at is None:
        return ""
    parts = ", ".join(CONTRIBUTION_PART[part] for part, _ in found.taken.versions)
    return f"am {day(found.taken_at)}: {parts}"
