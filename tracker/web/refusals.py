"""Telling the audit trail of what was refused, after what the request began is rolled back."""

from __future__ import annotations

import re

from flask import current_app, request

from tracker.core.db import transaction
from tracker.core.errors import Forbidden, NotFound, Refused
from tracker.core.permissions import Actor
from tracker.core.refusals import Refusal, record_refusal
from tracker.core.trouble import DATABASE_ERRORS
from tracker.web.access import signed_in
from tracker.web.runtime import now, roll_back, runtime

# Addresses may carry tokens: `/meldungen/<int:report_id>` stands as `/meldungen/…`.
_VALUE = re.compile(r"<[^>]*>")


def note(refusal: Refusal) -> None:
    """Record a refusal of this request to whoever is signed in; the answer stays what it is."""
    user, rule = signed_in(), request.url_rule
    if user is None or rule is None:
        return
    roll_back()
    address = _VALUE.sub("…", rule.rule)
    try:
        with runtime().open_session() as own, transaction(own):
            record_refusal(own, by=user.actor, address=address, refusal=refusal, now=now())
    except DATABASE_ERRORS:
        current_app.logger.warning("refusal not recorded")


def note_error(error: Refused) -> None:
    """Record an error that says: this is not yours.

    To whoever sees everything, what is not found does not exist.
    """
    user = signed_in()
    if isinstance(error, Forbidden):
        note(Refusal.OTHER_TASK)
    if isinstance(error, NotFound) and request.view_args and user and not _sees_all(user.actor):
        note(Refusal.OTHERS)


def _sees_all(actor: Actor) -> bool:
    return actor.is_coordination and actor.concepts is None
