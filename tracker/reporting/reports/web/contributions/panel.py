"""What the lead's pages show of the partners' contributions, and what taking over would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.core.german import day, euro
from tracker.reporting.readable import participants_words
from tracker.reporting.reports.queries.contributions import ReportContribution, of_report
from tracker.reporting.reports.queries.report_page import ReportPage
from tracker.reporting.rules.content import ReportContent
from tracker.reporting.rules.contribution import (
    ContributionContent,
    ContributionState,
    Part,
    take_over,
)
from tracker.reporting.words import CONTRIBUTION_PART, contribution_heading
from tracker.web.access import actor
from tracker.web.runtime import session, today


@dataclass(frozen=True)
class PartChoice:
    """One part that can be taken over: what, what it does, and whether it is ticked at first."""

    part: Part
    label: str
    effect: str
    checked: bool


@dataclass(frozen=True)
class ShownContribution:
    contribution: ReportContribution
    words: Mapping[Part, str]
    taken: str
    choices: Sequence[PartChoice]


@dataclass(frozen=True)
class Panel:
    """All contributions of a report; `waiting` are those whose latest version nobody took."""

    contributions: Sequence[ShownContribution]
    may_take: bool

    @property
    def waiting(self) -> Sequence[ShownContribution]:
        if not self.may_take:
            return ()
        return [
            shown
            for shown in self.contributions
            if shown.contribution.state != ContributionState.TAKEN
        ]


def panel(page: ReportPage) -> Panel:
    """Return the contributions to a report that the actor may see, in one statement."""
    contributions = of_report(session(), report_id=page.report_id, by=actor(), today=today())
    return Panel(
        [_shown(contribution, page) for contribution in contributions], may_take=page.may_write
    )


def _shown(contribution: ReportContribution, page: ReportPage) -> ShownContribution:
    choices = [_choice(part, contribution, page.working) for part in contribution.open_parts]
    return ShownContribution(
        contribution, said(contribution.content), taken_sentence(contribution), choices
    )


def _choice(part: Part, contribution: ReportContribution, draft: ReportContent) -> PartChoice:
    taken_before = part in dict(contribution.taken.versions)
    if part is Part.TEXT:
        effect = (
            "ersetzt den übernommenen Text; haben Sie ihn bearbeitet, steht der neue am Ende"
            if taken_before
            else "kommt unter dem Namen der Institution ans Ende von „Was wurde erreicht?“"
        )
        return PartChoice(part, CONTRIBUTION_PART[part], effect, checked=True)
    after, _ = take_over(
        draft,
        contribution.content,
        version=contribution.version,
        parts=(part,),
        taken=contribution.taken,
        heading=contribution_heading(contribution.institution),
    )
    new, old = _words(part, contribution.content), _words(part, contribution.taken.content)
    label = f"{CONTRIBUTION_PART[part]}: {new}" + (f" statt {old}" if taken_before else "")
    # A number the report has already may well contain the partner's: the lead decides.
    is_empty = (
        not getattr(draft, part.value) if part is Part.PARTICIPANTS else (draft.cost_actual is None)
    )
    effect = f"in der Meldung stehen dann {_words(part, _numbers(after))}"
    return PartChoice(part, label, effect, checked=taken_before or is_empty)


def _words(part: Part, content: ContributionContent) -> str:
    return said(content).get(part, "keine Angabe").replace("\n", ", ")


def _numbers(draft: ReportContent) -> ContributionContent:
    return ContributionContent(participants=draft.participants, cost_actual=draft.cost_actual)


def said(content: ContributionContent) -> Mapping[Part, str]:
    words = {
        Part.TEXT: content.text,
        Part.PARTICIPANTS: participants_words(content.participants),
        Part.COST: "" if content.cost_actual is None else euro(content.cost_actual),
    }
    return {part: text for part, text in words.items() if text}


def taken_sentence(contribution: ReportContribution) -> str:
    """Return when what was taken over, e.g. "am 05.10.2026: Text"; "" when nothing was."""
    if contribution.taken_at is None:
        return ""
    parts = ", ".join(CONTRIBUTION_PART[part] for part, _ in contribution.taken.versions)
    return f"am {day(contribution.taken_at)}: {parts}"
