"""The office's own Word template: put into use, taken out of use, never deleted."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.core import audit
from tracker.core.errors import Forbidden, IllegalTransition, NotFound
from tracker.core.permissions import Actor
from tracker.papers.models import OfficeTemplate


def add(
    session: Session, *, file_name: str, content: bytes, by: Actor | None, now: datetime
) -> int:
    """Put a Word template into use in place of the one before; returns its number.

    Whether it is one is checked before (`papers.writers.docx.template`). `by` None: command line.
    """
    only_coordination(by)
    _retire_all(session, now)
    template = OfficeTemplate(
        file_name=file_name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        added_at=now,
        added_by_id=by.account_id if by else None,
        content=content,
    )
    session.add(template)
    session.flush()
    facts = {"file_name": template.file_name, "sha256": template.sha256}
    _record(session, template.id or 0, by=by, verb="template.add", now=now, facts=facts)
    return template.id or 0


def retire(session: Session, *, by: Actor | None, now: datetime) -> None:
    """Go back to our own look; raises IllegalTransition where no template is in use."""
    only_coordination(by)
    for template_id in _retire_all(session, now):
        _record(session, template_id, by=by, verb="template.retire", now=now, facts={})
        return
    raise IllegalTransition("Es ist keine eigene Word-Vorlage im Einsatz.")


def content(session: Session, *, template_id: int) -> bytes:
    """Return a template's file, in use or not; raises NotFound."""
    template = session.get(OfficeTemplate, template_id)
    if template is None:
        raise NotFound("Diese Word-Vorlage gibt es nicht. Bitte wählen Sie eine andere.")
    return template.content


def only_coordination(by: Actor | None) -> None:
    """Raise Forbidden for others than the KI; None is the command line."""
    if by is not None and not by.is_coordination:
        raise Forbidden("Ausgaben bestellt und verwaltet die koordinierende Stelle.")


def _retire_all(session: Session, now: datetime) -> list[int]:
    used = session.scalars(
        select(OfficeTemplate).where(col(OfficeTemplate.retired_at).is_(None)).with_for_update()
    ).all()
    for template in used:
        # Of two at the same time the one that began first may end last.
        template.retired_at = max(now, template.added_at)
    session.flush()
    return [template.id or 0 for template in used]


def _record(
    session: Session,
    template_id: int,
    *,
    by: Actor | None,
    verb: str,
    now: datetime,
    facts: dict[str, Any],
) -> None:
    audit.record(
        session,
        by=by,
        verb=verb,
        entity="office_template",
        entity_id=template_id,
        now=now,
        after=facts,
    )
