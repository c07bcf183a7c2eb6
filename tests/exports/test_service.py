"""Exports of published rounds from the database, on both databases."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session

from tests.factories import World, moment
from tracker.actions import rounds
from tracker.actions.publication import publish
from tracker.exports.service import Export, ExportFormat, render, write
from tracker.models import Institution
from tracker.queries import published
from tracker.queries.publication_facts import instance_of
from tracker.rules.canonical import sha256_of
from tracker.rules.errors import NotFound
from tracker.settings import Settings


@pytest.fixture
def world(session: Session) -> World:
    """A published third quarter with one accepted report."""
    published._kept.clear()
    world = World(session)
    world.lead(world.library)
    round_ = world.open_round()
    world.accept(world.submit(world.report(round_, world.measures[0])))
    at = moment("2026-11-02 09:00")
    rounds.close_round(session, round_=round_, by=world.coordination, now=at)
    publish(session, round_=round_, by=world.coordination, now=at, instance=instance_of(Settings()))
    return world


def export(world: World, kind: ExportFormat, **arguments: object) -> Export:
    wanted = {"period": "2026-Q3", "version": None} | arguments
    return render(world.session, export_format=kind, **wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "start"),
    [(ExportFormat.PDF, b"%PDF-"), (ExportFormat.XLSX, b"PK"), (ExportFormat.JSON, b'{"changes"')],
)
def test_an_export_has_a_name_a_type_and_stays_the_same(
    world: World, kind: ExportFormat, start: bytes
) -> None:
    first = export(world, kind)
    assert first.content.startswith(start)
    assert first.filename == f"controllingbericht-2026-q3-fassung-1.{kind}"
    world.session.get_one(Institution, world.library.id).name = "Ganz anderer Name"
    world.measures[0].retired_on = date(2026, 1, 1)
    world.measures[0].display_text = "anders"
    world.session.flush()
    published._kept.clear()
    assert export(world, kind) == first


def test_the_json_is_what_was_hashed(world: World) -> None:
    (stored,) = published.current(world.session)
    content = export(world, ExportFormat.JSON).content
    assert sha256_of(content.decode("utf-8")) == stored.sha256


@pytest.mark.parametrize("kind", list(ExportFormat))
@pytest.mark.parametrize("arguments", [{"period": "2026-Q2"}, {"period": "unsinn"}, {"version": 2}])
def test_what_is_not_published_is_refused_with_what_is(
    world: World, kind: ExportFormat, arguments: dict[str, object]
) -> None:
    with pytest.raises(NotFound, match="Bitte wählen Sie eine"):
        export(world, kind, **arguments)


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
