"""Reading one measure and one goal of the concept for their pages.

The number of statements does not grow with the number of measures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from tracker.concept.models import (
    Competence,
    EditorialNote,
    Field,
    Goal,
    Indicator,
    IndicatorKind,
    Measure,
    MeasureKind,
    MeasurePrinciple,
    Principle,
    ShortTerm,
)
from tracker.concept.queries.concept_tree import measures_of
from tracker.concept.queries.responsibility_list import Assigned, assigned_to


@dataclass(frozen=True)
class PrincipleChoice:
    """A Grundsatz of the Leitbild, and whether the measure is tagged with it."""

    id: int
    name: str
    chosen: bool


@dataclass(frozen=True)
class IndicatorRow:
    """A Kennzahl of a measure."""

    name: str
    kind: IndicatorKind
    operator: str
    target: Decimal
    unit: str
    per_year: bool
    note: str


@dataclass(frozen=True)
class Neighbour:
    """The measure before or after."""

    code: str
    display_text: str


@dataclass(frozen=True)
class MeasureFile:
    """Everything the concept says about one measure."""

    id: int
    code: str
    kind: MeasureKind
    text: str
    display_text: str
    prioritised: bool
    competence: Competence | None
    competence_reason: str
    short_term: ShortTerm | None
    concretisation: str
    concretisation_office: str
    concretisation_on: date | None
    municipal_funding: Decimal | None
    municipal_funding_period: str
    retired_on: date | None
    goal_number: int
    goal_title: str
    field_name: str
    notes: tuple[str, ...]
    principles: tuple[PrincipleChoice, ...]
    indicators: tuple[IndicatorRow, ...]
    responsibilities: tuple[Assigned, ...]
    before: Neighbour | None
    after: Neighbour | None


@dataclass(frozen=True)
class GoalFile:
    """One goal with its Konkretisierung."""

    id: int
    number: int
    title: str
    title_annex2: str
    field_name: str
    concretisation: str
    concretisation_office: str
    concretisation_on: date | None
    notes: tuple[str, ...]


def measure_file(session: Session, *, edition_id: int, code: str) -> MeasureFile | None:
    """Return one measure of a Fassung, None when there is no such code."""
    statement = measures_of(edition_id).add_columns(
        col(Measure.prioritised),
        col(Measure.competence),
        col(Measure.competence_reason),
        col(Measure.short_term),
        col(Measure.concretisation),
        col(Measure.concretisation_office),
        col(Measure.concretisation_on),
        col(Measure.municipal_funding),
        col(Measure.municipal_funding_period),
        col(Goal.number).label("goal_number"),
        col(Goal.title).label("goal_title"),
        col(Field.name).label("field_name"),
    )
    row: Any = (
        session.connection().execute(statement.where(col(Measure.code) == code)).one_or_none()
    )
    if row is None:
        return None
    values = {key: value for key, value in row._asdict().items() if key != "goal_id"}
    before, after = _neighbours(session, edition_id, code)
    return MeasureFile(
        **values,
        notes=_notes_of(session, col(EditorialNote.measure_id) == row.id),
        principles=_principles(session, row.id),
        indicators=_indicators(session, row.id),
        responsibilities=assigned_to(session, measure_ids=[row.id]).get(row.id, ()),
        before=before,
        after=after,
    )


def goal_file(session: Session, *, edition_id: int, number: int) -> GoalFile | None:
    """Return one goal of a Fassung, None when there is no such number."""
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(Goal.id),
            col(Goal.number),
            col(Goal.title),
            col(Goal.title_annex2),
            col(Field.name).label("field_name"),
            col(Goal.concretisation),
            col(Goal.concretisation_office),
            col(Goal.concretisation_on),
        )
        .join(Field, col(Field.id) == col(Goal.field_id))
        .where(col(Field.edition_id) == edition_id, col(Goal.number) == number)
    )
    row: Any = session.connection().execute(statement).one_or_none()
    if row is None:
        return None
    notes = _notes_of(session, col(EditorialNote.goal_id) == row.id)
    return GoalFile(**row._asdict(), notes=notes)


def _notes_of(session: Session, condition: Any) -> tuple[str, ...]:
    statement = (
        select(col(EditorialNote.text)).where(condition).order_by(col(EditorialNote.position))
    )
    return tuple(session.connection().execute(statement).scalars())


def _principles(session: Session, measure_id: int) -> tuple[PrincipleChoice, ...]:
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(Principle.id), col(Principle.name), col(MeasurePrinciple.measure_id).is_not(None)
        )
        .outerjoin(
            MeasurePrinciple,
            (col(MeasurePrinciple.principle_id) == col(Principle.id))
            & (col(MeasurePrinciple.measure_id) == measure_id),
        )
        .order_by(col(Principle.position))
    )
    rows: Iterable[Any] = session.connection().execute(statement)
    return tuple(PrincipleChoice(*row) for row in rows)


def _indicators(session: Session, measure_id: int) -> tuple[IndicatorRow, ...]:
    statement = (
        select(
            col(Indicator.name),
            col(Indicator.kind),
            col(Indicator.operator),
            col(Indicator.target),
            col(Indicator.unit),
            col(Indicator.per_year),
            col(Indicator.note),
        )
        .where(col(Indicator.measure_id) == measure_id)
        .order_by(col(Indicator.id))
    )
    return tuple(IndicatorRow(*row) for row in session.connection().execute(statement))


def _neighbours(
    session: Session, edition_id: int, code: str
) -> tuple[Neighbour | None, Neighbour | None]:
    rows = session.connection().execute(measures_of(edition_id)).all()
    found = [Neighbour(row.code, row.display_text) for row in rows]
    place = next(index for index, item in enumerate(found) if item.code == code)
    before = found[place - 1] if place > 0 else None
    return before, found[place + 1] if place + 1 < len(found) else None
