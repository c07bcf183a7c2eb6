"""The state machine of a report, and what is derived from its dates (domain.md section 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tracker.core.periods import end_of_day, local_day
from tracker.reporting.rules.rounds import RoundState


class ReportState(StrEnum):
    EXPECTED = "expected"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WAIVED = "waived"


class ReportEvent(StrEnum):
    SAVE = "save"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    RETURN = "return"
    REVOKE = "revoke"
    WAIVE = "waive"
    UNWAIVE_EXPECTED = "unwaive_expected"
    UNWAIVE_DRAFT = "unwaive_draft"
    UNWAIVE_RETURNED = "unwaive_returned"


# Saving keeps the state except that a first save makes an expected report a draft; a waiver is
# taken back to where the report was, so "back" is three events.
TRANSITIONS: dict[tuple[ReportState, ReportEvent], ReportState] = {
    (ReportState.EXPECTED, ReportEvent.SAVE): ReportState.DRAFT,
    (ReportState.DRAFT, ReportEvent.SAVE): ReportState.DRAFT,
    (ReportState.RETURNED, ReportEvent.SAVE): ReportState.RETURNED,
    (ReportState.DRAFT, ReportEvent.SUBMIT): ReportState.SUBMITTED,
    (ReportState.RETURNED, ReportEvent.SUBMIT): ReportState.SUBMITTED,
    (ReportState.SUBMITTED, ReportEvent.WITHDRAW): ReportState.DRAFT,
    (ReportState.SUBMITTED, ReportEvent.ACCEPT): ReportState.ACCEPTED,
    (ReportState.SUBMITTED, ReportEvent.RETURN): ReportState.RETURNED,
    (ReportState.ACCEPTED, ReportEvent.REVOKE): ReportState.SUBMITTED,
    (ReportState.EXPECTED, ReportEvent.WAIVE): ReportState.WAIVED,
    (ReportState.DRAFT, ReportEvent.WAIVE): ReportState.WAIVED,
    (ReportState.RETURNED, ReportEvent.WAIVE): ReportState.WAIVED,
    (ReportState.WAIVED, ReportEvent.UNWAIVE_EXPECTED): ReportState.EXPECTED,
    (ReportState.WAIVED, ReportEvent.UNWAIVE_DRAFT): ReportState.DRAFT,
    (ReportState.WAIVED, ReportEvent.UNWAIVE_RETURNED): ReportState.RETURNED,
}

UNWAIVE_TO = {
    ReportState.EXPECTED: ReportEvent.UNWAIVE_EXPECTED,
    ReportState.DRAFT: ReportEvent.UNWAIVE_DRAFT,
    ReportState.RETURNED: ReportEvent.UNWAIVE_RETURNED,
}

EDITABLE = frozenset({ReportState.EXPECTED, ReportState.DRAFT, ReportState.RETURNED})

UNCHANGED_FLAG_AFTER = 3


def possible_events(state: ReportState) -> tuple[ReportEvent, ...]:
    return tuple(event for (source, event) in TRANSITIONS if source is state)


class Punctuality(StrEnum):
    """How a report stands against its Abgabefrist; derived, never stored."""

    PENDING = "pending"
    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Granted:
    """An extension: new last day, and since when it holds.

    `joins`: the report joined the round then, with this day as its own.
    """

    until: date
    granted_at: datetime
    joins: bool = False


def due_on(round_due_on: date, extensions: Iterable[Granted], *, at: datetime) -> date:
    """Return the day a report is due: the latest extension granted by `at`, else the round's."""
    granted = [extension.until for extension in extensions if extension.granted_at <= at]
    return max([round_due_on, *granted])


def punctuality(
    round_due_on: date,
    extensions: Iterable[Granted],
    *,
    first_submitted_at: datetime | None,
    now: datetime,
) -> Punctuality:
    """Return on_time / late / overdue / pending from the *first* submission (domain.md 5)."""
    moment = first_submitted_at or now
    due = end_of_day(due_on(round_due_on, extensions, at=moment))
    if first_submitted_at is not None:
        return Punctuality.ON_TIME if first_submitted_at <= due else Punctuality.LATE
    return Punctuality.OVERDUE if now > due else Punctuality.PENDING


def resubmission_overdue(
    state: ReportState, returned_at: datetime | None, resubmit_days: int, *, today: date
) -> bool:
    """Return whether a returned report waits longer than the round grants (domain.md 5)."""
    if state is not ReportState.RETURNED or returned_at is None:
        return False
    return today > resubmit_by(returned_at, resubmit_days)


def resubmit_by(returned_at: datetime, resubmit_days: int) -> date:
    """Return the last day on which a returned report is expected back (domain.md 5)."""
    return local_day(returned_at) + timedelta(days=resubmit_days)


def extension_valid(extensions: Iterable[Granted], *, now: datetime) -> bool:
    """Return whether a Nachfrist lets the institution write although the round is closed."""
    return any(
        extension.granted_at <= now <= end_of_day(extension.until) for extension in extensions
    )


def takes_reports(state: RoundState, extensions: Iterable[Granted], *, now: datetime) -> bool:
    """Return whether a round lets a report be written: while it is open, or by a Nachfrist."""
    return state is RoundState.OPEN or (
        state is RoundState.CLOSED and extension_valid(extensions, now=now)
    )


def next_unchanged_streak(previous_streak: int, *, unchanged: bool) -> int:
    """Return how many rounds in a row were confirmed unchanged, this one included."""
    return previous_streak + 1 if unchanged else 0
