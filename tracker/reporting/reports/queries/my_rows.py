"""The two statements behind "Meine Maßnahmen" (my_measures.py).

However many measures and rounds there are. The page is opened most, so they are built once, on the
bare tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlmodel import SQLModel

from tracker.core.columns import sql_literal
from tracker.reporting.models import Decision
from tracker.reporting.rules.content import ReportContent, from_dict, prefilled_from
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.rounds import RUNNING_STATES, RoundState


@dataclass(frozen=True)
class MyRows:
    """What the two statements found: the running and the newest published round, the measures."""

    rounds: Sequence[Row[Any]]
    measures: Sequence[Row[Any]]


def read_rows(connection: Connection, *, institution_id: int, now: datetime) -> MyRows:
    """Read what an institution leads in the running rounds; extensions granted by now count."""
    rounds = connection.execute(_ROUNDS).all()
    if all(row.state is RoundState.PUBLISHED for row in rounds):
        return MyRows(rounds, ())
    values = {"institution_id": institution_id, "now": now}
    return MyRows(rounds, connection.execute(_MEASURES, values).all())


_TABLES = SQLModel.metadata.tables
_round_table, _report = _TABLES["round"].c, _TABLES["report"].c
_measure_table, _goal, _extension = _TABLES["measure"].c, _TABLES["goal"].c, _TABLES["extension"].c
_review, _snapshot = _TABLES["review"].c, _TABLES["snapshot"].c
_earlier_report = _TABLES["report"].alias("earlier")
_earlier_round = _TABLES["round"].alias("earlier_round")
_other_round = _TABLES["round"].alias("other_round")
_earlier_revision = _TABLES["report_revision"].alias("earlier_revision")
_latest_revision = _TABLES["report_revision"].alias("latest_revision")
_revoked = _TABLES["review"].alias("revoked")
_earlier, _said, _latest = _earlier_report.c, _earlier_revision.c, _latest_revision.c

# Of the published rounds the page names the newest; there may be dozens.
_NEWEST_PUBLISHED = (
    select(func.max(_other_round.c.period_start))
    .where(_other_round.c.state == sql_literal(RoundState.PUBLISHED))
    .scalar_subquery()
)
_ROUNDS: Select[*tuple[Any, ...]] = (
    select(
        _round_table.id,
        _round_table.period,
        _round_table.state,
        _round_table.due_on,
        _round_table.resubmit_days,
        _round_table.correction_reason,
        # A round under correction is closed again, but what was published stays published.
        exists().where(_snapshot.round_id == _round_table.id).label("has_snapshot"),
        select(func.max(_snapshot.version))
        .where(_snapshot.round_id == _round_table.id)
        .correlate(_TABLES["round"])
        .scalar_subquery()
        .label("version"),
    )
    .where(
        or_(
            _round_table.state.in_([sql_literal(state) for state in RUNNING_STATES]),
            and_(
                _round_table.state == sql_literal(RoundState.PUBLISHED),
                _round_table.period_start == _NEWEST_PUBLISHED,
            ),
        )
    )
    .order_by(_round_table.period_start.desc())
)
# The latest day up to which a report may still be written by what has been granted so far.
_EXTENDED_UNTIL = (
    select(func.max(_extension.until))
    .where(
        _extension.round_id == _report.round_id,
        _extension.granted_at <= bindparam("now", type_=_extension.granted_at.type),
        or_(
            _extension.report_id == _report.id,
            _extension.institution_id == _report.institution_id,
        ),
    )
    .correlate(_TABLES["report"])
    .scalar_subquery()
)
# Why the acceptance of the present revision was revoked, the latest time.
_REVOKED_REASON = (
    select(_revoked.c.comment)
    .where(
        _revoked.c.report_id == _report.id,
        _revoked.c.revision == _report.revision,
        _revoked.c.decision == sql_literal(Decision.REVOKED),
    )
    .order_by(_revoked.c.id.desc())
    .limit(1)
    .correlate(_TABLES["report"])
    .scalar_subquery()
)
_MEASURES: Select[*tuple[Any, ...]] = (
    select(
        _report.id,
        _report.round_id,
        _report.state,
        _report.returned_at,
        _report.waived_reason,
        _report.unchanged,
        _report.unchanged_streak.label("streak"),
        _report.on_behalf,
        _report.reviewed_reason,
        _report.dissent_at,
        _measure_table.code,
        _measure_table.display_text,
        _review.comment,
        func.coalesce(_report.reviewed_implementation, _latest.implementation).label("standing"),
        case(
            (_report.reviewed_implementation.is_(None), _latest.course),
            else_=_report.reviewed_course,
        ).label("running"),
        _earlier_round.c.period.label("earlier_period"),
        _earlier.unchanged_streak,
        _earlier.reviewed_implementation,
        _earlier.reviewed_course,
        _said.implementation,
        _said.course,
        _said.content["achieved"].as_string().label("achieved"),
        _said.content["next_step"].as_string().label("next_step"),
        _said.content["next_step_on"].as_string().label("next_step_on"),
        _EXTENDED_UNTIL.label("extended_until"),
        case((_report.state == sql_literal(ReportState.SUBMITTED), _REVOKED_REASON)).label(
            "revoked_reason"
        ),
        # Only a draft is compared with what it began with.
        case((_report.state == sql_literal(ReportState.DRAFT), _report.draft)).label("draft"),
        case((_report.state == sql_literal(ReportState.DRAFT), _said.content)).label("begun_from"),
    )
    .join_from(_TABLES["report"], _TABLES["round"], _round_table.id == _report.round_id)
    .join(_TABLES["measure"], _measure_table.id == _report.measure_id)
    .join(_TABLES["goal"], _goal.id == _measure_table.goal_id)
    .outerjoin(_earlier_report, _earlier.id == _report.previous_report_id)
    .outerjoin(_earlier_round, _earlier_round.c.id == _earlier.round_id)
    .outerjoin(
        _earlier_revision,
        and_(_said.report_id == _earlier.id, _said.number == _earlier.revision),
    )
    .outerjoin(
        _latest_revision,
        and_(_latest.report_id == _report.id, _latest.number == _report.revision),
    )
    .outerjoin(
        _TABLES["review"],
        and_(
            _review.report_id == _report.id,
            _review.revision == _report.revision,
            _review.decision == sql_literal(Decision.RETURNED),
        ),
    )
    .where(
        _round_table.state.in_([sql_literal(state) for state in RUNNING_STATES]),
        _report.institution_id == bindparam("institution_id"),
    )
    .order_by(_goal.number, _measure_table.position)
)

_KEPT: Select[*tuple[Any, ...]] = (
    select(_report.id, _said.content)
    .join_from(_TABLES["report"], _earlier_report, _earlier.id == _report.previous_report_id)
    .join(
        _earlier_revision,
        and_(_said.report_id == _earlier.id, _said.number == _earlier.revision),
    )
    .where(
        _report.id.in_(bindparam("report_ids", expanding=True)),
        _report.institution_id == bindparam("institution_id"),
    )
)


def kept_when_confirmed(
    connection: Connection, *, institution_id: int, report_ids: Sequence[int]
) -> dict[int, ReportContent]:
    """Return what a confirmation of these reports says again, in full; one statement."""
    values = {"institution_id": institution_id, "report_ids": list(report_ids)}
    rows = connection.execute(_KEPT, values)
    return {row.id: prefilled_from(from_dict(row.content)) for row in rows}
