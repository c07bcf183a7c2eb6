"""Which mails are due, and when (domain.md 9); days and hours are those of Berlin."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.periods import BERLIN, local_day
from tracker.outbox.rules.mailing import (
    Deadline,
    MailState,
    Wave,
    choose,
    digest_day,
    escalation_at,
    invitation_at,
    is_night,
    mail_state,
    reminders_due,
    send_at,
    waves,
)

OFFSETS = (-7, -2, 0, 3)
DUE = date(2027, 1, 15)
OPENED = datetime(2026, 12, 31, 23, 10, tzinfo=UTC)  # ten past midnight in Berlin
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def offsets_due(now: str, *deadlines: Deadline) -> list[int]:
    found = reminders_due(
        deadlines or [Deadline(DUE, OPENED)], offsets=OFFSETS, hour=6, now=berlin(now)
    )
    return [wave.offset for wave in found]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2027-01-01T06:00", []),
        ("2027-01-08T05:59", []),
        ("2027-01-08T06:00", [-7]),
        ("2027-01-13T05:59", [-7]),
        ("2027-01-13T06:00", [-7, -2]),
        ("2027-01-15T06:00", [-7, -2, 0]),
        ("2027-01-18T06:00", [-7, -2, 0, 3]),
        ("2027-03-01T06:00", [-7, -2, 0, 3]),
    ],
)
def test_a_reminder_is_due_from_the_hour_of_its_day(now: str, due: list[int]) -> None:
    assert offsets_due(now) == due


@pytest.mark.parametrize(
    ("opened", "left"),
    [
        ("2027-01-07T23:59", [-7, -2, 0, 3]),
        ("2027-01-08T06:00", [-7, -2, 0, 3]),
        ("2027-01-08T06:01", [-2, 0, 3]),
        ("2027-01-16T09:00", [3]),
        ("2027-02-01T09:00", []),
    ],
)
def test_what_would_have_been_due_before_the_opening_is_not_made_up_for(
    opened: str, left: list[int]
) -> None:
    found = waves([Deadline(DUE, berlin(opened))], offsets=OFFSETS, hour=6)
    assert [wave.offset for wave in found] == left


def test_an_extension_has_waves_of_its_own_from_the_granting() -> None:
    extended = Deadline(date(2027, 1, 29), berlin("2027-01-23T10:00"))
    days = [wave.day for wave in waves([Deadline(DUE, OPENED), extended], offsets=OFFSETS, hour=6)]
    assert [day.day for day in days] == [8, 13, 15, 18, 27, 29, 1]


def test_two_deadlines_on_one_day_end_with_the_more_urgent_one() -> None:
    later = Deadline(date(2027, 1, 20), OPENED)
    found = waves([Deadline(DUE, OPENED), later], offsets=OFFSETS, hour=6)
    assert [item for item in found if item.day == date(2027, 1, 18)] == [
        Wave(later.due_on, -2),
        Wave(DUE, 3),
    ]


WAVES = tuple(Wave(DUE, offset) for offset in OFFSETS)


@pytest.mark.parametrize(
    ("due", "done", "send", "superseded"),
    [
        ([], [], None, []),
        ([-7], [], -7, []),
        ([-7], [-7], None, []),
        ([-7, -2, 0], [], 0, [-7, -2]),
        ([-7, -2, 0], [-7], 0, [-2]),
        ([-7, -2, 0, 3], [-7, -2, 0, 3], None, []),
        # An offset that the setting got later, when a newer reminder is out already.
        ([-7, -2, 0], [-7, 0], None, [-2]),
    ],
)
def test_only_the_latest_is_sent_and_earlier_ones_are_left_out(
    due: list[int], done: list[int], send: int | None, superseded: list[int]
) -> None:
    choice = choose(
        tuple(Wave(DUE, offset) for offset in due), done=[Wave(DUE, offset) for offset in done]
    )
    assert (choice.send.offset if choice.send else None) == send
    assert [wave.offset for wave in choice.superseded] == superseded


@settings(deadline=None)
@given(due=DAYS, passes=st.lists(st.integers(0, 60 * 24 * 40), min_size=1, max_size=30))
def test_whenever_the_clock_comes_by_no_reminder_is_sent_twice_or_after_a_newer_one(
    due: date, passes: list[int]
) -> None:
    opened = send_at(due - timedelta(days=20), hour=0)
    done: list[Wave] = []
    sent: list[tuple[datetime, Wave]] = []
    for minutes in sorted(passes):
        now = opened + timedelta(minutes=minutes)
        found = reminders_due([Deadline(due, opened)], offsets=OFFSETS, hour=6, now=now)
        choice = choose(found, done=done)
        done += choice.superseded
        if choice.send:
            done.append(choice.send)
            sent.append((now, choice.send))
        assert set(done) == set(found)
    assert len({wave for _, wave in sent}) == len(sent)
    assert [wave.day for _, wave in sent] == sorted(wave.day for _, wave in sent)
    assert all(local_day(now) >= wave.day for now, wave in sent)


@settings(deadline=None)
@given(day=DAYS, hour=st.integers(0, 23))
def test_every_day_has_one_moment_of_sending_also_when_the_clocks_change(
    day: date, hour: int
) -> None:
    moment = send_at(day, hour=hour)
    assert local_day(moment) == day
    length = send_at(day + timedelta(days=1), hour=hour) - moment
    assert timedelta(hours=23) <= length <= timedelta(hours=25)


@pytest.mark.parametrize(
    ("night", "hour", "moment"),
    [
        ("2027-03-28", 6, "2027-03-28T04:00+00:00"),
        ("2027-03-27", 6, "2027-03-27T05:00+00:00"),
        ("2027-03-28", 2, "2027-03-28T01:00+00:00"),  # 2 o'clock does not exist: 3 o'clock
        ("2027-10-31", 2, "2027-10-31T00:00+00:00"),  # exists twice: the first
        ("2027-10-31", 6, "2027-10-31T05:00+00:00"),
    ],
)
def test_the_nights_of_the_clock_change(night: str, hour: int, moment: str) -> None:
    assert send_at(date.fromisoformat(night), hour=hour) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("opened", "invited"),
    [
        ("2027-01-01T00:05", "2027-01-01T06:00"),
        ("2027-01-01T06:00", "2027-01-01T06:00"),
        ("2027-01-01T14:30", "2027-01-01T14:30"),
    ],
)
def test_invitations_go_out_with_the_opening_but_not_at_night(opened: str, invited: str) -> None:
    assert invitation_at(berlin(opened), hour=6) == berlin(invited)


def test_what_was_missed_is_not_made_up_for_at_night() -> None:
    assert is_night(berlin("2027-01-20T05:59"), hour=6)
    assert not is_night(berlin("2027-01-20T06:00"), hour=6)


def test_the_escalation_follows_the_first_deadline_that_is_over() -> None:
    assert escalation_at([], days=7, hour=6) is None
    moment = escalation_at([date(2027, 1, 29), DUE], days=7, hour=6)
    assert moment == berlin("2027-01-22T06:00")


@pytest.mark.parametrize(
    ("now", "weekday", "day"),
    [
        ("2027-01-11T05:59", 1, "2027-01-04"),
        ("2027-01-11T06:00", 1, "2027-01-11"),
        ("2027-01-17T23:59", 1, "2027-01-11"),
        ("2027-01-13T12:00", 7, "2027-01-10"),
    ],
)
def test_the_digest_of_a_week_is_that_of_its_latest_day(now: str, weekday: int, day: str) -> None:
    assert digest_day(berlin(now), weekday=weekday, hour=6) == date.fromisoformat(day)


NOW = berlin("2027-01-08T06:00")


@pytest.mark.parametrize(
    ("sent_at", "next_attempt_at", "superseded", "state"),
    [
        (None, NOW, False, MailState.WAITING),
        (None, None, False, MailState.FAILED),
        (None, None, True, MailState.SUPERSEDED),
        (NOW, None, False, MailState.SENT),
        # Handed to the server in the very moment in which it was taken out.
        (NOW, None, True, MailState.SENT),
    ],
)
def test_where_a_mail_stands(
    sent_at: datetime | None, next_attempt_at: datetime | None, superseded: bool, state: MailState
) -> None:
    found = mail_state(sent_at=sent_at, next_attempt_at=next_attempt_at, superseded=superseded)
    assert found is state
