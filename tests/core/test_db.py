"""One unit of work: what `transaction` ends, refuses, and takes the lock for (docs/adr/0007)."""

import os
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from tracker.core import migrate
from tracker.core.db import WEB, make_engine, transaction
from tracker.core.models import InstanceValue
from tracker.core.trouble import Trouble, trouble_of


def pending(session: Session) -> None:
    session.add(InstanceValue(key="probe", value="1"))


def flushed(session: Session) -> None:
    pending(session)
    session.flush()


def changed(session: Session) -> None:
    flushed(session)
    session.commit()
    row = session.exec(select(InstanceValue)).one()
    row.value = "2"


def changed_and_flushed(session: Session) -> None:
    changed(session)
    session.flush()


def inserted(session: Session) -> None:
    session.execute(insert(InstanceValue).values(key="probe", value="1"))


def updated(session: Session) -> None:
    session.execute(update(InstanceValue).values(value="2"))


def deleted(session: Session) -> None:
    session.execute(delete(InstanceValue))


CHANGES = [pending, flushed, changed, changed_and_flushed, inserted, updated, deleted]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_made_before_it_began_is_refused(
    session: Session, change: Callable[[Session], None]
) -> None:
    change(session)
    with pytest.raises(RuntimeError, match="before the first change"), transaction(session):
        pass


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_after_the_change_was_given_up_or_kept_it_begins(
    session: Session, change: Callable[[Session], None]
) -> None:
    change(session)
    session.rollback()
    with transaction(session):
        session.execute(delete(InstanceValue))
    with transaction(session):
        change_row(session)
    assert session.exec(select(InstanceValue.value)).all() == ["kept"]


def change_row(session: Session) -> None:
    session.add(InstanceValue(key="probe", value="kept"))


def fail_after_a_change(session: Session) -> None:
    with transaction(session):
        flushed(session)
        raise ZeroDivisionError


def test_an_error_leaves_nothing_behind(session: Session) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after_a_change(session)
    assert session.exec(select(InstanceValue)).all() == []


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "tracker.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    engine.dispose()
    return str(path)


def test_who_has_read_before_takes_the_write_lock_all_the_same(file: str) -> None:
    engine = make_engine(f"sqlite:///{file}")
    with Session(engine) as session:
        assert session.exec(select(InstanceValue)).all() == []
        other = sqlite3.connect(file, isolation_level=None, timeout=0)
        other.execute("INSERT INTO instance_value (key, value) VALUES ('other', '1')")
        with transaction(session):
            # What somebody else wrote in between is seen, and nobody else writes now.
            assert session.exec(select(InstanceValue.key)).all() == ["other"]
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("INSERT INTO instance_value (key, value) VALUES ('late', '1')")
            session.add(InstanceValue(key="own", value="1"))
        other.close()
        assert len(session.exec(select(InstanceValue)).all()) == 2
    engine.dispose()


def test_a_file_moved_away_is_a_database_that_is_away_and_no_new_one(file: str) -> None:
    engine = make_engine(f"sqlite:///{file}", WEB)
    with engine.begin() as connection:
        connection.execute(insert(InstanceValue).values(key="own", value="1"))
    engine.dispose()
    moved = Path(file).rename(f"{file} ?#moved")
    with pytest.raises(OperationalError) as raised:
        engine.connect()
    assert trouble_of(raised.value) is Trouble.AWAY
    assert not Path(file).exists()
    moved.rename(file)
    with engine.begin() as connection:
        connection.execute(delete(InstanceValue))
    engine.dispose()


def test_a_server_that_says_nothing_is_given_up_and_the_next_one_told_at_once() -> None:
    """As a frozen PostgreSQL does, whose kernel goes on accepting connections."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/none?sslmode=disable"
        engine = make_engine(url, replace(WEB, connect=2))
        took = []
        for _ in range(2):
            began = monotonic()
            with pytest.raises(OperationalError) as raised:
                engine.connect()
            took.append(monotonic() - began)
            assert trouble_of(raised.value) is Trouble.AWAY
        assert took[0] > 1
        assert took[1] < 1
        engine.dispose()


@pytest.fixture
def easy_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}


def test_a_new_database_is_nobodys_to_read_but_its_owners(tmp_path: Path, easy_umask: None) -> None:
    folder = tmp_path / "var"
    engine = make_engine(f"sqlite:///{folder}/tracker.sqlite3")
    with Session(engine) as session:
        session.execute(text("CREATE TABLE probe (key TEXT)"))
        session.commit()
        beside = {f"tracker.sqlite3{ending}": 0o600 for ending in ("", "-wal", "-shm")}
        assert modes(folder) == {"var": 0o700, **beside}
    engine.dispose()


@pytest.mark.parametrize(("before", "after"), [(0o644, 0o600), (0o666, 0o600), (0o660, 0o660)])
def test_an_old_database_that_everybody_can_read_is_closed(
    file: str, before: int, after: int
) -> None:
    Path(file).chmod(before)
    Path(f"{file}-wal").touch(before)
    Path(f"{file}-wal").chmod(before)
    make_engine(f"sqlite:///{file}").dispose()
    found = modes(Path(file).parent)
    assert (found["tracker.sqlite3"], found["tracker.sqlite3-wal"]) == (after, after)


def test_what_is_committed_on_sqlite_is_on_the_disk(file: str) -> None:
    engine = make_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        told = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert told == ["wal", 2, 1]  # https://sqlite.org/pragma.html#pragma_synchronous: FULL
    engine.dispose()


def test_another_connection_takes_no_lock_away(tmp_path: Path) -> None:
    file = tmp_path / "kept.sqlite3"
    engine = make_engine(f"sqlite:///{file}")
    other = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT * FROM kept')"
    with engine.connect() as one:
        one.execute(text("CREATE TABLE kept (number INTEGER)"))
        one.commit()
        one.execute(text("INSERT INTO kept VALUES (1)"))
        one.commit()
        with engine.connect() as second:
            second.execute(text("SELECT 1"))
        # Who closes a database that nobody else has locked takes its log away.
        subprocess.run([sys.executable, "-c", other, str(file)], check=True)
        assert file.with_name("kept.sqlite3-wal").stat().st_size
    engine.dispose()
