"""A quarter by commands: rounds, snapshots and exports, on a database of its own."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.commands import ACCOUNT, PASSWORD, Tracker, assign_all
from tracker.core.db import make_engine

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def test_a_quarter_is_run_by_commands_on_both_databases(
    fresh_url: str, tracker: Tracker, tmp_path: Path
) -> None:
    assert tracker("db", "upgrade").out == "Die Datenbank ist angelegt.\n"
    assert "war schon auf dem Stand" in tracker("db", "upgrade").out
    assert "keine Runde veröffentlicht" in tracker("snapshot", "list").out
    assert "noch kein Integrationskonzept" in tracker("round", "open", "--round", "2026-Q1").err
    assert tracker("seed").code == 0
    assert "0 neu, 0 geändert" in tracker("seed").out
    created = tracker("user", "create", *ACCOUNT, "--password-stdin", stdin=PASSWORD)
    assert (created.code, created.err) == (0, "")
    assert "federführende Institution" in tracker("round", "open", "--round", "2026-Q1").err
    assign_all(fresh_url)

    opened = tracker("round", "open", "--round", "2026-Q1", "--due", "2026-04-20")
    assert opened.out == "Q1/2026 ist eröffnet: 57 Meldungen bis 20.04.2026 erwartet.\n"
    again = tracker("round", "open", "--round", "2026-Q1")
    assert again.code == 1
    assert "Möglich ist jetzt: Runde schließen, Runde absagen." in again.err
    refused = tracker("round", "publish", "--round", "2026-Q1")
    assert refused.code == 1
    assert "Möglich ist jetzt" in refused.err
    assert tracker("round", "close", "--round", "2026-Q1").code == 0
    assert (
        "nur für die Korrektur"
        in tracker("round", "publish", "--round", "2026-Q1", "--reason", "x").err
    )
    published = tracker("round", "publish", "--round", "2026-Q1")
    assert (published.code, published.err) == (0, "")

    assert "--reason" in tracker("round", "publish", "--round", "2026-Q1").err
    correct = ("round", "publish", "--round", "2026-Q1", "--reason", "Zahl berichtigt")
    refused = tracker(*correct)
    assert "Diese Korrektur ändert nichts an Fassung 1" in refused.err
    assert "verwerfen" not in refused.err, "it is not begun"
    engine = make_engine(fresh_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE round SET committee_on = '2026-06-16'"))
    engine.dispose()
    corrected = tracker(*correct)
    assert "Fassung 2" in corrected.out
    listed = json.loads(tracker("snapshot", "list", "--format", "json").out)
    assert [(item["round"], item["version"]) for item in listed] == [("2026-Q1", 2), ("2026-Q1", 1)]
    assert listed[0]["reason"] == "Zahl berichtigt"
    verified = tracker("snapshot", "verify")
    assert verified.code == 0
    assert verified.out.count("stimmt") == 2

    assert tracker("round", "open", "--round", "2026-Q2").code == 0
    assert "Begründung" in tracker("round", "cancel", "--round", "2026-Q2").err
    cancelled = tracker("round", "cancel", "--round", "2026-Q2", "--reason", "Neuwahl")
    assert (cancelled.out, cancelled.err) == ("Q2/2026 ist abgesagt.\n", "")
    assert "ist abgesagt" in tracker("round", "close", "--round", "2026-Q2").err


def break_a_hash(url: str) -> None:
    """What somebody with access to the database could do: nothing in the product does it."""
    with make_engine(url).begin() as connection:
        triggers = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'snapshot'")
        ).scalars()
        for name in list(triggers):
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        connection.execute(text("UPDATE snapshot SET document = replace(document, 'Q1', 'Q9')"))


@pytest.fixture
def published(seeded: str, tracker: Tracker) -> str:
    """A database with one published round; its address."""
    tracker("user", "create", *ACCOUNT, "--password-stdin", stdin=PASSWORD)
    assign_all(seeded)
    for step in ("open", "close", "publish"):
        run = tracker("round", step, "--round", "2026-Q1")
        assert run.code == 0, run.err
    return seeded


def test_a_snapshot_is_shown_as_published_and_its_hash_can_be_checked_by_hand(
    published: str, tracker: Tracker
) -> None:
    (facts,) = json.loads(tracker("snapshot", "list", "--format", "json").out)
    document = tracker("snapshot", "show", "--round", "2026-Q1").out
    assert hashlib.sha256(document.encode("utf-8")).hexdigest() == facts["sha256"]
    shown = json.loads(tracker("snapshot", "show", "--round", "2026-Q1", "--format", "json").out)
    assert (shown["round"], shown["version"], shown["sha256"]) == ("2026-Q1", 1, facts["sha256"])
    assert shown["document"] == json.loads(document)


def test_verify_ends_with_1_when_a_hash_does_not_match(published: str, tracker: Tracker) -> None:
    break_a_hash(published)
    run = tracker("snapshot", "verify", "--format", "json")
    assert run.code == 1
    (found,) = json.loads(run.out)
    assert found["intact"] is False
    assert "Prüfsumme" in found["problems"][0]
    assert "Nicht unversehrt: 1, geprüft: 1 Fassung." in run.err


def test_verify_finds_a_changed_byte_in_a_kept_export(published: str, tracker: Tracker) -> None:
    assert tracker("snapshot", "verify").code == 0
    order = (
        "INSERT INTO export_order (snapshot_id, request, state, ordered_at, steps_done,"
        " steps_total, step, ended_at, problem, file_name, mimetype, size, sha256, content)"
        " VALUES (1, '{}', 'done', '2026-11-02 09:00:00', 1, 1, '', '2026-11-02 09:01:00', '',"
        f" 'bericht.pdf', 'application/pdf', 5, '{hashlib.sha256(b'%PDF-').hexdigest()}', :made)"
    )
    with make_engine(published).begin() as connection:
        connection.execute(text(order), {"made": b"%PDF+"})
    run = tracker("snapshot", "verify")
    assert run.code == 1
    assert "Ausgabe 1  bericht.pdf" in run.out
    assert "Bitte erstellen Sie die Ausgabe noch einmal" in run.out
    assert "Nicht unversehrt: 1, geprüft: 2 Fassungen und Ausgaben" in run.err


def test_an_unknown_snapshot_is_told_with_those_that_exist(
    published: str, tracker: Tracker
) -> None:
    assert "Veröffentlicht sind: Q1/2026" in tracker("snapshot", "show", "--round", "2025-Q4").err
    run = tracker("snapshot", "show", "--round", "2026-Q1", "--version", "7")
    assert (run.code, run.out) == (1, "")


def test_the_concept_goes_to_a_file_or_to_the_output(
    seeded: str, tracker: Tracker, tmp_path: Path
) -> None:
    target = tmp_path / "konzept.json"
    run = tracker("export", "concept", "--format", "json", "--output", str(target))
    assert (run.code, run.err) == (0, "")
    document = json.loads(target.read_text("utf-8"))
    measures = [m for f in document["fields"] for g in f["goals"] for m in g["measures"]]
    assert len(measures) == 58
    assert json.loads(tracker("export", "concept", "--format", "json").out) == document


@pytest.mark.parametrize(("form", "magic"), [("pdf", b"%PDF-"), ("xlsx", b"PK"), ("json", b"{")])
def test_a_report_is_the_same_file_every_time(
    form: str, magic: bytes, published: str, tracker: Tracker, tmp_path: Path
) -> None:
    command = ("export", "report", "--round", "2026-Q1", "--format", form, "--output")
    one, two = tmp_path / "eins", tmp_path / "zwei"
    for target in (one, two):
        run = tracker(*command, str(target))
        assert (run.code, run.err) == (0, "")
    assert one.read_bytes().startswith(magic)
    assert one.read_bytes() == two.read_bytes()
    tracker(*command, str(tmp_path))
    named = tmp_path / f"controllingbericht-2026-q1-fassung-1.{form}"
    assert named.read_bytes() == one.read_bytes()


def test_a_report_can_be_piped(published: str, tracker: Tracker) -> None:
    command = ("export", "report", "--round", "2026-Q1", "--format", "json", "--output", "-")
    assert tracker(*command).out == tracker("snapshot", "show", "--round", "2026-Q1").out


def test_what_cannot_be_written_is_told_and_leaves_nothing_behind(
    published: str, tracker: Tracker, tmp_path: Path
) -> None:
    before = sorted(tmp_path.iterdir())
    target = str(tmp_path / "gibt-es-nicht" / "bericht.json")
    run = tracker("export", "report", "--round", "2026-Q1", "--format", "json", "--output", target)
    assert run.code == 1
    assert "lässt sich nicht schreiben" in run.err
    assert sorted(tmp_path.iterdir()) == before


def test_a_round_that_is_not_published_has_no_report(
    published: str, tracker: Tracker, tmp_path: Path
) -> None:
    target = tmp_path / "bericht.pdf"
    run = tracker(
        "export", "report", "--round", "2026-Q2", "--format", "pdf", "--output", str(target)
    )
    assert run.code == 1
    assert "Veröffentlicht sind: Q1/2026" in run.err
    assert not target.exists()
