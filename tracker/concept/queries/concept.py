"""Reading the concept: a Fassung with everything it holds, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, SQLModel, col

from tracker.concept.models import (
    Concept,
    Edition,
    EditionField,
    EditionGoal,
    EditionMeasure,
    EditionState,
    EditorialNote,
    Goal,
    Indicator,
    Institution,
    Measure,
    MeasureKind,
    Principle,
    Responsibility,
    ResponsibilityRole,
)
from tracker.concept.queries.concepts import NO_CONCEPT, the_concept
from tracker.concept.queries.entries import (
    entered,
    is_active_on,
    kind_on,
    name_on,
    short_name_on,
    shown_text,
    target_on,
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
    lasting_key,
)
from tracker.core.columns import columns
from tracker.core.errors import NotFound
from tracker.core.german import day as written_day
from tracker.core.text import alphabetical

# A Fassung's measures as the resolution lists them.
IN_ORDER = (col(EditionField.position), col(EditionGoal.position), col(EditionMeasure.position))
_ADOPTED = col(Edition.state) == EditionState.ADOPTED
NOT_YET = (
    "Am {day} gilt noch keine Fassung des Konzepts. Die erste gilt ab dem {first}. Bis dahin gibt "
    "es nichts zu zeigen."
)


def edition_on(session: Session, *, concept_id: int, day: date) -> EditionHead:
    """Return the Fassung in force on a day; raises NotFound before the first one's day."""
    statement = (
        _HEAD.where(col(Concept.id) == concept_id, _ADOPTED, col(Edition.valid_from) <= day)
        .order_by(col(Edition.valid_from).desc())
        .limit(1)
    )
    row = session.execute(statement).one_or_none()
    if row is not None:
        return _head(row)
    first = first_day(session, concept_id=concept_id)
    if first is None:
        raise NotFound(NO_CONCEPT)
    raise NotFound(NOT_YET.format(day=written_day(day), first=written_day(first)))


def first_day(session: Session, *, concept_id: int) -> date | None:
    """Return the first day on which a Fassung is in force, None where none was adopted."""
    statement = select(func.min(col(Edition.valid_from))).where(
        col(Edition.concept_id) == concept_id, _ADOPTED
    )
    first: date | None = session.execute(statement).scalar_one()
    return first


def edition_head(session: Session, *, edition_id: int) -> EditionHead:
    """Return a Fassung; raises sqlalchemy's NoResultFound for an id that nothing has."""
    return _head(session.execute(_HEAD.where(col(Edition.id) == edition_id)).one())


def wording_in(measure_id: Mapped[int], edition_id: Mapped[int]) -> ColumnElement[bool]:
    """Return the condition to join what a Fassung says of a measure, e.g. a round's of a report."""
    return and_(
        col(EditionMeasure.measure_id) == measure_id, col(EditionMeasure.edition_id) == edition_id
    )


def newest(subject: Any, wanted: Any, *, day: date | None = None) -> ColumnElement[bool]:
    """Return the condition to join what the newest Fassung says of a thing that lasts.

    `subject` is e.g. EditionGoal.goal_id. With a day, what is not in force yet does not count;
    without one, a draft counts only for what no adopted Fassung has.
    """
    other, edition = aliased(subject.class_), aliased(Edition)
    editions = (
        select(col(other.edition_id))
        .join(edition, col(edition.id) == other.edition_id)
        .where(getattr(other, subject.key) == wanted)
    )
    is_adopted = col(edition.state) == EditionState.ADOPTED
    if day is not None:
        editions = editions.where(is_adopted, col(edition.valid_from) <= day)
    by_day = (
        case((is_adopted, 0), else_=1),
        col(edition.valid_from).desc(),
        col(edition.id).desc(),
    )
    last = editions.order_by(*by_day).limit(1).scalar_subquery()
    return and_(col(subject) == wanted, col(subject.class_.edition_id) == last)


_Later = aliased(Edition)
# A Fassung holds until the day before the next one's first.
_HEAD: Select[*tuple[Any, ...]] = select(
    *columns(Concept.id, Edition.id, Concept.key, Concept.title, Concept.city),
    *columns(Concept.resolved_on, Concept.source, Edition.number, Edition.title),
    col(Edition.valid_from),
    select(func.min(col(_Later.valid_from)))
    .where(
        col(_Later.concept_id) == col(Edition.concept_id),
        col(_Later.state) == EditionState.ADOPTED,
        col(_Later.valid_from) > col(Edition.valid_from),
    )
    .correlate(Edition)
    .scalar_subquery(),
).join(Edition, col(Edition.concept_id) == col(Concept.id))


def _head(row: Row[Any]) -> EditionHead:
    columns_: Any = row
    head = EditionHead(*columns_)
    if head.valid_to is None:
        return head
    return replace(head, valid_to=head.valid_to - timedelta(days=1))


def read_concept(
    session: Session, *, day: date, concept_id: int | None = None, edition_id: int | None = None
) -> ConceptEdition:
    """Return a Fassung, without `edition_id` the concept's in force on the day, as of the day.

    Values that are entered with a day, names of institutions too, are those that hold on it;
    responsibilities are all.
    Eleven statements, however many measures there are. Raises NotFound where nothing was seeded
    and before the first Fassung's day.
    """
    if edition_id is None:
        edition = edition_on(session, concept_id=concept_id or the_concept(session), day=day)
    else:
        edition = edition_head(session, edition_id=edition_id)
    notes = _notes(session)
    of_day = (name_on(day), short_name_on(day), kind_on(day), is_active_on(day))
    institutions = session.execute(select(*columns(Institution.id, Institution.key), *of_day)).all()
    by_id = {
        row.id: InstitutionFact(row.key, row.name, row.short_name, row.kind.value)
        for row in institutions
    }
    select_principles = (
        select(*columns(Principle.id, Principle.key, Principle.name))
        .where(col(Principle.concept_id) == edition.concept_id)
        .order_by(col(Principle.position))
    )
    principles = tuple(PrincipleFact(*row) for row in session.execute(select_principles))
    said = entered(session, day=day, edition_id=edition.edition_id)
    for values in said.values():
        chosen = values["principles"]
        values["principles"] = tuple(
            principle.key for principle in principles if principle.key in chosen
        )
    keys = _lasting_keys(session, edition)
    fields = (
        select(*columns(EditionField.code, EditionField.name, EditionField.field_id))
        .where(col(EditionField.edition_id) == edition.edition_id)
        .order_by(col(EditionField.position))
    )
    return ConceptEdition(
        day=day,
        edition=edition,
        principles=principles,
        institutions=by_id,
        active_institutions=tuple(by_id[row.id] for row in institutions if row.is_active),
        fields=tuple(
            FieldFact(row.code, row.name, key=keys["field", row.field_id])
            for row in session.execute(fields)
        ),
        goals=tuple(
            GoalFact(
                id=row.id,
                key=keys["goal", row.id],
                code=row.code,
                field=row.field_code,
                title=row.title,
                title_annex2=row.title_annex2,
                notes=notes["goal", row.edition_goal_id],
                concretisation=_concretisation(said["goal", row.id]),
            )
            for row in session.execute(_goals(edition.edition_id))
        ),
        measures=_measures(
            session,
            edition.edition_id,
            day=day,
            keys=keys,
            institutions=by_id,
            notes=notes,
            said=said,
        ),
    )


def _lasting_keys(session: Session, edition: EditionHead) -> dict[tuple[str, int], str]:
    """Return what names a field, goal or measure in every Fassung, by kind and id.

    That is its code in the first Fassung, or the first one that has it before its code there.
    """
    rows = (
        ("field", EditionField.field_id, EditionField),
        ("goal", EditionGoal.goal_id, EditionGoal),
        ("measure", EditionMeasure.measure_id, EditionMeasure),
    )
    selects: Iterator[Select[*tuple[Any, ...]]] = (
        select(
            literal(kind),
            col(lasting).label("lasting_id"),
            col(Edition.number).label("number"),
            col(row.code),
        )
        .join(Edition, col(Edition.id) == col(row.edition_id))
        .where(
            col(Edition.concept_id) == edition.concept_id,
            or_(col(Edition.state) != EditionState.DRAFT, col(Edition.id) == edition.edition_id),
        )
        for kind, lasting, row in rows
    )
    keys: dict[tuple[str, int], str] = {}
    for kind, lasting_id, number, code in session.execute(union_all(*selects).order_by("number")):
        keys.setdefault((kind, lasting_id), lasting_key(number, code))
    return keys


def measures_to_report(
    session: Session, *, edition_id: int, day: date, as_of: date
) -> tuple[MeasureToReport, ...]:
    """Return the measures to report on and who leads them on a day.

    Without cross references and what is retired on the Stichtag `as_of`, as a publication does.
    """
    statement = (
        select(
            *columns(Measure.id, EditionMeasure.code),
            shown_text(day),
            col(Responsibility.institution_id),
        )
        .join(EditionMeasure, col(EditionMeasure.measure_id) == col(Measure.id))
        .join(EditionGoal, col(EditionGoal.id) == col(EditionMeasure.edition_goal_id))
        .join(EditionField, col(EditionField.id) == col(EditionGoal.edition_field_id))
        .outerjoin(
            Responsibility,
            and_(
                col(Responsibility.measure_id) == col(Measure.id),
                col(Responsibility.role) == ResponsibilityRole.LEAD,
                holds_on(day),
            ),
        )
        .where(
            col(EditionMeasure.edition_id) == edition_id,
            col(EditionMeasure.kind) == MeasureKind.MEASURE,
            or_(col(Measure.retired_on).is_(None), col(Measure.retired_on) > as_of),
        )
        .order_by(*IN_ORDER)
    )
    return tuple(MeasureToReport(*row) for row in session.execute(statement))


def holds_on(day: date) -> ColumnElement[bool]:
    """Return the condition that a responsibility holds on a day, both ends inclusive."""
    return and_(
        col(Responsibility.valid_from) <= day,
        or_(col(Responsibility.valid_to).is_(None), col(Responsibility.valid_to) >= day),
    )


def indicators_of(
    session: Session, *, day: date, measure_ids: Collection[int] | None = None
) -> defaultdict[int, tuple[IndicatorFact, ...]]:
    """Return the Kennzahlen by measure with the targets of a day; None asks for every measure."""
    lasting = [column for column in _columns(Indicator) if column.name != "target"]
    statement = select(*lasting, target_on(day)).order_by(col(Indicator.id))
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
        select(
            *_columns(Goal),
            *columns(EditionGoal.code, EditionGoal.title, EditionGoal.title_annex2),
            col(EditionGoal.id).label("edition_goal_id"),
            col(EditionField.code).label("field_code"),
        )
        .join(EditionGoal, col(EditionGoal.goal_id) == col(Goal.id))
        .join(EditionField, col(EditionField.id) == col(EditionGoal.edition_field_id))
        .where(col(EditionGoal.edition_id) == edition_id)
        .order_by(*columns(EditionField.position, EditionGoal.position))
    )


def _measures(
    session: Session,
    edition_id: int,
    *,
    day: date,
    keys: Mapping[tuple[str, int], str],
    institutions: Mapping[int, InstitutionFact],
    notes: Mapping[tuple[str, int], tuple[str, ...]],
    said: Mapping[tuple[str, int], Mapping[str, Any]],
) -> tuple[ConceptMeasure, ...]:
    indicators = indicators_of(session, day=day)
    assignments = _assignments(session, institutions)
    statement = (
        select(
            *_columns(Measure),
            *columns(EditionMeasure.code, EditionMeasure.kind, EditionMeasure.text),
            *columns(EditionMeasure.display_text, EditionMeasure.prioritised),
            col(EditionMeasure.id).label("edition_measure_id"),
            col(EditionGoal.code).label("goal_code"),
            col(EditionField.code).label("field_code"),
        )
        .join(EditionMeasure, col(EditionMeasure.measure_id) == col(Measure.id))
        .join(EditionGoal, col(EditionGoal.id) == col(EditionMeasure.edition_goal_id))
        .join(EditionField, col(EditionField.id) == col(EditionGoal.edition_field_id))
        .where(col(EditionMeasure.edition_id) == edition_id)
        .order_by(*IN_ORDER)
    )
    return tuple(
        ConceptMeasure(
            id=row.id,
            code=row.code,
            key=keys["measure", row.id],
            field=row.field_code,
            goal=row.goal_code,
            kind=row.kind.value,
            reportable=row.kind is MeasureKind.MEASURE,
            text=row.text,
            display_text=said["measure", row.id].get("display_text", row.display_text),
            notes=notes["measure", row.edition_measure_id],
            prioritised=said["measure", row.id].get("prioritised", row.prioritised),
            entered_prioritised=said["measure", row.id].get("prioritised"),
            weight=said["measure", row.id]["weight"],
            principles=said["measure", row.id]["principles"],
            ziff5=_ziff5(said["measure", row.id]),
            indicators=indicators[row.id],
            retired_on=row.retired_on,
            assignments=assignments[row.id],
        )
        for row in session.execute(statement)
    )


def _ziff5(said: Mapping[str, Any]) -> ZiffFiveFact:
    competence, short_term = said["competence"], said["short_term"]
    return ZiffFiveFact(
        competence=competence.value if competence else None,
        competence_reason=said["competence_reason"],
        short_term=short_term.value if short_term else None,
        concretisation=_concretisation(said),
        municipal_funding=said["municipal_funding"],
        municipal_funding_period=said["municipal_funding_period"],
    )


def _concretisation(said: Mapping[str, Any]) -> ConcretisationFact:
    return ConcretisationFact(
        said["concretisation"], said["concretisation_office"], said["concretisation_on"]
    )


def _notes(session: Session) -> defaultdict[tuple[str, int], tuple[str, ...]]:
    """Return the editorial notes by ("goal", id) and ("measure", id) of rows of a Fassung."""
    notes: defaultdict[tuple[str, int], tuple[str, ...]] = defaultdict(tuple)
    statement = select(
        *columns(EditorialNote.edition_goal_id, EditorialNote.edition_measure_id),
        col(EditorialNote.text),
    ).order_by(col(EditorialNote.position), col(EditorialNote.id))
    for row in session.execute(statement):
        subject = (
            ("measure", row.edition_measure_id)
            if row.edition_goal_id is None
            else ("goal", row.edition_goal_id)
        )
        notes[subject] += (row.text,)
    return notes


def _assignments(
    session: Session, institutions: Mapping[int, InstitutionFact]
) -> defaultdict[int, tuple[Assignment, ...]]:
    assignments: defaultdict[int, tuple[Assignment, ...]] = defaultdict(tuple)
    statement = select(*_columns(Responsibility)).order_by(col(Responsibility.id))
    for row in sorted(
        session.execute(statement),
        key=lambda row: alphabetical(institutions[row.institution_id].name),
    ):
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
