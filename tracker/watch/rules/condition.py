"""What is out of order, from what was measured; the bounds stand here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# The clock beats every minute; where cron runs its passes instead, every five minutes.
CLOCK_LATE = timedelta(minutes=15)
# A mail that is due goes out within a minute; a mail server may be restarted meanwhile.
MAIL_LATE = timedelta(hours=1)
# Room for a copy of the database before an upgrade, and for the largest paper.
LEAST_FREE_BYTES = 200_000_000


class Part(StrEnum):
    WEB = "web"
    DATABASE = "database"
    SCHEMA = "schema"
    CLOCK = "clock"
    MAIL = "mail"
    DISK = "disk"


class Condition(StrEnum):
    FINE = "fine"
    FAULT = "fault"
    UNKNOWN = "unknown"


_CONDITION = {True: Condition.FINE, False: Condition.FAULT, None: Condition.UNKNOWN}


@dataclass(frozen=True)
class Facts:
    """What was measured.

    `schema_fits` is None where the database does not answer. Unless it is true, nobody knows of
    clock and mails.
    `oldest_due` is since when the mail is due that waits longest, None where none does or there is
    no mail server. `web_answers` is None for who does not ask.
    """

    schema_fits: bool | None
    clock_beat: datetime | None = None
    oldest_due: datetime | None = None
    free_bytes: int = LEAST_FREE_BYTES
    web_answers: bool | None = None


def conditions(facts: Facts, *, now: datetime) -> Mapping[Part, Condition]:
    """Return how each part is; what nobody asked for is left out."""
    beat = facts.clock_beat
    # A beat that is to come is no beat: somebody has set the time back.
    clock_is_late = beat is None or abs(now - beat) > CLOCK_LATE
    mail_is_late = facts.oldest_due is not None and now - facts.oldest_due > MAIL_LATE
    web = {} if facts.web_answers is None else {Part.WEB: facts.web_answers}
    readable = bool(facts.schema_fits)
    fine = web | {
        Part.DATABASE: facts.schema_fits is not None,
        Part.SCHEMA: facts.schema_fits,
        Part.CLOCK: not clock_is_late if readable else None,
        Part.MAIL: not mail_is_late if readable else None,
        Part.DISK: facts.free_bytes >= LEAST_FREE_BYTES,
    }
    return {part: _CONDITION[is_fine] for part, is_fine in fine.items()}


def faults(facts: Facts, *, now: datetime) -> tuple[Part, ...]:
    return tuple(
        part
        for part, condition in conditions(facts, now=now).items()
        if condition is Condition.FAULT
    )
