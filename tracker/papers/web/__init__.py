"""Papers for the KI: choose, check, make; what was made; the office's Word template."""

from tracker.papers.web import choose, orders, word_template  # noqa: F401 - they register their routes
from tracker.papers.web.base import blueprint
from tracker.papers.web.downloads import blueprint as downloads

blueprints = (blueprint, downloads)
