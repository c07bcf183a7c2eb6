"""The blueprint, and how an address names a measure or a goal."""

from __future__ import annotations

from flask import Blueprint

from tracker.concept.queries.concept import read_concept
from tracker.concept.rules.facts import ConceptEdition, ConceptMeasure, GoalFact
from tracker.core.errors import NotFound
from tracker.web.runtime import session, today

blueprint = Blueprint("concept", __name__, template_folder="templates")


def concept_if_any() -> ConceptEdition | None:
    try:
        return read_concept(session(), day=today())
    except NotFound:
        return None


def measure_of(code: str) -> tuple[ConceptEdition, ConceptMeasure]:
    """Return the concept and the measure that an address names ("3.2"); raises NotFound."""
    concept = read_concept(session(), day=today())
    measure = concept.measure(code)
    if measure is None:
        raise NotFound(f"Eine Maßnahme {code} gibt es nicht. Bitte wählen Sie eine im Konzept.")
    return concept, measure


def goal_of(number: int) -> tuple[ConceptEdition, GoalFact]:
    """Return the concept and the goal that an address names; raises NotFound."""
    concept = read_concept(session(), day=today())
    goal = concept.goal(number)
    if goal is None:
        raise NotFound(f"Ein Ziel {number} gibt es nicht. Bitte wählen Sie eines im Konzept.")
    return concept, goal
