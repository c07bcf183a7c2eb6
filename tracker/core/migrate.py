"""Schema versions: upgrade, copy before it, and tell whether a database fits the code.

Web and command line ask for the state at every start; alembic, which takes a second to load, is
needed only to upgrade.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from tracker.core.db import IMMEDIATE

FOLDER = Path(__file__).parents[1] / "migrations"


class SchemaState(StrEnum):
    CURRENT = "current"
    MISSING = "missing"
    OLDER = "older"
    NEWER = "newer"


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest version, or leave everything as it was.

    Does nothing when it is there already.
    """
    with one_step(engine) as connection:
        run(connection)


@contextmanager
def one_step(engine: Engine) -> Iterator[Connection]:
    """Give a connection whose transaction has begun, for `run`; committed at the end.

    SQLite has its write lock at once, and its foreign keys are not enforced: a table that is
    written anew is dropped, and the switch works outside of a transaction only.
    """
    with engine.connect() as connection:
        connection.execution_options(**{IMMEDIATE: True})
        _enforce_foreign_keys(connection, enforced=False)
        try:
            with connection.begin():
                yield connection
        finally:
            _enforce_foreign_keys(connection, enforced=True)


def _enforce_foreign_keys(connection: Connection, *, enforced: bool) -> None:
    if connection.dialect.name == "sqlite":
        driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        driver.execute(f"PRAGMA foreign_keys={'ON' if enforced else 'OFF'}")


def run(connection: Connection) -> None:
    """Run every migration that is missing in the caller's transaction, which has begun.

    Only so are several of them one step: alembic would commit each by itself otherwise, and it
    refuses one that wants to commit in the middle. Raises RuntimeError where it leaves foreign
    keys on SQLite that point nowhere.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if lost:
            raise RuntimeError(f"foreign keys that point nowhere after the upgrade: {lost[:5]}")


def copy_sqlite(engine: Engine, target: Path) -> None:
    """Write a whole copy of an SQLite file, also while others write to it.

    Readable by nobody who may not read the file itself. Raises FileExistsError, and sqlite3.Error
    or OSError where it cannot be written; then nothing is left of it.
    """
    mode = stat.S_IMODE(Path(engine.url.database or "").stat().st_mode)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with closing(engine.raw_connection()) as connection:
            # Not by the cursor's connection of SQLAlchemy: VACUUM runs in no transaction.
            connection.cursor().execute("VACUUM INTO ?", (str(target),))
        # SQLite leaves it to the system when the copy reaches the disk.
        os.fsync(handle)
    except BaseException:
        target.unlink()
        raise
    finally:
        os.close(handle)


def versions() -> list[str]:
    """Return the versions the code knows, oldest first: the numbers of the migration files."""
    return sorted(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def head() -> str:
    return versions()[-1]


def version_of(connection: Connection) -> str | None:
    """Return the database's version, None when it was never set up."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def schema_state(engine: Engine) -> SchemaState:
    """Compare a database with the code; raises the driver's error when it is unreachable."""
    with engine.connect() as connection:
        version = version_of(connection)
    if version is None:
        return SchemaState.MISSING
    if version == head():
        return SchemaState.CURRENT
    return SchemaState.OLDER if version in versions() else SchemaState.NEWER
