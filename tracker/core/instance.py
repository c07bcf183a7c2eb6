"""Facts about this instance, e.g. that its data is an invented demonstration."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.core.models import InstanceValue


def instance_value(session: Session, *, key: str) -> str | None:
    """Return a fact about this instance, e.g. "demonstration", None when it is not set."""
    statement = select(col(InstanceValue.value)).where(col(InstanceValue.key) == key)
    return session.execute(statement).scalar_one_or_none()
