"""Reading the audit log for the KI: who changed what, when, old and new value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.models import Account, AuditEvent

PAGE_SIZE = 50


@dataclass(frozen=True)
class AuditChange:
    """One value that changed; None where there was or is none."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class AuditRow:
    """One event; `who` is empty for the system itself."""

    id: int
    at: datetime
    who: str
    verb: str
    entity: str
    entity_id: int
    changes: tuple[AuditChange, ...]


@dataclass(frozen=True)
class AuditPage:
    """A page of events, newest first; pages count from 1."""

    rows: tuple[AuditRow, ...]
    entities: tuple[str, ...]
    page: int
    pages: int
    total: int


def audit_page(session: Session, *, entity: str, page: int) -> AuditPage:
    """Return a page of the events about one kind of thing, or about everything for ""."""
    wanted = col(AuditEvent.entity) == entity if entity else col(AuditEvent.id).is_not(None)
    counted = select(func.count()).select_from(AuditEvent).where(wanted)
    total = int(session.connection().execute(counted).scalar_one())
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    statement = (
        select(
            col(AuditEvent.id),
            col(AuditEvent.at),
            col(Account.name),
            col(AuditEvent.verb),
            col(AuditEvent.entity),
            col(AuditEvent.entity_id),
            col(AuditEvent.before),
            col(AuditEvent.after),
        )
        .outerjoin(Account, col(Account.id) == col(AuditEvent.actor_id))
        .where(wanted)
        .order_by(col(AuditEvent.id).desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    rows: Iterable[Any] = session.connection().execute(statement)
    known = select(col(AuditEvent.entity)).distinct().order_by(col(AuditEvent.entity))
    return AuditPage(
        rows=tuple(
            AuditRow(
                id=row.id,
                at=row.at,
                who=row.name or "",
                verb=row.verb,
                entity=row.entity,
                entity_id=row.entity_id,
                changes=_changes(row.before or {}, row.after or {}),
            )
            for row in rows
        ),
        entities=tuple(session.connection().execute(known).scalars()),
        page=page,
        pages=pages,
        total=total,
    )


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[AuditChange, ...]:
    return tuple(
        AuditChange(name, before.get(name), after.get(name))
        for name in dict.fromkeys([*before, *after])
    )
