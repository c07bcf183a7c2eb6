"""Reading one round for the KI: its expected reports and its Rücklauf (domain.md 5).

The number of statements does not grow with measures or institutions. Punctuality and
figures are derived by `tracker.rules`, never stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from tracker.models import (
    Account,
    Extension,
    Goal,
    Institution,
    Measure,
    Report,
)
from tracker.queries.round_list import RoundHead, granted_in
from tracker.rules.figures import Expected, Returns, returns
from tracker.rules.periods import local_day
from tracker.rules.reports import (
    Granted,
    Punctuality,
    ReportState,
    due_on,
    punctuality,
    resubmission_overdue,
    resubmit_by,
)
from tracker.rules.rounds import RoundState

MISSING_STATES = frozenset({ReportState.EXPECTED, ReportState.DRAFT})


@dataclass(frozen=True)
class ExpectedReport:
    """One report of the frozen expected set, as the cockpit shows it."""

    id: int
    code: str
    display_text: str
    institution_id: int
    institution: str
    state: ReportState
    due_on: date
    punctuality: Punctuality
    first_submitted_at: datetime | None
    submitted_at: datetime | None
    resubmit_by: date | None
    is_resubmission_overdue: bool
    is_extended: bool
    on_behalf: bool
    revision: int
    waived_reason: str
    is_ended_early: bool

    @property
    def counted(self) -> Expected:
        """Return what the Rücklauf needs of it."""
        return Expected(self.state, self.first_submitted_at is not None, self.punctuality)

    @property
    def is_waived(self) -> bool:
        """Return whether the report is left out of the Rücklauf."""
        return self.state is ReportState.WAIVED

    @property
    def is_overdue(self) -> bool:
        """Return whether the Abgabefrist is past and nothing was ever submitted."""
        return self.state in MISSING_STATES and self.punctuality is Punctuality.OVERDUE


@dataclass(frozen=True)
class InstitutionPart:
    """An institution's reports of a round and its Rücklauf."""

    institution_id: int
    name: str
    returns: Returns
    reports: tuple[ExpectedReport, ...]


@dataclass(frozen=True)
class ExtensionRow:
    """A granted Nachfrist: for an institution or one measure."""

    subject: str
    until: date
    reason: str
    granted_at: datetime
    granted_by: str


@dataclass(frozen=True)
class RoundPage:
    """One round with its reports by institution."""

    head: RoundHead
    returns: Returns
    institutions: tuple[InstitutionPart, ...]
    extensions: tuple[ExtensionRow, ...]

    @property
    def reports(self) -> tuple[ExpectedReport, ...]:
        """Return all expected reports."""
        return tuple(item for part in self.institutions for item in part.reports)

    @property
    def to_review(self) -> tuple[ExpectedReport, ...]:
        """Return what waits for the KI's review."""
        return self._in(ReportState.SUBMITTED)

    @property
    def returned(self) -> tuple[ExpectedReport, ...]:
        """Return what is back at the institution with a question."""
        return self._in(ReportState.RETURNED)

    @property
    def waived(self) -> tuple[ExpectedReport, ...]:
        """Return what is befreit."""
        return self._in(ReportState.WAIVED)

    @property
    def missing(self) -> tuple[ExpectedReport, ...]:
        """Return what is not submitted."""
        return tuple(item for item in self.reports if item.state in MISSING_STATES)

    @property
    def missing_institutions(self) -> tuple[InstitutionPart, ...]:
        """Return the institutions of which a report is not submitted."""
        return tuple(
            part
            for part in self.institutions
            if any(item.state in MISSING_STATES for item in part.reports)
        )

    @property
    def ended_early(self) -> tuple[ExpectedReport, ...]:
        """Return what can no longer be submitted, though its Abgabefrist was not over."""
        return tuple(item for item in self.reports if item.is_ended_early)

    @property
    def extended_until(self) -> date | None:
        """Return the last day of all Nachfristen, None without one."""
        return max((item.until for item in self.extensions), default=None)

    @property
    def resubmission_overdue(self) -> tuple[ExpectedReport, ...]:
        """Return what should have come back with an answer by now."""
        return tuple(item for item in self.reports if item.is_resubmission_overdue)

    @property
    def overdue(self) -> tuple[ExpectedReport, ...]:
        """Return what was never submitted although the Abgabefrist is past."""
        return tuple(item for item in self.reports if item.is_overdue)

    def _in(self, state: ReportState) -> tuple[ExpectedReport, ...]:
        return tuple(item for item in self.reports if item.state is state)


def round_page(session: Session, *, head: RoundHead, now: datetime) -> RoundPage:
    """Return a round with its expected reports by institution; three statements."""
    granted = granted_in(session, {head.id: head})
    statement = (
        select(
            col(Report.id),
            col(Measure.code),
            col(Measure.display_text),
            col(Report.institution_id),
            col(Institution.name),
            col(Report.state),
            col(Report.first_submitted_at),
            col(Report.submitted_at),
            col(Report.returned_at),
            col(Report.on_behalf),
            col(Report.revision),
            col(Report.waived_reason),
        )
        .join(Measure, col(Measure.id) == col(Report.measure_id))
        .join(Goal, col(Goal.id) == col(Measure.goal_id))
        .join(Institution, col(Institution.id) == col(Report.institution_id))
        .where(col(Report.round_id) == head.id)
        .order_by(
            col(Institution.name),
            col(Institution.id),
            col(Goal.field_id),
            col(Goal.number),
            col(Measure.position),
        )
    )
    rows: Iterable[Any] = session.connection().execute(statement)
    parts: defaultdict[tuple[int, str], list[ExpectedReport]] = defaultdict(list)
    for row in rows:
        report = _expected(head, row, granted.of(head.id, row.id, row.institution_id), now)
        parts[row.institution_id, row.name].append(report)
    institutions = tuple(
        InstitutionPart(key, name, returns(item.counted for item in items), tuple(items))
        for (key, name), items in parts.items()
    )
    counted = [item.counted for part in institutions for item in part.reports]
    return RoundPage(head, returns(counted), institutions, _extensions(session, head.id))


def _expected(
    head: RoundHead, row: Any, extensions: list[Granted], now: datetime
) -> ExpectedReport:
    moment = row.first_submitted_at or now
    day = due_on(head.due_on, extensions, at=moment)
    return ExpectedReport(
        id=row.id,
        code=row.code,
        display_text=row.display_text,
        institution_id=row.institution_id,
        institution=row.name,
        state=row.state,
        due_on=day,
        punctuality=punctuality(
            head.due_on, extensions, first_submitted_at=row.first_submitted_at, now=now
        ),
        first_submitted_at=row.first_submitted_at,
        submitted_at=row.submitted_at,
        resubmit_by=resubmit_by(row.returned_at, head.resubmit_days)
        if row.state is ReportState.RETURNED and row.returned_at
        else None,
        is_resubmission_overdue=resubmission_overdue(
            row.state, row.returned_at, head.resubmit_days, today=local_day(now)
        ),
        is_extended=day > head.due_on,
        on_behalf=row.on_behalf,
        revision=row.revision,
        waived_reason=row.waived_reason or "",
        is_ended_early=row.state in MISSING_STATES and _ended_early(head, day),
    )


def _ended_early(head: RoundHead, due: date) -> bool:
    """Return whether the round took no more reports although this day was not over.

    Closing ends the Abgabefrist, publication also a Nachfrist.
    """
    if not (head.state is RoundState.PUBLISHED or head.state is RoundState.CLOSED):
        return False
    ended = head.closed_at
    if due > head.due_on:
        ended = head.published_at if head.state is RoundState.PUBLISHED else None
    return ended is not None and local_day(ended) <= due


def _extensions(session: Session, round_id: int) -> tuple[ExtensionRow, ...]:
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(Institution.name),
            col(Measure.code),
            col(Extension.until),
            col(Extension.reason),
            col(Extension.granted_at),
            col(Account.name).label("granted_by"),
        )
        .outerjoin(Institution, col(Institution.id) == col(Extension.institution_id))
        .outerjoin(Report, col(Report.id) == col(Extension.report_id))
        .outerjoin(Measure, col(Measure.id) == col(Report.measure_id))
        .join(Account, col(Account.id) == col(Extension.granted_by_id))
        .where(col(Extension.round_id) == round_id)
        .order_by(col(Extension.granted_at).desc())
    )
    rows: Iterable[Any] = session.connection().execute(statement)
    return tuple(
        ExtensionRow(
            row.name or f"Maßnahme {row.code}",
            row.until,
            row.reason,
            row.granted_at,
            row.granted_by,
        )
        for row in rows
    )
