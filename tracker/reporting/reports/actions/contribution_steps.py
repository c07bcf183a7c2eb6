"""Steps shared by what is done with a contribution: find, ask whether it is still possible, record.

Source: domain.md section 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, select

from tracker.concept.models import Responsibility, ResponsibilityRole
from tracker.concept.queries.concept import holds_on
from tracker.core import audit
from tracker.core.errors import IllegalTransition, NotFound
from tracker.core.periods import local_day
from tracker.core.permissions import Actor, Role
from tracker.reporting.models import Contribution, Report, Round
from tracker.reporting.reports.actions.report_steps import extensions_of
from tracker.reporting.rules.contribution import content_from, to_dict
from tracker.reporting.rules.reports import EDITABLE, ReportState, extension_valid
from tracker.reporting.rules.rounds import RoundState
from tracker.reporting.words import REPORT_STATE, ROUND_STATE

NOT_A_PARTNER = (
    "Diese Meldung gibt es nicht, oder Ihre Institution ist an der Maßnahme nicht beteiligt."
)
_ASK_THE_LEAD = "die federführende Institution bitten, die Meldung zurückzuziehen"
_ASK_THE_OFFICE = "das Kommunale Integrationszentrum um eine Nachfrist bitten"


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
    """Return in words why a report takes nothing: its own state, else its round's."""
    if report.state not in EDITABLE:
        return REPORT_STATE[report.state].text
    state = session.get_one(Round, report.round_id).state
    return f"nicht mehr offen, denn die Runde ist {ROUND_STATE[state].text}"


def contribution_of(
    session: Session, *, report_id: int, institution_id: int
) -> Contribution | None:
    """Return an institution's contribution to a report for changing, None if there is none."""
    return session.exec(
        select(Contribution)
        .where(
            Contribution.report_id == report_id,
            Contribution.institution_id == institution_id,
        )
        .with_for_update()
    ).one_or_none()


def said_by(found: Contribution | None) -> dict[str, object]:
    """Return what a contribution says, as the audit log keeps it; nothing for None."""
    return {} if found is None else dict(to_dict(content_from(found.content)))


def record(
    session: Session,
    *,
    found: Contribution,
    verb: str,
    by: Actor,
    now: datetime,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    """Add an audit event about a contribution, with what differs."""
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    audit.record(
        session,
        by=by,
        verb=verb,
        entity="contribution",
        entity_id=found.id or 0,
        now=now,
        before={key: before[key] for key in changed if key in before},
        after={key: after[key] for key in changed if key in after},
    )


def _round_takes(session: Session, *, report: Report, now: datetime) -> bool:
    state = session.get_one(Round, report.round_id).state
    if state is RoundState.CLOSED:
        return extension_valid(extensions_of(session, report=report), now=now)
    return state is RoundState.OPEN
