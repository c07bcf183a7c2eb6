"""The append-only record of who changed what, when, with old and new value.

What concerns security is also a log line, once it is committed: who, what and which row, no values.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session

from tracker.core.models import AuditEvent
from tracker.core.permissions import Actor

log = logging.getLogger("tracker.security")

# Who may sign in, see and do what; what left the house; what was tried and refused.
SECURITY = ("access.", "account.", "database.", "export.", "setting.", "substitution.")
# What was not done is removed after a time, everything else stays (tracker.tidy).
TRIED = ("access.refused", "account.sign_in_failed", "account.sign_in_throttled")
KEEP_TRIED = timedelta(days=90)
_LINES = "security_lines"
# How many there were when each savepoint began.
_LINES_BEFORE = "security_lines_before"


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
    if verb.startswith(SECURITY):
        fields = {"entity": entity, "entity_id": entity_id}
        if by is not None:
            fields["account"] = by.account_id
        session.info.setdefault(_LINES, []).append((verb, fields))


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


@event.listens_for(Session, "after_commit")
def _write_lines(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.info.pop(_LINES_BEFORE, None)
    for verb, fields in session.info.pop(_LINES, ()):
        log.info(verb, extra={"fields": fields})


@event.listens_for(Session, "after_rollback")
def _forget_lines(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_LINES_BEFORE, None)
        session.info.pop(_LINES, None)


@event.listens_for(Session, "after_transaction_create")
def _note_savepoint(session: Session, began: SessionTransaction) -> None:
    if began.nested:
        before = len(session.info.get(_LINES, ()))
        session.info.setdefault(_LINES_BEFORE, {})[began] = before


@event.listens_for(Session, "after_soft_rollback")
def _forget_lines_of_savepoint(session: Session, given_up: SessionTransaction) -> None:
    before = session.info.get(_LINES_BEFORE, {}).get(given_up)
    if before is not None:
        del session.info.get(_LINES, [])[before:]
