"""Responsibilities: who leads and takes part in which measure, from when to when."""

from tracker.web.responsibilities.views import blueprint

__all__ = ["blueprint"]
