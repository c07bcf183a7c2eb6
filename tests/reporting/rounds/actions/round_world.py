"""Rounds in every state for the tests of what the KI does with them."""

from __future__ import annotations

from datetime import date

from tests.factories import World, moment
from tracker.core.periods import Period
from tracker.reporting.models import Round
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.rounds import RoundState

NOW = moment("2026-10-05 09:00")


def plan(world: World, period: str = "2026-Q3", **changes: object) -> Round:
    arguments = {
        "concept_id": world.concept_id,
        "period": Period.parse(period),
        "due_on": date(2026, 10, 15),
        "resubmit_days": 7,
        "by": world.coordination,
        "now": NOW,
    } | changes
    return rounds.plan(world.session, **arguments)  # type: ignore[arg-type]


def put(world: World, state: RoundState) -> Round:
    """A round in a state, with the dates that the database asks for."""
    round_ = plan(world)
    round_.state = state
    if state not in {RoundState.PLANNED, RoundState.CANCELLED}:
        round_.opened_at = round_.closed_at = NOW
    if state is RoundState.PUBLISHED:
        round_.published_at = NOW
    world.session.flush()
    return round_
