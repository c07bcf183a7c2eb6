"""No command tells a secret, whatever goes wrong: neither in what it prints nor in a traceback."""

from __future__ import annotations

import traceback

import pytest

from tests.cli.test_frame import NEEDS_DATABASE
from tests.commands import Tracker
from tracker.core.settings import Settings, SettingsError, without_password

CANARY = "Kanarienvogel"
KEY = f"{CANARY} singt leise in der kalten Grube"
AWAY = f"postgresql://nutzer:{CANARY}@127.0.0.1:1/name?connect_timeout=2"
# What the database driver, SQLAlchemy and Python each refuse in their own words.
URLS = (
    AWAY,
    f"postgresql://nutzer:{CANARY}@:x@127.0.0.1:1/name",
    f"postgresql://127.0.0.1:1/name?user=nutzer&password={CANARY}",
    f"postgresql://nutzer:{CANARY}@127.0.0.1:elf/name",
    f"postgresql://nutzer:{CANARY}",
    f"postgresql://nutzer:{CANARY}@127.0.0.1:1/name?unbekannt=1",
    f"postgresql://nutzer:{CANARY}@127.0.0.1:1/name?sslmode=unbekannt",
    f"mysterium://nutzer:{CANARY}@127.0.0.1/name",
    f"nutzer:{CANARY}@127.0.0.1",
)
COMMANDS = (("db", "upgrade"), ("db", "upgrade", "--check"), ("settings",), *NEEDS_DATABASE)


def said(tracker: Tracker, *argv: str) -> str:
    """Everything that somebody gets to see."""
    try:
        run = tracker(*argv)
    except Exception:
        return traceback.format_exc()
    return run.out + run.err


@pytest.fixture
def canaries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", KEY)
    monkeypatch.setenv("SMTP_PASSWORD", CANARY)
    monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("SMTP_PORT", "1")
    monkeypatch.setenv("SMTP_USER", "nutzer")


@pytest.mark.parametrize("argv", COMMANDS, ids=" ".join)
def test_no_command_tells_a_secret_while_the_database_is_away(
    tracker: Tracker, canaries: None, monkeypatch: pytest.MonkeyPatch, argv: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DATABASE_URL", AWAY)
    assert CANARY not in said(tracker, *argv)


@pytest.mark.parametrize("url", URLS)
def test_no_address_of_a_database_tells_its_password(
    tracker: Tracker, canaries: None, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    for argv in (("mail", "list"), ("db", "upgrade"), ("settings", "--format", "json")):
        told = said(tracker, *argv)
        assert CANARY not in told
        assert "Traceback" not in told, told


def test_no_secret_is_told_where_all_is_well(
    tracker: Tracker, canaries: None, seeded: str, caplog: pytest.LogCaptureFixture
) -> None:
    at = ("--now", "2027-01-20T12:00")
    for argv in (("settings",), ("mail", "list"), ("clock", "--once", *at)):
        assert CANARY not in said(tracker, *argv)
    assert CANARY not in caplog.text


def test_a_short_secret_is_refused_without_being_told(
    tracker: Tracker, seeded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", CANARY)
    assert CANARY not in said(tracker, "serve")
    with pytest.raises(SettingsError) as raised:
        Settings(secret_key=CANARY).require_secret_key()
    assert CANARY not in str(raised.value)


def test_settings_in_a_message_tell_no_secret() -> None:
    settings = Settings(secret_key=KEY, smtp_password=CANARY, database_url=AWAY)
    assert CANARY not in f"{settings} {settings!r}"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:p@host/name", "postgresql://u:***@host/name"),
        ("postgresql://u:p@x:9/y@host:1/name", "postgresql://u:***@host:1/name"),
        ("postgresql://host:5432/name", "postgresql://host:5432/name"),
        ("postgresql://u@host:5432/name", "postgresql://u@host:5432/name"),
        ("postgresql:///name?password=p&host=/run", "postgresql:///name?password=***&host=/run"),
        ("u:p@host/name", "u:***@host/name"),
        ("sqlite:///var/tracker.sqlite3", "sqlite:///var/tracker.sqlite3"),
    ],
)
def test_an_address_is_shown_without_its_password(url: str, shown: str) -> None:
    assert without_password(url) == shown
