"""A checked way to the database for commands: missing, old, locked are told in German."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from tracker.core.cli.frame import CommandError
from tracker.core.cli.wording import database_trouble
from tracker.core.settings import Settings, without_password

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session


@contextmanager
def database(settings: Settings, *, current: bool = True, copy: bool = False) -> Iterator[Engine]:
    """Give an engine; `current` demands a database of exactly this program's schema.

    A backup that was put back is refused unless `copy` says that it is about one.

    Raises CommandError where the database is missing, older or newer, locked or unreachable.
    """
    from sqlalchemy import exc

    from tracker.core.db import make_engine
    from tracker.core.trouble import DATABASE_ERRORS, cause_of, trouble_of

    url = settings.database_url
    try:
        if current:
            _refuse_missing_file(url)
        engine = make_engine(url)
    except (exc.ArgumentError, exc.NoSuchModuleError, ValueError) as error:
        raise CommandError(
            f"DATABASE_URL „{without_password(url)}“ ist keine Datenbankadresse. Erwartet wird "
            "sqlite:///pfad/datei.sqlite3 oder postgresql://nutzer:kennwort@rechner/name."
        ) from error
    except OSError as error:
        raise CommandError(
            f"Der Ordner für {without_password(url)} lässt sich nicht anlegen: {error.strerror}. "
            "Bitte prüfen Sie DATABASE_URL und die Rechte."
        ) from error
    try:
        if current:
            require_current(engine)
            if not copy:
                _refuse_copy(engine)
        yield engine
    except DATABASE_ERRORS as error:
        trouble = trouble_of(error)
        if trouble is None:
            raise
        raise CommandError(database_trouble(trouble, cause_of(error), url)) from error
    finally:
        engine.dispose()


@contextmanager
def reading(settings: Settings) -> Iterator[Session]:
    from sqlmodel import Session

    with database(settings) as engine, Session(engine) as session:
        yield session


@contextmanager
def writing(settings: Settings) -> Iterator[Session]:
    from tracker.core.db import transaction

    with reading(settings) as session, transaction(session):
        yield session


def in_force(session: Session, settings: Settings, *, now: datetime) -> Settings:
    """Return the settings in force; `settings` are those of the environment."""
    from tracker.core.configured import configured
    from tracker.core.periods import local_day

    return configured(session.connection(), settings, day=local_day(now))


def require_current(engine: Engine) -> None:
    """Raise CommandError unless the database has exactly the schema of this program."""
    from tracker.core.migrate import SchemaState, schema_state

    state = schema_state(engine)
    remedies = {
        SchemaState.MISSING: _MISSING,
        SchemaState.OLDER: "Die Datenbank ist älter als das Programm. Bitte sichern Sie sie und "
        "rufen Sie dann „tracker db upgrade“ auf.",
        SchemaState.NEWER: "Die Datenbank ist neuer als das Programm. Bitte installieren Sie die "
        "Fassung des Programms, mit der sie zuletzt lief, oder eine neuere.",
    }
    if state in remedies:
        raise CommandError(remedies[state])


def _refuse_copy(engine: Engine) -> None:
    from tracker.core.copies import is_copy

    with engine.connect() as connection:
        if is_copy(connection):
            raise CommandError(
                "Diese Datenbank ist eine Sicherung, die zurückgespielt oder an eine andere Stelle "
                "gebracht worden ist. Bitte rufen Sie zuerst „tracker db restored“ auf: Das "
                "beendet Sitzungen und Links und hält Mails an, die vielleicht schon versandt sind."
            )


_MISSING = "Die Datenbank ist noch nicht angelegt. Bitte rufen Sie zuerst „tracker db upgrade“ auf."


def _refuse_missing_file(url: str) -> None:
    if is_missing_file(url):
        raise CommandError(f"{_MISSING} (Datei {url.partition('///')[2]} gibt es nicht.)")


def is_missing_file(url: str) -> bool:
    """Return whether this is an SQLite file that does not exist: asking SQLite would create it."""
    from sqlalchemy.exc import ArgumentError

    from tracker.core.db import sqlite_file

    try:
        file = sqlite_file(url)
    except (ArgumentError, ValueError):
        return False  # whoever opens it says so
    return file is not None and not file.exists()
