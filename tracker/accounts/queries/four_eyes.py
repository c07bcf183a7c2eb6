"""Reading of the audit trail whether two accounts stand for two people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.accounts.rules.four_eyes import VERBS, Tied, Touch, tied
from tracker.core.columns import columns
from tracker.core.models import AuditEvent


def tied_accounts(session: Session, *, first: int, second: int, now: datetime) -> Tied | None:
    """Return how two accounts are tied, None where nothing was done to either by the other."""
    statement = (
        select(*columns(AuditEvent.verb, AuditEvent.entity_id, AuditEvent.actor_id, AuditEvent.at))
        .add_columns(col(AuditEvent.after))
        .where(
            col(AuditEvent.entity) == "account",
            col(AuditEvent.entity_id).in_([first, second]),
            col(AuditEvent.verb).in_(VERBS),
        )
        .order_by(col(AuditEvent.id))
    )
    touches = [
        Touch(verb, account_id, by_id, at, in_use=bool((after or {}).get("in_use")))
        for verb, account_id, by_id, at, after in session.connection().execute(statement)
    ]
    return tied(touches, accounts=(first, second), now=now)
