"""`tracker watch`: what it prints, whom it writes to, once, and what it remembers."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from sqlmodel import Session

from tests.commands import ACCOUNT, PASSWORD, Tracker
from tests.outbox.server import Mailbox, running
from tools.processes import free_port
from tracker.core.db import make_engine
from tracker.core.instance import CLOCK_BEAT, beat, instance_value
from tracker.watch.queries import condition

pytestmark = pytest.mark.usefixtures("only_what_the_test_sets")

SILENT = timedelta(minutes=16)


class Alive(BaseHTTPRequestHandler):
    """A web process that lives, and notes by which name it is asked."""

    names: list[str]

    def do_GET(self) -> None:
        self.names.append(self.headers["Host"])
        self.send_response(200 if self.path == "/gesund" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A web that answers; the names by which it was asked."""
    Alive.names = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Alive) as server:
        monkeypatch.setenv("HOST", "0.0.0.0")
        monkeypatch.setenv("PORT", str(server.server_port))
        monkeypatch.setenv("BASE_URL", "https://controlling.stadt.example")
        Thread(target=server.serve_forever, daemon=True).start()
        yield Alive.names
        server.shutdown()


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    mailbox, port = Mailbox(), free_port()
    monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("SMTP_PORT", str(port))
    with running(mailbox, port):
        yield mailbox


def clock_beat(url: str, moment: datetime) -> None:
    engine = make_engine(url)
    beat(engine, now=moment)
    engine.dispose()


def test_all_is_well(seeded: str, web: list[str], tracker: Tracker) -> None:
    clock_beat(seeded, datetime.now(UTC))
    run = tracker("watch")
    assert run.code == 0
    assert run.out.splitlines() == [
        "Webdienst – in Ordnung: Der Webdienst antwortet.",
        "Datenbank – in Ordnung: Die Datenbank antwortet.",
        "Tabellen – in Ordnung: Die Datenbank passt zum Programm.",
        "Uhr – in Ordnung: Die Uhr läuft.",
        "Mails – in Ordnung: Keine Mail wartet zu lange.",
        "Speicherplatz – in Ordnung: Es ist genug Speicherplatz frei.",
    ]
    assert web == ["controlling.stadt.example"]


def test_a_fault_that_lasts_is_told_once_and_so_is_its_end(
    seeded: str, web: list[str], mailbox: Mailbox, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTACT_EMAIL", "stelle@stadt.example")
    clock_beat(seeded, datetime.now(UTC) - SILENT)
    mails = []
    for _ in range(4):
        run = tracker("watch")
        assert run.code == 1
        assert "Bitte „tracker clock“ neu starten" in run.out
        mails.append(len(mailbox.messages))
    assert mails == [0, 1, 1, 1]
    (fault,) = mailbox.messages
    assert fault["To"] == "stelle@stadt.example"
    assert fault["Subject"].endswith(": Störung")
    assert "Die Uhr hat sich seit mehr als 15 Minuten nicht gemeldet" in fault.get_content()
    clock_beat(seeded, datetime.now(UTC))
    assert [tracker("watch").code for _ in range(2)] == [0, 0]
    assert [mail["Subject"].rpartition(": ")[2] for mail in mailbox.messages] == [
        "Störung",
        "Störung behoben",
    ]


def test_while_the_database_is_away_those_known_last_are_told(
    seeded: str, web: list[str], mailbox: Mailbox, tracker: Tracker, tmp_path: Path
) -> None:
    assert tracker("user", "create", *ACCOUNT, "--password-stdin", stdin=PASSWORD).code == 0
    clock_beat(seeded, datetime.now(UTC))
    assert tracker("watch").code == 0
    file = tmp_path / "tracker.sqlite3"
    file.rename(tmp_path / "away")
    runs = [tracker("watch") for _ in range(3)]
    assert [run.code for run in runs] == [1, 1, 1]
    assert "Datenbank – gestört: Die Datenbank antwortet nicht." in runs[0].out
    assert "Uhr – unbekannt: Das lässt sich zurzeit nicht feststellen." in runs[0].out
    assert [mail["To"] for mail in mailbox.messages] == ["ki@stadt.example"]
    assert not file.exists()


def test_a_web_that_does_not_answer_is_a_fault(
    seeded: str, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", str(free_port()))
    clock_beat(seeded, datetime.now(UTC))
    run = tracker("watch")
    assert run.code == 1
    assert "Der Webdienst antwortet nicht. Bitte „tracker serve“ neu starten" in run.out


def test_a_fault_that_no_mail_can_report_is_printed_and_told_later(
    seeded: str, web: list[str], tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_beat(seeded, datetime.now(UTC) - SILENT)
    tracker("watch")
    assert "Keine Mail: SMTP_HOST oder die Kontaktadresse fehlt." in tracker("watch").out
    monkeypatch.setenv("CONTACT_EMAIL", "stelle@stadt.example")
    monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
    port = free_port()
    monkeypatch.setenv("SMTP_PORT", str(port))
    assert "Keine Mail: Mailserver 127.0.0.1" in tracker("watch").out
    mailbox = Mailbox()
    with running(mailbox, port):
        for _ in range(2):
            tracker("watch")
    assert len(mailbox.messages) == 1


def test_of_whom_no_mail_reached_the_journal_says_the_number_alone(
    seeded: str, web: list[str], mailbox: Mailbox, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTACT_EMAIL", "stelle@stadt.example")
    mailbox.answers["stelle@stadt.example"] = "550 stelle@stadt.example is unknown here"
    clock_beat(seeded, datetime.now(UTC) - SILENT)
    out = [tracker("watch").out for _ in range(2)][1]
    assert "Nicht angenommen vom Mailserver: 1 Mail." in out
    assert "stelle@" not in out


def test_on_a_full_disk_what_was_remembered_stays(
    seeded: str, web: list[str], mailbox: Mailbox, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTACT_EMAIL", "stelle@stadt.example")
    clock_beat(seeded, datetime.now(UTC))
    monkeypatch.setattr(condition, "free_bytes", lambda _url: 0)
    for _ in range(2):
        tracker("watch")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    runs = [tracker("watch") for _ in range(2)]
    assert [run.code for run in runs] == [1, 1]
    assert "Der Durchgang lässt sich nicht vermerken" in runs[0].out
    assert len(mailbox.messages) == 1


def test_what_is_remembered_lies_where_systemd_says_for_its_owner_alone(
    seeded: str, web: list[str], tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", f"{tmp_path}/state:{tmp_path}/other")
    tracker("watch")
    kept = tmp_path / "state" / "watch.json"
    assert json.loads(kept.read_text("utf-8"))["seen"] == ["clock"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    kept.write_text("{", "utf-8")
    assert tracker("watch").code == 1


def test_the_beat_tells_the_true_time_whatever_a_pass_pretends(
    seeded: str, tracker: Tracker
) -> None:
    tracker("clock", "--once", "--now", "2031-01-08T06:00")
    with Session(make_engine(seeded)) as session:
        noted = datetime.fromisoformat(instance_value(session, key=CLOCK_BEAT) or "")
    assert abs(datetime.now(UTC) - noted) < timedelta(minutes=1)
