"""What makes a measure an exception: one that a committee should look at (issue 5)."""

from __future__ import annotations

from enum import StrEnum

from tracker.publication.rules.document import MeasureRecord
from tracker.publication.rules.snapshot_figures import asks_for_decision
from tracker.publication.rules.snapshot_json import read_value
from tracker.reporting.rules.status import TROUBLED


class Occasion(StrEnum):
    """Why a measure is an exception, the most pressing first.

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
