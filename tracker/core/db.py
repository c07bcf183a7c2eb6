"""Engine, sessions and transactions, alike on SQLite and PostgreSQL."""

from __future__ import annotations

import logging
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.engine import make_url
from sqlalchemy.orm import ORMExecuteState, SessionTransaction
from sqlmodel import Session

log = logging.getLogger("tracker.database")
# How long a writer waits for another before "database is locked" reaches the user.
BUSY_TIMEOUT_MS = 10_000
# The option of a connection whose transactions take SQLite's write lock as they begin.
IMMEDIATE = "sqlite_immediate"
# A database has names, addresses and drafts: for nobody but its owner to read.
_PRIVATE = 0o600
# Whether a session has changed anything since its transaction began.
_CHANGED = "changed"


@dataclass(frozen=True)
class Patience:
    """How long to wait for PostgreSQL, in seconds, and as whom it lists the connection."""

    name: str
    statement: int
    lock: int
    # libpq takes no less than 2.
    connect: int = 5
    # A transaction in which nothing is asked any more: its process hangs, and others wait for it.
    idle: int = 120
    # After silence there is one attempt in so many seconds; everybody else is told at once.
    silence: float = 2.0


# Everybody waits behind the page at work, of whose statements none takes a second.
WEB = Patience("tracker-web", statement=15, lock=10)
# Nobody waits for the clock or a migration; yet no statement of theirs takes minutes.
COMMAND = Patience("tracker", statement=300, lock=60, idle=600)


def make_engine(url: str, patience: Patience = COMMAND) -> Engine:
    """Return an engine; an SQLite file and its folder are made, but no file by the web."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return _postgresql(parsed, patience)
    engine = create_engine(parsed, hide_parameters=True)
    file = sqlite_file(parsed)
    if file is not None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _close_to_others(file)
        opening = _open_existing if patience is WEB else _make_private
        event.listen(engine, "do_connect", opening)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def sqlite_file(url: str | URL) -> Path | None:
    """Return where an SQLite database lies; None for one in memory and for others."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(parsed.database or "")


def _make_private(_dialect: Any, _record: Any, arguments: list[Any], _options: Any) -> None:
    """Make the file before SQLite does, which asks the umask; what it lays beside it follows."""
    with suppress(OSError):  # SQLite says it better
        # O_EXCL: closing a file that SQLite has open takes away all locks that it holds there.
        os.close(os.open(arguments[0], os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE))


def _open_existing(
    _dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]
) -> None:
    """Let SQLite refuse a file that is away: nobody is to fill a second one in its place."""
    arguments[0] = f"{Path(arguments[0]).absolute().as_uri()}?mode=rw"
    options["uri"] = True


def _close_to_others(file: Path) -> None:
    """Take away what an umask gave to everybody; rights of a group alone are somebody's choice."""
    for part in (file, *(file.with_name(f"{file.name}{ending}") for ending in ("-wal", "-shm"))):
        with suppress(FileNotFoundError):
            if part.stat().st_mode & stat.S_IRWXO:
                try:
                    part.chmod(_PRIVATE)
                except OSError:
                    log.warning("%s can be read by everybody on this machine", part)


def _postgresql(url: URL, patience: Patience) -> Engine:
    from tracker.core import postgresql

    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_timeout=patience.connect,
        hide_parameters=True,
        connect_args=postgresql.options(url, patience),
    )
    postgresql.limit(engine, patience)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver must not begin transactions by itself, or savepoints would not nest.
    connection.isolation_level = None
    # FULL: what was acknowledged outlives a power cut (2 ms each time something is written).
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer is refused by SQLite when somebody wrote in between; whoever
    # means to write therefore takes the lock at the start and waits for it (busy_timeout).
    if connection.get_execution_options().get(IMMEDIATE, False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    # A plain BEGIN neither waits nor fails, and every request has one: straight to the driver,
    # which takes a third of the time of SQLAlchemy's way.
    driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    driver.execute("BEGIN")


@contextmanager
def transaction(session: Session) -> Iterator[Session]:
    """Run one unit of work: commit at the end, roll back on any error.

    What was only read before is read anew: a reader that turns writer late is refused by SQLite
    (docs/adr/0007). Raises RuntimeError where something was changed before it began.
    """
    if session.new or session.dirty or session.deleted or session.info.get(_CHANGED):
        raise RuntimeError("transaction() has to begin before the first change")
    session.rollback()
    session.connection(execution_options={IMMEDIATE: True})
    try:
        yield session
    except BaseException:
        session.rollback()
        raise
    session.commit()


def insert_for(session: Session) -> type[PostgresqlInsert | SqliteInsert]:
    """Return the INSERT of a session's database, which knows what to do on a conflict."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return PostgresqlInsert if is_postgresql else SqliteInsert


@event.listens_for(Session, "after_flush")
def _note_flush(session: Session, _context: Any) -> None:
    session.info[_CHANGED] = True


@event.listens_for(Session, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info[_CHANGED] = True


@event.listens_for(Session, "after_transaction_end")
def _forget_changes(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(_CHANGED, None)
