"""For tests that must commit: the tables they fill are empty again afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, delete
from sqlmodel import SQLModel


@contextmanager
def emptied(engine: Engine, *tables: type[SQLModel]) -> Iterator[Engine]:
    """Give the engine; delete all rows of the tables at the end."""
    try:
        yield engine
    finally:
        with engine.begin() as connection:
            for table in tables:
                connection.execute(delete(table))
