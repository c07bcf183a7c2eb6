"""The institution's pages: "Meine Maßnahmen", the report form, the report as submitted."""

from tracker.reporting.reports.web import confirming, edit, measures, steps  # noqa: F401 - they register their routes
from tracker.reporting.reports.web.base import blueprint
from tracker.reporting.reports.web.contributions import blueprint as contributions

blueprints = (blueprint, contributions)
