"""Jobs of a round: open, close, and every mail that is due."""

from __future__ import annotations

from datetime import timedelta

from tracker.core.clock import Job
from tracker.mail.job.mails import deliver, notify_returned, send_digest, send_round_mails
from tracker.mail.job.rounds import close_rounds, open_rounds

# In the order of a pass: what is opened is announced, and what is announced is sent.
JOBS = (
    Job("close_rounds", "Runden schließen", timedelta(minutes=5), close_rounds),
    Job("open_rounds", "Runden eröffnen", timedelta(minutes=5), open_rounds),
    Job("send_round_mails", "Mails zu den Runden", timedelta(minutes=5), send_round_mails),
    # Seldom, so that what the KI returns in one go comes in one mail.
    Job("notify_returned", "Rückfragen ankündigen", timedelta(minutes=15), notify_returned),
    Job("send_digest", "Wochenüberblick", timedelta(minutes=15), send_digest),
    Job("deliver_outbox", "Mails zustellen", timedelta(minutes=1), deliver),
)
