"""What the KI is told on its pages when something is out of order."""

from __future__ import annotations

from tracker.watch.queries.condition import facts_of
from tracker.watch.rules.condition import faults
from tracker.watch.words import AT_FAULT
from tracker.web.access import signed_in
from tracker.web.runtime import now, reading, settings


def notices() -> tuple[str, ...]:
    """Return a sentence for each fault; nobody but the KI is told."""
    user = signed_in()
    if user is None or not user.actor.is_coordination:
        return ()
    return tuple(AT_FAULT[part] for part in faults(facts_of(reading(), settings()), now=now()))
