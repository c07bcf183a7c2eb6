"""Loading the seed: once is complete, twice is nothing, and nobody's edit is lost."""

import shutil
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel, col, func, select

from seed.files import DEFAULT_FOLDER
from seed.load import load
from seed.nodes import SeedFileError
from seed.upsert import SeedResult
from tests.conftest import one_database
from tracker.concept.models import (
    Concept,
    Edition,
    EditorialNote,
    Field,
    Goal,
    Indicator,
    Institution,
    InstitutionKind,
    Measure,
    MeasureKind,
    Principle,
    Responsibility,
)
from tracker.core.models import AuditEvent, SeedRecord

TABLES: dict[type[SQLModel], int] = {
    Concept: 1,
    Edition: 1,
    Principle: 4,
    Field: 9,
    Goal: 16,
    Measure: 58,
    Indicator: 5,
    Institution: 25,
    Responsibility: 0,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(DEFAULT_FOLDER, copy)
    return copy


def edit(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / name
    content = file.read_text(encoding="utf-8")
    assert content.count(old) == 1
    file.write_text(content.replace(old, new), encoding="utf-8")


def count(session: Session, model: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(model)).one()


def measure(session: Session, code: str) -> Measure:
    return session.exec(select(Measure).where(Measure.code == code)).one()


def institution(session: Session, key: str) -> Institution:
    return session.exec(select(Institution).where(Institution.key == key)).one()


def content(session: Session) -> list[object]:
    models: list[type[SQLModel]] = [*TABLES, EditorialNote, SeedRecord, AuditEvent]
    return [
        sorted((row.model_dump() for row in session.exec(select(model))), key=lambda row: row["id"])
        for model in models
    ]


def test_a_fresh_database_gets_the_whole_concept_and_the_25_institutions(
    session: Session, now: datetime
) -> None:
    result = load(session, now=now)
    assert {model: count(session, model) for model in TABLES} == TABLES
    reportable = session.exec(select(Measure).where(Measure.kind == MeasureKind.MEASURE)).all()
    assert len(reportable) == 57
    assert result == SeedResult(created=result.created, changed=0, unchanged=0, kept=())
    assert result.created == sum(TABLES.values()) + count(session, EditorialNote)


def test_the_second_load_changes_nothing_and_leaves_no_audit_line(
    session: Session, now: datetime
) -> None:
    first = load(session, now=now)
    session.commit()
    before = content(session)
    second = load(session, now=now)
    session.commit()
    assert second == SeedResult(created=0, changed=0, unchanged=first.created, kept=())
    assert content(session) == before


@one_database
def test_what_the_resolution_does_not_name_starts_undetermined(
    session: Session, now: datetime
) -> None:
    load(session, now=now)
    undetermined = (None, None, None, None, "", "", None, "", "")
    for row in session.exec(select(Measure)):
        assert (
            row.competence,
            row.short_term,
            row.municipal_funding,
            row.concretisation_on,
            row.concretisation,
            row.competence_reason,
            row.retired_on,
            row.concretisation_office,
            row.municipal_funding_period,
        ) == undetermined
        assert row.prioritised


@one_database
def test_values_arrive_as_the_files_say_them(session: Session, now: datetime) -> None:
    load(session, now=now)
    assert measure(session, "11.3").text == "Installierung von Bewohnerräten ."
    assert measure(session, "11.3").display_text == "Installierung von Bewohnerräten."
    assert measure(session, "7.1").kind is MeasureKind.REFERENCE
    assert institution(session, "rege").kind is InstitutionKind.SUBSIDIARY
    trigger = session.exec(select(Indicator).where(Indicator.key == "anteil-gruppe")).one()
    assert (trigger.operator, trigger.target, trigger.unit) == (">", Decimal(50), "%")


@one_database
def test_every_created_row_has_one_audit_line_without_an_actor(
    session: Session, now: datetime
) -> None:
    result = load(session, now=now)
    events = session.exec(select(AuditEvent)).all()
    assert len(events) == result.created
    assert {(event.actor_id, event.at) for event in events} == {(None, now)}


def test_a_changed_file_changes_the_row_and_leaves_one_audit_line(
    session: Session, now: datetime, folder: Path
) -> None:
    load(session, now=now, folder=folder)
    lines = count(session, AuditEvent)
    edit(folder, "institutions.yaml", "short_name: VHS", "short_name: Volkshochschule")
    result = load(session, now=now, folder=folder)
    assert (result.created, result.changed, result.kept) == (0, 1, ())
    assert institution(session, "volkshochschule").short_name == "Volkshochschule"
    assert count(session, AuditEvent) == lines + 1
    event = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
    assert event is not None
    assert (event.before, event.after) == (
        {"short_name": "VHS"},
        {"short_name": "Volkshochschule"},
    )


def test_an_edited_column_is_kept_and_its_neighbour_still_follows_the_file(
    session: Session, now: datetime, folder: Path
) -> None:
    load(session, now=now, folder=folder)
    institution(session, "volkshochschule").short_name = "VHS Ravensberg"
    edit(folder, "institutions.yaml", "short_name: VHS", "short_name: Volkshochschule")
    edit(folder, "institutions.yaml", "Volkshochschule Bielefeld (VHS)", "VHS Bielefeld")
    result = load(session, now=now, folder=folder)
    row = institution(session, "volkshochschule")
    assert (row.short_name, row.name) == ("VHS Ravensberg", "VHS Bielefeld")
    assert result.kept == ("institution volkshochschule: short_name",)
    again = load(session, now=now, folder=folder)
    assert (again.created, again.changed, again.kept) == (0, 0, result.kept)


@one_database
def test_an_edit_that_is_taken_back_lets_the_file_lead_again(
    session: Session, now: datetime, folder: Path
) -> None:
    load(session, now=now, folder=folder)
    row = institution(session, "volkshochschule")
    row.short_name = "VHS Ravensberg"
    load(session, now=now, folder=folder)
    row.short_name = "VHS"
    edit(folder, "institutions.yaml", "short_name: VHS", "short_name: Volkshochschule")
    load(session, now=now, folder=folder)
    assert institution(session, "volkshochschule").short_name == "Volkshochschule"


def test_a_row_that_the_seed_did_not_write_is_never_overwritten(
    session: Session, now: datetime
) -> None:
    session.add(
        Institution(key="ibz", name="IBZ e. V.", short_name="IBZ", kind=InstitutionKind.WELFARE)
    )
    result = load(session, now=now)
    row = institution(session, "ibz")
    assert (row.name, row.kind) == ("IBZ e. V.", InstitutionKind.WELFARE)
    assert "institution ibz: name" in result.kept


@one_database
def test_what_the_files_no_longer_name_stays_in_the_database(
    session: Session, now: datetime, folder: Path
) -> None:
    load(session, now=now, folder=folder)
    (folder / "fields" / "02-schule.yaml").unlink()
    result = load(session, now=now, folder=folder)
    assert (result.created, result.changed) == (0, 0)
    assert count(session, Measure) == 58


def test_a_row_that_somebody_removed_does_not_come_back(session: Session, now: datetime) -> None:
    load(session, now=now)
    session.delete(institution(session, "ibz"))
    result = load(session, now=now)
    assert count(session, Institution) == 24
    assert result.kept == ("institution ibz: entfernt",)


@one_database
def test_a_new_entry_in_a_file_is_added(session: Session, now: datetime, folder: Path) -> None:
    load(session, now=now, folder=folder)
    file = folder / "fields" / "02-schule.yaml"
    addition = '\n      - code: "4.5"\n        text: Elternbegleitung in der Schule.\n'
    file.write_text(file.read_text(encoding="utf-8") + addition, encoding="utf-8")
    result = load(session, now=now, folder=folder)
    assert (result.created, result.changed) == (1, 0)
    assert measure(session, "4.5").position == 5


@one_database
def test_a_goal_that_moves_to_another_field_is_moved_not_doubled(
    session: Session, now: datetime, folder: Path
) -> None:
    load(session, now=now, folder=folder)
    school = folder / "fields" / "02-schule.yaml"
    training = folder / "fields" / "03-ausbildung.yaml"
    goal = school.read_text(encoding="utf-8").split("\ngoals:\n")[1]
    training.write_text(training.read_text(encoding="utf-8") + goal, encoding="utf-8")
    school.unlink()
    load(session, now=now, folder=folder)
    assert count(session, Goal) == 16
    field = session.exec(select(Field).join(Goal).where(Goal.number == 4)).one()
    assert field.name == "Ausbildung"


def test_a_broken_file_leaves_the_database_as_it_was(
    session: Session, now: datetime, folder: Path
) -> None:
    edit(folder, "institutions.yaml", "key: rege", "key: awo")
    with pytest.raises(SeedFileError, match=r"institutions\.yaml, Zeile \d+: .* doppelt"):
        load(session, now=now, folder=folder)
    assert count(session, Concept) == count(session, Institution) == 0
