"""Reading the list of rounds with their Rücklauf, and one round without its reports.

Punctuality and figures are derived by `tracker.rules`, never stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from tracker.concept.queries.concepts import concept_in_round
from tracker.core.columns import columns
from tracker.core.periods import Period
from tracker.reporting.models import Extension, Report, Round
from tracker.reporting.rules.figures import Expected, Returns, returns
from tracker.reporting.rules.reports import Granted, ReportState, punctuality
from tracker.reporting.rules.rounds import (
    RUNNING_STATES,
    RoundEvent,
    RoundState,
    due_after_despatch,
    possible_events,
)


@dataclass(frozen=True)
class RoundHead:
    """What a round is, without its reports.

    On `opens_on` and after the end of `closes_on` the clock opens and closes it; None: by hand.
    `concept` is a title where there are several concepts, else "".
    """

    id: int
    concept_id: int
    edition_id: int
    key: str
    state: RoundState
    due_on: date
    despatch_on: date | None
    committee_on: date | None
    resubmit_days: int
    opened_at: datetime | None
    closed_at: datetime | None
    published_at: datetime | None
    correction_reason: str
    opens_on: date | None
    closes_on: date | None
    cancelled_at: datetime | None
    cancelled_reason: str | None
    concept: str

    @property
    def period(self) -> Period:
        return Period.parse(self.key)

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING_STATES

    @property
    def events(self) -> tuple[RoundEvent, ...]:
        return possible_events(self.state, was_published=self.published_at is not None)

    @property
    def is_due_too_late(self) -> bool:
        return due_after_despatch(self.due_on, self.despatch_on)


@dataclass(frozen=True)
class RoundSummary:
    """A line of the list of rounds; `returns` is None before a round was opened, and cancelled."""

    head: RoundHead
    returns: Returns | None
    to_review: int


def round_list(session: Session, *, concept_id: int, now: datetime) -> tuple[RoundSummary, ...]:
    """Return all rounds, newest period first, with their Rücklauf; three statements."""
    heads = _heads(session, _rounds().where(col(Round.concept_id) == concept_id))
    by_id = {head.id: head for head in heads}
    granted = granted_in(session, by_id)
    by_round: defaultdict[int, list[Expected]] = defaultdict(list)
    statement = select(
        *columns(Report.round_id, Report.id, Report.institution_id, Report.state),
        col(Report.first_submitted_at),
    ).where(col(Report.round_id).in_(by_id))
    rows: Iterable[Any] = session.connection().execute(statement)
    for row in rows:
        extensions = granted.of(row.round_id, row.id, row.institution_id)
        stands = punctuality(
            by_id[row.round_id].due_on,
            extensions,
            first_submitted_at=row.first_submitted_at,
            now=now,
        )
        submitted_once = row.first_submitted_at is not None
        joined = any(extension.joins for extension in extensions)
        by_round[row.round_id].append(Expected(row.state, submitted_once, stands, joined))
    return tuple(
        RoundSummary(
            head,
            returns(by_round[head.id])
            if head.opened_at and head.state is not RoundState.CANCELLED
            else None,
            sum(report.state is ReportState.SUBMITTED for report in by_round[head.id]),
        )
        for head in heads
    )


def round_head(session: Session, *, concept_id: int, period: Period) -> RoundHead | None:
    statement = _rounds().where(
        col(Round.concept_id) == concept_id, col(Round.period) == period.key
    )
    return next(iter(_heads(session, statement)), None)


@dataclass(frozen=True)
class GrantedIndex:
    """Extensions by round and subject, so that each report finds its own in one look."""

    by_report: Mapping[int, list[Granted]]
    by_institution: Mapping[tuple[int, int], list[Granted]]

    def of(self, round_id: int, report_id: int, institution_id: int) -> list[Granted]:
        own = self.by_report.get(report_id, [])
        return own + self.by_institution.get((round_id, institution_id), [])


def granted_in(session: Session, rounds: Collection[int]) -> GrantedIndex:
    by_report: defaultdict[int, list[Granted]] = defaultdict(list)
    by_institution: defaultdict[tuple[int, int], list[Granted]] = defaultdict(list)
    statement = select(
        *columns(Extension.round_id, Extension.report_id, Extension.institution_id),
        *columns(Extension.until, Extension.granted_at, Extension.joins),
    ).where(col(Extension.round_id).in_(rounds))
    for row in session.execute(statement):
        granted = Granted(row.until, row.granted_at, row.joins)
        if row.report_id is not None:
            by_report[row.report_id].append(granted)
        else:
            by_institution[row.round_id, row.institution_id].append(granted)
    return GrantedIndex(by_report, by_institution)


def _rounds() -> Select[*tuple[Any, ...]]:
    return select(
        *columns(Round.id, Round.concept_id, Round.edition_id, Round.period, Round.state),
        *columns(Round.due_on, Round.despatch_on, Round.committee_on, Round.resubmit_days),
        *columns(Round.opened_at, Round.closed_at, Round.published_at, Round.correction_reason),
        *columns(Round.opens_on, Round.closes_on, Round.cancelled_at, Round.cancelled_reason),
        concept_in_round(),
    ).order_by(col(Round.period_start).desc(), col(Round.period_end).desc())


def _heads(session: Session, statement: Select[*tuple[Any, ...]]) -> list[RoundHead]:
    rows: Iterable[Any] = session.connection().execute(statement)
    return [RoundHead(*row) for row in rows]
