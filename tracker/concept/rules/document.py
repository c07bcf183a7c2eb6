"""The whole concept as one JSON document: what `tracker export concept --format json` prints.

Empty values are null and mean "nicht festgelegt"; decimals and dates are text, as in a snapshot.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from tracker.concept.rules.facts import (
    ConceptEdition,
    ConceptMeasure,
    ConcretisationFact,
    GoalFact,
    InstitutionFact,
)

Document = dict[str, Any]


def concept_document(concept: ConceptEdition) -> Document:
    edition = concept.edition
    return {
        "concept": {
            "key": edition.key,
            "title": edition.title,
            "city": edition.city,
            "resolved_on": _day(edition.resolved_on),
            "source": edition.source,
        },
        "edition": {
            "number": edition.number,
            "title": edition.edition_title,
            "valid_from": _day(edition.valid_from),
            "valid_to": _day(edition.valid_to),
        },
        "principles": [
            {"key": principle.key, "name": principle.name} for principle in concept.principles
        ],
        "fields": [
            {
                "code": field.code,
                "name": field.name,
                "goals": [_goal(concept, goal) for goal in concept.goals_of(field)],
            }
            for field in concept.fields
        ],
    }


def _goal(concept: ConceptEdition, goal: GoalFact) -> Document:
    return {
        "code": goal.code,
        "title": goal.title,
        "title_annex2": goal.title_annex2,
        "notes": list(goal.notes),
        **_concretisation(goal.concretisation),
        "measures": [_measure(measure, concept.day) for measure in concept.measures_of(goal)],
    }


def _measure(measure: ConceptMeasure, day: date) -> Document:
    lead, ziff5 = measure.lead_on(day), measure.ziff5
    return {
        "code": measure.code,
        "text": measure.text,
        "display_text": measure.display_text,
        "kind": measure.kind,
        "reportable": measure.reportable,
        "notes": list(measure.notes),
        "indicators": [
            asdict(indicator)
            | {"target": format(indicator.target, "f"), "note": indicator.note or None}
            for indicator in measure.indicators
        ],
        "principles": list(measure.principles),
        "prioritised": measure.is_prioritised,
        "weight": format(measure.weight, "f"),
        "lead": None if lead is None else _institution(lead.institution),
        "partners": [_institution(part.institution) for part in measure.partners_on(day)],
        "competence": ziff5.competence,
        "competence_reason": ziff5.competence_reason or None,
        "short_term": ziff5.short_term,
        **_concretisation(ziff5.concretisation),
        "municipal_funding": None
        if ziff5.municipal_funding is None
        else format(ziff5.municipal_funding, "f"),
        "municipal_funding_period": ziff5.municipal_funding_period or None,
        "retired_on": _day(measure.retired_on),
    }


def _institution(institution: InstitutionFact) -> Document:
    return {"key": institution.key, "name": institution.name}


def _concretisation(concretisation: ConcretisationFact) -> Document:
    return {
        "concretisation": concretisation.text or None,
        "concretisation_office": concretisation.office or None,
        "concretisation_on": _day(concretisation.on),
    }


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
