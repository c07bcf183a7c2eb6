"""The blueprint, and how an address names a measure or a goal."""

from __future__ import annotations

from flask import Blueprint

from tracker.concept.queries.concept_pages import GoalFile, MeasureFile, goal_file, measure_file
from tracker.concept.queries.concept_tree import CurrentEdition, current_edition
from tracker.core.errors import NotFound
from tracker.web.runtime import session

blueprint = Blueprint("concept", __name__, template_folder="templates")


def edition() -> CurrentEdition:
    """Return the Fassung in use; raises NotFound where nothing was seeded."""
    found = current_edition(session())
    if found is None:
        raise NotFound("Es ist noch kein Integrationskonzept geladen.")
    return found


def measure_of(code: str) -> MeasureFile:
    """Return the measure that an address names ("3.2"); raises NotFound."""
    found = measure_file(session(), edition_id=edition().edition_id, code=code)
    if found is None:
        raise NotFound(f"Eine Maßnahme {code} gibt es nicht. Bitte wählen Sie eine im Konzept.")
    return found


def goal_of(number: int) -> GoalFile:
    """Return the goal that an address names; raises NotFound."""
    found = goal_file(session(), edition_id=edition().edition_id, number=number)
    if found is None:
        raise NotFound(f"Ein Ziel {number} gibt es nicht. Bitte wählen Sie eines im Konzept.")
    return found
