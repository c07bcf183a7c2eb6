"""Delivery: claim a mail, send it, record the outcome; each a transaction of its own.

The claim comes first and is committed: it moves `next_attempt_at` forward, so a second clock, or
one restarted after a crash, does not send what the first has in hand. Between the server's "250"
and our record a killed process leaves a mail that is tried again after the back-off. Recording
"sent" before sending would lose mails instead; a reminder that comes twice (with the same
Message-ID, by which mail systems drop copies) does less harm than one that never comes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, select, update
from sqlmodel import Session, col

from tracker.core.db import transaction
from tracker.core.settings import Settings
from tracker.outbox.models import OutboxMail
from tracker.outbox.smtp import DelayedError, Letter, MailServerError, Postman, UndeliverableError
from tracker.outbox.wording import MailKind

# Waiting time after the first, second … attempt; each longer than a delivery may take.
BACK_OFF = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)
# These bodies carry a single-use link, which is kept nowhere in the clear once it has been sent.
SECRET_KINDS = frozenset(
    {MailKind.INVITATION.value, MailKind.PASSWORD_RESET.value, MailKind.CONFIRMATION.value}
)
REMOVED_BODY = "(Nach dem Versand entfernt: Der Text enthielt einen persönlichen Link.)"
HELD = "Nach dem Zurückspielen einer Sicherung angehalten: Vielleicht ist sie schon versandt."


@dataclass(frozen=True)
class Delivered:
    """What one pass did; `stopped` says why the mail server could not be used."""

    sent: int = 0
    delayed: int = 0
    failed: int = 0
    stopped: str = ""

    @property
    def summary(self) -> str:
        parts = [
            f"{count} {word}"
            for count, word in (
                (self.sent, "versandt"),
                (self.delayed, "aufgeschoben"),
                (self.failed, "unzustellbar"),
            )
            if count
        ]
        return ", ".join([*parts, self.stopped] if self.stopped else parts)


@dataclass(frozen=True)
class _Claimed:
    id: int
    kind: str
    attempts: int
    letter: Letter


def deliver_due(engine: Engine, settings: Settings, *, now: datetime) -> Delivered:
    """Send every mail that is due at `now`.

    Without SMTP_HOST nothing is touched: the mails wait and nothing pretends to be sent. A mail
    that the server refuses for good, or delays after the last back-off, is given up with its
    reason in `last_error`; while the server itself is out of reach no mail is ever given up.
    """
    if not settings.smtp_host or not _anything_due(engine, now):
        return Delivered()
    outcomes: Counter[str] = Counter()
    try:
        with Postman(settings) as postman:
            while claimed := _claim(engine, now):
                outcomes[_deliver(engine, postman, claimed, now)] += 1
    except MailServerError as error:
        _note_trouble(engine, str(error), now)
        return _delivered(outcomes, stopped=str(error))
    return _delivered(outcomes)


def hold_waiting(session: Session) -> int:
    """Hold every waiting mail until somebody has it tried again; returns how many.

    For a backup that was put back: after it was made they may have been sent. Those with a personal
    link lose it.
    """
    waiting = col(OutboxMail.sent_at).is_(None) & col(OutboxMail.next_attempt_at).is_not(None)
    secret = waiting & col(OutboxMail.kind).in_(SECRET_KINDS)
    session.execute(update(OutboxMail).where(secret).values(body=REMOVED_BODY))
    held = (
        update(OutboxMail)
        .where(waiting)
        .values(next_attempt_at=None, last_error=HELD)
        .returning(col(OutboxMail.id))
    )
    return len(session.execute(held).all())


def _delivered(outcomes: Counter[str], *, stopped: str = "") -> Delivered:
    return Delivered(
        sent=outcomes["sent"],
        delayed=outcomes["delayed"],
        failed=outcomes["failed"],
        stopped=stopped,
    )


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (col(OutboxMail.sent_at).is_(None), col(OutboxMail.next_attempt_at) <= now)


def _anything_due(engine: Engine, now: datetime) -> bool:
    with Session(engine) as session:
        return (
            session.execute(select(col(OutboxMail.id)).where(*_due(now)).limit(1)).first()
            is not None
        )


def _claim(engine: Engine, now: datetime) -> _Claimed | None:
    with Session(engine) as session, transaction(session):
        mail = session.scalars(
            select(OutboxMail)
            .where(*_due(now))
            .order_by(col(OutboxMail.next_attempt_at), col(OutboxMail.id))
            .limit(1)
            .with_for_update(skip_locked=True)  # SQLite has one writer and needs no such lock
        ).one_or_none()
        if mail is None:
            return None
        mail.attempts += 1
        mail.next_attempt_at = now + BACK_OFF[min(mail.attempts, len(BACK_OFF)) - 1]
        letter = Letter(mail.key, mail.recipient, mail.subject, mail.body)
        return _Claimed(mail.id or 0, mail.kind, mail.attempts, letter)


def _deliver(engine: Engine, postman: Postman, claimed: _Claimed, now: datetime) -> str:
    try:
        postman.send(claimed.letter, now=now)
    except UndeliverableError as error:
        _record(engine, claimed.id, next_attempt_at=None, last_error=str(error))
        return "failed"
    except DelayedError as error:
        if claimed.attempts > len(BACK_OFF):
            _record(engine, claimed.id, next_attempt_at=None, last_error=str(error))
            return "failed"
        _record(engine, claimed.id, last_error=str(error))
        return "delayed"
    except MailServerError as error:
        # Not this mail's fault: the attempt does not count.
        _record(engine, claimed.id, attempts=claimed.attempts - 1, last_error=str(error))
        raise
    secret = {"body": REMOVED_BODY} if claimed.kind in SECRET_KINDS else {}
    _record(engine, claimed.id, sent_at=now, next_attempt_at=None, last_error="", **secret)
    return "sent"


def _record(engine: Engine, mail_id: int, **values: object) -> None:
    with Session(engine) as session, transaction(session):
        session.execute(update(OutboxMail).where(col(OutboxMail.id) == mail_id).values(**values))


def _note_trouble(engine: Engine, trouble: str, now: datetime) -> None:
    # Visible beside each waiting mail; they stay due, so the next pass tries the server again.
    with Session(engine) as session, transaction(session):
        session.execute(update(OutboxMail).where(*_due(now)).values(last_error=trouble))
