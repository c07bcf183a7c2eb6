"""The queue of submitted reports, and one report as the KI reads it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.queries.concept_tree import current_edition
from tracker.queries.review_queue import queue
from tracker.queries.round_list import round_list
from tracker.rules.permissions import Role
from tracker.web.access import actor, requires
from tracker.web.review.base import Forms, blueprint, page
from tracker.web.runtime import now, session


@blueprint.get("/pruefung/")
@requires(Role.COORDINATION)
def waiting() -> ResponseReturnValue:
    """List what waits for review, the longest waiting first."""
    found = current_edition(session())
    rounds = (
        round_list(session(), concept_id=found.concept_id, now=now()) if found is not None else ()
    )
    return render_template(
        "review/queue.html",
        reports=queue(session(), account_id=actor().account_id),
        running=[item for item in rounds if item.head.is_running],
    )


@blueprint.get("/pruefung/<int:report_id>")
@requires(Role.COORDINATION)
def report(report_id: int) -> ResponseReturnValue:
    """Show a report beside the previous quarter with everything that can be done with it."""
    return page(report_id, Forms())
