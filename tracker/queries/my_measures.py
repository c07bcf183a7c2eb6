"""What an institution has to report: its measures in the running rounds (domain.md 5).

Four statements, however many measures and rounds there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.models import (
    Decision,
    Extension,
    Goal,
    Measure,
    Report,
    ReportRevision,
    Review,
    Round,
)
from tracker.rules.content import ReportContent, from_dict
from tracker.rules.figures import Value
from tracker.rules.periods import Period
from tracker.rules.reports import EDITABLE, Granted, ReportState, due_on, extension_valid
from tracker.rules.rounds import RoundState

RUNNING_STATES = (RoundState.OPEN, RoundState.CLOSED)


@dataclass(frozen=True)
class Before:
    """The measure's last accepted report: from when, what the institution said, what counts.

    `said` holds Umsetzungsstand, Verlauf, achieved, next step and its day; `value` is the
    reviewed value where the KI set one.
    """

    period: Period
    said: ReportContent
    value: Value
    unchanged_streak: int


@dataclass(frozen=True)
class MyMeasure:
    """One measure with its report of the round; `due` respects extensions.

    `handed_in` is this round's value, the reviewed one where the KI set one; None until submitted.
    """

    report_id: int
    code: str
    text: str
    state: ReportState
    due: date
    returned_at: datetime | None
    return_comment: str
    waived_reason: str
    before: Before | None
    handed_in: Value | None
    may_write: bool

    @property
    def is_open(self) -> bool:
        """Return whether the institution still has something to hand in."""
        return self.state in EDITABLE

    @property
    def may_confirm(self) -> bool:
        """Return whether "Unverändert bestätigen" is offered: nothing begun, something accepted."""
        return self.may_write and self.state is ReportState.EXPECTED and self.before is not None


@dataclass(frozen=True)
class MyRound:
    """A running round with the institution's measures, returned ones first."""

    period: Period
    state: RoundState
    due_on: date
    resubmit_days: int
    measures: tuple[MyMeasure, ...]

    @property
    def expected(self) -> tuple[MyMeasure, ...]:
        """Return the measures without those that are befreit."""
        return tuple(item for item in self.measures if item.state is not ReportState.WAIVED)

    @property
    def open_count(self) -> int:
        """Return how many reports are still to be handed in."""
        return sum(item.is_open for item in self.measures)


@dataclass(frozen=True)
class MyMeasures:
    """The running rounds, newest first, and the newest published period (None: none yet)."""

    rounds: tuple[MyRound, ...]
    published: Period | None


def my_measures(session: Session, *, institution_id: int, now: datetime) -> MyMeasures:
    """Return what an institution leads in the running rounds, and where it stands."""
    rounds = session.execute(_rounds()).all()
    running = {row.id: row for row in rounds if row.state in RUNNING_STATES}
    published = [row.period for row in rounds if row.state is RoundState.PUBLISHED]
    rows = session.execute(_measures(list(running), institution_id)).all() if running else []
    granted = _extensions(session, list(running), institution_id) if rows else {}
    found = []
    for round_id, round_ in running.items():
        measures = [
            _measure(row, round_, _granted(granted, row), now)
            for row in rows
            if row.round_id == round_id
        ]
        measures.sort(key=lambda item: item.state is not ReportState.RETURNED)
        found.append(
            MyRound(
                period=Period.parse(round_.period),
                state=round_.state,
                due_on=round_.due_on,
                resubmit_days=round_.resubmit_days,
                measures=tuple(measures),
            )
        )
    return MyMeasures(tuple(found), Period.parse(published[0]) if published else None)


def _rounds() -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(Round.id),
            col(Round.period),
            col(Round.state),
            col(Round.due_on),
            col(Round.resubmit_days),
        )
        .where(col(Round.state).in_((*RUNNING_STATES, RoundState.PUBLISHED)))
        .order_by(col(Round.period_start).desc())
    )


def _measures(round_ids: Sequence[int], institution_id: int) -> Select[*tuple[Any, ...]]:
    earlier, earlier_round, latest = aliased(Report), aliased(Round), aliased(ReportRevision)
    content = col(ReportRevision.content)
    return (
        select(
            col(Report.id),
            col(Report.round_id),
            col(Report.state),
            col(Report.returned_at),
            col(Report.waived_reason),
            col(Measure.code),
            col(Measure.display_text),
            col(Review.comment),
            func.coalesce(Report.reviewed_implementation, latest.implementation).label("standing"),
            case(
                (col(Report.reviewed_implementation).is_(None), latest.course),
                else_=Report.reviewed_course,
            ).label("running"),
            col(earlier_round.period).label("earlier_period"),
            col(earlier.unchanged_streak),
            col(earlier.reviewed_implementation),
            col(earlier.reviewed_course),
            col(ReportRevision.implementation),
            col(ReportRevision.course),
            content["achieved"].as_string().label("achieved"),
            content["next_step"].as_string().label("next_step"),
            content["next_step_on"].as_string().label("next_step_on"),
        )
        .join(Measure, col(Measure.id) == Report.measure_id)
        .join(Goal, col(Goal.id) == Measure.goal_id)
        .outerjoin(earlier, col(earlier.id) == Report.previous_report_id)
        .outerjoin(earlier_round, col(earlier_round.id) == earlier.round_id)
        .outerjoin(
            ReportRevision,
            and_(
                col(ReportRevision.report_id) == earlier.id,
                col(ReportRevision.number) == earlier.revision,
            ),
        )
        .outerjoin(
            latest,
            and_(
                col(latest.report_id) == Report.id,
                col(latest.number) == Report.revision,
            ),
        )
        .outerjoin(
            Review,
            and_(
                col(Review.report_id) == Report.id,
                col(Review.revision) == Report.revision,
                col(Review.decision) == Decision.RETURNED,
            ),
        )
        .where(col(Report.round_id).in_(round_ids), col(Report.institution_id) == institution_id)
        .order_by(col(Goal.number), col(Measure.position))
    )


def _extensions(
    session: Session, round_ids: Sequence[int], institution_id: int
) -> Mapping[tuple[int, int | None], list[Granted]]:
    """Return extensions by round and report; report None holds for all of the institution."""
    statement = (
        select(
            col(Extension.round_id),
            col(Extension.report_id),
            col(Extension.until),
            col(Extension.granted_at),
        )
        .outerjoin(Report, col(Report.id) == Extension.report_id)
        .where(
            col(Extension.round_id).in_(round_ids),
            or_(
                col(Extension.institution_id) == institution_id,
                col(Report.institution_id) == institution_id,
            ),
        )
    )
    found: dict[tuple[int, int | None], list[Granted]] = {}
    for row in session.execute(statement):
        found.setdefault((row.round_id, row.report_id), []).append(
            Granted(row.until, row.granted_at)
        )
    return found


def _granted(
    granted: Mapping[tuple[int, int | None], list[Granted]], row: Row[Any]
) -> list[Granted]:
    return [*granted.get((row.round_id, None), ()), *granted.get((row.round_id, row.id), ())]


def _measure(row: Row[Any], round_: Row[Any], granted: list[Granted], now: datetime) -> MyMeasure:
    is_open = round_.state is RoundState.OPEN or extension_valid(granted, now=now)
    return MyMeasure(
        report_id=row.id,
        code=row.code,
        text=row.display_text,
        state=row.state,
        due=due_on(round_.due_on, granted, at=now),
        returned_at=row.returned_at,
        return_comment=row.comment or "",
        waived_reason=row.waived_reason or "",
        before=_before(row),
        handed_in=Value(row.standing, row.running) if row.standing else None,
        may_write=is_open and row.state in EDITABLE,
    )


def _before(row: Row[Any]) -> Before | None:
    if row.earlier_period is None:
        return None
    said = from_dict(
        {
            "implementation": row.implementation,
            "course": row.course,
            "achieved": row.achieved,
            "next_step": row.next_step,
            "next_step_on": row.next_step_on,
        }
    )
    value = Value(row.implementation, row.course)
    if row.reviewed_implementation is not None:
        value = Value(row.reviewed_implementation, row.reviewed_course)
    return Before(Period.parse(row.earlier_period), said, value, row.unchanged_streak)
