"""What a correction began from, and the reports put back to it when it is abandoned (domain.md 5).

Undone is what was decided meanwhile: revoked and returned reports, waivers, dissents, extensions,
days of the round. What an institution handed in anew is never thrown away: with it, the only way
on is to publish. So after an abandoned correction the rows, the prefill of the next round and the
published record say the same; a text begun and not handed in stays as a draft, which is not read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from tracker.concept.models import EditionGoal, EditionMeasure
from tracker.concept.queries.concept import wording_in
from tracker.core import audit
from tracker.core.errors import IllegalTransition
from tracker.core.german import plural
from tracker.core.permissions import Actor
from tracker.reporting.models import Decision, Extension, Report, Review, Round
from tracker.reporting.rules.planning import DATE_FIELDS
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.words import abandoned_comment

_OF_ROUND = {"due_on", "closes_on", "despatch_on", "committee_on", "closed_at", "correction_reason"}
_OF_REPORT = {
    *("state", "revision", "returned_at"),
    *("waived_at", "waived_by_id", "waived_reason", "state_before_waiver"),
    *("reviewed_implementation", "reviewed_course", "reviewed_reason"),
    *("dissent", "dissent_at", "dissent_by_id"),
}
_NAMED = 8


def as_published(session: Session, *, round_: Round) -> dict[str, Any]:
    """Return what `put_back` needs, as JSON: taken when a correction begins."""
    extensions = select(Extension.id).where(Extension.round_id == round_.id)
    return {
        "round": round_.model_dump(mode="json", include=_OF_ROUND),
        "reports": {
            str(report.id): report.model_dump(mode="json", include=_OF_REPORT)
            for report in _reports(session, round_)
        },
        "extensions": list(session.exec(extensions)),
    }


Began = dict[str, Any] | None


def put_back(
    session: Session, *, round_: Round, began: Began, reason: str, by: Actor, now: datetime
) -> None:
    """Put a round and its reports back to what its correction `began` from.

    Raises IllegalTransition when an institution handed something in since, or the correction
    began before this was kept.
    """
    reports = {str(report.id): report for report in _reports(session, round_)}
    require_nothing_new(session, round_=round_, began=began)
    began = _kept(began)
    for key, kept in began["reports"].items():
        _put_back_report(session, reports[key], kept, reason=reason, by=by, now=now)
    _put_back_days(session, round_, began["round"], by=by, now=now)
    since = select(Extension).where(
        Extension.round_id == round_.id, col(Extension.id).not_in(began["extensions"])
    )
    for extension in session.exec(since).all():
        audit.record_row(
            session,
            extension,
            "round.withdraw_extension",
            by=by,
            now=now,
            before={"until": extension.until.isoformat(), "reason": extension.reason},
        )
        session.delete(extension)
    session.flush()


def _reports(session: Session, round_: Round) -> list[Report]:
    # For changing: whoever hands in at this moment is seen, or finds the round published.
    statement = select(Report).where(Report.round_id == round_.id).order_by(col(Report.id))
    return list(session.exec(statement.with_for_update()))


def _kept(began: Began) -> dict[str, Any]:
    if began is None:
        raise IllegalTransition(
            "Diese Korrektur wurde mit einer früheren Version der Anwendung begonnen, die den "
            "veröffentlichten Stand der Meldungen nicht festgehalten hat. Bitte veröffentlichen "
            "Sie die Runde als neue Fassung."
        )
    return began


def changed_since(session: Session, *, round_: Round, began: Began) -> tuple[list[str], list[str]]:
    """Return the measures whose reports the KI decided on in a correction, and those handed in.

    What was begun and not handed in is published as before. Raises IllegalTransition where the
    correction began before its beginning was kept.
    """
    kept = _kept(began)["reports"]
    statement = (
        select(Report, EditionMeasure.code)
        .join(EditionMeasure, wording_in(col(Report.measure_id), col(EditionMeasure.edition_id)))
        .join(EditionGoal, col(EditionGoal.id) == EditionMeasure.edition_goal_id)
        .where(Report.round_id == round_.id, EditionMeasure.edition_id == round_.edition_id)
        .order_by(col(EditionGoal.position), col(EditionMeasure.position))
    )
    decided, handed_in = [], []
    for report, code in session.exec(statement):
        if report.revision != kept[str(report.id)]["revision"]:
            handed_in.append(code)
        elif _is_changed(report, kept[str(report.id)]):
            decided.append(code)
    return decided, handed_in


def require_nothing_new(session: Session, *, round_: Round, began: Began) -> None:
    """Raise IllegalTransition when an institution handed in a report anew in this correction."""
    _, codes = changed_since(session, round_=round_, began=began)
    if not codes:
        return
    named = ", ".join(codes[:_NAMED]) + (" und weitere" if len(codes) > _NAMED else "")
    what = plural(len(codes), "Eine Meldung ist", f"{len(codes)} Meldungen sind")
    raise IllegalTransition(
        f"{what} in dieser Korrektur neu abgegeben (Maßnahme {named}). Was eine Institution neu "
        "abgegeben hat, wird nicht verworfen. Bitte prüfen Sie es und veröffentlichen Sie die "
        "Runde als neue Fassung.",
        possible=("Meldungen prüfen",),
    )


def _is_changed(report: Report, kept: dict[str, Any]) -> bool:
    begun = report.state is ReportState.DRAFT and kept["state"] == ReportState.EXPECTED
    return not begun and report.model_dump(mode="json", include=_OF_REPORT) != kept


def _put_back_report(
    session: Session, report: Report, kept: dict[str, Any], *, reason: str, by: Actor, now: datetime
) -> None:
    if not _is_changed(report, kept):
        return
    state = report.state
    _put_back(report, kept)
    audit.record_row(
        session,
        report,
        "report.put_back",
        by=by,
        now=now,
        before={"state": state.value},
        after={"state": report.state.value, "reason": reason},
    )
    if report.state is ReportState.ACCEPTED:
        session.add(
            Review(
                report_id=report.id or 0,
                revision=report.revision,
                decision=Decision.ACCEPTED,
                comment=abandoned_comment(reason),
                reviewed_implementation=report.reviewed_implementation,
                reviewed_course=report.reviewed_course,
                decided_at=now,
                decided_by_id=by.account_id,
            )
        )


def _put_back_days(
    session: Session, round_: Round, kept: dict[str, Any], *, by: Actor, now: datetime
) -> None:
    before = round_.model_dump(mode="json", include=_OF_ROUND)
    _put_back(round_, kept)
    moved = [name for name in DATE_FIELDS if name in kept and before[name] != kept[name]]
    if moved:
        audit.record_row(
            session,
            round_,
            "round.change_dates",
            by=by,
            now=now,
            before={name: before[name] for name in moved},
            after={name: kept[name] for name in moved},
        )


def _put_back(row: SQLModel, kept: dict[str, Any]) -> None:
    read = type(row).model_validate(row.model_dump(mode="json") | kept)
    for name in kept:
        setattr(row, name, getattr(read, name))
