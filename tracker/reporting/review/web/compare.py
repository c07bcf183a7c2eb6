"""A report beside the previous quarter: the standing and what changed, the rest folded away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.core.german import NOTHING
from tracker.reporting.models import Decision
from tracker.reporting.readable import readable
from tracker.reporting.reports.queries.report_page import ReportPage
from tracker.reporting.rules.content import TEXT_FIELDS, ReportContent
from tracker.reporting.rules.differences import (
    AnswerChange,
    FieldDifference,
    TextDifference,
    differences,
    text_difference,
)
from tracker.reporting.words import STAFF_UNIT

# Answers of several words or lines, in which single words can change.
_LINES = (*TEXT_FIELDS, "participants", "funding", "districts", "indicators", "milestones")
# What the KI decides on, also where it did not change.
_ALWAYS = frozenset({"implementation", "course"})


@dataclass(frozen=True)
class ComparedRow:
    """One answer with both quarters' words; `pieces` where the texts share a part.

    `asked` is what the KI asked here when it returned the revision before; `since` says whether
    the answer changed since that revision.
    """

    name: str
    before_value: Any
    after_value: Any
    before: str
    after: str
    change: AnswerChange
    pieces: TextDifference | None
    asked: str
    since: bool


@dataclass(frozen=True)
class ReportComparison:
    shown: tuple[ComparedRow, ...]
    same: tuple[ComparedRow, ...]
    silent: tuple[ComparedRow, ...]
    changed: int

    @property
    def has_pieces(self) -> bool:
        return any(row.pieces for row in self.shown)


def comparison(report: ReportPage, *, districts: Mapping[str, str]) -> ReportComparison | None:
    """Return the last revision beside the previous quarter, None before anything was handed in.

    Umsetzungsstand and Verlauf are always shown. Without a previous quarter every answer is, and
    none is called changed.
    """
    if not report.revisions:
        return None
    last = report.revisions[-1]
    all_fields = differences(report.before.said if report.before else None, last.content)
    asked, since = _asked(report), _since(report)
    said = _answers(report.before.said, report, districts) if report.before else {}
    says = _answers(last.content, report, districts)
    rows = [
        _row(
            difference,
            said.get(difference.name, NOTHING),
            says.get(difference.name, NOTHING),
            asked=asked.get(difference.name, ""),
            since=difference.name in since,
        )
        for difference in all_fields
    ]
    answered = {difference.name for difference in all_fields if difference.is_answered}
    changed = (
        {difference.name for difference in all_fields if difference.is_changed}
        if report.before
        else answered
    )
    shown = changed | asked.keys() | since | (_ALWAYS & answered)
    return ReportComparison(
        shown=tuple(row for row in rows if row.name in shown),
        same=tuple(row for row in rows if row.name in answered - shown),
        silent=tuple(row for row in rows if row.name not in answered | shown),
        changed=len(changed) if report.before else 0,
    )


def _answers(
    content: ReportContent, report: ReportPage, districts: Mapping[str, str]
) -> Mapping[str, str]:
    unit = {"staff_unit": STAFF_UNIT[content.staff_unit].text} if content.staff_unit else {}
    return readable(content, report.indicators, districts=districts) | unit


def _row(
    difference: FieldDifference, before: str, after: str, *, asked: str, since: bool
) -> ComparedRow:
    pieces = None
    if difference.change is AnswerChange.CHANGED and difference.name not in _ALWAYS:
        texts = text_difference(before, after)
        # Nothing in common: the row's own mark says it, marking all words would not help.
        if difference.name not in _LINES or any(not piece.is_marked for piece in texts.after):
            pieces = texts
    return ComparedRow(
        name=difference.name,
        before_value=difference.before,
        after_value=difference.after,
        before=before,
        after=after,
        change=difference.change,
        pieces=pieces,
        asked=asked,
        since=since,
    )


def _asked(report: ReportPage) -> Mapping[str, str]:
    """Return what was asked at fields of the revision that came before the last."""
    before = len(report.revisions) - 1
    comments = [
        review.field_comments
        for review in report.reviews
        if review.decision is Decision.RETURNED and review.revision == before
    ]
    return comments[-1] if comments else {}


def _since(report: ReportPage) -> set[str]:
    if len(report.revisions) == 1:
        return set()
    earlier, last = report.revisions[-2:]
    all_fields = differences(earlier.content, last.content)
    return {difference.name for difference in all_fields if difference.is_changed}
