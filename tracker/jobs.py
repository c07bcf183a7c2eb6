"""The jobs of the clock, of every area. A new job is a function and a line in its area's `JOBS`.

A job asks "what is due at `now` and not done?", so a missed hour is caught up and nothing is done
twice: effects go through `tracker.core.claims.once` (or, for mails, the outbox's own claim).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from tracker.areas import modules
from tracker.core.claims import once
from tracker.core.clock import Job
from tracker.core.db import transaction
from tracker.core.periods import local_day
from tracker.core.settings import Settings
from tracker.tidy import ATTEMPTS_EVERY, remove_attempts, remove_expired


def tidy(engine: Engine, settings: Settings, now: datetime) -> str:
    """Once a day: remove sessions, sign-in attempts and links whose time is over."""

    def effect(session: Session) -> str:
        return remove_expired(session, settings=settings, now=now).summary

    return once(engine, job="tidy", key=local_day(now).isoformat(), now=now, effect=effect) or ""


def forget_attempts(engine: Engine, _settings: Settings, now: datetime) -> str:
    """Remove sign-in attempts that are a day old; not told, for it happens all day."""
    with Session(engine) as session, transaction(session):
        remove_attempts(session, now=now)
    return ""


tuple(modules("area"))  # those that can be switched off say so
JOBS: tuple[Job, ...] = (
    *(job for area in modules("job") for job in area.JOBS),
    Job("tidy", "Aufräumen", timedelta(minutes=15), tidy),
    Job("attempts", "Anmeldeversuche löschen", ATTEMPTS_EVERY, forget_attempts),
)
