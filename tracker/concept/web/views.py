"""The concept as everybody reads it: the hierarchy, one measure, one goal."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.concept.web.base import blueprint, concept_if_any, goal_of, measure_of
from tracker.web.access import EVERYBODY, requires


@blueprint.get("/konzept/")
@requires(*EVERYBODY)
def concept() -> ResponseReturnValue:
    return render_template("concept/tree.html", concept=concept_if_any())


@blueprint.get("/konzept/massnahme/<code>")
@requires(*EVERYBODY)
def measure(code: str) -> ResponseReturnValue:
    whole, chosen = measure_of(code)
    return render_template("concept/measure.html", concept=whole, measure=chosen)


@blueprint.get("/konzept/ziel/<int:number>")
@requires(*EVERYBODY)
def goal(number: int) -> ResponseReturnValue:
    whole, chosen = goal_of(number)
    return render_template("concept/goal.html", concept=whole, goal=chosen)
