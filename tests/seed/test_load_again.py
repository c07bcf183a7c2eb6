"""Loading the seed again: twice is nothing, and nobody's edit is lost.

The first load is made once for each database; each test has it in a savepoint of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine
from sqlmodel import Session, SQLModel, col, select

from seed.load import load
from seed.upsert import SeedResult
from tests.conftest import NOW
from tests.seed.rows import count, edit, institution, measure
from tests.seed.test_load import TABLES
from tracker.concept.models import (
    EditionField,
    EditionGoal,
    EditorialNote,
    Goal,
    Indicator,
    Institution,
    InstitutionKind,
    Measure,
    MeasureKind,
)
from tracker.concept.queries.concept import read_concept
from tracker.concept.rules.facts import ZiffFiveFact
from tracker.core.models import AuditEvent, SeedRecord

Loaded = tuple[Connection, SeedResult]
# For tests whose claim is no matter of the database, beside others of their kind on both.
one_database = pytest.mark.parametrize("loaded", ["on_sqlite"], indirect=True)


@contextmanager
def loaded_once(engine: Engine) -> Iterator[Loaded]:
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            result = load(session, now=NOW)
            session.commit()
        yield connection, result
        outer.rollback()


@pytest.fixture(scope="module")
def on_sqlite(sqlite_engine: Engine) -> Iterator[Loaded]:
    with loaded_once(sqlite_engine) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def on_postgresql(postgresql_engine: Engine) -> Iterator[Loaded]:
    with loaded_once(postgresql_engine) as loaded:
        yield loaded


@pytest.fixture(params=["on_sqlite", "on_postgresql"])
def loaded(request: pytest.FixtureRequest) -> Loaded:
    """Each of the two in turn."""
    found: Loaded = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def first(loaded: Loaded) -> SeedResult:
    """What the first load has done."""
    return loaded[1]


@pytest.fixture
def session(loaded: Loaded) -> Iterator[Session]:
    connection, _ = loaded
    savepoint = connection.begin_nested()
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        yield session
    savepoint.rollback()


def content(session: Session) -> list[object]:
    models: list[type[SQLModel]] = [*TABLES, EditorialNote, SeedRecord, AuditEvent]
    return [
        sorted((row.model_dump() for row in session.exec(select(model))), key=lambda row: row["id"])
        for model in models
    ]


def test_the_second_load_changes_nothing_and_leaves_no_audit_line(
    session: Session, now: datetime, first: SeedResult
) -> None:
    before = content(session)
    second = load(session, now=now)
    session.commit()
    assert second == SeedResult(created=0, changed=0, unchanged=first.created, kept=())
    assert content(session) == before


@one_database
def test_what_the_resolution_does_not_name_starts_undetermined(
    session: Session, now: datetime
) -> None:
    for row in read_concept(session, day=now.date()).measures:
        assert (row.ziff5, row.retired_on) == (ZiffFiveFact(), None)
        assert row.principles == ()


@one_database
def test_values_arrive_as_the_files_say_them(session: Session, now: datetime) -> None:
    assert measure(session, "11.3").text == "Installierung von Bewohnerräten ."
    assert measure(session, "11.3").display_text == "Installierung von Bewohnerräten."
    assert measure(session, "7.1").kind is MeasureKind.REFERENCE
    assert institution(session, "rege").kind is InstitutionKind.SUBSIDIARY
    trigger = session.exec(select(Indicator).where(Indicator.key == "anteil-gruppe")).one()
    assert (trigger.operator, trigger.target, trigger.unit) == (">", Decimal(50), "%")


@one_database
def test_every_created_row_has_one_audit_line_without_an_actor(
    session: Session, now: datetime, first: SeedResult
) -> None:
    events = session.exec(select(AuditEvent)).all()
    assert len(events) == first.created
    assert {(event.actor_id, event.at) for event in events} == {(None, now)}


def test_a_changed_file_changes_the_row_and_leaves_one_audit_line(
    session: Session, now: datetime, folder: Path
) -> None:
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
    row = institution(session, "volkshochschule")
    row.short_name = "VHS Ravensberg"
    load(session, now=now, folder=folder)
    row.short_name = "VHS"
    edit(folder, "institutions.yaml", "short_name: VHS", "short_name: Volkshochschule")
    load(session, now=now, folder=folder)
    assert institution(session, "volkshochschule").short_name == "Volkshochschule"


@one_database
def test_what_the_files_no_longer_name_stays_in_the_database(
    session: Session, now: datetime, folder: Path
) -> None:
    (folder / "fields" / "02-schule.yaml").unlink()
    result = load(session, now=now, folder=folder)
    assert (result.created, result.changed) == (0, 0)
    assert count(session, Measure) == 58


def test_a_row_that_somebody_removed_does_not_come_back(session: Session, now: datetime) -> None:
    session.delete(institution(session, "ibz"))
    result = load(session, now=now)
    assert count(session, Institution) == 24
    assert result.kept == ("institution ibz: entfernt",)


@one_database
def test_a_new_entry_in_a_file_is_added(session: Session, now: datetime, folder: Path) -> None:
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
    school = folder / "fields" / "02-schule.yaml"
    training = folder / "fields" / "03-ausbildung.yaml"
    goal = school.read_text(encoding="utf-8").split("\ngoals:\n")[1]
    training.write_text(training.read_text(encoding="utf-8") + goal, encoding="utf-8")
    school.unlink()
    load(session, now=now, folder=folder)
    assert count(session, Goal) == count(session, EditionGoal) == 16
    of_goal = select(EditionField).join(EditionGoal).where(EditionGoal.code == "4")
    field = session.exec(of_goal).one()
    assert field.name == "Ausbildung"
