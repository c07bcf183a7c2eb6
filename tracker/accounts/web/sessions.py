"""Who a session belongs to: looked up with every request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask, Request, current_app
from sqlalchemy.exc import DBAPIError, OperationalError

from tracker.accounts.actions import passwords, sessions
from tracker.accounts.queries import accounts as queries
from tracker.core.db import transaction
from tracker.core.periods import local_day
from tracker.core.settings import Settings
from tracker.web.access import SignedIn
from tracker.web.runtime import Runtime, now, reading, session, settings, today

_TOUCH_EVERY = timedelta(minutes=1)
# flask-login's name for the signed-in person in the session cookie.
_WHO = "_user_id"


def load(token: str) -> SignedIn | None:
    """Return who a session's token belongs to, None when it ended, idled out or grew too old."""
    row = queries.signed_in(reading(), token_hash=passwords.token_hash(token), today=today())
    if row is None or not _lasts(row, settings(), now()):
        return None
    if now() - row.last_seen_at >= _TOUCH_EVERY:
        _touch(row.session_id)
    return SignedIn(row.session_id, token, row.actor, row.email, row.institution, row.publications)


def _lasts(row: queries.SignedInRow, limits: Settings, moment: datetime) -> bool:
    idle, age = moment - row.last_seen_at, moment - row.created_at
    return idle <= timedelta(minutes=limits.session_idle_minutes) and age <= timedelta(
        hours=limits.session_absolute_hours
    )


def publications_for(app: Flask, parts: Runtime) -> Callable[[Request], int | None]:
    """Return what tells `publications` before a request is dispatched, from the request alone.

    It answers None for nobody signed in, and where `load` would have something to note.
    """

    def answer(asking: Request) -> int | None:
        cookie = app.session_interface.open_session(app, asking)
        token = None if cookie is None else cookie.get(_WHO)
        if not token:
            return None
        moment = parts.clock()
        try:
            with parts.connect() as connection:
                row = queries.signed_in(
                    connection, token_hash=passwords.token_hash(token), today=local_day(moment)
                )
        except DBAPIError:
            return None  # the application has the words for it
        if row is None or not _lasts(row, parts.settings, moment):
            return None
        return None if moment - row.last_seen_at >= _TOUCH_EVERY else row.publications

    return answer


def _touch(session_id: int) -> None:
    try:
        with transaction(session()):
            sessions.touch(session(), session_id=session_id, now=now())
    except OperationalError:
        # Somebody else writes for long. Reading goes on; the next request notes it.
        current_app.logger.warning("last_seen_at not noted: database locked")
