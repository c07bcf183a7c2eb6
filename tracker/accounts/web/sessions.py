"""Who a session belongs to: looked up with every request."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app, g

from tracker.accounts.actions import sessions
from tracker.accounts.queries import accounts as queries
from tracker.core.db import transaction
from tracker.core.hashes import token_hash
from tracker.core.settings import Settings
from tracker.core.trouble import DATABASE_ERRORS, cause_of
from tracker.web.access import SignedIn
from tracker.web.runtime import now, reading, session, settings, today

_TOUCH_EVERY = timedelta(minutes=1)


def load(token: str) -> SignedIn | None:
    """Return who a session's token belongs to, None when it ended, idled out or grew too old."""
    row = queries.signed_in(reading(), token_hash=token_hash(token), today=today())
    if row is not None:
        g.settings_stamp = row.settings_stamp
    if row is None or not _lasts(row, settings(), now()):
        return None
    if now() - row.last_seen_at >= _TOUCH_EVERY:
        _touch(row.session_id)
    return SignedIn(row.session_id, token, row.actor, row.email, row.institution)


def _lasts(row: queries.SignedInRow, limits: Settings, moment: datetime) -> bool:
    idle, age = moment - row.last_seen_at, moment - row.created_at
    return idle <= timedelta(minutes=limits.session_idle_minutes) and age <= timedelta(
        hours=limits.session_absolute_hours
    )


def _touch(session_id: int) -> None:
    try:
        with transaction(session()):
            sessions.touch(session(), session_id=session_id, now=now())
    except DATABASE_ERRORS as error:
        # Somebody else writes for long, or the disk is full. The next request notes it.
        current_app.logger.warning("last_seen_at not noted: %s", cause_of(error))
