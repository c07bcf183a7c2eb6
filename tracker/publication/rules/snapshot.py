"""The document of a publication from its facts: one pure function (domain.md 7).

docs/snapshot-format.md describes the shape. The same facts give the same bytes
(`tracker.core.canonical`). A measure's value is what the KI reviewed, else what the institution
reported; only values accepted in this round count, everything else is "keine Meldung".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from tracker.concept.rules.facts import GoalFact
from tracker.core.periods import local_day
from tracker.publication.rules.document import (
    AnyMeasure,
    ChangeRecord,
    ConceptRecord,
    CorrectionRecord,
    DecisionRecord,
    Document,
    FieldRecord,
    GoalRecord,
    InstanceRecord,
    InstitutionRecord,
    MeasureRecord,
    MoveCode,
    PreviousRecord,
    RoundRecord,
)
from tracker.publication.rules.facts import ConceptFact, Facts, InstanceFact, RoundFact
from tracker.publication.rules.snapshot_figures import (
    asks_for_decision,
    field_figures,
    round_figures,
)
from tracker.publication.rules.snapshot_json import code_of, concretisation, day
from tracker.publication.rules.snapshot_measure import measure
from tracker.reporting.rules.figures import FORMULA_VERSION
from tracker.reporting.rules.status import SEVERITY, Course

FORMAT: Final = "integrationskonzept-controlling/snapshot/1"
_MOVES: tuple[MoveCode, ...] = ("worse", "better", "newly_reported", "no_longer_reported")


def build(facts: Facts) -> Document:
    """Return the document of a publication; decimals and dates are text, nothing is a float."""
    measures = _measures(facts)
    decisions = _decisions(measures)
    return {
        "format": FORMAT,
        "formula_version": FORMULA_VERSION,
        "demonstration": facts.demonstration,
        "instance": _instance(facts.instance),
        "concept": _concept(facts.concept),
        "round": _round(facts.round),
        "previous": _previous(facts),
        "definitions": facts.definitions,
        "principles": [{"key": key, "name": name} for key, name in facts.principles],
        "institutions": _institutions(facts),
        "figures": round_figures(measures, decisions=len(decisions)),
        "fields": _fields(facts, measures),
        "measures": measures,
        "changes": changes_of(measures),
        "decisions": decisions,
        "corrections": _corrections(facts.round),
    }


def _measures(facts: Facts) -> list[MeasureRecord]:
    if facts.previous is None:
        return [measure(fact, facts.round, None, None) for fact in facts.measures]
    compared = facts.previous.document
    before = {record["code"]: record for record in compared["measures"]}
    return [
        measure(fact, facts.round, before.get(fact.code), compared["round"])
        for fact in facts.measures
    ]


def _instance(fact: InstanceFact) -> InstanceRecord:
    return {
        "name": fact.name,
        "city": fact.city,
        "office": fact.office,
        "committee": fact.committee,
        "committee_short": fact.committee_short,
    }


def _concept(fact: ConceptFact) -> ConceptRecord:
    return {
        "key": fact.key,
        "title": fact.title,
        "resolved_on": fact.resolved_on.isoformat(),
        "source": fact.source,
        "edition": fact.edition,
        "edition_title": fact.edition_title,
    }


def _round(fact: RoundFact) -> RoundRecord:
    return {
        "period": fact.period.key,
        "label": fact.period.label,
        "long_label": fact.period.long_label,
        "start": fact.period.start.isoformat(),
        "as_of": fact.period.end.isoformat(),
        "due_on": fact.due_on.isoformat(),
        "opened_on": local_day(fact.opened_at).isoformat(),
        "closed_on": local_day(fact.closed_at).isoformat(),
        "published_on": local_day(fact.published_at).isoformat(),
        "committee_on": day(fact.committee_on),
        "version": fact.version,
        "reason": fact.reason,
    }


def _corrections(fact: RoundFact) -> list[CorrectionRecord]:
    earlier = [(past.version, past.reason, past.published_at) for past in fact.earlier]
    return [
        {"version": version, "reason": reason, "published_on": local_day(at).isoformat()}
        for version, reason, at in [*earlier, (fact.version, fact.reason, fact.published_at)]
        if version > 1
    ]


def _previous(facts: Facts) -> PreviousRecord | None:
    if facts.previous is None:
        return None
    compared = facts.previous.document["round"]
    return {
        "period": compared["period"],
        "label": compared["label"],
        "version": compared["version"],
        "sha256": facts.previous.sha256,
    }


def _institutions(facts: Facts) -> list[InstitutionRecord]:
    """Return the members and whoever is named at a measure, by name."""
    by_key = {fact.key: fact for fact in facts.institutions}
    for fact in facts.measures:
        reporting = fact.report.institution if fact.report is not None else None
        named = [fact.lead, reporting, *fact.partners]
        by_key |= {institution.key: institution for institution in named if institution is not None}
    return [
        {
            "key": fact.key,
            "name": fact.name,
            "short_name": fact.short_name,
            "kind": code_of(fact.kind),
        }
        for fact in sorted(by_key.values(), key=lambda fact: (fact.name, fact.key))
    ]


def _fields(facts: Facts, measures: Iterable[MeasureRecord]) -> list[FieldRecord]:
    by_goal: defaultdict[tuple[int, int], list[MeasureRecord]] = defaultdict(list)
    for record in measures:
        by_goal[record["field"], record["goal"]].append(record)
    goals: defaultdict[int, list[GoalFact]] = defaultdict(list)
    for goal in facts.goals:
        goals[goal.field].append(goal)
    return [
        {
            "position": field.position,
            "name": field.name,
            "figures": field_figures(
                [
                    record
                    for goal in goals[field.position]
                    for record in by_goal[field.position, goal.number]
                ]
            ),
            "goals": [
                _goal(goal, by_goal[field.position, goal.number]) for goal in goals[field.position]
            ],
        }
        for field in facts.fields
    ]


def _goal(fact: GoalFact, measures: Sequence[MeasureRecord]) -> GoalRecord:
    return {
        "number": fact.number,
        "title": fact.title,
        "title_annex2": fact.title_annex2,
        "notes": list(fact.notes),
        "concretisation": concretisation(fact.concretisation),
        "figures": field_figures(measures),
        "measures": [record["code"] for record in measures],
    }


def changes_of(measures: Sequence[AnyMeasure]) -> list[ChangeRecord]:
    """Return the measures that moved, worse first, each kind in the order of the concept."""
    return [
        {
            "code": record["code"],
            "kind": kind,
            "before": record["previous_value"],
            "after": record["value"],
        }
        for kind in _MOVES
        for record in measures
        if record["change"] == kind
    ]


def _decisions(measures: Iterable[MeasureRecord]) -> list[DecisionRecord]:
    """Return what needs a decision: accepted Steuerungsvorschläge, the most serious first."""
    decisions: list[DecisionRecord] = []
    for record in measures:
        report, value = record["report"], record["value"]
        if report is not None and value is not None and asks_for_decision(record):
            decisions.append(
                {
                    "code": record["code"],
                    "value": value,
                    "reason": report["reason"],
                    "consequence": report["consequence"],
                }
            )
    return sorted(decisions, key=lambda decision: -_seriousness(decision["value"]["course"]))


def _seriousness(course: str | None) -> int:
    return -1 if course is None else SEVERITY[Course(course)]
