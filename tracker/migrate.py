"""Schema versions: upgrade, and tell whether a database fits the code."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

_FOLDER = Path(__file__).parent / "migrations"


class SchemaState(StrEnum):
    """How a database's schema stands against the code."""

    CURRENT = "current"
    MISSING = "missing"
    OLDER = "older"
    NEWER = "newer"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest version; does nothing when it is there."""
    with engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def head() -> str:
    """Return the newest version the code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def version_of(connection: Connection) -> str | None:
    """Return the database's version, None when it was never set up."""
    return MigrationContext.configure(connection).get_current_revision()


def schema_state(engine: Engine) -> SchemaState:
    """Compare a database with the code; raises the driver's error when it is unreachable."""
    with engine.connect() as connection:
        found = version_of(connection)
    if found is None:
        return SchemaState.MISSING
    if found == head():
        return SchemaState.CURRENT
    known = {item.revision for item in ScriptDirectory.from_config(_config()).walk_revisions()}
    return SchemaState.OLDER if found in known else SchemaState.NEWER
