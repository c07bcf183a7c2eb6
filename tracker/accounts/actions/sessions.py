"""Signing in and out: counted attempts, sessions that end on the server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, update
from sqlmodel import Session, col

from tracker.accounts.actions import passwords
from tracker.accounts.actions.accounts import active, themselves
from tracker.accounts.models import LoginAttempt, LoginSession
from tracker.accounts.queries import accounts as queries
from tracker.core import audit
from tracker.core.permissions import Actor

ATTEMPT_WINDOW = timedelta(minutes=15)
# One address may stand for a whole office behind one line, so it gets more attempts.
ATTEMPTS_PER_ADDRESS = 20


class Attempt(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    THROTTLED = "throttled"


@dataclass(frozen=True)
class Subjects:
    """Whose failures are counted, as keyed hashes: e-mail address and network address."""

    account: str
    address: str


def attempt(
    session: Session, *, right: bool, subjects: Subjects, attempts: int, now: datetime
) -> Attempt:
    """Count a password check: after `attempts` failures in 15 minutes even the right one waits.

    The password is checked before, outside the transaction, because that takes long on purpose.
    """
    since = now - ATTEMPT_WINDOW
    session.execute(delete(LoginAttempt).where(col(LoginAttempt.at) <= since))
    failed = queries.recent_failures(session, subject_hash=subjects.account, since=since)
    nearby = queries.recent_failures(session, subject_hash=subjects.address, since=since)
    if failed >= attempts or nearby >= attempts * ATTEMPTS_PER_ADDRESS:
        return Attempt.THROTTLED
    if right:
        session.execute(
            delete(LoginAttempt).where(col(LoginAttempt.subject_hash) == subjects.account)
        )
        return Attempt.RIGHT
    session.add_all(
        LoginAttempt(subject_hash=subject, at=now)
        for subject in (subjects.account, subjects.address)
    )
    return Attempt.WRONG


def sign_in(session: Session, *, account_id: int, now: datetime) -> str:
    """Start a session for an account whose password was right; returns the session's token."""
    account = active(session, account_id)
    token = passwords.new_token()
    session.add(
        LoginSession(
            token_hash=passwords.token_hash(token),
            account_id=account_id,
            created_at=now,
            last_seen_at=now,
        )
    )
    audit.record_row(session, account, "account.sign_in", by=themselves(account), now=now)
    return token


def sign_out(session: Session, *, session_id: int, by: Actor, now: datetime) -> None:
    """End a session on the server; the browser's cookie is worth nothing afterwards."""
    login = session.get(LoginSession, session_id)
    if login is None or login.ended_at is not None:
        return
    login.ended_at = now
    audit.record(
        session,
        by=by,
        verb="account.sign_out",
        entity="account",
        entity_id=login.account_id,
        now=now,
    )


def touch(session: Session, *, session_id: int, now: datetime) -> None:
    """Note that a session is in use; no audit event, nothing was changed."""
    session.execute(
        update(LoginSession).where(col(LoginSession.id) == session_id).values(last_seen_at=now)
    )
