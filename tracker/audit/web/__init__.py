"""The audit log as the KI reads it."""

from tracker.audit.web.views import blueprint

__all__ = ["blueprint"]
