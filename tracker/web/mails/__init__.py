"""Benachrichtigungen: what waits, what was sent or failed, and what will be sent next."""

from tracker.web.mails.views import blueprint

__all__ = ["blueprint"]
