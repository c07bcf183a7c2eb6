"""One report of a round's frozen expected set as the KI sees it, with what is derived from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.core.periods import local_day
from tracker.reporting.rounds.queries.round_list import RoundHead
from tracker.reporting.rules.figures import Expected
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
    """One report of the frozen expected set, as the cockpit shows it.

    `waiting_days` counts since it was submitted or returned, None where nobody waits; `events` is
    what the KI can do with it now; `may_be_written` says whether a text is taken now.
    """

    id: int
    code: str
    display_text: str
    field: int
    field_name: str
    institution_id: int
    institution: str
    state: ReportState
    due_on: date
    punctuality: Punctuality
    first_submitted_at: datetime | None
    submitted_at: datetime | None
    returned_on: date | None
    resubmit_by: date | None
    is_resubmission_overdue: bool
    waiting_days: int | None
    is_extended: bool
    on_behalf: bool
    revision: int
    waived_reason: str
    unchanged_streak: int
    is_ended_early: bool
    may_be_written: bool
    events: tuple[ReportEvent, ...]

    @property
    def counted(self) -> Expected:
        return Expected(self.state, self.first_submitted_at is not None, self.punctuality)

    @property
    def is_waived(self) -> bool:
        """Return whether the report is left out of the Rücklauf."""
        return self.state is ReportState.WAIVED

    @property
    def is_missing(self) -> bool:
        """Return whether nothing lies with the KI and nothing was returned."""
        return self.state in MISSING_STATES

    @property
    def is_overdue(self) -> bool:
        """Return whether the Abgabefrist is past and nothing was ever submitted."""
        return self.is_missing and self.punctuality is Punctuality.OVERDUE

    @property
    def is_often_unchanged(self) -> bool:
        return not self.is_missing and self.unchanged_streak >= UNCHANGED_FLAG_AFTER


def expected_report(
    head: RoundHead, row: Any, extensions: list[Granted], *, now: datetime
) -> ExpectedReport:
    day = due_on(head.due_on, extensions, at=row.first_submitted_at or now)
    returned = row.returned_at if row.state is ReportState.RETURNED else None
    today = local_day(now)
    return ExpectedReport(
        id=row.id,
        code=row.code,
        display_text=row.display_text,
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
        returned_on=local_day(returned) if returned else None,
        resubmit_by=resubmit_by(returned, head.resubmit_days) if returned else None,
        is_resubmission_overdue=resubmission_overdue(
            row.state, row.returned_at, head.resubmit_days, today=today
        ),
        waiting_days=_waiting_days(row, today),
        is_extended=day > head.due_on,
        on_behalf=row.on_behalf,
        revision=row.revision,
        waived_reason=row.waived_reason or "",
        unchanged_streak=row.unchanged_streak if row.unchanged else 0,
        is_ended_early=row.state in MISSING_STATES and _ended_early(head, day),
        may_be_written=row.state in EDITABLE and takes_reports(head.state, extensions, now=now),
        events=possible_events(row.state) if head.is_running else (),
    )


def _waiting_days(row: Any, today: date) -> int | None:
    since = {
        ReportState.SUBMITTED: row.submitted_at,
        ReportState.RETURNED: row.returned_at,
    }.get(row.state)
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
