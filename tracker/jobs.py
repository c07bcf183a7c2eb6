"""The jobs of the clock, in code. A new job is a function and one line in `JOBS`.

A job asks "what is due at `now` and not done?", so a missed hour is caught up and nothing is done
twice: effects go through `tracker.core.claims.once` (or, for mails, the outbox's own claim).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from tracker.core.claims import once
from tracker.core.clock import PAPERS, Job
from tracker.core.periods import local_day
from tracker.core.settings import Settings
from tracker.mail.job.mails import deliver, notify_returned, send_digest, send_round_mails
from tracker.mail.job.rounds import close_rounds, open_rounds
from tracker.papers.job import make_papers
from tracker.tidy import remove_expired


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
