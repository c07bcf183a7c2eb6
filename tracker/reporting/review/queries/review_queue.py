"""Reading what waits for the KI's review, and how a report differs from the one before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.accounts.models import Account
from tracker.concept.models import EditionField, EditionGoal, EditionMeasure, Institution
from tracker.concept.queries.concept import IN_ORDER, wording_in
from tracker.concept.queries.concepts import concept_in_round
from tracker.concept.queries.entries import name_on, text_in_round
from tracker.core.columns import columns
from tracker.core.periods import Period, local_day
from tracker.reporting.models import Report, ReportRevision, Review, Round
from tracker.reporting.reports.queries.last_accepted import newest_acceptance
from tracker.reporting.rounds.queries.visibility import of_concepts
from tracker.reporting.rules.reports import UNCHANGED_FLAG_AFTER, ReportState
from tracker.reporting.rules.rounds import RUNNING_STATES
from tracker.reporting.rules.status import Course, Implementation


@dataclass(frozen=True)
class QueueRow:
    """A submitted report that waits for a decision; `may_decide` is False for who submitted it.

    `goal`, `position` and `field` are places in the Fassung; `remark` is what a confirmation says
    has changed; `concept` is a title where there are several; `finding` is the KI's reason where it
    set another value the round before.
    """

    report_id: int
    code: str
    display_text: str
    goal: int
    position: int
    field: int
    field_name: str
    institution_id: int
    institution: str
    key: str
    submitted_at: datetime
    submitted_by: str
    revision: int
    unchanged: bool
    unchanged_streak: int
    implementation: Implementation
    course: Course | None
    remark: str
    may_decide: bool
    concept: str
    finding: str

    @property
    def goes_together(self) -> bool:
        """Return whether it may be accepted with others, unread."""
        return self.unchanged and self.may_decide and not self.finding

    @property
    def period(self) -> Period:
        return Period.parse(self.key)

    @property
    def is_often_unchanged(self) -> bool:
        return self.unchanged_streak >= UNCHANGED_FLAG_AFTER

    def days_waiting(self, today: date) -> int:
        return (today - local_day(self.submitted_at)).days


@dataclass(frozen=True)
class Submission:
    submitted_by_id: int | None
    submitted_by: str
    submitted_at: datetime | None
    on_behalf: bool
    unchanged: bool
    unchanged_streak: int

    @property
    def is_often_unchanged(self) -> bool:
        return self.unchanged_streak >= UNCHANGED_FLAG_AFTER


@dataclass(frozen=True)
class QueueSelection:
    institution_id: int | None = None
    field: int | None = None
    unchanged: bool = False
    by_measure: bool = False

    @property
    def is_filtered(self) -> bool:
        return self.unchanged or self.institution_id is not None or self.field is not None


@dataclass(frozen=True)
class Following:
    """Which report comes next for a person: None if none is left that they may decide.

    `skipped` counts their own submissions that lie between.
    """

    report_id: int | None
    skipped: int


@dataclass(frozen=True)
class QueuePlace:
    """Where a report stands in the queue, counted from 1, and its neighbours."""

    number: int
    total: int
    previous_id: int | None
    next_id: int | None


def queue(
    session: Session,
    *,
    account_id: int,
    today: date,
    including: Collection[int] = (),
    concepts: Collection[int] | None = None,
) -> tuple[QueueRow, ...]:
    """Return the submitted reports of running rounds, the longest waiting first.

    `including` adds reports that may have left the queue since; `concepts` leaves out all others.
    """
    statement = _waiting(account_id, today, including).where(of_concepts(concepts))
    rows: Iterable[Any] = session.connection().execute(statement)
    return tuple(QueueRow(*row) for row in rows)


def selected(rows: Sequence[QueueRow], selection: QueueSelection) -> tuple[QueueRow, ...]:
    waiting_rows = [
        row
        for row in rows
        if selection.institution_id in (None, row.institution_id)
        and selection.field in (None, row.field)
        and (row.unchanged or not selection.unchanged)
    ]
    if selection.by_measure:
        waiting_rows.sort(key=lambda row: (row.goal, row.position))
    return tuple(waiting_rows)


def following(rows: Sequence[QueueRow], *, after: int) -> Following:
    """Return the report that is decided on next after this one: the next in order, then the first.

    A report that is not among the rows is followed by the first.
    """
    ids = [row.report_id for row in rows]
    start = ids.index(after) + 1 if after in ids else 0
    others = [row for row in (*rows[start:], *rows[:start]) if row.report_id != after]
    for skipped, row in enumerate(others):
        if row.may_decide:
            return Following(row.report_id, skipped)
    return Following(None, len(others))


def place(rows: Sequence[QueueRow], *, report_id: int) -> QueuePlace | None:
    ids = [row.report_id for row in rows]
    if report_id not in ids:
        return None
    at = ids.index(report_id)
    return QueuePlace(
        number=at + 1,
        total=len(ids),
        previous_id=ids[at - 1] if at else None,
        next_id=ids[at + 1] if at + 1 < len(ids) else None,
    )


def submission(session: Session, *, report_id: int) -> Submission:
    statement = (
        select(
            *columns(Report.submitted_by_id, Account.name, Report.submitted_at, Report.on_behalf),
            *columns(Report.unchanged, Report.unchanged_streak),
        )
        .outerjoin(Account, col(Account.id) == col(Report.submitted_by_id))
        .where(col(Report.id) == report_id)
    )
    row: Any = session.connection().execute(statement).one()
    return Submission(row[0], row[1] or "", *row[2:])


_acceptance = aliased(Review)


def _waiting(account_id: int, today: date, including: Collection[int]) -> Select[*tuple[Any, ...]]:
    waits = and_(col(Report.state) == ReportState.SUBMITTED, col(Round.state).in_(RUNNING_STATES))
    return (
        select(
            *columns(Report.id, EditionMeasure.code),
            text_in_round(),
            *columns(EditionGoal.position, EditionMeasure.position),
            *columns(EditionField.position, EditionField.name, Report.institution_id),
            name_on(today),
            *columns(Round.period, Report.submitted_at, Account.name, Report.revision),
            *columns(Report.unchanged, Report.unchanged_streak),
            *columns(ReportRevision.implementation, ReportRevision.course),
            func.coalesce(col(ReportRevision.content)["changed"].as_string(), ""),
            col(Report.submitted_by_id) != account_id,
            concept_in_round(),
            case(
                (col(_acceptance.reviewed_implementation).is_(None), ""), else_=_acceptance.comment
            ),
        )
        .join(Round, col(Round.id) == col(Report.round_id))
        .join(EditionMeasure, wording_in(col(Report.measure_id), col(Round.edition_id)))
        .join(EditionGoal, col(EditionGoal.id) == col(EditionMeasure.edition_goal_id))
        .join(EditionField, col(EditionField.id) == col(EditionGoal.edition_field_id))
        .join(Institution, col(Institution.id) == col(Report.institution_id))
        .join(Account, col(Account.id) == col(Report.submitted_by_id))
        .join(
            ReportRevision,
            (col(ReportRevision.report_id) == col(Report.id))
            & (col(ReportRevision.number) == col(Report.revision)),
        )
        .outerjoin(
            _acceptance,
            col(_acceptance.id) == newest_acceptance(Report.previous_report_id),
        )
        .where(or_(waits, col(Report.id).in_(list(including))) if including else waits)
        .order_by(col(Report.submitted_at), *IN_ORDER)
    )
