"""Accounts: sign in and out, invitations, one's own account, the KI's list, who represents."""

from tracker.accounts.web import manage, representation, views  # noqa: F401 - register routes
from tracker.accounts.web.base import blueprint

blueprints = (blueprint,)
