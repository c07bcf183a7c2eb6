"""Review: the queue of submitted reports, and one report beside the previous quarter."""

from tracker.web.review import decisions, together, views  # noqa: F401 - they register their routes
from tracker.web.review.base import blueprint

__all__ = ["blueprint"]
