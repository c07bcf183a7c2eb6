"""Databases that jobs may commit to: a copy of a migrated SQLite file, and PostgreSQL, emptied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.committing import own_sqlite
from tests.mail.job.mail_world import MailWorld, empty


@pytest.fixture(params=["sqlite", "postgresql"])
def own_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Each of the two databases, empty, for this test alone."""
    if request.param == "sqlite":
        engine = own_sqlite(tmp_path)
        yield engine
        engine.dispose()
        return
    server: Engine = request.getfixturevalue("postgresql_engine")
    yield server
    empty(server)


# For tests whose claim is no matter of the database, beside others of their kind on both.
one_own_database = pytest.mark.parametrize("own_engine", ["sqlite"], indirect=True)


@pytest.fixture
def world(own_engine: Engine) -> MailWorld:
    """A world with two institutions, on each of the two databases."""
    return MailWorld(own_engine)
