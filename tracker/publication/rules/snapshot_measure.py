"""One measure in the document of a publication (docs/snapshot-format.md, `measures`)."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from tracker.concept.rules.facts import IndicatorFact, InstitutionFact, ZiffFiveFact
from tracker.core.periods import Period, local_day
from tracker.publication.rules.document import (
    CarriedRecord,
    ExpectedRecord,
    IndicatorRecord,
    InstitutionName,
    MeasureRecord,
    ReportRecord,
    ReviewedRecord,
    RoundRecord,
    Ziff5Record,
)
from tracker.publication.rules.facts import MeasureFact, ReportFact, RoundFact
from tracker.publication.rules.privacy import suppress
from tracker.publication.rules.snapshot_json import (
    code_of,
    concretisation,
    day,
    decimal,
    read_value,
    value_of,
)
from tracker.reporting.rules.content import ReportContent, to_dict
from tracker.reporting.rules.figures import Value, change, running_sum
from tracker.reporting.rules.reports import ReportState, due_on, punctuality

# A draft is nobody's business yet, so a report that was begun is published as "expected".
_PUBLISHED_STATE = {ReportState.DRAFT: ReportState.EXPECTED}


def measure(
    fact: MeasureFact,
    round_: RoundFact,
    before: MeasureRecord | None,
    compared: RoundRecord | None,
) -> MeasureRecord:
    """Return a measure; `before` is the same one in the document of the `compared` round."""
    report = fact.report
    accepted = report if report is not None and report.state is ReportState.ACCEPTED else None
    content = accepted.content if accepted is not None else None
    self_report = _said(content)
    value = accepted.reviewed.value if accepted and accepted.reviewed else self_report
    earlier = before["value"] if before is not None else None
    comparable = fact.reportable and compared is not None
    return {
        "code": fact.code,
        "field": fact.field,
        "goal": fact.goal,
        "kind": code_of(fact.kind),
        "reportable": fact.reportable,
        "text": fact.text,
        "display_text": fact.display_text,
        "notes": list(fact.notes),
        "prioritised": fact.prioritised,
        "weight": format(fact.weight, "f"),
        "principles": list(fact.principles),
        "lead": _institution(fact.lead) if fact.lead is not None else None,
        "partners": [_institution(partner) for partner in fact.partners],
        "ziff5": _ziff5(fact.ziff5),
        "indicators": [
            _indicator(indicator, content, _year_sum(indicator.key, before, compared, round_))
            for indicator in fact.indicators
        ],
        "expected": _expected(report, round_) if report is not None else None,
        "value": value_of(value) if value is not None else None,
        "self_report": value_of(self_report) if self_report is not None else None,
        "reviewed": _reviewed(accepted),
        "dissent": accepted.dissent if accepted is not None else None,
        "carried": _carried(before, compared) if fact.reportable and value is None else None,
        "previous_value": earlier if comparable else None,
        "change": code_of(change(read_value(earlier), value)) if comparable else None,
        "unchanged_confirmed": accepted is not None and accepted.unchanged,
        "unchanged_streak": accepted.unchanged_streak if accepted is not None else 0,
        "revision": accepted.revision if accepted is not None else 0,
        "report": _content(content),
    }


def _said(content: ReportContent | None) -> Value | None:
    if content is None or content.implementation is None:
        return None
    return Value(content.implementation, content.course)


def _carried(before: MeasureRecord | None, compared: RoundRecord | None) -> CarriedRecord | None:
    """Return the measure's last published value and its round: the previous one's, else older."""
    if before is None or compared is None:
        return None
    value = before["value"]
    if value is None:
        return before["carried"]
    return {**value, "period": compared["period"], "label": compared["label"]}


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
    return {
        "institution": _institution(report.institution),
        "state": code_of(state),
        "punctuality": None if waived else code_of(timely),
        "due_on": due.isoformat(),
        "first_submitted_on": day(local_day(first)) if first is not None else None,
        "on_behalf": report.on_behalf,
        "waived_reason": report.waived_reason if waived else None,
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
    fact: IndicatorFact, content: ReportContent | None, earlier: Decimal | None
) -> IndicatorRecord:
    """Return a Kennzahl; `earlier` is what was reported for it earlier in the year."""
    lines = content.indicators if content is not None else ()
    value = next((line.value for line in lines if line.indicator == fact.key), None)
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
        "year_sum": decimal(running_sum([earlier, value])) if fact.per_year else None,
    }


def _year_sum(
    key: str, before: MeasureRecord | None, compared: RoundRecord | None, round_: RoundFact
) -> Decimal | None:
    """Return the sum that the compared round knew, where it is of the same year."""
    if before is None or compared is None:
        return None
    if Period.parse(compared["period"]).year != round_.period.year:
        return None
    sums = {indicator["key"]: indicator["year_sum"] for indicator in before["indicators"]}
    known = sums.get(key)
    return None if known is None else Decimal(known)


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
