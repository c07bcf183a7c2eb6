"""Which mails of a round are due, and when: the days of the clock (domain.md section 9).

Days are days in Europe/Berlin and a mail goes out from a fixed hour of its day. So a mail is due
or not by comparing moments, and neither a missed hour nor a clock change skips or doubles one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from tracker.core.periods import BERLIN, local_day


class MailKind(StrEnum):
    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind of mail, not a password
    ACCOUNT_NOTICE = "account_notice"
    BARRIER = "barrier"
    CONFIRMATION = "confirmation"
    ROUND_INVITATION = "round_invitation"
    ROUND_CANCELLED = "round_cancelled"
    REMINDER = "reminder"
    RETURNED = "returned"
    ESCALATION = "escalation"
    DIGEST = "digest"
    OPENING_FAILED = "opening_failed"


class MailState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    SUPERSEDED = "superseded"


# To institutions: outdated as soon as they owe nothing or a newer one of the round follows.
ASKING = frozenset({MailKind.ROUND_INVITATION, MailKind.REMINDER})
# Written by the clock to the people of an account, whose number ends the mail's key.
TO_ACCOUNTS = ASKING | {
    MailKind.ROUND_CANCELLED,
    MailKind.RETURNED,
    MailKind.ESCALATION,
    MailKind.DIGEST,
    MailKind.OPENING_FAILED,
}


@dataclass(frozen=True)
class Deadline:
    """A day on which an institution owes reports, and since when that day holds.

    `since` is the opening of the round or the granting of the Nachfrist: what would have been
    due before is not made up for.
    """

    due_on: date
    since: datetime


@dataclass(frozen=True)
class Wave:
    """A reminder: so many days after (or, negative, before) a deadline."""

    due_on: date
    offset: int

    @property
    def day(self) -> date:
        return self.due_on + timedelta(days=self.offset)


@dataclass(frozen=True)
class ReminderChoice:
    """What one pass does about an institution's reminders: send one, leave out earlier ones."""

    send: Wave | None
    superseded: tuple[Wave, ...]


def send_at(day: date, *, hour: int) -> datetime:
    """Return the moment (UTC) from which the mails of a day in Berlin go out."""
    return datetime.combine(day, time(hour), tzinfo=BERLIN).astimezone(UTC)


def is_night(now: datetime, *, hour: int) -> bool:
    """Return whether the day's hour is still to come: what was missed is not made up for then."""
    return now < send_at(local_day(now), hour=hour)


def invitation_at(opened_at: datetime, *, hour: int) -> datetime:
    """Return when the invitations go out: with the opening, but not before the hour."""
    return max(opened_at, send_at(local_day(opened_at), hour=hour))


def waves(deadlines: Iterable[Deadline], *, offsets: Iterable[int], hour: int) -> tuple[Wave, ...]:
    """Return an institution's reminders in the order of sending; the most urgent of a day last."""
    offsets = tuple(offsets)
    waves_ = {
        wave
        for deadline in deadlines
        for wave in (Wave(deadline.due_on, offset) for offset in offsets)
        if send_at(wave.day, hour=hour) >= deadline.since
    }
    return tuple(sorted(waves_, key=lambda wave: (wave.day, wave.offset)))


def reminders_due(
    deadlines: Iterable[Deadline], *, offsets: Iterable[int], hour: int, now: datetime
) -> tuple[Wave, ...]:
    planned = waves(deadlines, offsets=offsets, hour=hour)
    return tuple(wave for wave in planned if send_at(wave.day, hour=hour) <= now)


def choose(due: tuple[Wave, ...], *, done: Collection[Wave]) -> ReminderChoice:
    """Return what to do about reminders that are due: only the latest is still worth sending."""
    open_ = tuple(wave for wave in due if wave not in done)
    if not open_:
        return ReminderChoice(None, ())
    if open_[-1] == due[-1]:
        return ReminderChoice(open_[-1], open_[:-1])
    return ReminderChoice(None, open_)


def escalation_at(overdue: Iterable[date], *, days: int, hour: int) -> datetime | None:
    """Return when the KI is told of what is missing: so many days after the first deadline.

    `overdue` are the due days of reports that are still owed; None where there are none.
    """
    first = min(overdue, default=None)
    return None if first is None else send_at(first + timedelta(days=days), hour=hour)


def digest_day(now: datetime, *, weekday: int, hour: int) -> date:
    """Return the latest day of a digest whose moment has come; `weekday` is 1 (Monday) to 7."""
    today = local_day(now)
    day = today - timedelta(days=(today.isoweekday() - weekday) % 7)
    return day if send_at(day, hour=hour) <= now else day - timedelta(days=7)


def mail_state(
    *, sent_at: datetime | None, next_attempt_at: datetime | None, superseded: bool
) -> MailState:
    if sent_at is not None:
        return MailState.SENT
    if next_attempt_at is not None:
        return MailState.WAITING
    return MailState.SUPERSEDED if superseded else MailState.FAILED
