"""Reports as people would have written them, inserted in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, SQLModel, col, select

from tracker.core.periods import Period
from tracker.core.permissions import Actor
from tracker.reporting.models import Decision, Report, ReportRevision, Review, Round
from tracker.reporting.rules.content import (
    Participants,
    ParticipantUnit,
    ReportContent,
    to_dict,
)
from tracker.reporting.rules.districts import CITYWIDE
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import (
    HALTED,
    TROUBLED,
    Asked,
    Course,
    Implementation,
    course_asked,
)


def accept_most(
    session: Session, round_: Round, *, submitter: Actor, reviewer: Actor, opened: datetime
) -> None:
    """Submit and accept nine of ten expected reports."""
    numbers = session.exec(
        select(Report.id).where(Report.round_id == round_.id).order_by(col(Report.id))
    ).all()
    done = [(index, number or 0) for index, number in enumerate(numbers) if index % 10 != 9]
    submitted, decided = opened + timedelta(days=9), opened + timedelta(days=20)
    quarter = Period.parse(round_.period).number
    contents = {number: _content(index + quarter) for index, number in done}
    insert_rows(
        session,
        ReportRevision,
        [
            {
                "report_id": number,
                "number": 1,
                "implementation": content.implementation,
                "course": content.course,
                "reason": content.reason,
                "content": to_dict(content),
                "unchanged": False,
                "submitted_at": submitted,
                "submitted_by_id": submitter.account_id,
                "on_behalf": True,
            }
            for number, content in contents.items()
        ],
    )
    insert_rows(
        session,
        Review,
        [
            {
                "report_id": number,
                "revision": 1,
                "decision": Decision.ACCEPTED,
                "comment": "",
                "decided_at": decided,
                "decided_by_id": reviewer.account_id,
            }
            for number in contents
        ],
    )
    session.execute(
        update(Report)
        .where(col(Report.round_id) == round_.id, (col(Report.id) - numbers[0]) % 10 != 9)
        .values(
            state=ReportState.ACCEPTED,
            revision=1,
            first_submitted_at=submitted,
            submitted_at=submitted,
            submitted_by_id=submitter.account_id,
            on_behalf=True,
        )
        .execution_options(synchronize_session=False)
    )


def draft_some(session: Session, round_: Round) -> None:
    """Begin every third report of the open round."""
    session.execute(
        update(Report)
        .where(col(Report.round_id) == round_.id, col(Report.id) % 3 == 0)
        .values(state=ReportState.DRAFT, draft=to_dict(_content(1)), draft_version=1)
        .execution_options(synchronize_session=False)
    )


def _content(index: int) -> ReportContent:
    """Return a report with about as much text as people write; states and courses vary."""
    state = list(Implementation)[index % len(Implementation)]
    course = None
    if course_asked(state) is Asked.REQUIRED:
        course = list(Course)[index // 7 % len(Course)]
    explained = state in HALTED or course in TROUBLED
    return ReportContent(
        implementation=state,
        course=course,
        achieved="Zwei weitere Angebote haben begonnen, die Nachfrage ist gestiegen. " * 4,
        next_step="Abstimmung mit den Einrichtungen im Stadtbezirk über die Fortsetzung.",
        reason="Die Stelle war drei Monate nicht besetzt." if explained else "",
        consequence="Über die Nachbesetzung sollte bald entschieden werden." if explained else "",
        changed="Ein Standort ist hinzugekommen.",
        participants=(Participants(ParticipantUnit.PERSONS, 20 + index % 200),),
        events=1 + index % 9,
        partners="Familienzentrum, Grundschule, Verein vor Ort",
        target_group="Eltern mit Kindern im Vorschulalter",
        districts=(CITYWIDE,),
    )


def insert_rows(session: Session, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Insert rows in parts that both databases take."""
    for part in _parts(rows, 500):
        session.execute(insert(model), part)


def _parts(rows: list[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
