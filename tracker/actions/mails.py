"""Sending a mail of the outbox again: at once, when somebody has mended what kept it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.actions import audit
from tracker.mail.delivery import REMOVED_BODY
from tracker.mail.outbox import SUPERSEDED
from tracker.models import OutboxMail
from tracker.rules.errors import IllegalTransition, NotFound
from tracker.rules.mailing import MailState, mail_state
from tracker.rules.permissions import Actor


def retry(session: Session, *, mail_id: int, by: Actor | None, now: datetime) -> None:
    """Have a mail tried again with the next pass of the clock; its attempts count anew.

    Raises NotFound for an unknown mail, IllegalTransition for one that was sent, is superseded or
    waits for its first attempt.
    """
    mail = session.get(OutboxMail, mail_id, with_for_update=True)
    if mail is None:
        raise NotFound("Diese Mail gibt es nicht. Bitte wählen Sie eine aus der Liste.")
    state = mail_state(
        sent_at=mail.sent_at,
        next_attempt_at=mail.next_attempt_at,
        superseded=mail.last_error.startswith(SUPERSEDED),
    )
    refusal = _refusal(mail, state)
    if refusal:
        raise IllegalTransition(refusal)
    before = {"attempts": mail.attempts, "last_error": mail.last_error}
    mail.attempts = 0
    mail.next_attempt_at = now
    audit.record(
        session,
        by=by,
        verb="mail.retry",
        entity="outbox_mail",
        entity_id=mail_id,
        now=now,
        before=before,
        after={"attempts": 0},
    )


def retry_failed(session: Session, *, by: Actor | None, now: datetime) -> int:
    """Have every mail that was given up tried again; returns how many.

    A mail whose personal link is gone stays as it is: only a new invitation helps.
    """
    failed = session.scalars(
        select(col(OutboxMail.id))
        .where(
            col(OutboxMail.sent_at).is_(None),
            col(OutboxMail.next_attempt_at).is_(None),
            ~col(OutboxMail.last_error).startswith(SUPERSEDED),
            col(OutboxMail.body) != REMOVED_BODY,
        )
        .order_by(col(OutboxMail.id))
    ).all()
    for mail_id in failed:
        retry(session, mail_id=mail_id or 0, by=by, now=now)
    return len(failed)


def _refusal(mail: OutboxMail, state: MailState) -> str:
    if state is MailState.SENT:
        return "Diese Mail ist schon versandt."
    if state is MailState.SUPERSEDED:
        return "Diese Mail ist nicht mehr nötig; was noch fehlt, nennt die nächste Erinnerung."
    if mail.body == REMOVED_BODY:
        return "Der Link dieser Mail ist entfernt. Bitte laden Sie die Person neu ein."
    if state is MailState.WAITING and not mail.last_error:
        return "Diese Mail wartet noch auf ihren ersten Versuch und geht von selbst hinaus."
    return ""
