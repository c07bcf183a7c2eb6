"""Which rounds can be planned, on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import Session

from tests.actions.round_world import NOW, plan
from tests.factories import World
from tracker.actions import rounds
from tracker.rules.errors import Invalid
from tracker.rules.periods import Period
from tracker.rules.rounds import RoundState


@pytest.fixture
def world(session: Session) -> World:
    """A concept of six measures, all led by the library."""
    world = World(session)
    world.lead(world.library)
    return world


def test_a_due_day_within_the_period_is_refused(world: World) -> None:
    with pytest.raises(Invalid, match=r"30\.09\.2026") as refusal:
        plan(world, due_on=date(2026, 9, 30))
    assert refusal.value.problems[0].field == "due_on"


def test_a_period_is_planned_once(world: World) -> None:
    plan(world)
    with pytest.raises(Invalid, match="gibt es schon"):
        plan(world)


def test_papers_are_sent_before_the_sitting(world: World) -> None:
    with pytest.raises(Invalid, match=r"02\.12\.2026.*nach der Sitzung.*01\.12\.2026"):
        plan(world, despatch_on=date(2026, 12, 2), committee_on=date(2026, 12, 1))
    plan(world, despatch_on=date(2026, 12, 1), committee_on=date(2026, 12, 1))


@pytest.mark.parametrize(
    ("first", "then"),
    [("2026-Q4", "2026-H2"), ("2026-H2", "2026-Q3"), ("2026-H2", "2026-Q4")],
)
def test_rounds_of_a_concept_do_not_overlap(world: World, first: str, then: str) -> None:
    day = date(2027, 1, 15)
    earlier = plan(world, first, due_on=day)
    label = Period.parse(first).label
    with pytest.raises(Invalid, match=f"überschneidet sich mit der Runde {label}"):
        plan(world, then, due_on=day)
    rounds.cancel(world.session, round_=earlier, by=world.coordination, now=NOW)
    assert plan(world, then, due_on=day).state is RoundState.PLANNED


def test_a_half_year_follows_another_and_a_quarter_the_half_year(world: World) -> None:
    for period in ("2026-H1", "2026-Q3", "2026-Q4"):
        plan(world, period, due_on=date(2027, 1, 15))


def test_a_period_before_the_first_edition_is_refused(world: World) -> None:
    with pytest.raises(Invalid, match="keine Fassung"):
        plan(world, "2019-Q4", due_on=date(2026, 10, 15))


def test_a_half_year_can_be_planned(world: World) -> None:
    round_ = plan(world, "2026-H1", due_on=date(2026, 7, 15))
    assert (round_.period_start, round_.period_end) == (date(2026, 1, 1), date(2026, 6, 30))
