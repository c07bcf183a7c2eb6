"""Which concept a page is about."""

from __future__ import annotations

from typing import cast

from flask import g

from tracker.concept.queries.concept import the_concept
from tracker.web.runtime import session


def concept_id() -> int:
    """Return the id of the concept that the address names, else of the first one.

    Raises NotFound where nothing was seeded.
    """
    if "concept_id" not in g:
        g.concept_id = the_concept(session())
    return cast("int", g.concept_id)
