"""What an institution sees of its measures, on both databases."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.conftest import StatementCounter
from tests.factories import RUNNING, World, moment
from tracker.core.periods import Period
from tracker.reporting.reports.actions import reports
from tracker.reporting.reports.queries.my_measures import MyMeasures, my_measures
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import Course, Implementation

AT = moment("2026-10-09 09:00")


def library_measures(world: World, now: datetime = AT) -> MyMeasures:
    institution_id = world.representative.institution_id
    assert institution_id is not None
    world.session.flush()
    return my_measures(world.session.connection(), institution_id=institution_id, now=now)


@pytest.fixture
def world(session: Session) -> World:
    """Two fields with three measures each; the library leads the first four."""
    world = World(session)
    world.lead(world.library, *world.measures[:4])
    world.lead(world.club, *world.measures[4:])
    return world


def test_without_a_running_round_there_is_nothing_to_report(world: World) -> None:
    assert library_measures(world) == MyMeasures((), ())


def test_only_the_own_measures_are_listed_in_the_order_of_the_concept(world: World) -> None:
    world.open_round()
    [mine] = library_measures(world).rounds
    assert [item.code for item in mine.measures] == ["1.1", "1.2", "1.3", "2.1"]
    assert mine.period == Period(2026, "Q", 3)
    assert mine.open_count == 4
    assert not any(item.may_confirm for item in mine.measures)


def test_a_returned_report_comes_first_with_the_comment_of_its_last_revision(world: World) -> None:
    round_ = world.open_round()
    report = world.report(round_, world.measures[2])
    for comment in ("Bitte die Zahl der Kurse nennen.", "Und den Ort."):
        world.submit(report)
        review.return_report(
            world.session, report_id=report.id or 0, comment=comment, by=world.coordination, now=AT
        )
    first = library_measures(world).rounds[0].measures[0]
    assert (first.code, first.state, first.return_comment) == (
        "1.3",
        ReportState.RETURNED,
        "Und den Ort.",
    )


def test_the_last_value_is_the_reviewed_one_and_says_from_when(world: World) -> None:
    round_ = world.open_round("2026-Q2", opened="2026-07-01 06:00")
    report = world.submit(world.report(round_, world.measures[0]), at="2026-07-05 09:00")
    reviewed = Value(Implementation.IN_PROGRESS, Course.ON_TRACK)
    review.accept(
        world.session,
        report_id=report.id or 0,
        reviewed=replace(reviewed, implementation=Implementation.PLANNED),
        reason="Es gibt noch keinen Kurs.",
        by=world.coordination,
        now=moment("2026-07-06 09:00"),
    )
    rounds.close_round(
        world.session, round_=round_, by=world.coordination, now=moment("2026-07-20 09:00")
    )
    world.open_round()
    newest, older = library_measures(world).rounds
    before = newest.measures[0].before
    assert before is not None
    assert before.period == Period(2026, "Q", 2)
    assert before.value == Value(Implementation.PLANNED, Course.ON_TRACK)
    assert before.said == replace(RUNNING, implementation=Implementation.PLANNED)
    assert newest.measures[0].may_confirm
    assert newest.measures[1].before is None
    assert older.period == Period(2026, "Q", 2)
    assert not any(item.may_write for item in older.measures)


def test_what_was_handed_in_this_round_is_the_reviewed_value_where_there_is_one(
    world: World,
) -> None:
    round_ = world.open_round()
    own, changed = (world.report(round_, item) for item in world.measures[:2])
    world.accept(world.submit(own))
    world.submit(changed)
    reviewed = Value(Implementation.COMPLETED)
    review.accept(
        world.session,
        report_id=changed.id or 0,
        reviewed=reviewed,
        reason="Der Auftrag ist erfüllt.",
        by=world.coordination,
        now=AT,
    )
    measures = library_measures(world).rounds[0].measures
    assert [item.handed_in for item in measures] == [
        Value(Implementation.IN_PROGRESS, Course.ON_TRACK),
        reviewed,
        None,
        None,
    ]


def test_an_extension_moves_the_due_day_and_opens_a_closed_round(world: World) -> None:
    round_ = world.open_round()
    rounds.close_round(world.session, round_=round_, by=world.coordination, now=AT)
    rounds.grant_extension(
        world.session,
        round_=round_,
        institution_id=None,
        report_id=world.report(round_, world.measures[1]).id,
        until=date(2026, 10, 30),
        reason="Krankheit",
        by=world.coordination,
        now=AT,
    )
    [mine] = library_measures(world).rounds
    assert [(item.due.day, item.may_write) for item in mine.measures] == [
        (15, False),
        (30, True),
        (15, False),
        (15, False),
    ]


def test_a_waived_report_is_shown_with_its_reason_and_not_counted(world: World) -> None:
    round_ = world.open_round()
    review.waive(
        world.session,
        report_id=world.report(round_, world.measures[0]).id or 0,
        reason="Umbau",
        by=world.coordination,
        now=AT,
    )
    [mine] = library_measures(world).rounds
    assert (len(mine.expected), mine.open_count) == (3, 3)
    assert mine.measures[0].waived_reason == "Umbau"


def test_a_draft_is_open_and_cannot_be_confirmed_unchanged(world: World) -> None:
    round_ = world.open_round()
    reports.save_draft(
        world.session,
        report_id=world.report(round_, world.measures[0]).id or 0,
        content=RUNNING,
        expected_version=0,
        by=world.staff,
        now=AT,
    )
    first = library_measures(world).rounds[0].measures[0]
    assert (first.is_open, first.may_confirm) == (True, False)


@pytest.mark.parametrize("measures", [1, 29])
def test_the_number_of_statements_does_not_grow_with_measures(
    session: Session, engine: Engine, measures: int
) -> None:
    world = World(session, measures_per_field=measures)
    world.lead(world.library)
    world.open_round()
    session.expire_all()
    with StatementCounter(engine) as counter:
        found = library_measures(world)
    assert len(found.rounds[0].measures) == 2 * measures
    assert counter.count == 2


def test_a_revoked_acceptance_is_told_with_its_reason_until_it_is_decided_again(
    world: World,
) -> None:
    report = world.submit(world.report(world.open_round(), world.measures[0]))
    for reason in ("Falsche Zahl", "Doch falsch"):
        world.accept(report)
        assert library_measures(world).rounds[0].measures[0].revoked_reason == ""
        review.revoke(
            world.session,
            report_id=report.id or 0,
            reason=reason,
            by=world.coordination,
            now=AT,
        )
        assert library_measures(world).rounds[0].measures[0].revoked_reason == reason
