"""The concept's hierarchy, one measure, institutions and the audit log, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.conftest import StatementCounter
from tests.factories import START, World, moment
from tracker.audit.queries.audit_log import PAGE_SIZE, audit_page
from tracker.concept.actions import responsibilities
from tracker.concept.models import (
    Edition,
    EditionField,
    EditionGoal,
    EditionMeasure,
    EditionState,
    EditorialNote,
    MeasureKind,
    ResponsibilityRole,
)
from tracker.concept.queries.concept import measures_to_report, newest, read_concept
from tracker.concept.queries.concepts import concept_if_any
from tracker.concept.queries.institution_list import institutions
from tracker.core import audit
from tracker.core.errors import NotFound

TODAY = date(2026, 10, 5)
NOW = moment("2026-10-05 09:00")


@pytest.fixture
def world(session: Session) -> World:
    """Six measures without lead."""
    return World(session)


def test_without_a_concept_there_is_no_edition(session: Session) -> None:
    assert concept_if_any(session) is None
    with pytest.raises(NotFound, match="tracker seed"):
        read_concept(session, day=TODAY)


def test_a_future_edition_changes_nothing_before_its_day(world: World) -> None:
    before = [read_concept(world.session, day=day) for day in (START, TODAY)]
    future = Edition(
        concept_id=world.concept_id,
        number=2,
        title="Fassung 2027",
        state=EditionState.DRAFT,
        valid_from=date(2027, 7, 1),
    )
    world.session.add(future)
    world.session.flush()
    assert [read_concept(world.session, day=day) for day in (START, TODAY)] == before
    future.state, future.resolved_on = EditionState.ADOPTED, date(2027, 4, 1)
    for valid_from in (date(2027, 7, 1), date(2027, 10, 1)):
        future.valid_from = valid_from
        world.session.flush()
        until = valid_from - timedelta(days=1)
        last = read_concept(world.session, day=until)
        assert (last.edition.number, last.edition.valid_to) == (1, until)
        assert last.measures == before[1].measures
        head = read_concept(world.session, day=valid_from).edition
        assert (head.number, head.valid_to) == (2, None)
    future.state = EditionState.WITHDRAWN
    world.session.flush()
    assert read_concept(world.session, day=date(2028, 1, 1)).edition.number == 1


@pytest.mark.parametrize(
    ("state", "valid_from", "day", "code"),
    [
        (EditionState.DRAFT, None, None, "1.1"),
        (EditionState.DRAFT, date(2021, 1, 1), TODAY, "1.1"),
        (EditionState.WITHDRAWN, date(2021, 1, 1), None, "1.1"),
        # Entered later, in force earlier: the day decides, not the order of typing.
        (EditionState.ADOPTED, date(2019, 1, 1), None, "1.1"),
        (EditionState.ADOPTED, date(2019, 1, 1), TODAY, "1.1"),
        (EditionState.ADOPTED, date(2027, 7, 1), TODAY, "1.1"),
        (EditionState.ADOPTED, date(2027, 7, 1), date(2027, 7, 1), "X.1"),
        (EditionState.ADOPTED, date(2027, 7, 1), None, "X.1"),
    ],
)
def test_which_fassung_names_a_measure_follows_from_the_days(
    world: World, state: EditionState, valid_from: date | None, day: date | None, code: str
) -> None:
    session = world.session
    other = Edition(
        concept_id=world.concept_id,
        number=2,
        title="Andere Fassung",
        state=state,
        resolved_on=START,
        valid_from=valid_from,
    )
    session.add(other)
    session.flush()
    field_row, goal_row = (
        session.exec(select(model)).first() for model in (EditionField, EditionGoal)
    )
    assert field_row
    assert goal_row
    of_other = {"edition_id": other.id}
    field_of_other = EditionField(**field_row.model_dump(exclude={"id"}) | of_other)
    session.add(field_of_other)
    session.flush()
    of_field = {"edition_field_id": field_of_other.id}
    goal_of_other = EditionGoal(**goal_row.model_dump(exclude={"id"}) | of_other | of_field)
    session.add(goal_of_other)
    session.flush()
    wording = world.wordings[0].model_dump(exclude={"id"}) | of_other
    session.add(EditionMeasure(**wording | {"edition_goal_id": goal_of_other.id, "code": "X.1"}))
    session.flush()
    condition = newest(EditionMeasure.measure_id, world.measures[0].id, day=day)
    assert session.exec(select(EditionMeasure.code).where(condition)).all() == [code]


def test_before_the_first_edition_pages_say_from_when_there_is_one(world: World) -> None:
    with pytest.raises(NotFound, match=r"Am 31\.12\.2019 gilt noch keine .* ab dem 01\.01\.2020"):
        read_concept(world.session, day=START - timedelta(days=1))


def test_the_tree_says_who_leads_today_and_who_will(world: World) -> None:
    first = world.measures[0]
    world.lead(world.library, first)
    responsibilities.assign(
        world.session,
        measure_ids=[first.id or 0],
        institution_id=world.club.id or 0,
        role=ResponsibilityRole.LEAD,
        valid_from=date(2026, 10, 6),
        valid_to=None,
        by=world.coordination,
        now=NOW,
    )
    measure = read_concept(world.session, day=TODAY).measures[0]
    lead = measure.lead_on(TODAY)
    assert lead is not None
    assert (lead.institution.short_name, lead.valid_to) == ("Volkshochschule", TODAY)
    later = measure.assigned_after(TODAY)
    assert [part.institution.short_name for part in later] == ["Begegnungszentrum"]
    lead = measure.lead_on(date(2026, 10, 6))
    assert lead is not None
    assert lead.institution.short_name == "Begegnungszentrum"


def test_references_and_retired_measures_lack_no_lead(world: World) -> None:
    _, retired, *others = world.measures
    world.wordings[0].kind = MeasureKind.REFERENCE
    retired.retired_on = TODAY
    world.lead(world.library, others[0])
    world.session.flush()
    concept = read_concept(world.session, day=TODAY)
    assert (len(concept.measures), len(concept.reportable)) == (6, 4)
    assert [measure.code for measure in concept.without_lead] == ["2.1", "2.2", "2.3"]
    to_report = measures_to_report(
        world.session, edition_id=world.edition_id, day=TODAY, as_of=TODAY
    )
    assert [measure.code for measure in to_report if measure.lead_id] == ["1.3"]
    assert [measure.id for measure in to_report] == [measure.id for measure in concept.reportable]
    shown = concept.only(concept.without_lead)
    assert [field.code for field in shown.fields] == ["2"]
    assert [goal.field for goal in shown.goals] == ["2"]


def test_what_opening_announces_is_what_it_does(world: World) -> None:
    world.lead(world.library, *world.measures[:4])
    announced = measures_to_report(
        world.session, edition_id=world.edition_id, day=date(2026, 10, 1), as_of=date(2026, 9, 30)
    )
    round_ = world.open_round()
    assert sum(measure.lead_id is not None for measure in announced) == 4
    assert all(world.report(round_, item) for item in world.measures[:4])


def test_statements_do_not_grow_with_measures(session: Session, engine: Engine) -> None:
    counts = []
    for fields in (2, 20):
        with session.begin_nested() as point:
            world = World(session, fields=fields)
            world.lead(world.library)
            session.flush()
            with StatementCounter(engine) as counter:
                concept = read_concept(session, edition_id=world.edition_id, day=TODAY)
                institutions(session, day=TODAY)
            assert len(concept.measures) == fields * 3
            counts.append(counter.count)
            point.rollback()
    assert counts[0] == counts[1]


def test_a_measure_knows_its_neighbours_notes_and_history(world: World) -> None:
    last_of_field, first_of_next = world.measures[2:4]
    world.lead(world.library, first_of_next)
    world.session.add(
        EditorialNote(
            edition_measure_id=world.wordings[3].id, position=1, text="Klammer nicht geschlossen"
        )
    )
    world.session.flush()
    concept = read_concept(world.session, day=TODAY)
    measure = concept.measure("2.1")
    assert measure is not None
    before = concept.neighbour(measure, -1)
    assert before is not None
    assert before.id == last_of_field.id
    assert concept.neighbour(before, -3) is None
    assert measure.notes == ("Klammer nicht geschlossen",)
    assert [part.valid_from for part in measure.history] == [START]
    assert concept.measure("9.9") is None


def test_a_goal_has_both_wordings(world: World) -> None:
    concept = read_concept(world.session, day=TODAY)
    goal = concept.goal("2")
    assert goal is not None
    assert (goal.title, goal.title_annex2) == ("Ziel 2", "Ziel 2 nach Anlage 2")
    assert concept.goal("99") is None


def test_institutions_count_what_they_do_today(world: World) -> None:
    world.lead(world.library, *world.measures[:4])
    world.club.is_active = False
    world.session.flush()
    found = [
        (item.name, item.leads, item.partners) for item in institutions(world.session, day=TODAY)
    ]
    assert found == [("Volkshochschule", 4, 0), ("Begegnungszentrum", 0, 0)]


def test_the_audit_log_is_paged_filtered_and_newest_first(world: World) -> None:
    for number in range(PAGE_SIZE + 5):
        audit.record(
            world.session,
            by=world.coordination,
            verb="round.plan",
            entity="round",
            entity_id=number,
            now=NOW,
            before={"state": "planned"},
            after={"state": "open", "reason": "x"},
        )
    audit.record(world.session, by=None, verb="seed.create", entity="field", entity_id=1, now=NOW)
    world.session.flush()
    newest = audit_page(world.session, entity="", page=1, today=TODAY)
    assert (newest.total, newest.pages, len(newest.rows)) == (PAGE_SIZE + 6, 2, PAGE_SIZE)
    assert (newest.rows[0].entity, newest.rows[0].who) == ("field", "")
    oldest = audit_page(world.session, entity="round", page=99, today=TODAY)
    assert (oldest.page, [row.entity_id for row in oldest.rows]) == (2, [4, 3, 2, 1, 0])
    assert [(item.name, item.before, item.after) for item in oldest.rows[0].changes] == [
        ("state", "planned", "open"),
        ("reason", None, "x"),
    ]
    assert newest.entities == ("field", "round")
