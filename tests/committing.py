"""For tests that must commit: a SQLite file of their own, or tables that are emptied afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine, create_engine, delete, event, make_url, text
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
def own_database(request: pytest.FixtureRequest, folder: Path, name: str) -> Iterator[Engine]:
    """A migrated database of its own on the database that a fixture's parameter names."""
    if request.param == "sqlite":
        engine = own_sqlite(folder)
        yield engine
        engine.dispose()
        return
    url = make_url(request.getfixturevalue("postgresql_url"))
    name = f"{url.database}_{name}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine = make_engine(url.set(database=name).render_as_string(hide_password=False))
    migrate.upgrade(engine)
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}"'))
    admin.dispose()


@contextmanager
def emptied(engine: Engine, *tables: type[SQLModel]) -> Iterator[Engine]:
    """Give the engine; delete all rows of the tables at the end."""
    try:
        yield engine
    finally:
        with engine.begin() as connection:
            for table in tables:
                connection.execute(delete(table))
