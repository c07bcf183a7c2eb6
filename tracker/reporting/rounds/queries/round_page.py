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

from tracker.accounts.models import Account
from tracker.concept.models import EditionField, EditionGoal, EditionMeasure, Institution
from tracker.concept.queries.concept import IN_ORDER, wording_in
from tracker.concept.queries.entries import name_on, text_in_round
from tracker.core.columns import columns
from tracker.core.periods import local_day
from tracker.core.text import alphabetical
from tracker.reporting.models import Extension, Report, Round
from tracker.reporting.rounds.queries.round_list import RoundHead, granted_in
from tracker.reporting.rules.figures import Expected, Returns, returns
from tracker.reporting.rules.reports import (
    EDITABLE,
    UNCHANGED_FLAG_AFTER,
    Granted,
    Punctuality,
    ReportEvent,
    ReportState,
    due_on,
    possible_events,
    punctuality,
    resubmission_overdue,
    resubmit_by,
    takes_reports,
)
from tracker.reporting.rules.rounds import RoundState

MISSING_STATES = frozenset({ReportState.EXPECTED, ReportState.DRAFT})


@dataclass(frozen=True)
class ExpectedReport:
    """One expected report as the cockpit shows it; the set was frozen at the opening.

    `joined_on` is the day on which it joined the open round. `waiting_days` counts since it was
    submitted or returned, None where nobody waits; `events` is what the KI can do with it now;
    `may_be_written` says whether a text is taken now.
    """

    id: int
    code: str
    display_text: str
    field_position: int
    field: str
    field_name: str
    institution_id: int
    institution: str
    state: ReportState
    due_on: date
    punctuality: Punctuality
    first_submitted_at: datetime | None
    submitted_at: datetime | None
    resubmit_by: date | None
    is_resubmission_overdue: bool
    waiting_days: int | None
    is_extended: bool
    joined_on: date | None
    submitted_by_id: int | None
    on_behalf: bool
    revision: int
    waived_reason: str
    unchanged_streak: int
    is_ended_early: bool
    may_be_written: bool
    events: tuple[ReportEvent, ...]

    @property
    def counted(self) -> Expected:
        submitted_once = self.first_submitted_at is not None
        return Expected(self.state, submitted_once, self.punctuality, self.joined_on is not None)

    @property
    def is_waived(self) -> bool:
        return self.state is ReportState.WAIVED

    @property
    def is_missing(self) -> bool:
        """Return whether nothing was ever handed in; what was withdrawn came in (domain.md 5)."""
        return self.state in MISSING_STATES and self.first_submitted_at is None

    @property
    def is_withdrawn(self) -> bool:
        return self.state in MISSING_STATES and self.first_submitted_at is not None

    @property
    def is_overdue(self) -> bool:
        """Return whether the Abgabefrist is past and nothing was ever submitted."""
        return self.is_missing and self.punctuality is Punctuality.OVERDUE

    @property
    def is_often_unchanged(self) -> bool:
        return self.state not in MISSING_STATES and self.unchanged_streak >= UNCHANGED_FLAG_AFTER


def expected_report(
    head: RoundHead, row: Any, extensions: list[Granted], *, now: datetime
) -> ExpectedReport:
    day = due_on(head.due_on, extensions, at=row.first_submitted_at or now)
    returned = row.returned_at if row.state is ReportState.RETURNED else None
    joined = next((extension for extension in extensions if extension.joins), None)
    today = local_day(now)
    return ExpectedReport(
        id=row.id,
        code=row.code,
        display_text=row.display_text,
        field_position=row.field_position,
        field=row.field,
        field_name=row.field_name,
        institution_id=row.institution_id,
        institution=row.institution,
        state=row.state,
        due_on=day,
        punctuality=punctuality(
            head.due_on, extensions, first_submitted_at=row.first_submitted_at, now=now
        ),
        first_submitted_at=row.first_submitted_at,
        submitted_at=row.submitted_at,
        resubmit_by=resubmit_by(returned, head.resubmit_days) if returned else None,
        is_resubmission_overdue=resubmission_overdue(
            row.state, row.returned_at, head.resubmit_days, today=today
        ),
        waiting_days=_waiting_days(row, today),
        is_extended=day > max(head.due_on, joined.until if joined else head.due_on),
        joined_on=local_day(joined.granted_at) if joined else None,
        submitted_by_id=row.submitted_by_id,
        on_behalf=row.on_behalf,
        revision=row.revision,
        waived_reason=row.waived_reason or "",
        unchanged_streak=row.unchanged_streak if row.unchanged else 0,
        is_ended_early=row.state in MISSING_STATES
        and row.first_submitted_at is None
        and _ended_early(head, day),
        may_be_written=row.state in EDITABLE and takes_reports(head.state, extensions, now=now),
        events=possible_events(row.state) if head.is_running else (),
    )


def _waiting_days(row: Any, today: date) -> int | None:
    waits = {ReportState.SUBMITTED: row.submitted_at, ReportState.RETURNED: row.returned_at}
    since = waits.get(row.state)
    return None if since is None else (today - local_day(since)).days


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


@dataclass(frozen=True)
class InstitutionPart:
    institution_id: int
    name: str
    returns: Returns
    reports: tuple[ExpectedReport, ...]


@dataclass(frozen=True)
class ExtensionRow:
    subject: str
    until: date
    reason: str
    granted_at: datetime
    granted_by: str
    joins: bool


@dataclass(frozen=True)
class RoundPage:
    """A round with its Rücklauf; `original` is that of the set frozen at the opening."""

    head: RoundHead
    returns: Returns
    institutions: tuple[InstitutionPart, ...]
    extensions: tuple[ExtensionRow, ...]
    original: Returns

    @property
    def reports(self) -> tuple[ExpectedReport, ...]:
        return tuple(report for part in self.institutions for report in part.reports)

    @property
    def to_review(self) -> tuple[ExpectedReport, ...]:
        return self._in(ReportState.SUBMITTED)

    @property
    def returned(self) -> tuple[ExpectedReport, ...]:
        return self._in(ReportState.RETURNED)

    @property
    def waived(self) -> tuple[ExpectedReport, ...]:
        return self._in(ReportState.WAIVED)

    @property
    def missing(self) -> tuple[ExpectedReport, ...]:
        return tuple(report for report in self.reports if report.is_missing)

    @property
    def withdrawn(self) -> tuple[ExpectedReport, ...]:
        return tuple(report for report in self.reports if report.is_withdrawn)

    @property
    def pending(self) -> tuple[ExpectedReport, ...]:
        """Return what is not submitted and can still come within its Abgabefrist."""
        return tuple(
            report
            for report in self.reports
            if report.is_missing and not report.is_overdue and not report.is_ended_early
        )

    @property
    def often_unchanged(self) -> tuple[ExpectedReport, ...]:
        return tuple(report for report in self.reports if report.is_often_unchanged)

    @property
    def joined(self) -> tuple[ExpectedReport, ...]:
        return tuple(report for report in self.reports if report.joined_on is not None)

    @property
    def extended(self) -> tuple[ExpectedReport, ...]:
        return tuple(
            report for report in self.reports if report.is_extended and not report.is_waived
        )

    @property
    def missing_institutions(self) -> tuple[InstitutionPart, ...]:
        return tuple(
            part for part in self.institutions if any(report.is_missing for report in part.reports)
        )

    @property
    def ended_early(self) -> tuple[ExpectedReport, ...]:
        """Return what can no longer be submitted, though its Abgabefrist was not over."""
        return tuple(report for report in self.reports if report.is_ended_early)

    @property
    def extended_until(self) -> date | None:
        granted = (extension.until for extension in self.extensions if not extension.joins)
        return max(granted, default=None)

    @property
    def joined_until(self) -> date | None:
        """Return the last day of a report that joined and is still missing."""
        return max((report.due_on for report in self.joined if report.is_missing), default=None)

    @property
    def resubmission_overdue(self) -> tuple[ExpectedReport, ...]:
        return tuple(report for report in self.reports if report.is_resubmission_overdue)

    @property
    def overdue(self) -> tuple[ExpectedReport, ...]:
        return tuple(report for report in self.reports if report.is_overdue)

    def _in(self, state: ReportState) -> tuple[ExpectedReport, ...]:
        return tuple(report for report in self.reports if report.state is state)


def round_page(session: Session, *, head: RoundHead, now: datetime) -> RoundPage:
    """Return a round with its expected reports by institution; three statements."""
    granted = granted_in(session, {head.id: head})
    today = local_day(now)
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(Report.id),
            col(EditionMeasure.code),
            text_in_round(),
            col(EditionField.position).label("field_position"),
            col(EditionField.code).label("field"),
            col(EditionField.name).label("field_name"),
            col(Report.institution_id),
            name_on(today).label("institution"),
            *columns(Report.state, Report.first_submitted_at, Report.submitted_at),
            col(Report.submitted_by_id),
            *columns(Report.returned_at, Report.on_behalf, Report.revision, Report.waived_reason),
            *columns(Report.unchanged, Report.unchanged_streak),
        )
        .join(Round, col(Round.id) == col(Report.round_id))
        .join(EditionMeasure, wording_in(col(Report.measure_id), col(Round.edition_id)))
        .join(EditionGoal, col(EditionGoal.id) == col(EditionMeasure.edition_goal_id))
        .join(EditionField, col(EditionField.id) == col(EditionGoal.edition_field_id))
        .join(Institution, col(Institution.id) == col(Report.institution_id))
        .where(col(Report.round_id) == head.id)
        .order_by(
            *(name_on(today), col(Institution.id)),
            *IN_ORDER,
        )
    )
    rows: Iterable[Any] = session.connection().execute(statement)
    parts: defaultdict[tuple[int, str], list[ExpectedReport]] = defaultdict(list)
    for row in rows:
        extensions = granted.of(head.id, row.id, row.institution_id)
        parts[row.institution_id, row.institution].append(
            expected_report(head, row, extensions, now=now)
        )
    institutions = tuple(
        InstitutionPart(key, name, returns(report.counted for report in items), tuple(items))
        for (key, name), items in sorted(parts.items(), key=lambda part: alphabetical(part[0][1]))
    )
    counted = [report.counted for part in institutions for report in part.reports]
    return RoundPage(
        head,
        returns(counted),
        institutions,
        _extensions(session, head.id, today),
        original=returns(report for report in counted if not report.joined),
    )


def _extensions(session: Session, round_id: int, today: date) -> tuple[ExtensionRow, ...]:
    statement: Select[*tuple[Any, ...]] = (
        select(
            name_on(today),
            *columns(EditionMeasure.code, Extension.until, Extension.reason),
            *columns(Extension.granted_at, Extension.joins),
            col(Account.name).label("granted_by"),
        )
        .outerjoin(Institution, col(Institution.id) == col(Extension.institution_id))
        .outerjoin(Report, col(Report.id) == col(Extension.report_id))
        .join(Round, col(Round.id) == col(Extension.round_id))
        .outerjoin(EditionMeasure, wording_in(col(Report.measure_id), col(Round.edition_id)))
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
            row.joins,
        )
        for row in rows
    )
