"""Signing in and out: counted attempts, sessions that end on the server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from tracker.accounts.actions import passwords
from tracker.accounts.actions.accounts import active, themselves
from tracker.accounts.models import AccountLink, LoginAttempt, LoginSession
from tracker.accounts.queries import sign_ins
from tracker.accounts.rules import throttle
from tracker.core import audit
from tracker.core.db import insert_for
from tracker.core.hashes import token_hash
from tracker.core.permissions import Actor


@dataclass(frozen=True)
class Tried:
    """Whose password is checked, from where: keyed hashes of e-mail address and place.

    The place is a network address or, `known`, a device in which somebody has signed in to this
    account (or a running session of it). `account_id` is None where nobody has the account.
    """

    account: str
    place: str
    known: bool
    account_id: int | None


def begin_check(session: Session, *, tried: Tried, attempts: int, now: datetime) -> datetime | None:
    """Count a password check as failed before it is made; returns None where it may be made.

    Otherwise returns from when one may. Committed before the password is hashed, so that of many
    guesses at once none gets ahead of the count; `passed` takes it back.
    """
    _one_after_the_other(session, tried)
    seen = sign_ins.seen(session, account=tried.account, place=tried.place, now=now)
    free_at = throttle.free_at(seen, attempts=attempts, known=tried.known, now=now)
    stranger = tried.account_id is None and not tried.known and throttle.is_full(seen)
    if free_at <= now and not stranger:
        _count(session, tried, now, counting=1, checked_at=now)
        return None
    if stranger:
        # No row for each: what is typed here no longer fills the table.
        rest = Tried("", tried.place, known=False, account_id=None)
        _count(session, rest, now, throttled=1, last_at=now)
        return max(free_at, now + throttle.FIRST)
    asks = not tried.known and not throttle.holds(seen, now=now)
    asked = {"asked_at": now} if asks else {}
    _count(session, tried, now, throttled=1, last_at=now, **asked)
    _record(session, tried, "account.sign_in_throttled", now)
    return free_at


def passed(session: Session, *, tried: Tried) -> None:
    """Forget what throttles an account at a place, after the right password."""
    session.execute(
        update(LoginAttempt)
        .where(
            col(LoginAttempt.account_hash) == tried.account,
            col(LoginAttempt.place_hash) == tried.place,
            col(LoginAttempt.counting) > 0,
        )
        .values(counting=0)
    )


def failed(session: Session, *, tried: Tried, now: datetime) -> None:
    """Note that a password was wrong."""
    _one_after_the_other(session, tried)
    _count(session, tried, now, wrong=1, last_at=now)
    _record(session, tried, "account.sign_in_failed", now)


def _one_after_the_other(session: Session, tried: Tried) -> None:
    """Let attempts at an account, and those at an address, wait for each other.

    SQLite's writers do so anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        for subject in sorted({tried.account, tried.place}):
            key = int(subject[:15], 16)
            session.execute(select(func.pg_advisory_xact_lock(key)))


def _count(session: Session, tried: Tried, now: datetime, **changes: Any) -> None:
    """Add to the row of a pair and quarter of an hour: numbers are added, moments are set."""
    counts = {"counting": 0, "wrong": 0, "throttled": 0}
    row = {
        "account_hash": tried.account,
        "place_hash": tried.place,
        "quarter": _quarter(now),
        "last_at": now,
    }
    session.execute(
        insert_for(session)(LoginAttempt)
        .values({**row, **counts, **changes})
        .on_conflict_do_update(
            index_elements=["account_hash", "quarter", "place_hash"],
            set_={
                name: col(getattr(LoginAttempt, name)) + value if name in counts else value
                for name, value in changes.items()
            },
        )
    )


def _record(session: Session, tried: Tried, verb: str, now: datetime) -> None:
    """Record the 1st, 10th, 100th … of an account in a quarter of an hour, whatever the place.

    So the audit trail has it at once, and nobody floods it.
    """
    wrong, throttled = sign_ins.refused_since(session, account=tried.account, quarter=_quarter(now))
    count = wrong if verb == "account.sign_in_failed" else throttled
    if tried.account_id is not None and str(count).strip("0") == "1":
        audit.record(
            session,
            by=None,
            verb=verb,
            entity="account",
            entity_id=tried.account_id,
            now=now,
            after={"attempts": count},
        )


def _quarter(now: datetime) -> datetime:
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)


def sign_in(session: Session, *, account_id: int, now: datetime) -> str:
    """Start a session for an account whose password was right; returns the session's token."""
    account = active(session, account_id)
    token = passwords.new_token()
    session.add(
        LoginSession(
            token_hash=token_hash(token),
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


def end_all(session: Session, *, now: datetime) -> int:
    """End every session, as after a backup was put back; returns how many."""
    running = (
        update(LoginSession)
        .where(col(LoginSession.ended_at).is_(None))
        .values(ended_at=now)
        .returning(col(LoginSession.id))
    )
    return len(session.execute(running).all())


def void_links(session: Session, *, now: datetime) -> int:
    """Void every link that is still open, to invite or for a new password; returns how many."""
    open_ = (
        update(AccountLink)
        .where(col(AccountLink.used_at).is_(None), col(AccountLink.expires_at) > now)
        .values(used_at=now)
        .returning(col(AccountLink.id))
    )
    return len(session.execute(open_).all())


def touch(session: Session, *, session_id: int, now: datetime) -> None:
    """Note that a session is in use; no audit event, nothing was changed."""
    session.execute(
        update(LoginSession).where(col(LoginSession.id) == session_id).values(last_seen_at=now)
    )
