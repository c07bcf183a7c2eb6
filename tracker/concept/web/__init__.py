"""The concept for everybody to read and for the KI to edit, and the institutions."""

from tracker.concept.web import edit, institutions  # noqa: F401 - they register their routes
from tracker.concept.web.base import blueprint
from tracker.concept.web.responsibilities import blueprint as responsibilities

blueprints = (blueprint, responsibilities)
