"""The outbox: mails wait in the database, written in the transaction that causes them.

A mail waits while `next_attempt_at` is set and is sent once `sent_at` is set. When neither is, it
has failed for good or is superseded, and `last_error` says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from tracker.core.db import insert_for
from tracker.outbox.models import OutboxMail, OutboxMailRound
from tracker.outbox.rules.mailing import MailKind, MailState, mail_state
from tracker.outbox.wording import MailText

# The beginning of `last_error` of a mail that was not sent because it is no longer of use.
SUPERSEDED = "Überholt: "


def state_of(mail: Any) -> MailState:
    """Return where a mail, or a row with these columns of one, stands."""
    return mail_state(
        sent_at=mail.sent_at,
        next_attempt_at=mail.next_attempt_at,
        superseded=mail.last_error.startswith(SUPERSEDED),
    )


def enqueue(
    session: Session,
    *,
    key: str,
    recipient: str,
    text: MailText,
    now: datetime,
    round_ids: Collection[int] = (),
    institution_id: int | None = None,
    not_before: datetime | None = None,
) -> bool:
    """Put a mail into the outbox unless one with this key was there before; returns whether.

    The key names what makes the mail unique, e.g. "invitation:17" (domain.md 9: sent once).
    `not_before` holds it back until then.
    """
    statement = (
        insert_for(session)(OutboxMail)
        .values(
            key=key,
            kind=text.kind.value,
            recipient=recipient,
            subject=text.subject,
            body=text.body,
            institution_id=institution_id,
            created_at=now,
            attempts=0,
            next_attempt_at=max(now, not_before or now),
            last_error="",
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(col(OutboxMail.id))
    )
    mail_id = session.execute(statement).scalar()
    if mail_id is None:
        return False
    session.add_all(OutboxMailRound(mail_id=mail_id, round_id=round_id) for round_id in round_ids)
    return True


def rounds_of(session: Session, mail_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Return the ids of the rounds that these mails are about."""
    statement = select(col(OutboxMailRound.mail_id), col(OutboxMailRound.round_id)).where(
        col(OutboxMailRound.mail_id).in_(mail_ids)
    )
    rounds: defaultdict[int, set[int]] = defaultdict(set)
    for mail_id, round_id in session.execute(statement):
        rounds[mail_id].add(round_id)
    return {mail_id: frozenset(rounds[mail_id]) for mail_id in mail_ids}


def supersede(session: Session, *, mail_ids: Collection[int], reason: str) -> None:
    """Take mails that still wait out of the outbox, visibly; what was sent stays sent.

    `reason` is a German sentence for the KI.
    """
    session.execute(
        update(OutboxMail)
        .where(
            col(OutboxMail.id).in_(mail_ids),
            col(OutboxMail.sent_at).is_(None),
            col(OutboxMail.next_attempt_at).is_not(None),
        )
        .values(next_attempt_at=None, last_error=SUPERSEDED + reason)
    )


def readdress(session: Session, *, account_id: int, before: str, email: str) -> None:
    """Have what waits for an account go to its new address; what brings a link is given up.

    The keys of mails to somebody with an account end with its number.
    """
    unsent = update(OutboxMail).where(
        col(OutboxMail.recipient) == before, col(OutboxMail.sent_at).is_(None)
    )
    session.execute(
        unsent.where(
            col(OutboxMail.key).endswith(f":{account_id}"),
            col(OutboxMail.next_attempt_at).is_not(None),
        ).values(recipient=email)
    )
    give_up_links(session, recipient=before, reason="Die Adresse wurde geändert.")


def give_up_links(session: Session, *, recipient: str, reason: str) -> None:
    """Take mails out of the outbox that would bring somebody a link which is void by now."""
    session.execute(
        update(OutboxMail)
        .where(
            col(OutboxMail.recipient) == recipient,
            col(OutboxMail.sent_at).is_(None),
            col(OutboxMail.kind).in_([MailKind.INVITATION, MailKind.PASSWORD_RESET]),
        )
        .values(next_attempt_at=None, last_error=SUPERSEDED + reason)
    )
