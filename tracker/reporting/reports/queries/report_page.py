"""One report with everything that its form and its read-only page show (domain.md 4, 5, 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.concept.models import EditionField, EditionGoal, EditionMeasure, Institution
from tracker.concept.queries.concept import indicators_of, wording_in
from tracker.concept.queries.entries import name_on, text_in_round
from tracker.concept.rules.facts import IndicatorFact
from tracker.core.columns import columns
from tracker.core.errors import NotFound
from tracker.core.periods import Period, local_day
from tracker.core.permissions import Actor, may_see_report
from tracker.reporting.models import Decision, Extension, Report, ReportRevision, Review, Round
from tracker.reporting.reports.queries.last_accepted import (
    Before,
    before_of,
    confirmed_before,
    newest_acceptance,
)
from tracker.reporting.reports.queries.report_history import (
    ReviewNote,
    Revision,
    reviews,
    revisions,
)
from tracker.reporting.rounds.queries.visibility import sees_round
from tracker.reporting.rules.content import ReportContent, from_dict, working
from tracker.reporting.rules.figures import Value, running_sum
from tracker.reporting.rules.reports import EDITABLE, Granted, ReportState, due_on, takes_reports
from tracker.reporting.rules.rounds import RoundState


@dataclass(frozen=True)
class ReportPage:
    """A report as its pages show it; `due` respects extensions, `working` is what a form shows.

    `year_sums` is what accepted reports of earlier periods of the same calendar year gave for a
    Kennzahl counted per year, by its key; one without entry was not reported yet (not zero).
    `joined_reason` says why it was asked for after the opening, `cancelled` why the open round was.
    """

    report_id: int
    concept_id: int
    code: str
    text: str
    goal: str
    field: str
    institution_id: int
    institution: str
    period: Period
    round_state: RoundState
    due: date
    resubmit_days: int
    state: ReportState
    draft_version: int
    has_draft: bool
    working: ReportContent
    before: Before | None
    indicators: tuple[IndicatorFact, ...]
    year_sums: Mapping[str, Decimal]
    revisions: tuple[Revision, ...]
    reviews: tuple[ReviewNote, ...]
    reviewed: Value | None
    reviewed_reason: str
    dissent: str
    dissent_at: datetime | None
    returned_at: datetime | None
    waived_reason: str
    round_takes_reports: bool
    extension_reason: str = ""
    joined_reason: str = ""
    cancelled: str = ""
    correcting: str = ""

    @property
    def may_write(self) -> bool:
        return self.round_takes_reports and self.state in EDITABLE

    @property
    def may_withdraw(self) -> bool:
        revoked = any(
            review.decision is Decision.REVOKED and review.revision == len(self.revisions)
            for review in self.reviews
        )
        return self.round_takes_reports and self.state is ReportState.SUBMITTED and not revoked

    @property
    def revoked_reason(self) -> str:
        """Return why the KI took an acceptance of this revision back, "" when it did not."""
        last = self.reviews[-1] if self.reviews else None
        revoked = last is not None and last.decision is Decision.REVOKED
        return last.comment if last and revoked and self.state is ReportState.SUBMITTED else ""

    @property
    def may_dissent(self) -> bool:
        return self.reviewed is not None and self.round_state is not RoundState.PUBLISHED

    @property
    def return_comment(self) -> str:
        return self._last_return.comment if self._last_return else ""

    @property
    def field_comments(self) -> Mapping[str, str]:
        return self._last_return.field_comments if self._last_return else {}

    @property
    def _last_return(self) -> ReviewNote | None:
        returned = [review for review in self.reviews if review.decision is Decision.RETURNED]
        return returned[-1] if self.state is ReportState.RETURNED and returned else None


def report_page(session: Session, *, report_id: int, by: Actor, now: datetime) -> ReportPage:
    """Return a report with its history in five statements, six with a Kennzahl per year.

    Raises NotFound for an unknown report and for one that the actor may not see, alike.
    """
    row = session.execute(_report(report_id, local_day(now))).one_or_none()
    if (
        row is None
        or not may_see_report(by, institution_id=row.institution_id)
        or not sees_round(session, by, round_id=row.round_id)
    ):
        raise NotFound("Diese Meldung gibt es nicht, oder sie gehört zu einer anderen Institution.")
    granted = _extensions(session, row)
    joined = [extension for extension in granted if extension.joins]
    due = due_on(row.due_on, granted, at=now)
    longest = next(
        (
            extension
            for extension in reversed(granted)
            if not extension.joins and (not joined or extension.until == due)
        ),
        None,
    )
    before = before_of(row)
    targets = indicators_of(session, day=row.period_end, measure_ids=[row.measure_id])
    indicators = targets[row.measure_id]
    return ReportPage(
        report_id=row.id,
        concept_id=row.concept_id,
        code=row.code,
        text=row.display_text,
        goal=f"{row.goal_code}. {row.goal_title}",
        field=row.field_name,
        institution_id=row.institution_id,
        institution=row.institution_name,
        period=Period.parse(row.period),
        round_state=row.round_state,
        due=due,
        resubmit_days=row.resubmit_days,
        state=row.state,
        draft_version=row.draft_version,
        has_draft=row.draft is not None,
        working=working(row.draft, before.said if before else None),
        before=before,
        indicators=indicators,
        year_sums=year_sums(
            session, measure_id=row.measure_id, before=row.period_start, indicators=indicators
        ),
        revisions=revisions(session, report_id=report_id),
        reviews=reviews(session, report_id=report_id),
        reviewed=_value(row.reviewed_implementation, row.reviewed_course),
        reviewed_reason=row.reviewed_reason or "",
        dissent=row.dissent or "",
        dissent_at=row.dissent_at,
        returned_at=row.returned_at,
        waived_reason=row.waived_reason or "",
        round_takes_reports=takes_reports(row.round_state, granted, now=now),
        extension_reason=granted[longest] if longest else "",
        joined_reason=granted[joined[0]] if joined else "",
        cancelled=row.cancelled_reason or "",
        correcting=row.correction_reason if row.round_state is RoundState.CLOSED else "",
    )


EARLIER = aliased(Report)
EARLIER_ROUND = aliased(Round)
ACCEPTANCE = aliased(Review)
EARLIER_COLUMNS: tuple[Any, ...] = (
    col(EARLIER_ROUND.period).label("earlier_period"),
    confirmed_before(Round, EARLIER_ROUND, EARLIER.unchanged_streak).label("earlier_streak"),
    col(ReportRevision.content).label("earlier_content"),
    col(ACCEPTANCE.reviewed_implementation).label("earlier_found"),
    col(ACCEPTANCE.reviewed_course).label("earlier_course"),
    col(ACCEPTANCE.comment).label("earlier_finding"),
)


def _report(report_id: int, today: date) -> Select[*tuple[Any, ...]]:
    return with_earlier(
        select(
            *Report.__table__.columns,  # type: ignore[attr-defined]  # SQLModel declares no __table__
            *columns(Round.concept_id, Round.period, Round.period_start, Round.period_end),
            *columns(Round.due_on, Round.resubmit_days),
            *columns(Round.correction_reason, Round.cancelled_reason),
            col(EditionMeasure.code),
            text_in_round(),
            col(Round.state).label("round_state"),
            col(EditionGoal.code).label("goal_code"),
            col(EditionGoal.title).label("goal_title"),
            col(EditionField.name).label("field_name"),
            name_on(today).label("institution_name"),
            *EARLIER_COLUMNS,
        )
        .join(Round, col(Round.id) == Report.round_id)
        .join(EditionMeasure, wording_in(col(Report.measure_id), col(Round.edition_id)))
        .join(EditionGoal, col(EditionGoal.id) == EditionMeasure.edition_goal_id)
        .join(EditionField, col(EditionField.id) == EditionGoal.edition_field_id)
        .join(Institution, col(Institution.id) == Report.institution_id)
        .where(col(Report.id) == report_id)
    )


def with_earlier(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Return the select of reports with the last accepted report before, its round and text."""
    acceptance = newest_acceptance(Report.previous_report_id)
    return (
        statement.outerjoin(EARLIER, col(EARLIER.id) == Report.previous_report_id)
        .outerjoin(EARLIER_ROUND, col(EARLIER_ROUND.id) == EARLIER.round_id)
        .outerjoin(ACCEPTANCE, col(ACCEPTANCE.id) == acceptance)
        .outerjoin(
            ReportRevision,
            and_(
                col(ReportRevision.report_id) == EARLIER.id,
                col(ReportRevision.number) == ACCEPTANCE.revision,
            ),
        )
    )


def _extensions(session: Session, row: Row[Any]) -> dict[Granted, str]:
    """Return the extensions of a report with their reasons, the longest last."""
    statement = (
        select(*columns(Extension.until, Extension.granted_at, Extension.joins, Extension.reason))
        .where(
            col(Extension.round_id) == row.round_id,
            or_(
                col(Extension.report_id) == row.id,
                col(Extension.institution_id) == row.institution_id,
            ),
        )
        .order_by(col(Extension.until), col(Extension.id))
    )
    extensions = session.execute(statement)
    return {Granted(*granted): reason for *granted, reason in extensions}


def _value(implementation: Any, course: Any) -> Value | None:
    return None if implementation is None else Value(implementation, course)


def year_sums(
    session: Session, *, measure_id: int, before: date, indicators: Sequence[IndicatorFact]
) -> Mapping[str, Decimal]:
    """Return what accepted reports gave for each Kennzahl per year, by its key.

    Counted are the periods of the same calendar year that begin before `before`. A Kennzahl that
    nobody reported has no entry (unknown is not zero). One statement, none without such a Kennzahl.
    """
    keys = [indicator.key for indicator in indicators if indicator.per_year]
    if not keys:
        return {}
    contents = session.scalars(
        select(col(ReportRevision.content))
        .join(
            Report,
            and_(
                col(ReportRevision.report_id) == Report.id,
                col(ReportRevision.number) == Report.revision,
            ),
        )
        .join(Round, col(Round.id) == Report.round_id)
        .where(
            col(Report.measure_id) == measure_id,
            col(Report.state) == ReportState.ACCEPTED,
            col(Round.period_start) >= date(before.year, 1, 1),
            col(Round.period_start) < before,
        )
    )
    reported = [
        {line.indicator: line.value for line in from_dict(content).indicators}
        for content in contents
    ]
    sums = {key: running_sum([values.get(key) for values in reported]) for key in keys}
    return {key: total for key, total in sums.items() if total is not None}
