"""Partners' contributions to a report, and one partner's own page (domain.md 5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select
from sqlmodel import Session, col

from tracker.accounts.models import Account
from tracker.concept.models import (
    EditionGoal,
    EditionMeasure,
    Institution,
    Responsibility,
    ResponsibilityRole,
)
from tracker.concept.queries.concept import holds_on, wording_in
from tracker.concept.queries.entries import name_on, short_name_on, text_in_round
from tracker.core.columns import columns
from tracker.core.errors import NotFound
from tracker.core.periods import Period, local_day
from tracker.core.permissions import Actor, Role, may_see_report
from tracker.core.text import alphabetical
from tracker.reporting.models import Contribution, Report, Round
from tracker.reporting.rounds.queries.round_list import granted_in
from tracker.reporting.rounds.queries.visibility import sees_round
from tracker.reporting.rules.contribution import (
    ContributionContent,
    ContributionState,
    Part,
    Taken,
    content_from,
    contribution_state,
    open_parts,
    taken_from,
)
from tracker.reporting.rules.reports import EDITABLE, ReportState, due_on, takes_reports
from tracker.reporting.rules.rounds import RoundState


@dataclass(frozen=True)
class ReportContribution:
    contribution_id: int
    institution: str
    content: ContributionContent
    version: int
    saved_at: datetime
    taken: Taken
    taken_version: int | None
    taken_at: datetime | None

    @property
    def state(self) -> ContributionState:
        return contribution_state(version=self.version, taken_version=self.taken_version)

    @property
    def open_parts(self) -> tuple[Part, ...]:
        return open_parts(self.content, self.taken)


@dataclass(frozen=True)
class OwnContribution:
    said: ReportContribution
    saved_by: str
    saved_by_id: int


@dataclass(frozen=True)
class PartnerPage:
    """What a partner sees of the lead's report: what it is about and until when, not its text."""

    report_id: int
    code: str
    text: str
    goal: str
    lead: str
    period: Period
    round_state: RoundState
    due: date
    report_state: ReportState
    round_takes_reports: bool
    own: OwnContribution | None

    @property
    def may_write(self) -> bool:
        return self.round_takes_reports and self.report_state in EDITABLE

    @property
    def may_withdraw(self) -> bool:
        return self.may_write and self.own is not None and self.own.said.taken_version is None


def of_report(
    session: Session, *, report_id: int, by: Actor, today: date
) -> tuple[ReportContribution, ...]:
    """Return a report's contributions by the partners' names, in one statement.

    For the lead and the KI; raises NotFound for everybody else and for an unknown report, alike.
    """
    rows = session.execute(
        select(col(Report.institution_id).label("lead_id"), col(Report.round_id), *_columns(today))
        .outerjoin(Contribution, col(Contribution.report_id) == col(Report.id))
        .outerjoin(Institution, col(Institution.id) == col(Contribution.institution_id))
        .where(col(Report.id) == report_id)
    ).all()
    if (
        not rows
        or not may_see_report(by, institution_id=rows[0].lead_id)
        or not sees_round(session, by, round_id=rows[0].round_id)
    ):
        raise NotFound("Diese Meldung gibt es nicht, oder sie gehört zu einer anderen Institution.")
    said = [_said(row) for row in rows if row.contribution_id is not None]
    return tuple(sorted(said, key=lambda one: alphabetical(one.institution)))


def waiting_partners(
    connection: Connection, *, report_ids: Collection[int], today: date
) -> Mapping[int, tuple[str, ...]]:
    """Return who contributed what nobody took over yet, by report, in one statement.

    The caller has chosen the reports among those that the actor may see.
    """
    rows = connection.execute(
        select(col(Contribution.report_id), short_name_on(today))
        .join(Institution, col(Institution.id) == col(Contribution.institution_id))
        .where(
            col(Contribution.report_id).in_(report_ids),
            or_(
                col(Contribution.taken_version).is_(None),
                col(Contribution.taken_version) != col(Contribution.version),
            ),
        )
    ).all()
    waiting: dict[int, tuple[str, ...]] = {}
    for report_id, name in sorted(rows, key=lambda row: alphabetical(row.short_name)):
        waiting[report_id] = (*waiting.get(report_id, ()), name)
    return waiting


def partner_page(session: Session, *, report_id: int, by: Actor, now: datetime) -> PartnerPage:
    """Return a report as a partner of today sees it, in three statements.

    Raises NotFound for who is no partner of the measure (any more) and for an unknown report.
    """
    row = session.execute(_partner(report_id, by, local_day(now))).one_or_none()
    if row is None or by.role is not Role.INSTITUTION:
        raise NotFound(
            "Diese Meldung gibt es nicht, oder Ihre Institution ist an der Maßnahme nicht "
            "beteiligt."
        )
    # The lead's: a contribution to a report that the lead cannot write any more helps nobody.
    granted = granted_in(session, [row.round_id]).of(row.round_id, row.id, row.institution_id)
    return PartnerPage(
        report_id=report_id,
        code=row.code,
        text=row.display_text,
        goal=f"{row.goal_code}. {row.goal_title}",
        lead=row.lead,
        period=Period.parse(row.period),
        round_state=row.round_state,
        due=due_on(row.due_on, granted, at=now),
        report_state=row.state,
        round_takes_reports=takes_reports(row.round_state, granted, now=now),
        own=_own(session, report_id, by.institution_id, today=local_day(now)),
    )


def _columns(today: date) -> tuple[Any, ...]:
    return (
        col(Contribution.id).label("contribution_id"),
        *columns(Contribution.content, Contribution.version, Contribution.saved_at),
        *columns(Contribution.taken_at, Contribution.taken_version),
        short_name_on(today).label("partner"),
    )


def _said(row: Row[Any]) -> ReportContribution:
    return ReportContribution(
        contribution_id=row.contribution_id,
        institution=row.partner,
        content=content_from(row.content),
        version=row.version,
        saved_at=row.saved_at,
        taken=taken_from(row.content),
        taken_version=row.taken_version,
        taken_at=row.taken_at,
    )


def _partner(report_id: int, by: Actor, day: date) -> Select[*tuple[Any, ...]]:
    as_partner = select(col(Responsibility.measure_id)).where(
        col(Responsibility.institution_id) == by.institution_id,
        col(Responsibility.role) == ResponsibilityRole.PARTNER,
        holds_on(day),
    )
    return (
        select(
            *columns(Report.id, Report.round_id, Report.institution_id, Report.state, Round.period),
            col(Round.state).label("round_state"),
            *columns(Round.due_on, EditionMeasure.code),
            text_in_round(),
            col(EditionGoal.code).label("goal_code"),
            col(EditionGoal.title).label("goal_title"),
            name_on(day).label("lead"),
        )
        .join(Round, col(Round.id) == col(Report.round_id))
        .join(EditionMeasure, wording_in(col(Report.measure_id), col(Round.edition_id)))
        .join(EditionGoal, col(EditionGoal.id) == col(EditionMeasure.edition_goal_id))
        .join(Institution, col(Institution.id) == col(Report.institution_id))
        .where(
            col(Report.id) == report_id,
            col(Report.institution_id) != by.institution_id,
            col(Report.measure_id).in_(as_partner),
        )
    )


def _own(
    session: Session, report_id: int, institution_id: int | None, *, today: date
) -> OwnContribution | None:
    row = session.execute(
        select(*_columns(today), col(Contribution.saved_by_id), col(Account.name).label("saved_by"))
        .join(Institution, col(Institution.id) == col(Contribution.institution_id))
        .join(Account, col(Account.id) == col(Contribution.saved_by_id))
        .where(
            col(Contribution.report_id) == report_id,
            col(Contribution.institution_id) == institution_id,
        )
    ).one_or_none()
    return None if row is None else OwnContribution(_said(row), row.saved_by, row.saved_by_id)
