"""The append-only record of who changed what, when, with old and new value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from tracker.core.models import AuditEvent
from tracker.core.permissions import Actor


def record(
    session: Session,
    *,
    by: Actor | None,
    verb: str,
    entity: str,
    entity_id: int,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add one audit event; `by` None is the system itself (clock, command line, seed)."""
    session.add(
        AuditEvent(
            at=now,
            actor_id=by.account_id if by else None,
            verb=verb,
            entity=entity,
            entity_id=entity_id,
            before=None if before is None else dict(before),
            after=None if after is None else dict(after),
        )
    )


def record_row(
    session: Session,
    row: Any,
    verb: str,
    *,
    by: Actor | None,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add the audit event of a row; a new one is written first, so that it has a key."""
    if row.id is None:
        session.flush()
    record(
        session,
        by=by,
        verb=verb,
        entity=row.__tablename__,
        entity_id=row.id,
        now=now,
        before=before,
        after=after,
    )
