"""An open round cancelled, as long as nothing was handed in, on both databases."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from tests.factories import RUNNING, World, moment
from tests.reporting.rounds.actions.round_world import NOW
from tracker.core.errors import IllegalTransition
from tracker.reporting.models import Round
from tracker.reporting.reports.actions import reports
from tracker.reporting.reports.queries.my_measures import my_measures
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rounds.queries.round_list import round_list
from tracker.reporting.rules.rounds import RoundState


@pytest.fixture
def world(session: Session) -> World:
    """A concept of six measures, all led by the library."""
    world = World(session)
    world.lead(world.library)
    return world


def cancel(world: World, round_: Round) -> None:
    by = world.coordination
    rounds.cancel(world.session, round_=round_, reason=" Neuwahl ", by=by, now=NOW)


def test_a_cancelled_round_says_when_and_why_and_counts_nothing(world: World) -> None:
    round_ = world.open_round()
    cancel(world, round_)
    assert (round_.state, round_.cancelled_at, round_.cancelled_reason) == (
        RoundState.CANCELLED,
        NOW,
        "Neuwahl",
    )
    world.session.flush()
    [summary] = round_list(world.session, concept_id=world.concept_id, now=NOW)
    assert summary.returns is None


@pytest.mark.parametrize("withdrawn", [False, True])
@pytest.mark.parametrize("count", [1, 2])
def test_once_something_was_handed_in_the_round_is_not_cancelled(
    world: World, count: int, withdrawn: bool
) -> None:
    round_ = world.open_round()
    for measure in world.measures[:count]:
        report = world.submit(world.report(round_, measure), at="2026-10-04 09:00")
        if withdrawn:
            reports.withdraw(
                world.session, report_id=report.id or 0, by=world.representative, now=NOW
            )
    given = "ist schon eine Meldung" if count == 1 else "sind schon 2 Meldungen"
    with pytest.raises(IllegalTransition, match=given) as refusal:
        cancel(world, round_)
    assert refusal.value.possible == ("Runde schließen",)
    assert round_.state is RoundState.OPEN


def test_a_published_round_opened_for_a_correction_is_not_cancelled(world: World) -> None:
    round_ = world.open_round()
    round_.published_at = NOW
    with pytest.raises(IllegalTransition, match="war schon veröffentlicht"):
        cancel(world, round_)


def test_a_text_that_was_begun_stays_readable_and_takes_no_more(world: World) -> None:
    round_ = world.open_round()
    report = world.report(round_, world.measures[1])

    def save() -> None:
        reports.save_draft(
            world.session,
            report_id=report.id or 0,
            content=RUNNING,
            expected_version=report.draft_version,
            by=world.representative,
            now=NOW,
        )

    save()
    cancel(world, round_)
    with pytest.raises(IllegalTransition, match="Die Runde ist abgesagt: Es ist nichts mehr"):
        save()
    world.session.flush()
    connection = world.session.connection()
    mine = my_measures(connection, institution_id=world.library.id or 0, now=NOW)
    [shown] = mine.cancelled
    assert (mine.rounds, shown.reason, shown.begun) == ((), "Neuwahl", ((report.id, "1.2"),))
    assert not my_measures(connection, institution_id=world.club.id or 0, now=NOW).cancelled
    later = moment("2027-02-01 09:00")
    assert not my_measures(connection, institution_id=world.library.id or 0, now=later).cancelled


def test_the_next_round_is_opened_as_if_there_had_been_none(world: World) -> None:
    first = world.report(world.open_round("2026-Q2", opened="2026-07-01 06:00"), world.measures[0])
    world.accept(world.submit(first, at="2026-07-05 09:00"), at="2026-07-06 09:00")
    cancel(world, world.open_round())
    following = world.open_round("2026-Q4", opened="2027-01-02 06:00")
    assert world.report(following, world.measures[0]).previous_report_id == first.id
