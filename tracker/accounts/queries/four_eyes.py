"""Reading of the audit trail whether two accounts stand for two people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from tracker.accounts.rules.four_eyes import LOOKS_BACK, VERBS, Tied, Touch, tied
from tracker.core.columns import columns
from tracker.core.models import AuditEvent

# However long ago: what makes an account one that somebody else uses.
USED_BEFORE = ("account.change_email", "account.reactivate")


def tied_accounts(
    session: Session, *, first: int, second: int, now: datetime, in_hand: bool = False
) -> Tied | None:
    """Return how two accounts are tied, None where neither stands behind the other.

    `in_hand` is that of the rule.
    """
    touches: list[Touch] = []
    seen: set[int] = set()
    asked = {first, second}
    while asked:
        seen |= asked
        latest = _touches(session, asked, since=now - LOOKS_BACK)
        touches += latest
        asked = {touch.by_id for touch in latest if touch.by_id is not None} - seen
    return tied(touches, accounts=(first, second), now=now, in_hand=in_hand)


def _touches(session: Session, account_ids: set[int], *, since: datetime) -> list[Touch]:
    """Return what was done to accounts since then, and earlier what tells a takeover."""
    verb = col(AuditEvent.verb)
    statement = (
        select(*columns(AuditEvent.verb, AuditEvent.entity_id, AuditEvent.actor_id, AuditEvent.at))
        .add_columns(col(AuditEvent.after))
        .where(
            col(AuditEvent.entity) == "account",
            col(AuditEvent.entity_id).in_(account_ids),
            verb.in_(VERBS),
            or_(col(AuditEvent.at) >= since, verb.in_(USED_BEFORE)),
        )
        .order_by(col(AuditEvent.id))
    )
    return [
        Touch(verb, account_id, by_id, at, **_said(after or {}))
        for verb, account_id, by_id, at, after in session.connection().execute(statement)
    ]


def _said(after: Mapping[str, Any]) -> dict[str, bool]:
    return {name: bool(after.get(name)) for name in ("in_use", "shown")}
