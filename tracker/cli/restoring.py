"""`tracker db backup` and `tracker db restored`: a backup, and what it must not revive."""

from __future__ import annotations

import argparse
import shlex
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.core.cli.database import database
from tracker.core.cli.frame import CommandError, add_command
from tracker.core.german import counted
from tracker.core.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine
    from sqlmodel import Session


def register(group: Any) -> None:
    parser = add_command(
        group,
        "backup",
        backup,
        text="Datenbank sichern, auch im laufenden Betrieb",
        more="Eine SQLite-Datei wird kopiert und die Kopie geprüft; für PostgreSQL wird der Aufruf "
        "von pg_dump genannt. Überschrieben wird nichts.",
    )
    parser.add_argument("file", type=Path, metavar="DATEI", help="wohin gesichert wird")
    add_command(
        group,
        "restored",
        restored,
        text="nach dem Zurückspielen einer Sicherung: Sitzungen und Links beenden, alles prüfen",
        more="Hält auch Mails an, die vielleicht schon versandt sind. Vor dem Start von Webdienst "
        "und Uhr aufzurufen. Ende mit 1, wenn an den Veröffentlichungen etwas nicht stimmt.",
    )


def backup(arguments: argparse.Namespace, settings: Settings) -> None:
    from tracker.core import copies

    with database(settings) as engine:
        if engine.dialect.name != "sqlite":
            raise CommandError(
                f"PostgreSQL sichern Sie mit:\n    {dump_command(engine.url, str(arguments.file))}"
            )
        write_copy(copies.back_up_sqlite, engine, arguments.file)
    print(f"Sicherung: {arguments.file}, geprüft. SECRET_KEY bitte getrennt davon aufbewahren.")


def restored(_arguments: argparse.Namespace, settings: Settings) -> None:
    from sqlmodel import Session

    from tracker.core.db import transaction
    from tracker.publication.cli import verify

    with (
        database(settings, copy=True) as engine,
        Session(engine) as session,
        transaction(session),
    ):
        sessions, links, mails = _end_what_was_open(session, now=datetime.now(UTC))
    print(
        f"Beendet: {counted(sessions, 'Sitzung', 'Sitzungen')}, "
        f"{counted(links, 'offener Link', 'offene Links')}. "
        f"Angehalten: {counted(mails, 'Mail', 'Mails')}, weil sie vielleicht schon versandt sind; "
        "unter „Benachrichtigungen“ lassen sie sich noch einmal versuchen."
    )
    print("Bitte sehen Sie vor dem Start der Uhr nach, was sie versendet: tracker mail preview")
    verify(argparse.Namespace(format="text"), settings)


def _end_what_was_open(session: Session, *, now: datetime) -> tuple[int, int, int]:
    """End sessions, void links, hold mails; returns how many of each."""
    from tracker.accounts.actions.sessions import end_all, void_links
    from tracker.contact.actions.confirmations import forget_all
    from tracker.core import audit, copies
    from tracker.outbox.delivery import hold_waiting

    sessions = end_all(session, now=now)
    links = void_links(session, now=now) + forget_all(session)
    mails = hold_waiting(session)
    copies.settle(session.connection())
    audit.record(
        session,
        by=None,
        verb="database.restored",
        entity="database",
        entity_id=1,
        now=now,
        after={"sessions": sessions, "links": links, "mails": mails},
    )
    return sessions, links, mails


def write_copy(copy: Callable[[Engine, Path], None], engine: Engine, target: Path) -> None:
    """Copy an SQLite file; raises CommandError where that fails."""
    try:
        copy(engine, target)
    except (OSError, sqlite3.Error) as error:
        raise CommandError(
            f"Die Kopie {target} ließ sich nicht schreiben ({error}); die Datenbank ist "
            "unverändert. Bitte prüfen Sie Platz und Rechte in diesem Ordner."
        ) from error


def dump_command(url: URL, file: str) -> str:
    """Return the command that backs up a PostgreSQL database; it asks for the password itself."""
    from sqlalchemy import URL

    address = URL.create(
        "postgresql",
        username=url.username,
        host=url.host,
        port=url.port,
        database=url.database,
        query=url.difference_update_query(["password", "sslpassword"]).query,
    ).render_as_string()
    return shlex.join(["pg_dump", "--format=custom", f"--file={file}", f"--dbname={address}"])
