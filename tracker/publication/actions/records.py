"""Publishing a record of an area: like a round's, but of a day (areas.md, general rules)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, select

from tracker.core import audit
from tracker.core.errors import Forbidden, Invalid, Problem
from tracker.core.periods import local_day
from tracker.core.permissions import Actor
from tracker.publication.models import AreaRecord
from tracker.publication.rules.recording import recorded


def publish_record(
    session: Session,
    *,
    area: str,
    format_: int,
    as_of: date,
    content: Mapping[str, Any],
    subject: str = "",
    reason: str = "",
    by: Actor | None,
    now: datetime,
) -> AreaRecord:
    """Write down what an area publishes as of a day; published again, it is the next version.

    Raises Forbidden for anybody but the KI, Invalid for a further version without a reason and
    for a day to come.
    """
    if by is not None and not by.is_coordination:
        raise Forbidden("Veröffentlichen kann nur die koordinierende Stelle.")
    if as_of > local_day(now):
        raise Invalid(
            "Der Stand liegt in der Zukunft. Bitte wählen Sie heute oder einen früheren Tag.",
            problems=(Problem("as_of", "date_in_future"),),
        )
    last = session.exec(
        select(func.max(AreaRecord.version)).where(
            AreaRecord.area == area, AreaRecord.subject == subject, AreaRecord.as_of == as_of
        )
    ).one()
    version, reason = (last or 0) + 1, reason.strip()
    if version > 1 and not reason:
        raise Invalid(
            "Dieser Stand ist schon veröffentlicht. Bitte begründen Sie, warum er berichtigt wird.",
            problems=(Problem("reason", "reason_missing"),),
        )
    head = {
        "area": area,
        "subject": subject,
        "format": format_,
        "as_of": as_of.isoformat(),
        "version": version,
        "reason": reason,
        "published_on": local_day(now).isoformat(),
    }
    text, sha256 = recorded({"record": head, "content": content})
    record = AreaRecord(
        area=area,
        subject=subject,
        format=format_,
        as_of=as_of,
        version=version,
        sha256=sha256,
        reason=reason,
        published_at=now,
        published_by_id=by.account_id if by is not None else None,
        document=text,
    )
    session.add(record)
    session.flush()
    audit.record_row(session, record, "record.publish", by=by, now=now, after=head)
    return record
