"""The first load of the seed is complete, or nothing at all."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel, select

from seed.files import read_files
from seed.load import load
from seed.nodes import SeedFileError
from seed.upsert import SeedResult
from tests.seed.rows import count, edit, institution
from tracker.concept.models import (
    Concept,
    Edition,
    EditionField,
    EditionGoal,
    EditionMeasure,
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
from tracker.core.configured import configured
from tracker.core.models import SettingValue
from tracker.core.settings import Settings

TABLES: dict[type[SQLModel], int] = {
    Concept: 1,
    Edition: 1,
    Principle: 4,
    Field: 9,
    EditionField: 9,
    Goal: 16,
    EditionGoal: 16,
    Measure: 58,
    EditionMeasure: 58,
    Indicator: 5,
    Institution: 25,
    Responsibility: 0,
    SettingValue: 14,
}


def test_a_fresh_database_gets_the_whole_concept_and_the_25_institutions(
    session: Session, now: datetime
) -> None:
    result = load(session, now=now)
    assert {model: count(session, model) for model in TABLES} == TABLES
    reportable = select(EditionMeasure).where(EditionMeasure.kind == MeasureKind.MEASURE)
    assert len(session.exec(reportable).all()) == 57
    assert result == SeedResult(created=result.created, changed=0, unchanged=0, kept=())
    # What lasts comes with what the Fassung says of it.
    from_files = sum(TABLES.values()) - sum(TABLES[model] for model in (Field, Goal, Measure))
    assert result.created == from_files + count(session, EditorialNote)


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


def test_a_broken_file_leaves_the_database_as_it_was(
    session: Session, now: datetime, folder: Path
) -> None:
    edit(folder, "institutions.yaml", "key: rege", "key: awo")
    with pytest.raises(SeedFileError, match=r"institutions\.yaml, Zeile \d+: .* doppelt"):
        load(session, now=now, folder=folder)
    assert count(session, Concept) == count(session, Institution) == 0


def test_a_changed_beginning_is_noted_and_what_the_ki_set_goes_before_it(
    session: Session, folder: Path, now: datetime
) -> None:
    load(session, now=now, folder=folder)
    session.add(SettingValue(name="city", valid_from=now.date(), value="Stadt der KI", set_at=now))
    file = folder / "settings.yaml"
    file.write_text(file.read_text("utf-8").replace("Stadt Bielefeld", "Musterstadt"), "utf-8")
    result = load(session, now=now, folder=folder)
    assert (result.created, result.changed, result.kept) == (0, 1, ())
    before, today = (
        configured(session.connection(), Settings(), day=day).city
        for day in (now.date() - timedelta(days=1), now.date())
    )
    assert (before, today) == ("Musterstadt", "Stadt der KI")


@pytest.mark.parametrize("line", ["stadt: Musterstadt", 'due_day: "40"', "secret_key: offen"])
def test_a_setting_that_cannot_be_set_is_named_with_its_line(folder: Path, line: str) -> None:
    (folder / "settings.yaml").write_text(f"city: Musterstadt\n{line}\n", "utf-8")
    with pytest.raises(SeedFileError, match="Zeile 2"):
        read_files(folder)


def test_files_without_settings_begin_with_none(folder: Path) -> None:
    (folder / "settings.yaml").unlink()
    assert read_files(folder).settings == {}
