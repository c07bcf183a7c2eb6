"""The institution's pages: "Meine Maßnahmen", the report form, the report as submitted."""

from tracker.web.reports import (  # noqa: F401 - they register routes
    confirming,
    edit,
    measures,
    steps,
    take_over,
)
from tracker.web.reports.base import blueprint

__all__ = ["blueprint"]
