"""What happened to a report, in the order in which it happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tracker.reporting.reports.queries.report_history import Revision
from tracker.reporting.reports.queries.report_page import ReportPage
from tracker.reporting.words import DECISION, REPORT_FIELD


@dataclass(frozen=True)
class HistoryStep:
    """One step: when, what, by whom, with comment; `revision` where something was handed in.

    `questions` are what a return asked at single fields: the field's word and the text.
    """

    at: datetime
    title: str
    by: str
    comment: str
    revision: Revision | None = None
    questions: tuple[tuple[str, str], ...] = ()


def history(page: ReportPage) -> tuple[HistoryStep, ...]:
    """Return all submissions, decisions and the dissent, oldest first."""
    steps = [
        HistoryStep(
            at=item.submitted_at,
            title=_handed_in(item),
            by=f"{item.submitted_by} für {page.institution}"
            if item.on_behalf
            else item.submitted_by,
            comment="",
            revision=item,
        )
        for item in page.revisions
    ]
    steps += [
        HistoryStep(
            at=item.decided_at,
            title=f"Fassung {item.revision}: {DECISION[item.decision].text}",
            by="Kommunales Integrationszentrum",
            comment=item.comment,
            questions=tuple(
                (REPORT_FIELD[name], item.field_comments[name])
                for name in REPORT_FIELD
                if name in item.field_comments
            ),
        )
        for item in page.reviews
    ]
    if page.dissent_at is not None:
        steps.append(
            HistoryStep(
                page.dissent_at, "Abweichende Stellungnahme", page.institution, page.dissent
            )
        )
    return tuple(sorted(steps, key=lambda step: step.at))


def _handed_in(revision: Revision) -> str:
    how = "unverändert bestätigt" if revision.unchanged else "abgegeben"
    on_behalf = ", im Namen der Institution" if revision.on_behalf else ""
    return f"Fassung {revision.number}: {how}{on_behalf}"
