"""The jobs of the clock, in code. A new job is a function and one line in `JOBS`.

A job asks "what is due at `now` and not done?", so a missed hour is caught up and nothing is done
twice: effects go through `tracker.jobs.claims.once` (or, for mails, the outbox's own claim).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from tracker.actions.tidy import remove_expired
from tracker.jobs.claims import once
from tracker.mail.delivery import deliver_due
from tracker.rules.periods import local_day
from tracker.settings import Settings


@dataclass(frozen=True)
class Job:
    """What is done, how often the clock asks, and the function that does it.

    `run` takes engine, settings and now, opens its own transactions, and returns a German detail
    for the log, empty when nothing was due.
    """

    name: str
    every: timedelta
    run: Callable[[Engine, Settings, datetime], str]


def deliver_outbox(engine: Engine, settings: Settings, now: datetime) -> str:
    """Send the mails that are due (domain.md 9)."""
    return deliver_due(engine, settings, now=now).summary


def tidy(engine: Engine, settings: Settings, now: datetime) -> str:
    """Once a day: remove sessions, sign-in attempts and links whose time is over."""

    def effect(session: Session) -> str:
        return remove_expired(session, settings=settings, now=now).summary

    return once(engine, job="tidy", key=local_day(now).isoformat(), now=now, effect=effect) or ""


JOBS = (
    Job("deliver_outbox", timedelta(minutes=1), deliver_outbox),
    Job("tidy", timedelta(minutes=15), tidy),
)
