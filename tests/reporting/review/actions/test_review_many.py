"""Accepting several unchanged confirmations together, on both databases."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from tests.factories import RUNNING, World, moment
from tests.reporting.review.actions.review_world import in_state
from tracker.core.errors import Forbidden
from tracker.core.models import AuditEvent
from tracker.core.permissions import Actor
from tracker.reporting.models import Report, Review, Round
from tracker.reporting.reports.actions import reports
from tracker.reporting.review.actions import review
from tracker.reporting.review.actions.review import ChosenReport, accept_many
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.rounds import RoundState

NOW = moment("2026-10-07 09:00")


@pytest.fixture
def world(session: Session) -> World:
    """A concept of six measures, all led by the library."""
    world = World(session)
    world.lead(world.library)
    return world


@pytest.fixture
def confirmed(world: World) -> list[Report]:
    """The reports of three measures, confirmed unchanged after an accepted quarter."""
    earlier = world.open_round("2026-Q2", opened="2026-07-01 06:00")
    for measure in world.measures[:3]:
        world.accept(
            world.submit(world.report(earlier, measure), at="2026-07-05 09:00"),
            at="2026-07-06 09:00",
        )
    round_ = world.open_round()
    found = [world.report(round_, measure) for measure in world.measures[:3]]
    for report in found:
        confirm(world, report, by=world.representative)
    return found


def confirm(world: World, report: Report, *, by: Actor) -> None:
    reports.confirm_unchanged(
        world.session,
        report_id=report.id or 0,
        by=by,
        now=moment("2026-10-05 09:00"),
    )


def accept(world: World, *wanted: Report, by: Actor | None = None) -> list[str]:
    """The refusals, "" where a report was accepted."""
    chosen = [ChosenReport(report.id or 0, report.revision) for report in wanted]
    by = by or world.coordination
    return [item.refusal for item in accept_many(world.session, chosen=chosen, by=by, now=NOW)]


def states(world: World, found: list[Report]) -> list[ReportState]:
    for report in found:
        world.session.refresh(report)
    return [report.state for report in found]


def test_every_chosen_report_is_accepted_with_its_own_review_and_event(
    world: World, confirmed: list[Report]
) -> None:
    assert accept(world, *confirmed, confirmed[0]) == ["", "", ""]
    assert set(states(world, confirmed)) == {ReportState.ACCEPTED}
    for report in confirmed:
        assert world.session.exec(select(Review).where(Review.report_id == report.id)).one()
        assert world.session.exec(
            select(AuditEvent).where(
                AuditEvent.verb == "report.accept", AuditEvent.entity_id == report.id
            )
        ).one()


def test_what_changed_in_the_meantime_is_told_and_holds_up_no_other(
    world: World, confirmed: list[Report]
) -> None:
    first, second, third = confirmed
    review.return_report(
        world.session,
        report_id=first.id or 0,
        comment="Stimmt das noch?",
        by=world.second_coordination,
        now=NOW,
    )
    read = [ChosenReport(report.id or 0, 1) for report in confirmed]
    reports.withdraw(world.session, report_id=second.id or 0, by=world.representative, now=NOW)
    world.submit(second)
    found = accept_many(
        world.session, chosen=[*read, ChosenReport(999_999, 1)], by=world.coordination, now=NOW
    )
    assert [item.report_id for item in found] == [first.id, second.id, third.id, 999_999]
    assert found[0].refusal.startswith(f"{world.second_coordination.name} hat inzwischen")
    assert "Die Meldung ist zurückgegeben" in found[0].refusal
    assert "neue Fassung" in found[1].refusal
    assert found[2].refusal == ""
    assert "gibt es nicht" in found[3].refusal
    assert states(world, confirmed) == [
        ReportState.RETURNED,
        ReportState.SUBMITTED,
        ReportState.ACCEPTED,
    ]


def test_who_submitted_accepts_none_of_them(world: World, confirmed: list[Report]) -> None:
    own = confirmed[0]
    reports.withdraw(world.session, report_id=own.id or 0, by=world.representative, now=NOW)
    confirm(world, own, by=world.coordination)
    refusals = accept(world, *confirmed)
    assert "selbst abgegeben" in refusals[0]
    assert refusals[1:] == ["", ""]
    assert accept(world, own, by=world.second_coordination) == [""]


def test_a_report_with_changes_is_reviewed_for_itself(
    world: World, confirmed: list[Report]
) -> None:
    round_ = world.session.get_one(Round, confirmed[0].round_id)
    changed = world.submit(world.report(round_, world.measures[3]), RUNNING)
    assert "keine unveränderte Bestätigung" in accept(world, changed)[0]
    assert states(world, [changed]) == [ReportState.SUBMITTED]


@pytest.mark.parametrize("state", list(ReportState))
def test_only_a_submitted_confirmation_is_accepted(world: World, state: ReportState) -> None:
    report = in_state(world, state)
    report.unchanged = True
    [refusal] = accept(world, report)
    assert (refusal == "") == (state is ReportState.SUBMITTED)
    expected = ReportState.ACCEPTED if state is ReportState.SUBMITTED else state
    assert states(world, [report]) == [expected]


def test_after_publication_none_is_accepted(world: World, confirmed: list[Report]) -> None:
    round_ = world.session.get_one(Round, confirmed[0].round_id)
    round_.closed_at = round_.published_at = NOW
    round_.state = RoundState.PUBLISHED
    world.session.flush()
    assert all("Korrektur" in refusal for refusal in accept(world, *confirmed))


def test_only_the_ki_accepts(world: World, confirmed: list[Report]) -> None:
    for nobody in (world.representative, world.stranger, world.committee):
        with pytest.raises(Forbidden):
            accept(world, *confirmed, by=nobody)
    assert set(states(world, confirmed)) == {ReportState.SUBMITTED}
