"""Reading what waits for the KI's review, and how a report differs from the one before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from tracker.models import Account, Goal, Institution, Measure, Report, ReportRevision, Round
from tracker.rules.content import ReportContent
from tracker.rules.periods import Period
from tracker.rules.reports import UNCHANGED_FLAG_AFTER, ReportState
from tracker.rules.rounds import RoundState
from tracker.rules.status import Course, Implementation

REVIEWABLE_ROUNDS = (RoundState.OPEN, RoundState.CLOSED)


@dataclass(frozen=True)
class QueueRow:
    """A submitted report that waits for a decision; `may_decide` is False for who submitted it."""

    report_id: int
    code: str
    display_text: str
    institution: str
    key: str
    submitted_at: datetime
    submitted_by: str
    revision: int
    unchanged: bool
    unchanged_streak: int
    implementation: Implementation
    course: Course | None
    may_decide: bool

    @property
    def period(self) -> Period:
        """Return the period of the round."""
        return Period.parse(self.key)

    @property
    def is_often_unchanged(self) -> bool:
        """Return whether the report was confirmed unchanged too often in a row (domain.md 5)."""
        return self.unchanged_streak >= UNCHANGED_FLAG_AFTER


@dataclass(frozen=True)
class Submission:
    """How a report was submitted last, and where it stands."""

    submitted_by_id: int | None
    submitted_by: str
    submitted_at: datetime | None
    on_behalf: bool
    unchanged: bool
    unchanged_streak: int

    @property
    def is_often_unchanged(self) -> bool:
        """Return whether the report was confirmed unchanged too often in a row (domain.md 5)."""
        return self.unchanged_streak >= UNCHANGED_FLAG_AFTER


@dataclass(frozen=True)
class Difference:
    """One field of a report beside the previous quarter's."""

    name: str
    before: Any
    after: Any
    is_changed: bool

    @property
    def is_answered(self) -> bool:
        """Return whether either quarter says something."""
        return self.before not in _EMPTY or self.after not in _EMPTY


_EMPTY: tuple[Any, ...] = (None, "", ())


def queue(session: Session, *, account_id: int) -> tuple[QueueRow, ...]:
    """Return the submitted reports of running rounds, the longest waiting first."""
    rows: Iterable[Any] = session.connection().execute(_waiting())
    return tuple(
        QueueRow(
            report_id=row.id,
            code=row.code,
            display_text=row.display_text,
            institution=row.institution,
            key=row.period,
            submitted_at=row.submitted_at,
            submitted_by=row.submitted_by,
            revision=row.revision,
            unchanged=row.unchanged,
            unchanged_streak=row.unchanged_streak,
            implementation=row.implementation,
            course=row.course,
            may_decide=row.submitted_by_id != account_id,
        )
        for row in rows
    )


def next_to_review(session: Session, *, account_id: int, after: int) -> int | None:
    """Return the report that this person decides next, None when nothing waits for them."""
    waiting = queue(session, account_id=account_id)
    return next(
        (item.report_id for item in waiting if item.may_decide and item.report_id != after), None
    )


def submission(session: Session, *, report_id: int) -> Submission:
    """Return how a report was submitted last."""
    statement = (
        select(
            col(Report.submitted_by_id),
            col(Account.name),
            col(Report.submitted_at),
            col(Report.on_behalf),
            col(Report.unchanged),
            col(Report.unchanged_streak),
        )
        .outerjoin(Account, col(Account.id) == col(Report.submitted_by_id))
        .where(col(Report.id) == report_id)
    )
    row: Any = session.connection().execute(statement).one()
    return Submission(row[0], row[1] or "", *row[2:])


def differences(before: ReportContent | None, after: ReportContent) -> tuple[Difference, ...]:
    """Return every field with both quarters' values, in the order of the form."""
    empty = before or ReportContent()
    return tuple(
        Difference(
            item.name,
            getattr(empty, item.name),
            getattr(after, item.name),
            getattr(empty, item.name) != getattr(after, item.name),
        )
        for item in fields(ReportContent)
    )


def _waiting() -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(Report.id),
            col(Measure.code),
            col(Measure.display_text),
            col(Institution.name).label("institution"),
            col(Round.period),
            col(Report.submitted_at),
            col(Report.submitted_by_id),
            col(Account.name).label("submitted_by"),
            col(Report.revision),
            col(Report.unchanged),
            col(Report.unchanged_streak),
            col(ReportRevision.implementation),
            col(ReportRevision.course),
        )
        .join(Measure, col(Measure.id) == col(Report.measure_id))
        .join(Goal, col(Goal.id) == col(Measure.goal_id))
        .join(Institution, col(Institution.id) == col(Report.institution_id))
        .join(Round, col(Round.id) == col(Report.round_id))
        .join(Account, col(Account.id) == col(Report.submitted_by_id))
        .join(
            ReportRevision,
            (col(ReportRevision.report_id) == col(Report.id))
            & (col(ReportRevision.number) == col(Report.revision)),
        )
        .where(col(Report.state) == ReportState.SUBMITTED, col(Round.state).in_(REVIEWABLE_ROUNDS))
        .order_by(col(Report.submitted_at), col(Goal.number), col(Measure.position))
    )
