"""The blueprint, and how an address names a measure or a goal."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, request

from tracker.concept.queries.concept import read_concept
from tracker.concept.rules.facts import ConceptEdition, ConceptMeasure, GoalFact
from tracker.concept.web.current import concept_id
from tracker.core.errors import NotFound
from tracker.core.german import UnreadableError, read_day
from tracker.web.runtime import session, today

blueprint = Blueprint("concept", __name__, template_folder="templates")


def chosen_day() -> date:
    """Return the day an address asks for ("?tag=2026-09-30"), today without one."""
    text = request.args.get("tag", "").strip()
    try:
        return read_day(text) if text else today()
    except UnreadableError:
        raise NotFound(
            f"„{text}“ ist kein Tag. Bitte geben Sie einen Tag an, z. B. 30.09.2026."
        ) from None


def concept_if_any() -> ConceptEdition | None:
    day = chosen_day()
    try:
        return read_concept(session(), day=day, concept_id=concept_id())
    except NotFound:
        if day != today():
            raise
        return None


def measure_of(code: str) -> tuple[ConceptEdition, ConceptMeasure]:
    """Return the concept and the measure that an address names ("3.2"); raises NotFound."""
    concept = read_concept(session(), day=chosen_day(), concept_id=concept_id())
    measure = concept.measure(code)
    if measure is None:
        raise NotFound(f"Eine Maßnahme {code} gibt es nicht. Bitte wählen Sie eine im Konzept.")
    return concept, measure


def goal_of(code: str) -> tuple[ConceptEdition, GoalFact]:
    """Return the concept and the goal that an address names; raises NotFound."""
    concept = read_concept(session(), day=chosen_day(), concept_id=concept_id())
    goal = concept.goal(code)
    if goal is None:
        raise NotFound(f"Ein Ziel {code} gibt es nicht. Bitte wählen Sie eines im Konzept.")
    return concept, goal
