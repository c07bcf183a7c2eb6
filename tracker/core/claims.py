"""Doing a thing once: a job claims its business key in the transaction of its effect.

Two clocks may run by mistake, and a clock may be restarted at any moment. The claim is a row of
`job_run` whose key is unique: whoever comes second waits for the first transaction to end and
then inserts nothing, and what was rolled back is claimed anew at the next pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Engine, select, update
from sqlmodel import Session, col

from tracker.core.db import insert_for, transaction
from tracker.core.models import JobRun

_Thing = TypeVar("_Thing")

DONE = "done"
SUPERSEDED = "superseded"


def each(things: Iterable[_Thing], do: Callable[[_Thing], str | None]) -> list[str]:
    """Do something for each thing; returns what was said, without those that said nothing.

    An error at one does not keep the others waiting: the first is raised at the end.
    """
    said, errors = [], []
    for thing in things:
        try:
            said.append(do(thing))
        except Exception as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return [sentence for sentence in said if sentence]


def once(
    engine: Engine, *, job: str, key: str, now: datetime, effect: Callable[[Session], str]
) -> str | None:
    """Do `effect` unless this key of the job was done before; returns its detail, or None.

    Whatever the effect raises is raised, and neither effect nor claim remains.
    """
    return once_together(engine, claims=[(job, key)], now=now, effect=effect)


def once_together(
    engine: Engine,
    *,
    claims: Iterable[tuple[str, str]],
    now: datetime,
    effect: Callable[[Session], str],
    superseded: Iterable[tuple[str, str]] = (),
) -> str | None:
    """Do `effect` unless one of these jobs and keys was done before; returns its detail, or None.

    All are claimed or none. `superseded` are recorded as left out because of it.
    """
    claims = sorted(claims)  # two clocks ask in one order, or they would wait for each other
    if _was_done(engine, claims[0]):
        return None
    with Session(engine) as session, transaction(session):
        for job, key in claims:
            if not _claim(session, job=job, key=key, now=now):
                session.rollback()
                return None
        detail = effect(session)
        for job, key in claims:
            _finish(session, job=job, key=key, now=now, outcome=DONE, detail=detail)
        for job, key in sorted(superseded):
            if _claim(session, job=job, key=key, now=now):
                _finish(session, job=job, key=key, now=now, outcome=SUPERSEDED, detail=detail)
        return detail


def _was_done(engine: Engine, claim: tuple[str, str]) -> bool:
    # Most passes find everything done, and reading keeps no writer waiting.
    job, key = claim
    statement = select(col(JobRun.id)).where(col(JobRun.job) == job, col(JobRun.key) == key)
    with Session(engine) as session:
        return session.execute(statement).first() is not None


def _claim(session: Session, *, job: str, key: str, now: datetime) -> bool:
    statement = (
        insert_for(session)(JobRun)
        .values(job=job, key=key, started_at=now, detail="")
        .on_conflict_do_nothing(index_elements=["job", "key"])
        .returning(col(JobRun.id))
    )
    return session.execute(statement).first() is not None


def _finish(
    session: Session, *, job: str, key: str, now: datetime, outcome: str, detail: str
) -> None:
    session.execute(
        update(JobRun)
        .where(col(JobRun.job) == job, col(JobRun.key) == key)
        .values(finished_at=now, outcome=outcome, detail=detail)
    )
