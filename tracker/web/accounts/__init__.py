"""Accounts: sign in and out, invitations, one's own account, and the KI's list of accounts."""

from tracker.web.accounts import manage, views  # noqa: F401 - they register their routes
from tracker.web.accounts.base import blueprint

__all__ = ["blueprint"]
