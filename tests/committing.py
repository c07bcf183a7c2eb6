"""For tests that must commit: a SQLite file of their own, or tables that are emptied afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, delete, event
from sqlmodel import SQLModel

from tracker.core import migrate
from tracker.core.db import make_engine


def own_sqlite(folder: Path) -> Engine:
    """A migrated SQLite file in a folder; migrated once per process, and then copied."""
    path = folder / "tracker.sqlite3"
    path.write_bytes(_migrated())
    engine = make_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _reverse_what_is_unordered)
    return engine


def _reverse_what_is_unordered(connection: sqlite3.Connection, _record: object) -> None:
    """PostgreSQL promises no order where none is asked for: so does SQLite in tests."""
    connection.execute("PRAGMA reverse_unordered_selects = ON")


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/tracker.sqlite3")
        migrate.upgrade(engine)
        engine.dispose()
        return (Path(folder) / "tracker.sqlite3").read_bytes()


@contextmanager
def emptied(engine: Engine, *tables: type[SQLModel]) -> Iterator[Engine]:
    """Give the engine; delete all rows of the tables at the end."""
    try:
        yield engine
    finally:
        with engine.begin() as connection:
            for table in tables:
                connection.execute(delete(table))
