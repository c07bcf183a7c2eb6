"""What an area adds to a round: recorded with a schema of its own, printed, shown, switched off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlmodel import Session

from tests.factories import World, moment
from tests.publication.publishing import INSTANCE, close_and_publish, filled_round
from tracker.core import switching
from tracker.core.models import SettingValue
from tracker.papers.documents import report as paper
from tracker.papers.tables import tables
from tracker.papers.writers.to_csv import csv_files
from tracker.papers.writers.to_json import schema_text
from tracker.publication.models import SnapshotPart
from tracker.publication.queries import published, sections, snapshots
from tracker.publication.queries.preview import preview
from tracker.publication.queries.sections import Section
from tracker.publication.reading import chapters
from tracker.publication.reading.chapters import ChapterKind
from tracker.publication.reading.content import report
from tracker.publication.reading.scope import Scope
from tracker.publication.reading.table import Column, Kind, Table
from tracker.publication.reading.words import Words
from tracker.reporting.models import Round

SCHEMA = {
    "type": "object",
    "required": ["format", "orders"],
    "additionalProperties": False,
    "properties": {
        "format": {"const": 1},
        "orders": {"type": "array", "items": {"type": "string"}},
    },
}


def collect(_session: Session, round_: Round, now: datetime) -> dict[str, Any]:
    return {"orders": [f"Auftrag aus {round_.period}", f"Stand vom {now.date().isoformat()}"]}


def orders_table(section: dict[str, Any], _words: Words) -> tuple[Table, ...]:
    rows = tuple((place, text) for place, text in enumerate(section["orders"], start=1))
    columns = (Column("Nr.", 6, Kind.WHOLE), Column("Auftrag", 60))
    return (Table("auftraege", "Aufträge", "Aufträge des Rats", "", columns, rows),)


@pytest.fixture
def area(tmp_path: Path) -> Iterator[str]:
    """An area of tomorrow that adds a section and its chapter."""
    schema = tmp_path / "orders-1.schema.json"
    schema.write_text(json.dumps(SCHEMA), "utf-8")
    switching.register(switching.SwitchableArea("auftraege", "Aufträge", "Probe.", __name__))
    sections.register(Section("orders", 1, schema, collect))
    chapters.register(ChapterKind("orders", "Aufträge des Rats", orders_table))
    yield "auftraege"
    del switching.AREAS["auftraege"], sections.SECTIONS["orders"], chapters.CHAPTERS["orders"]


@pytest.fixture
def world(session: Session) -> World:
    world = World(session)
    world.lead(world.library, *world.measures[:-1])
    return world


def test_a_section_is_recorded_checked_and_read_by_itself(area: str, world: World) -> None:
    snapshot = close_and_publish(world, filled_round(world))
    document = json.loads(snapshot.document)
    section = document["sections"]["orders"]
    assert section == {"format": 1, "orders": ["Auftrag aus 2026-Q3", "Stand vom 2026-11-02"]}
    Draft202012Validator(json.loads(sections.SECTIONS["orders"].schema.read_text())).validate(
        section
    )
    Draft202012Validator(json.loads(schema_text(2))).validate(document)
    [publication] = published.versions(world.session)
    assert published.section(world.session, publication, "orders") == section
    assert published.section(world.session, publication, "others") is None
    assert [found.problems for found in snapshots.verify(world.session)] == [()]


def test_a_changed_section_is_found(area: str, world: World) -> None:
    close_and_publish(world, filled_round(world))
    part = SnapshotPart(snapshot_id=1, kind="section", key="forged", payload="{}")
    part.snapshot_id = published.versions(world.session)[0].snapshot_id
    world.session.add(part)
    world.session.flush()
    [found] = snapshots.verify(world.session)
    assert found.problems == ("Der Teil „section forged“ stimmt nicht mit dem Dokument überein.",)


def test_its_chapter_stands_in_paper_workbook_and_files_but_not_in_an_extract(
    area: str, world: World
) -> None:
    document = published.read(close_and_publish(world, filled_round(world)).document)
    whole = report(document)
    assert [chapter.title for chapter in whole.chapters] == ["Aufträge des Rats"]
    assert "Auftrag aus 2026-Q3" in repr(paper.paper(whole).blocks)
    assert [table.key for table in tables(whole)].count("auftraege") == 1
    assert any("auftraege" in name for name, _ in csv_files(whole))
    assert report(document, scope=Scope(frozenset({"1"}))).chapters == ()


def test_switched_off_nothing_is_added_and_the_preview_says_the_same(
    area: str, world: World
) -> None:
    world.session.add(
        SettingValue(
            name="areas_off",
            valid_from=moment("2026-10-01 09:00").date(),
            value=area,
            set_at=moment("2026-10-01 09:00"),
        )
    )
    round_ = filled_round(world)
    now = moment("2026-11-02 09:00")
    shown = preview(
        world.session, concept_id=world.concept_id, period="2026-Q3", instance=INSTANCE, now=now
    )
    assert shown is not None
    assert shown.document["sections"] == {}
    snapshot = close_and_publish(world, round_)
    assert json.loads(snapshot.document)["sections"] == {}
    assert report(published.read(snapshot.document)).chapters == ()
