"""Reading what waits to be confirmed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from tracker.contact.models import Confirmation


def open_rows(
    session: Session, *, token_hash: str, now: datetime, for_update: bool = False
) -> list[Confirmation]:
    """Return what a link confirms: its own row first, then what waits for the same address.

    Empty for a link that is unknown, expired, or whose address was forgotten.
    """
    own = aliased(Confirmation)
    statement = (
        select(Confirmation)
        .join(
            own,
            (col(own.purpose) == col(Confirmation.purpose))
            & (col(own.address) == col(Confirmation.address)),
        )
        .where(
            col(own.token_hash) == token_hash,
            col(own.expires_at) > now,
            col(Confirmation.expires_at) > now,
            col(Confirmation.confirmed_at).is_(None) | (col(Confirmation.id) == col(own.id)),
        )
        # One order for all links, or two of them would wait for each other.
        .order_by(col(Confirmation.id))
    )
    if for_update:
        statement = statement.with_for_update(of=Confirmation)
    return sorted(session.exec(statement), key=lambda row: row.token_hash != token_hash)
