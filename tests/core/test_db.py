"""One unit of work: what `transaction` ends, refuses, and takes the lock for (docs/adr/0007)."""

import socket
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import delete, insert, update
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
