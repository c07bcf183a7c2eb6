"""What the KI does with a report: accept, return, revoke, waive (domain.md sections 4 and 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.accounts.models import Account
from tracker.accounts.queries.four_eyes import tied_accounts
from tracker.accounts.rules.four_eyes import Tie, Tied
from tracker.accounts.words import tied_sentence
from tracker.concept.actions.editing import require_coordination
from tracker.core import audit
from tracker.core.errors import Conflict, Forbidden, IllegalTransition, Invalid, Problem, Refused
from tracker.core.german import day
from tracker.core.periods import local_day
from tracker.core.permissions import Actor, may_review
from tracker.core.text import checked_text
from tracker.reporting.models import Decision, Report, Review, Round
from tracker.reporting.reports.actions.report_steps import (
    advance,
    key_of,
    latest_revision,
    load,
    previous_of,
)
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import UNWAIVE_TO, ReportEvent, ReportState
from tracker.reporting.rules.rounds import RUNNING_STATES, RoundState
from tracker.reporting.rules.status import Asked, course_asked
from tracker.reporting.words import REPORT_FIELD, REPORT_STATE, ROUND_STATE, comments_at


def accept(
    session: Session,
    *,
    report_id: int,
    reviewed: Value | None,
    reason: str,
    by: Actor,
    now: datetime,
    revision: int | None = None,
) -> Report:
    """Accept a submitted report, with another Umsetzungsstand or Verlauf where the KI sees one.

    A reviewed value equal to the self-report counts as none. `revision` is the one that was read,
    if it is to be checked. Raises NotFound, Forbidden (not the KI, or the person who submitted),
    IllegalTransition, Conflict when another revision was submitted since, Invalid when a reviewed
    value lacks its reason or does not fit the rules for the Verlauf, or when the reason cannot be
    kept as written.
    """
    report = _load_for_review(session, report_id=report_id, by=by, revision=revision, now=now)
    reason = checked_text(reason, field="reason")
    advance(session, report=report, event=ReportEvent.ACCEPT, by=by, now=now)
    _record_tie(session, report=report, by=by, now=now)
    submitted = latest_revision(session, report=report)
    own = Value(submitted.implementation, submitted.course)
    if reviewed == own:
        reviewed = None
    if reviewed is not None:
        _check_reviewed(reviewed, reason)
        report.reviewed_implementation = reviewed.implementation
        report.reviewed_course = reviewed.course
        report.reviewed_reason = reason
        audit.record_row(
            session,
            report,
            "report.set_reviewed_value",
            by=by,
            now=now,
            before={"implementation": own.implementation, "course": own.course},
            after={
                "implementation": reviewed.implementation,
                "course": reviewed.course,
                "reason": reason,
            },
        )
    _add_review(
        session,
        report=report,
        decision=Decision.ACCEPTED,
        comment=reason,
        reviewed=reviewed,
        by=by,
        now=now,
    )
    _renew_previous(session, report=report)
    return report


def return_report(
    session: Session,
    *,
    report_id: int,
    comment: str,
    by: Actor,
    now: datetime,
    revision: int | None = None,
    field_comments: Mapping[str, str] | None = None,
) -> Report:
    """Return a submitted report with what is to be clarified: as a whole, at fields, or both.

    `field_comments` holds comments by the name of a field of ReportContent; without a comment on
    the whole, a sentence names these fields. Raises what `accept` raises; Invalid when nothing is
    written, a field is unknown, or a text cannot be kept as written.
    """
    report = _load_for_review(session, report_id=report_id, by=by, revision=revision, now=now)
    at_fields = _checked_comments(field_comments or {})
    comment = checked_text(comment, field="comment")
    if at_fields:
        comment = comment or comments_at(at_fields)
    if not comment:
        raise Invalid(
            "Bitte schreiben Sie der Institution, was zu klären ist.",
            problems=(Problem("comment", "comment_missing"),),
        )
    advance(session, report=report, event=ReportEvent.RETURN, by=by, now=now)
    report.returned_at = now
    _add_review(
        session,
        report=report,
        decision=Decision.RETURNED,
        comment=comment,
        reviewed=None,
        by=by,
        now=now,
        field_comments=at_fields or None,
    )
    return report


def revoke(session: Session, *, report_id: int, reason: str, by: Actor, now: datetime) -> Report:
    """Revoke an acceptance before publication, with a reason; the report is reviewed again.

    A dissent stays with the report as long as a reviewed value does; both are cleared here and
    remain readable in the reviews and the audit.
    """
    report = _load_for_coordination(session, report_id=report_id, by=by)
    reason = _required(reason)
    _require_reviewable_round(session, report=report)
    advance(session, report=report, event=ReportEvent.REVOKE, by=by, now=now, reason=reason)
    report.reviewed_implementation = None
    report.reviewed_course = None
    report.reviewed_reason = None
    report.dissent = None
    report.dissent_at = None
    report.dissent_by_id = None
    _add_review(
        session,
        report=report,
        decision=Decision.REVOKED,
        comment=reason,
        reviewed=None,
        by=by,
        now=now,
    )
    _renew_previous(session, report=report)
    return report


def _renew_previous(session: Session, *, report: Report) -> None:
    round_ = session.get_one(Round, report.round_id)
    rounds.renew_previous(session, round_=round_, measure_id=report.measure_id)


def waive(session: Session, *, report_id: int, reason: str, by: Actor, now: datetime) -> Report:
    """Free a report from this round, with a reason; what was drafted is kept."""
    report = _load_for_coordination(session, report_id=report_id, by=by)
    reason = _required(reason)
    _require_reviewable_round(session, report=report)
    before = report.state
    advance(session, report=report, event=ReportEvent.WAIVE, by=by, now=now, reason=reason)
    report.state_before_waiver = before
    report.waived_at = now
    report.waived_by_id = by.account_id
    report.waived_reason = reason
    return report


def unwaive(session: Session, *, report_id: int, by: Actor, now: datetime) -> Report:
    """Take a waiver back: the report stands where it stood before."""
    report = _load_for_coordination(session, report_id=report_id, by=by)
    _require_reviewable_round(session, report=report)
    if report.state_before_waiver is None:
        raise IllegalTransition("Diese Meldung ist nicht befreit.")
    event = UNWAIVE_TO[report.state_before_waiver]
    advance(session, report=report, event=event, by=by, now=now)
    report.state_before_waiver = None
    report.waived_at = None
    report.waived_by_id = None
    report.waived_reason = None
    return report


def _load_for_coordination(session: Session, *, report_id: int, by: Actor) -> Report:
    report = load(session, report_id=report_id, by=by)
    require_coordination(by)
    return report


def _load_for_review(
    session: Session, *, report_id: int, by: Actor, revision: int | None, now: datetime
) -> Report:
    report = _load_for_coordination(session, report_id=report_id, by=by)
    _require_reviewable_round(session, report=report)
    if not may_review(by, submitted_by_id=report.submitted_by_id):
        raise Forbidden(
            "Diese Meldung haben Sie selbst abgegeben. "
            "Bitte lassen Sie sie von einer anderen Person der koordinierenden Stelle prüfen."
        )
    bond = submitter_tie(session, report=report, by=by, now=now)
    if bond is not None and bond.tie is Tie.TAKEN_OVER:
        other = session.get_one(Account, report.submitted_by_id)
        raise Forbidden(
            f"{tied_sentence(bond, own_id=by.account_id, other=other.name)} Bis zum "
            f"{day(bond.until)} sind das für die Prüfung nicht zwei Personen. Bitte lassen Sie "
            "die Meldung von einer dritten Person der koordinierenden Stelle prüfen."
        )
    if revision not in (None, report.revision):
        raise Conflict(
            "Die Institution hat inzwischen eine neue Fassung dieser Meldung abgegeben. "
            "Bitte lesen Sie sie, bevor Sie entscheiden."
        )
    return report


def submitter_tie(session: Session, *, report: Report, by: Actor, now: datetime) -> Tied | None:
    """Return how the reviewer's account and the submitter's are tied, None where not at all.

    Accounts of institutions are the KI's to create and to invite: there it only counts who saw the
    link, or took the account over.
    """
    if report.submitted_by_id is None:
        return None
    return tied_accounts(
        session,
        first=by.account_id,
        second=report.submitted_by_id,
        now=now,
        in_hand=not report.on_behalf,
    )


def _record_tie(session: Session, *, report: Report, by: Actor, now: datetime) -> None:
    bond = submitter_tie(session, report=report, by=by, now=now)
    if bond is not None:
        after = {"tie": bond.tie, "tied_on": local_day(bond.at).isoformat()}
        audit.record_row(session, report, "report.accept_tied", by=by, now=now, after=after)


def _require_reviewable_round(session: Session, *, report: Report) -> None:
    state = session.get_one(Round, report.round_id).state
    if state not in RUNNING_STATES:
        only = (
            "Meldungen sind nicht mehr nötig."
            if state is RoundState.CANCELLED
            else "Änderungen sind nur über eine Korrektur der Runde möglich."
        )
        raise IllegalTransition(f"Die Runde ist {ROUND_STATE[state].text}. {only}")


def _required(reason: str) -> str:
    reason = checked_text(reason, field="reason")
    if not reason:
        raise Invalid(
            "Bitte geben Sie eine Begründung an.", problems=(Problem("reason", "reason_missing"),)
        )
    return reason


def _checked_comments(comments: Mapping[str, str]) -> dict[str, str]:
    unknown = comments.keys() - REPORT_FIELD.keys()
    if unknown:
        raise Invalid(
            f"Diese Angaben gibt es in einer Meldung nicht: {', '.join(sorted(unknown))}. "
            "Bitte laden Sie die Seite neu."
        )
    written = {
        name: checked_text(comments[name], field=comment_field(name))
        for name in REPORT_FIELD
        if name in comments
    }
    return {name: text for name, text in written.items() if text}


def comment_field(name: str) -> str:
    """Return what a comment at a field of ReportContent is called in a form and in problems."""
    return f"comment_{name}"


def _check_reviewed(reviewed: Value, reason: str) -> None:
    _required(reason)
    asked = course_asked(reviewed.implementation)
    if asked is Asked.REQUIRED and reviewed.course is None:
        raise Invalid(
            "Zum festgestellten Umsetzungsstand gehört ein Verlauf.",
            problems=(Problem("course", "course_required"),),
        )
    if asked is Asked.NOT_ASKED and reviewed.course is not None:
        raise Invalid(
            "Zum festgestellten Umsetzungsstand gehört kein Verlauf. Bitte leeren Sie das Feld.",
            problems=(Problem("course", "course_not_asked"),),
        )


def _add_review(
    session: Session,
    *,
    report: Report,
    decision: Decision,
    comment: str,
    reviewed: Value | None,
    by: Actor,
    now: datetime,
    field_comments: dict[str, str] | None = None,
) -> None:
    session.add(
        Review(
            report_id=key_of(report),
            revision=report.revision,
            decision=decision,
            comment=comment,
            field_comments=field_comments,
            reviewed_implementation=reviewed.implementation if reviewed else None,
            reviewed_course=reviewed.course if reviewed else None,
            decided_at=now,
            decided_by_id=by.account_id,
        )
    )
    session.flush()


ALONE_AFTER_FINDING = (
    "In der Vorrunde ist ein anderer Wert festgestellt worden, als gemeldet war. Bitte prüfen Sie "
    "diese Meldung einzeln."
)


@dataclass(frozen=True)
class ChosenReport:
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

    Refused is what `accept` refuses (own submission, another revision, decided on in the
    meantime, round not running), a report that is no unchanged confirmation, and one after the
    KI set another value than the institution. Raises Forbidden for anybody but the KI.
    """
    require_coordination(by)
    # Always in the same order, so that two people's selections wait for each other at most once.
    wanted = sorted(dict.fromkeys(chosen), key=lambda report: report.report_id)
    return tuple(_accept(session, chosen=report, by=by, now=now) for report in wanted)


def _accept(session: Session, *, chosen: ChosenReport, by: Actor, now: datetime) -> AcceptOutcome:
    try:
        with session.begin_nested():
            report = load(session, report_id=chosen.report_id, by=by)
            if report.state is not ReportState.SUBMITTED and report.revision == chosen.revision:
                _refuse_decided(session, report=report, by=by)
            if not report.unchanged and report.revision == chosen.revision:
                raise Conflict(
                    "Diese Meldung ist keine unveränderte Bestätigung. "
                    "Bitte prüfen Sie sie einzeln."
                )
            previous = previous_of(session, report=report)
            if previous is not None and previous.is_found:
                raise Conflict(ALONE_AFTER_FINDING)
            accept(
                session,
                report_id=chosen.report_id,
                reviewed=None,
                reason="",
                revision=chosen.revision,
                by=by,
                now=now,
            )
    except Refused as refusal:
        return AcceptOutcome(chosen.report_id, refusal.message)
    return AcceptOutcome(chosen.report_id, "")


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
