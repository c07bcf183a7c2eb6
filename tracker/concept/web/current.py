"""Which concept a page is about."""

from __future__ import annotations

from typing import cast

from flask import g

from tracker.concept.queries.concept import the_concept
from tracker.core.permissions import require_concept
from tracker.web.access import signed_in
from tracker.web.runtime import session


def concept_id() -> int:
    """Return the id of the concept that the address names, else of the first one to be seen.

    Raises NotFound where nothing was seeded, and for a concept that the account may not see.
    """
    user = signed_in()
    by = user.actor if user else None
    if "concept_id" not in g:
        g.concept_id = the_concept(session(), among=by.concepts if by else None)
    require_concept(by, g.concept_id)
    return cast("int", g.concept_id)
