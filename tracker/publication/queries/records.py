"""Records of areas, as pages, papers and the command line read them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.core.canonical import Json
from tracker.core.columns import columns
from tracker.core.periods import local_day
from tracker.publication.models import AreaRecord
from tracker.publication.rules.recording import Recorded, disagreements, problems


@dataclass(frozen=True)
class RecordHead:
    """A record without its document."""

    record_id: int
    area: str
    subject: str
    format: int
    as_of: date
    version: int
    sha256: str
    reason: str
    published_at: datetime

    @property
    def published_on(self) -> date:
        """The day of publication in Europe/Berlin."""
        return local_day(self.published_at)


@dataclass(frozen=True)
class CheckedRecord:
    """What verifying one record found; no problems means that all is as it was published."""

    head: RecordHead
    problems: tuple[str, ...]


def records(
    session: Session, *, area: str | None = None, subject: str | None = None
) -> tuple[RecordHead, ...]:
    """Return the records, the newest day first, of one day the newest version first."""
    statement = select(
        *columns(AreaRecord.id, AreaRecord.area, AreaRecord.subject, AreaRecord.format),
        *columns(AreaRecord.as_of, AreaRecord.version, AreaRecord.sha256, AreaRecord.reason),
        col(AreaRecord.published_at),
    ).order_by(
        *columns(AreaRecord.area, AreaRecord.subject),
        col(AreaRecord.as_of).desc(),
        col(AreaRecord.version).desc(),
    )
    if area is not None:
        statement = statement.where(col(AreaRecord.area) == area)
    if subject is not None:
        statement = statement.where(col(AreaRecord.subject) == subject)
    rows: Iterable[Any] = session.connection().execute(statement)
    return tuple(RecordHead(*row) for row in rows)


def document_text(session: Session, record_id: int) -> str:
    """Return a record's canonical JSON; raises sqlalchemy's NoResultFound for an unknown id."""
    statement = select(col(AreaRecord.document)).where(col(AreaRecord.id) == record_id)
    return str(session.execute(statement).scalar_one())


def content(session: Session, record_id: int) -> Json:
    """Return what the area published, without what the record says of itself."""
    document: Json = json.loads(document_text(session, record_id))["content"]
    return document


def verify(session: Session) -> tuple[CheckedRecord, ...]:
    """Check each record: its hash, its canonical form, and what stands beside it."""
    return tuple(_checked(session, head) for head in records(session))


def _checked(session: Session, head: RecordHead) -> CheckedRecord:
    text = document_text(session, head.record_id)
    wrong = tuple(problems(Recorded(text, head.sha256)))
    if not wrong:
        beside = {
            "area": head.area,
            "subject": head.subject,
            "format": head.format,
            "as_of": head.as_of.isoformat(),
            "version": head.version,
            "reason": head.reason,
            "published_on": head.published_on.isoformat(),
        }
        wrong = tuple(disagreements(beside, json.loads(text)["record"]))
    return CheckedRecord(head, wrong)
