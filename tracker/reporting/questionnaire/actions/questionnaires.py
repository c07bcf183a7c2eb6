"""An uploaded Erhebungsbogen: kept once it is clean, taken over as a whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select

from tracker.concept.models import EditionMeasure
from tracker.concept.queries.concept import wording_in
from tracker.core import audit
from tracker.core.errors import Conflict, Forbidden, IllegalTransition, NotFound
from tracker.core.permissions import Actor, may_submit
from tracker.reporting.models import QuestionnaireUpload, Report, Round
from tracker.reporting.questionnaire.queries.questionnaires import may_fill_in
from tracker.reporting.questionnaire.workbook.model import Answer
from tracker.reporting.reports.actions import reports
from tracker.reporting.reports.actions.report_steps import load, previous_of
from tracker.reporting.rules.content import ReportContent, from_dict, normalised, to_dict
from tracker.reporting.rules.submission import check_submission

MAX_FILE_NAME = 200
# Of one account: what was taken over stands in the reports, what was not can be sent again.
MOST_KEPT = 50
_NOTHING = "Es wurde nichts übernommen."


def keep(
    session: Session,
    *,
    round_id: int,
    institution_id: int,
    file_name: str,
    sha256: str,
    answers: Sequence[Answer],
    notes: Sequence[str] = (),
    by: Actor,
    now: datetime,
) -> QuestionnaireUpload:
    """Keep what a clean file would change, until somebody has seen the preview.

    Raises Forbidden when the actor may not draft for the institution.
    """
    if not may_fill_in(session, by, round_id=round_id, institution_id=institution_id):
        raise Forbidden("Für diese Institution können Sie keinen Erhebungsbogen hochladen.")
    upload = QuestionnaireUpload(
        round_id=round_id,
        institution_id=institution_id,
        file_name=file_name[:MAX_FILE_NAME],
        sha256=sha256,
        answers=[
            {
                "report_id": answer.report_id,
                "version": answer.version,
                "content": to_dict(answer.content),
            }
            for answer in answers
        ],
        notes=list(notes),
        uploaded_at=now,
        uploaded_by_id=by.account_id,
    )
    session.add(upload)
    session.flush()
    older = (
        select(QuestionnaireUpload.id)
        .where(col(QuestionnaireUpload.uploaded_by_id) == by.account_id)
        .order_by(col(QuestionnaireUpload.id).desc())
        .offset(MOST_KEPT)
    )
    session.exec(delete(QuestionnaireUpload).where(col(QuestionnaireUpload.id).in_(older)))
    return upload


def apply(
    session: Session, *, upload_id: int, submit_complete: bool, by: Actor, now: datetime
) -> tuple[int, int]:
    """Take an upload over: all its reports become drafts, or none.

    With `submit_complete` reports that lack nothing are submitted at once (the representative, or
    the KI on behalf). Returns how many were saved as drafts and how many were submitted. Raises
    NotFound, Forbidden, Conflict naming the measures that somebody saved meanwhile, and
    IllegalTransition when it was taken over already or a report cannot be written now.
    """
    upload = session.get(QuestionnaireUpload, upload_id, with_for_update=True)
    if upload is None or not may_fill_in(
        session, by, round_id=upload.round_id, institution_id=upload.institution_id
    ):
        raise NotFound(
            "Diesen hochgeladenen Erhebungsbogen gibt es nicht mehr. Bitte laden Sie ihn noch "
            "einmal hoch."
        )
    if upload.applied_at is not None:
        raise IllegalTransition(
            "Dieser Erhebungsbogen wurde schon übernommen. Ihre Angaben stehen in den Meldungen."
        )
    if submit_complete and not may_submit(by, institution_id=upload.institution_id):
        raise Forbidden(
            "Absenden kann nur die benannte Vertretung Ihrer Institution. Bitte übernehmen Sie den "
            "Bogen als Entwurf und geben Sie ihr Bescheid."
        )
    # In one order, so that two people at the same time wait for each other instead of blocking.
    answers = sorted(upload.answers, key=lambda answer: int(answer["report_id"]))
    codes = _codes(session, [answer["report_id"] for answer in answers])
    _require_current(
        session, {answer["report_id"]: answer["version"] for answer in answers}, codes, by
    )
    submitted = 0
    for answer in answers:
        content = from_dict(answer["content"])
        complete = submit_complete and _is_complete(session, answer["report_id"], content)
        save = reports.submit if complete else reports.save_draft
        try:
            save(
                session,
                report_id=answer["report_id"],
                content=content,
                expected_version=answer["version"],
                by=by,
                now=now,
            )
        except IllegalTransition as error:
            message = f"{_NOTHING} Maßnahme {codes[answer['report_id']]}: {error.message}"
            raise IllegalTransition(message, possible=error.possible) from error
        submitted += complete
    upload.applied_at = now
    _record(session, upload, by=by, now=now)
    return len(answers) - submitted, submitted


def _codes(session: Session, reports_: Sequence[int]) -> dict[int, str]:
    rows = session.exec(
        select(Report.id, EditionMeasure.code)
        .join(Round, col(Round.id) == col(Report.round_id))
        .join(EditionMeasure, wording_in(col(Report.measure_id), col(Round.edition_id)))
        .where(col(Report.id).in_(reports_))
    )
    return {report_id: code for report_id, code in rows if report_id is not None}


def _require_current(
    session: Session, versions: dict[int, int], codes: dict[int, str], by: Actor
) -> None:
    changed = [
        codes[report_id]
        for report_id, version in versions.items()
        if load(session, report_id=report_id, by=by).draft_version != version
    ]
    if changed:
        raise Conflict(
            f"{_NOTHING} Inzwischen hat jemand gespeichert: Maßnahme {', '.join(changed)}. Bitte "
            "laden Sie den Erhebungsbogen neu herunter und tragen Sie Ihre Änderungen dort ein."
        )


def _is_complete(session: Session, report_id: int, content: ReportContent) -> bool:
    previous = previous_of(session, report=session.get_one(Report, report_id))
    before = previous.value.implementation if previous else None
    return not check_submission(normalised(content), before=before)


def _record(session: Session, upload: QuestionnaireUpload, *, by: Actor, now: datetime) -> None:
    audit.record(
        session,
        by=by,
        verb="questionnaire.apply",
        entity="institution",
        entity_id=upload.institution_id,
        now=now,
        after={
            "file_name": upload.file_name,
            "sha256": upload.sha256,
            "reports": len(upload.answers),
        },
    )
