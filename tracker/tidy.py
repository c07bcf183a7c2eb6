"""Removing what has expired: nothing that was done, so there is no audit event for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, delete, or_
from sqlmodel import Session, col

from tracker.accounts.models import AccountLink, LoginAttempt, LoginSession
from tracker.accounts.rules.throttle import KEPT
from tracker.contact.actions import confirmations
from tracker.contact.models import Confirmation, FormReceipt
from tracker.core.audit import KEEP_TRIED, TRIED
from tracker.core.german import counted
from tracker.core.models import AuditEvent
from tracker.core.settings import Settings
from tracker.outbox.models import OutboxMail
from tracker.outbox.rules.mailing import MailKind
from tracker.papers.actions.exports import drop_files
from tracker.reporting.models import QuestionnaireUpload

# How often the clock removes sign-in attempts.
ATTEMPTS_EVERY = timedelta(minutes=15)
# The token of a form is good for a day; until then the same form must not count twice.
KEEP_RECEIPTS = timedelta(days=2)
# What an uploaded Erhebungsbogen changed stands in the reports; the upload is only its way there.
KEEP_UPLOADS = timedelta(days=30)


@dataclass(frozen=True)
class Removed:
    sessions: int
    attempts: int
    links: int
    uploads: int = 0
    addresses: int = 0
    files: int = 0
    tried: int = 0

    @property
    def summary(self) -> str:
        """Return the German detail, empty when nothing was removed."""
        counts = (
            f"{self.sessions} Sitzungen, {self.attempts} Anmeldeversuche, {self.links} Links"
            if self.sessions or self.attempts or self.links
            else ""
        )
        uploads = f"{self.uploads} hochgeladene Erhebungsbögen" if self.uploads else ""
        addresses = counted(self.addresses, "Adresse", "Adressen") + " aus Formularen"
        addresses = addresses if self.addresses else ""
        files = f"{self.files} ältere Ausgaben" if self.files else ""
        tried = f"{self.tried} Einträge über Abgelehntes" if self.tried else ""
        parts = (counts, uploads, addresses, files, tried)
        removed = ", ".join(part for part in parts if part)
        return f"entfernt: {removed}" if removed else ""


def remove_expired(session: Session, *, settings: Settings, now: datetime) -> Removed:
    """Remove ended and timed-out sessions, old sign-in attempts, links past their date, uploads."""
    idle = now - timedelta(minutes=settings.session_idle_minutes)
    absolute = now - timedelta(hours=settings.session_absolute_hours)
    sessions = delete(LoginSession).where(
        or_(
            col(LoginSession.ended_at).is_not(None),
            col(LoginSession.last_seen_at) < idle,
            col(LoginSession.created_at) < absolute,
        )
    )
    links = delete(AccountLink).where(col(AccountLink.expires_at) < now)
    tried = delete(AuditEvent).where(
        col(AuditEvent.verb).in_(TRIED), col(AuditEvent.at) < now - KEEP_TRIED
    )
    uploaded = col(QuestionnaireUpload.uploaded_at)
    uploads = delete(QuestionnaireUpload).where(uploaded < now - KEEP_UPLOADS)
    session.execute(delete(FormReceipt).where(col(FormReceipt.at) < now - KEEP_RECEIPTS))
    session.execute(
        delete(OutboxMail).where(
            col(OutboxMail.kind) == MailKind.CONFIRMATION,
            col(OutboxMail.created_at) < now - confirmations.VALID,
        )
    )
    addresses = delete(Confirmation).where(col(Confirmation.expires_at) < now)
    return Removed(
        sessions=_delete(session, sessions),
        attempts=remove_attempts(session, now=now),
        links=_delete(session, links),
        uploads=_delete(session, uploads),
        addresses=_delete(session, addresses),
        files=drop_files(session, now=now),
        tried=_delete(session, tried),
    )


def remove_attempts(session: Session, *, now: datetime) -> int:
    """Remove sign-in attempts before they are older than promised; the clock does so often."""
    begun = now - KEPT + ATTEMPTS_EVERY
    return _delete(session, delete(LoginAttempt).where(col(LoginAttempt.quarter) <= begun))


def _delete(session: Session, statement: Delete) -> int:
    return cast("CursorResult[Any]", session.execute(statement)).rowcount
