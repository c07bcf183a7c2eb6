"""What an Erhebungsbogen is filled with: the reports of an institution in a running round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.accounts.models import Account
from tracker.concept.models import (
    Edition,
    EditionField,
    EditionGoal,
    EditionMeasure,
    Institution,
)
from tracker.concept.queries.concept import IN_ORDER, indicators_of, wording_in
from tracker.concept.queries.concepts import concept_in_round
from tracker.concept.queries.entries import name_on, text_in_round
from tracker.concept.rules.facts import IndicatorFact
from tracker.core.columns import columns
from tracker.core.errors import NotFound
from tracker.core.periods import Period, local_day
from tracker.core.permissions import Actor, may_draft
from tracker.core.problems import with_label
from tracker.reporting.models import (
    Decision,
    QuestionnaireUpload,
    Report,
    Review,
    Round,
)
from tracker.reporting.questionnaire.workbook.model import MeasureRow, Questionnaire
from tracker.reporting.reports.queries.last_accepted import before_of
from tracker.reporting.reports.queries.report_page import EARLIER_COLUMNS, with_earlier
from tracker.reporting.rounds.queries.round_list import granted_in
from tracker.reporting.rounds.queries.visibility import sees_round
from tracker.reporting.rules.content import ReportContent, from_dict, working
from tracker.reporting.rules.districts import Districts
from tracker.reporting.rules.reports import EDITABLE, Granted, ReportState, due_on, takes_reports
from tracker.reporting.rules.rounds import RUNNING_STATES, RoundState
from tracker.reporting.words import REPORT_FIELD

_returned = aliased(Review)
_NO_SUCH = (
    "Diesen Erhebungsbogen gibt es nicht: Die Runde läuft nicht, oder er gehört zu einer anderen "
    "Institution."
)


@dataclass(frozen=True)
class RunningRound:
    """A running round; `concept` is its title where there are several."""

    round_id: int
    period: Period
    state: RoundState
    concept: str


def running_rounds(session: Session, *, institution_id: int) -> tuple[RunningRound, ...]:
    rows = session.execute(
        select(col(Round.id), col(Round.period), col(Round.state), concept_in_round())
        .where(
            col(Round.state).in_(RUNNING_STATES),
            select(col(Report.id))
            .where(
                col(Report.round_id) == col(Round.id), col(Report.institution_id) == institution_id
            )
            .exists(),
        )
        .order_by(col(Round.period_start).desc(), col(Round.id))
    )
    return tuple(
        RunningRound(row.id, Period.parse(row.period), row.state, row.concept) for row in rows
    )


def ids_of(
    session: Session, *, concept_id: int, period: str, institution_key: str
) -> tuple[int, int]:
    """Return the ids of a concept's round and an institution named by period and key.

    Raises NotFound naming the one that does not exist.
    """
    round_id = session.execute(
        select(col(Round.id)).where(
            col(Round.concept_id) == concept_id, col(Round.period) == period
        )
    ).scalar_one_or_none()
    if round_id is None:
        raise NotFound(f"Eine Runde {period} gibt es nicht. Die Runden stehen unter „Runden“.")
    institution_id = session.execute(
        select(col(Institution.id)).where(col(Institution.key) == institution_key)
    ).scalar_one_or_none()
    if institution_id is None:
        raise NotFound(
            f"Eine Institution „{institution_key}“ gibt es nicht. Die Kennzeichen stehen unter "
            "„Institutionen“."
        )
    return round_id, institution_id


def may_fill_in(session: Session, by: Actor | None, *, round_id: int, institution_id: int) -> bool:
    """Return whether an actor may fill in an institution's Erhebungsbogen of a round."""
    return by is None or (
        may_draft(by, institution_id=institution_id) and sees_round(session, by, round_id=round_id)
    )


def questionnaire(
    session: Session,
    *,
    round_id: int,
    institution_id: int,
    by: Actor | None,
    office: str,
    districts: Districts,
    now: datetime,
) -> Questionnaire:
    """Return the Erhebungsbogen of an institution in a running round, in four statements.

    `by` None is the command line. Raises NotFound for a round that is not running or in which
    the institution reports nothing, and for an actor of another institution.
    """
    head = session.execute(_head(round_id, institution_id, local_day(now))).one_or_none()
    if head is None or not may_fill_in(
        session, by, round_id=round_id, institution_id=institution_id
    ):
        raise NotFound(_NO_SUCH)
    rows = session.execute(_reports(round_id, institution_id)).all()
    if not rows:
        raise NotFound(_NO_SUCH)
    granted = granted_in(session, [round_id])
    period = Period.parse(head.period)
    measure_ids = [row.measure_id for row in rows]
    indicators = indicators_of(session, day=period.end, measure_ids=measure_ids)
    everyone = granted.by_institution.get((round_id, institution_id), [])
    return Questionnaire(
        period=period,
        edition=head.number,
        edition_title=head.title,
        institution_key=head.key,
        institution=head.name,
        office=office,
        due=due_on(head.due_on, everyone, at=now),
        districts=districts,
        rows=tuple(
            _measure(
                row,
                head.state,
                granted.of(round_id, row.id, institution_id),
                indicators[row.measure_id],
                now,
                districts=districts,
            )
            for row in rows
        ),
    )


def _head(round_id: int, institution_id: int, today: date) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *columns(Round.period, Round.state, Round.due_on, Edition.number, Edition.title),
            *(col(Institution.key), name_on(today)),
        )
        .join(Edition, col(Edition.id) == col(Round.edition_id))
        .join(Institution, col(Institution.id) == institution_id)
        .where(col(Round.id) == round_id, col(Round.state).in_(RUNNING_STATES))
    )


def _reports(round_id: int, institution_id: int) -> Select[*tuple[Any, ...]]:
    return with_earlier(
        select(
            *columns(Report.id, Report.measure_id, Report.state, Report.draft),
            *columns(Report.draft_version, EditionMeasure.code),
            text_in_round(),
            *EARLIER_COLUMNS,
            col(Review.comment),
            col(Review.field_comments),
        )
        .join(Round, col(Round.id) == col(Report.round_id))
        .join(EditionMeasure, wording_in(col(Report.measure_id), col(Round.edition_id)))
        .join(EditionGoal, col(EditionGoal.id) == col(EditionMeasure.edition_goal_id))
        .join(EditionField, col(EditionField.id) == col(EditionGoal.edition_field_id))
        .outerjoin(
            Review,
            # An abandoned correction may have returned the same revision before.
            col(Review.id)
            == select(func.max(_returned.id))
            .where(
                col(_returned.report_id) == col(Report.id),
                col(_returned.revision) == col(Report.revision),
                col(_returned.decision) == Decision.RETURNED,
            )
            .correlate(Report)
            .scalar_subquery(),
        )
        .where(col(Report.round_id) == round_id, col(Report.institution_id) == institution_id)
        .order_by(*IN_ORDER)
    )


def _measure(
    row: Row[Any],
    state: RoundState,
    granted: list[Granted],
    indicators: tuple[IndicatorFact, ...],
    now: datetime,
    *,
    districts: Districts,
) -> MeasureRow:
    before = before_of(row)
    content = working(row.draft, before.said if before else None)
    return MeasureRow(
        report_id=row.id,
        code=row.code,
        text=row.display_text,
        state=row.state,
        may_write=row.state in EDITABLE and takes_reports(state, granted, now=now),
        version=row.draft_version,
        content=content,
        previous=before.said if before else None,
        standing=before.value.implementation if before else None,
        previous_period=before.period if before else None,
        question=_question(row),
        indicators=indicators,
        districts=districts.offered(content.districts),
    )


def _question(row: Row[Any]) -> str:
    if row.state is not ReportState.RETURNED:
        return ""
    parts = [row.comment or ""]
    parts += [
        with_label(REPORT_FIELD.get(name, name), text)
        for name, text in (row.field_comments or {}).items()
    ]
    return "\n".join(part for part in parts if part)


@dataclass(frozen=True)
class ReportChange:
    """One report that an upload would change; `stale` if it was saved or closed meanwhile."""

    row: MeasureRow
    content: ReportContent
    stale: bool


@dataclass(frozen=True)
class Upload:
    round_id: int
    institution_id: int
    file_name: str
    uploaded_at: datetime
    uploaded_by: str
    applied_at: datetime | None
    questionnaire: Questionnaire
    notes: tuple[str, ...]
    changes: tuple[ReportChange, ...]


def upload(
    session: Session,
    *,
    upload_id: int,
    by: Actor,
    office: str,
    districts: Districts,
    now: datetime,
) -> Upload:
    """Return an uploaded Erhebungsbogen; raises NotFound for a foreign or unknown one."""
    uploaded = session.get(QuestionnaireUpload, upload_id)
    if uploaded is None or not may_fill_in(
        session, by, round_id=uploaded.round_id, institution_id=uploaded.institution_id
    ):
        raise NotFound(
            "Diesen hochgeladenen Erhebungsbogen gibt es nicht mehr, oder er gehört zu einer "
            "anderen Institution. Bitte laden Sie ihn noch einmal hoch."
        )
    form = questionnaire(
        session,
        round_id=uploaded.round_id,
        institution_id=uploaded.institution_id,
        by=by,
        office=office,
        districts=districts,
        now=now,
    )
    answers = {answer["report_id"]: answer for answer in uploaded.answers}
    return Upload(
        round_id=uploaded.round_id,
        institution_id=uploaded.institution_id,
        file_name=uploaded.file_name,
        uploaded_at=uploaded.uploaded_at,
        uploaded_by=session.get_one(Account, uploaded.uploaded_by_id).name,
        applied_at=uploaded.applied_at,
        questionnaire=form,
        notes=tuple(uploaded.notes),
        changes=tuple(
            ReportChange(
                row,
                from_dict(answers[row.report_id]["content"]),
                stale=not row.may_write or row.version != answers[row.report_id]["version"],
            )
            for row in form.rows
            if row.report_id in answers
        ),
    )
