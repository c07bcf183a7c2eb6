"""Review: the queue of submitted reports, and one report beside the previous quarter."""

from tracker.reporting.review.web import decisions, together, views  # noqa: F401 - they register their routes
from tracker.reporting.review.web.base import blueprint

blueprints = (blueprint,)
