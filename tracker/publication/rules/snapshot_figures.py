"""The figures of a publication over its measures, computed by `tracker.reporting.rules.figures`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tracker.core.canonical import Json
from tracker.publication.rules.snapshot_json import read_value
from tracker.reporting.rules.figures import (
    Change,
    Distribution,
    Expected,
    Ratio,
    Returns,
    distribution,
    newly_fulfilled,
    newly_troubled,
    returns,
    worst_course,
)
from tracker.reporting.rules.reports import Punctuality, ReportState
from tracker.reporting.rules.status import FULFILLED, TROUBLED, Course, Implementation

# What runs or is fulfilled: the headline of the Überblick.
RUNNING = (Implementation.IN_PROGRESS, *(state for state in Implementation if state in FULFILLED))


def field_figures(measures: Sequence[Json]) -> Json:
    """Return the figures of a field or goal over its measures (leaves, never groups)."""
    leaves = [item for item in measures if item["reportable"]]
    values = [read_value(item["value"]) for item in leaves]
    worst = worst_course(value.course for value in values if value is not None)
    return {
        "distribution": _distribution(distribution(values)),
        "carried": sum(item["carried"] is not None for item in leaves),
        "worst_course": worst.value if worst is not None else None,
        "returns": _returns(returns(_expected(item) for item in measures if item["expected"])),
    }


def round_figures(measures: Sequence[Json], *, decisions: int) -> Json:
    """Return the figures of the whole concept: a field's, what changed, and how many decisions."""
    kinds = Counter(item["change"] for item in measures)
    new = [item["value"]["course"] for item in measures if is_newly_troubled(item)]
    return field_figures(measures) | {
        "changes": {kind.value: kinds[kind.value] for kind in Change},
        "newly_troubled": {
            course.value: new.count(course.value) for course in Course if course in TROUBLED
        },
        "decisions": decisions,
    }


def is_newly_troubled(measure: Json) -> bool:
    """Return whether a measure became at_risk or critical since the compared round."""
    if measure["change"] is None:
        return False
    return newly_troubled(read_value(measure["previous_value"]), read_value(measure["value"]))


def is_newly_fulfilled(measure: Json) -> bool:
    """Return whether a measure became completed or established since the compared round."""
    if measure["change"] is None:
        return False
    return newly_fulfilled(read_value(measure["previous_value"]), read_value(measure["value"]))


def asks_for_decision(measure: Json) -> bool:
    """Return whether the accepted report of a measure has a Steuerungsvorschlag."""
    report = measure["report"]
    return report is not None and bool(report["consequence"].strip())


def running(distribution: Json) -> int:
    """Return how many measures run or are fulfilled, from a distribution of a snapshot."""
    return sum(int(distribution["counts"][state.value]) for state in RUNNING)


def troubled(distribution: Json) -> int:
    """Return how many measures are at risk or critical, from a distribution of a snapshot."""
    return sum(int(distribution["courses"][course.value]) for course in TROUBLED)


def _expected(measure: Json) -> Expected:
    item = measure["expected"]
    return Expected(
        state=ReportState(item["state"]),
        submitted_once=item["first_submitted_on"] is not None,
        # A waived report has no punctuality; it is left out of every count.
        punctuality=Punctuality(item["punctuality"] or Punctuality.PENDING),
    )


def _distribution(item: Distribution) -> Json:
    return {
        "counts": {state.value: item.of(state) for state in Implementation},
        "no_report": item.no_report,
        "courses": {course.value: item.of_course(course) for course in Course},
        "course_not_asked": item.course_not_asked,
        "reported": item.coverage.count,
        "total": item.coverage.total,
    }


def _returns(item: Returns) -> Json:
    return {
        "completeness": _ratio(item.completeness),
        "acceptance": _ratio(item.acceptance),
        "timeliness": _ratio(item.timeliness),
        "waived": item.waived,
    }


def _ratio(item: Ratio) -> Json:
    percent = item.percent
    return {
        "count": item.count,
        "total": item.total,
        "percent": None if percent is None else format(percent, "f"),
    }
