"""One measure in the document of a publication (docs/snapshot-format.md, `measures`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal

from tracker.concept.rules.facts import IndicatorFact, InstitutionFact, ZiffFiveFact
from tracker.core.canonical import Json
from tracker.core.periods import Period, local_day
from tracker.publication.rules.facts import MeasureFact, ReportFact, RoundFact
from tracker.publication.rules.privacy import suppress
from tracker.publication.rules.snapshot_json import (
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


def measure(fact: MeasureFact, round_: RoundFact, compared: Mapping[str, Json] | None) -> Json:
    """Return a measure; `compared` are the previous document's measures with their round."""
    before = (compared or {}).get(fact.code, {})
    report = fact.report
    accepted = report if report is not None and report.state is ReportState.ACCEPTED else None
    content = accepted.content if accepted is not None else None
    self_report = _said(content)
    value = accepted.reviewed.value if accepted and accepted.reviewed else self_report
    comparable = fact.reportable and compared is not None
    return {
        "code": fact.code,
        "field": fact.field,
        "goal": fact.goal,
        "kind": fact.kind,
        "reportable": fact.reportable,
        "text": fact.text,
        "display_text": fact.display_text,
        "notes": list(fact.notes),
        "prioritised": fact.prioritised,
        "weight": decimal(fact.weight),
        "principles": list(fact.principles),
        "lead": _institution(fact.lead),
        "partners": [_institution(item) for item in fact.partners],
        "ziff5": _ziff5(fact.ziff5),
        "indicators": [_indicator(item, content, before, round_) for item in fact.indicators],
        "expected": _expected(report, round_) if report is not None else None,
        "value": value_of(value),
        "self_report": value_of(self_report),
        "reviewed": _reviewed(accepted),
        "dissent": accepted.dissent if accepted is not None else None,
        "carried": _carried(before) if fact.reportable and value is None else None,
        "previous_value": before.get("value") if comparable else None,
        "change": change(read_value(before.get("value")), value).value if comparable else None,
        "unchanged_confirmed": accepted is not None and accepted.unchanged,
        "unchanged_streak": accepted.unchanged_streak if accepted is not None else 0,
        "revision": accepted.revision if accepted is not None else 0,
        "report": _content(content),
    }


def _said(content: ReportContent | None) -> Value | None:
    if content is None or content.implementation is None:
        return None
    return Value(content.implementation, content.course)


def _carried(before: Json) -> Json | None:
    """Return the measure's last published value and its round: the previous one's, else older."""
    value: Json | None = before.get("value")
    if value is None:
        older: Json | None = before.get("carried")
        return older
    return value | {key: before["round"][key] for key in ("period", "label")}


def _reviewed(accepted: ReportFact | None) -> Json | None:
    if accepted is None or accepted.reviewed is None:
        return None
    return (value_of(accepted.reviewed.value) or {}) | {"reason": accepted.reviewed.reason}


def _expected(report: ReportFact, round_: RoundFact) -> Json:
    state = _PUBLISHED_STATE.get(report.state, report.state)
    waived = state is ReportState.WAIVED
    first = report.first_submitted_at
    timely = punctuality(
        round_.due_on, report.extensions, first_submitted_at=first, now=round_.published_at
    )
    due = due_on(round_.due_on, report.extensions, at=first or round_.published_at)
    return {
        "institution": _institution(report.institution),
        "state": state.value,
        "punctuality": None if waived else timely.value,
        "due_on": day(due),
        "first_submitted_on": day(local_day(first)) if first is not None else None,
        "on_behalf": report.on_behalf,
        "waived_reason": report.waived_reason if waived else None,
    }


def _content(content: ReportContent | None) -> Json | None:
    if content is None:
        return None
    data = to_dict(content)
    del data["internal_remark"]
    data["participants"] = [
        {"unit": line.unit.value, "count": line.count, "suppressed": line.suppressed}
        for line in suppress(content.participants)
    ]
    return data


def _indicator(
    fact: IndicatorFact, content: ReportContent | None, before: Json, round_: RoundFact
) -> Json:
    lines = content.indicators if content is not None else ()
    value = next((line.value for line in lines if line.indicator == fact.key), None)
    sums = {item["key"]: item["year_sum"] for item in before.get("indicators", ())}
    earlier = sums.get(fact.key) if _same_year(before, round_) else None
    year_sum = running_sum([None if earlier is None else Decimal(earlier), value])
    return {
        "key": fact.key,
        "name": fact.name,
        "kind": fact.kind,
        "operator": fact.operator,
        "target": decimal(fact.target),
        "unit": fact.unit,
        "per_year": fact.per_year,
        "note": fact.note,
        "value": decimal(value),
        "year_sum": decimal(year_sum) if fact.per_year else None,
    }


def _same_year(before: Json, round_: RoundFact) -> bool:
    return bool(before) and Period.parse(before["round"]["period"]).year == round_.period.year


def _institution(item: InstitutionFact | None) -> Json | None:
    if item is None:
        return None
    return {"key": item.key, "name": item.name, "short_name": item.short_name}


def _ziff5(item: ZiffFiveFact) -> Json:
    return asdict(item) | {
        "concretisation": concretisation(item.concretisation),
        "municipal_funding": decimal(item.municipal_funding),
    }
