"""The concept's Fassung as a publication records it: texts, Ziff. 5, indicators, responsibilities.

Unlike `concept_export`, which prints the concept of today, this is the Fassung of a round with
the responsibilities of the day on which its expected set was frozen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Row, or_, select
from sqlmodel import Session, col

from tracker.concept.models import (
    EditorialNote,
    Field,
    Goal,
    Indicator,
    Institution,
    Measure,
    MeasureKind,
    MeasurePrinciple,
    Principle,
    Responsibility,
    ResponsibilityRole,
)
from tracker.publication.rules.facts import (
    ConcretisationFact,
    FieldFact,
    GoalFact,
    IndicatorFact,
    InstitutionFact,
    MeasureFact,
    ReportFact,
    ZiffFiveFact,
)

MeasureWith = Callable[[ReportFact | None], MeasureFact]


@dataclass(frozen=True)
class ConceptRows:
    """The Fassung; a measure comes as id, what makes it with its report, and whether retired."""

    principles: tuple[tuple[str, str], ...]
    institutions: tuple[InstitutionFact, ...]
    institutions_by_id: dict[int, InstitutionFact]
    fields: tuple[FieldFact, ...]
    goals: tuple[GoalFact, ...]
    measures: tuple[tuple[int, MeasureWith, bool], ...]


def read_concept(session: Session, *, edition_id: int, opened_on: date, as_of: date) -> ConceptRows:
    """Return the Fassung with the responsibilities of `opened_on`; `as_of` is the Stichtag."""
    institutions, active = _institutions(session)
    fields = session.execute(
        select(col(Field.id), col(Field.position), col(Field.name))
        .where(col(Field.edition_id) == edition_id)
        .order_by(col(Field.position))
    ).all()
    positions = {row.id: row.position for row in fields}
    principles = session.execute(
        select(col(Principle.id), col(Principle.key), col(Principle.name)).order_by(
            col(Principle.position)
        )
    ).all()
    goals = _goals(session, edition_id)
    notes = _notes(session)
    return ConceptRows(
        principles=tuple((row.key, row.name) for row in principles),
        institutions=tuple(active),
        institutions_by_id=institutions,
        fields=tuple(FieldFact(row.position, row.name) for row in fields),
        goals=tuple(_goal(row, positions[row.field_id], notes["goal", row.id]) for row in goals),
        measures=_measures(
            session,
            edition_id=edition_id,
            places={row.id: (positions[row.field_id], row.number) for row in goals},
            notes=notes,
            responsible=_responsible(session, opened_on, institutions),
            as_of=as_of,
        ),
    )


def _institutions(session: Session) -> tuple[dict[int, InstitutionFact], list[InstitutionFact]]:
    rows = session.execute(
        select(
            col(Institution.id),
            col(Institution.key),
            col(Institution.name),
            col(Institution.short_name),
            col(Institution.kind),
            col(Institution.is_active),
        )
    ).all()
    facts = {
        row.id: InstitutionFact(row.key, row.name, row.short_name, row.kind.value) for row in rows
    }
    return facts, [facts[row.id] for row in rows if row.is_active]


def _goals(session: Session, edition_id: int) -> list[Row[Any]]:
    statement = (
        select(*Goal.__table__.columns)  # type: ignore[attr-defined]
        .join(Field, col(Field.id) == col(Goal.field_id))
        .where(col(Field.edition_id) == edition_id)
        .order_by(col(Field.position), col(Goal.number))
    )
    return list(session.execute(statement))


def _goal(row: Row[Any], field: int, notes: tuple[str, ...]) -> GoalFact:
    return GoalFact(
        number=row.number,
        field=field,
        title=row.title,
        title_annex2=row.title_annex2,
        notes=notes,
        concretisation=_concretisation(row),
    )


def _measures(
    session: Session,
    *,
    edition_id: int,
    places: dict[int, tuple[int, int]],
    notes: defaultdict[tuple[str, int], tuple[str, ...]],
    responsible: defaultdict[tuple[int, ResponsibilityRole], tuple[InstitutionFact, ...]],
    as_of: date,
) -> tuple[tuple[int, MeasureWith, bool], ...]:
    indicators = _indicators(session, edition_id)
    tags = _tags(session)
    statement = (
        select(*Measure.__table__.columns)  # type: ignore[attr-defined]
        .join(Goal, col(Goal.id) == col(Measure.goal_id))
        .join(Field, col(Field.id) == col(Goal.field_id))
        .where(col(Field.edition_id) == edition_id)
        .order_by(col(Field.position), col(Goal.number), col(Measure.position))
    )
    return tuple(
        (
            row.id,
            partial(
                _measure,
                row,
                place=places[row.goal_id],
                notes=notes["measure", row.id],
                principles=tags[row.id],
                lead=next(iter(responsible[row.id, ResponsibilityRole.LEAD]), None),
                partners=responsible[row.id, ResponsibilityRole.PARTNER],
                indicators=indicators[row.id],
            ),
            row.retired_on is not None and row.retired_on <= as_of,
        )
        for row in session.execute(statement)
    )


def _measure(
    row: Row[Any],
    report: ReportFact | None,
    *,
    place: tuple[int, int],
    lead: InstitutionFact | None,
    **others: Any,
) -> MeasureFact:
    return MeasureFact(
        code=row.code,
        field=place[0],
        goal=place[1],
        kind=row.kind.value,
        reportable=row.kind is MeasureKind.MEASURE,
        text=row.text,
        display_text=row.display_text,
        prioritised=row.prioritised,
        weight=row.weight,
        # The lead that the round froze, whatever was assigned since.
        lead=report.institution if report is not None else lead,
        ziff5=ZiffFiveFact(
            competence=row.competence.value if row.competence else None,
            competence_reason=row.competence_reason,
            short_term=row.short_term.value if row.short_term else None,
            concretisation=_concretisation(row),
            municipal_funding=row.municipal_funding,
            municipal_funding_period=row.municipal_funding_period,
        ),
        report=report,
        **others,
    )


def _concretisation(row: Row[Any]) -> ConcretisationFact:
    return ConcretisationFact(row.concretisation, row.concretisation_office, row.concretisation_on)


def _notes(session: Session) -> defaultdict[tuple[str, int], tuple[str, ...]]:
    found: defaultdict[tuple[str, int], tuple[str, ...]] = defaultdict(tuple)
    statement = select(
        col(EditorialNote.goal_id), col(EditorialNote.measure_id), col(EditorialNote.text)
    ).order_by(col(EditorialNote.position), col(EditorialNote.id))
    for row in session.execute(statement):
        key = ("measure", row.measure_id) if row.goal_id is None else ("goal", row.goal_id)
        found[key] = (*found[key], row.text)
    return found


def _indicators(session: Session, edition_id: int) -> defaultdict[int, tuple[IndicatorFact, ...]]:
    found: defaultdict[int, tuple[IndicatorFact, ...]] = defaultdict(tuple)
    statement = (
        select(*Indicator.__table__.columns)  # type: ignore[attr-defined]
        .join(Measure, col(Measure.id) == col(Indicator.measure_id))
        .join(Goal, col(Goal.id) == col(Measure.goal_id))
        .join(Field, col(Field.id) == col(Goal.field_id))
        .where(col(Field.edition_id) == edition_id)
        .order_by(col(Indicator.id))
    )
    for row in session.execute(statement):
        fact = IndicatorFact(
            key=row.key,
            name=row.name,
            kind=row.kind.value,
            operator=row.operator,
            target=row.target,
            unit=row.unit,
            per_year=row.per_year,
            note=row.note,
        )
        found[row.measure_id] = (*found[row.measure_id], fact)
    return found


def _tags(session: Session) -> defaultdict[int, tuple[str, ...]]:
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    statement = (
        select(col(MeasurePrinciple.measure_id), col(Principle.key))
        .join(Principle, col(Principle.id) == col(MeasurePrinciple.principle_id))
        .order_by(col(Principle.position))
    )
    for row in session.execute(statement):
        found[row.measure_id] = (*found[row.measure_id], row.key)
    return found


def _responsible(
    session: Session, day: date, institutions: dict[int, InstitutionFact]
) -> defaultdict[tuple[int, ResponsibilityRole], tuple[InstitutionFact, ...]]:
    found: defaultdict[tuple[int, ResponsibilityRole], tuple[InstitutionFact, ...]] = defaultdict(
        tuple
    )
    statement = (
        select(
            col(Responsibility.measure_id),
            col(Responsibility.role),
            col(Responsibility.institution_id),
        )
        .join(Institution, col(Institution.id) == col(Responsibility.institution_id))
        .where(
            col(Responsibility.valid_from) <= day,
            or_(col(Responsibility.valid_to).is_(None), col(Responsibility.valid_to) >= day),
        )
        .order_by(col(Institution.key))
    )
    for row in session.execute(statement):
        key = (row.measure_id, row.role)
        found[key] = (*found[key], institutions[row.institution_id])
    return found
