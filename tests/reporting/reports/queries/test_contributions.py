"""Where institutions work together, as their pages read it; on both databases."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.conftest import StatementCounter
from tests.factories import World, moment
from tests.factories_contributions import SAID, bring, contribute, partner, take
from tracker.concept.models import Institution, Responsibility
from tracker.core.errors import NotFound
from tracker.core.periods import local_day
from tracker.reporting.models import Round
from tracker.reporting.reports.queries.contributions import of_report, partner_page
from tracker.reporting.reports.queries.my_contributions import Together, together
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.contribution import ContributionState, Part
from tracker.reporting.rules.reports import ReportState

AT = moment("2026-10-05 09:00")


@pytest.fixture
def world(session: Session) -> World:
    """The library leads all, the club takes part in the first and in the last measure."""
    world = World(session)
    world.lead(world.library)
    partner(world, world.club, world.measures[0], world.measures[-1])
    return world


def seen_by(world: World, institution: Institution, at: str = "2026-10-05 09:00") -> Together:
    world.session.flush()
    now = moment(at)
    return together(world.session.connection(), institution_id=institution.id or 0, now=now)


def test_without_a_running_round_there_is_nothing_to_add_to(world: World) -> None:
    assert seen_by(world, world.club) == Together((), ())


def test_a_partner_sees_its_measures_with_lead_day_and_own_contribution(world: World) -> None:
    round_ = world.open_round()
    contribute(world, world.report(round_, world.measures[-1]))
    found = seen_by(world, world.club).as_partner
    assert [(item.code, item.lead, item.due, item.contribution) for item in found] == [
        ("1.1", "Volkshochschule", date(2026, 10, 15), None),
        ("2.3", "Volkshochschule", date(2026, 10, 15), ContributionState.WAITING),
    ]
    assert all(item.may_write for item in found)


def test_the_lead_sees_what_waits_until_it_took_the_latest_version(world: World) -> None:
    report = world.report(world.open_round(), world.measures[0])
    contribution = contribute(world, report)
    [waiting] = seen_by(world, world.library).waiting
    assert (waiting.report_id, waiting.code, waiting.partner) == (
        report.id,
        "1.1",
        "Begegnungszentrum",
    )
    take(world, contribution, parts=[Part.TEXT])
    assert seen_by(world, world.library) == Together((), ())
    contribute(world, report, content=replace(SAID, text="Anders."), expected_version=1)
    assert len(seen_by(world, world.library).waiting) == 1
    [changed] = [item for item in seen_by(world, world.club).as_partner if item.code == "1.1"]
    assert changed.contribution is ContributionState.CHANGED


@pytest.mark.parametrize("state", [ReportState.SUBMITTED, ReportState.ACCEPTED, ReportState.WAIVED])
def test_what_is_handed_in_waits_no_more_and_is_not_written(
    world: World, state: ReportState
) -> None:
    report = world.report(world.open_round(), world.measures[0])
    contribute(world, report)
    bring(world, report, state)
    assert seen_by(world, world.library).waiting == ()
    [first, _] = seen_by(world, world.club).as_partner
    assert (first.report_state, first.may_write) == (state, False)


def test_the_day_and_the_writing_follow_the_leads_nachfrist(world: World) -> None:
    round_ = world.open_round()
    rounds.grant_extension(
        world.session,
        round_=round_,
        institution_id=world.library.id,
        report_id=None,
        until=date(2026, 10, 25),
        reason="Urlaub.",
        by=world.coordination,
        now=AT,
    )
    rounds.close_round(
        world.session, round_=round_, by=world.coordination, now=moment("2026-10-16 09:00")
    )
    [first, _] = seen_by(world, world.club, "2026-10-25 09:00").as_partner
    assert (first.due, first.may_write) == (date(2026, 10, 25), True)
    [first, _] = seen_by(world, world.club, "2026-10-26 09:00").as_partner
    assert not first.may_write
    page = partner_page(
        world.session,
        report_id=first.report_id,
        by=world.stranger,
        now=moment("2026-10-25 09:00"),
    )
    assert (page.due, page.may_write) == (date(2026, 10, 25), True)


def test_who_takes_part_no_more_or_leads_by_now_is_no_partner(world: World) -> None:
    round_ = world.open_round()
    rows = world.session.exec(
        select(Responsibility)
        .where(Responsibility.institution_id == world.club.id)
        .order_by(Responsibility.measure_id)  # type: ignore[arg-type]
    ).all()
    rows[0].valid_to = date(2026, 10, 4)
    world.report(round_, world.measures[-1]).institution_id = world.club.id or 0
    assert seen_by(world, world.club).as_partner == ()


def test_only_the_lead_and_the_ki_read_a_reports_contributions(world: World) -> None:
    report = world.report(world.open_round(), world.measures[0])
    contribute(world, report)
    for by in (world.representative, world.staff, world.coordination):
        [found] = of_report(world.session, report_id=report.id or 0, by=by, today=local_day(AT))
        assert (found.institution, found.content, found.state) == (
            "Begegnungszentrum",
            SAID,
            ContributionState.WAITING,
        )
    for by in (world.stranger, world.committee):
        with pytest.raises(NotFound):
            of_report(world.session, report_id=report.id or 0, by=by, today=local_day(AT))
    with pytest.raises(NotFound):
        of_report(world.session, report_id=999_999, by=world.coordination, today=local_day(AT))


def test_the_partners_page_is_for_partners_only(world: World) -> None:
    report = world.report(world.open_round(), world.measures[0])
    page = partner_page(world.session, report_id=report.id or 0, by=world.stranger, now=AT)
    assert (page.code, page.lead, page.own) == ("1.1", "Volkshochschule", None)
    for by in (world.representative, world.coordination, world.committee):
        with pytest.raises(NotFound):
            partner_page(world.session, report_id=report.id or 0, by=by, now=AT)


@pytest.mark.parametrize("measures", [1, 29])
def test_one_statement_however_many_measures_there_are(
    session: Session, engine: Engine, measures: int
) -> None:
    world = World(session, measures_per_field=measures)
    world.lead(world.library)
    partner(world, world.club, *world.measures)
    round_ = world.open_round()
    contribute(world, world.report(round_, world.measures[0]))
    session.expire_all()
    club = session.get_one(Institution, world.stranger.institution_id)
    assert session.get(Round, round_.id)
    with StatementCounter(engine) as counter:
        found = seen_by(world, club)
    assert len(found.as_partner) == 2 * measures
    assert counter.count == 1
