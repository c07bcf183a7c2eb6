"""What somebody who is signed in asked for and did not get, in the audit trail."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from tracker.core import audit
from tracker.core.models import AuditEvent
from tracker.core.permissions import Actor

VERB = "access.refused"
WINDOW = timedelta(minutes=15)
# Whoever tries one address after the other is told of as often, not once for each.
MOST = 20


class Refusal(StrEnum):
    OTHER_TASK = "other_task"
    OTHERS = "others"
    STALE_FORM = "stale_form"


def record_refusal(
    session: Session, *, by: Actor, address: str, refusal: Refusal, now: datetime
) -> None:
    """Record that an actor was refused at an address (a pattern without its values).

    Once for each address in a quarter of an hour, and no more than `MOST` times of all: every
    request has a line in the log besides.
    """
    recent = session.exec(
        select(AuditEvent.after).where(
            AuditEvent.verb == VERB,
            AuditEvent.actor_id == by.account_id,
            col(AuditEvent.at) > now - WINDOW,
        )
    ).all()
    if len(recent) >= MOST or address in [event["address"] for event in recent if event]:
        return
    audit.record(
        session,
        by=by,
        verb=VERB,
        entity="account",
        entity_id=by.account_id,
        now=now,
        after={"address": address, "refusal": refusal},
    )
