"""A second, small concept beside the one of `World`: one field, one goal, one measure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.factories import START, World
from tracker.concept.models import (
    Concept,
    Edition,
    EditionField,
    EditionGoal,
    EditionMeasure,
    EditionState,
    Field,
    Goal,
    Institution,
    Measure,
    MeasureKind,
)
from tracker.reporting.models import Report, Round


@dataclass
class SecondConcept:
    concept_id: int
    edition_id: int
    measure: Measure


def second_concept(
    world: World, *, lead: Institution | None = None, title: str = "Teilhabeplan"
) -> SecondConcept:
    """Add the concept, its measure "1.1" led by the library where nobody else is named."""
    session = world.session
    concept = Concept(key="teilhabe", title=title, city="Bielefeld", resolved_on=date(2015, 1, 1))
    session.add(concept)
    session.flush()
    concept_id = concept.id or 0
    edition = Edition(
        concept_id=concept_id,
        number=1,
        title="Fassung 2015",
        state=EditionState.ADOPTED,
        resolved_on=START,
        valid_from=START,
    )
    field, goal = Field(concept_id=concept_id), Goal(concept_id=concept_id)
    measure = Measure(concept_id=concept_id)
    session.add_all([edition, field, goal, measure])
    session.flush()
    edition_id = edition.id or 0
    field_row = EditionField(
        edition_id=edition_id, field_id=field.id or 0, code="1", position=1, name="Teilhabe"
    )
    session.add(field_row)
    session.flush()
    goal_row = EditionGoal(
        edition_id=edition_id,
        goal_id=goal.id or 0,
        edition_field_id=field_row.id or 0,
        code="1",
        position=1,
        title="Teilhabe stärken",
        title_annex2="Teilhabe stärken",
    )
    session.add(goal_row)
    session.flush()
    session.add(
        EditionMeasure(
            edition_id=edition_id,
            measure_id=measure.id or 0,
            edition_goal_id=goal_row.id or 0,
            code="1.1",
            position=1,
            kind=MeasureKind.MEASURE,
            text="Beratung ausbauen",
            display_text="Beratung ausbauen",
        )
    )
    session.flush()
    world.lead(lead or world.library, measure)
    return SecondConcept(concept_id, edition_id, measure)


def opened_in(world: World, second: SecondConcept, period: str = "2026-Q3") -> tuple[Round, Report]:
    """Open a round of the second concept; returns it with its one report."""
    first = world.concept_id
    world.concept_id = second.concept_id
    try:
        round_ = world.open_round(period)
    finally:
        world.concept_id = first
    return round_, world.report(round_, second.measure)
