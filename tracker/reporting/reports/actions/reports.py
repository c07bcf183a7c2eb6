"""What an institution does with its report: draft, confirm, submit, withdraw, dissent.

Source: domain.md sections 4 and 5. Every function finds the report itself and checks the actor,
so that the web, the command line, an import and the demonstration obey one rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, select

from tracker.core import audit
from tracker.core.errors import Conflict, Forbidden, IllegalTransition, Invalid, Refused
from tracker.core.permissions import Actor, may_draft, may_submit
from tracker.reporting.models import Decision, Report, ReportRevision, Review, Round
from tracker.reporting.reports.actions.report_steps import (
    Previous,
    advance,
    extensions_of,
    key_of,
    load,
    possible_words,
    previous_of,
)
from tracker.reporting.rules.content import (
    ReportContent,
    from_dict,
    normalised,
    prefilled_from,
    to_dict,
)
from tracker.reporting.rules.reports import (
    TRANSITIONS,
    ReportEvent,
    ReportState,
    next_unchanged_streak,
    takes_reports,
)
from tracker.reporting.rules.rounds import RoundState
from tracker.reporting.rules.submission import check_storable, check_submission
from tracker.reporting.words import REPORT_STATE, ROUND_STATE


def save_draft(
    session: Session,
    *,
    report_id: int,
    content: ReportContent,
    expected_version: int,
    by: Actor,
    now: datetime,
) -> Report:
    """Save a draft; it may be incomplete.

    Raises NotFound, IllegalTransition (state or round), Conflict when somebody else saved since
    `expected_version`, Invalid when the content cannot be stored.
    """
    report = load(session, report_id=report_id, by=by)
    _require_writable(session, report=report, by=by, now=now)
    _store_draft(
        session, report=report, content=content, expected_version=expected_version, by=by, now=now
    )
    return report


def submit(
    session: Session,
    *,
    report_id: int,
    content: ReportContent,
    expected_version: int,
    by: Actor,
    now: datetime,
) -> Report:
    """Save the content and submit it as the next revision.

    Raises what `save_draft` raises, Forbidden for Mitarbeitende, and Invalid naming every
    required field that is missing (domain.md 4).
    """
    report = load(session, report_id=report_id, by=by)
    _require_writable(session, report=report, by=by, now=now)
    _require_may_submit(report, by=by, doing="Absenden")
    previous = previous_of(session, report=report)
    content = normalised(content)
    problems = check_submission(content, before=previous.value.implementation if previous else None)
    if problems:
        raise Invalid("Die Meldung ist noch nicht vollständig.", problems=problems)
    _store_draft(
        session, report=report, content=content, expected_version=expected_version, by=by, now=now
    )
    _submit(session, report=report, content=content, unchanged=False, by=by, now=now)
    return report


def confirm_unchanged(
    session: Session, *, report_id: int, by: Actor, now: datetime, remark: str = ""
) -> Report:
    """Submit the last accepted report again, as an explicit act recorded as such.

    It says the established value: what the KI set, where it set another. `remark` is one sentence
    or none. Quantities of the quarter are not repeated (ADR 0004). Raises
    NotFound, Forbidden, IllegalTransition when a draft has been begun or nothing was accepted
    before, Invalid when today's rules ask for more.
    """
    report = load(session, report_id=report_id, by=by)
    _require_writable(session, report=report, by=by, now=now)
    _require_may_submit(report, by=by, doing="Bestätigen")
    previous = _confirmable(session, report=report)
    content = normalised(replace(prefilled_from(previous.content), changed=remark))
    _check_confirmation(content, previous=previous)
    version = report.draft_version
    _store_draft(session, report=report, content=content, expected_version=version, by=by, now=now)
    report.unchanged_streak = next_unchanged_streak(previous.unchanged_streak, unchanged=True)
    _submit(session, report=report, content=content, unchanged=True, by=by, now=now)
    return report


def withdraw(session: Session, *, report_id: int, by: Actor, now: datetime) -> Report:
    """Take a submitted report back as a draft, as long as the KI has not decided on it.

    Raises IllegalTransition once a decision on this revision exists or the round is closed.
    """
    report = load(session, report_id=report_id, by=by)
    _require_may_submit(report, by=by, doing="Zurückziehen")
    _require_round_writable(session, report=report, now=now)
    decided = session.exec(
        select(Review.id).where(
            Review.report_id == report.id,
            Review.revision == report.revision,
            Review.decision == Decision.REVOKED,
        )
    ).first()
    if decided is not None:
        raise IllegalTransition(
            "Die Prüfung dieser Meldung hat schon begonnen. "
            "Bitte wenden Sie sich an die koordinierende Stelle."
        )
    advance(session, report=report, event=ReportEvent.WITHDRAW, by=by, now=now)
    return report


def dissent(session: Session, *, report_id: int, text: str, by: Actor, now: datetime) -> Report:
    """Attach an abweichende Stellungnahme to a reviewed value (000, Ziff. 4).

    Raises IllegalTransition when the KI set no other value or the round is published, Invalid
    when the text is empty or cannot be stored.
    """
    report = load(session, report_id=report_id, by=by)
    _require_may_submit(report, by=by, doing="Eine Stellungnahme abgeben")
    round_ = session.get_one(Round, report.round_id)
    if report.reviewed_implementation is None or round_.state is RoundState.PUBLISHED:
        raise IllegalTransition(
            "Eine abweichende Stellungnahme ist möglich, wenn die koordinierende Stelle "
            "einen anderen Wert festgestellt hat und die Runde noch nicht veröffentlicht ist."
        )
    # The rules for texts are those of a report's texts.
    problems = check_storable(ReportContent(reason=text))
    if problems or not text.strip():
        raise Invalid("Bitte prüfen Sie Ihre Stellungnahme.", problems=problems)
    before = {"dissent": report.dissent}
    report.dissent = text.strip()
    report.dissent_at = now
    report.dissent_by_id = by.account_id
    audit.record_row(
        session,
        report,
        "report.dissent",
        by=by,
        now=now,
        before=before,
        after={"dissent": report.dissent},
    )
    return report


def _confirmable(session: Session, *, report: Report) -> Previous:
    previous = previous_of(session, report=report)
    if previous is None:
        raise IllegalTransition(
            "Zu dieser Maßnahme gibt es noch keine angenommene Meldung, die Sie bestätigen "
            "könnten. Bitte füllen Sie die Meldung aus.",
            possible=possible_words(report.state),
        )
    prefilled = prefilled_from(previous.content)
    started = report.draft is not None and from_dict(report.draft) != prefilled
    if report.state is ReportState.RETURNED or started:
        raise IllegalTransition(
            "Sie haben diese Meldung schon bearbeitet. Bitte senden Sie Ihren Text ab; "
            "er würde durch die Bestätigung verloren gehen.",
            possible=possible_words(report.state),
        )
    return previous


def _check_confirmation(content: ReportContent, *, previous: Previous) -> None:
    problems = check_submission(content, before=previous.value.implementation)
    if previous.is_found or previous.is_confirmed:
        # The KI set the value without a proposal, and nobody made one since.
        problems = tuple(one for one in problems if one.code != "consequence_required")
    if problems:
        raise Invalid(
            "Diese Meldung lässt sich nicht unverändert bestätigen, weil eine Angabe fehlt. "
            "Bitte öffnen Sie die Meldung und ergänzen Sie sie.",
            problems=problems,
        )


def _store_draft(
    session: Session,
    *,
    report: Report,
    content: ReportContent,
    expected_version: int,
    by: Actor,
    now: datetime,
) -> None:
    problems = check_storable(content)
    if problems:
        raise Invalid("Der Entwurf konnte noch nicht gespeichert werden.", problems=problems)
    if expected_version != report.draft_version:
        raise Conflict(
            "Diese Meldung wurde inzwischen in einem anderen Fenster oder von jemand anderem "
            "gespeichert. Es ist nichts verloren: "
            "Sie sehen beide Texte und können übernehmen, was gelten soll."
        )
    before, after = _difference(report.draft or {}, to_dict(content))
    report.draft = to_dict(content)
    report.draft_version += 1
    if report.state is ReportState.EXPECTED:
        advance(session, report=report, event=ReportEvent.SAVE, by=by, now=now)
    if after:
        audit.record_row(session, report, "report.save", by=by, now=now, before=before, after=after)


def _submit(
    session: Session,
    *,
    report: Report,
    content: ReportContent,
    unchanged: bool,
    by: Actor,
    now: datetime,
) -> None:
    assert content.implementation is not None  # noqa: S101 - checked before; for the type checker
    advance(session, report=report, event=ReportEvent.SUBMIT, by=by, now=now)
    if not unchanged:
        report.unchanged_streak = 0
    report.unchanged = unchanged
    report.revision += 1
    report.first_submitted_at = report.first_submitted_at or now
    report.submitted_at = now
    report.submitted_by_id = by.account_id
    report.on_behalf = by.is_coordination
    session.add(
        ReportRevision(
            report_id=key_of(report),
            number=report.revision,
            implementation=content.implementation,
            course=content.course,
            reason=content.reason,
            content=to_dict(content),
            unchanged=unchanged,
            submitted_at=now,
            submitted_by_id=by.account_id,
            on_behalf=by.is_coordination,
        )
    )
    session.flush()


def _require_writable(session: Session, *, report: Report, by: Actor, now: datetime) -> None:
    if not may_draft(by, institution_id=report.institution_id):
        raise Forbidden("Diese Meldung können Sie lesen, aber nicht bearbeiten.")
    if (report.state, ReportEvent.SAVE) not in TRANSITIONS:
        raise IllegalTransition(
            f"Diese Meldung ist {REPORT_STATE[report.state].text} und lässt sich jetzt nicht "
            "bearbeiten.",
            possible=possible_words(report.state),
        )
    _require_round_writable(session, report=report, now=now)


def _require_round_writable(session: Session, *, report: Report, now: datetime) -> None:
    round_ = session.get_one(Round, report.round_id)
    if takes_reports(round_.state, extensions_of(session, report=report), now=now):
        return
    if round_.state is RoundState.CANCELLED:
        raise IllegalTransition(
            f"Die Runde ist {ROUND_STATE[round_.state].text}: Es ist nichts mehr zu melden. Ihr "
            "Text bleibt bei dieser Meldung lesbar; die nächste Runde fordert eine neue an."
        )
    raise IllegalTransition(
        f"Die Runde ist {ROUND_STATE[round_.state].text}; Meldungen sind nicht mehr möglich. "
        "Wenn Sie noch etwas nachtragen müssen, bitten Sie die koordinierende Stelle "
        "um eine Nachfrist."
    )


def _require_may_submit(report: Report, *, by: Actor, doing: str) -> None:
    if not may_submit(by, institution_id=report.institution_id):
        raise Forbidden(
            f"{doing} kann nur die benannte Vertretung Ihrer Institution. "
            "Bitte geben Sie ihr Bescheid."
        )


def _difference(
    before: dict[str, object], after: dict[str, object]
) -> tuple[dict[str, object], dict[str, object]]:
    changed = [key for key, value in after.items() if before.get(key) != value]
    return {key: before.get(key) for key in changed}, {key: after[key] for key in changed}


_HANDED_IN = frozenset({ReportState.SUBMITTED, ReportState.ACCEPTED})


@dataclass(frozen=True)
class Confirmation:
    """What became of one measure; `refusal` is "" where its report is confirmed.

    `already`: it had been confirmed before this call, e.g. by the first click of a double click.
    """

    report_id: int
    refusal: str = ""
    already: bool = False


def confirm_several(
    session: Session,
    *,
    report_ids: Iterable[int],
    remarks: Mapping[int, str],
    remark_for_all: str,
    by: Actor,
    now: datetime,
) -> tuple[Confirmation, ...]:
    """Confirm each report unchanged, in a savepoint of its own; a remark of its own goes first.

    Returns one result per report. Raises nothing that concerns a single report.
    """
    # In the order of the keys: two people confirming the same reports wait and never deadlock.
    return tuple(
        _confirm_one(
            session,
            report_id=report_id,
            remark=remarks.get(report_id, "").strip() or remark_for_all,
            by=by,
            now=now,
        )
        for report_id in sorted(set(report_ids))
    )


def _confirm_one(
    session: Session, *, report_id: int, remark: str, by: Actor, now: datetime
) -> Confirmation:
    try:
        with session.begin_nested():
            confirm_unchanged(session, report_id=report_id, by=by, now=now, remark=remark)
    except IllegalTransition as refusal:
        report = session.get_one(Report, report_id)
        if report.unchanged and report.state in _HANDED_IN:
            return Confirmation(report_id, already=True)
        return Confirmation(report_id, refusal.message)
    except Refused as refusal:
        return Confirmation(report_id, refusal.message)
    return Confirmation(report_id)
