"""The queue of submitted reports, and one report as the KI reads it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.concept.queries.concepts import concepts
from tracker.core.permissions import Role
from tracker.reporting.review.queries.review_queue import selected
from tracker.reporting.review.web.base import (
    BY_MEASURE,
    Forms,
    blueprint,
    choices,
    from_address,
    page,
    query_of,
    waiting_reports,
)
from tracker.reporting.rounds.queries.round_list import round_list
from tracker.web.access import actor, requires
from tracker.web.runtime import now, session, today


@blueprint.get("/pruefung/")
@requires(Role.COORDINATION)
def waiting() -> ResponseReturnValue:
    rounds = [
        round_
        for concept in concepts(session())
        if actor().may_see(concept.id)
        for round_ in round_list(session(), concept_id=concept.id, now=now())
    ]
    selection = from_address()
    rows = waiting_reports()
    shown = selected(rows, selection)
    return render_template(
        "review/queue.html",
        total=len(rows),
        reports=shown,
        together=[row for row in shown if row.goes_together],
        selection=selection,
        choices=choices(rows, selection),
        by_measure=BY_MEASURE,
        query=query_of(selection),
        running=[round_ for round_ in rounds if round_.head.is_running],
        today=today(),
    )


@blueprint.get("/pruefung/<int:report_id>")
@requires(Role.COORDINATION)
def report(report_id: int) -> ResponseReturnValue:
    return page(report_id, Forms())
