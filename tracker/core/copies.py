"""Whether a database is the one that was worked with last, or a backup of it put back in its place.

A backup revives what has ended since: sessions, links, mails that were sent. Until that is seen to
(`tracker db restored`) no command works with it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, select, text
from sqlmodel import col

from tracker.core import migrate
from tracker.core.models import InstanceValue

KEY = "place"
_HERE, _COPY = "here", "copy"


def back_up_sqlite(engine: Engine, target: Path) -> None:
    """Write a backup of an SQLite file that says of itself that it is one.

    Raises what `migrate.copy_sqlite` raises, and sqlite3.Error where the copy is not whole.
    """
    migrate.copy_sqlite(engine, target)
    with closing(sqlite3.connect(target)) as copy:
        copy.execute("REPLACE INTO instance_value (key, value) VALUES (?, ?)", (KEY, _COPY))
        copy.commit()
        integrity = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if integrity != "ok":
        raise sqlite3.DatabaseError(integrity)


def is_copy(connection: Connection) -> bool:
    known = _known(connection)
    return known is not None and known != _place(connection)


def settle(connection: Connection) -> None:
    """Note that this is the database to work with from now on."""
    connection.execute(delete(InstanceValue).where(col(InstanceValue.key) == KEY))
    connection.execute(insert(InstanceValue).values(key=KEY, value=_place(connection)))


def settle_if_new(connection: Connection) -> None:
    """Note it where nothing is noted yet."""
    if _known(connection) is None:
        settle(connection)


def _known(connection: Connection) -> str | None:
    statement = select(col(InstanceValue.value)).where(col(InstanceValue.key) == KEY)
    return connection.execute(statement).scalar_one_or_none()


def _place(connection: Connection) -> str:
    if connection.dialect.name == "sqlite":
        return _HERE
    # A table that pg_restore makes anew has another number.
    number = text("SELECT CAST(CAST('instance_value' AS regclass) AS oid)")
    return str(connection.execute(number).scalar_one())
