"""What drivers raise, and which trouble it is: on SQLite as it really raises it."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, exc, text

from tracker.core.trouble import DATABASE_ERRORS, Trouble, cause_of, trouble_of

SQLITE: dict[str, tuple[str, Trouble | None]] = {
    "a full disk": ("PRAGMA max_page_count = 1; CREATE TABLE t (a)", Trouble.FULL),
    "a file that is not to be written": (
        "PRAGMA query_only = 1; CREATE TABLE t (a)",
        Trouble.UNWRITABLE,
    ),
    "an unknown table": ("SELECT * FROM t", None),
    "a rule that is broken": (
        "CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1); INSERT INTO t VALUES (1)",
        None,
    ),
}
POSTGRESQL: dict[type[psycopg.Error], Trouble | None] = {
    psycopg.errors.LockNotAvailable: Trouble.BUSY,
    psycopg.errors.QueryCanceled: Trouble.BUSY,
    psycopg.errors.DeadlockDetected: Trouble.BUSY,
    psycopg.errors.DiskFull: Trouble.FULL,
    psycopg.errors.ReadOnlySqlTransaction: Trouble.UNWRITABLE,
    psycopg.errors.AdminShutdown: Trouble.AWAY,
    psycopg.errors.TooManyConnections: Trouble.AWAY,
    psycopg.errors.ConnectionTimeout: Trouble.AWAY,
    psycopg.errors.UndefinedTable: None,
    psycopg.errors.UniqueViolation: None,
}


def raised(url: str, statements: str) -> exc.DBAPIError | exc.TimeoutError:
    try:
        with create_engine(url).connect() as connection:
            for statement in statements.split(";"):
                connection.execute(text(statement))
    except DATABASE_ERRORS as error:
        return error
    pytest.fail("nothing was refused")


@pytest.mark.parametrize("case", SQLITE)
def test_what_sqlite_refuses(case: str, tmp_path: Path) -> None:
    statements, trouble = SQLITE[case]
    assert trouble_of(raised(f"sqlite:///{tmp_path}/x", statements)) is trouble


def test_a_file_that_cannot_be_opened_and_one_that_is_something_else(tmp_path: Path) -> None:
    missing = raised(f"sqlite:///{tmp_path}/none/x", "SELECT 1")
    assert trouble_of(missing) is Trouble.AWAY
    (tmp_path / "x").write_bytes(b"no database at all" * 100)
    assert trouble_of(raised(f"sqlite:///{tmp_path}/x", "SELECT * FROM t")) is Trouble.NO_DATABASE
    raised(f"sqlite:///{tmp_path}/y", "CREATE TABLE t (a); CREATE TABLE u (a); COMMIT")
    (tmp_path / "y").write_bytes((tmp_path / "y").read_bytes()[:4096].ljust(40_000, b"?"))
    assert trouble_of(raised(f"sqlite:///{tmp_path}/y", "SELECT * FROM t")) is Trouble.NO_DATABASE


@pytest.mark.parametrize(("kind", "trouble"), POSTGRESQL.items())
def test_what_postgresql_says(kind: type[psycopg.Error], trouble: Trouble | None) -> None:
    error = exc.DBAPIError.instance("SELECT 1", (), kind("cause\nDETAIL: secret"), psycopg.Error)
    assert isinstance(error, exc.DBAPIError)
    assert trouble_of(error) is trouble
    assert cause_of(error) == "cause"


def test_no_connection_that_is_free_is_a_database_that_is_busy() -> None:
    assert trouble_of(exc.TimeoutError()) is Trouble.BUSY
