"""Reading the concept: a Fassung with everything it holds, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlmodel import Session, SQLModel, col

from tracker.concept.models import (
    Concept,
    Edition,
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
from tracker.concept.rules.facts import (
    Assignment,
    ConceptEdition,
    ConceptMeasure,
    ConcretisationFact,
    EditionHead,
    FieldFact,
    GoalFact,
    IndicatorFact,
    InstitutionFact,
    MeasureToReport,
    PrincipleFact,
    ZiffFiveFact,
)
from tracker.core.columns import columns
from tracker.core.errors import NotFound

NO_CONCEPT = (
    "Es ist noch kein Integrationskonzept geladen. Die Betriebsstelle lädt es mit „tracker seed“."
)


def edition_head(session: Session, *, edition_id: int | None = None) -> EditionHead | None:
    """Return a Fassung, without `edition_id` the newest; None where there is none."""
    statement: Select[*tuple[Any, ...]] = (
        select(
            *columns(Concept.id, Edition.id, Concept.key, Concept.title, Concept.city),
            *columns(Concept.resolved_on, Concept.source, Edition.number, Edition.title),
            *columns(Edition.valid_from, Edition.valid_to),
        )
        .join(Edition, col(Edition.concept_id) == col(Concept.id))
        .order_by(col(Edition.valid_from).desc(), col(Edition.number).desc())
        .limit(1)
    )
    if edition_id is not None:
        statement = statement.where(col(Edition.id) == edition_id)
    row = session.execute(statement).one_or_none()
    return None if row is None else EditionHead(*row)


def current_edition(session: Session, *, edition_id: int | None = None) -> EditionHead:
    """Return a Fassung, without `edition_id` the newest; raises NotFound where there is none."""
    edition = edition_head(session, edition_id=edition_id)
    if edition is None:
        raise NotFound(NO_CONCEPT)
    return edition


def read_concept(session: Session, *, day: date, edition_id: int | None = None) -> ConceptEdition:
    """Return a Fassung, without `edition_id` the newest, with everything it holds.

    Nine statements, however many measures there are. Raises NotFound where nothing was seeded.
    """
    edition = current_edition(session, edition_id=edition_id)
    notes = _notes(session)
    institutions = session.execute(select(*_columns(Institution))).all()
    by_id = {
        row.id: InstitutionFact(row.key, row.name, row.short_name, row.kind.value)
        for row in institutions
    }
    principles = select(col(Principle.id), col(Principle.key), col(Principle.name)).where(
        col(Principle.concept_id) == edition.concept_id
    )
    fields = (
        select(col(Field.position), col(Field.name))
        .where(col(Field.edition_id) == edition.edition_id)
        .order_by(col(Field.position))
    )
    return ConceptEdition(
        day=day,
        edition=edition,
        principles=tuple(
            PrincipleFact(*row)
            for row in session.execute(principles.order_by(col(Principle.position)))
        ),
        institutions=by_id,
        active_institutions=tuple(by_id[row.id] for row in institutions if row.is_active),
        fields=tuple(FieldFact(*row) for row in session.execute(fields)),
        goals=tuple(
            GoalFact(
                id=row.id,
                number=row.number,
                field=row.field_position,
                title=row.title,
                title_annex2=row.title_annex2,
                notes=notes["goal", row.id],
                concretisation=_concretisation(row),
            )
            for row in session.execute(_goals(edition.edition_id))
        ),
        measures=_measures(session, edition.edition_id, by_id, notes),
    )


def measures_to_report(
    session: Session, *, edition_id: int, day: date
) -> tuple[MeasureToReport, ...]:
    """Return the measures to report on (no cross references, none retired) and who leads them."""
    statement = (
        select(
            *columns(Measure.id, Measure.code, Measure.display_text, Responsibility.institution_id)
        )
        .join(Goal, col(Goal.id) == col(Measure.goal_id))
        .join(Field, col(Field.id) == col(Goal.field_id))
        .outerjoin(
            Responsibility,
            and_(
                col(Responsibility.measure_id) == col(Measure.id),
                col(Responsibility.role) == ResponsibilityRole.LEAD,
                holds_on(day),
            ),
        )
        .where(
            col(Field.edition_id) == edition_id,
            col(Measure.kind) == MeasureKind.MEASURE,
            or_(col(Measure.retired_on).is_(None), col(Measure.retired_on) > day),
        )
        .order_by(col(Field.position), col(Goal.number), col(Measure.position))
    )
    return tuple(MeasureToReport(*row) for row in session.execute(statement))


def holds_on(day: date) -> ColumnElement[bool]:
    """Return the condition that a responsibility holds on a day, both ends inclusive."""
    return and_(
        col(Responsibility.valid_from) <= day,
        or_(col(Responsibility.valid_to).is_(None), col(Responsibility.valid_to) >= day),
    )


def indicators_of(
    session: Session, *, measure_ids: Collection[int] | None = None
) -> defaultdict[int, tuple[IndicatorFact, ...]]:
    """Return the Kennzahlen by measure; None asks for every measure."""
    statement = select(*_columns(Indicator)).order_by(col(Indicator.id))
    if measure_ids is not None:
        statement = statement.where(col(Indicator.measure_id).in_(measure_ids))
    indicators: defaultdict[int, tuple[IndicatorFact, ...]] = defaultdict(tuple)
    for row in session.execute(statement):
        indicators[row.measure_id] += (
            IndicatorFact(
                key=row.key,
                name=row.name,
                kind=row.kind.value,
                operator=row.operator,
                target=row.target,
                unit=row.unit,
                per_year=row.per_year,
                note=row.note,
            ),
        )
    return indicators


def _columns(model: type[SQLModel]) -> Any:
    return model.__table__.columns  # type: ignore[attr-defined]  # SQLModel declares no __table__


def _goals(edition_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(*_columns(Goal), col(Field.position).label("field_position"))
        .join(Field, col(Field.id) == col(Goal.field_id))
        .where(col(Field.edition_id) == edition_id)
        .order_by(col(Field.position), col(Goal.number))
    )


def _measures(
    session: Session,
    edition_id: int,
    institutions: Mapping[int, InstitutionFact],
    notes: Mapping[tuple[str, int], tuple[str, ...]],
) -> tuple[ConceptMeasure, ...]:
    indicators, principles = indicators_of(session), _principle_keys(session)
    assignments = _assignments(session, institutions)
    statement = (
        select(
            *_columns(Measure),
            col(Goal.number).label("goal_number"),
            col(Field.position).label("field_position"),
        )
        .join(Goal, col(Goal.id) == col(Measure.goal_id))
        .join(Field, col(Field.id) == col(Goal.field_id))
        .where(col(Field.edition_id) == edition_id)
        .order_by(col(Field.position), col(Goal.number), col(Measure.position))
    )
    return tuple(
        ConceptMeasure(
            id=row.id,
            code=row.code,
            field=row.field_position,
            goal=row.goal_number,
            kind=row.kind.value,
            reportable=row.kind is MeasureKind.MEASURE,
            text=row.text,
            display_text=row.display_text,
            notes=notes["measure", row.id],
            prioritised=row.prioritised,
            weight=row.weight,
            principles=principles[row.id],
            ziff5=_ziff5(row),
            indicators=indicators[row.id],
            retired_on=row.retired_on,
            assignments=assignments[row.id],
        )
        for row in session.execute(statement)
    )


def _ziff5(row: Row[Any]) -> ZiffFiveFact:
    return ZiffFiveFact(
        competence=row.competence.value if row.competence else None,
        competence_reason=row.competence_reason,
        short_term=row.short_term.value if row.short_term else None,
        concretisation=_concretisation(row),
        municipal_funding=row.municipal_funding,
        municipal_funding_period=row.municipal_funding_period,
    )


def _concretisation(row: Row[Any]) -> ConcretisationFact:
    return ConcretisationFact(row.concretisation, row.concretisation_office, row.concretisation_on)


def _notes(session: Session) -> defaultdict[tuple[str, int], tuple[str, ...]]:
    """Return the editorial notes by ("goal", id) and ("measure", id)."""
    notes: defaultdict[tuple[str, int], tuple[str, ...]] = defaultdict(tuple)
    statement = select(
        col(EditorialNote.goal_id), col(EditorialNote.measure_id), col(EditorialNote.text)
    ).order_by(col(EditorialNote.position), col(EditorialNote.id))
    for row in session.execute(statement):
        subject = ("measure", row.measure_id) if row.goal_id is None else ("goal", row.goal_id)
        notes[subject] += (row.text,)
    return notes


def _principle_keys(session: Session) -> defaultdict[int, tuple[str, ...]]:
    keys: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    statement = (
        select(col(MeasurePrinciple.measure_id), col(Principle.key))
        .join(Principle, col(Principle.id) == col(MeasurePrinciple.principle_id))
        .order_by(col(Principle.position))
    )
    for measure_id, key in session.execute(statement):
        keys[measure_id] += (key,)
    return keys


def _assignments(
    session: Session, institutions: Mapping[int, InstitutionFact]
) -> defaultdict[int, tuple[Assignment, ...]]:
    assignments: defaultdict[int, tuple[Assignment, ...]] = defaultdict(tuple)
    statement = (
        select(*_columns(Responsibility))
        .join(Institution, col(Institution.id) == col(Responsibility.institution_id))
        .order_by(col(Institution.name), col(Responsibility.id))
    )
    for row in session.execute(statement):
        assignments[row.measure_id] += (
            Assignment(
                id=row.id,
                institution_id=row.institution_id,
                institution=institutions[row.institution_id],
                role=row.role.value,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            ),
        )
    return assignments
