"""Steps shared by what institutions and the KI do with a report: find, move, record.

Source: domain.md section 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from tracker.core import audit
from tracker.core.errors import IllegalTransition, NotFound
from tracker.core.periods import Period
from tracker.core.permissions import Actor, may_see_report
from tracker.reporting.models import Decision, Report, ReportRevision, Review, Round
from tracker.reporting.reports.queries.last_accepted import confirmed_before
from tracker.reporting.rounds.queries.round_list import granted_in
from tracker.reporting.rounds.queries.visibility import sees_round
from tracker.reporting.rules.content import ReportContent, established, from_dict
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import (
    TRANSITIONS,
    Granted,
    ReportEvent,
    ReportState,
    possible_events,
)
from tracker.reporting.words import REPORT_EVENT, REPORT_STATE, as_found


@dataclass(frozen=True)
class Previous:
    """The last accepted report of the measure, with the established value.

    `is_found`: the KI set another value than the institution. `is_confirmed`: the institution
    confirmed what stood before, in the end perhaps such a value.
    """

    content: ReportContent
    value: Value
    unchanged_streak: int
    is_found: bool
    is_confirmed: bool


def load(session: Session, *, report_id: int, by: Actor) -> Report:
    """Return a report for changing; a foreign or unknown one raises NotFound alike."""
    report = session.get(Report, report_id, with_for_update=True)
    if (
        report is None
        or not may_see_report(by, institution_id=report.institution_id)
        or not sees_round(session, by, round_id=report.round_id)
    ):
        raise NotFound("Diese Meldung gibt es nicht, oder sie gehört zu einer anderen Institution.")
    return report


def previous_of(session: Session, *, report: Report) -> Previous | None:
    """Return the last accepted report of the measure before this round, None if there is none."""
    now = aliased(Round)
    streak = confirmed_before(now, Round, Report.unchanged_streak)
    statement = (
        select(Review, ReportRevision, streak, Round.period)
        .join(Report, col(Report.id) == Review.report_id)
        .join(Round, col(Round.id) == Report.round_id)
        .join(now, col(now.id) == report.round_id)
        .join(ReportRevision, col(ReportRevision.report_id) == Report.id)
        .where(
            Report.id == report.previous_report_id,
            Review.decision == Decision.ACCEPTED,
            ReportRevision.number == Review.revision,
        )
        .order_by(col(Review.id).desc())
    )
    accepted = session.exec(statement).first()
    if accepted is None:
        return None
    acceptance, revision, confirmed, period = accepted
    reviewed, course = acceptance.reviewed_implementation, acceptance.reviewed_course
    reported = Value(revision.implementation, revision.course)
    reason = as_found(Period.parse(period).label, acceptance.comment)
    return Previous(
        established(from_dict(revision.content), reviewed, course, reason=reason),
        Value(reviewed, course) if reviewed else reported,
        confirmed,
        is_found=reviewed is not None,
        is_confirmed=revision.unchanged,
    )


def latest_revision(session: Session, *, report: Report) -> ReportRevision:
    return session.exec(
        select(ReportRevision).where(
            ReportRevision.report_id == report.id, ReportRevision.number == report.revision
        )
    ).one()


def advance(
    session: Session,
    *,
    report: Report,
    event: ReportEvent,
    by: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    """Move a report by its transition table and record it.

    Raises IllegalTransition with what is possible now.
    """
    target = TRANSITIONS.get((report.state, event))
    if target is None:
        raise IllegalTransition(
            f"„{REPORT_EVENT[event]}“ ist nicht möglich: Die Meldung ist "
            f"{REPORT_STATE[report.state].text}.",
            possible=possible_words(report.state),
        )
    before = {"state": report.state.value}
    report.state = target
    after = {"state": target.value} | ({"reason": reason} if reason else {})
    audit.record_row(session, report, f"report.{event}", by=by, now=now, before=before, after=after)


def extensions_of(session: Session, *, report: Report) -> list[Granted]:
    """Return the extensions that hold for a report: its own and its institution's."""
    granted = granted_in(session, [report.round_id])
    return granted.of(report.round_id, report.id or 0, report.institution_id)


def possible_words(state: ReportState) -> tuple[str, ...]:
    return tuple(dict.fromkeys(REPORT_EVENT[event] for event in possible_events(state)))


def key_of(report: Report) -> int:
    assert report.id is not None  # noqa: S101 - flushed rows have a key; tells the type checker
    return report.id
