"""What holds for every command: help, exit codes, German errors without a traceback."""

from __future__ import annotations

import gc
import json
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.commands import Tracker
from tools.processes import free_port
from tracker.cli import build_parser, workers
from tracker.core import logs
from tracker.core.db import make_engine
from tracker.core.settings import VARIABLES

COMMANDS = (
    "db upgrade",
    "db backup",
    "db restored",
    "seed",
    "demo",
    "user create",
    "user invite",
    "user concepts",
    "user deactivate",
    "concept list",
    "round open",
    "round close",
    "round cancel",
    "round plan",
    "round publish",
    "mail preview",
    "mail list",
    "mail retry",
    "record list",
    "record show",
    "record verify",
    "snapshot list",
    "snapshot show",
    "snapshot verify",
    "export concept",
    "export questionnaire",
    "export report",
    "export vorlage",
    "export mappe",
    "export measure",
    "export institution",
    "export comparison",
    "export list",
    "export template",
    "export schema",
    "settings",
    "serve",
    "clock",
    "watch",
    "dev",
)
NEEDS_DATABASE = (
    ("seed",),
    ("demo",),
    ("user", "invite", "--email", "a@b.example"),
    ("round", "close", "--round", "2026-Q3"),
    ("mail", "preview"),
    ("mail", "list"),
    ("mail", "retry", "1"),
    ("concept", "list"),
    ("snapshot", "list"),
    ("snapshot", "verify"),
    ("export", "concept", "--format", "json"),
    ("export", "report", "--round", "2026-Q3", "--format", "pdf", "--output", "x.pdf"),
    ("export", "mappe", "--round", "2026-Q3", "--output", "x.zip"),
    ("export", "list"),
    ("export", "template"),
    ("serve",),
    ("clock", "--once"),
)
SECRET = "s" * 40


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_german(command: str, tracker: Tracker) -> None:
    run = tracker(*command.split(), "--help")
    assert run.code == 0
    assert run.out.startswith(f"Aufruf: tracker {command}")
    assert "diese Hilfe zeigen" in run.out
    assert "usage" not in run.out
    assert "options" not in run.out


def test_the_list_of_commands_is_the_promised_one() -> None:
    found = set()
    for name, parser in build_parser()._subparsers._group_actions[0].choices.items():  # type: ignore[union-attr]
        group = parser._subparsers
        found |= (
            {f"{name} {inner}" for inner in group._group_actions[0].choices} if group else {name}
        )
    assert found == set(COMMANDS)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ((), "Es fehlt: BEFEHL."),
        (("round",), "Es fehlt: BEFEHL."),
        (("runde",), "„runde“ gibt es nicht."),
        (("round", "open"), "Es fehlt: --round."),
        (("round", "open", "--round", "2026-3"), "„2026-3“ ist kein Zeitraum."),
        (("round", "open", "--round"), "--round braucht einen Wert."),
        (("round", "open", "--round", "2026-Q3", "--due", "bald"), "„bald“ ist kein Tag."),
        (("snapshot", "show", "--round", "2026-Q3", "--version", "x"), "„x“ ist keine ganze Zahl."),
        (("seed", "--x"), "Unbekannt: --x."),
        (("export", "concept", "--format", "pdf"), "„pdf“ gibt es nicht."),
        (("mail", "retry"), "Es fehlt eines von:"),
        (("mail", "retry", "1", "--failed"), "schließen sich aus"),
        (("clock", "--once", "--now", "2026-10-01"), "ist kein Zeitpunkt. Erwartet wird"),
        (
            ("user", "create", "--email", "a", "--name", "b", "--role", "admin"),
            "„admin“ gibt es nicht.",
        ),
    ],
)
def test_a_wrong_call_ends_with_2_and_points_to_the_help(
    argv: tuple[str, ...], said: str, tracker: Tracker
) -> None:
    run = tracker(*argv)
    assert run.code == 2
    assert run.err.startswith("Fehler: ")
    assert said in run.err
    assert "--help" in run.err


@pytest.mark.parametrize("argv", NEEDS_DATABASE, ids=" ".join)
def test_a_missing_database_is_told_with_the_remedy_and_not_created(
    argv: tuple[str, ...], tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/none/x.sqlite3")
    monkeypatch.setenv("SECRET_KEY", SECRET)
    run = tracker(*argv)
    assert run.code == 1
    assert "„tracker db upgrade“" in run.err
    assert "Traceback" not in run.err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("version", "said"), [("0000", "neuer als das Programm"), (None, "noch nicht angelegt")]
)
def test_a_database_of_another_version_is_refused(
    seeded: str, version: str | None, said: str, tracker: Tracker
) -> None:
    with make_engine(seeded).begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        if version:
            connection.execute(text(f"INSERT INTO alembic_version VALUES ('{version}')"))
    run = tracker("snapshot", "list")
    assert (run.code, run.out) == (1, "")
    assert said in run.err


def test_a_locked_database_is_told(
    seeded: str, tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.core.db.BUSY_TIMEOUT_MS", 50)
    blocker = sqlite3.connect(tmp_path / "tracker.sqlite3", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    run = tracker("seed")
    blocker.close()
    assert run.code == 1
    assert "gesperrt" in run.err


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("quatsch", "ist keine Datenbankadresse"),
        ("foo://x", "ist keine Datenbankadresse"),
        ("postgresql://nutzer:geheim@127.0.0.1:1/x", "nicht erreichbar"),
    ],
)
def test_an_unusable_address_is_told_without_its_password(
    url: str, said: str, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    run = tracker("seed")
    assert run.code == 1
    assert said in run.err
    assert "geheim" not in run.err


def test_a_file_that_is_no_database_is_told(
    tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.sqlite3").write_text("Das ist ein Brief und keine Datenbank. " * 50)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/x.sqlite3")
    run = tracker("snapshot", "list")
    assert run.code == 1
    assert "keine SQLite-Datenbank" in run.err


def test_an_unreadable_setting_is_named(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_PORT", "fünf")
    run = tracker("settings")
    assert run.code == 1
    assert "SMTP_PORT: erwartet wird eine ganze Zahl" in run.err


def test_settings_explains_each_and_shows_no_secret(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("SMTP_PASSWORD", "sehr-geheim")
    monkeypatch.setenv("DATABASE_URL", "postgresql://nutzer:auch-geheim@db/name")
    for form in ("text", "json"):
        run = tracker("settings", "--format", form)
        assert run.code == 0
        assert all(secret not in run.out for secret in (SECRET, "geheim"))
        assert "postgresql://nutzer:***@db/name" in run.out
        assert all(name.upper() in run.out for name in VARIABLES)
    found = {item["variable"]: item for item in json.loads(run.out)}
    assert found["PORT"]["value"] == 8000
    assert found["PORT"]["is_default"] is True
    assert found["SECRET_KEY"]["value"] == "***"
    assert all(item["explanation"] for item in found.values())


def test_serve_asks_for_a_secret_key(seeded: str, tracker: Tracker) -> None:
    run = tracker("serve")
    assert run.code == 1
    assert "SECRET_KEY fehlt" in run.err


@pytest.mark.usefixtures("seeded")
@pytest.mark.parametrize(
    ("address", "warns"),
    [
        ({"BASE_URL": "https://ziele.stadt.example"}, True),
        ({"BASE_URL": "https://ziele.stadt.example", "TRUSTED_PROXIES": "1"}, False),
        ({}, False),
    ],
)
def test_serve_warns_at_its_start_of_a_proxy_that_is_not_named(
    tracker: Tracker,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    address: dict[str, str],
    warns: bool,
) -> None:
    # Nothing is served, and this process stays as it is.
    monkeypatch.setattr(workers, "serve", lambda *_args, **_options: None)
    monkeypatch.setattr(logs, "set_up", lambda _settings: None)
    monkeypatch.setattr(gc, "disable", lambda: None)
    variables = {"SECRET_KEY": SECRET, "PORT": str(free_port()), **address}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert tracker("serve").code == 0
    assert ("TRUSTED_PROXIES ist 0" in "".join(caplog.messages)) is warns


@pytest.mark.parametrize("command", ["serve", "dev"])
def test_a_used_port_is_told_with_another_to_try(
    command: str, seeded: str, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", SECRET)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        run = tracker(command)
    assert run.code == 1
    assert run.err.count("\n") == 1
    assert f"Port {port} an 127.0.0.1 ist belegt." in run.err
    assert f"PORT={port + 1}" in run.err


def test_help_loads_neither_web_nor_database() -> None:
    probe = (
        "import sys\n"
        "from tracker.cli import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit:\n    pass\n"
        "heavy = {'flask', 'dash', 'sqlalchemy', 'apscheduler', 'typst'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
