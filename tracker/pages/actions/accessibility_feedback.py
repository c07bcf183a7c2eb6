"""Passing on a reported barrier (BITVNRW: a way to say what does not work)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from tracker.core import audit
from tracker.core.errors import Conflict
from tracker.core.models import AuditEvent
from tracker.outbox.models import OutboxMail

KIND = "barrier"
VERB = "barrier.report"
# The form needs no login, so a machine could fill the outbox with it.
MOST_PER_HOUR = 20


def report(
    session: Session,
    *,
    key: str,
    description: str,
    page: str,
    reply_to: str,
    recipients: Sequence[str],
    now: datetime,
) -> None:
    """Put a mail about a barrier into the outbox for each recipient; `key` makes them unique.

    `recipients` has at least one address. The sender is unknown on purpose; an address is given
    only by who wants an answer. Raises Conflict when more reports came in within an hour than
    people send.
    """
    _refuse_flood(session, recipients[0], now)
    body = (
        "Über das Formular „Barriere melden“ ist ein Hinweis eingegangen.\n\n"
        f"Seite: {page or 'nicht angegeben'}\n"
        f"Antwort an: {reply_to or 'keine Antwort gewünscht'}\n\n"
        f"{description}\n\n"
        "Eine Antwort ist innerhalb von zwei Wochen fällig.\n"
    )
    mails = [
        OutboxMail(
            key=f"barrier:{key}:{number}",
            kind=KIND,
            recipient=recipient,
            subject="Hinweis auf eine Barriere",
            body=body,
            created_at=now,
            next_attempt_at=now,
        )
        for number, recipient in enumerate(recipients, start=1)
    ]
    session.add_all(mails)
    audit.record_row(session, mails[0], VERB, by=None, now=now)


def _refuse_flood(session: Session, recipient: str, now: datetime) -> None:
    # One event per report, however many people in the KI get a mail about it.
    recent = select(func.count()).where(
        col(AuditEvent.verb) == VERB, col(AuditEvent.at) > now - timedelta(hours=1)
    )
    if session.exec(recent).one() >= MOST_PER_HOUR:
        raise Conflict(
            "Gerade gehen sehr viele Hinweise ein. Bitte versuchen Sie es in einer Stunde noch "
            f"einmal, oder schreiben Sie an {recipient}. Ihr Text steht noch im Formular."
        )
