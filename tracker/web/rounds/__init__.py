"""Rounds: plan, open, close, publish, correct; the cockpit of one round; extensions."""

from tracker.web.rounds import planning, steps, views  # noqa: F401 - they register their routes
from tracker.web.rounds.base import blueprint

__all__ = ["blueprint"]
