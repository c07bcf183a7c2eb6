"""Rounds: plan, open, close, publish, correct; the cockpit of one round; extensions."""

from tracker.cockpit.web import planning, steps, views  # noqa: F401 - they register their routes
from tracker.cockpit.web.base import blueprint

blueprints = (blueprint,)
