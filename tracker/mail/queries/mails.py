"""Reading mails: what waits, was sent, failed or is superseded, and what would be sent next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session, col

from tracker.concept.models import Institution
from tracker.concept.queries.entries import short_name_on
from tracker.core.models import JobRun
from tracker.mail.queries.mail_facts import RoundName, owing, round_names
from tracker.outbox.delivery import REMOVED_BODY, SECRET_KINDS
from tracker.outbox.models import OutboxMail, OutboxMailRound
from tracker.outbox.queue import SUPERSEDED, rounds_of, state_of
from tracker.outbox.rules.mailing import MailKind, MailState
from tracker.reporting.models import Round
from tracker.reporting.rules.rounds import RoundState

MOST_ROWS = 500
# The job whose runs say why a planned round was not opened.
OPENING_FAILED = "opening_failed"


@dataclass(frozen=True)
class MailRow:
    """A mail of the outbox.

    Its `text` is empty where it may hold a personal link, or tells of another concept, too.
    `reason` says why it failed or was superseded, or what the last attempt met; `rounds` and
    `institution` are empty where it has none. A waiting mail is tried at `next_attempt_at`.
    """

    id: int
    kind: MailKind
    state: MailState
    recipient: str
    subject: str
    rounds: tuple[RoundName, ...]
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
    round: RoundName
    institution_id: int
    institution: str
    reports: int


@dataclass(frozen=True)
class RoundNotOpened:
    round: RoundName
    reason: str
    tried_at: datetime


def outbox(
    session: Session,
    *,
    today: date,
    state: MailState | None = None,
    limit: int = MOST_ROWS,
    concepts: Collection[int] | None = None,
) -> tuple[MailRow, ...]:
    """Return the newest mails first; `concepts` leaves out what is about rounds of others only."""
    statement = _mails(today).where(_about(concepts)).limit(limit)
    if state is not None:
        statement = statement.where(_in_state(state))
    return _rows(session, statement, concepts)


def history(
    session: Session,
    *,
    institution_id: int,
    today: date,
    limit: int = MOST_ROWS,
    concepts: Collection[int] | None = None,
) -> tuple[MailRow, ...]:
    of_institution = col(OutboxMail.institution_id) == institution_id
    statement = _mails(today).where(of_institution, _about(concepts)).limit(limit)
    return _rows(session, statement, concepts)


def counts(session: Session, *, concepts: Collection[int] | None = None) -> Mapping[MailState, int]:
    return {
        state: session.execute(
            select(func.count(col(OutboxMail.id))).where(_in_state(state), _about(concepts))
        )
        .scalars()
        .one()
        for state in MailState
    }


def unreachable(
    session: Session, *, now: datetime, concepts: Collection[int] | None = None
) -> tuple[UnreachedInstitution, ...]:
    return tuple(
        UnreachedInstitution(
            owed.round.name,
            owed.institution_id,
            owed.institution,
            len(owed.asked_for) + len(owed.returned),
        )
        for owed in owing(session, now=now)
        if owed.is_unreachable and (concepts is None or owed.round.concept_id in concepts)
    )


def not_opened(
    session: Session, *, now: datetime, concepts: Collection[int] | None = None
) -> tuple[RoundNotOpened, ...]:
    """Return the planned rounds that the clock could not open within the last two days, and why."""
    statement = (
        select(col(JobRun.key), col(JobRun.detail), col(JobRun.started_at))
        .where(col(JobRun.job) == OPENING_FAILED, col(JobRun.started_at) > now - timedelta(days=2))
        .order_by(col(JobRun.started_at))
    )
    latest = {int(row.key.partition(":")[0]): row for row in session.execute(statement)}
    rounds = round_names(session, latest, col(Round.state) == RoundState.PLANNED)
    return tuple(
        RoundNotOpened(round_, latest[round_.id].detail, latest[round_.id].started_at)
        for round_ in rounds
        if concepts is None or round_.concept_id in concepts
    )


def is_visible(session: Session, *, mail_id: int, concepts: Collection[int] | None) -> bool:
    """Return whether a mail is about a round of these concepts, or about none."""
    statement = select(col(OutboxMail.id)).where(col(OutboxMail.id) == mail_id, _about(concepts))
    return session.execute(statement).first() is not None


def _about(concepts: Collection[int] | None) -> ColumnElement[bool]:
    # Nobody but its owner learns of an address that is not confirmed.
    confirmed = col(OutboxMail.kind) != MailKind.CONFIRMATION
    if concepts is None:
        return confirmed
    rounds = select(col(OutboxMailRound.mail_id)).where(
        col(OutboxMailRound.mail_id) == col(OutboxMail.id)
    )
    seen = rounds.join(Round, col(Round.id) == col(OutboxMailRound.round_id)).where(
        col(Round.concept_id).in_(concepts)
    )
    return and_(confirmed, or_(~rounds.exists(), seen.exists()))


def _mails(today: date) -> Select[*tuple[Any, ...]]:
    return (
        select(OutboxMail, short_name_on(today))
        .outerjoin(Institution, col(Institution.id) == col(OutboxMail.institution_id))
        .order_by(col(OutboxMail.id).desc())
    )


def _rows(
    session: Session, statement: Select[*tuple[Any, ...]], concepts: Collection[int] | None
) -> tuple[MailRow, ...]:
    mails = session.execute(statement).all()
    rounds_by_mail = rounds_of(session, [mail.id for mail, _ in mails])
    known = {
        round_.id: round_
        for round_ in round_names(session, frozenset().union(*rounds_by_mail.values()))
    }
    return tuple(
        _row(mail, institution or "", _of_mail(rounds_by_mail[mail.id], known), concepts)
        for mail, institution in mails
    )


def _of_mail(ids: Collection[int], known: Mapping[int, RoundName]) -> tuple[RoundName, ...]:
    return tuple(round_ for id_, round_ in known.items() if id_ in ids)


def _row(
    mail: OutboxMail,
    institution: str,
    rounds: tuple[RoundName, ...],
    concepts: Collection[int] | None,
) -> MailRow:
    seen = tuple(round_ for round_ in rounds if concepts is None or round_.concept_id in concepts)
    return MailRow(
        id=mail.id or 0,
        kind=MailKind(mail.kind),
        state=state_of(mail),
        recipient=mail.recipient,
        subject=mail.subject,
        rounds=seen,
        institution_id=mail.institution_id,
        institution=institution,
        created_at=mail.created_at,
        attempts=mail.attempts,
        next_attempt_at=mail.next_attempt_at,
        sent_at=mail.sent_at,
        reason=mail.last_error,
        text="" if mail.kind in SECRET_KINDS or seen != rounds else mail.body,
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
