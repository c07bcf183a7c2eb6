"""The institution's pages: "Meine Maßnahmen", the report form, the report as submitted."""

from tracker.web.reports import edit, measures, steps, take_over  # noqa: F401 - they register routes
from tracker.web.reports.base import blueprint

__all__ = ["blueprint"]
