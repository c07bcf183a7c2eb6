"""What new rules would not admit is found, and gone from the list once it is decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from tests.factories import RUNNING, World, moment
from tracker.accounts.actions import accounts
from tracker.accounts.models import Account
from tracker.cockpit.queries.findings import Finding, findings
from tracker.concept.actions import concept
from tracker.concept.actions.concept import MeasureEdit
from tracker.concept.models import (
    Edition,
    EditionField,
    EditionGoal,
    EditionMeasure,
    EditionState,
    Entry,
    EntryKind,
    Measure,
    MeasureKind,
)
from tracker.core.models import SeedRecord
from tracker.core.permissions import Role
from tracker.reporting.models import Contribution, Report, ReportRevision
from tracker.reporting.reports.actions import reports
from tracker.reporting.rules.content import Funding, ReportContent, to_dict
from tracker.reporting.rules.rounds import RoundState

TODAY = date(2026, 10, 5)


@pytest.fixture
def world(session: Session) -> World:
    """A concept whose measures somebody has entered as vorrangig, and an open round."""
    world = World(session)
    world.lead(world.library)
    for wording in world.wordings:
        values = {"prioritised": True}
        key = f"probe/1/{wording.code}"
        session.add(SeedRecord(entity="edition_measure", key=key, values=values))
    session.flush()
    assert found(world) == ()
    return world


def found(world: World, today: date = TODAY) -> tuple[Finding, ...]:
    world.session.flush()
    return findings(world.session, today=today)


def test_two_representatives_from_a_day_on_until_one_goes(world: World) -> None:
    second = world.actor("zweite@example.org", Role.INSTITUTION, world.library)
    [finding] = found(world)
    assert finding.subject == "Volkshochschule"
    assert "Ab 05.10.2026 gibt es zwei benannte Vertretungen zugleich, vhs und zweite." in (
        finding.sentence
    )
    assert finding.path == "/konten"
    accounts.deactivate(
        world.session,
        account_id=second.account_id,
        by=world.coordination,
        now=moment("2026-10-05 09:00"),
    )
    assert found(world) == ()


@pytest.mark.parametrize(("last", "first", "count"), [(9, 10, 0), (10, 10, 1)])
def test_who_follows_the_day_after_is_no_second_representative(
    last: int, first: int, count: int, world: World
) -> None:
    follower = world.actor("neu@example.org", Role.INSTITUTION, world.library)
    world.session.get_one(Account, follower.account_id).represents_from = date(2026, 10, first)
    leaving = world.session.get_one(Account, world.representative.account_id)
    leaving.term_to = date(2026, 10, last)
    assert len(found(world)) == count
    assert found(world, date(2026, 11, 1)) == ()


@pytest.mark.parametrize(
    ("amount", "is_found"), [("0.125", True), ("12.3400", False), ("1E-7", True), ("1E+3", False)]
)
def test_an_amount_of_a_measure_with_three_decimals(
    amount: str, is_found: bool, world: World
) -> None:
    entry = Entry(
        measure_id=world.measures[0].id,
        kind=EntryKind.FUNDING,
        valid_from=TODAY,
        entered_at=moment("2026-10-05 09:00"),
        municipal_funding=Decimal(amount),
        municipal_funding_period="",
    )
    world.session.add(entry)
    assert [finding.path for finding in found(world)] == (
        ["/konzept/massnahme/1.1/bearbeiten"] if is_found else []
    )


def test_amounts_of_a_draft_a_report_and_a_contribution_until_the_round_is_published(
    world: World,
) -> None:
    round_ = world.open_round()
    drafted, submitted = (world.report(round_, measure) for measure in world.measures[:2])
    content = replace(RUNNING, cost_planned=Decimal("1.005"))
    # As earlier versions stored it.
    save(world, drafted, RUNNING)
    fine = replace(content, funding=(Funding("Land", amount=Decimal("2.001")),))
    drafted.draft = to_dict(fine)
    world.submit(submitted)
    revision = world.session.exec(select(ReportRevision)).one().model_dump(exclude={"id"})
    submitted.revision = 2
    submitted.draft = to_dict(content)
    world.session.add(ReportRevision(**revision | {"number": 2, "content": to_dict(content)}))
    paths = [f"/pruefung/{drafted.id}"] * 2 + [f"/pruefung/{submitted.id}"]
    assert [finding.path for finding in found(world)] == paths
    first = found(world)[0]
    assert first.subject == "Q3/2026, Maßnahme 1.1, Meldung"
    assert first.sentence.startswith("Kosten (Plan): 1,005 Euro, mehr als zwei Nachkommastellen.")
    contribution = Contribution(
        report_id=submitted.id,
        institution_id=world.club.id,
        content={"text": "", "participants": [], "cost_actual": "7.777"},
        version=1,
        saved_at=moment("2026-10-05 09:00"),
        saved_by_id=world.stranger.account_id,
    )
    world.session.add(contribution)
    last = found(world)[-1]
    assert last.subject == "Q3/2026, Maßnahme 1.2, Beitrag von Begegnungszentrum"
    assert last.path == f"/pruefung/{submitted.id}"
    world.session.delete(contribution)
    save(world, drafted, RUNNING)
    assert [finding.path for finding in found(world)] == [f"/pruefung/{submitted.id}"]
    round_.closed_at = round_.published_at = moment("2026-11-01 09:00")
    round_.state = RoundState.PUBLISHED
    assert found(world) == ()


def save(world: World, report: Report, content: ReportContent) -> None:
    reports.save_draft(
        world.session,
        report_id=report.id or 0,
        content=content,
        expected_version=report.draft_version,
        by=world.representative,
        now=moment("2026-10-05 09:00"),
    )


def test_measures_that_nobody_entered_as_prioritised(world: World, session: Session) -> None:
    lasting = Measure(concept_id=world.concept_id)
    session.add(lasting)
    session.flush()
    added = EditionMeasure(
        edition_id=world.edition_id,
        measure_id=lasting.id or 0,
        edition_goal_id=world.wordings[0].edition_goal_id,
        code="1.9",
        position=9,
        kind=MeasureKind.MEASURE,
        text="Neu",
        display_text="Neu",
    )
    session.add(added)
    assert found(world) == ()
    added.prioritised = True  # as earlier versions assumed it
    [finding] = found(world)
    assert (finding.subject, finding.path) == ("1 Maßnahme", "/konzept/")
    assert "Gilt als vorrangig, ohne dass es jemand eingetragen hat: 1.9." in finding.sentence
    added.prioritised = False
    assert found(world) == ()
    added.prioritised = True
    edit = MeasureEdit(display_text="Neu", prioritised=True)
    concept.edit_measure(
        session,
        measure_id=lasting.id or 0,
        edit=edit,
        principle_ids=(),
        by=world.coordination,
        now=moment("2026-10-05 09:00"),
    )
    assert found(world) == ()


def test_a_code_of_an_earlier_edition_that_names_nothing_now(
    world: World, session: Session
) -> None:
    edition = Edition(
        concept_id=world.concept_id,
        number=2,
        title="Fassung 2026",
        state=EditionState.ADOPTED,
        resolved_on=date(2026, 4, 1),
        valid_from=date(2026, 7, 1),
    )
    session.add(edition)
    session.flush()
    field = session.exec(select(EditionField)).all()[0].model_dump(exclude={"id"})
    field_row = EditionField(**field | {"edition_id": edition.id})
    session.add(field_row)
    session.flush()
    goal = session.exec(select(EditionGoal)).all()[0].model_dump(exclude={"id"})
    goal_row = EditionGoal(**goal | {"edition_id": edition.id, "edition_field_id": field_row.id})
    session.add(goal_row)
    session.flush()
    for old in world.wordings[1:]:
        values = old.model_dump(exclude={"id"}) | {"prioritised": False}
        values |= {"edition_id": edition.id, "edition_goal_id": goal_row.id}
        session.add(EditionMeasure(**values))
    [finding] = found(world)
    assert finding.subject == "1 Adresse"
    assert finding.sentence.startswith("Zu 1.1 aus früheren Fassungen gibt es keine Maßnahme mehr")
