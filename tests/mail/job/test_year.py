"""A whole year of simulated days with planned quarters: every mail is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from sqlmodel import Session, select

from tests.mail.job.mail_world import MailWorld
from tests.outbox.server import Mailbox, running
from tools.processes import free_port
from tracker.core.clock import run_once
from tracker.core.periods import BERLIN, local_day
from tracker.jobs import JOBS
from tracker.outbox.rules.mailing import send_at
from tracker.reporting.models import Round
from tracker.reporting.rules.rounds import RoundState

LIBRARY, CLUB, KI = "vhs@example.org", "ibz@example.org", "ki@stadt.example"
FIRST, LAST = date(2026, 12, 20), date(2027, 12, 31)
CLOCK_CHANGES = (date(2027, 3, 28), date(2027, 10, 31))
BOTH = (LIBRARY, CLUB)

# What is sent on which day, to whom; what people do in between is in `deeds`.
EXPECTED = """
2027-01-01 round_invitation both
2027-01-08 reminder both
2027-01-13 reminder club
2027-01-15 reminder club
2027-01-18 reminder club
2027-01-22 escalation ki
2027-04-01 round_invitation both
2027-04-08 reminder both
2027-04-13 reminder both
2027-04-15 reminder both
2027-04-18 reminder both
2027-04-22 escalation ki
2027-07-01 round_invitation both
2027-07-08 reminder library
2027-07-13 reminder library
2027-07-22 reminder library
2027-07-27 reminder library
2027-07-29 reminder library
2027-08-05 escalation ki
2027-10-01 round_invitation both
2027-10-07 returned library
2027-10-08 reminder library
2027-10-13 reminder library
"""


def expected() -> Counter[tuple[date, str, str]]:
    """Read the table; every Monday from the first opening within a week on has its digest."""
    people = {"both": BOTH, "library": (LIBRARY,), "club": (CLUB,), "ki": (KI,)}
    found = Counter(
        (date.fromisoformat(day), kind, who)
        for day, kind, whom in (line.split() for line in EXPECTED.split("\n") if line)
        for who in people[whom]
    )
    monday = date(2026, 12, 28)
    while monday <= LAST:
        found[monday, "digest", KI] = 1
        monday += timedelta(days=7)
    return found


YEAR = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


def eventful(done_on: Iterable[date]) -> list[date]:
    """The days on which something is sent, done, opened or closed, and all Mondays."""
    days = {*done_on, *(day for day in YEAR if day.day == 1)}
    days |= {day for day, kind, _ in expected() if kind != "digest"}
    return [day for day in YEAR if day in days or day.weekday() == 0]


def moments(days: Iterable[date]) -> Iterator[datetime]:
    """Daily at six, twice on the 15th; on the days of the clock change every hour."""
    for day in days:
        start = send_at(day, hour=0)
        if day in CLOCK_CHANGES:
            yield from (start + timedelta(hours=hours) for hours in range(23))
        else:
            yield send_at(day, hour=6)
        if day.day == 15:
            yield send_at(day, hour=6)


def deeds(world: MailWorld, rounds: list[int]) -> dict[date, Callable[[], None]]:
    """What people do, on the afternoon of a day."""
    winter, _spring, summer, autumn = rounds
    with world.writing() as inner:
        club, stranger = inner.club, inner.stranger

    def submit(round_id: int, count: int, at: str) -> None:
        world.submit(*world.open_reports(round_id)[:count], at=at)

    def submit_club(round_id: int, at: str) -> None:
        world.submit(*world.open_reports(round_id, club), at=at, by=stranger)

    sent_back: list[int] = []

    def october() -> None:
        sent_back.append(world.open_reports(autumn)[0])
        submit(autumn, 2, "2027-10-05 14:00")
        submit_club(autumn, "2027-10-05 14:00")

    def finish() -> None:
        submit(autumn, 2, "2027-10-14 14:00")
        world.submit(*sent_back, at="2027-10-14 14:00")

    return {
        date(2027, 1, 10): lambda: submit(winter, 4, "2027-01-10 14:00"),
        date(2027, 7, 1): lambda: submit_club(summer, "2027-07-01 14:00"),
        date(2027, 7, 14): lambda: world.grant(summer, date(2027, 7, 29), at="2027-07-14 14:00"),
        date(2027, 10, 5): october,
        date(2027, 10, 6): lambda: world.send_back(*sent_back, at="2027-10-06 14:00"),
        date(2027, 10, 14): finish,
    }


def test_a_year_of_rounds_runs_by_itself_and_every_mail_arrives_once(world: MailWorld) -> None:
    port = free_port()
    world.settings = replace(world.settings, smtp_host="127.0.0.1", smtp_port=port)
    mailbox = Mailbox()
    rounds = [
        world.plan(period, closes_on=closes_on)
        for period, closes_on in (
            ("2026-Q4", date(2027, 1, 31)),
            ("2027-Q1", date(2027, 4, 30)),
            ("2027-Q2", date(2027, 7, 31)),
            ("2027-Q3", date(2027, 10, 31)),
        )
    ]
    to_do = deeds(world, rounds)
    # Which day it is, is no matter of the database: only one of them goes through all days.
    days = YEAR if world.engine.dialect.name == "sqlite" else eventful(to_do)
    with running(mailbox, port):
        for moment in moments(days):
            outcomes = run_once(JOBS, world.engine, world.settings, now=moment)
            assert not any(outcome.failed for outcome in outcomes)
            deed = to_do.pop(local_day(moment), None)
            if deed:
                deed()
    counted = Counter(
        (local_day(mail.sent_at), mail.kind, mail.recipient)
        for mail in world.mails()
        if mail.sent_at is not None
    )
    assert counted - expected() == Counter()
    assert expected() - counted == Counter()
    arrived = Counter(
        (parsedate_to_datetime(str(mail["Date"])).astimezone(BERLIN).date(), mail["To"])
        for mail in mailbox.messages
    )
    assert arrived == Counter((day, who) for day, _kind, who in counted.elements())
    with Session(world.engine) as session:
        found = session.exec(select(Round)).all()
    assert {round_.state for round_ in found} == {RoundState.CLOSED}
    assert sorted(local_day(round_.opened_at or datetime.now(UTC)) for round_ in found) == [
        date(2027, month, 1) for month in (1, 4, 7, 10)
    ]
    assert sorted(local_day(round_.closed_at or datetime.now(UTC)) for round_ in found) == [
        date(2027, month, 1) for month in (2, 5, 8, 11)
    ]
