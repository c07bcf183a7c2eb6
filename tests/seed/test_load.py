"""The first load of the seed is complete, or nothing at all."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel, select

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
