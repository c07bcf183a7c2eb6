"""Accepting several unchanged confirmations together, each for itself (domain.md section 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.accounts.models import Account
from tracker.core.errors import Conflict, Forbidden, Refused
from tracker.core.permissions import Actor
from tracker.reporting.models import Report, Review
from tracker.reporting.reports.actions.report_steps import load
from tracker.reporting.review.actions import review
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.words import REPORT_STATE


@dataclass(frozen=True)
class ChosenReport:
    """A report that is to be accepted, and the revision of it that was read."""

    report_id: int
    revision: int


@dataclass(frozen=True)
class AcceptOutcome:
    """What became of a chosen report; `refusal` says why it was not accepted, "" if it was."""

    report_id: int
    refusal: str


def accept_many(
    session: Session, *, chosen: Iterable[ChosenReport], by: Actor, now: datetime
) -> tuple[AcceptOutcome, ...]:
    """Accept reports that were confirmed unchanged; one that is refused holds up no other.

    Refused is what `review.accept` refuses (own submission, another revision, decided on in the
    meantime, round not running) and a report that is no unchanged confirmation. Raises Forbidden
    for anybody but the KI.
    """
    if not by.is_coordination:
        raise Forbidden("Das kann nur das Kommunale Integrationszentrum.")
    # Always in the same order, so that two people's selections wait for each other at most once.
    wanted = sorted(dict.fromkeys(chosen), key=lambda item: item.report_id)
    return tuple(_accept(session, item=item, by=by, now=now) for item in wanted)


def _accept(session: Session, *, item: ChosenReport, by: Actor, now: datetime) -> AcceptOutcome:
    try:
        with session.begin_nested():
            report = load(session, report_id=item.report_id, by=by)
            if report.state is not ReportState.SUBMITTED and report.revision == item.revision:
                _refuse_decided(session, report=report, by=by)
            if not report.unchanged and report.revision == item.revision:
                raise Conflict(
                    "Diese Meldung ist keine unveränderte Bestätigung. "
                    "Bitte prüfen Sie sie einzeln."
                )
            review.accept(
                session,
                report_id=item.report_id,
                reviewed=None,
                reason="",
                revision=item.revision,
                by=by,
                now=now,
            )
    except Refused as refusal:
        return AcceptOutcome(item.report_id, refusal.message)
    return AcceptOutcome(item.report_id, "")


def _refuse_decided(session: Session, *, report: Report, by: Actor) -> None:
    """Raise Conflict with who decided on the present revision, where somebody did."""
    decided = session.exec(
        select(Review)
        .where(Review.report_id == report.id, Review.revision == report.revision)
        .order_by(col(Review.id).desc())
    ).first()
    if decided is None:
        return
    who = session.get_one(Account, decided.decided_by_id).name
    already = f"{who} hat" if decided.decided_by_id != by.account_id else "Sie haben"
    raise Conflict(
        f"{already} inzwischen entschieden: Die Meldung ist {REPORT_STATE[report.state].text}."
    )
