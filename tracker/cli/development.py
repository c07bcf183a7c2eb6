"""`tracker dev`: one command that shows a living instance on this machine (`make run`)."""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from tracker.cli.data import fill, is_empty, load_files, login_lines
from tracker.cli.processes import refuse_used_port
from tracker.cli.upgrading import bring_up_to_date
from tracker.core.cli.database import database, reading, writing
from tracker.core.cli.frame import CommandError, add_command
from tracker.core.settings import Settings

Child = subprocess.Popen[bytes]

# The web loads while the database is prepared: half of the second start's time.
_LOAD_AND_WAIT = """
import sys, tracker.app
if sys.stdin.read(1):
    from tracker.cli import main
    sys.exit(main(["serve"]))
"""

SECRET_FILE = Path("var/secret_key")
START_SECONDS = 60
END_SECONDS = 15


def register(commands: Any) -> None:
    parser = add_command(
        commands,
        "dev",
        run,
        text="Vorführung auf diesem Rechner starten (make run)",
        more="Legt Datenbank und Geheimnis unter var/ an, füllt eine leere Datenbank mit "
        "erfundenen Daten, startet Webdienst und Uhr an 127.0.0.1. Ende mit Strg-C.",
    )
    parser.add_argument("--port", type=int, help="Port (Vorgabe: PORT, sonst 8000)")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    port = arguments.port or settings.port
    refuse_used_port("127.0.0.1", port)
    environment = _environment(os.environ, port=port)
    settings = Settings.from_environment(environment)
    signal.signal(signal.SIGTERM, _end)
    children: list[Child] = []
    try:
        children.append(web := _warm_up_web(environment))
        _upgrade_and_fill(settings)
        _go(web)
        _load_changed_files(settings)
        _wait_for_answer(settings.base_url, web)
        # Last, because nobody waits for it.
        children.append(_start(["-m", "tracker", "clock"], environment))
        _welcome(settings)
        _watch(children)
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(children)


def _warm_up_web(environment: Mapping[str, str]) -> Child:
    """Start a process that loads the application and then waits for our word."""
    return _start(["-c", _LOAD_AND_WAIT], environment)


def _start(arguments: list[str], environment: Mapping[str, str]) -> Child:
    # Ctrl-C reaches the whole group; a child in a group of its own is ended by us, in order.
    return subprocess.Popen(  # noqa: S603 - our own commands
        [sys.executable, *arguments], env=environment, stdin=subprocess.PIPE, start_new_session=True
    )


def _go(child: Child) -> None:
    if child.stdin is not None:
        with contextlib.suppress(BrokenPipeError), child.stdin:  # it says itself why it ended
            child.stdin.write(b".")


def _environment(inherited: Mapping[str, str], *, port: int) -> dict[str, str]:
    """Return the environment of the children: loopback, http, and a secret of this machine."""
    return {
        **inherited,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "LOG_FORMAT": inherited.get("LOG_FORMAT") or "text",
        "BASE_URL": inherited.get("BASE_URL") or f"http://127.0.0.1:{port}",
        "SECURE_COOKIES": "0",
        "SECRET_KEY": inherited.get("SECRET_KEY") or _kept_secret(SECRET_FILE),
    }


def _kept_secret(path: Path) -> str:
    """Return the secret of this machine; made once, readable by its owner only."""
    if path.exists():
        return path.read_text("utf-8").strip()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = secrets.token_urlsafe(48)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secret + "\n")
    return secret


def _upgrade_and_fill(settings: Settings) -> None:
    """Bring the database up to date; fill it where nobody has worked with it yet."""
    from tracker.core import migrate

    with database(settings, current=False) as engine:
        if migrate.schema_state(engine) in (migrate.SchemaState.MISSING, migrate.SchemaState.OLDER):
            bring_up_to_date(engine, backup_done=False, now=datetime.now(UTC))
    with writing(settings) as session:
        if is_empty(session):
            print("Die Vorführung wird angelegt …", flush=True)
            fill(session, settings, now=datetime.now(UTC))


def _load_changed_files(settings: Settings) -> None:
    with writing(settings) as session:
        load_files(session, folder=None, now=datetime.now(UTC))


def _wait_for_answer(url: str, web: Child) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if web.poll() is not None:
            raise CommandError("Der Webdienst ist nicht gestartet. Näheres steht darüber.")
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except urllib.error.HTTPError:
            return  # an answer all the same
        except OSError:
            time.sleep(0.05)
    raise CommandError(f"Der Webdienst antwortet nach {START_SECONDS} Sekunden nicht.")


def _welcome(settings: Settings) -> None:
    from tracker.core.instance import instance_value
    from tracker.publication.queries.publication_facts import DEMONSTRATION

    print(f"\nBereit: {settings.base_url}  (Ende mit Strg-C)")
    with reading(settings) as session:
        invented = instance_value(session, key=DEMONSTRATION) is not None
    if invented:
        from seed.demo import logins

        print("Alle Daten sind erfunden. Anmelden mit:")
        print("\n".join(login_lines(logins())))
    sys.stdout.flush()


def _watch(children: list[Child]) -> NoReturn:
    """Wait until one child ends, which it should not do by itself."""
    while all(child.poll() is None for child in children):
        time.sleep(0.2)
    raise CommandError("Webdienst oder Uhr hat sich beendet. Näheres steht darüber.")


def _stop(children: list[Child]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)  # the group: the server's processes with it
            child.wait()


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
