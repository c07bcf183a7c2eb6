"""Reading what waits to be confirmed."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from tracker.contact.models import Confirmation


def open_rows(
    session: Session, *, token_hash: str, now: datetime, for_update: bool = False
) -> list[Confirmation]:
    """Return what a link confirms: its own row first, then what waits for the same address.

    Empty for a link that is unknown, expired, or whose address was forgotten.
    """
    own = select(Confirmation).where(
        Confirmation.token_hash == token_hash, col(Confirmation.expires_at) > now
    )
    row = session.exec(own.with_for_update() if for_update else own).one_or_none()
    if row is None:
        return []
    others = select(Confirmation).where(
        Confirmation.purpose == row.purpose,
        Confirmation.address == row.address,
        Confirmation.id != row.id,
        col(Confirmation.confirmed_at).is_(None),
        col(Confirmation.expires_at) > now,
    )
    waiting = others.order_by(col(Confirmation.id))
    return [row, *session.exec(waiting.with_for_update() if for_update else waiting)]
