"""Opening a round and taking it from state to state, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product

import pytest
from sqlmodel import Session, col, select

from tests.conftest import one_database
from tests.factories import RUNNING, START, World, moment
from tests.reporting.rounds.actions.round_world import NOW, plan, put
from tracker.concept.actions import responsibilities
from tracker.concept.models import MeasureKind, ResponsibilityRole
from tracker.core.errors import IllegalTransition, Invalid, NotFound
from tracker.core.models import AuditEvent
from tracker.reporting.models import Report, Round
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.rounds import TRANSITIONS, RoundEvent, RoundState, possible_events
from tracker.reporting.words import ROUND_EVENT


@pytest.fixture
def world(session: Session) -> World:
    """A concept of six measures, all led by the library."""
    world = World(session)
    world.lead(world.library)
    return world


def expected(world: World, round_: Round) -> dict[int, int]:
    statement = select(Report.measure_id, Report.institution_id).where(Report.round_id == round_.id)
    return dict(world.session.exec(statement).all())


def test_opening_asks_for_one_report_per_measure_with_a_lead(world: World) -> None:
    round_ = plan(world)
    count = rounds.open_round(world.session, round_=round_, by=world.coordination, now=NOW)
    assert count == len(world.measures)
    assert expected(world, round_) == {item.id: world.library.id for item in world.measures}
    assert (round_.state, round_.opened_at) == (RoundState.OPEN, NOW)


def test_a_later_change_of_the_lead_does_not_move_the_frozen_set(world: World) -> None:
    round_ = world.open_round()
    before = expected(world, round_)
    responsibilities.assign(
        world.session,
        measure_ids=[item.id or 0 for item in world.measures],
        institution_id=world.club.id or 0,
        role=ResponsibilityRole.LEAD,
        valid_from=date(2026, 10, 6),
        valid_to=None,
        by=world.coordination,
        now=NOW,
    )
    assert expected(world, round_) == before


def test_references_retired_and_leaderless_measures_are_not_asked_for(session: Session) -> None:
    world = World(session)
    reference, retired, ended_on_stichtag, without, past_lead, kept = world.measures
    world.lead(world.library, reference, retired, ended_on_stichtag, kept)
    world.wordings[0].kind = MeasureKind.REFERENCE
    retired.retired_on = date(2026, 1, 1)
    ended_on_stichtag.retired_on = date(2026, 9, 30)
    responsibilities.assign(
        session,
        measure_ids=[past_lead.id or 0],
        institution_id=world.library.id or 0,
        role=ResponsibilityRole.LEAD,
        valid_from=START,
        valid_to=date(2026, 10, 4),
        by=world.coordination,
        now=NOW,
    )
    session.flush()
    round_ = plan(world)
    assert rounds.open_round(session, round_=round_, by=None, now=NOW) == 1
    assert set(expected(world, round_)) == {kept.id}
    assert without.id not in expected(world, round_)


def test_the_day_counts_in_berlin(session: Session) -> None:
    world = World(session)
    responsibilities.assign(
        session,
        measure_ids=[world.measures[0].id or 0],
        institution_id=world.library.id or 0,
        role=ResponsibilityRole.LEAD,
        valid_from=date(2026, 10, 6),
        valid_to=None,
        by=world.coordination,
        now=NOW,
    )
    round_ = plan(world)
    late_evening = moment("2026-10-05 22:30")  # 0:30 of the 6th in Berlin
    assert rounds.open_round(session, round_=round_, by=None, now=late_evening) == 1


def test_a_report_knows_the_last_accepted_one_even_from_two_rounds_ago(world: World) -> None:
    first = world.report(world.open_round("2026-Q1", opened="2026-04-01 06:00"), world.measures[0])
    world.accept(world.submit(first, RUNNING, at="2026-04-05 09:00"), at="2026-04-06 09:00")
    second = world.report(world.open_round("2026-Q2", opened="2026-07-01 06:00"), world.measures[0])
    world.submit(second, RUNNING, at="2026-07-05 09:00")  # submitted, never accepted
    third = world.open_round("2026-Q3")
    assert world.report(third, world.measures[0]).previous_report_id == first.id
    assert world.report(third, world.measures[1]).previous_report_id is None


def test_opening_without_any_lead_is_refused(session: Session) -> None:
    world = World(session)
    round_ = plan(world)
    with pytest.raises(Invalid, match="Zuständigkeiten"), session.begin_nested():
        rounds.open_round(session, round_=round_, by=world.coordination, now=NOW)
    assert round_.state is RoundState.PLANNED


STEPS: dict[RoundEvent, Callable[[World, Round], object]] = {
    RoundEvent.OPEN: lambda world, round_: rounds.open_round(
        world.session, round_=round_, by=world.coordination, now=NOW
    ),
    RoundEvent.CLOSE: lambda world, round_: rounds.close_round(
        world.session, round_=round_, by=world.coordination, now=NOW
    ),
    RoundEvent.CANCEL: lambda world, round_: rounds.cancel(
        world.session, round_=round_, reason="Wahl", by=world.coordination, now=NOW
    ),
    RoundEvent.REOPEN: lambda world, round_: rounds.reopen(
        world.session, round_=round_, reason="Nachzügler", by=world.coordination, now=NOW
    ),
    RoundEvent.CORRECT: lambda world, round_: rounds.correct(
        world.session, round_=round_, reason="Zahlendreher", by=world.coordination, now=NOW
    ),
    RoundEvent.ABANDON: lambda world, round_: rounds.abandon(
        world.session, round_=round_, reason="Doch richtig", by=world.coordination, now=NOW
    ),
}
ILLEGAL = [
    (state, event)
    for state, event in product(RoundState, STEPS)
    if (state, event) not in TRANSITIONS
]


@one_database
@pytest.mark.parametrize(("state", "event"), ILLEGAL)
def test_an_illegal_step_says_what_is_possible(
    world: World, state: RoundState, event: RoundEvent
) -> None:
    round_ = put(world, state)
    with pytest.raises(IllegalTransition) as refusal:
        STEPS[event](world, round_)
    assert refusal.value.possible == tuple(
        ROUND_EVENT[item].text
        for item in possible_events(state, was_published=state is RoundState.PUBLISHED)
    )
    assert round_.state is state


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (RoundState.OPEN, rounds.cancel),
        (RoundState.CLOSED, rounds.reopen),
        (RoundState.PUBLISHED, rounds.correct),
    ],
)
def test_cancelling_reopening_and_correcting_need_a_reason(
    world: World, state: RoundState, step: Callable[..., None]
) -> None:
    round_ = put(world, state)
    with pytest.raises(Invalid) as refusal:
        step(world.session, round_=round_, reason="  ", by=world.coordination, now=NOW)
    assert [problem.field for problem in refusal.value.problems] == ["reason"]
    assert round_.state is state


def test_a_correction_keeps_its_reason_for_the_next_version(world: World) -> None:
    round_ = put(world, RoundState.PUBLISHED)
    STEPS[RoundEvent.CORRECT](world, round_)
    assert (round_.state, round_.correction_reason) == (RoundState.CLOSED, "Zahlendreher")


def test_every_step_leaves_an_audit_event_with_old_and_new_state(world: World) -> None:
    round_ = plan(world)
    for event in (RoundEvent.OPEN, RoundEvent.CLOSE, RoundEvent.REOPEN):
        STEPS[event](world, round_)
    found = world.session.exec(
        select(AuditEvent)
        .where(AuditEvent.entity == "round", AuditEvent.entity_id == round_.id)
        .order_by(col(AuditEvent.id))
    ).all()
    assert [item.verb for item in found] == [
        "round.plan",
        "round.open",
        "round.close",
        "round.reopen",
    ]
    assert found[-1].before == {"state": "closed"}
    assert found[-1].after == {"state": "open", "reason": "Nachzügler"}
    assert {item.actor_id for item in found} == {world.coordination.account_id}


def test_an_unknown_round_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        rounds.load(world.session, round_id=999_999)
