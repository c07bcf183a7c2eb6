"""Reading the concept as a hierarchy: fields, goals, measures, and who is responsible when.

The number of statements does not grow with the number of measures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from tracker.concept.models import (
    Concept,
    Edition,
    EditorialNote,
    Field,
    Goal,
    Measure,
    MeasureKind,
    ResponsibilityRole,
)
from tracker.concept.queries.responsibility_list import Assigned, assigned_to


@dataclass(frozen=True)
class CurrentEdition:
    """The newest Fassung of the concept and what it belongs to."""

    concept_id: int
    edition_id: int
    title: str
    city: str
    resolved_on: date
    source: str
    edition_title: str


@dataclass(frozen=True)
class MeasureNode:
    """A measure in the hierarchy, with who is responsible on the day asked for."""

    id: int
    code: str
    kind: MeasureKind
    text: str
    display_text: str
    retired_on: date | None
    assigned: tuple[Assigned, ...]
    later: tuple[Assigned, ...]
    notes: tuple[str, ...]
    is_retired: bool

    @property
    def is_reportable(self) -> bool:
        """Return whether reports are expected: no cross reference, not retired."""
        return self.kind is MeasureKind.MEASURE and not self.is_retired

    @property
    def lead(self) -> Assigned | None:
        """Return the lead, None where nobody is (nicht festgelegt)."""
        return next((item for item in self.assigned if item.role is ResponsibilityRole.LEAD), None)

    @property
    def partners(self) -> tuple[Assigned, ...]:
        return tuple(item for item in self.assigned if item.role is ResponsibilityRole.PARTNER)

    @property
    def lacks_lead(self) -> bool:
        return self.is_reportable and self.lead is None

    @property
    def is_edited(self) -> bool:
        """Return whether the display text differs from the council's wording."""
        return self.text != self.display_text


@dataclass(frozen=True)
class GoalNode:
    """An Oberziel with both wordings and its measures."""

    number: int
    title: str
    title_annex2: str
    notes: tuple[str, ...]
    concretisation: str
    concretisation_office: str
    concretisation_on: date | None
    measures: tuple[MeasureNode, ...]


@dataclass(frozen=True)
class FieldNode:
    """A Handlungsfeld with its goals."""

    position: int
    name: str
    goals: tuple[GoalNode, ...]


@dataclass(frozen=True)
class Tree:
    """The whole hierarchy in the order of the resolution."""

    fields: tuple[FieldNode, ...]

    @property
    def measures(self) -> tuple[MeasureNode, ...]:
        return tuple(
            item for field in self.fields for goal in field.goals for item in goal.measures
        )

    @property
    def goals(self) -> int:
        return sum(len(field.goals) for field in self.fields)

    @property
    def reportable(self) -> int:
        return sum(item.is_reportable for item in self.measures)

    @property
    def without_lead(self) -> tuple[MeasureNode, ...]:
        return tuple(item for item in self.measures if item.lacks_lead)

    @property
    def with_lead(self) -> tuple[MeasureNode, ...]:
        """Return the measures for which a round would expect a report today."""
        return tuple(item for item in self.measures if item.is_reportable and item.lead)

    def only_without_lead(self) -> Tree:
        """Return the part of the hierarchy that lacks a lead."""
        fields = []
        for field in self.fields:
            goals = [
                replace(goal, measures=kept)
                for goal in field.goals
                if (kept := tuple(item for item in goal.measures if item.lacks_lead))
            ]
            if goals:
                fields.append(FieldNode(field.position, field.name, tuple(goals)))
        return Tree(tuple(fields))


def current_edition(session: Session) -> CurrentEdition | None:
    """Return the newest Fassung, None where nothing was seeded."""
    statement = (
        select(
            col(Concept.id),
            col(Edition.id),
            col(Concept.title),
            col(Concept.city),
            col(Concept.resolved_on),
            col(Concept.source),
            col(Edition.title),
        )
        .join(Edition, col(Edition.concept_id) == col(Concept.id))
        .order_by(col(Edition.valid_from).desc(), col(Edition.number).desc())
        .limit(1)
    )
    row: Any = session.connection().execute(statement).one_or_none()
    return None if row is None else CurrentEdition(*row)


def tree(session: Session, *, edition_id: int, today: date) -> Tree:
    """Return the hierarchy with who is responsible today, and who will be later."""
    responsible = assigned_to(session, measure_ids=None)
    measure_notes, goal_notes = _notes(session)
    measures: defaultdict[int, list[MeasureNode]] = defaultdict(list)
    for row in session.connection().execute(measures_of(edition_id)):
        lines = [item for item in responsible.get(row.id, ()) if not item.is_over(today)]
        measures[row.goal_id].append(
            MeasureNode(
                id=row.id,
                code=row.code,
                kind=row.kind,
                text=row.text,
                display_text=row.display_text,
                retired_on=row.retired_on,
                assigned=tuple(item for item in lines if item.valid_from <= today),
                later=tuple(item for item in lines if item.valid_from > today),
                notes=measure_notes.get(row.id, ()),
                is_retired=row.retired_on is not None and row.retired_on <= today,
            )
        )
    return Tree(_fields(session, edition_id, measures, goal_notes))


def measures_of(edition_id: int) -> Select[*tuple[Any, ...]]:
    """Return the select of a Fassung's measures in the order of the resolution."""
    return (
        select(
            col(Measure.id),
            col(Measure.goal_id),
            col(Measure.code),
            col(Measure.kind),
            col(Measure.text),
            col(Measure.display_text),
            col(Measure.retired_on),
        )
        .join(Goal, col(Goal.id) == col(Measure.goal_id))
        .join(Field, col(Field.id) == col(Goal.field_id))
        .where(col(Field.edition_id) == edition_id)
        .order_by(col(Field.position), col(Goal.number), col(Measure.position))
    )


def _fields(
    session: Session,
    edition_id: int,
    measures: Mapping[int, Sequence[MeasureNode]],
    notes: Mapping[int, tuple[str, ...]],
) -> tuple[FieldNode, ...]:
    statement = (
        select(
            col(Field.position),
            col(Field.name),
            col(Goal.id),
            col(Goal.number),
            col(Goal.title),
            col(Goal.title_annex2),
            col(Goal.concretisation),
            col(Goal.concretisation_office),
            col(Goal.concretisation_on),
        )
        .join(Goal, col(Goal.field_id) == col(Field.id))
        .where(col(Field.edition_id) == edition_id)
        .order_by(col(Field.position), col(Goal.number))
    )
    rows: Iterable[Any] = session.connection().execute(statement)
    return tuple(
        FieldNode(
            position,
            name,
            tuple(
                GoalNode(
                    number=row.number,
                    title=row.title,
                    title_annex2=row.title_annex2,
                    notes=notes.get(row.id, ()),
                    concretisation=row.concretisation,
                    concretisation_office=row.concretisation_office,
                    concretisation_on=row.concretisation_on,
                    measures=tuple(measures.get(row.id, ())),
                )
                for row in group
            ),
        )
        for (position, name), group in groupby(rows, key=lambda row: (row.position, row.name))
    )


def _notes(
    session: Session,
) -> tuple[Mapping[int, tuple[str, ...]], Mapping[int, tuple[str, ...]]]:
    """Return the editorial notes by measure and by goal."""
    of_measures: dict[int, tuple[str, ...]] = {}
    of_goals: dict[int, tuple[str, ...]] = {}
    statement = select(
        col(EditorialNote.measure_id), col(EditorialNote.goal_id), col(EditorialNote.text)
    ).order_by(col(EditorialNote.position))
    rows: Iterable[Any] = session.connection().execute(statement)
    for measure_id, goal_id, text in rows:
        target, key = (of_goals, goal_id) if measure_id is None else (of_measures, measure_id)
        target[key] = (*target.get(key, ()), text)
    return of_measures, of_goals
