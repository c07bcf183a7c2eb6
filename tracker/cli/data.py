"""`tracker seed` and `tracker demo`: what an instance starts with."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.core.cli.database import in_force, writing
from tracker.core.cli.frame import CommandError, add_command
from tracker.core.settings import Settings

if TYPE_CHECKING:
    from sqlmodel import Session

    from seed.upsert import SeedResult


def register(commands: Any) -> None:
    parser = add_command(
        commands,
        "seed",
        seed,
        text="Integrationskonzept und Institutionen laden",
        more="Ein zweiter Aufruf ändert nichts; was bearbeitet wurde, bleibt.",
    )
    parser.add_argument(
        "--folder", type=Path, metavar="ORDNER", help="andere Dateien als die mitgelieferten"
    )
    add_command(
        commands,
        "demo",
        demo,
        text="eine leere Datenbank mit erfundenen Daten füllen",
        more="Jede Seite und jede Ausgabe sagt dann, dass die Daten erfunden sind.",
    )


def seed(arguments: argparse.Namespace, settings: Settings) -> None:
    with writing(settings) as session:
        result = load_files(session, folder=arguments.folder, now=datetime.now(UTC))
    print(
        f"Geladen: {result.created} neu, {result.changed} geändert, {result.unchanged} unverändert."
    )
    if result.kept:
        print(f"{len(result.kept)} bearbeitete Werte sind geblieben, wie sie sind:")
        print("\n".join(f"  {line}" for line in result.kept))


def load_files(session: Session, *, folder: Path | None, now: datetime) -> SeedResult:
    """Load the seed; raises CommandError with file, line and remedy where a file is broken."""
    from seed.files import DEFAULT_FOLDER
    from seed.load import load
    from seed.nodes import SeedFileError

    try:
        return load(session, now=now, folder=folder or DEFAULT_FOLDER)
    except SeedFileError as error:
        raise CommandError(str(error)) from error


def demo(_arguments: argparse.Namespace, settings: Settings) -> None:
    from seed.demo import logins

    with writing(settings) as session:
        if not is_empty(session):
            raise CommandError(
                "Die Datenbank ist nicht leer: Es gibt schon Konten, Zuständigkeiten oder Runden. "
                "Die Vorführung füllt nur eine leere Datenbank. Nehmen Sie eine andere, z. B. "
                "DATABASE_URL=sqlite:///var/demo.sqlite3, und rufen Sie zuerst "
                "„tracker db upgrade“ auf."
            )
        fill(session, settings, now=datetime.now(UTC))
    print("Die Vorführung ist angelegt. Alle Daten sind erfunden.")
    print("\n".join(login_lines(logins())))


def fill(session: Session, settings: Settings, *, now: datetime) -> None:
    from seed import demo as demonstration

    load_files(session, folder=None, now=now)
    settings = in_force(session, settings, now=now)
    demonstration.fill(session, settings=settings, now=now)


def is_empty(session: Session) -> bool:
    """Return whether nobody has worked with this database; a loaded concept does not count."""
    from sqlmodel import select

    from tracker.accounts.models import Account
    from tracker.concept.models import Responsibility
    from tracker.reporting.models import Round

    return all(
        session.exec(select(model.id).limit(1)).first() is None
        for model in (Account, Responsibility, Round)
    )


def login_lines(logins: Any) -> list[str]:
    width = max((len(login.email) for login in logins), default=0)
    return [f"  {login.email:<{width}}  {login.password}  {login.label}" for login in logins]
