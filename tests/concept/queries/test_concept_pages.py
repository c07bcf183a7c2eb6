"""The concept's hierarchy, one measure, institutions and the audit log, on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.conftest import StatementCounter
from tests.factories import START, World, moment
from tracker.audit.queries.audit_log import PAGE_SIZE, audit_page
from tracker.concept.actions import responsibilities
from tracker.concept.models import EditorialNote, MeasureKind, ResponsibilityRole
from tracker.concept.queries.concept_pages import goal_file, measure_file
from tracker.concept.queries.concept_tree import current_edition, tree
from tracker.concept.queries.institution_list import institutions
from tracker.core import audit

TODAY = date(2026, 10, 5)
NOW = moment("2026-10-05 09:00")


@pytest.fixture
def world(session: Session) -> World:
    """Six measures without lead."""
    return World(session)


def test_without_a_concept_there_is_no_edition(session: Session) -> None:
    assert current_edition(session) is None


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
    found = tree(world.session, edition_id=world.edition_id, today=TODAY).measures[0]
    assert found.lead is not None
    assert (found.lead.short_name, found.lead.valid_to) == ("Volkshochschule", TODAY)
    assert [item.short_name for item in found.later] == ["Begegnungszentrum"]
    tomorrow = tree(world.session, edition_id=world.edition_id, today=date(2026, 10, 6))
    assert tomorrow.measures[0].lead is not None
    assert tomorrow.measures[0].lead.short_name == "Begegnungszentrum"


def test_references_and_retired_measures_lack_no_lead(world: World) -> None:
    reference, retired, *others = world.measures
    reference.kind = MeasureKind.REFERENCE
    retired.retired_on = TODAY
    world.lead(world.library, others[0])
    world.session.flush()
    found = tree(world.session, edition_id=world.edition_id, today=TODAY)
    assert (len(found.measures), found.reportable) == (6, 4)
    assert [item.code for item in found.without_lead] == ["2.1", "2.2", "2.3"]
    assert [item.code for item in found.with_lead] == ["1.3"]
    shown = found.only_without_lead()
    assert [field.position for field in shown.fields] == [2]


def test_what_opening_announces_is_what_it_does(world: World) -> None:
    world.lead(world.library, *world.measures[:4])
    announced = tree(world.session, edition_id=world.edition_id, today=date(2026, 10, 1)).with_lead
    round_ = world.open_round()
    assert len(announced) == 4
    assert all(world.report(round_, item) for item in world.measures[:4])


def test_statements_do_not_grow_with_measures(session: Session, engine: Engine) -> None:
    counts = []
    for fields in (2, 20):
        with session.begin_nested() as point:
            world = World(session, fields=fields)
            world.lead(world.library)
            with StatementCounter(engine) as counter:
                found = tree(session, edition_id=world.edition_id, today=TODAY)
                institutions(session, today=TODAY)
                measure_file(session, edition_id=world.edition_id, code="1.2")
            assert len(found.measures) == fields * 3
            counts.append(counter.count)
            point.rollback()
    assert counts[0] == counts[1]


def test_a_measure_knows_its_neighbours_notes_and_history(world: World) -> None:
    last_of_field, first_of_next = world.measures[2:4]
    world.lead(world.library, first_of_next)
    world.session.add(
        EditorialNote(measure_id=first_of_next.id, position=1, text="Klammer nicht geschlossen")
    )
    world.session.flush()
    found = measure_file(world.session, edition_id=world.edition_id, code="2.1")
    assert found is not None
    assert found.before is not None
    assert found.before.code == last_of_field.code
    assert found.notes == ("Klammer nicht geschlossen",)
    assert [item.valid_from for item in found.responsibilities] == [START]
    assert measure_file(world.session, edition_id=world.edition_id, code="9.9") is None


def test_a_goal_has_both_wordings(world: World) -> None:
    found = goal_file(world.session, edition_id=world.edition_id, number=2)
    assert found is not None
    assert (found.title, found.title_annex2) == ("Ziel 2", "Ziel 2 nach Anlage 2")
    assert goal_file(world.session, edition_id=world.edition_id, number=99) is None


def test_institutions_count_what_they_do_today(world: World) -> None:
    world.lead(world.library, *world.measures[:4])
    world.club.is_active = False
    world.session.flush()
    found = [
        (item.name, item.leads, item.partners) for item in institutions(world.session, today=TODAY)
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
    newest = audit_page(world.session, entity="", page=1)
    assert (newest.total, newest.pages, len(newest.rows)) == (PAGE_SIZE + 6, 2, PAGE_SIZE)
    assert (newest.rows[0].entity, newest.rows[0].who) == ("field", "")
    oldest = audit_page(world.session, entity="round", page=99)
    assert (oldest.page, [row.entity_id for row in oldest.rows]) == (2, [4, 3, 2, 1, 0])
    assert [(item.name, item.before, item.after) for item in oldest.rows[0].changes] == [
        ("state", "planned", "open"),
        ("reason", None, "x"),
    ]
    assert newest.entities == ("field", "round")
