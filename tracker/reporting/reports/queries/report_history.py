"""What happened to a report: revisions, decisions, and who saved its draft last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.accounts.models import Account
from tracker.core.columns import columns
from tracker.core.models import AuditEvent
from tracker.reporting.models import Decision, ReportRevision, Review
from tracker.reporting.rules.content import ReportContent, from_dict
from tracker.reporting.rules.figures import Value


@dataclass(frozen=True)
class Revision:
    number: int
    content: ReportContent
    unchanged: bool
    submitted_at: datetime
    submitted_by: str
    on_behalf: bool
    submitted_by_id: int


@dataclass(frozen=True)
class ReviewNote:
    """A decision of the KI on a revision, with comment and, if set, another value.

    `field_comments` holds what a return asks at single fields, by the field's name.
    """

    revision: int
    decision: Decision
    comment: str
    reviewed: Value | None
    decided_at: datetime
    field_comments: Mapping[str, str]
    decided_by: str
    decided_by_id: int


@dataclass(frozen=True)
class Act:
    name: str
    at: datetime
    account_id: int


def acts(session: Session, *, report_id: int, verb: str, most: int | None = None) -> list[Act]:
    """Return who did this and when, newest first; `verb` is that of the audit trail."""
    rows = session.execute(
        select(col(Account.name), col(AuditEvent.at), col(Account.id))
        .join(Account, col(Account.id) == AuditEvent.actor_id)
        .where(
            col(AuditEvent.entity) == "report",
            col(AuditEvent.entity_id) == report_id,
            col(AuditEvent.verb) == verb,
        )
        .order_by(col(AuditEvent.id).desc())
        .limit(most)
    )
    return [Act(*row) for row in rows]


def last_save(session: Session, *, report_id: int) -> Act | None:
    return next(iter(acts(session, report_id=report_id, verb="report.save", most=1)), None)


def revisions(session: Session, *, report_id: int) -> tuple[Revision, ...]:
    rows = session.execute(
        select(
            *columns(ReportRevision.number, ReportRevision.content, ReportRevision.unchanged),
            *columns(ReportRevision.submitted_at, Account.name, ReportRevision.on_behalf),
            col(ReportRevision.submitted_by_id),
        )
        .join(Account, col(Account.id) == ReportRevision.submitted_by_id)
        .where(col(ReportRevision.report_id) == report_id)
        .order_by(col(ReportRevision.number))
    )
    return tuple(Revision(number, from_dict(content), *rest) for number, content, *rest in rows)


def reviews(session: Session, *, report_id: int) -> tuple[ReviewNote, ...]:
    rows = session.execute(
        select(
            *columns(Review.revision, Review.decision, Review.comment),
            *columns(Review.reviewed_implementation, Review.reviewed_course, Review.decided_at),
            *columns(Review.field_comments, Review.decided_by_id),
            col(Account.name).label("decided_by"),
        )
        .join(Account, col(Account.id) == col(Review.decided_by_id))
        .where(col(Review.report_id) == report_id)
        .order_by(col(Review.id))
    )
    return tuple(
        ReviewNote(
            revision=row.revision,
            decision=row.decision,
            comment=row.comment,
            reviewed=None
            if row.reviewed_implementation is None
            else Value(row.reviewed_implementation, row.reviewed_course),
            decided_at=row.decided_at,
            field_comments=row.field_comments or {},
            decided_by=row.decided_by,
            decided_by_id=row.decided_by_id,
        )
        for row in rows
    )
