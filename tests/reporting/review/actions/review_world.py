"""What the KI does with a report, and reports in every state, for the tests of the review."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import select

from tests.factories import RUNNING, World, moment
from tracker.reporting.models import Decision, Report, ReportRevision, Review
from tracker.reporting.reports.actions import reports
from tracker.reporting.review.actions import review
from tracker.reporting.rules.reports import ReportEvent, ReportState

NOW = moment("2026-10-07 09:00")

Action = Callable[..., Report]


def call(world: World, report: Report, action: Action, **changes: object) -> Report:
    defaults: dict[object, dict[str, object]] = {
        review.accept: {"reviewed": None, "reason": ""},
        review.return_report: {"comment": "Bitte Zahl ergänzen"},
        review.revoke: {"reason": "Irrtum"},
        review.waive: {"reason": "Träger im Umzug"},
        review.unwaive: {},
    }
    arguments = {"report_id": report.id, "by": world.coordination, "now": NOW}
    return action(world.session, **(arguments | defaults[action] | changes))


ACTIONS: dict[ReportEvent, Action] = {
    ReportEvent.ACCEPT: review.accept,
    ReportEvent.RETURN: review.return_report,
    ReportEvent.REVOKE: review.revoke,
    ReportEvent.WAIVE: review.waive,
    ReportEvent.UNWAIVE_DRAFT: review.unwaive,
}


def in_state(world: World, state: ReportState) -> Report:
    """A report brought to a state by the same actions as in real use."""
    report = world.report(world.open_round(), world.measures[0])
    if state in {ReportState.SUBMITTED, ReportState.ACCEPTED, ReportState.RETURNED}:
        world.submit(report)
    if state is ReportState.DRAFT:
        reports.save_draft(
            world.session,
            report_id=report.id or 0,
            content=RUNNING,
            expected_version=0,
            by=world.representative,
            now=NOW,
        )
    finish = {
        ReportState.ACCEPTED: review.accept,
        ReportState.RETURNED: review.return_report,
        ReportState.WAIVED: review.waive,
    }
    if state in finish:
        call(world, report, finish[state])
    assert report.state is state
    return report


def with_old_amount(world: World, report: Report) -> None:
    """Let an accepted report say an amount that earlier versions took: with three decimals."""
    with_old_content(world, report, cost_planned="1.005")


def with_old_content(world: World, report: Report, **says: str) -> None:
    """Let an accepted report say what today's rules refuse."""
    statement = select(ReportRevision).where(ReportRevision.report_id == report.id)
    revision = world.session.exec(statement).one().model_dump(exclude={"id"})
    report.revision += 1
    content = revision["content"] | says
    world.session.add(ReportRevision(**revision | {"number": report.revision, "content": content}))
    world.session.add(
        Review(
            report_id=report.id or 0,
            revision=report.revision,
            decision=Decision.ACCEPTED,
            decided_at=NOW,
            decided_by_id=world.coordination.account_id,
        )
    )
    world.session.flush()
