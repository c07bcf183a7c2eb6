"""Doing a thing once: a job claims its business key in the transaction of its effect.

Two clocks may run by mistake, and a clock may be restarted at any moment. The claim is a row of
`job_run` whose key is unique: whoever comes second waits for the first transaction to end and
then inserts nothing, and what was rolled back is claimed anew at the next pass.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from tracker.db import transaction
from tracker.models import JobRun

DONE = "done"


def once(
    engine: Engine, *, job: str, key: str, now: datetime, effect: Callable[[Session], str]
) -> str | None:
    """Do `effect` unless this key of the job was done before; returns its detail, or None.

    Whatever the effect raises is raised, and neither effect nor claim remains.
    """
    with Session(engine) as session, transaction(session):
        if not _claim(session, job=job, key=key, now=now):
            return None
        detail = effect(session)
        session.execute(
            update(JobRun)
            .where(col(JobRun.job) == job, col(JobRun.key) == key)
            .values(finished_at=now, outcome=DONE, detail=detail)
        )
        return detail


def _claim(session: Session, *, job: str, key: str, now: datetime) -> bool:
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = (
        insert(JobRun)
        .values(job=job, key=key, started_at=now, detail="")
        .on_conflict_do_nothing(index_elements=["job", "key"])
        .returning(col(JobRun.id))
    )
    return session.execute(statement).first() is not None
