"""Writing what a seed file says: create, change, and remember what was written.

Only the seed calls these. No account acts, so the audit line has no actor.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel

from tracker.core import audit
from tracker.core.models import SeedRecord

Row = TypeVar("Row", bound=SQLModel)
Plain = str | int | bool | None


def plain(value: object) -> Plain:
    """Return a column's value as JSON keeps it: enums, days and decimals as text."""
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"{type(value).__name__} is no value of a seed file: {value!r}")


def create(session: Session, *, row: Row, entity: str, now: datetime) -> Row:
    session.add(row)
    session.flush()
    audit.record(
        session,
        verb="seed.create",
        entity=entity,
        entity_id=_id(row),
        after={name: plain(value) for name, value in row.model_dump().items() if name != "id"},
        by=None,
        now=now,
    )
    return row


def change(
    session: Session, *, row: SQLModel, changes: Mapping[str, object], entity: str, now: datetime
) -> None:
    before = {name: plain(getattr(row, name)) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    audit.record(
        session,
        verb="seed.change",
        entity=entity,
        entity_id=_id(row),
        before=before,
        after={name: plain(value) for name, value in changes.items()},
        by=None,
        now=now,
    )


def remember(
    session: Session, *, record: SeedRecord | None, entity: str, key: str, values: dict[str, Any]
) -> SeedRecord:
    """Keep the values that the seed last wrote; bookkeeping, so without an audit line."""
    if record is None:
        record = SeedRecord(entity=entity, key=key, values=values)
    record.values = values
    session.add(record)
    return record


def _id(row: SQLModel) -> int:
    return int(row.id)  # type: ignore[attr-defined]
