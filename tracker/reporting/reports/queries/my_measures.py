"""What an institution has to report: its measures in the running rounds (domain.md 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from tracker.core.periods import Period, end_of_day, local_day
from tracker.reporting.reports.queries.my_rows import read_rows
from tracker.reporting.rules.content import ReportContent, from_dict, prefilled_from
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import EDITABLE, Granted, ReportState, due_on, takes_reports
from tracker.reporting.rules.rounds import RoundState


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
    `streak` counts the unchanged confirmations in a row, this round's included; 0 for none.
    `on_behalf`: the KI wrote it. `reviewed_reason` says why the KI set another value,
    `revoked_reason` why it revoked the acceptance of what is submitted.
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
    streak: int = 0
    on_behalf: bool = False
    reviewed_reason: str = ""
    has_dissent: bool = False
    revoked_reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.state in EDITABLE

    @property
    def times_confirmed(self) -> int:
        """Return the how manieth in a row another unchanged confirmation would be."""
        return 1 + (self.before.unchanged_streak if self.before else 0)

    @property
    def may_confirm(self) -> bool:
        """Return whether "Unverändert bestätigen" is offered: nothing begun, something accepted."""
        untouched = self.state is ReportState.EXPECTED or self.as_prefilled
        return self.may_write and untouched and self.before is not None


@dataclass(frozen=True)
class MyRound:
    """A running round with the institution's measures, returned ones first.

    `correcting` is the reason of the Korrektur for which a published round is closed again.
    """

    period: Period
    state: RoundState
    due_on: date
    resubmit_days: int
    measures: tuple[MyMeasure, ...]
    correcting: str = ""

    @property
    def confirmable(self) -> tuple[MyMeasure, ...]:
        return tuple(measure for measure in self.measures if measure.may_confirm)

    @property
    def expected(self) -> tuple[MyMeasure, ...]:
        return tuple(
            measure for measure in self.measures if measure.state is not ReportState.WAIVED
        )

    @property
    def open_count(self) -> int:
        return sum(measure.is_open for measure in self.measures)


@dataclass(frozen=True)
class MyMeasures:
    """The running rounds, newest first, and the newest published period (None: none yet).

    `version` is that period's newest version; from 2 on it is a Korrektur.
    """

    rounds: tuple[MyRound, ...]
    published: Period | None
    version: int = 1


def my_measures(connection: Connection, *, institution_id: int, now: datetime) -> MyMeasures:
    rows = read_rows(connection, institution_id=institution_id, now=now)
    published = [row for row in rows.rounds if row.has_snapshot]
    running = [row for row in rows.rounds if row.state is not RoundState.PUBLISHED]
    # A Nachfrist holds to the end of its day, so the day decides, not the hour.
    moment = end_of_day(local_day(now))
    return MyMeasures(
        tuple(_round(round_, rows.measures, moment) for round_ in running),
        Period.parse(published[0].period) if published else None,
        published[0].version if published else 1,
    )


def _round(round_: Row[Any], rows: Sequence[Row[Any]], moment: datetime) -> MyRound:
    measures = [_measure(row, round_, moment) for row in rows if row.round_id == round_.id]
    measures.sort(key=lambda measure: measure.state is not ReportState.RETURNED)
    return MyRound(
        period=Period.parse(round_.period),
        state=round_.state,
        due_on=round_.due_on,
        resubmit_days=round_.resubmit_days,
        measures=tuple(measures),
        correcting=round_.correction_reason if round_.has_snapshot else "",
    )


def _measure(row: Row[Any], round_: Row[Any], moment: datetime) -> MyMeasure:
    granted = [Granted(row.extended_until, moment)] if row.extended_until else []
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
        may_write=row.state in EDITABLE and takes_reports(round_.state, granted, now=moment),
        as_prefilled=_as_prefilled(row),
        streak=row.streak if row.unchanged else 0,
        on_behalf=row.on_behalf,
        reviewed_reason=row.reviewed_reason or "",
        has_dissent=row.dissent_at is not None,
        revoked_reason=row.revoked_reason or "",
    )


def _as_prefilled(row: Row[Any]) -> bool:
    if not row.draft or not row.begun_from:
        return False
    return from_dict(row.draft) == prefilled_from(from_dict(row.begun_from))


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
