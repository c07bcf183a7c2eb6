"""Sending a mail of the outbox again: at once, when somebody has mended what kept it.

It goes to the present address of the account it was written to. Whoever no longer represents the
institution gets it no more: the clock writes to the successor.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.accounts.models import Account
from tracker.core import audit
from tracker.core.errors import IllegalTransition, NotFound
from tracker.core.periods import local_day
from tracker.core.permissions import Actor
from tracker.mail.queries.mail_facts import representatives
from tracker.mail.queries.mails import is_visible
from tracker.mail.queries.unreached import account_of
from tracker.outbox.delivery import REMOVED_BODY
from tracker.outbox.models import OutboxMail
from tracker.outbox.queue import SUPERSEDED, state_of
from tracker.outbox.rules.mailing import TO_ACCOUNTS, MailState


def retry(session: Session, *, mail_id: int, by: Actor | None, now: datetime) -> None:
    """Have a mail tried again with the next pass of the clock; its attempts count anew.

    Raises NotFound for an unknown mail, IllegalTransition for one that was sent, is superseded,
    waits for its first attempt, or is for somebody who represents the institution no more.
    """
    mail = session.get(OutboxMail, mail_id, with_for_update=True)
    mine = None if by is None else by.concepts
    if mail is None or not is_visible(session, mail_id=mail_id, concepts=mine):
        raise NotFound("Diese Mail gibt es nicht. Bitte wählen Sie eine aus der Liste.")
    refusal = _refusal(mail, state_of(mail))
    if refusal:
        raise IllegalTransition(refusal)
    before = {"attempts": mail.attempts, "last_error": mail.last_error}
    mail.recipient = _present_address(session, mail, now)
    mail.attempts = 0
    mail.next_attempt_at = now
    audit.record_row(
        session, mail, "mail.retry", by=by, now=now, before=before, after={"attempts": 0}
    )


def retry_failed(session: Session, *, by: Actor | None, now: datetime) -> int:
    """Have every mail that was given up tried again; returns how many.

    Two kinds stay as they are: where the personal link is gone only a new invitation helps, and
    who represents the institution no more is not written to.
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
    again = 0
    for mail_id in failed:
        with suppress(IllegalTransition, NotFound):
            retry(session, mail_id=mail_id or 0, by=by, now=now)
            again += 1
    return again


def _present_address(session: Session, mail: OutboxMail, now: datetime) -> str:
    """Return where the account that a mail is for reads mails now.

    The key of a mail of a round or for the KI ends with the account's number; others (links, and
    what somebody wrote about a barrier) keep the address they have.
    """
    account = session.get(Account, account_of(mail.key))
    if mail.kind not in TO_ACCOUNTS or account is None:
        return mail.recipient
    if mail.institution_id is not None:
        people = representatives(session, today=local_day(now)).get(mail.institution_id, ())
        if account.id not in {person.account_id for person in people}:
            raise IllegalTransition(
                f"{account.name} vertritt die Institution nicht mehr. Wer sie jetzt vertritt, "
                "bekommt von selbst Nachricht; fehlt jemand, laden Sie die Person bitte unter "
                "„Konten“ ein."
            )
    return account.email


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
