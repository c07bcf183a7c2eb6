"""Passing on a reported barrier (BITVNRW: a way to say what does not work)."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from tracker.actions import audit
from tracker.models import OutboxMail


def report(
    session: Session,
    *,
    key: str,
    description: str,
    page: str,
    reply_to: str,
    recipient: str,
    now: datetime,
) -> None:
    """Put a mail about a barrier into the outbox; `key` makes it unique.

    The sender is unknown on purpose; an address is given only by who wants an answer.
    """
    body = (
        "Über das Formular „Barriere melden“ ist ein Hinweis eingegangen.\n\n"
        f"Seite: {page or 'nicht angegeben'}\n"
        f"Antwort an: {reply_to or 'keine Antwort gewünscht'}\n\n"
        f"{description}\n\n"
        "Eine Antwort ist innerhalb von zwei Wochen fällig.\n"
    )
    mail = OutboxMail(
        key=f"barrier:{key}",
        kind="barrier",
        recipient=recipient,
        subject="Hinweis auf eine Barriere",
        body=body,
        created_at=now,
        next_attempt_at=now,
    )
    session.add(mail)
    session.flush()
    audit.record(
        session,
        by=None,
        verb="barrier.report",
        entity="outbox_mail",
        entity_id=mail.id or 0,
        now=now,
    )
