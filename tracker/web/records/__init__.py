"""The audit log as the KI reads it."""

from tracker.web.records.views import blueprint

__all__ = ["blueprint"]
