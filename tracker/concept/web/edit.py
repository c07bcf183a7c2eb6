"""The concept as everybody reads it, and the KI's editing of measures and goals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.concept.actions import concept as actions
from tracker.concept.queries import entries
from tracker.concept.rules.facts import ConceptEdition, ConceptMeasure, GoalFact, IndicatorFact
from tracker.concept.web.base import blueprint, concept_if_any, goal_of, measure_of
from tracker.concept.web.forms import (
    Contrast,
    GoalForm,
    MeasureForm,
    TargetForm,
    contrasts,
    goal_form,
    measure_form,
    target_form,
)
from tracker.concept.words import target
from tracker.core.db import transaction
from tracker.core.errors import Conflict, Invalid, NotFound
from tracker.core.german import day
from tracker.core.permissions import Role
from tracker.web import problems
from tracker.web.access import EVERYBODY, actor, requires
from tracker.web.addresses import CONCEPT
from tracker.web.runtime import now, session, today


@blueprint.get(f"{CONCEPT}/konzept/")
@requires(*EVERYBODY)
def concept() -> ResponseReturnValue:
    return render_template("concept/tree.html", concept=concept_if_any(), today=today())


@blueprint.get(f"{CONCEPT}/konzept/massnahme/<code>")
@requires(*EVERYBODY)
def measure(code: str) -> ResponseReturnValue:
    whole, chosen = measure_of(code)
    changes = entries.changes_of_measure(session(), measure_id=chosen.id)
    return render_template(
        "concept/measure.html",
        concept=whole,
        measure=chosen,
        changes=changes,
        target=target,
        today=today(),
    )


@blueprint.get(f"{CONCEPT}/konzept/ziel/<code>")
@requires(*EVERYBODY)
def goal(code: str) -> ResponseReturnValue:
    whole, chosen = goal_of(code)
    changes = entries.changes_of_goal(session(), goal_id=chosen.id)
    return render_template(
        "concept/goal.html", concept=whole, goal=chosen, changes=changes, today=today()
    )


SAVED = "Die Änderungen sind gespeichert."
NOTHING_CHANGED = "Es hat sich nichts geändert."


@blueprint.get(f"{CONCEPT}/konzept/massnahme/<code>/bearbeiten")
@requires(Role.COORDINATION)
def edit_measure(code: str) -> ResponseReturnValue:
    concept, measure = measure_of(code)
    return _measure_page(concept, measure, measure_form(concept, measure))


@blueprint.post(f"{CONCEPT}/konzept/massnahme/<code>/bearbeiten")
@requires(Role.COORDINATION)
def save_measure(code: str) -> ResponseReturnValue:
    concept, measure = measure_of(code)
    form = measure_form(concept, measure)
    if not form.validate():
        return _measure_page(concept, measure, form, problems.HTTP_INVALID)
    try:
        with transaction(session()):
            changed = actions.edit_measure(
                session(),
                measure_id=measure.id,
                edit=form.edit(),
                principle_ids=form.principles.data or (),
                valid_from=form.valid_from.data,
                shown_on=concept.day,
                seen=form.seen.data or None,
                by=actor(),
                now=now(),
            )
    except Invalid as refusal:
        return _measure_page(concept, measure, form, problems.show(form, refusal))
    except Conflict as refusal:
        return _both_values(code, form, refusal)
    tell(changed, form.valid_from.data)
    return redirect(url_for("concept.measure", code=code))


@blueprint.get(f"{CONCEPT}/konzept/ziel/<code>/bearbeiten")
@requires(Role.COORDINATION)
def edit_goal(code: str) -> ResponseReturnValue:
    concept, goal = goal_of(code)
    return _goal_page(concept, goal, goal_form(concept, goal))


@blueprint.post(f"{CONCEPT}/konzept/ziel/<code>/bearbeiten")
@requires(Role.COORDINATION)
def save_goal(code: str) -> ResponseReturnValue:
    concept, goal = goal_of(code)
    form = goal_form(concept, goal)
    if not form.validate():
        return _goal_page(concept, goal, form, problems.HTTP_INVALID)
    try:
        with transaction(session()):
            changed = actions.edit_goal(
                session(),
                goal_id=goal.id,
                edit=form.edit(),
                valid_from=form.valid_from.data,
                shown_on=concept.day,
                by=actor(),
                now=now(),
            )
    except Invalid as refusal:
        return _goal_page(concept, goal, form, problems.show(form, refusal))
    tell(changed, form.valid_from.data)
    return redirect(url_for("concept.goal", code=code))


TARGET = f"{CONCEPT}/konzept/massnahme/<code>/kennzahl/<key>"


@blueprint.get(TARGET)
@requires(Role.COORDINATION)
def edit_target(code: str, key: str) -> ResponseReturnValue:
    concept, measure = measure_of(code)
    indicator = _indicator(measure, key)
    return _target_page(concept, measure, indicator, target_form(concept, indicator))


@blueprint.post(TARGET)
@requires(Role.COORDINATION)
def save_target(code: str, key: str) -> ResponseReturnValue:
    concept, measure = measure_of(code)
    indicator = _indicator(measure, key)
    form = target_form(concept, indicator)
    if not form.validate():
        return _target_page(concept, measure, indicator, form, problems.HTTP_INVALID)
    try:
        with transaction(session()):
            changed = actions.edit_target(
                session(),
                measure_id=measure.id,
                key=key,
                target=form.read(form.target.data or ""),
                valid_from=form.valid_from.data,
                shown_on=concept.day,
                by=actor(),
                now=now(),
            )
    except Invalid as refusal:
        return _target_page(concept, measure, indicator, form, problems.show(form, refusal))
    tell(changed, form.valid_from.data)
    return redirect(url_for("concept.measure", code=code))


def _indicator(measure: ConceptMeasure, key: str) -> IndicatorFact:
    indicator = next((known for known in measure.indicators if known.key == key), None)
    if indicator is None:
        raise NotFound("Diese Kennzahl gibt es bei dieser Maßnahme nicht.")
    return indicator


def _both_values(code: str, form: MeasureForm, refusal: Conflict) -> ResponseReturnValue:
    """Show what was typed beside what is stored now; saving once more takes what was typed."""
    concept, measure = measure_of(code)
    stored = measure_form(concept, measure, stored=True)
    status = problems.show(form, refusal)
    differ = contrasts(form, stored)
    form.seen.data = stored.seen.data
    return _measure_page(concept, measure, form, status, differ)


def tell(changed: bool, valid_from: date | None) -> None:
    if not changed:
        flash(NOTHING_CHANGED, "info")
    elif valid_from is not None and valid_from > today():
        flash(f"{SAVED} Sie gelten ab {day(valid_from)}.", "success")
    else:
        flash(SAVED, "success")


def _measure_page(
    concept: ConceptEdition,
    measure: ConceptMeasure,
    form: MeasureForm,
    status: int = 200,
    differ: Sequence[Contrast] = (),
) -> ResponseReturnValue:
    return render_template(
        "concept/edit_measure.html",
        concept=concept,
        measure=measure,
        form=form,
        differ=differ,
        **_days(concept),
    ), status


def _goal_page(
    concept: ConceptEdition, goal: GoalFact, form: GoalForm, status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "concept/edit_goal.html", concept=concept, goal=goal, form=form, **_days(concept)
    ), status


def _target_page(
    concept: ConceptEdition,
    measure: ConceptMeasure,
    indicator: IndicatorFact,
    form: TargetForm,
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "concept/edit_target.html",
        concept=concept,
        measure=measure,
        indicator=indicator,
        target=target,
        form=form,
        **_days(concept),
    ), status


def _days(concept: ConceptEdition) -> dict[str, Any]:
    """Return what tells which round takes an edit."""
    concept_id = concept.edition.concept_id
    return {
        "today": today(),
        "unpublished": entries.unpublished(session(), concepts=[concept_id], before=today()),
    }
