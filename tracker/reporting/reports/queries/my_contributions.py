"""Where an institution works with others: as partner, and as lead whose partners wrote something.

One statement for "Meine Maßnahmen", built once on the bare tables like `my_measures`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Integer,
    Row,
    bindparam,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlmodel import SQLModel

from tracker.concept.models import ResponsibilityRole
from tracker.concept.queries.concepts import concept_in_round
from tracker.concept.queries.entries import short_name_on, text_in_round
from tracker.core.columns import columns, sql_literal
from tracker.core.periods import Period, end_of_day, local_day
from tracker.reporting.reports.queries.my_measures import EXTENDED_UNTIL
from tracker.reporting.rules.contribution import ContributionState, contribution_state
from tracker.reporting.rules.reports import EDITABLE, Granted, ReportState, due_on, takes_reports
from tracker.reporting.rules.rounds import RUNNING_STATES


@dataclass(frozen=True)
class AsPartner:
    """A measure in a running round to which the institution may add; `contribution` None: none.

    `due` is the lead's day, with its extensions; `concept` is a title where there are several.
    """

    report_id: int
    code: str
    text: str
    lead: str
    concept: str
    period: Period
    due: date
    report_state: ReportState
    may_write: bool
    contribution: ContributionState | None


@dataclass(frozen=True)
class WaitingForLead:
    """A contribution that the institution, as lead, has not taken over in its latest version."""

    report_id: int
    code: str
    partner: str
    concept: str
    period: Period


@dataclass(frozen=True)
class Together:
    """What "Meine Maßnahmen" shows of the work with others."""

    as_partner: tuple[AsPartner, ...]
    waiting: tuple[WaitingForLead, ...]


def together(connection: Connection, *, institution_id: int, now: datetime) -> Together:
    """Return where an institution works with others, by concept, newest round first; one statement.

    Responsibilities count as of today, extensions as granted by now.
    """
    today = local_day(now)
    values = {"institution_id": institution_id, "today": today, "now": now}
    rows = sorted(connection.execute(_TOGETHER, values), key=_order)
    moment = end_of_day(today)
    return Together(
        as_partner=tuple(_as_partner(row, moment) for row in rows if row.is_partner),
        waiting=tuple(
            WaitingForLead(
                row.report_id, row.code, row.other, row.concept, Period.parse(row.period)
            )
            for row in rows
            if not row.is_partner
        ),
    )


_TABLES = SQLModel.metadata.tables
_report, _round = _TABLES["report"].c, _TABLES["round"].c
_measure, _goal = _TABLES["edition_measure"].c, _TABLES["edition_goal"].c
_institution = _TABLES["institution"].c
_contribution, _responsibility = _TABLES["contribution"].c, _TABLES["responsibility"].c
_INSTITUTION_ID = bindparam("institution_id", type_=Integer)
_TODAY: BindParameter[date] = bindparam("today", type_=_responsibility.valid_from.type)

# Asked for by key first, so that reports are found by round and measure, not through all rounds.
_RUNNING = select(_round.id).where(
    _round.state.in_([sql_literal(state) for state in RUNNING_STATES])
)
_PARTNER_OF = select(_responsibility.measure_id).where(
    _responsibility.institution_id == _INSTITUTION_ID,
    _responsibility.role == sql_literal(ResponsibilityRole.PARTNER),
    _responsibility.valid_from <= _TODAY,
    or_(_responsibility.valid_to.is_(None), _responsibility.valid_to >= _TODAY),
)
_ABOUT = (
    _report.id.label("report_id"),
    _report.state.label("report_state"),
    _round.period,
    _round.period_start,
    _round.concept_id,
    concept_in_round(),
    _round.state.label("round_state"),
    text_in_round(),
    *columns(_round.due_on, _measure.code, _measure.position),
    _goal.position.label("goal_position"),
    short_name_on(_TODAY).label("other"),
)
_AS_PARTNER = (
    select(
        literal_column("1", Integer).label("is_partner"),
        *_ABOUT,
        _contribution.version,
        _contribution.taken_version,
        EXTENDED_UNTIL.label("extended_until"),
    )
    .join_from(_TABLES["report"], _TABLES["round"], _round.id == _report.round_id)
    .join(
        _TABLES["edition_measure"],
        (_measure.measure_id == _report.measure_id) & (_measure.edition_id == _round.edition_id),
    )
    .join(_TABLES["edition_goal"], _goal.id == _measure.edition_goal_id)
    .join(_TABLES["institution"], _institution.id == _report.institution_id)
    .outerjoin(
        _TABLES["contribution"],
        (_contribution.report_id == _report.id) & (_contribution.institution_id == _INSTITUTION_ID),
    )
    .where(
        _report.round_id.in_(_RUNNING),
        _report.measure_id.in_(_PARTNER_OF),
        _report.institution_id != _INSTITUTION_ID,
    )
)
_WAITING = (
    select(
        literal_column("0", Integer).label("is_partner"),
        *_ABOUT,
        _contribution.version,
        _contribution.taken_version,
        null().label("extended_until"),
    )
    .join_from(_TABLES["contribution"], _TABLES["report"], _report.id == _contribution.report_id)
    .join(_TABLES["round"], _round.id == _report.round_id)
    .join(
        _TABLES["edition_measure"],
        (_measure.measure_id == _report.measure_id) & (_measure.edition_id == _round.edition_id),
    )
    .join(_TABLES["edition_goal"], _goal.id == _measure.edition_goal_id)
    .join(_TABLES["institution"], _institution.id == _contribution.institution_id)
    .where(
        _report.round_id.in_(_RUNNING),
        _report.state.in_([sql_literal(state) for state in EDITABLE]),
        _report.institution_id == _INSTITUTION_ID,
        or_(
            _contribution.taken_version.is_(None),
            _contribution.taken_version < _contribution.version,
        ),
    )
)
# Sorted in Python: an ORDER BY over both parts takes the databases longer than all the rest.
_TOGETHER = union_all(_AS_PARTNER, _WAITING)


def _order(row: Row[Any]) -> tuple[Any, ...]:
    return (
        row.concept_id,
        -row.period_start.toordinal(),
        row.goal_position,
        row.position,
        row.other,
    )


def _as_partner(row: Row[Any], moment: datetime) -> AsPartner:
    granted = [Granted(row.extended_until, moment)] if row.extended_until else []
    written = row.version is not None
    return AsPartner(
        report_id=row.report_id,
        code=row.code,
        text=row.display_text,
        lead=row.other,
        concept=row.concept,
        period=Period.parse(row.period),
        due=due_on(row.due_on, granted, at=moment),
        report_state=row.report_state,
        may_write=row.report_state in EDITABLE
        and takes_reports(row.round_state, granted, now=moment),
        contribution=contribution_state(version=row.version, taken_version=row.taken_version)
        if written
        else None,
    )
