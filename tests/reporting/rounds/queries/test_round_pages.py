"""The cockpit, the list of rounds and the review queue, on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.conftest import StatementCounter
from tests.factories import World, moment
from tracker.core.periods import Period, local_day
from tracker.reporting.review.actions import review
from tracker.reporting.review.queries.review_queue import queue
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rounds.queries.round_list import RoundHead, round_head, round_list
from tracker.reporting.rounds.queries.round_page import RoundPage, round_page
from tracker.reporting.rules.figures import Ratio
from tracker.reporting.rules.reports import Punctuality, ReportState
from tracker.reporting.rules.rounds import RoundState

LATER = moment("2026-10-20 09:00")


@pytest.fixture
def world(session: Session) -> World:
    """Six measures: five led by the library, one by the club."""
    world = World(session)
    world.lead(world.library, *world.measures[:5])
    world.lead(world.club, world.measures[5])
    return world


def head(world: World, period: str = "2026-Q3") -> RoundHead:
    found = round_head(world.session, concept_id=world.concept_id, period=Period.parse(period))
    assert found is not None
    return found


def filled(world: World) -> RoundPage:
    """Accepted on time, submitted late, returned, waived, one untouched, one of the club's."""
    round_ = world.open_round()
    accepted, late, returned, waived = (world.report(round_, item) for item in world.measures[:4])
    world.accept(world.submit(accepted))
    world.submit(late, at="2026-10-17 09:00")
    world.submit(returned)
    now = moment("2026-10-06 09:00")
    review.return_report(
        world.session,
        report_id=returned.id or 0,
        comment="Zahl?",
        by=world.coordination,
        now=now,
    )
    review.waive(
        world.session, report_id=waived.id or 0, reason="Umzug", by=world.coordination, now=now
    )
    rounds.grant_extension(
        world.session,
        round_=round_,
        institution_id=world.club.id,
        report_id=None,
        until=date(2026, 10, 25),
        reason="Umzug",
        by=world.coordination,
        now=now,
    )
    world.session.flush()
    return round_page(world.session, head=head(world), now=LATER)


def test_the_ruecklauf_leaves_the_waived_out(world: World) -> None:
    page = filled(world)
    assert page.returns.completeness == Ratio(3, 5)
    assert page.returns.acceptance == Ratio(1, 5)
    assert page.returns.timeliness == Ratio(2, 5)
    assert page.returns.waived == 1


def test_reports_are_sorted_into_what_is_to_be_done(world: World) -> None:
    page = filled(world)
    codes = {
        name: [item.code for item in getattr(page, name)]
        for name in (
            "to_review",
            "returned",
            "resubmission_overdue",
            "waived",
            "missing",
            "overdue",
        )
    }
    assert codes == {
        "to_review": ["1.2"],
        "returned": ["1.3"],
        "waived": ["2.1"],
        "missing": ["2.3", "2.2"],
        # 1.3 was returned on the 6th and has seven days: late, but not past the Abgabefrist.
        "resubmission_overdue": ["1.3"],
        # 2.2 never came; the club has more time.
        "overdue": ["2.2"],
    }
    assert [item.resubmit_by for item in page.returned] == [date(2026, 10, 13)]


def test_punctuality_is_derived_from_the_first_submission_and_the_extension(world: World) -> None:
    stands = {item.code: item.punctuality for item in filled(world).reports}
    assert stands == {
        "1.1": Punctuality.ON_TIME,
        "1.2": Punctuality.LATE,
        "1.3": Punctuality.ON_TIME,
        "2.1": Punctuality.OVERDUE,
        "2.2": Punctuality.OVERDUE,
        "2.3": Punctuality.PENDING,
    }


def test_an_extension_is_shown_with_its_new_day(world: World) -> None:
    page = filled(world)
    [club] = [part for part in page.institutions if part.institution_id == world.club.id]
    assert [(item.due_on, item.is_extended) for item in club.reports] == [
        (date(2026, 10, 25), True)
    ]
    assert [item.subject for item in page.extensions] == ["Begegnungszentrum"]


def test_the_list_has_the_same_figures_as_the_page(world: World) -> None:
    page = filled(world)
    rounds.plan(
        world.session,
        concept_id=world.concept_id,
        period=Period.parse("2026-Q4"),
        due_on=date(2027, 1, 15),
        despatch_on=date(2027, 1, 15),
        resubmit_days=7,
        by=None,
        now=LATER,
    )
    planned, running = round_list(world.session, concept_id=world.concept_id, now=LATER)
    assert (running.returns, running.to_review) == (page.returns, 1)
    assert (planned.head.state, planned.returns) == (RoundState.PLANNED, None)
    assert planned.head.is_due_too_late
    assert not running.head.is_due_too_late


def test_an_unknown_round_is_none(world: World) -> None:
    period = Period.parse("2030-Q1")
    assert round_head(world.session, concept_id=world.concept_id, period=period) is None


def test_statements_do_not_grow_with_measures_or_rounds(session: Session, engine: Engine) -> None:
    counts = []
    for fields in (2, 20):
        with session.begin_nested() as point:
            world = World(session, fields=fields)
            world.lead(world.library)
            for period, opened in (
                ("2026-Q2", "2026-07-01 06:00"),
                ("2026-Q3", "2026-10-01 06:00"),
            ):
                round_ = world.open_round(period, opened=opened)
                if fields == 2 and period == "2026-Q2":
                    continue
                world.submit(world.report(round_, world.measures[0]), at=opened)
            session.flush()
            with StatementCounter(engine) as counter:
                found = round_list(session, concept_id=world.concept_id, now=LATER)
                page = round_page(session, head=found[0].head, now=LATER)
                queue(session, account_id=0, today=local_day(LATER))
            assert len(page.reports) == fields * 3
            counts.append(counter.count)
            point.rollback()
    assert counts == [7, 7]


def test_a_report_that_was_waived_is_not_overdue(world: World) -> None:
    waived = [item for item in filled(world).reports if item.state is ReportState.WAIVED]
    assert [item.is_overdue for item in waived] == [False]
