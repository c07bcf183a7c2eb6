"""A world whose clock the tests turn: committed rows, real passes, every mail counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel, col, select

from tests.bielefeld import BIELEFELD
from tests.factories import RUNNING, World
from tracker.accounts.models import Account
from tracker.concept.models import Institution
from tracker.core.clock import run_once
from tracker.core.db import transaction
from tracker.core.models import JobRun
from tracker.core.periods import BERLIN, Period
from tracker.core.permissions import Actor
from tracker.core.settings import Settings
from tracker.jobs import JOBS
from tracker.outbox.models import OutboxMail
from tracker.outbox.queue import rounds_of
from tracker.reporting.models import Report, Round
from tracker.reporting.reports.actions import reports
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.reports import ReportState

LIBRARY, CLUB, KI = "vhs@example.org", "ibz@example.org", "ki@stadt.example"
INVITED, REMINDED = "round_invitation", "reminder"
SETTINGS = replace(
    BIELEFELD, base_url="https://controlling.example", contact_email="ki@stadt.example"
)


def berlin(text: str) -> datetime:
    """Read "2027-01-08 06:00" as a moment in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def empty(engine: Engine) -> None:
    """Empty all tables of a PostgreSQL database; records refuse DELETE, and TRUNCATE is faster."""
    names = ", ".join(f'"{table.name}"' for table in SQLModel.metadata.sorted_tables)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


class MailWorld:
    """Two institutions, the library with four measures and the club with two, and a clock."""

    def __init__(self, engine: Engine, *, settings: Settings = SETTINGS) -> None:
        self.engine = engine
        self.settings = settings
        with Session(engine, expire_on_commit=False) as session, transaction(session):
            self._world = World(session)
            self._world.lead(self._world.library, *self._world.measures[:4])
            self._world.lead(self._world.club, *self._world.measures[4:])

    @contextmanager
    def writing(self) -> Iterator[World]:
        """Change something, in one transaction."""
        with Session(self.engine, expire_on_commit=False) as session, transaction(session):
            self._world.session = session
            yield self._world

    def plan(
        self,
        period: str = "2026-Q4",
        *,
        opens_on: date | None = None,
        closes_on: date | None = None,
    ) -> int:
        """Plan a round that opens on the first day after its period and is due on the 15th."""
        parsed = Period.parse(period)
        with self.writing() as world:
            round_ = rounds.plan(
                world.session,
                concept_id=world.concept_id,
                period=parsed,
                due_on=parsed.default_due_on(15),
                opens_on=opens_on or parsed.opens_on,
                closes_on=closes_on,
                resubmit_days=7,
                by=world.coordination,
                now=berlin("2026-01-01 12:00"),
            )
            return round_.id or 0

    def clock(self, moment: str) -> dict[str, str]:
        """Run one pass; returns what each job said, where it said anything."""
        outcomes = run_once(JOBS, self.engine, self.settings, now=berlin(moment))
        assert not any(outcome.failed for outcome in outcomes), outcomes
        return {outcome.job: outcome.detail for outcome in outcomes if outcome.detail}

    def grant(self, round_id: int, until: date, *, at: str, report: int | None = None) -> None:
        """Grant a Nachfrist to the library, or for one of its reports."""
        with self.writing() as world:
            rounds.grant_extension(
                world.session,
                round_=rounds.load(world.session, round_id=round_id),
                institution_id=None if report else world.library.id,
                report_id=report,
                until=until,
                reason="Krankheit",
                by=world.coordination,
                now=berlin(at),
            )

    def open_reports(self, round_id: int, institution: Institution | None = None) -> list[int]:
        """Return the reports of a round that were not submitted."""
        with Session(self.engine) as session:
            statement = select(Report.id).where(
                Report.round_id == round_id,
                col(Report.state).in_([ReportState.EXPECTED, ReportState.DRAFT]),
                Report.institution_id == (institution or self._world.library).id,
            )
            return [key or 0 for key in session.exec(statement.order_by(col(Report.id)))]

    def submit(self, *report_ids: int, at: str, by: Actor | None = None) -> None:
        """Submit reports, by the library's representative if nobody else is named."""
        with self.writing() as world:
            for report_id in report_ids:
                version = world.session.get_one(Report, report_id).draft_version
                reports.submit(
                    world.session,
                    report_id=report_id,
                    content=RUNNING,
                    expected_version=version,
                    by=by or world.representative,
                    now=berlin(at),
                )

    def send_back(self, *report_ids: int, at: str) -> None:
        """Return reports with a question."""
        with self.writing() as world:
            for report_id in report_ids:
                review.return_report(
                    world.session,
                    report_id=report_id,
                    comment="Wie viele waren es?",
                    by=world.coordination,
                    now=berlin(at),
                )

    def mails(self) -> list[OutboxMail]:
        """Return the outbox, oldest first."""
        with Session(self.engine) as session:
            return list(session.exec(select(OutboxMail).order_by(col(OutboxMail.id))))

    def rounds_of(self, mail: OutboxMail) -> set[int]:
        """Return the rounds that a mail is about."""
        with Session(self.engine) as session:
            return set(rounds_of(session, [mail.id or 0])[mail.id or 0])

    def sent(self) -> Counter[tuple[str, str]]:
        """Return how many mails of each kind each recipient has in the outbox."""
        return Counter((mail.kind, mail.recipient) for mail in self.mails())

    def runs(self, job: str) -> dict[str, str | None]:
        """Return the claims of a job with their outcome."""
        with Session(self.engine) as session:
            rows = session.exec(select(JobRun).where(JobRun.job == job))
            return {row.key: row.outcome for row in rows}

    def round(self, round_id: int) -> Round:
        """Return a round as it stands."""
        with Session(self.engine) as session:
            return session.get_one(Round, round_id)


def opened(world: MailWorld) -> int:
    """Plan a round and have the clock open it and invite."""
    round_id = world.plan()
    world.clock("2027-01-01 06:00")
    return round_id


def last(world: MailWorld, kind: str, recipient: str = LIBRARY) -> OutboxMail:
    """Return the latest mail of a kind to somebody."""
    return [mail for mail in world.mails() if (mail.kind, mail.recipient) == (kind, recipient)][-1]


def set_account(world: MailWorld, email: str, **values: object) -> None:
    """Change an account, as time or the KI would."""
    with world.writing() as inner:
        account = inner.session.exec(select(Account).where(Account.email == email)).one()
        for name, value in values.items():
            setattr(account, name, value)
