"""For tests that must commit: a SQLite file of their own, or tables that are emptied afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, delete
from sqlmodel import SQLModel

from tracker.core import migrate
from tracker.core.db import make_engine


def own_sqlite(folder: Path) -> Engine:
    """A migrated SQLite file in a folder; migrated once per process, and then copied."""
    path = folder / "tracker.sqlite3"
    path.write_bytes(_migrated())
    return make_engine(f"sqlite:///{path}")


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
