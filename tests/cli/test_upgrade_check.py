"""`tracker db upgrade`: rehearsed, backed up, and all of it or nothing, on both databases."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlmodel import Session, select

from tests.commands import ACCOUNT, Tracker, rows
from tracker.cli import restoring, upgrading
from tracker.concept.models import EditionMeasure, Entry, EntryKind
from tracker.core import migrate
from tracker.core.db import make_engine, transaction

# Two migrations that a release to come might bring: the first always succeeds.
FIRST = """
op.execute("CREATE TABLE brought (id INTEGER PRIMARY KEY)")
op.execute("INSERT INTO brought VALUES (1)")
op.execute("ALTER TABLE account ADD COLUMN brought INTEGER")
"""
SECOND = 'op.execute("UPDATE account SET brought = 1")'
FAILING = {
    "refused by the database": f'{SECOND}\nop.execute("INSERT INTO brought VALUES (1)")',
    "refused by itself": f'{SECOND}\nraise RuntimeError("Zwei Leitungen für 3.1")',
    "refers to nothing": f"""
{SECOND}
op.execute("INSERT INTO loginsession (token_hash, account_id, created_at, last_seen_at) "
           "VALUES ('x', 99, '2026-10-05', '2026-10-05')")
""",
    "commits in the middle": f"{SECOND}\nwith op.get_context().autocommit_block():\n    pass",
}
SCRIPT = """
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = depends_on = None


def upgrade():
    {body}
"""
Release = Callable[..., None]


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    """Let the program be one that brings these migrations besides."""

    def bring(*bodies: str) -> None:
        folder, before = tmp_path / "migrations", migrate.head()
        shutil.copytree(migrate.FOLDER, folder)
        for number, body in enumerate(bodies, start=9001):
            script = SCRIPT.format(
                revision=number, before=before, body=body.strip().replace("\n", "\n    ")
            )
            (folder / f"versions/{number}_brought.py").write_text(script)
            before = str(number)
        monkeypatch.setattr(migrate, "FOLDER", folder)

    return bring


@pytest.fixture
def used(fresh_url: str, tracker: Tracker) -> str:
    """The address of a database that somebody works with."""
    assert tracker("db", "upgrade").code == 0
    assert tracker("user", "create", *ACCOUNT, "--without-password").code == 0
    return fresh_url


def kept_beside(url: str) -> list[Path]:
    """The files beside an SQLite file that are no database's own."""
    if not url.startswith("sqlite"):
        return []
    file = Path(url.removeprefix("sqlite:///"))
    return [path for path in file.parent.iterdir() if not path.name.startswith(file.name)]


@pytest.mark.parametrize("failing", FAILING)
def test_a_migration_that_fails_in_the_middle_leaves_everything_as_it_was(
    failing: str, used: str, tracker: Tracker, release: Release
) -> None:
    before = rows(used)
    release(FIRST, FAILING[failing])
    checked = tracker("db", "upgrade", "--check")
    assert checked.code == 1
    assert "würde scheitern" in checked.err
    assert rows(used) == before
    upgraded = tracker("db", "upgrade", "--backup-done")
    assert upgraded.code == 1
    assert "die Datenbank ist geblieben, wie sie war" in upgraded.err
    assert "Traceback" not in upgraded.err
    assert rows(used) == before
    if failing == "refers to nothing":
        assert "foreign key" in checked.err
    if failing == "refused by itself":
        assert "Zwei Leitungen für 3.1" in checked.err
        assert "Zwei Leitungen für 3.1" in upgraded.err


def test_a_check_says_what_would_happen_and_changes_nothing(
    used: str, tracker: Tracker, release: Release
) -> None:
    assert tracker("seed").code == 0
    before = rows(used)
    release(FIRST, SECOND)
    run = tracker("db", "upgrade", "--check")
    assert (run.code, run.err) == (0, "")
    assert re.search(r"^Schema 0\d\d\d → 9002: \d+,\d Sekunden$", run.out, re.MULTILINE)
    assert re.search(r"^  measure +58 → 58$", run.out, re.MULTILINE)
    assert re.search(r"^  brought +– → 1  \(geändert\)$", run.out, re.MULTILINE)
    assert "An der Datenbank ist nichts geändert." in run.out
    assert rows(used) == before
    assert kept_beside(used) == []
    assert tracker("seed").code == 1, "the database is older than the program, still"


def test_a_check_names_what_new_rules_would_not_admit_and_where_it_is_decided(
    used: str, tracker: Tracker
) -> None:
    assert tracker("seed").code == 0
    engine = make_engine(used)
    of_measure = select(EditionMeasure.measure_id).where(EditionMeasure.code == "3.1")
    with Session(engine) as session, transaction(session):
        session.add(
            Entry(
                measure_id=session.exec(of_measure).one(),
                kind=EntryKind.FUNDING,
                valid_from=date(2020, 1, 1),
                municipal_funding=Decimal("1000.125"),
                entered_at=datetime(2020, 1, 1, tzinfo=UTC),
            )
        )
    engine.dispose()
    run = tracker("db", "upgrade", "--check")
    assert run.code == 0
    assert "Maßnahme 3.1: Die städtische Förderung von 1.000,125 Euro" in run.out
    assert "http://127.0.0.1:8000/konzept/massnahme/3.1/bearbeiten" in run.out
    assert [row["municipal_funding"] for row in rows(used)["entry"]] == ["1000.125"]


def test_a_database_in_use_is_upgraded_with_a_backup_only(
    used: str, tracker: Tracker, release: Release
) -> None:
    before = rows(used)
    release(FIRST, SECOND)
    run = tracker("db", "upgrade")
    if used.startswith("postgresql"):
        assert run.code == 1
        assert rows(used) == before
        schema = before["alembic_version"][0]["version_num"]
        assert re.search(
            rf"^    pg_dump --format=custom --file=\w+-schema-{schema}-[\dT-]+Z\.dump "
            r"'?--dbname=postgresql://",
            run.err,
            re.MULTILINE,
        )
        assert "tracker db upgrade --backup-done" in run.err
        run = tracker("db", "upgrade", "--backup-done")
    else:
        [backup] = kept_beside(used)
        assert f"Sicherung: {backup}" in run.out
        told = {"instance_value": [{"key": "place", "value": "copy"}]}
        assert rows(f"sqlite:///{backup}") == before | told
    assert run.code == 0
    assert [row["brought"] for row in rows(used)["account"]] == [1]
    again = tracker("db", "upgrade")
    assert (again.code, again.out) == (
        0,
        "Die Datenbank war schon auf dem Stand des Programms.\n",
    )
    assert len(kept_beside(used)) == used.startswith("sqlite")


@pytest.mark.parametrize("demonstration", [True, False])
def test_a_demonstration_and_a_database_without_work_need_no_backup(
    demonstration: bool, fresh_url: str, tracker: Tracker, release: Release
) -> None:
    assert tracker("db", "upgrade").code == 0
    if demonstration:
        assert tracker("user", "create", *ACCOUNT, "--without-password").code == 0
        engine = make_engine(fresh_url)
        with engine.begin() as connection:
            marked = "INSERT INTO instance_value (key, value) VALUES ('demonstration', '1')"
            connection.execute(text(marked))
        engine.dispose()
    release(FIRST)
    run = tracker("db", "upgrade")
    assert (run.code, run.out) == (0, "Die Datenbank ist auf dem Stand des Programms.\n")
    assert kept_beside(fresh_url) == []


def test_a_password_is_not_shown_where_a_backup_is_asked_for() -> None:
    url = make_url("postgresql+psycopg://tracker:geheim@db.example/tracker?password=geheim")
    assert restoring.dump_command(url, "tracker.dump") == (
        "pg_dump --format=custom --file=tracker.dump --dbname=postgresql://tracker@db.example/tracker"
    )


def test_a_check_of_what_is_not_there_creates_nothing(
    tmp_path: Path, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/none/x.sqlite3")
    run = tracker("db", "upgrade", "--check")
    assert run.code == 0
    assert "noch nicht angelegt" in run.out
    assert not (tmp_path / "none").exists()


def test_a_check_on_sqlite_waits_for_nobody_and_sees_what_is_committed(
    seeded: str, tracker: Tracker
) -> None:
    writer = sqlite3.connect(seeded.removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM indicator")
    run = tracker("db", "upgrade", "--check")
    writer.close()
    assert run.code == 0
    assert re.search(r"^  indicator +5 → 5$", run.out, re.MULTILINE)


def test_a_copy_never_replaces_a_file_and_is_no_more_readable(seeded: str, tmp_path: Path) -> None:
    Path(seeded.removeprefix("sqlite:///")).chmod(0o600)
    engine = make_engine(seeded)
    copy = tmp_path / "copy.sqlite3"
    migrate.copy_sqlite(engine, copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert rows(f"sqlite:///{copy}") == rows(seeded)
    written = copy.read_bytes()
    with pytest.raises(FileExistsError):
        migrate.copy_sqlite(engine, copy)
    assert copy.read_bytes() == written
    engine.dispose()


def test_a_check_that_cannot_write_its_copy_says_so(
    seeded: str, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(migrate, "copy_sqlite", full)
    run = tracker("db", "upgrade", "--check")
    assert run.code == 1
    assert "ließ sich nicht schreiben (database or disk is full)" in run.err


@pytest.mark.parametrize("fresh_url", ["postgresql"], indirect=True)
def test_a_check_gives_up_behind_somebody_who_works(
    used: str, tracker: Tracker, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrading, "LOCK_TIMEOUT", "100ms")
    release(FIRST)
    engine = make_engine(used)
    with engine.connect() as connection:
        connection.execute(text("SELECT * FROM account"))
        run = tracker("db", "upgrade", "--check")
    engine.dispose()
    assert run.code == 1
    assert "weil jemand mit der Datenbank arbeitet" in run.err
