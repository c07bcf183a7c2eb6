"""Databases that jobs may commit to: a copy of a migrated SQLite file, and PostgreSQL, emptied."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.mail.job.mail_world import MailWorld, empty
from tracker.core import migrate
from tracker.core.db import make_engine


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "tracker.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def own_engine(
    request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path
) -> Iterator[Engine]:
    """Each of the two databases, empty, for this test alone."""
    if request.param == "sqlite":
        shutil.copy(migrated_file, tmp_path / "tracker.sqlite3")
        engine = make_engine(f"sqlite:///{tmp_path / 'tracker.sqlite3'}")
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
