"""Which concept a page is about."""

from __future__ import annotations

from typing import cast

from flask import g

from tracker.concept.queries.concept import concept_if_any, concepts, the_concept
from tracker.core.permissions import require_concept
from tracker.web.access import signed_in
from tracker.web.runtime import session


def concept_id() -> int:
    """Return the id of the concept that the address names, else of the first one to be seen.

    Raises NotFound where nothing was seeded, and for a concept that the account may not see.
    """
    return concept_id_if_any() or the_concept(session())


def concept_id_if_any() -> int | None:
    """Return the same for a page that says itself that there is nothing yet."""
    user = signed_in()
    by = user.actor if user else None
    if "concept_id" not in g:
        g.concept_id = concept_if_any(session(), among=by.concepts if by else None)
    if g.concept_id is not None:
        require_concept(by, g.concept_id)
    return cast("int | None", g.concept_id)


def concept_key() -> str:
    """Return its key, "" where nothing was seeded."""
    here = concept_id_if_any()
    return next((one.key for one in concepts(session()) if one.id == here), "")
