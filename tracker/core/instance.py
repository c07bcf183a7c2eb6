"""Facts about this instance, e.g. that its data is an invented demonstration."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from tracker.core.db import transaction
from tracker.core.models import InstanceValue

# The moment at which the clock last said that it runs.
CLOCK_BEAT = "clock_beat"


def instance_value(session: Session, *, key: str) -> str | None:
    """Return a fact about this instance, e.g. "demonstration", None when it is not set."""
    statement = select(col(InstanceValue.value)).where(col(InstanceValue.key) == key)
    return session.execute(statement).scalar_one_or_none()


def beat(engine: Engine, *, now: datetime) -> None:
    """Note that the clock runs, in a transaction of its own."""
    with Session(engine) as session, transaction(session):
        session.merge(InstanceValue(key=CLOCK_BEAT, value=now.isoformat()))
