"""The cockpit's figures by field, what was published beside them, and who cannot report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.bielefeld import BIELEFELD
from tests.conftest import StatementCounter
from tests.factories import CRITICAL, RUNNING, World, moment
from tests.publication.publishing import correct_sitting
from tracker.cockpit.queries.cockpit import Cockpit, cockpit
from tracker.concept.queries.concept import measures_to_report
from tracker.core.periods import Period, local_day
from tracker.publication.actions import publication
from tracker.publication.queries import published
from tracker.publication.queries.publication_facts import instance_of
from tracker.reporting.models import Round
from tracker.reporting.reports.actions import reports
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rounds.queries.round_list import round_head
from tracker.reporting.rounds.queries.round_page import RoundPage, round_page
from tracker.reporting.rules.figures import Ratio

SETTINGS = replace(BIELEFELD, secret_key="long enough for a test of this product")
LATER = moment("2026-10-20 09:00")


@pytest.fixture
def world(session: Session) -> World:
    """Two fields of three measures: the library leads all but the last, the club that one."""
    world = World(session)
    world.lead(world.library, *world.measures[:5])
    world.lead(world.club, world.measures[5])
    return world


def read(
    world: World, *, period: str = "2026-Q3", now: str = "2026-10-20 09:00"
) -> tuple[RoundPage, Cockpit]:
    world.session.flush()
    head = round_head(world.session, concept_id=world.concept_id, period=Period.parse(period))
    assert head is not None
    page = round_page(world.session, head=head, now=moment(now))
    versions = tuple(item for item in published.versions(world.session) if item.period == period)
    today = local_day(moment(now))
    return page, cockpit(world.session, page=page, versions=versions, today=today)


def publish(world: World, round_: Round, at: str) -> None:
    publication.publish(
        world.session,
        round_=round_,
        by=world.coordination,
        now=moment(at),
        instance=instance_of(SETTINGS),
    )


def closed_and_published(world: World) -> Round:
    """One report on time, one late, one returned, one waived, two missing; published."""
    round_ = world.open_round()
    first, late, returned, waived = (world.report(round_, item) for item in world.measures[:4])
    world.accept(world.submit(first))
    world.accept(world.submit(late, at="2026-10-17 09:00"), at="2026-10-18 09:00")
    world.submit(returned)
    by, now = world.coordination, moment("2026-10-06 09:00")
    review.return_report(world.session, report_id=returned.id or 0, comment="Zahl?", by=by, now=now)
    review.waive(world.session, report_id=waived.id or 0, reason="Umzug", by=by, now=now)
    rounds.close_round(world.session, round_=round_, by=by, now=LATER)
    publish(world, round_, "2026-10-21 09:00")
    return round_


def test_the_returns_of_the_fields_add_up_to_the_rounds(world: World) -> None:
    closed_and_published(world)
    page, found = read(world)
    assert [(part.name, part.returns.completeness) for part in found.fields] == [
        ("Handlungsfeld 1", Ratio(3, 3)),
        ("Handlungsfeld 2", Ratio(0, 2)),
    ]
    for name in ("completeness", "acceptance", "timeliness"):
        parts = [getattr(part.returns, name) for part in found.fields]
        whole = getattr(page.returns, name)
        assert sum(part.count for part in parts) == whole.count
        assert sum(part.total for part in parts) == whole.total
    assert [part.returns.waived for part in found.fields] == [0, 1]


def test_where_nothing_is_expected_there_is_no_share(world: World) -> None:
    round_ = world.open_round()
    for measure in world.measures[3:]:
        review.waive(
            world.session,
            report_id=world.report(round_, measure).id or 0,
            reason="Umzug",
            by=world.coordination,
            now=LATER,
        )
    _, found = read(world)
    last = found.fields[-1].returns
    shares = (last.completeness, last.acceptance, last.timeliness)
    assert [share.percent for share in shares] == [None] * 3


def test_a_published_rounds_figures_are_those_of_its_snapshot(world: World) -> None:
    closed_and_published(world)
    for now in ("2026-10-21 10:00", "2028-01-01 10:00"):
        page, found = read(world, now=now)
        assert found.published is not None
        assert (found.published.version, found.published.is_current) == (1, True)
        assert found.published.returns == page.returns
        assert page.returns.timeliness == Ratio(2, 5)


def test_names_and_responsibilities_of_later_do_not_move_the_figures(world: World) -> None:
    closed_and_published(world)
    before, _ = read(world)
    world.library.name = "Volkshochschule Ravensberg"
    world.measures[0].retired_on = date(2026, 11, 1)
    world.session.add(world.library)
    world.session.add(world.measures[0])
    page, found = read(world, now="2026-12-01 09:00")
    assert page.returns == before.returns
    assert found.published is not None
    assert found.published.is_current


def test_during_a_correction_the_published_figures_stand_beside_the_new_ones(
    world: World,
) -> None:
    round_ = closed_and_published(world)
    accepted = world.report(round_, world.measures[0])
    rounds.correct(
        world.session,
        round_=round_,
        reason="Zahlendreher",
        by=world.coordination,
        now=moment("2026-10-22 09:00"),
    )
    page, found = read(world, now="2026-10-22 10:00")
    assert found.published is not None
    assert found.published.is_current
    review.revoke(
        world.session,
        report_id=accepted.id or 0,
        reason="Falsche Zahl",
        by=world.coordination,
        now=moment("2026-10-22 11:00"),
    )
    page, found = read(world, now="2026-10-22 12:00")
    assert found.published is not None
    assert not found.published.is_current
    assert (page.returns.acceptance, found.published.returns.acceptance) == (
        Ratio(1, 5),
        Ratio(2, 5),
    )
    world.accept(accepted, at="2026-10-22 13:00")
    correct_sitting(round_)
    publish(world, round_, "2026-10-22 14:00")
    _, found = read(world, now="2026-10-22 15:00")
    assert found.published is not None
    assert (found.published.version, found.published.is_current) == (2, True)


def test_a_third_confirmation_in_a_row_is_listed_a_withdrawn_one_is_not(world: World) -> None:
    last = None
    for number, period in enumerate(("2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")):
        opened = Period.parse(period).opens_on
        round_ = world.open_round(period, opened=f"{opened} 06:00")
        last = world.report(round_, world.measures[0])
        if number == 0:
            world.submit(last, RUNNING, at=f"{opened} 09:00")
        else:
            reports.confirm_unchanged(
                world.session,
                report_id=last.id or 0,
                by=world.representative,
                now=moment(f"{opened} 09:00"),
            )
        if period != "2026-Q3":
            world.accept(last, at=f"{opened} 10:00")
            rounds.close_round(world.session, round_=round_, by=None, now=moment(f"{opened} 11:00"))
    page, _ = read(world, now="2026-10-02 09:00")
    assert [(item.code, item.unchanged_streak) for item in page.often_unchanged] == [("1.1", 3)]
    assert last is not None
    reports.withdraw(
        world.session,
        report_id=last.id or 0,
        by=world.representative,
        now=moment("2026-10-02 10:00"),
    )
    page, _ = read(world, now="2026-10-02 11:00")
    assert page.often_unchanged == ()


@pytest.mark.parametrize(
    ("returned", "now", "days", "late"),
    [
        ("2026-10-06 09:00", "2026-10-06 20:00", 0, False),
        # 22:30 UTC is the next day in Berlin.
        ("2026-10-06 22:30", "2026-10-14 09:00", 7, False),
        ("2026-10-06 09:00", "2026-10-13 21:59", 7, False),
        ("2026-10-06 09:00", "2026-10-13 22:00", 8, True),
    ],
)
def test_a_returned_report_waits_by_days_in_berlin(
    world: World, returned: str, now: str, days: int, late: bool
) -> None:
    report = world.submit(world.report(world.open_round(), world.measures[0]), CRITICAL)
    review.return_report(
        world.session,
        report_id=report.id or 0,
        comment="Zahl?",
        by=world.coordination,
        now=moment(returned),
    )
    page, _ = read(world, now=now)
    assert [(item.waiting_days, item.is_resubmission_overdue) for item in page.returned] == [
        (days, late)
    ]


def test_the_steps_follow_the_state_and_the_round(world: World) -> None:
    round_ = world.open_round()
    world.submit(world.report(round_, world.measures[0]))
    page, _ = read(world, now="2026-10-06 09:00")
    by_code = {item.code: item for item in page.reports}
    assert not by_code["1.1"].may_be_written
    assert set(by_code["1.1"].events) == {"withdraw", "accept", "return"}
    assert by_code["1.2"].may_be_written
    assert "waive" in by_code["1.2"].events
    rounds.close_round(world.session, round_=round_, by=world.coordination, now=LATER)
    page, _ = read(world)
    assert not any(item.may_be_written for item in page.reports)
    rounds.grant_extension(
        world.session,
        round_=round_,
        institution_id=world.club.id,
        report_id=None,
        until=date(2026, 10, 25),
        reason="Umzug",
        by=world.coordination,
        now=LATER,
    )
    page, _ = read(world)
    assert [item.code for item in page.reports if item.may_be_written] == ["2.3"]
    assert [item.code for item in page.extended] == ["2.3"]
    review.waive(
        world.session,
        report_id=world.report(round_, world.measures[5]).id or 0,
        reason="Umzug",
        by=world.coordination,
        now=LATER,
    )
    page, _ = read(world)
    assert page.extended == ()


def test_58_and_580_measures_cost_the_same_statements(session: Session, engine: Engine) -> None:
    counts = []
    for fields in (2, 20):
        with session.begin_nested() as point:
            world = World(session, fields=fields, measures_per_field=29)
            shares = [
                world.institution(f"i{number}", f"Institution {number}")
                for number in range(5 * fields)
            ]
            for number, institution in enumerate(shares):
                world.lead(institution, *world.measures[number :: len(shares)])
            world.open_round()
            session.flush()
            with StatementCounter(engine) as counter:
                page, found = read(world)
                measures_to_report(
                    session, edition_id=world.edition_id, day=LATER.date(), as_of=LATER.date()
                )
            assert len(page.reports) == 29 * fields
            assert len(page.institutions) == len(found.unreachable) == 5 * fields
            counts.append(counter.count)
            point.rollback()
    assert counts[0] == counts[1]
