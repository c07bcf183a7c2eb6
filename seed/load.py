"""Loading the concept and the institutions: idempotent, careful with what was edited since.

What the files no longer name stays in the database: the seed never deletes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from seed.files import (
    DEFAULT_FOLDER,
    ConceptEntry,
    FieldEntry,
    GoalEntry,
    InstitutionEntry,
    MeasureEntry,
    read_files,
)
from seed.upsert import SeedResult, SeedRows
from tracker.concept.models import (
    Concept,
    Edition,
    EditionField,
    EditionGoal,
    EditionMeasure,
    EditionState,
    EditorialNote,
    Field,
    Goal,
    Indicator,
    Institution,
    Measure,
    Principle,
)
from tracker.concept.rules.facts import IndicatorFact


def load(session: Session, *, now: datetime, folder: Path = DEFAULT_FOLDER) -> SeedResult:
    """Bring the database up to the files of `folder` and say what was done.

    Raises SeedFileError (German, with file, line and remedy) before anything is written.
    """
    files = read_files(folder)
    rows = SeedRows(session, now)
    edition = _load_concept(rows, files.concept)
    if edition is not None:
        rows.concept = files.concept.key
        _load_principles(rows, edition, files.concept)
        goals = [goal for field in files.fields for goal in field.goals]
        places = _places(field.code for field in files.fields), _places(goal.code for goal in goals)
        for field in files.fields:
            _load_field(rows, edition, field, places, prioritised=files.concept.prioritised)
    rows.concept = ""
    for institution in files.institutions:
        _load_institution(rows, institution)
    for name, value in files.settings.items():
        rows.begin_with(name, value)
    session.flush()
    return rows.result


def _load_concept(rows: SeedRows, entry: ConceptEntry) -> Edition | None:
    concept = rows.upsert(
        Concept,
        entry.key,
        identity={"key": entry.key},
        values={
            "title": entry.title,
            "city": entry.city,
            "resolved_on": entry.resolved_on,
            "source": entry.source,
        },
    )
    if concept is None:
        return None
    return rows.upsert(
        Edition,
        f"{entry.key}/{entry.edition_number}",
        identity={"concept_id": concept.id, "number": entry.edition_number},
        values={
            "title": entry.edition_title,
            "state": EditionState.ADOPTED,
            "resolved_on": entry.resolved_on,
            "valid_from": entry.valid_from,
        },
    )


def _load_principles(rows: SeedRows, edition: Edition, entry: ConceptEntry) -> None:
    for position, (key, name) in enumerate(entry.principles, start=1):
        rows.upsert(
            Principle,
            key,
            identity={"concept_id": edition.concept_id, "key": key},
            values={"position": position, "name": name},
        )


_Places = tuple[Mapping[str, int], Mapping[str, int]]


def _places(codes: Iterable[str]) -> dict[str, int]:
    """Return where each stands in the whole Fassung: numbers at their own place, in any file.

    So what the files no longer name keeps its place in the database.
    """
    listed = list(codes)
    if all(code.isdecimal() for code in listed):
        return {code: int(code) for code in listed}
    return {code: place for place, code in enumerate(listed, start=1)}


def _load_field(
    rows: SeedRows,
    edition: Edition,
    entry: FieldEntry,
    places: _Places,
    *,
    prioritised: bool,
) -> None:
    """Write a field and what is in it; `places` are those of fields and of goals."""
    field = rows.upsert(
        EditionField,
        f"{edition.number}/{entry.code}",
        identity={"edition_id": edition.id, "code": entry.code},
        values={"position": places[0][entry.code], "name": entry.name},
        lasting=("field_id", lambda: Field(concept_id=edition.concept_id)),
    )
    if field is None:
        return
    for goal in entry.goals:
        place = places[1][goal.code]
        _load_goal(rows, edition, field, goal, position=place, prioritised=prioritised)


def _load_goal(
    rows: SeedRows,
    edition: Edition,
    field: EditionField,
    entry: GoalEntry,
    *,
    position: int,
    prioritised: bool,
) -> None:
    key = f"{edition.number}/{entry.code}"
    goal = rows.upsert(
        EditionGoal,
        key,
        # Known by its number in the whole Fassung: it may move to another Handlungsfeld.
        identity={"edition_id": edition.id, "code": entry.code},
        values={
            "position": position,
            "edition_field_id": field.id,
            "title": entry.title,
            "title_annex2": entry.title_annex2,
        },
        lasting=("goal_id", lambda: Goal(concept_id=edition.concept_id)),
    )
    if goal is None:
        return
    _load_notes(rows, f"goal/{key}", entry.notes, {"edition_goal_id": goal.id})
    for place, measure in enumerate(entry.measures, start=1):
        _load_measure(rows, edition, goal, place, measure, prioritised=prioritised)


def _load_measure(
    rows: SeedRows,
    edition: Edition,
    goal: EditionGoal,
    position: int,
    entry: MeasureEntry,
    *,
    prioritised: bool,
) -> None:
    key = f"{edition.number}/{entry.code}"
    measure = rows.upsert(
        EditionMeasure,
        key,
        identity={"edition_id": edition.id, "code": entry.code},
        values={
            "edition_goal_id": goal.id,
            "position": position,
            "kind": entry.kind,
            "text": entry.text,
            "display_text": entry.display_text,
            "prioritised": prioritised,
        },
        lasting=("measure_id", lambda: Measure(concept_id=edition.concept_id)),
    )
    if measure is None:
        return
    _load_notes(rows, f"measure/{key}", entry.notes, {"edition_measure_id": measure.id})
    for indicator in entry.indicators:
        rows.upsert(
            Indicator,
            indicator.key,
            identity={"concept_id": edition.concept_id, "key": indicator.key},
            values={"measure_id": measure.measure_id} | _without_key(indicator),
        )


def _load_notes(
    rows: SeedRows, key: str, notes: tuple[str, ...], subject: Mapping[str, object]
) -> None:
    for position, text in enumerate(notes, start=1):
        rows.upsert(
            EditorialNote,
            f"{key}/{position}",
            identity={**subject, "position": position},
            values={"text": text},
        )


def _load_institution(rows: SeedRows, entry: InstitutionEntry) -> None:
    rows.upsert(Institution, entry.key, identity={"key": entry.key}, values=_without_key(entry))


def _without_key(entry: IndicatorFact | InstitutionEntry) -> dict[str, object]:
    return {name: value for name, value in asdict(entry).items() if name != "key"}
