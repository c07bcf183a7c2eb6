"""What an institution has to report: its measures in the running rounds (domain.md 5).

The page is opened most, so its statements (two, three after a cancelled round) are built once, on
the bare tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Case,
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

from tracker.concept.queries.concepts import concept_in_round
from tracker.concept.queries.entries import text_in_round
from tracker.core.columns import columns, sql_literal
from tracker.core.periods import Period, end_of_day, local_day
from tracker.reporting.models import Decision
from tracker.reporting.reports.queries.last_accepted import (
    Before,
    before_of,
    confirmed_before,
    newest_acceptance,
)
from tracker.reporting.rules.content import from_dict, prefilled_from
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import EDITABLE, Granted, ReportState, due_on, takes_reports
from tracker.reporting.rules.rounds import RUNNING_STATES, RoundState


@dataclass(frozen=True)
class MyMeasure:
    """One measure with its report of the round; `due` respects extensions.

    `handed_in` is this round's value, the reviewed one where the KI set one; None until submitted.
    `streak` counts the unchanged confirmations in a row, this round's included; 0 for none.
    `on_behalf`: the KI wrote it. `reviewed_reason` says why the KI set another value,
    `revoked_reason` why it revoked the acceptance of what is submitted, `joined_reason` why the
    report was asked for after the opening, with a day of its own.
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
    joined_reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.state in EDITABLE

    @property
    def times_confirmed(self) -> int:
        return 1 + (self.before.unchanged_streak if self.before else 0)

    @property
    def may_confirm(self) -> bool:
        untouched = self.state is ReportState.EXPECTED or self.as_prefilled
        return self.may_write and untouched and self.before is not None


@dataclass(frozen=True)
class MyRound:
    """A running round with the institution's measures, returned ones first.

    `correcting` is the reason of the Korrektur for which a published round is closed again.
    `concept` is its title where there are several, else "".
    """

    concept_id: int
    concept: str
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
class CancelledRound:
    """A round cancelled after its opening; `begun` are the reports with a text: key and code."""

    concept_id: int
    concept: str
    period: Period
    reason: str
    begun: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Published:
    """A concept's newest published period in its newest version; from 2 on it is a Korrektur."""

    concept_id: int
    concept: str
    period: Period
    version: int


@dataclass(frozen=True)
class MyMeasures:
    """The running rounds by concept, newest first, and what is published of each concept.

    Of several concepts, those in which the institution reports nothing are left out. `cancelled`
    are rounds in which it was asked to report, for as long as somebody may look for its text.
    """

    rounds: tuple[MyRound, ...]
    published: tuple[Published, ...]
    cancelled: tuple[CancelledRound, ...] = ()


def my_measures(connection: Connection, *, institution_id: int, now: datetime) -> MyMeasures:
    """Return what an institution leads in the running rounds, and where it stands."""
    rounds = connection.execute(_ROUNDS, {"since": now - CANCELLED_SHOWN}).all()
    published = {row.concept_id: row for row in reversed(rounds) if row.has_snapshot}
    running = [row for row in rounds if row.state in RUNNING_STATES]
    cancelled = [row for row in rounds if row.state is RoundState.CANCELLED]
    values = {"institution_id": institution_id, "now": now}
    measures = connection.execute(_MEASURES, values).all() if running else ()
    # A Nachfrist holds to the end of its day, so the day decides, not the hour.
    moment = end_of_day(local_day(now))
    return MyMeasures(
        _of_own_concepts([_round(round_, measures, moment) for round_ in running]),
        tuple(
            Published(row.concept_id, row.concept, Period.parse(row.period), row.version)
            for _, row in sorted(published.items())
        ),
        _cancelled(connection, cancelled, institution_id) if cancelled else (),
    )


def _of_own_concepts(rounds: Sequence[MyRound]) -> tuple[MyRound, ...]:
    own = {round_.concept_id for round_ in rounds if round_.measures}
    return tuple(round_ for round_ in rounds if not own or round_.concept_id in own)


def _cancelled(
    connection: Connection, rounds: Sequence[Row[Any]], institution_id: int
) -> tuple[CancelledRound, ...]:
    ids = [round_.id for round_ in rounds]
    values = {"institution_id": institution_id, "round_ids": ids}
    asked = connection.execute(_CANCELLED, values).all()
    return tuple(
        CancelledRound(
            *(round_.concept_id, round_.concept),
            Period.parse(round_.period),
            round_.cancelled_reason,
            tuple((row.id, row.code) for row in asked if row.round_id == round_.id and row.begun),
        )
        for round_ in rounds
        if any(row.round_id == round_.id for row in asked)
    )


def _round(round_: Row[Any], rows: Sequence[Row[Any]], moment: datetime) -> MyRound:
    measures = [_measure(row, round_, moment) for row in rows if row.round_id == round_.id]
    measures.sort(key=lambda measure: measure.state is not ReportState.RETURNED)
    return MyRound(
        concept_id=round_.concept_id,
        concept=round_.concept,
        period=Period.parse(round_.period),
        state=round_.state,
        due_on=round_.due_on,
        resubmit_days=round_.resubmit_days,
        measures=tuple(measures),
        correcting=round_.correction_reason if round_.has_snapshot else "",
    )


def _measure(row: Row[Any], round_: Row[Any], moment: datetime) -> MyMeasure:
    granted = [Granted(row.extended_until, moment)] if row.extended_until else []
    before = _before(row)
    return MyMeasure(
        report_id=row.id,
        code=row.code,
        text=row.display_text,
        state=row.state,
        due=due_on(round_.due_on, granted, at=moment),
        returned_at=row.returned_at,
        return_comment=row.return_comment or "",
        waived_reason=row.waived_reason or "",
        before=before,
        handed_in=Value(row.standing, row.running) if row.standing else None,
        may_write=row.state in EDITABLE and takes_reports(round_.state, granted, now=moment),
        as_prefilled=_as_prefilled(row, before),
        streak=row.streak if row.unchanged else 0,
        on_behalf=row.on_behalf,
        reviewed_reason=row.reviewed_reason or "",
        has_dissent=row.dissent_at is not None,
        revoked_reason=row.revoked_reason or "",
        joined_reason=row.joined_reason or "",
    )


def _as_prefilled(row: Row[Any], before: Before | None) -> bool:
    return before is not None and bool(row.draft) and from_dict(row.draft) == before.said


def _before(row: Row[Any]) -> Before | None:
    before = before_of(row)
    return before and replace(before, said=prefilled_from(before.said))


CANCELLED_SHOWN = timedelta(days=100)  # over the opening of the next round
_TABLES = SQLModel.metadata.tables
_round_table, _report = _TABLES["round"].c, _TABLES["report"].c
_measure_table, _goal = _TABLES["edition_measure"].c, _TABLES["edition_goal"].c
_extension = _TABLES["extension"].c
_snapshot = _TABLES["snapshot"].c
_earlier_report = _TABLES["report"].alias("earlier")
_earlier_round = _TABLES["round"].alias("earlier_round")
_other_round = _TABLES["round"].alias("other_round")
_earlier_revision = _TABLES["report_revision"].alias("earlier_revision")
_latest_revision = _TABLES["report_revision"].alias("latest_revision")
_joined = _TABLES["extension"].alias("joined")
_earlier, _said, _latest = _earlier_report.c, _earlier_revision.c, _latest_revision.c
_acceptance = _TABLES["review"].alias("acceptance")


# Of a concept's published rounds the page names the newest; there may be dozens.
_NEWEST_PUBLISHED = (
    select(func.max(_other_round.c.period_start))
    .where(
        _other_round.c.concept_id == _round_table.concept_id,
        _other_round.c.state == sql_literal(RoundState.PUBLISHED),
    )
    .correlate(_TABLES["round"])
    .scalar_subquery()
)
_ROUNDS: Select[*tuple[Any, ...]] = (
    select(
        *columns(_round_table.id, _round_table.period, _round_table.state, _round_table.due_on),
        *columns(_round_table.resubmit_days, _round_table.correction_reason),
        *columns(_round_table.cancelled_reason, _round_table.concept_id),
        concept_in_round(),
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
            _round_table.cancelled_at > bindparam("since", type_=_round_table.cancelled_at.type),
        )
    )
    .order_by(_round_table.concept_id, _round_table.period_start.desc())
)
# The latest day up to which a report may still be written by what has been granted so far.
EXTENDED_UNTIL = (
    select(func.max(_extension.until))
    .where(
        _extension.round_id == _report.round_id,
        _extension.granted_at <= bindparam("now", type_=_extension.granted_at.type),
        or_(
            _extension.report_id == _report.id, _extension.institution_id == _report.institution_id
        ),
    )
    .correlate(_TABLES["report"])
    .scalar_subquery()
)


def _said_in(state: ReportState, decision: Decision) -> Case[Any]:
    """Return what the KI wrote with its latest such decision on the revision, in this state."""
    review = _TABLES["review"].alias(decision.value).c
    comment = (
        select(review.comment)
        .where(
            review.report_id == _report.id,
            review.revision == _report.revision,
            review.decision == sql_literal(decision),
        )
        .order_by(review.id.desc())
        .limit(1)
        .correlate(_TABLES["report"])
    )
    return case((_report.state == sql_literal(state), comment.scalar_subquery()))


_MEASURES: Select[*tuple[Any, ...]] = (
    select(
        *columns(_report.id, _report.round_id, _report.state, _report.returned_at),
        *columns(_report.waived_reason, _report.unchanged),
        _report.unchanged_streak.label("streak"),
        *columns(_report.on_behalf, _report.reviewed_reason, _report.dissent_at),
        _measure_table.code,
        text_in_round(),
        _joined.c.reason.label("joined_reason"),
        func.coalesce(_report.reviewed_implementation, _latest.implementation).label("standing"),
        case(
            (_report.reviewed_implementation.is_(None), _latest.course),
            else_=_report.reviewed_course,
        ).label("running"),
        _earlier_round.c.period.label("earlier_period"),
        confirmed_before(_round_table, _earlier_round.c, _earlier.unchanged_streak).label(
            "earlier_streak"
        ),
        _said.content.label("earlier_content"),
        _acceptance.c.reviewed_implementation.label("earlier_found"),
        _acceptance.c.reviewed_course.label("earlier_course"),
        _acceptance.c.comment.label("earlier_finding"),
        EXTENDED_UNTIL.label("extended_until"),
        _said_in(ReportState.RETURNED, Decision.RETURNED).label("return_comment"),
        _said_in(ReportState.SUBMITTED, Decision.REVOKED).label("revoked_reason"),
        # Only a draft is compared with what it began with.
        case((_report.state == sql_literal(ReportState.DRAFT), _report.draft)).label("draft"),
    )
    .join_from(_TABLES["report"], _TABLES["round"], _round_table.id == _report.round_id)
    .join(
        _TABLES["edition_measure"],
        and_(
            _measure_table.measure_id == _report.measure_id,
            _measure_table.edition_id == _round_table.edition_id,
        ),
    )
    .join(_TABLES["edition_goal"], _goal.id == _measure_table.edition_goal_id)
    .outerjoin(_earlier_report, _earlier.id == _report.previous_report_id)
    .outerjoin(_earlier_round, _earlier_round.c.id == _earlier.round_id)
    .outerjoin(_acceptance, _acceptance.c.id == newest_acceptance(_report.previous_report_id))
    .outerjoin(
        _earlier_revision,
        and_(_said.report_id == _earlier.id, _said.number == _acceptance.c.revision),
    )
    .outerjoin(
        _latest_revision, and_(_latest.report_id == _report.id, _latest.number == _report.revision)
    )
    .outerjoin(_joined, and_(_joined.c.report_id == _report.id, _joined.c.joins))
    .where(
        _round_table.state.in_([sql_literal(state) for state in RUNNING_STATES]),
        _report.institution_id == bindparam("institution_id"),
    )
    .order_by(_goal.position, _measure_table.position)
)

_CANCELLED: Select[*tuple[Any, ...]] = (
    select(
        *columns(_report.id, _report.round_id, _measure_table.code),
        _report.draft.is_not(None).label("begun"),
    )
    .join_from(_TABLES["report"], _TABLES["round"], _round_table.id == _report.round_id)
    .join(
        _TABLES["edition_measure"],
        and_(
            _measure_table.measure_id == _report.measure_id,
            _measure_table.edition_id == _round_table.edition_id,
        ),
    )
    .join(_TABLES["edition_goal"], _goal.id == _measure_table.edition_goal_id)
    .where(
        _report.round_id.in_(bindparam("round_ids", expanding=True)),
        _report.institution_id == bindparam("institution_id"),
    )
    .order_by(_goal.position, _measure_table.position)
)
