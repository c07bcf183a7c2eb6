"""Pages for everybody: start, legal notices, accessibility, legend of terms."""

from tracker.pages.web import barrier  # noqa: F401 - register routes
from tracker.pages.web.views import blueprint

blueprints = (blueprint,)
