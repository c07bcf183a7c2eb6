"""The figures of a publication over its measures, computed by `tracker.reporting.rules.figures`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import cast

from tracker.publication.rules.document import (
    AnyMeasure,
    DistributionRecord,
    FiguresRecord,
    MeasureRecord,
    RatioRecord,
    ReturnRecord,
    ReturnsRecord,
    ReviewedRecord,
    RoundFiguresRecord,
)
from tracker.publication.rules.snapshot_json import code_of, read_value
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


def field_figures(measures: Sequence[AnyMeasure]) -> FiguresRecord:
    """Return the figures of a field or goal over its measures (leaves, never groups)."""
    leaves = [measure for measure in measures if measure["reportable"]]
    values = [read_value(measure["value"]) for measure in leaves]
    worst = worst_course(value.course for value in values if value is not None)
    reports = [measure["expected"] for measure in measures]
    return {
        "distribution": _distribution(distribution(values)),
        "carried": sum(measure["carried"] is not None for measure in leaves),
        "worst_course": code_of(worst),
        "returns": _returns(returns(_expected(report) for report in reports if report is not None)),
    }


def round_figures(measures: Sequence[AnyMeasure], *, decisions: int) -> RoundFiguresRecord:
    """Return the figures of the whole concept: a field's, what changed, and how many decisions."""
    kinds = Counter(measure["change"] for measure in measures)
    troubled_now = Counter(
        measure["value"]["course"]
        for measure in measures
        if measure["value"] is not None and is_newly_troubled(measure)
    )
    return {
        **field_figures(measures),
        "changes": {kind.value: kinds[code_of(kind)] for kind in Change},
        "newly_troubled": {
            course.value: troubled_now[code_of(course)] for course in Course if course in TROUBLED
        },
        "decisions": decisions,
    }


def is_newly_troubled(measure: AnyMeasure) -> bool:
    """Return whether a measure became at_risk or critical since the compared round."""
    if measure["change"] is None:
        return False
    return newly_troubled(read_value(measure["previous_value"]), read_value(measure["value"]))


def is_newly_fulfilled(measure: AnyMeasure) -> bool:
    """Return whether a measure became completed or established since the compared round."""
    if measure["change"] is None:
        return False
    return newly_fulfilled(read_value(measure["previous_value"]), read_value(measure["value"]))


def reviewed_reason(measure: AnyMeasure) -> str:
    """Return why a measure's value is not the reported one; "" where it is."""
    # A record has the whole finding, the Überblick's part its reason.
    reviewed = cast("ReviewedRecord | None", measure.get("reviewed"))
    return reviewed["reason"] if reviewed else str(measure.get("reviewed_reason", ""))


def asks_for_decision(measure: MeasureRecord) -> bool:
    report = measure["report"]
    return report is not None and bool(report["consequence"].strip())


class Occasion(StrEnum):
    """Why a measure is an exception that a committee should look at, the most pressing first.

    A measure that became at_risk or critical is TROUBLED, one no longer reported NO_REPORT.
    """

    TROUBLED = "troubled"
    WORSE = "worse"
    DECISION = "decision"
    NO_REPORT = "no_report"
    REVIEWED = "reviewed"


def occasions(measure: MeasureRecord) -> tuple[Occasion, ...]:
    """Return why a measure of a document is an exception; empty where it is none.

    A measure that is not reported on never is.
    """
    if not measure["reportable"]:
        return ()
    value = read_value(measure["value"])
    holds = {
        Occasion.TROUBLED: value is not None and value.course in TROUBLED,
        Occasion.WORSE: measure["change"] == "worse",
        Occasion.DECISION: asks_for_decision(measure),
        Occasion.NO_REPORT: value is None,
        Occasion.REVIEWED: measure["reviewed"] is not None,
    }
    return tuple(occasion for occasion in Occasion if holds[occasion])


def running(distribution: DistributionRecord) -> int:
    """Return how many measures run or are fulfilled, from a distribution of a snapshot."""
    return sum(distribution["counts"][state.value] for state in RUNNING)


def troubled(distribution: DistributionRecord) -> int:
    """Return how many measures are at risk or critical, from a distribution of a snapshot."""
    return sum(distribution["courses"][course.value] for course in TROUBLED)


def _expected(report: ReturnRecord) -> Expected:
    return Expected(
        state=ReportState(report["state"]),
        submitted_once=report["first_submitted_on"] is not None,
        # A waived report has no punctuality; it is left out of every count.
        punctuality=Punctuality(report["punctuality"] or Punctuality.PENDING),
    )


def _distribution(spread: Distribution) -> DistributionRecord:
    return {
        "counts": {state.value: spread.of(state) for state in Implementation},
        "no_report": spread.no_report,
        "courses": {course.value: spread.of_course(course) for course in Course},
        "course_not_asked": spread.course_not_asked,
        "reported": spread.coverage.count,
        "total": spread.coverage.total,
    }


def _returns(figures: Returns) -> ReturnsRecord:
    return {
        "completeness": _ratio(figures.completeness),
        "acceptance": _ratio(figures.acceptance),
        "timeliness": _ratio(figures.timeliness),
        "waived": figures.waived,
    }


def _ratio(ratio: Ratio) -> RatioRecord:
    percent = ratio.percent
    return {
        "count": ratio.count,
        "total": ratio.total,
        "percent": None if percent is None else format(percent, "f"),
    }
