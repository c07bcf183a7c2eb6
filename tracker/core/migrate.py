"""Schema versions: upgrade, and tell whether a database fits the code.

Web and command line ask for the state at every start; alembic, which takes a second to load, is
needed only to upgrade.
"""

from __future__ import annotations

import sqlite3
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

_FOLDER = Path(__file__).parents[1] / "migrations"


class SchemaState(StrEnum):
    CURRENT = "current"
    MISSING = "missing"
    OLDER = "older"
    NEWER = "newer"


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest version; does nothing when it is there."""
    from alembic import command
    from alembic.config import Config

    with engine.connect() as connection:
        config = Config()
        config.set_main_option("script_location", str(_FOLDER))
        config.attributes["connection"] = connection
        _enforce_foreign_keys(connection, False)
        command.upgrade(config, "head")
        _refuse_lost_references(connection)
        connection.commit()
        _enforce_foreign_keys(connection, True)


def _enforce_foreign_keys(connection: Connection, enforced: bool) -> None:
    """Switch SQLite's check, outside a transaction: a table that is written anew is dropped."""
    if connection.dialect.name == "sqlite":
        driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        driver.execute(f"PRAGMA foreign_keys={'ON' if enforced else 'OFF'}")


def _refuse_lost_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if lost:
        raise RuntimeError(f"foreign keys that point nowhere after the upgrade: {lost[:5]}")


def versions() -> list[str]:
    """Return the versions the code knows, oldest first: the numbers of the migration files."""
    return sorted(path.name[:4] for path in (_FOLDER / "versions").glob("[0-9]*.py"))


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
