"""Double opt-in: an address is used once its owner has confirmed it, and else forgotten.

Whoever asks, nobody is mailed more than once an hour and three times a day for a purpose until
they confirm; what comes in meanwhile waits for the link that they have.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from tracker.contact.models import Confirmation
from tracker.contact.purposes import Confirmed, Purpose
from tracker.contact.queries.confirmations import open_rows
from tracker.core.hashes import token_hash
from tracker.core.settings import Settings
from tracker.outbox.queue import enqueue
from tracker.outbox.rules.mailing import MailKind
from tracker.outbox.wording import confirmation_link

VALID = timedelta(days=7)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_PER_DAY = 3
# To all addresses together: a flood of forms must not become a flood of mails to strangers. What
# is more goes out later: a link holds so long from its mail on, by which `expires_at` tells both.
MOST_PER_HOUR = 60


def ask(
    session: Session,
    *,
    purpose: Purpose,
    address: str,
    payload: dict[str, Any],
    settings: Settings,
    now: datetime,
) -> None:
    """Keep an address until it is confirmed, and mail its owner the link unless one goes anyway.

    The caller's page says the same either way.
    """
    address = address.strip().lower()
    may_mail = _may_mail(session, purpose, address, now)
    token = secrets.token_urlsafe(32) if may_mail else None
    mail_at = _turn(session, now) if may_mail else now
    row = Confirmation(
        purpose=purpose.key,
        address=address,
        token_hash=None if token is None else token_hash(token),
        payload=payload,
        created_at=now,
        expires_at=mail_at + VALID,
    )
    session.add(row)
    if token is None:
        return
    text = confirmation_link(
        reason=purpose.reason,
        link=f"{settings.base_url.rstrip('/')}/bestaetigen/{token}",
        expires_at=row.expires_at,
        settings=settings,
    )
    key = f"{MailKind.CONFIRMATION}:{token_hash(token)[:32]}"
    enqueue(session, key=key, recipient=address, text=text, now=now, not_before=mail_at)


def confirm(session: Session, *, token: str, purpose: Purpose, now: datetime) -> None:
    """Confirm all that waits for the address of a link; a second time nothing more happens."""
    rows = open_rows(session, token_hash=token_hash(token), now=now, for_update=True)
    waiting = [row for row in rows if row.confirmed_at is None]
    if not waiting:
        return
    payloads = tuple(row.payload for row in waiting)
    for row in waiting:
        row.confirmed_at, row.payload = now, {}
    session.flush()
    purpose.effect(session, Confirmed(waiting[0].address, payloads, now))


def forget(session: Session, *, token: str, now: datetime) -> None:
    """Remove all that waits for the address of a link, and the link with it."""
    rows = open_rows(session, token_hash=token_hash(token), now=now, for_update=True)
    ids = [row.id for row in rows if row.confirmed_at is None]
    session.execute(delete(Confirmation).where(col(Confirmation.id).in_(ids)))


def forget_all(session: Session) -> int:
    """Remove every address that waits, as after a backup was put back; returns how many."""
    return len(session.execute(delete(Confirmation).returning(col(Confirmation.id))).all())


def _may_mail(session: Session, purpose: Purpose, address: str, now: datetime) -> bool:
    # Who confirms shows that the mails are wanted. What still waits for its turn counts too.
    def mailed(since: timedelta) -> int:
        statement = select(func.count()).where(
            col(Confirmation.purpose) == purpose.key,
            col(Confirmation.address) == address,
            col(Confirmation.confirmed_at).is_(None),
            col(Confirmation.token_hash).is_not(None),
            col(Confirmation.expires_at) > now - since + VALID,
        )
        return int(session.execute(statement).scalar_one())

    return mailed(HOUR) < 1 and mailed(DAY) < MOST_PER_DAY


def _turn(session: Session, now: datetime) -> datetime:
    """Return when the next mail goes: an hour after the one that is so many before it."""
    statement = (
        select(col(Confirmation.expires_at))
        .where(
            col(Confirmation.token_hash).is_not(None),
            col(Confirmation.expires_at) > now - HOUR + VALID,
        )
        .order_by(col(Confirmation.expires_at).desc())
        .offset(MOST_PER_HOUR - 1)
        .limit(1)
    )
    before = session.execute(statement).scalar()
    return now if before is None else before - VALID + HOUR
