"""What is wrong with the database, told from what SQLAlchemy and the drivers raise."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import exc

# All that asking the database may raise; TimeoutError: every connection is at work.
DATABASE_ERRORS = (exc.DBAPIError, exc.TimeoutError)


class Trouble(StrEnum):
    """A reason to try again later, or to look at the server."""

    BUSY = "busy"
    FULL = "full"
    UNWRITABLE = "unwritable"
    NO_DATABASE = "no_database"
    AWAY = "away"


_SQLITE = {
    "SQLITE_BUSY": Trouble.BUSY,
    "SQLITE_LOCKED": Trouble.BUSY,
    "SQLITE_FULL": Trouble.FULL,
    "SQLITE_IOERR": Trouble.UNWRITABLE,
    "SQLITE_PERM": Trouble.UNWRITABLE,
    "SQLITE_READONLY": Trouble.UNWRITABLE,
    "SQLITE_CANTOPEN": Trouble.AWAY,
    "SQLITE_NOTADB": Trouble.NO_DATABASE,
    "SQLITE_CORRUPT": Trouble.NO_DATABASE,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL = {
    "40001": Trouble.BUSY,  # serialization_failure
    "40P01": Trouble.BUSY,  # deadlock_detected
    "55P03": Trouble.BUSY,  # lock_not_available: lock_timeout
    "57014": Trouble.BUSY,  # query_canceled: statement_timeout
    "53100": Trouble.FULL,  # disk_full
    "25006": Trouble.UNWRITABLE,  # read_only_sql_transaction
    "42501": Trouble.UNWRITABLE,  # insufficient_privilege
}


def trouble_of(error: exc.DBAPIError | exc.TimeoutError) -> Trouble | None:
    """Return what is wrong; None where the database works and did not like what it was asked."""
    if isinstance(error, exc.TimeoutError):
        return Trouble.BUSY
    of_sqlite = getattr(error.orig, "sqlite_errorname", None)
    if of_sqlite is not None:
        # SQLITE_IOERR_WRITE is one of SQLITE_IOERR.
        return _SQLITE.get("_".join(of_sqlite.split("_")[:2]))
    known = _POSTGRESQL.get(getattr(error.orig, "sqlstate", None) or "")
    is_away = error.connection_invalidated or isinstance(error, exc.OperationalError)
    return known or (Trouble.AWAY if is_away else None)


def cause_of(error: exc.DBAPIError | exc.TimeoutError) -> str:
    """Return the driver's words for it: the first line, for further ones hold what was written."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
