"""What the KI does with a report, on both databases."""

from __future__ import annotations

from itertools import product

import pytest
from sqlmodel import Session, col, select

from tests.conftest import one_database
from tests.factories import RUNNING, World
from tests.reporting.review.actions.review_world import ACTIONS, NOW, Action, call, in_state
from tracker.core.errors import Conflict, Forbidden, IllegalTransition, Invalid, NotFound
from tracker.core.models import AuditEvent
from tracker.reporting.models import Decision, Report, Review, Round
from tracker.reporting.reports.actions import reports
from tracker.reporting.review.actions import review
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import TRANSITIONS, ReportEvent, ReportState
from tracker.reporting.rules.rounds import RoundState
from tracker.reporting.rules.status import Course, Implementation


@pytest.fixture
def world(session: Session) -> World:
    """A concept of six measures, all led by the library."""
    world = World(session)
    world.lead(world.library)
    return world


@pytest.fixture
def report(world: World) -> Report:
    """The submitted report of measure 1.1."""
    return world.submit(world.report(world.open_round(), world.measures[0]))


def decisions(world: World, report: Report) -> list[tuple[Decision, int, str]]:
    rows = world.session.exec(
        select(Review).where(Review.report_id == report.id).order_by(col(Review.id))
    )
    return [(row.decision, row.revision, row.comment) for row in rows]


def test_accepting_keeps_who_and_when(world: World, report: Report) -> None:
    call(world, report, review.accept)
    assert report.state is ReportState.ACCEPTED
    row = world.session.exec(select(Review)).one()
    assert (row.decided_by_id, row.decided_at) == (world.coordination.account_id, NOW)
    assert report.reviewed_implementation is None


def test_another_value_stands_beside_the_self_report_with_its_reason(
    world: World, report: Report
) -> None:
    value = Value(Implementation.PLANNED, Course.AT_RISK)
    call(world, report, review.accept, reviewed=value, reason=" Noch keine Aktivität vor Ort ")
    assert Value(report.reviewed_implementation, report.reviewed_course) == value  # type: ignore[arg-type]
    assert report.reviewed_reason == "Noch keine Aktivität vor Ort"
    event = world.session.exec(
        select(AuditEvent).where(AuditEvent.verb == "report.set_reviewed_value")
    ).one()
    assert event.before == {"implementation": "in_progress", "course": "on_track"}


def test_a_value_equal_to_the_self_report_counts_as_none(world: World, report: Report) -> None:
    same = Value(RUNNING.implementation, RUNNING.course)  # type: ignore[arg-type]
    call(world, report, review.accept, reviewed=same)
    assert (report.reviewed_implementation, report.reviewed_reason) == (None, None)


@pytest.mark.parametrize(
    ("value", "reason", "field"),
    [
        (Value(Implementation.PLANNED, Course.ON_TRACK), " ", "reason"),
        (Value(Implementation.PLANNED), "Doch", "course"),
        (Value(Implementation.ESTABLISHED), "Doch", "course"),
        (Value(Implementation.COMPLETED, Course.ON_TRACK), "Doch", "course"),
        (Value(Implementation.DROPPED, Course.CRITICAL), "Doch", "course"),
    ],
    ids=str,
)
def test_a_reviewed_value_obeys_the_rules_for_reason_and_verlauf(
    world: World, report: Report, value: Value, reason: str, field: str
) -> None:
    with pytest.raises(Invalid) as refusal, world.session.begin_nested():
        call(world, report, review.accept, reviewed=value, reason=reason)
    assert [problem.field for problem in refusal.value.problems] == [field]
    world.session.refresh(report)
    assert report.state is ReportState.SUBMITTED


@pytest.mark.parametrize(
    ("action", "changes"),
    [
        (review.return_report, {"comment": " "}),
        (review.waive, {"reason": ""}),
        (review.revoke, {"reason": "\n"}),
    ],
)
def test_returns_waivers_and_revocations_need_words(
    world: World, report: Report, action: Action, changes: dict[str, object]
) -> None:
    if action is review.waive:
        report = world.report(world.session.get_one(Round, report.round_id), world.measures[1])
    if action is review.revoke:
        call(world, report, review.accept)
    before = report.state
    with pytest.raises(Invalid):
        call(world, report, action, **changes)
    assert report.state is before


def test_who_submitted_does_not_review(world: World) -> None:
    report = world.report(world.open_round(), world.measures[0])
    reports.submit(
        world.session,
        report_id=report.id or 0,
        content=RUNNING,
        expected_version=0,
        by=world.coordination,
        now=NOW,
    )
    for action in (review.accept, review.return_report):
        with pytest.raises(Forbidden, match="selbst abgegeben"):
            call(world, report, action)
    call(world, report, review.accept, by=world.second_coordination)
    assert report.state is ReportState.ACCEPTED


def test_only_the_ki_decides(world: World, report: Report) -> None:
    for action in (review.accept, review.return_report, review.revoke, review.waive):
        with pytest.raises(Forbidden):
            call(world, report, action, by=world.representative)
        for nobody in (world.stranger, world.committee):
            with pytest.raises(NotFound):
                call(world, report, action, by=nobody)


def test_a_decision_is_about_the_revision_that_was_read(world: World, report: Report) -> None:
    reports.withdraw(world.session, report_id=report.id or 0, by=world.representative, now=NOW)
    world.submit(report)
    for action in (review.accept, review.return_report):
        with pytest.raises(Conflict, match="neue Fassung"):
            call(world, report, action, revision=1)
    call(world, report, review.accept, revision=2)
    assert report.state is ReportState.ACCEPTED


ILLEGAL = [
    (state, event)
    for state, event in product(ReportState, ACTIONS)
    if (state, event) not in TRANSITIONS
]


@one_database
@pytest.mark.parametrize(("state", "event"), ILLEGAL)
def test_an_illegal_step_is_refused_and_changes_nothing(
    world: World, state: ReportState, event: ReportEvent
) -> None:
    report = in_state(world, state)
    with pytest.raises(IllegalTransition):
        call(world, report, ACTIONS[event])
    assert report.state is state


def test_revoking_brings_the_report_back_to_review_and_clears_what_was_found(
    world: World, report: Report
) -> None:
    value = Value(Implementation.PLANNED, Course.AT_RISK)
    call(world, report, review.accept, reviewed=value, reason="Noch nichts vor Ort")
    reports.dissent(
        world.session,
        report_id=report.id or 0,
        text="Doch.",
        by=world.representative,
        now=NOW,
    )
    call(world, report, review.revoke)
    assert report.state is ReportState.SUBMITTED
    assert (report.reviewed_implementation, report.dissent) == (None, None)
    assert decisions(world, report) == [
        (Decision.ACCEPTED, 1, "Noch nichts vor Ort"),
        (Decision.REVOKED, 1, "Irrtum"),
    ]


@pytest.mark.parametrize("state", [ReportState.EXPECTED, ReportState.DRAFT, ReportState.RETURNED])
def test_a_waiver_keeps_what_was_there_and_is_taken_back_to_it(
    world: World, state: ReportState
) -> None:
    report = in_state(world, state)
    draft = report.draft
    call(world, report, review.waive)
    assert (report.state, report.waived_reason) == (ReportState.WAIVED, "Träger im Umzug")
    call(world, report, review.unwaive)
    world.session.flush()
    assert report.state is state
    assert report.draft == draft
    assert (report.waived_at, report.waived_by_id, report.waived_reason) == (None, None, None)


@pytest.mark.parametrize(
    ("state", "remedy"),
    [
        (RoundState.PLANNED, "Korrektur"),
        (RoundState.PUBLISHED, "Korrektur"),
        (RoundState.CANCELLED, "Die Runde ist abgesagt. Meldungen sind nicht mehr nötig"),
    ],
)
def test_nothing_is_decided_outside_a_running_round(
    world: World, report: Report, state: RoundState, remedy: str
) -> None:
    round_ = world.session.get_one(Round, report.round_id)
    round_.closed_at = round_.published_at = NOW
    if state is RoundState.CANCELLED:
        round_.published_at, round_.cancelled_at, round_.cancelled_reason = None, NOW, "Neuwahl"
    round_.state = state
    world.session.flush()
    for action in ACTIONS.values():
        with pytest.raises(IllegalTransition, match=remedy):
            call(world, report, action)
