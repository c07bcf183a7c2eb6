"""What an institution has to report: its measures in the running rounds (domain.md 5).

Two statements, however many measures and rounds there are. This page is opened most, so they are
built once, on the bare tables.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlmodel import SQLModel

from tracker.models import Decision
from tracker.rules.content import ReportContent, from_dict, prefilled_from
from tracker.rules.figures import Value
from tracker.rules.periods import Period, end_of_day
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
    as_prefilled: bool = False  # a draft that says what it was prefilled with

    @property
    def is_open(self) -> bool:
        """Return whether the institution still has something to hand in."""
        return self.state in EDITABLE

    @property
    def may_confirm(self) -> bool:
        """Return whether "Unverändert bestätigen" is offered: nothing begun, something accepted."""
        untouched = self.state is ReportState.EXPECTED or self.as_prefilled
        return self.may_write and untouched and self.before is not None


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


@dataclass(frozen=True)
class MyRows:
    """What the two statements found: equal rows mean the same page on the same day."""

    rounds: tuple[Row[Any], ...]
    measures: tuple[Row[Any], ...]


def read_rows(connection: Connection, *, institution_id: int, now: datetime) -> MyRows:
    """Read what an institution leads in the running rounds; extensions granted by now count."""
    rounds = connection.execute(_ROUNDS).all()
    running = any(row.state is not RoundState.PUBLISHED for row in rounds)
    values = {"institution_id": institution_id, "now": now}
    measures = connection.execute(_MEASURES, values).all() if running else []
    return MyRows(tuple(rounds), tuple(measures))


def arranged(rows: MyRows, *, today: date) -> MyMeasures:
    """Return what an institution leads in the running rounds, and where it stands on a day."""
    published = [row.period for row in rows.rounds if row.state is RoundState.PUBLISHED]
    running = [row for row in rows.rounds if row.state is not RoundState.PUBLISHED]
    # A Nachfrist holds to the end of its day, so the day decides, not the hour.
    moment = end_of_day(today)
    return MyMeasures(
        tuple(_round(item, rows.measures, moment) for item in running),
        Period.parse(published[0]) if published else None,
    )


_TABLES = SQLModel.metadata.tables
_round_table, _report = _TABLES["round"].c, _TABLES["report"].c
_measure_table, _goal, _extension = _TABLES["measure"].c, _TABLES["goal"].c, _TABLES["extension"].c
_review = _TABLES["review"].c
_earlier_report = _TABLES["report"].alias("earlier")
_earlier_round = _TABLES["round"].alias("earlier_round")
_earlier_revision = _TABLES["report_revision"].alias("earlier_revision")
_latest_revision = _TABLES["report_revision"].alias("latest_revision")
_earlier, _said, _latest = _earlier_report.c, _earlier_revision.c, _latest_revision.c

_ROUNDS: Select[*tuple[Any, ...]] = (
    select(
        _round_table.id,
        _round_table.period,
        _round_table.state,
        _round_table.due_on,
        _round_table.resubmit_days,
    )
    .where(_round_table.state.in_((*RUNNING_STATES, RoundState.PUBLISHED)))
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
_MEASURES: Select[*tuple[Any, ...]] = (
    select(
        _report.id,
        _report.round_id,
        _report.state,
        _report.returned_at,
        _report.waived_reason,
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
        # As text, so that rows stay comparable; only a draft is compared with what it began with.
        case((_report.state == ReportState.DRAFT, cast(_report.draft, Text))).label("draft"),
        case((_report.state == ReportState.DRAFT, cast(_said.content, Text))).label("begun_from"),
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
            _review.decision == Decision.RETURNED,
        ),
    )
    .where(
        _round_table.state.in_(RUNNING_STATES),
        _report.institution_id == bindparam("institution_id"),
    )
    .order_by(_goal.number, _measure_table.position)
)


def _round(round_: Row[Any], rows: Sequence[Row[Any]], moment: datetime) -> MyRound:
    measures = [_measure(row, round_, moment) for row in rows if row.round_id == round_.id]
    measures.sort(key=lambda item: item.state is not ReportState.RETURNED)
    return MyRound(
        period=Period.parse(round_.period),
        state=round_.state,
        due_on=round_.due_on,
        resubmit_days=round_.resubmit_days,
        measures=tuple(measures),
    )


def _measure(row: Row[Any], round_: Row[Any], moment: datetime) -> MyMeasure:
    granted = [Granted(row.extended_until, moment)] if row.extended_until else []
    is_open = round_.state is RoundState.OPEN or extension_valid(granted, now=moment)
    return MyMeasure(
        report_id=row.id,
        code=row.code,
        text=row.display_text,
        state=row.state,
        due=due_on(round_.due_on, granted, at=moment),
        returned_at=row.returned_at,
        return_comment=row.comment or "",
        waived_reason=row.waived_reason or "",
        before=_before(row),
        handed_in=Value(row.standing, row.running) if row.standing else None,
        may_write=is_open and row.state in EDITABLE,
        as_prefilled=_as_prefilled(row),
    )


def _as_prefilled(row: Row[Any]) -> bool:
    if not row.draft or not row.begun_from:
        return False
    draft, begun_from = (from_dict(json.loads(text)) for text in (row.draft, row.begun_from))
    return draft == prefilled_from(begun_from)


def _before(row: Row[Any]) -> Before | None:
    if row.earlier_period is None:
        return None
    said = ReportContent(
        implementation=row.implementation,
        course=row.course,
        achieved=row.achieved,
        next_step=row.next_step,
        next_step_on=date.fromisoformat(row.next_step_on) if row.next_step_on else None,
    )
    value = Value(row.implementation, row.course)
    if row.reviewed_implementation is not None:
        value = Value(row.reviewed_implementation, row.reviewed_course)
    return Before(Period.parse(row.earlier_period), said, value, row.unchanged_streak)
