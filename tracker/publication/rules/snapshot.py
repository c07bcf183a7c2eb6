"""The document of a publication from its facts: one pure function (domain.md 7).

docs/snapshot-format.md describes the shape. The same facts give the same bytes
(`tracker.core.canonical`). A measure's value is what the KI reviewed, else what the institution
reported; only values accepted in this round count, everything else is "keine Meldung".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import cast

from tracker.concept.rules.facts import GoalFact, IndicatorFact, InstitutionFact, ZiffFiveFact
from tracker.core.periods import local_day
from tracker.publication.rules.document import (
    AnyMeasure,
    ChangeRecord,
    CorrectionRecord,
    DecisionRecord,
    Document,
    ExpectedRecord,
    FieldRecord,
    GoalRecord,
    IndicatorRecord,
    InstitutionName,
    InstitutionRecord,
    MeasureRecord,
    MoveCode,
    PreviousRecord,
    ReportRecord,
    ReviewedRecord,
    RoundRecord,
    Ziff5Record,
)
from tracker.publication.rules.earlier import (
    carried,
    confirmed_in_a_row,
    value_before,
    year_sum,
)
from tracker.publication.rules.facts import EarlierFact, Facts, MeasureFact, ReportFact, RoundFact
from tracker.publication.rules.formats import FORMAT
from tracker.publication.rules.privacy import suppress
from tracker.publication.rules.snapshot_figures import (
    asks_for_decision,
    field_figures,
    round_figures,
)
from tracker.publication.rules.snapshot_json import (
    code_of,
    concretisation,
    day,
    decimal,
    read_value,
    value_of,
)
from tracker.reporting.rules.content import ReportContent, to_dict
from tracker.reporting.rules.figures import FORMULA_VERSION, Value, change
from tracker.reporting.rules.reports import ReportState, due_on, punctuality
from tracker.reporting.rules.status import SEVERITY, Course

_MOVES: tuple[MoveCode, ...] = ("worse", "better", "newly_reported", "no_longer_reported")
# A draft is nobody's business yet, so a report that was begun is published as "expected".
_PUBLISHED_STATE = {ReportState.DRAFT: ReportState.EXPECTED}


def build(facts: Facts) -> Document:
    """Return the document of a publication; decimals and dates are text, nothing is a float."""
    measures = [_measure(fact, facts.round, facts.earlier) for fact in facts.measures]
    previous = next(iter(facts.earlier), None)
    decisions = decisions_of(measures)
    return {
        "format": FORMAT,
        "formula_version": FORMULA_VERSION,
        "demonstration": facts.demonstration,
        "instance": facts.instance,
        "concept": facts.concept,
        "round": _round(facts.round),
        "previous": previous_record(previous.round, previous.sha256) if previous else None,
        "definitions": facts.definitions,
        "principles": [{"key": key, "name": name} for key, name in facts.principles],
        "institutions": _institutions(facts),
        "figures": round_figures(measures, decisions=len(decisions)),
        "fields": _fields(facts, measures),
        "measures": measures,
        "changes": changes_of(measures),
        "decisions": decisions,
        "corrections": _corrections(facts.round),
        "sections": dict(facts.sections),
    }


def _measure(fact: MeasureFact, round_: RoundFact, earlier: Sequence[EarlierFact]) -> MeasureRecord:
    """Return a measure; `earlier` are the rounds published before, the newest first."""
    report = fact.report
    accepted = report if report is not None and report.state is ReportState.ACCEPTED else None
    content = accepted.content if accepted is not None else None
    self_report = _said(content)
    value = accepted.reviewed.value if accepted and accepted.reviewed else self_report
    before = value_before(fact.key, earlier)
    confirmed = accepted is not None and accepted.unchanged
    comparable = fact.reportable and bool(earlier)
    return {
        "key": fact.key,
        "code": fact.code,
        "field": fact.field,
        "goal": fact.goal,
        "kind": code_of(fact.kind),
        "reportable": fact.reportable,
        "text": fact.text,
        "display_text": fact.display_text,
        "notes": list(fact.notes),
        "prioritised": fact.is_prioritised,
        "weight": format(fact.weight, "f"),
        "principles": list(fact.principles),
        "lead": _institution(fact.lead) if fact.lead is not None else None,
        "partners": [_institution(partner) for partner in fact.partners],
        "ziff5": _ziff5(fact.ziff5),
        "indicators": [
            _indicator(fact.key, indicator, content, earlier, round_)
            for indicator in fact.indicators
        ],
        "expected": _expected(report, round_) if report is not None else None,
        "value": value_of(value) if value is not None else None,
        "self_report": value_of(self_report) if self_report is not None else None,
        "reviewed": _reviewed(accepted),
        "dissent": accepted.dissent if accepted is not None else None,
        "carried": carried(fact.key, earlier) if fact.reportable and value is None else None,
        "previous_value": before if comparable else None,
        "change": code_of(change(read_value(before), value)) if comparable else None,
        "unchanged_confirmed": confirmed,
        "unchanged_streak": confirmed_in_a_row(fact.key, earlier, confirmed=confirmed),
        "revision": accepted.revision if accepted is not None else 0,
        "report": _content(content),
    }


def _said(content: ReportContent | None) -> Value | None:
    if content is None or content.implementation is None:
        return None
    return Value(content.implementation, content.course)


def _reviewed(accepted: ReportFact | None) -> ReviewedRecord | None:
    if accepted is None or accepted.reviewed is None:
        return None
    return {**value_of(accepted.reviewed.value), "reason": accepted.reviewed.reason}


def _expected(report: ReportFact, round_: RoundFact) -> ExpectedRecord:
    state = _PUBLISHED_STATE.get(report.state, report.state)
    waived = state is ReportState.WAIVED
    first = report.first_submitted_at
    timely = punctuality(
        round_.due_on, report.extensions, first_submitted_at=first, now=round_.published_at
    )
    due = due_on(round_.due_on, report.extensions, at=first or round_.published_at)
    joined = next((granted for granted in report.extensions if granted.joins), None)
    return {
        "institution": _institution(report.institution),
        "state": code_of(state),
        "punctuality": None if waived else code_of(timely),
        "due_on": due.isoformat(),
        "first_submitted_on": day(local_day(first)) if first is not None else None,
        "on_behalf": report.on_behalf,
        "waived_reason": report.waived_reason if waived else None,
        "joined_on": None if joined is None else day(local_day(joined.granted_at)),
    }


def _content(content: ReportContent | None) -> ReportRecord | None:
    if content is None:
        return None
    answers = to_dict(content)
    del answers["internal_remark"]
    answers["participants"] = [
        {"unit": line.unit.value, "count": line.count, "suppressed": line.suppressed}
        for line in suppress(content.participants)
    ]
    return cast("ReportRecord", answers)


def _indicator(
    measure: str,
    fact: IndicatorFact,
    content: ReportContent | None,
    earlier: Sequence[EarlierFact],
    round_: RoundFact,
) -> IndicatorRecord:
    lines = content.indicators if content is not None else ()
    value = next((line.value for line in lines if line.indicator == fact.key), None)
    of_year = year_sum(measure, fact.key, earlier, period=round_.period, value=value)
    return {
        "key": fact.key,
        "name": fact.name,
        "kind": code_of(fact.kind),
        "operator": code_of(fact.operator),
        "target": format(fact.target, "f"),
        "unit": fact.unit,
        "per_year": fact.per_year,
        "note": fact.note,
        "value": decimal(value),
        "year_sum": of_year if fact.per_year else None,
    }


def _institution(fact: InstitutionFact) -> InstitutionName:
    return {"key": fact.key, "name": fact.name, "short_name": fact.short_name}


def _ziff5(fact: ZiffFiveFact) -> Ziff5Record:
    return {
        "competence": code_of(fact.competence),
        "competence_reason": fact.competence_reason,
        "short_term": code_of(fact.short_term),
        "concretisation": concretisation(fact.concretisation),
        "municipal_funding": decimal(fact.municipal_funding),
        "municipal_funding_period": fact.municipal_funding_period,
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


def previous_record(compared: RoundRecord, sha256: str) -> PreviousRecord:
    """Return how a document names the publication that it is compared with."""
    return {
        "period": compared["period"],
        "label": compared["label"],
        "version": compared["version"],
        "sha256": sha256,
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


def _fields(facts: Facts, measures: Sequence[MeasureRecord]) -> list[FieldRecord]:
    by_goal: defaultdict[str, list[MeasureRecord]] = defaultdict(list)
    for record in measures:
        by_goal[record["goal"]].append(record)
    return [
        {
            "key": field.key,
            "code": field.code,
            "name": field.name,
            "figures": field_figures(
                [record for record in measures if record["field"] == field.code]
            ),
            "goals": [
                _goal(goal, by_goal[goal.code]) for goal in facts.goals if goal.field == field.code
            ],
        }
        for field in facts.fields
    ]


def _goal(fact: GoalFact, measures: Sequence[MeasureRecord]) -> GoalRecord:
    return {
        "key": fact.key,
        "code": fact.code,
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


def decisions_of(measures: Iterable[MeasureRecord]) -> list[DecisionRecord]:
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
