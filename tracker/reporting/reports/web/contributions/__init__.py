"""Working together on a report: the partner's page, and what the lead's pages show of it."""

from tracker.reporting.reports.web.contributions.views import blueprint

__all__ = ["blueprint"]
