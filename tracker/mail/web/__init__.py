"""Benachrichtigungen: what waits, what was sent or failed, and what will be sent next."""

from tracker.mail.web.views import blueprint

blueprints = (blueprint,)
