"""`tracker db upgrade`: rehearsed with `--check`, backed up before, all of it or nothing."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any

from tracker.cli import restoring
from tracker.cli.data import is_empty
from tracker.cli.restoring import dump_command, write_copy
from tracker.core.cli.database import database, is_missing_file
from tracker.core.cli.frame import CommandError, add_command, add_group
from tracker.core.german import number
from tracker.core.periods import local_day
from tracker.core.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from tracker.core.migrate import SchemaState

# A rehearsal on PostgreSQL gives up rather than keep everybody waiting behind it.
LOCK_TIMEOUT = "10s"


def register(commands: Any) -> None:
    group = add_group(commands, "db", text="Datenbank anlegen, erneuern, sichern")
    parser = add_command(
        group,
        "upgrade",
        upgrade,
        text="Datenbank anlegen oder auf den Stand des Programms bringen",
        more="Alles oder nichts: Scheitert ein Schritt, bleibt die Datenbank, wie sie war. Eine "
        "SQLite-Datei mit Inhalt wird vorher kopiert, für PostgreSQL eine Sicherung verlangt.",
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--check",
        action="store_true",
        help="nur erproben und sagen, was geschähe; Ende mit 0, wenn es gelänge",
    )
    choice.add_argument(
        "--backup-done", action="store_true", help="PostgreSQL: die Sicherung ist gemacht"
    )
    restoring.register(group)


def upgrade(arguments: argparse.Namespace, settings: Settings) -> int:
    from tracker.core import migrate

    now = datetime.now(UTC)
    if arguments.check and is_missing_file(settings.database_url):
        print(NOTHING_TO_CHECK)
        return 0
    with database(settings, current=False) as engine:
        if arguments.check:
            return check(engine, settings, now=now)
        before = bring_up_to_date(engine, backup_done=arguments.backup_done, now=now)
    print(
        {
            migrate.SchemaState.MISSING: "Die Datenbank ist angelegt.",
            migrate.SchemaState.OLDER: "Die Datenbank ist auf dem Stand des Programms.",
            migrate.SchemaState.CURRENT: "Die Datenbank war schon auf dem Stand des Programms.",
        }[before]
    )
    return 0


NOTHING_TO_CHECK = (
    "Es gibt nichts zu erproben: Die Datenbank ist noch nicht angelegt. „tracker db upgrade“ legt "
    "sie an."
)


def bring_up_to_date(engine: Engine, *, backup_done: bool, now: datetime) -> SchemaState:
    """Create or upgrade the database, with a backup where there is work to lose.

    Returns the state before. Raises CommandError, and then nothing is changed.
    """
    from tracker.core import copies, migrate

    before = _state(engine)
    if before is migrate.SchemaState.OLDER and _has_work(engine):
        _back_up(engine, backup_done=backup_done, now=now)
    try:
        migrate.upgrade(engine)
    except Exception as error:
        raise CommandError(
            "Die Aktualisierung ist gescheitert; die Datenbank ist geblieben, wie sie war. "
            f"Ursache: {_cause(error)}"
        ) from error
    with engine.begin() as connection:
        copies.settle_if_new(connection)
    return before


def _state(engine: Engine) -> SchemaState:
    from tracker.core import migrate

    state = migrate.schema_state(engine)
    if state is migrate.SchemaState.NEWER:
        raise CommandError(
            "Die Datenbank ist neuer als das Programm und bleibt unverändert. Bitte "
            "installieren Sie die Fassung, mit der sie zuletzt lief, oder eine neuere."
        )
    return state


def _has_work(engine: Engine) -> bool:
    """Return whether somebody would miss what it holds: no demonstration, not merely seeded."""
    from sqlmodel import Session

    from tracker.core.instance import instance_value
    from tracker.publication.queries.publication_facts import DEMONSTRATION

    with Session(engine) as session:
        return instance_value(session, key=DEMONSTRATION) is None and not is_empty(session)


def _back_up(engine: Engine, *, backup_done: bool, now: datetime) -> None:
    from tracker.core import copies, migrate

    with engine.connect() as connection:
        name = f"-schema-{migrate.version_of(connection)}-{now:%Y-%m-%dT%H%M%SZ}"
    if engine.dialect.name == "sqlite":
        file = Path(engine.url.database or "")
        target = file.with_name(f"{file.stem}{name}{file.suffix}")
        write_copy(copies.back_up_sqlite, engine, target)
        print(f"Sicherung: {target}", flush=True)
    elif not backup_done:
        raise CommandError(
            "Bitte sichern Sie die Datenbank zuerst; es ist noch nichts geändert:\n"
            f"    {dump_command(engine.url, f'{engine.url.database}{name}.dump')}\n"
            "Danach: tracker db upgrade --backup-done"
        )


def _cause(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip() or type(error).__name__


def check(engine: Engine, settings: Settings, *, now: datetime) -> int:
    """Rehearse the upgrade and print what would happen; returns 0 when it would succeed."""
    from tracker.core import migrate

    if _state(engine) is migrate.SchemaState.MISSING:
        print(NOTHING_TO_CHECK)
        return 0
    with _rehearsal(engine) as connection:
        before = _content(connection)
        started = perf_counter()
        try:
            migrate.run(connection)
        except Exception as error:
            would_fail = f"Die Aktualisierung würde scheitern. Ursache: {_cause(error)}"
            raise CommandError(BUSY if _is_lock_timeout(error) else would_fail) from error
        seconds = perf_counter() - started
        after = _content(connection)
        print(f"Schema {before.version} → {after.version}: {number(f'{seconds:.1f}')} Sekunden")
        _print_counts(before.counts, after.counts)
        is_intact = _print_hashes(connection, before.hashes, after.hashes)
        _print_findings(connection, settings, now=now)
    print(
        "Die Aktualisierung würde gelingen. An der Datenbank ist nichts geändert."
        if is_intact
        else "Bitte aktualisieren Sie so nicht. An der Datenbank ist nichts geändert."
    )
    return 0 if is_intact else 1


BUSY = (
    "Die Probe ist abgebrochen, weil jemand mit der Datenbank arbeitet; sie sagt nichts. Bitte "
    "wiederholen Sie sie zu ruhiger Stunde oder bei beendetem Webdienst."
)


def _is_lock_timeout(error: Exception) -> bool:
    return getattr(getattr(error, "orig", None), "sqlstate", None) == "55P03"  # lock_not_available


@contextmanager
def _rehearsal(engine: Engine) -> Iterator[Connection]:
    """Give a connection with a transaction begun in which everything may be tried; none stays.

    On SQLite it leads to a copy, so that nobody waits. On PostgreSQL it is rolled back: DDL is
    transactional there, while a copy would need the right to create a database and, as a template
    of it, one that nobody is connected to. Tables that change are locked for that time.
    """
    from sqlalchemy import URL, text

    from tracker.core import migrate
    from tracker.core.db import make_engine

    if engine.dialect.name != "sqlite":
        with engine.connect() as connection:
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
            yield connection  # closing it rolls back
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.sqlite3"
        write_copy(migrate.copy_sqlite, engine, copy)
        engine_of_copy = make_engine(
            URL.create("sqlite", database=str(copy)).render_as_string(hide_password=False)
        )
        try:
            with migrate.one_step(engine_of_copy) as connection:
                yield connection
        finally:
            engine_of_copy.dispose()


@dataclass(frozen=True)
class Content:
    """Rows by table; by publication the hash that was stored and the one of its document."""

    version: str | None
    counts: Mapping[str, int]
    hashes: Mapping[str, tuple[str, str]]


def _content(connection: Connection) -> Content:
    """Read what every schema since 0001 has, without today's models."""
    from sqlalchemy import inspect, text

    from tracker.core import migrate
    from tracker.core.canonical import sha256_of

    tables = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
    counts = {
        table: connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()  # noqa: S608
        for table in tables
    }
    hashes = {}
    document = text("SELECT document FROM snapshot WHERE id = :id")
    published = text("SELECT id, period, version, sha256 FROM snapshot ORDER BY id")
    for row in connection.execute(published).all():
        # One document at a time, so that memory does not grow with rounds.
        made = sha256_of(connection.execute(document, {"id": row.id}).scalar_one())
        hashes[f"{row.period}, Fassung {row.version} (Nummer {row.id})"] = (row.sha256, made)
    return Content(migrate.version_of(connection), counts, hashes)


def _print_counts(before: Mapping[str, int], after: Mapping[str, int]) -> None:
    print("Zeilen je Tabelle, vorher → nachher:")
    for table in sorted(before.keys() | after.keys()):
        old, new = (number(counts.get(table), missing="–") for counts in (before, after))
        print(f"  {table:<24}{old:>10} → {new}{'' if old == new else '  (geändert)'}")


def _print_hashes(
    connection: Connection,
    before: Mapping[str, tuple[str, str]],
    after: Mapping[str, tuple[str, str]],
) -> bool:
    """Say whether every published record is right before and after; returns it."""
    from sqlmodel import Session

    from tracker.publication.queries.snapshots import verify

    troubles = [f"{name}: stimmt schon vorher nicht" for name, (a, b) in before.items() if a != b]
    troubles += [
        f"{name}: ist nachher eine andere"
        for name in before.keys() | after.keys()
        if before.get(name) != after.get(name)
    ]
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        troubles += [
            f"{result.period}, Fassung {result.version}: {problem}"
            for result in verify(session)
            for problem in result.problems
        ]
    if troubles:
        print("Prüfsummen veröffentlichter Fassungen stimmen nicht:")
        print("\n".join(f"  {trouble}" for trouble in troubles))
    else:
        print(f"Veröffentlichte Fassungen: {len(after)}, Prüfsummen vorher und nachher richtig")
    return not troubles


def _print_findings(connection: Connection, settings: Settings, *, now: datetime) -> None:
    from sqlmodel import Session

    from tracker.cockpit.queries.findings import findings

    with Session(connection, join_transaction_mode="create_savepoint") as session:
        undecided = findings(session, today=local_day(now))
    if not undecided:
        print("Zu entscheiden: nichts")
        return
    address = settings.base_url.rstrip("/")
    print(f"Zu entscheiden; bis dahin bleibt es, wie es ist ({address}/zu-entscheiden/):")
    for finding in undecided:
        print(f"  {finding.subject}: {finding.sentence}\n    {address}{finding.path}")
