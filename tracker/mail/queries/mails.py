"""Reading mails: what waits, was sent, failed or is superseded, and what would be sent next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlmodel import Session, col

from tracker.concept.models import Institution
from tracker.concept.queries.entries import short_name_on
from tracker.core.models import JobRun
from tracker.core.periods import Period
from tracker.mail.queries.mail_facts import owing
from tracker.outbox.delivery import REMOVED_BODY, SECRET_KINDS
from tracker.outbox.models import OutboxMail
from tracker.outbox.queue import SUPERSEDED, state_of
from tracker.outbox.rules.mailing import MailKind, MailState
from tracker.reporting.models import Round
from tracker.reporting.rules.rounds import RoundState

MOST_ROWS = 500
# The job whose runs say why a planned round was not opened.
OPENING_FAILED = "opening_failed"


@dataclass(frozen=True)
class MailRow:
    """A mail of the outbox; its `text` is empty where it may hold a personal link.

    `reason` says why it failed or was superseded, or what the last attempt met; `period` and
    `institution` are empty where it has none. A waiting mail is tried at `next_attempt_at`.
    """

    id: int
    kind: MailKind
    state: MailState
    recipient: str
    subject: str
    period: Period | None
    institution_id: int | None
    institution: str
    created_at: datetime
    attempts: int
    next_attempt_at: datetime | None
    sent_at: datetime | None
    reason: str
    text: str
    has_lost_link: bool = False

    @property
    def may_be_retried(self) -> bool:
        """Return whether it was given up, or waits after an attempt that did not succeed.

        What was to bring a personal link that is gone by now is not sent again.
        """
        if self.has_lost_link:
            return False
        return self.state is MailState.FAILED or (
            self.state is MailState.WAITING and bool(self.reason)
        )


@dataclass(frozen=True)
class UnreachedInstitution:
    period: Period
    institution_id: int
    institution: str
    reports: int


@dataclass(frozen=True)
class RoundNotOpened:
    period: Period
    reason: str
    tried_at: datetime


def outbox(
    session: Session, *, today: date, state: MailState | None = None, limit: int = MOST_ROWS
) -> tuple[MailRow, ...]:
    statement = _mails(today).limit(limit)
    if state is not None:
        statement = statement.where(_in_state(state))
    return tuple(_row(row) for row in session.execute(statement))


def history(
    session: Session, *, institution_id: int, today: date, limit: int = MOST_ROWS
) -> tuple[MailRow, ...]:
    statement = _mails(today).where(col(OutboxMail.institution_id) == institution_id).limit(limit)
    return tuple(_row(row) for row in session.execute(statement))


def counts(session: Session) -> Mapping[MailState, int]:
    return {
        state: session.execute(select(func.count(col(OutboxMail.id))).where(_in_state(state)))
        .scalars()
        .one()
        for state in MailState
    }


def unreachable(session: Session, *, now: datetime) -> tuple[UnreachedInstitution, ...]:
    return tuple(
        UnreachedInstitution(
            owed.round.period,
            owed.institution_id,
            owed.institution,
            len(owed.asked_for) + len(owed.returned),
        )
        for owed in owing(session, now=now)
        if owed.is_unreachable
    )


def not_opened(session: Session, *, now: datetime) -> tuple[RoundNotOpened, ...]:
    """Return the planned rounds that the clock could not open within the last two days, and why."""
    statement = (
        select(col(JobRun.key), col(JobRun.detail), col(JobRun.started_at))
        .where(col(JobRun.job) == OPENING_FAILED, col(JobRun.started_at) > now - timedelta(days=2))
        .order_by(col(JobRun.started_at))
    )
    latest = {int(row.key.partition(":")[0]): row for row in session.execute(statement)}
    rounds = select(col(Round.id), col(Round.period)).where(
        col(Round.id).in_(latest), col(Round.state) == RoundState.PLANNED
    )
    return tuple(
        RoundNotOpened(Period.parse(period), latest[id_].detail, latest[id_].started_at)
        for id_, period in session.execute(rounds.order_by(col(Round.period_start)))
    )


def _mails(today: date) -> Select[Any, Any, Any]:
    return (
        select(OutboxMail, col(Round.period), short_name_on(today))
        .outerjoin(Round, col(Round.id) == col(OutboxMail.round_id))
        .outerjoin(Institution, col(Institution.id) == col(OutboxMail.institution_id))
        .order_by(col(OutboxMail.id).desc())
    )


def _row(row: Any) -> MailRow:
    mail, period, institution = row
    return MailRow(
        id=mail.id,
        kind=MailKind(mail.kind),
        state=state_of(mail),
        recipient=mail.recipient,
        subject=mail.subject,
        period=Period.parse(period) if period else None,
        institution_id=mail.institution_id,
        institution=institution or "",
        created_at=mail.created_at,
        attempts=mail.attempts,
        next_attempt_at=mail.next_attempt_at,
        sent_at=mail.sent_at,
        reason=mail.last_error,
        text="" if mail.kind in SECRET_KINDS else mail.body,
        has_lost_link=mail.body == REMOVED_BODY,
    )


def _in_state(state: MailState) -> ColumnElement[bool]:
    sent = col(OutboxMail.sent_at).is_not(None)
    waits = col(OutboxMail.next_attempt_at).is_not(None)
    superseded = col(OutboxMail.last_error).startswith(SUPERSEDED)
    return {
        MailState.SENT: sent,
        MailState.WAITING: and_(~sent, waits),
        MailState.FAILED: and_(~sent, ~waits, ~superseded),
        MailState.SUPERSEDED: and_(~sent, ~waits, superseded),
    }[state]
