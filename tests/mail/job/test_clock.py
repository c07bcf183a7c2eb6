from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.bielefeld import BIELEFELD
from tests.committing import emptied
from tests.outbox.server import Mailbox, running
from tools.processes import free_port
from tracker.accounts.models import Account, AccountLink, LinkPurpose, LoginAttempt, LoginSession
from tracker.accounts.rules.throttle import KEPT
from tracker.core.claims import each, once
from tracker.core.clock import build_scheduler, run_job, run_once
from tracker.core.db import transaction
from tracker.core.models import JobRun
from tracker.core.permissions import Role
from tracker.jobs import JOBS, Job
from tracker.outbox.models import OutboxMail
from tracker.outbox.queue import enqueue
from tracker.outbox.wording import MailKind, render

PLAIN = replace(BIELEFELD, session_idle_minutes=60, session_absolute_hours=12)
TABLES = (OutboxMail, JobRun, LoginAttempt, LoginSession, AccountLink, Account)


# What a mail of accounts says of the KI.
_OFFICE = ("office_name", "city", "answer")


@pytest.fixture
def engine(engine: Engine) -> Iterator[Engine]:
    with emptied(engine, *TABLES) as committing:
        yield committing


def runs(engine: Engine) -> list[tuple[str, str, str | None]]:
    with Session(engine) as session:
        return [
            (run.job, run.key, run.outcome)
            for run in session.exec(select(JobRun).order_by(JobRun.job, JobRun.key))
        ]


def test_an_effect_happens_once_per_key(engine: Engine, now: datetime) -> None:
    effects: list[str] = []

    def effect(_session: Session) -> str:
        effects.append("done")
        return "erledigt"

    results = [once(engine, job="j", key=key, now=now, effect=effect) for key in "aab"]
    assert results == ["erledigt", None, "erledigt"]
    assert len(effects) == 2
    assert runs(engine) == [("j", "a", "done"), ("j", "b", "done")]


def test_a_failed_effect_leaves_no_claim_and_is_done_next_time(
    engine: Engine, now: datetime
) -> None:
    def broken(_session: Session) -> str:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        once(engine, job="j", key="a", now=now, effect=broken)
    assert runs(engine) == []
    assert once(engine, job="j", key="a", now=now, effect=lambda _session: "ok") == "ok"


def test_an_error_at_one_thing_does_not_keep_the_others_waiting_and_is_not_swallowed() -> None:
    done: list[int] = []

    def do(number: int) -> str | None:
        if number == 2:
            raise RuntimeError("kaputt")
        done.append(number)
        return None if number == 1 else "erledigt"

    assert each([1, 3], do) == ["erledigt"]
    with pytest.raises(RuntimeError, match="kaputt"):
        each([1, 2, 3], do)
    assert done == [1, 3, 1, 3]


def test_two_clocks_at_once_do_an_effect_once(engine: Engine, now: datetime) -> None:
    """Both wait at the barrier, then claim the same ten keys at the same time."""
    barrier = threading.Barrier(2)

    def clock() -> None:
        barrier.wait()
        for number in range(10):

            def effect(session: Session, number: int = number) -> str:
                text = render(
                    MailKind.INVITATION,
                    **dict.fromkeys(
                        ("name", "link", "valid_until", "instance_name", *_OFFICE), "x"
                    ),
                )
                # A key of its own per clock: only the claim keeps the second mail away.
                key = f"{number}:{threading.get_ident()}"
                enqueue(session, key=key, recipient="a@b.example", text=text, now=now)
                return "eingereiht"

            once(engine, job="remind", key=str(number), now=now, effect=effect)

    threads = [threading.Thread(target=clock) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as session:
        assert len(session.exec(select(OutboxMail)).all()) == 10
    assert len(runs(engine)) == 10


def test_two_clocks_at_once_send_each_mail_once(engine: Engine, now: datetime) -> None:
    settings = replace(PLAIN, smtp_host="127.0.0.1", smtp_port=free_port())
    values = dict.fromkeys(("name", "link", "valid_until", "instance_name", *_OFFICE), "x")
    with Session(engine) as session, transaction(session):
        for number in range(12):
            text = render(MailKind.INVITATION, **values)
            enqueue(session, key=f"k{number}", recipient="a@b.example", text=text, now=now)
    mailbox = Mailbox()
    with running(mailbox, settings.smtp_port):
        threads = [
            threading.Thread(target=run_once, args=(JOBS, engine, settings), kwargs={"now": now})
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    ids = [message["Message-ID"] for message in mailbox.messages]
    assert len(ids) == len(set(ids)) == 12


def test_a_pass_removes_what_expired_and_keeps_what_is_valid(engine: Engine, now: datetime) -> None:
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    with Session(engine) as session, transaction(session):
        account = Account(email="a@b.example", name="A", role=Role.COMMITTEE, created_at=now)
        session.add(account)
        session.flush()
        assert account.id is not None
        for token, created, seen, ended in (
            ("valid", now - 2 * hour, now - minute, None),
            ("ended", now - hour, now - minute, now - minute),
            ("idle", now - 3 * hour, now - 2 * hour, None),
            ("too-old", now - 13 * hour, now - minute, None),
        ):
            session.add(
                LoginSession(
                    token_hash=token,
                    account_id=account.id,
                    created_at=created,
                    last_seen_at=seen,
                    ended_at=ended,
                )
            )
        for account_, at in (("recent", now - hour), ("old", now - 25 * hour)):
            session.add(LoginAttempt(account_hash=account_, place_hash="", quarter=at, last_at=at))
        for token, expires in (("open", now + hour), ("expired", now - hour)):
            session.add(
                AccountLink(
                    account_id=account.id,
                    purpose=LinkPurpose.INVITATION,
                    token_hash=token,
                    created_at=now - 48 * hour,
                    expires_at=expires,
                )
            )
    outcomes = {outcome.job: outcome.detail for outcome in run_once(JOBS, engine, PLAIN, now=now)}
    assert outcomes.pop("tidy") == "entfernt: 3 Sitzungen, 1 Anmeldeversuche, 1 Links"
    assert set(outcomes.values()) == {""}
    with Session(engine) as session:
        assert [row.token_hash for row in session.exec(select(LoginSession))] == ["valid"]
        assert [row.account_hash for row in session.exec(select(LoginAttempt))] == ["recent"]
        assert [row.token_hash for row in session.exec(select(AccountLink))] == ["open"]


def test_a_sign_in_attempt_is_kept_for_no_more_than_the_day_that_is_promised(
    engine: Engine, now: datetime
) -> None:
    with Session(engine) as session:
        session.add(LoginAttempt(account_hash="a", place_hash="", quarter=now, last_at=now))
        session.commit()

    def kept(after: timedelta) -> bool:
        run_once(JOBS, engine, PLAIN, now=now + after)
        with Session(engine) as session:
            return session.exec(select(LoginAttempt)).first() is not None

    assert kept(KEPT - timedelta(minutes=16))
    assert not kept(KEPT)


def test_tidying_happens_once_a_day_and_a_missed_day_is_caught_up(
    engine: Engine, now: datetime
) -> None:
    for hours in (0, 1, 50, 51):
        run_once(JOBS, engine, PLAIN, now=now + timedelta(hours=hours))
    assert [run[:2] for run in runs(engine)] == [("tidy", "2026-10-05"), ("tidy", "2026-10-07")]


def test_a_failing_job_is_told_and_does_not_stop_the_clock(
    engine: Engine, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("kaputt")

    outcome = run_job(Job("broken", "Probe", timedelta(1), broken), engine, PLAIN, now=now)
    assert outcome.failed
    assert "kaputt" in outcome.detail
    assert "broken" in caplog.text


def test_every_job_of_the_registry_is_scheduled_without_a_job_store_of_its_own(
    engine: Engine,
) -> None:
    scheduler = build_scheduler(JOBS, engine, PLAIN)
    names = [job.id for job in scheduler.get_jobs()]
    assert names == [job.name for job in JOBS]
    assert len(set(names)) == len(names)
