"""The institution's pages: "Meine Maßnahmen", the report form, the report as submitted."""

from tracker.reporting.reports.web import (  # noqa: F401 - they register their routes
    confirming,
    edit,
    measures,
    steps,
)
from tracker.reporting.reports.web.base import blueprint
from tracker.reporting.reports.web.contributions import blueprint as contributions

blueprints = (blueprint, contributions)
