"""What partners add to the lead's report, and the lead taking it over (domain.md 5).

A contribution stays with the partner until the lead takes it over into its draft; only the
lead's report is ever submitted, counted and published.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.concept.models import Institution, Responsibility, ResponsibilityRole
from tracker.concept.queries.concept import holds_on
from tracker.concept.queries.entries import short_name_on
from tracker.core import audit
from tracker.core.errors import Conflict, IllegalTransition, Invalid, NotFound, Problem
from tracker.core.periods import local_day
from tracker.core.permissions import Actor, Role
from tracker.reporting.models import Contribution, Report, Round
from tracker.reporting.reports.actions import reports
from tracker.reporting.reports.actions.report_steps import (
    extensions_of,
    load,
    possible_words,
    previous_of,
)
from tracker.reporting.rules.content import ReportContent, working
from tracker.reporting.rules.contribution import (
    ContributionContent,
    Part,
    Taken,
    check_contribution,
    check_taken,
    content_from,
    open_parts,
    taken_from,
    to_dict,
    trimmed,
)
from tracker.reporting.rules.contribution import take_over as taken_over
from tracker.reporting.rules.reports import EDITABLE, ReportState, takes_reports
from tracker.reporting.rules.rounds import RoundState
from tracker.reporting.words import REPORT_STATE, ROUND_STATE, contribution_heading


def save(
    session: Session,
    *,
    report_id: int,
    content: ContributionContent,
    expected_version: int,
    by: Actor,
    now: datetime,
) -> Contribution:
    """Save a partner's contribution to a report; `expected_version` is 0 for the first one.

    Everybody of the partner institution may. Saving what is stored already changes nothing.
    Raises NotFound for who is no partner today, IllegalTransition when the report or its round
    takes nothing any more, Invalid, Conflict when somebody else of the institution has saved.
    """
    report, institution_id = load_as_partner(session, report_id=report_id, by=by, now=now)
    require_open(session, report=report, now=now)
    problems = check_contribution(content)
    if problems:
        raise Invalid("Der Beitrag ist noch nicht gespeichert.", problems=problems)
    content = trimmed(content)
    contribution = contribution_of(session, report_id=report_id, institution_id=institution_id)
    if contribution is not None and content_from(contribution.content) == content:
        return contribution
    if expected_version != (contribution.version if contribution else 0):
        raise Conflict(
            "Dieser Beitrag wurde inzwischen in einem anderen Fenster oder von jemand anderem aus "
            "Ihrer Institution geändert. Es ist nichts verloren: Sie sehen beide Texte."
        )
    before = said_by(contribution)
    contribution = contribution or Contribution(
        report_id=report_id,
        institution_id=institution_id,
        content={},
        version=0,
        saved_at=now,
        saved_by_id=by.account_id,
    )
    contribution.content = to_dict(content, taken_from(contribution.content))
    contribution.version += 1
    contribution.saved_at, contribution.saved_by_id = now, by.account_id
    session.add(contribution)
    after = said_by(contribution)
    _record(session, contribution, "contribution.save", by=by, now=now, before=before, after=after)
    return contribution


def withdraw(session: Session, *, report_id: int, by: Actor, now: datetime) -> None:
    """Take the own contribution back, as long as nothing of it was taken over.

    Raises NotFound, IllegalTransition once it stands in the lead's report or the report or its
    round takes nothing any more.
    """
    report, institution_id = load_as_partner(session, report_id=report_id, by=by, now=now)
    contribution = contribution_of(session, report_id=report_id, institution_id=institution_id)
    if contribution is None:
        raise NotFound("Zu dieser Meldung gibt es keinen Beitrag Ihrer Institution mehr.")
    require_open(session, report=report, now=now)
    if contribution.taken_version is not None:
        raise IllegalTransition(
            "Die federführende Institution hat Ihren Beitrag schon in ihre Meldung übernommen. "
            "Zurückziehen lässt er sich nicht mehr.",
            possible=("den Beitrag ändern", "die federführende Institution ansprechen"),
        )
    before = said_by(contribution)
    _record(session, contribution, "contribution.withdraw", by=by, now=now, before=before, after={})
    session.delete(contribution)
    session.flush()


def take_over(
    session: Session,
    *,
    report_id: int,
    contribution_id: int,
    version: int,
    parts: Collection[Part],
    by: Actor,
    now: datetime,
) -> Contribution:
    """Add the chosen parts of a partner's contribution to the lead's draft.

    `version` is the contribution's version that was read. Whoever may draft may take over. Every
    part is taken once; of a later version only the difference is added. Raises NotFound,
    IllegalTransition (report, round, or nothing left to take), Conflict when the partner has
    changed it since, Invalid when nothing is chosen or the draft would not be storable.
    """
    report = load(session, report_id=report_id, by=by)
    contribution = session.get(Contribution, contribution_id, with_for_update=True)
    if contribution is None or contribution.report_id != report_id:
        raise NotFound("Diesen Beitrag gibt es nicht mehr. Die Institution hat ihn zurückgezogen.")
    _require_takeable(
        session, report=report, contribution=contribution, version=version, parts=parts, now=now
    )
    draft, taken = _with_parts(
        session, report=report, contribution=contribution, parts=parts, now=now
    )
    reports.save_draft(
        session,
        report_id=report_id,
        content=draft,
        expected_version=report.draft_version,
        by=by,
        now=now,
    )
    before = {"taken_version": contribution.taken_version}
    contribution.content = to_dict(content_from(contribution.content), taken)
    contribution.taken_at, contribution.taken_by_id, contribution.taken_version = (
        now,
        by.account_id,
        version,
    )
    session.flush()
    after = {"taken_version": version, "parts": [part.value for part in Part if part in parts]}
    _record(
        session, contribution, "contribution.take_over", by=by, now=now, before=before, after=after
    )
    return contribution


def _require_takeable(
    session: Session,
    *,
    report: Report,
    contribution: Contribution,
    version: int,
    parts: Collection[Part],
    now: datetime,
) -> None:
    if not takes_contributions(session, report=report, now=now):
        raise IllegalTransition(
            f"Die Meldung ist {standing(session, report=report)}; es lässt sich jetzt nichts "
            "übernehmen.",
            possible=possible_words(report.state),
        )
    if version != contribution.version:
        raise Conflict(
            "Der Beitrag wurde inzwischen geändert. Bitte lesen Sie die neue Fassung und "
            "übernehmen Sie sie dann."
        )
    left = open_parts(content_from(contribution.content), taken_from(contribution.content))
    if not left:
        raise IllegalTransition(
            "Diese Fassung des Beitrags ist schon übernommen. Noch einmal würde sie doppelt zählen."
        )
    if not parts:
        problem = Problem("parts", "part_required")
        raise Invalid("Der Beitrag ist nicht übernommen.", problems=(problem,))
    if not set(parts) <= set(left):
        raise IllegalTransition(
            "Davon ist ein Teil schon übernommen. Noch einmal würde er doppelt zählen."
        )


def _with_parts(
    session: Session,
    *,
    report: Report,
    contribution: Contribution,
    parts: Collection[Part],
    now: datetime,
) -> tuple[ReportContent, Taken]:
    named = select(short_name_on(local_day(now))).where(
        col(Institution.id) == contribution.institution_id
    )
    previous = previous_of(session, report=report)
    draft, taken = taken_over(
        working(report.draft, previous.content if previous else None),
        content_from(contribution.content),
        version=contribution.version,
        parts=parts,
        taken=taken_from(contribution.content),
        heading=contribution_heading(session.exec(named).one()),
    )
    problems = check_taken(draft)
    if problems:
        raise Invalid("Der Beitrag ist nicht übernommen.", problems=problems)
    return draft, taken


NOT_A_PARTNER = (
    "Diese Meldung gibt es nicht, oder Ihre Institution ist an der Maßnahme nicht beteiligt."
)
_ASK_THE_LEAD = "die federführende Institution bitten, die Meldung zurückzuziehen"
_ASK_THE_OFFICE = "die koordinierende Stelle um eine Nachfrist bitten"


def load_as_partner(
    session: Session, *, report_id: int, by: Actor, now: datetime
) -> tuple[Report, int]:
    """Return a report for changing and the partner's key; NotFound for everybody else alike."""
    # Locked like a submission of the lead, so that one of the two comes second.
    report = session.get(Report, report_id, with_for_update=True)
    institution_id = by.institution_id
    if report is None or institution_id is None or by.role is not Role.INSTITUTION:
        raise NotFound(NOT_A_PARTNER)
    partner = session.exec(
        select(Responsibility.id).where(
            Responsibility.measure_id == report.measure_id,
            Responsibility.institution_id == institution_id,
            Responsibility.role == ResponsibilityRole.PARTNER,
            holds_on(local_day(now)),
        )
    ).first()
    if partner is None or report.institution_id == institution_id:
        raise NotFound(NOT_A_PARTNER)
    return report, institution_id


def takes_contributions(session: Session, *, report: Report, now: datetime) -> bool:
    """Return whether a report can still change: not handed in, round open or valid Nachfrist."""
    return report.state in EDITABLE and _round_takes(session, report=report, now=now)


def require_open(session: Session, *, report: Report, now: datetime) -> None:
    """Raise IllegalTransition, with what helps, when a report takes no contribution any more."""
    if takes_contributions(session, report=report, now=now):
        return
    closed = session.get_one(Round, report.round_id).state is RoundState.CLOSED
    possible: tuple[str, ...] = ()
    if report.state in EDITABLE and closed:
        possible = (_ASK_THE_OFFICE,)
    elif report.state is ReportState.SUBMITTED and _round_takes(session, report=report, now=now):
        possible = (_ASK_THE_LEAD,)
    raise IllegalTransition(
        f"Die Meldung der federführenden Institution ist {standing(session, report=report)}. "
        "Ihr Beitrag lässt sich deshalb nicht mehr ändern.",
        possible=possible,
    )


def standing(session: Session, *, report: Report) -> str:
    if report.state not in EDITABLE:
        return REPORT_STATE[report.state].text
    state = session.get_one(Round, report.round_id).state
    return f"nicht mehr offen, denn die Runde ist {ROUND_STATE[state].text}"


def contribution_of(
    session: Session, *, report_id: int, institution_id: int
) -> Contribution | None:
    return session.exec(
        select(Contribution)
        .where(Contribution.report_id == report_id, Contribution.institution_id == institution_id)
        .with_for_update()
    ).one_or_none()


def said_by(contribution: Contribution | None) -> dict[str, object]:
    """Return what a contribution says, as the audit log keeps it; nothing for None."""
    return {} if contribution is None else dict(to_dict(content_from(contribution.content)))


def _record(
    session: Session,
    contribution: Contribution,
    verb: str,
    *,
    by: Actor,
    now: datetime,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    audit.record_row(
        session,
        contribution,
        verb,
        by=by,
        now=now,
        before={key: before[key] for key in changed if key in before},
        after={key: after[key] for key in changed if key in after},
    )


def _round_takes(session: Session, *, report: Report, now: datetime) -> bool:
    state = session.get_one(Round, report.round_id).state
    return takes_reports(state, extensions_of(session, report=report), now=now)
