"""What was accepted last of a measure: what a report, its form and a confirmation begin from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, case, exists, func, select
from sqlmodel import SQLModel

from tracker.core.columns import sql_literal
from tracker.core.periods import Period
from tracker.reporting.models import Decision
from tracker.reporting.rules.content import ReportContent, established, from_dict
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.rounds import RUNNING_STATES, RoundState
from tracker.reporting.words import as_found

# In which reports were asked for.
_ASKED = (*RUNNING_STATES, RoundState.PUBLISHED)
_other_round = SQLModel.metadata.tables["round"].alias("other_round")
_acceptances = SQLModel.metadata.tables["review"].alias("acceptances")


@dataclass(frozen=True)
class Before:
    """The measure's last accepted report: from when, and what a report begins from.

    `said` has the established value: what the KI set, where it set another, with its reason in
    `finding`.
    """

    period: Period
    said: ReportContent
    unchanged_streak: int
    finding: str = ""

    @property
    def value(self) -> Value:
        # What was accepted always has an Umsetzungsstand; the database refuses anything else.
        assert self.said.implementation is not None  # noqa: S101 - tells the type checker
        return Value(self.said.implementation, self.said.course)


def before_of(row: Row[Any]) -> Before | None:
    """Return the last accepted report from the columns that begin with "earlier"."""
    if row.earlier_content is None:
        return None
    period, content = Period.parse(row.earlier_period), from_dict(row.earlier_content)
    reason = as_found(period.label, row.earlier_finding)
    return Before(
        period,
        established(content, row.earlier_found, row.earlier_course, reason=reason),
        row.earlier_streak,
        row.earlier_finding if row.earlier_found else "",
    )


def newest_acceptance(report_id: Any) -> ScalarSelect[Any]:
    """Return the key of the Review by which a report is, or in a correction was, accepted."""
    return (
        select(func.max(_acceptances.c.id))
        .where(
            _acceptances.c.report_id == report_id,
            _acceptances.c.decision == sql_literal(Decision.ACCEPTED),
        )
        .correlate_except(_acceptances)
        .scalar_subquery()
    )


def confirmed_before(round_: Any, earlier_round: Any, streak: Any) -> ColumnElement[int]:
    """Return how many confirmations in a row a report goes on with: none after a missing report.

    `round_` and `earlier_round` are the columns of its round and of that of the last accepted one.
    """
    between = exists().where(
        _other_round.c.concept_id == round_.concept_id,
        _other_round.c.period_start > earlier_round.period_start,
        _other_round.c.period_start < round_.period_start,
        _other_round.c.state.in_([sql_literal(state) for state in _ASKED]),
    )
    return case((between, 0), else_=streak)
