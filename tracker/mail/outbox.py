"""The outbox: mails wait in the database, written in the transaction that causes them.

A mail waits while `next_attempt_at` is set, is sent once `sent_at` is set, and has failed for good
when neither is: `last_error` then says why.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from tracker.mail.wording import MailText
from tracker.models import OutboxMail


def enqueue(
    session: Session,
    *,
    key: str,
    recipient: str,
    text: MailText,
    now: datetime,
    round_id: int | None = None,
    institution_id: int | None = None,
) -> bool:
    """Put a mail into the outbox unless one with this key was there before; returns whether.

    The key names what makes the mail unique, e.g. "invitation:17" (domain.md 9: sent once).
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(OutboxMail)
        .values(
            key=key,
            kind=text.kind.value,
            recipient=recipient,
            subject=text.subject,
            body=text.body,
            round_id=round_id,
            institution_id=institution_id,
            created_at=now,
            attempts=0,
            next_attempt_at=now,
            last_error="",
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(col(OutboxMail.id))
    )
    return session.execute(statement).first() is not None
