"""The concept as everybody reads it: the hierarchy, one measure, one goal."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.concept.queries.concept_tree import current_edition, tree
from tracker.concept.web.base import blueprint, goal_of, measure_of
from tracker.web.access import EVERYBODY, requires
from tracker.web.runtime import session, today


@blueprint.get("/konzept/")
@requires(*EVERYBODY)
def concept() -> ResponseReturnValue:
    """Show fields, goals and measures in the order of the resolution."""
    edition = current_edition(session())
    whole = tree(session(), edition_id=edition.edition_id, today=today()) if edition else None
    return render_template("concept/tree.html", edition=edition, whole=whole)


@blueprint.get("/konzept/massnahme/<code>")
@requires(*EVERYBODY)
def measure(code: str) -> ResponseReturnValue:
    return render_template("concept/measure.html", measure=measure_of(code), today=today())


@blueprint.get("/konzept/ziel/<int:number>")
@requires(*EVERYBODY)
def goal(number: int) -> ResponseReturnValue:
    """Show a goal with both wordings and its Konkretisierung."""
    return render_template("concept/goal.html", goal=goal_of(number))
