"""More time for an institution or a report, on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import Session

from tests.factories import World, moment
from tests.reporting.rounds.actions.round_world import NOW, put
from tracker.core.errors import IllegalTransition, Invalid
from tracker.reporting.models import Round
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.rounds import RoundState


@pytest.fixture
def world(session: Session) -> World:
    """A concept of six measures, all led by the library."""
    world = World(session)
    world.lead(world.library)
    return world


def grant(world: World, round_: Round, **changes: object) -> object:
    arguments = {
        "round_": round_,
        "institution_id": world.library.id,
        "report_id": None,
        "until": date(2026, 10, 25),
        "reason": "Umzug",
        "by": world.coordination,
        "now": NOW,
    } | changes
    return rounds.grant_extension(world.session, **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": " "},
        {"until": date(2026, 10, 15)},
        {"until": date(2026, 10, 20), "now": moment("2026-10-21 09:00")},
        {"until": date(2027, 10, 16)},
        {"until": date(9999, 12, 31)},
    ],
    ids=["no reason", "not after the due day", "in the past", "over a year", "never"],
)
def test_an_extension_that_makes_no_sense_is_refused(
    world: World, changes: dict[str, object]
) -> None:
    with pytest.raises(Invalid):
        grant(world, world.open_round(), **changes)


def test_an_extension_may_last_a_year(world: World) -> None:
    grant(world, world.open_round(), until=date(2027, 10, 15))


@pytest.mark.parametrize("state", [RoundState.PLANNED, RoundState.PUBLISHED, RoundState.CANCELLED])
def test_an_extension_needs_a_running_round(world: World, state: RoundState) -> None:
    with pytest.raises(IllegalTransition, match="Nachfrist"):
        grant(world, put(world, state))


def test_an_extension_of_one_report_does_not_help_another(world: World) -> None:
    round_ = world.open_round()
    report, other = (world.report(round_, item) for item in world.measures[:2])
    grant(world, round_, institution_id=None, report_id=report.id)
    rounds.close_round(world.session, round_=round_, by=None, now=moment("2026-10-16 09:00"))
    world.submit(report, at="2026-10-20 09:00")
    with pytest.raises(IllegalTransition, match="Nachfrist"):
        world.submit(other, at="2026-10-20 09:00")
    review.return_report(
        world.session,
        report_id=report.id or 0,
        comment="Bitte Zahl ergänzen",
        by=world.coordination,
        now=moment("2026-10-21 09:00"),
    )
    world.submit(report, at="2026-10-25 12:00")
    assert report.revision == 2
