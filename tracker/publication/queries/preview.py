"""What a publication of the running round would say now: computed in memory, nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.core.periods import local_day
from tracker.publication.queries.publication_facts import publication_facts
from tracker.publication.rules.document import Document
from tracker.publication.rules.facts import Instance
from tracker.publication.rules.snapshot import build
from tracker.reporting.models import Round
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.rounds import RoundState


@dataclass(frozen=True)
class Preview:
    """The document of a round that is not published; `waiting` are measures not yet reviewed.

    Their reports are submitted and count as "keine Meldung", as long as nobody accepted them.
    """

    concept_id: int
    document: Document
    state: RoundState
    waiting: tuple[str, ...]

    @property
    def period(self) -> str:
        return self.document["round"]["period"]


def running(session: Session, *, concept_id: int) -> Sequence[str]:
    """Return a concept's periods that run: open rounds first, then closed ones, newest first."""
    statement = select(col(Round.period), col(Round.state), col(Round.period_start)).where(
        col(Round.concept_id) == concept_id,
        col(Round.state).in_([RoundState.OPEN, RoundState.CLOSED]),
    )
    rows = sorted(session.execute(statement), key=lambda row: row.period_start, reverse=True)
    rows.sort(key=lambda row: row.state is not RoundState.OPEN)
    return [row.period for row in rows]


def preview(
    session: Session, *, concept_id: int, period: str, instance: Instance, now: datetime
) -> Preview | None:
    """Return what publishing this round at `now` would record; None where it does not run.

    The same facts and the same function as in `actions.publication`, which refuses while
    a report waits for its review; here such a report counts as it would then: not at all.
    """
    statement = select(Round).where(
        col(Round.concept_id) == concept_id,
        col(Round.period) == period,
        col(Round.state).in_([RoundState.OPEN, RoundState.CLOSED]),
    )
    round_ = session.execute(statement).scalar_one_or_none()
    if round_ is None:
        return None
    facts = publication_facts(
        session, round_=round_, instance=instance, reason=round_.correction_reason, now=now
    )
    waiting = tuple(
        fact.code
        for fact in facts.measures
        if fact.report is not None and fact.report.state is ReportState.SUBMITTED
    )
    document = build(facts)
    if round_.state is RoundState.OPEN and local_day(now) <= round_.due_on:
        # What can still come in time has not missed its day: no share of it yet.
        document["figures"]["returns"]["timeliness"]["percent"] = None
    return Preview(concept_id, document, round_.state, waiting)
