"""The audit log as the KI reads it."""

from tracker.audit.web.views import blueprint

blueprints = (blueprint,)
