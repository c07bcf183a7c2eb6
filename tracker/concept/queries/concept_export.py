"""The whole concept as one JSON document: what `tracker export concept --format json` prints.

Empty values are null and mean "nicht festgelegt"; decimals and dates are text, as in a snapshot.
The number of statements does not grow with the number of measures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlmodel import Session, col

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

Document = dict[str, Any]


class ConceptMissingError(LookupError):
    """There is no concept in this database yet; the German message names the remedy."""


def concept_document(session: Session, *, today: date) -> Document:
    """Return the concept's newest Fassung with fields, goals, measures and all they carry.

    `lead` and `partners` are those responsible on `today` (both days inclusive).
    Raises ConceptMissingError where nothing was seeded.
    """
    concept = session.execute(
        select(
            col(Concept.id),
            col(Concept.key),
            col(Concept.title),
            col(Concept.city),
            col(Concept.resolved_on),
            col(Concept.source),
            col(Edition.id).label("edition_id"),
            col(Edition.number).label("edition_number"),
            col(Edition.title).label("edition_title"),
            col(Edition.valid_from),
            col(Edition.valid_to),
        )
        .join(Edition, col(Edition.concept_id) == col(Concept.id))
        .order_by(col(Edition.valid_from).desc(), col(Edition.number).desc())
        .limit(1)
    ).one_or_none()
    if concept is None:
        raise ConceptMissingError(
            "Es ist noch kein Integrationskonzept geladen. Bitte „tracker seed“ ausführen."
        )
    goals = _grouped(_goals(session, concept.edition_id, today), "field_id")
    return {
        "concept": {
            "key": concept.key,
            "title": concept.title,
            "city": concept.city,
            "resolved_on": _plain(concept.resolved_on),
            "source": concept.source,
        },
        "edition": {
            "number": concept.edition_number,
            "title": concept.edition_title,
            "valid_from": _plain(concept.valid_from),
            "valid_to": _plain(concept.valid_to),
        },
        "principles": [
            {"key": row.key, "name": row.name} for row in session.execute(_principles(concept.id))
        ],
        "fields": [
            {"number": row.position, "name": row.name, "goals": goals[row.id]}
            for row in session.execute(_fields(concept.edition_id))
        ],
    }


def _goals(session: Session, edition_id: int, today: date) -> list[Document]:
    measures = _grouped(_measures(session, edition_id, today), "goal_id")
    notes = _notes(session, "goal_id")
    statement = (
        select(*Goal.__table__.columns)  # type: ignore[attr-defined]
        .join(Field, col(Goal.field_id) == col(Field.id))
        .where(col(Field.edition_id) == edition_id)
        .order_by(col(Goal.number))
    )
    return [
        {
            "field_id": row.field_id,
            "number": row.number,
            "title": row.title,
            "title_annex2": row.title_annex2,
            "notes": notes[row.id],
            **_concretisation(row),
            "measures": measures[row.id],
        }
        for row in session.execute(statement)
    ]


def _measures(session: Session, edition_id: int, today: date) -> list[Document]:
    notes = _notes(session, "measure_id")
    indicators = _indicators(session)
    principles = _measure_principles(session)
    responsible = _responsible(session, today)
    statement = (
        select(*Measure.__table__.columns)  # type: ignore[attr-defined]
        .join(Goal, col(Measure.goal_id) == col(Goal.id))
        .join(Field, col(Goal.field_id) == col(Field.id))
        .where(col(Field.edition_id) == edition_id)
        .order_by(col(Goal.number), col(Measure.position))
    )
    return [
        {
            "goal_id": row.goal_id,
            "code": row.code,
            "text": row.text,
            "display_text": row.display_text,
            "kind": _plain(row.kind),
            "reportable": row.kind is MeasureKind.MEASURE,
            "notes": notes[row.id],
            "indicators": indicators[row.id],
            "principles": principles[row.id],
            "prioritised": row.prioritised,
            "weight": _plain(row.weight),
            "lead": next(iter(responsible[row.id, ResponsibilityRole.LEAD]), None),
            "partners": responsible[row.id, ResponsibilityRole.PARTNER],
            "competence": _plain(row.competence),
            "competence_reason": row.competence_reason or None,
            "short_term": _plain(row.short_term),
            **_concretisation(row),
            "municipal_funding": _plain(row.municipal_funding),
            "municipal_funding_period": row.municipal_funding_period or None,
            "retired_on": _plain(row.retired_on),
        }
        for row in session.execute(statement)
    ]


def _concretisation(row: Row[Any]) -> Document:
    return {
        "concretisation": row.concretisation or None,
        "concretisation_office": row.concretisation_office or None,
        "concretisation_on": _plain(row.concretisation_on),
    }


def _principles(concept_id: int) -> Select[str, str]:
    return (
        select(col(Principle.key), col(Principle.name))
        .where(col(Principle.concept_id) == concept_id)
        .order_by(col(Principle.position))
    )


def _fields(edition_id: int) -> Select[int | None, int, str]:
    return (
        select(col(Field.id), col(Field.position), col(Field.name))
        .where(col(Field.edition_id) == edition_id)
        .order_by(col(Field.position))
    )


def _notes(session: Session, subject: str) -> defaultdict[int, list[str]]:
    subject_id = EditorialNote.__table__.columns[subject]  # type: ignore[attr-defined]
    found: defaultdict[int, list[str]] = defaultdict(list)
    for note in session.execute(
        select(subject_id.label("subject_id"), col(EditorialNote.text))
        .where(subject_id.is_not(None))
        .order_by(col(EditorialNote.position))
    ):
        found[note.subject_id].append(note.text)
    return found


def _indicators(session: Session) -> defaultdict[int, list[Document]]:
    found: defaultdict[int, list[Document]] = defaultdict(list)
    for row in session.execute(
        select(*Indicator.__table__.columns).order_by(col(Indicator.id))  # type: ignore[attr-defined]
    ):
        found[row.measure_id].append(
            {
                "key": row.key,
                "name": row.name,
                "kind": _plain(row.kind),
                "operator": row.operator,
                "target": _plain(row.target),
                "unit": row.unit,
                "per_year": row.per_year,
                "note": row.note or None,
            }
        )
    return found


def _measure_principles(session: Session) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row in session.execute(
        select(col(MeasurePrinciple.measure_id), col(Principle.key))
        .join(Principle, col(Principle.id) == col(MeasurePrinciple.principle_id))
        .order_by(col(Principle.position))
    ):
        found[row.measure_id].append(row.key)
    return found


def _responsible(
    session: Session, today: date
) -> defaultdict[tuple[int, ResponsibilityRole], list[Document]]:
    found: defaultdict[tuple[int, ResponsibilityRole], list[Document]] = defaultdict(list)
    for row in session.execute(
        select(
            col(Responsibility.measure_id),
            col(Responsibility.role),
            col(Institution.key),
            col(Institution.name),
        )
        .join(Institution, col(Institution.id) == col(Responsibility.institution_id))
        .where(
            col(Responsibility.valid_from) <= today,
            or_(col(Responsibility.valid_to).is_(None), col(Responsibility.valid_to) >= today),
        )
        .order_by(col(Institution.name))
    ):
        found[row.measure_id, row.role].append({"key": row.key, "name": row.name})
    return found


def _grouped(items: Iterable[Document], parent: str) -> defaultdict[int, list[Document]]:
    """Group by the parent's id and drop it: ids are no business of the document."""
    found: defaultdict[int, list[Document]] = defaultdict(list)
    for item in items:
        found[item.pop(parent)].append(item)
    return found


def _plain(value: StrEnum | Decimal | date | None) -> str | None:
    if value is None:
        return None
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat()
