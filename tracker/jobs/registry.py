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
from tracker.jobs.exports import make_papers
from tracker.jobs.mails import deliver, notify_returned, send_digest, send_round_mails
from tracker.jobs.rounds import close_rounds, open_rounds
from tracker.rules.periods import local_day
from tracker.settings import Settings

PAPERS = "papers"


@dataclass(frozen=True)
class Job:
    """What is done, in German too, how often the clock asks, and the function that does it.

    `run` takes engine, settings and now, opens its own transactions, and returns a German detail
    for the log, empty when nothing was due. `worker` names the thread that runs it.
    """

    name: str
    title: str
    every: timedelta
    run: Callable[[Engine, Settings, datetime], str]
    worker: str = "default"


def tidy(engine: Engine, settings: Settings, now: datetime) -> str:
    """Once a day: remove sessions, sign-in attempts and links whose time is over."""

    def effect(session: Session) -> str:
        return remove_expired(session, settings=settings, now=now).summary

    return once(engine, job="tidy", key=local_day(now).isoformat(), now=now, effect=effect) or ""


# In the order of a pass: what is opened is announced, and what is announced is sent.
JOBS = (
    Job("close_rounds", "Runden schließen", timedelta(minutes=5), close_rounds),
    Job("open_rounds", "Runden eröffnen", timedelta(minutes=5), open_rounds),
    Job("send_round_mails", "Mails zu den Runden", timedelta(minutes=5), send_round_mails),
    # Seldom, so that what the KI returns in one go comes in one mail.
    Job("notify_returned", "Rückfragen ankündigen", timedelta(minutes=15), notify_returned),
    Job("send_digest", "Wochenüberblick", timedelta(minutes=15), send_digest),
    Job("deliver_outbox", "Mails zustellen", timedelta(minutes=1), deliver),
    Job("make_papers", "Ausgaben erstellen", timedelta(seconds=2), make_papers, worker=PAPERS),
    Job("tidy", "Aufräumen", timedelta(minutes=15), tidy),
)
