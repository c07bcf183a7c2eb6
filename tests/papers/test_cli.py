"""`tracker export …`: papers with every choice, the list of those made, the Word template."""

from __future__ import annotations

import hashlib
import json
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import Session

from tests.bielefeld import BIELEFELD
from tests.commands import Tracker
from tests.factories import World, moment
from tracker.core import migrate
from tracker.core.db import make_engine
from tracker.papers.making.service import render
from tracker.papers.rules.exporting import ExportFormat, ExportKind, ExportRequest
from tracker.papers.writers.docx.template import default_template
from tracker.publication.actions.publication import publish
from tracker.publication.queries.publication_facts import instance_of
from tracker.reporting.rounds.actions import rounds

pytestmark = pytest.mark.usefixtures("only_what_the_test_sets")

ROUND = ("--round", "2026-Q3")


@pytest.fixture(scope="module")
def published_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with two published rounds, to be copied."""
    path = tmp_path_factory.mktemp("published") / "tracker.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    with Session(engine) as session:
        world = World(session)
        world.lead(world.library)
        for period, opened, at in (
            ("2026-Q2", "2026-07-01", "2026-08-03"),
            ("2026-Q3", "2026-10-01", "2026-11-02"),
        ):
            round_ = world.open_round(period, opened=f"{opened} 06:00")
            now = moment(f"{at} 09:00")
            rounds.close_round(session, round_=round_, by=world.coordination, now=now)
            publish(
                session,
                round_=round_,
                by=world.coordination,
                now=now,
                instance=instance_of(BIELEFELD),
            )
        session.commit()
    engine.dispose()
    return path


@pytest.fixture
def url(published_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of that database's copy, set as DATABASE_URL."""
    shutil.copy(published_file, tmp_path / "tracker.sqlite3")
    url = f"sqlite:///{tmp_path / 'tracker.sqlite3'}"
    monkeypatch.setenv("DATABASE_URL", url)
    return url


def listed(tracker: Tracker) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(tracker("export", "list", "--format", "json").out)
    return found


@pytest.mark.parametrize(
    ("command", "request_"),
    [
        (
            ("report", "--format", "xlsx", "--field", "2", "--field", "1", "--exceptions"),
            {"fields": ("1", "2"), "exceptions_only": True, "format": ExportFormat.XLSX},
        ),
        (
            ("report", "--format", "pdf", "--no-sheets", "--compare", "2026-Q2/1"),
            {"sheets": False, "compare": "2026-Q2/1"},
        ),
        (("report", "--format", "csv"), {"format": ExportFormat.CSV}),
        (("report", "--format", "jsonld"), {"format": ExportFormat.JSONLD}),
        (
            ("measure", "--measure", "1.1", "--format", "pdf"),
            {"kind": ExportKind.MEASURE, "measure": "1.1"},
        ),
        (
            ("institution", "--institution", "vhs", "--format", "docx"),
            {"kind": ExportKind.INSTITUTION, "institution": "vhs", "format": ExportFormat.DOCX},
        ),
        (
            ("comparison", "--compare", "2026-Q2", "--format", "pdf"),
            {"kind": ExportKind.COMPARISON, "compare": "2026-Q2"},
        ),
        (("mappe",), {"kind": ExportKind.BUNDLE, "format": ExportFormat.ZIP}),
    ],
)
def test_a_paper_is_written_as_the_browser_makes_it_and_listed(
    url: str,
    tracker: Tracker,
    tmp_path: Path,
    command: tuple[str, ...],
    request_: dict[str, object],
) -> None:
    run = tracker("export", *command, *ROUND, "--output", str(tmp_path))
    assert (run.code, run.err) == (0, "")
    request = ExportRequest(
        **({"kind": ExportKind.REPORT, "period": "2026-Q3", "format": ExportFormat.PDF} | request_)  # type: ignore[arg-type]
    )
    engine = make_engine(url)
    with Session(engine) as session:
        expected = render(session, request)
    engine.dispose()
    written = (tmp_path / expected.file_name).read_bytes()
    assert written == expected.content
    (line,) = listed(tracker)
    assert (line["sha256"], line["who"], line["state"]) == (
        hashlib.sha256(written).hexdigest(),
        None,
        "done",
    )
    assert expected.file_name in tracker("export", "list", *ROUND).out
    assert "noch keine Ausgabe" in tracker("export", "list", "--round", "2026-Q2").out


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("report", "--format", "json", "--field", "1"), "immer die ganze Runde"),
        (("report", "--format", "pdf", "--compare", "2026-Q3"), "dieselbe Runde"),
        (("report", "--format", "pdf", "--compare", "gestern"), "Erwartet wird z. B. 2026-Q1"),
        (("report", "--format", "pdf", "--compare", "2020-Q1"), "Veröffentlicht sind"),
        (("report", "--format", "pdf", "--field", "77"), "Handlungsfeld"),
        (("measure", "--measure", "99.9", "--format", "pdf"), "keine Maßnahme 99.9"),
        (("institution", "--institution", "x", "--format", "pdf"), "federführend ist: "),
        (("vorlage", "--template", "5"), "Word-Vorlage gibt es nicht"),
    ],
)
def test_what_cannot_be_is_said_in_german_and_writes_nothing(
    url: str, tracker: Tracker, tmp_path: Path, command: tuple[str, ...], message: str
) -> None:
    target = tmp_path / "ziel"
    target.mkdir()
    run = tracker("export", *command, *ROUND, "--output", str(target))
    assert run.code == 1
    assert message in run.err
    assert list(target.iterdir()) == []
    assert listed(tracker) == []


def test_the_office_s_template_is_set_used_listed_and_taken_back(
    url: str, tracker: Tracker, tmp_path: Path
) -> None:
    ours = tracker("export", "vorlage", *ROUND, "--output", "ohne.docx")
    assert ours.code == 0
    assert "Keine eigene Word-Vorlage" in tracker("export", "template").out
    (tmp_path / "brief.docx").write_bytes(default_template())
    assert "Word-Vorlage 1 ist im Einsatz" in tracker("export", "template", "brief.docx").out
    assert "brief.docx (SHA-256" in tracker("export", "template").out
    assert tracker("export", "vorlage", *ROUND, "--output", "mit.docx").code == 0
    newest = listed(tracker)[0]["request"]
    assert isinstance(newest, dict)
    assert newest["template"] == 1
    assert "eigene Aussehen" in tracker("export", "template", "--none").out
    assert tracker("export", "template", "--none").code == 1
    # What was made with it can be made again.
    again = tracker("export", "vorlage", *ROUND, "--template", "1", "--output", "wieder.docx")
    assert again.code == 0
    assert (tmp_path / "wieder.docx").read_bytes() == (tmp_path / "mit.docx").read_bytes()


@pytest.mark.parametrize(
    "content", [b"", b"kein Word", b"PK\x03\x04kaputt", b"\xd0\xcf\x11\xe0alt"]
)
def test_what_is_no_template_is_refused_with_the_remedy(
    url: str, tracker: Tracker, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "brief.docx").write_bytes(content)
    run = tracker("export", "template", "brief.docx")
    assert run.code == 1
    assert "Das geht nicht als Word-Vorlage" in run.err
    assert "Keine eigene Word-Vorlage" in tracker("export", "template").out
    assert "lässt sich nicht lesen" in tracker("export", "template", "fehlt.docx").err


def test_a_full_disk_leaves_no_half_file(url: str, tmp_path: Path) -> None:
    """A limit on the size of files is what a full disk is: writing stops in the middle."""

    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    target = tmp_path / "ziel"
    target.mkdir()
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "tracker",
            "export",
            "report",
            *ROUND,
            "--format",
            "pdf",
            "--output",
            str(target),
        ],
        env={"DATABASE_URL": url, "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=little_room,
    )
    assert run.returncode == 1
    assert "lässt sich nicht schreiben" in run.stderr
    assert "unvollständige Datei ist nicht entstanden" in run.stderr
    assert list(target.iterdir()) == []


def test_the_schema_is_written(tracker: Tracker) -> None:
    run = tracker("export", "schema")
    assert json.loads(run.out)["$schema"].endswith("2020-12/schema")
