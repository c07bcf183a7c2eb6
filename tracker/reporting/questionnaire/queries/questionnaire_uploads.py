"""An uploaded Erhebungsbogen beside what stands there now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from tracker.accounts.models import Account
from tracker.core.errors import NotFound
from tracker.core.permissions import Actor, may_see_report
from tracker.reporting.models import QuestionnaireUpload
from tracker.reporting.questionnaire.queries.questionnaires import questionnaire
from tracker.reporting.questionnaire.workbook.model import MeasureRow, Questionnaire
from tracker.reporting.rules.content import ReportContent, from_dict


@dataclass(frozen=True)
class ReportChange:
    """One report that an upload would change; `stale` if it was saved or closed meanwhile."""

    row: MeasureRow
    content: ReportContent
    stale: bool


@dataclass(frozen=True)
class Upload:
    upload_id: int
    round_id: int
    institution_id: int
    file_name: str
    uploaded_at: datetime
    uploaded_by: str
    applied_at: datetime | None
    questionnaire: Questionnaire
    changes: tuple[ReportChange, ...]


def upload(session: Session, *, upload_id: int, by: Actor, office: str, now: datetime) -> Upload:
    """Return an uploaded Erhebungsbogen; raises NotFound for a foreign or unknown one."""
    uploaded = session.get(QuestionnaireUpload, upload_id)
    if uploaded is None or not may_see_report(by, institution_id=uploaded.institution_id):
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
        now=now,
    )
    answers = {answer["report_id"]: answer for answer in uploaded.answers}
    return Upload(
        upload_id=upload_id,
        round_id=uploaded.round_id,
        institution_id=uploaded.institution_id,
        file_name=uploaded.file_name,
        uploaded_at=uploaded.uploaded_at,
        uploaded_by=session.get_one(Account, uploaded.uploaded_by_id).name,
        applied_at=uploaded.applied_at,
        questionnaire=form,
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
