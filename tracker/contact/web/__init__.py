"""The page behind the link of a confirmation mail."""

from tracker.contact.web.views import blueprint

blueprints = (blueprint,)
