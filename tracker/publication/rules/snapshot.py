"""The document of a publication from its facts: one pure function (domain.md 7).

docs/snapshot-format.md describes the shape. The same facts give the same bytes
(`tracker.core.canonical`). A measure's value is what the KI reviewed, else what the institution
reported; only values accepted in this round count, everything else is "keine Meldung".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from tracker.concept.rules.facts import GoalFact
from tracker.core.canonical import Json
from tracker.core.periods import local_day
from tracker.publication.rules.facts import Facts, RoundFact
from tracker.publication.rules.snapshot_figures import (
    asks_for_decision,
    field_figures,
    round_figures,
)
from tracker.publication.rules.snapshot_json import concretisation, day
from tracker.publication.rules.snapshot_measure import measure
from tracker.reporting.rules.figures import FORMULA_VERSION, Change
from tracker.reporting.rules.status import SEVERITY, Course

FORMAT = "integrationskonzept-controlling/snapshot/1"
_CHANGE_ORDER = (
    Change.WORSE,
    Change.BETTER,
    Change.NEWLY_REPORTED,
    Change.NO_LONGER_REPORTED,
)


def build(facts: Facts) -> Json:
    """Return the document of a publication; decimals and dates are text, nothing is a float."""
    compared = _compared(facts)
    measures = [measure(item, facts.round, compared) for item in facts.measures]
    changes = changes_of(measures)
    decisions = _decisions(measures)
    return {
        "format": FORMAT,
        "formula_version": FORMULA_VERSION,
        "demonstration": facts.demonstration,
        "instance": asdict(facts.instance),
        "concept": asdict(facts.concept) | {"resolved_on": day(facts.concept.resolved_on)},
        "round": _round(facts.round),
        "previous": _previous(facts),
        "definitions": dict(facts.definitions),
        "principles": [{"key": key, "name": name} for key, name in facts.principles],
        "institutions": _institutions(facts),
        "figures": round_figures(measures, decisions=len(decisions)),
        "fields": _fields(facts, measures),
        "measures": measures,
        "changes": changes,
        "decisions": decisions,
        "corrections": _corrections(facts.round),
    }


def _round(item: RoundFact) -> Json:
    return {
        "period": item.period.key,
        "label": item.period.label,
        "long_label": item.period.long_label,
        "start": day(item.period.start),
        "as_of": day(item.period.end),
        "due_on": day(item.due_on),
        "opened_on": day(local_day(item.opened_at)),
        "closed_on": day(local_day(item.closed_at)),
        "published_on": day(local_day(item.published_at)),
        "committee_on": day(item.committee_on),
        "version": item.version,
        "reason": item.reason,
    }


def _corrections(item: RoundFact) -> list[Json]:
    earlier = [(past.version, past.reason, past.published_at) for past in item.earlier]
    return [
        {"version": version, "reason": reason, "published_on": day(local_day(at))}
        for version, reason, at in [*earlier, (item.version, item.reason, item.published_at)]
        if version > 1
    ]


def _previous(facts: Facts) -> Json | None:
    if facts.previous is None:
        return None
    its_round = facts.previous.document["round"]
    return {
        "period": its_round["period"],
        "label": its_round["label"],
        "version": its_round["version"],
        "sha256": facts.previous.sha256,
    }


def _institutions(facts: Facts) -> list[Json]:
    """Return the members and whoever is named at a measure, by name."""
    found = {item.key: item for item in facts.institutions}
    for fact in facts.measures:
        reporting = fact.report.institution if fact.report is not None else None
        named = [fact.lead, reporting, *fact.partners]
        found |= {item.key: item for item in named if item is not None}
    ordered = sorted(found.values(), key=lambda item: (item.name, item.key))
    return [asdict(item) for item in ordered]


def _fields(facts: Facts, measures: list[Json]) -> list[Json]:
    by_goal: defaultdict[tuple[int, int], list[Json]] = defaultdict(list)
    for item in measures:
        by_goal[item["field"], item["goal"]].append(item)
    goals: defaultdict[int, list[GoalFact]] = defaultdict(list)
    for goal in facts.goals:
        goals[goal.field].append(goal)
    return [
        {
            "position": field.position,
            "name": field.name,
            "figures": field_figures(
                [
                    item
                    for goal in goals[field.position]
                    for item in by_goal[field.position, goal.number]
                ]
            ),
            "goals": [
                _goal(goal, by_goal[field.position, goal.number]) for goal in goals[field.position]
            ],
        }
        for field in facts.fields
    ]


def _goal(goal: GoalFact, measures: list[Json]) -> Json:
    return {
        "number": goal.number,
        "title": goal.title,
        "title_annex2": goal.title_annex2,
        "notes": list(goal.notes),
        "concretisation": concretisation(goal.concretisation),
        "figures": field_figures(measures),
        "measures": [item["code"] for item in measures],
    }


def _compared(facts: Facts) -> Mapping[str, Json] | None:
    """Return the previous document's measures by code with its round; None = nothing before."""
    if facts.previous is None:
        return None
    document = facts.previous.document
    return {item["code"]: item | {"round": document["round"]} for item in document["measures"]}


def changes_of(measures: Iterable[Json]) -> list[Json]:
    """Return the measures that moved, worse first, each kind in the order of the concept."""
    found: dict[str, list[Json]] = {kind.value: [] for kind in _CHANGE_ORDER}
    for item in measures:
        if item["change"] in found:
            found[item["change"]].append(
                {
                    "code": item["code"],
                    "kind": item["change"],
                    "before": item["previous_value"],
                    "after": item["value"],
                }
            )
    return [line for kind in _CHANGE_ORDER for line in found[kind.value]]


def _decisions(measures: Iterable[Json]) -> list[Json]:
    """Return what needs a decision: accepted Steuerungsvorschläge, the most serious first."""
    found = [
        {
            "code": item["code"],
            "value": item["value"],
            "reason": item["report"]["reason"],
            "consequence": item["report"]["consequence"],
        }
        for item in measures
        if asks_for_decision(item)
    ]
    return sorted(found, key=lambda line: -_seriousness(line["value"]["course"]))


def _seriousness(course: str | None) -> int:
    return -1 if course is None else SEVERITY[Course(course)]
