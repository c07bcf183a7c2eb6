"""Accounts, seed, demonstration and clock by commands, on a database of its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, select

from seed.demo import logins
from tests.commands import ACCOUNT, PASSWORD, Tracker
from tracker.accounts.actions import accounts, passwords
from tracker.accounts.models import Account, AccountConcept
from tracker.concept.models import Concept
from tracker.core.db import make_engine, transaction
from tracker.core.models import AuditEvent, JobRun
from tracker.jobs import JOBS
from tracker.outbox.models import OutboxMail


def test_an_account_is_created_invited_and_switched_off(seeded: str, tracker: Tracker) -> None:
    created = tracker("user", "create", *ACCOUNT, "--without-password")
    assert created.code == 0
    assert "tracker user invite --email ki@stadt.example" in created.out
    invited = tracker("user", "invite", "--email", "KI@stadt.example")
    assert invited.code == 0
    link = invited.out.strip()
    token = link.rpartition("/")[2]
    engine = make_engine(seeded)
    with Session(engine) as session, transaction(session):
        accounts.accept_invitation(
            session, token=token, password=PASSWORD.strip(), now=datetime.now(UTC)
        )
    with Session(engine) as session:
        account = session.exec(select(Account)).one()
        assert passwords.matches(account.password_hash, PASSWORD.strip())
    assert tracker("user", "deactivate", "--email", "ki@stadt.example").code == 0
    for command in ("invite", "deactivate"):
        run = tracker("user", command, "--email", "ki@stadt.example")
        assert run.code == 1
        assert "abgeschaltet" in run.err
    with Session(engine) as session:
        verbs = session.exec(select(AuditEvent.verb).where(AuditEvent.entity == "account")).all()
    assert verbs == [
        "account.create",
        "account.invite",
        "account.accept_invitation",
        "account.deactivate",
    ]
    engine.dispose()


def test_the_operator_gives_out_a_link_for_an_account_in_use_and_the_trail_says_so(
    seeded: str, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_HOST", "mail.example")
    tracker("user", "create", *ACCOUNT, "--password-stdin", stdin=PASSWORD)
    run = tracker("user", "invite", "--email", "ki@stadt.example")
    assert run.code == 0
    assert "Das Konto hat schon ein Kennwort" in run.err
    engine = make_engine(seeded)
    with Session(engine) as session:
        assert "account.invite_by_operator" in session.exec(select(AuditEvent.verb)).all()
        mail = session.exec(select(OutboxMail)).one()
    assert (mail.recipient, mail.kind) == ("ki@stadt.example", "account_notice")
    assert run.out.strip() not in mail.body
    engine.dispose()


def test_the_concepts_of_an_account_are_chosen(seeded: str, tracker: Tracker) -> None:
    tracker("user", "create", *ACCOUNT, "--without-password")
    whose = ("user", "concepts", "--email", "ki@stadt.example")
    engine = make_engine(seeded)
    with Session(engine) as session:
        key = session.exec(select(Concept.key)).one()
    assert key in tracker(*whose, "--concept", key).out
    with Session(engine) as session:
        assert len(session.exec(select(AccountConcept)).all()) == 1
    unknown = tracker(*whose, "--concept", "nirgends")
    assert (unknown.code, key in unknown.err) == (1, True)
    assert "alle Konzepte" in tracker(*whose).out
    with Session(engine) as session:
        assert session.exec(select(AccountConcept)).all() == []
    engine.dispose()


@pytest.mark.parametrize(
    ("argv", "stdin", "said"),
    [
        (ACCOUNT, "kurz\n", "12"),
        ((*ACCOUNT[:5], "institution"), PASSWORD, "Institution und Funktion"),
        (
            (*ACCOUNT[:5], "institution", "--institution", "nirgends", "--function", "staff"),
            PASSWORD,
            "Die Institution „nirgends“ gibt es nicht. Vorhanden: ",
        ),
        (("--email", "kein-at", *ACCOUNT[2:]), PASSWORD, "keine E-Mail-Adresse"),
    ],
)
def test_an_account_that_will_not_do_is_refused(
    argv: tuple[str, ...], stdin: str, said: str, seeded: str, tracker: Tracker
) -> None:
    run = tracker("user", "create", *argv, "--password-stdin", stdin=stdin)
    assert run.code == 1
    assert said in run.err


def test_without_a_terminal_no_password_is_asked_for(seeded: str, tracker: Tracker) -> None:
    run = tracker("user", "create", *ACCOUNT, stdin="")
    assert run.code == 1
    assert "--password-stdin" in run.err


def test_an_unknown_account_is_told(seeded: str, tracker: Tracker) -> None:
    run = tracker("user", "invite", "--email", "wer@stadt.example")
    assert run.code == 1
    assert "tracker user create" in run.err


def test_seed_refuses_a_broken_file_with_file_and_remedy(
    seeded: str, tracker: Tracker, tmp_path: Path
) -> None:
    (tmp_path / "seed").mkdir()
    (tmp_path / "seed" / "concept.yaml").write_text("key: [\n", "utf-8")
    run = tracker("seed", "--folder", str(tmp_path / "seed"))
    assert run.code == 1
    assert "concept.yaml" in run.err


def test_demo_refuses_a_database_that_somebody_works_with(seeded: str, tracker: Tracker) -> None:
    tracker("user", "create", *ACCOUNT, "--without-password")
    run = tracker("demo")
    assert run.code == 1
    assert "nicht leer" in run.err


def test_demo_fills_an_empty_database_and_prints_the_logins(seeded: str, tracker: Tracker) -> None:
    run = tracker("demo")
    assert (run.code, run.err) == (0, "")
    assert "Alle Daten sind erfunden." in run.out
    for login in logins():
        assert f"{login.email} " in run.out
        assert login.password in run.out
    listed = json.loads(tracker("snapshot", "list", "--format", "json").out)
    assert len({item["round"] for item in listed}) == 4


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-10-12T08:00+02:00", "2026-10-12"),
        ("2026-10-12T23:30:00Z", "2026-10-13"),
        ("2026-10-12T00:30", "2026-10-12"),
        ("2027-01-08T06:00", "2027-01-08"),
    ],
)
def test_one_pass_of_the_clock_takes_the_given_moment(
    seeded: str, tracker: Tracker, moment: str, day: str
) -> None:
    run = tracker("clock", "--once", "--now", moment)
    assert run.code == 0
    assert run.out.splitlines() == [f"{job.title}: nichts zu tun" for job in JOBS]
    with Session(make_engine(seeded)) as session:
        assert session.exec(select(JobRun.key).where(JobRun.job == "tidy")).all() == [day]


def test_now_without_once_is_refused(seeded: str, tracker: Tracker) -> None:
    assert tracker("clock", "--now", "2026-10-12T08:00+02:00").code == 1
