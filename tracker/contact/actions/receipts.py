"""Noting that a public form was sent: limits by sender, and no effect twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.contact.models import FormReceipt
from tracker.core.db import insert_for
from tracker.core.errors import TooMany
from tracker.core.german import counted

# What one sender may send of a form within an hour; an office may be one sender.
MOST_PER_HOUR = 5
HOUR = timedelta(hours=1)


def receive(
    session: Session,
    *,
    form: str,
    key: str,
    sender: str,
    now: datetime,
    most: int = MOST_PER_HOUR,
) -> bool:
    """Note a form in the transaction of its effect; returns False where it was sent before.

    Raises TooMany for a sender of more than `most` within an hour. All senders together are
    never refused: nobody can shut a form for others.
    """
    known = select(col(FormReceipt.id)).where(col(FormReceipt.key) == key)
    if session.execute(known).first() is not None:
        return False
    if recent(session, form=form, sender=sender, now=now) >= most:
        raise TooMany(
            "Von Ihrem Anschluss kamen in der letzten Stunde schon "
            f"{counted(most, 'Formular', 'Formulare')} dieser Art. Bitte "
            "versuchen Sie es in einer Stunde noch einmal. Ihre Angaben stehen noch im Formular."
        )
    statement = (
        insert_for(session)(FormReceipt)
        .values(form=form, key=key, sender=sender, at=now)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(col(FormReceipt.id))
    )
    return session.execute(statement).first() is not None


def recent(session: Session, *, form: str, now: datetime, sender: str | None = None) -> int:
    """Return how many of a form came in within the last hour, from one sender or from all."""
    statement = select(func.count()).where(
        col(FormReceipt.form) == form, col(FormReceipt.at) > now - HOUR
    )
    if sender is not None:
        statement = statement.where(col(FormReceipt.sender) == sender)
    return int(session.execute(statement).scalar_one())
