"""Papers of published rounds from the database, on both databases."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from tests.bielefeld import BIELEFELD
from tests.conftest import NOW
from tests.factories import CRITICAL, World, moment
from tracker.concept.models import Institution
from tracker.core.canonical import sha256_of
from tracker.core.errors import Invalid, NotFound
from tracker.core.models import SettingValue
from tracker.papers.making.bundle import MANIFEST, README, SUMS
from tracker.papers.making.service import load, make, render, with_office_template
from tracker.papers.rules.exporting import (
    FORMATS,
    ExportFormat,
    ExportKind,
    ExportRequest,
    VorlageKind,
)
from tracker.papers.rules.files import Cancelled, Export, file_name, write
from tracker.publication.actions.publication import publish
from tracker.publication.queries import published
from tracker.publication.queries.publication_facts import instance_of
from tracker.reporting.rounds.actions import rounds

REPORT = ExportRequest(kind=ExportKind.REPORT, period="2026-Q3", format=ExportFormat.JSON)
ABOUT = {
    ExportKind.MEASURE: {"measure": "1.1"},
    ExportKind.INSTITUTION: {"institution": "vhs"},
    ExportKind.COMPARISON: {"compare": "2026-Q2"},
}
EVERY_PAPER = [
    ExportRequest(kind=kind, period="2026-Q3", format=form, **ABOUT.get(kind, {}))  # type: ignore[arg-type]
    for kind in ExportKind
    for form in FORMATS[kind]
]
STARTS = {
    ExportFormat.PDF: b"%PDF-",
    ExportFormat.JSON: b'{"changes"',
    ExportFormat.JSONLD: b'{\n  "@context"',
}


def name_of(request: ExportRequest) -> str:
    return f"{request.kind}-{request.format}"


def publish_round(world: World, period: str, opened: str, at: str) -> None:
    round_ = world.open_round(period, opened=f"{opened} 06:00")
    content = CRITICAL if period == "2026-Q3" else None
    report = world.report(round_, world.measures[0])
    submitted = f"{opened} 08:00"
    if content is None:
        world.submit(report, at=submitted)
    else:
        world.submit(report, content, at=submitted)
    world.accept(report, at=f"{opened} 09:00")
    now = moment(f"{at} 09:00")
    rounds.close_round(world.session, round_=round_, by=world.coordination, now=now)
    publish(
        world.session,
        round_=round_,
        by=world.coordination,
        now=now,
        instance=instance_of(BIELEFELD),
    )


@pytest.fixture
def world(session: Session) -> World:
    """Two published quarters with one accepted report each."""
    published._kept.clear()
    world = World(session)
    world.lead(world.library)
    publish_round(world, "2026-Q2", "2026-07-01", "2026-08-03")
    publish_round(world, "2026-Q3", "2026-10-01", "2026-11-02")
    return world


# What is made comes from what was loaded and from nothing else: one database is enough for it.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def rename_and_retire(world: World) -> None:
    """Change what papers were made of."""
    world.session.get_one(Institution, world.library.id).name = "Ganz anderer Name"
    world.measures[0].retired_on = date(2026, 1, 1)
    world.wordings[0].display_text = "anders"
    for name in ("city", "office_name", "office_short", "committee_name", "committee_short"):
        world.session.add(
            SettingValue(name=name, valid_from=date(2026, 1, 1), value="anders", set_at=NOW)
        )
    world.session.flush()
    published._kept.clear()


@ON_SQLITE
def test_every_paper_is_made_and_stays_the_same(world: World) -> None:
    first = [render(world.session, item) for item in EVERY_PAPER]
    for request, made in zip(EVERY_PAPER, first, strict=True):
        assert made.content.startswith(STARTS.get(request.format, b"PK")), name_of(request)
        assert "2026-q3-fassung-1" in made.file_name
    rename_and_retire(world)
    assert [render(world.session, item) for item in EVERY_PAPER] == first


def test_what_papers_are_made_of_stays_the_same_on_both_databases(world: World) -> None:
    first = [load(world.session, item) for item in EVERY_PAPER]
    rename_and_retire(world)
    assert [load(world.session, item) for item in EVERY_PAPER] == first


def test_a_later_round_changes_no_earlier_paper(world: World) -> None:
    papers = [replace(item, period="2026-Q2", compare="") for item in EVERY_PAPER[:6]]
    before = [load(world.session, item) for item in papers]
    publish_round(world, "2026-Q4", "2027-01-02", "2027-02-01")
    published._kept.clear()
    assert [load(world.session, item) for item in papers] == before


def test_the_json_is_what_was_hashed(world: World) -> None:
    stored = published.current(world.session, concept_id=world.concept_id)[0]
    content = render(world.session, REPORT).content
    assert sha256_of(content.decode("utf-8")) == stored.sha256


def test_what_is_not_published_is_refused_with_what_is(world: World) -> None:
    for named in ({"period": "2026-Q4"}, {"period": "unsinn"}, {"version": 2}):
        for request in EVERY_PAPER:
            with pytest.raises(NotFound, match="Bitte wählen Sie eine"):
                load(world.session, replace(request, **named))  # type: ignore[arg-type]


UNKNOWN: list[tuple[dict[str, Any], tuple[type[Exception], ...]]] = [
    ({"kind": ExportKind.MEASURE, "measure": "99"}, (NotFound,)),
    ({"kind": ExportKind.INSTITUTION, "institution": "x"}, (NotFound,)),
    ({"fields": ("77",)}, (Invalid, NotFound)),
    ({"compare": "2025-Q1"}, (NotFound,)),
    ({"compare": "2026-Q2/9"}, (NotFound,)),
]


def test_what_the_round_does_not_know_is_refused(world: World) -> None:
    for named, errors in UNKNOWN:
        with pytest.raises(errors, match="Bitte"):
            render(world.session, replace(REPORT, format=ExportFormat.PDF, **named))


@ON_SQLITE
def test_a_paper_s_name_says_what_it_is(world: World) -> None:
    names = {
        name_of(item): render(world.session, item).file_name
        for item in EVERY_PAPER
        if item.format in (ExportFormat.DOCX, ExportFormat.ZIP, ExportFormat.CSV)
    }
    assert names == {
        "report-docx": "controllingbericht-2026-q3-fassung-1.docx",
        "report-csv": "controllingbericht-2026-q3-fassung-1.csv.zip",
        "vorlage-docx": "informationsvorlage-2026-q3-fassung-1.docx",
        "comparison-docx": "vergleich-2026-q3-fassung-1-mit-2026-q2.docx",
        "measure-docx": "massnahme-1.1-2026-q3-fassung-1.docx",
        "institution-docx": "institution-vhs-2026-q3-fassung-1.docx",
        "mappe-zip": "mappe-2026-q3-fassung-1.zip",
    }


@pytest.mark.parametrize(
    ("chosen", "name"),
    [
        ({}, "controllingbericht-2026-q3-fassung-1.pdf"),
        ({"fields": ("1", "2")}, "controllingbericht-2026-q3-fassung-1-hf-1-2.pdf"),
        ({"fields": ("1",)}, "controllingbericht-2026-q3-fassung-1-hf-1.pdf"),
        ({"exceptions_only": True}, "controllingbericht-2026-q3-fassung-1-ausnahmen.pdf"),
        ({"sheets": False}, "controllingbericht-2026-q3-fassung-1-ohne-blaetter.pdf"),
        (
            {"compare": "2026-Q2/1", "fields": ("2",), "exceptions_only": True},
            "controllingbericht-2026-q3-fassung-1-mit-2026-q2-fassung-1-hf-2-ausnahmen.pdf",
        ),
    ],
)
def test_extracts_of_one_round_have_different_names(chosen: dict[str, Any], name: str) -> None:
    request = replace(REPORT, format=ExportFormat.PDF, version=1, **chosen)
    assert file_name(request, "controllingbericht") == name


@ON_SQLITE
def test_the_mappe_holds_what_is_made_one_by_one(world: World) -> None:
    request = replace(
        REPORT, kind=ExportKind.BUNDLE, format=ExportFormat.ZIP, vorlage=VorlageKind.RESOLUTION
    )
    with zipfile.ZipFile(io.BytesIO(render(world.session, request).content)) as archive:
        held = {item: archive.read(item) for item in archive.namelist()}
    for form, folder in (("pdf", ""), ("docx", ""), ("xlsx", "daten/"), ("json", "daten/")):
        alone = render(world.session, replace(REPORT, format=ExportFormat(form)))
        assert held[folder + alone.file_name] == alone.content
    draft = replace(
        REPORT,
        kind=ExportKind.VORLAGE,
        format=ExportFormat.DOCX,
        vorlage=VorlageKind.RESOLUTION,
    )
    assert held["beschlussvorlage-2026-q3-fassung-1.docx"] == render(world.session, draft).content
    sums = dict(line.split("  ")[::-1] for line in held[SUMS].decode().splitlines())
    assert sums == {
        path: hashlib.sha256(content).hexdigest() for path, content in held.items() if path != SUMS
    }
    manifest = json.loads(held[MANIFEST])
    listed = {item["path"]: item["sha256"] for item in manifest["files"]}
    assert listed == {path: sha for path, sha in sums.items() if path not in (README, MANIFEST)}
    readme = held[README].decode("utf-8-sig")
    assert all(path in readme for path in listed)
    assert "Ein Apostroph am Anfang einer Zelle gehört nicht zum Text" in readme
    assert (
        manifest["snapshot_sha256"]
        == hashlib.sha256(held["daten/controllingbericht-2026-q3-fassung-1.json"]).hexdigest()
    )


@ON_SQLITE
def test_the_mappe_names_no_licence_that_nobody_decided(world: World) -> None:
    loaded = load(world.session, replace(REPORT, kind=ExportKind.BUNDLE, format=ExportFormat.ZIP))
    undecided = replace(loaded.sources.origin, licence="")
    mappe = make(replace(loaded, sources=replace(loaded.sources, origin=undecided)))
    with zipfile.ZipFile(io.BytesIO(mappe.content)) as archive:
        readme = archive.read(README).decode("utf-8-sig")
    assert "Lizenz der offenen Daten (Ordner daten): nicht festgelegt" in readme
    assert "Namensnennung" not in readme


@ON_SQLITE
def test_progress_counts_up_to_the_end_and_can_stop_the_work(world: World) -> None:
    mappe = replace(REPORT, kind=ExportKind.BUNDLE, format=ExportFormat.ZIP)
    loaded = load(world.session, mappe)
    seen: list[tuple[int, int, str]] = []
    make(loaded, progress=lambda *step: seen.append(step))
    total = seen[-1][1]
    assert [done for done, _, _ in seen] == list(range(total + 1))
    assert all(step and of == total for _, of, step in seen)

    def stop(done: int, _total: int, _step: str) -> None:
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        make(loaded, progress=stop)


def test_without_a_template_of_the_office_word_papers_have_our_look(world: World) -> None:
    request = replace(REPORT, kind=ExportKind.VORLAGE, format=ExportFormat.DOCX, template=7)
    assert with_office_template(world.session, request).template == 0


FILE = Export("bericht.json", "application/json", b"neu")


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "bericht.json"
    target.write_bytes(b"alt")
    assert write(FILE, target=target) == target
    assert target.read_bytes() == b"neu"
    assert [item.name for item in tmp_path.iterdir()] == ["bericht.json"]


def test_into_a_folder_the_export_brings_its_own_name(tmp_path: Path) -> None:
    assert write(FILE, target=tmp_path) == tmp_path / "bericht.json"


def test_a_target_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write(FILE, target=tmp_path / "fehlt" / "bericht.json")
    (tmp_path / "datei").write_bytes(b"")
    with pytest.raises(NotADirectoryError):
        write(FILE, target=tmp_path / "datei" / "bericht.json")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["datei"]
