"""What makes a measure an exception, one reason at a time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories_snapshot import documents
from tracker.publication.rules.snapshot_figures import Occasion, occasions

CALM: dict[str, Any] = {
    "reportable": True,
    "value": {"implementation": "in_progress", "course": "on_track"},
    "change": "unchanged",
    "report": {"consequence": ""},
    "reviewed": None,
}


def value(course: str | None) -> dict[str, Any]:
    return {"value": {"implementation": "in_progress", "course": course}}


@pytest.mark.parametrize(
    ("differs", "why"),
    [
        ({}, ()),
        (value(None), ()),
        ({"change": "better"}, ()),
        ({"change": None}, ()),
        ({"change": "newly_reported"}, ()),
        ({"report": {"consequence": " \n"}}, ()),
        (value("at_risk"), (Occasion.TROUBLED,)),
        (value("critical"), (Occasion.TROUBLED,)),
        ({"change": "worse"}, (Occasion.WORSE,)),
        ({"report": {"consequence": "Räume zuweisen"}}, (Occasion.DECISION,)),
        ({"value": None, "report": None, "change": "not_reported"}, (Occasion.NO_REPORT,)),
        ({"value": None, "report": None, "change": "no_longer_reported"}, (Occasion.NO_REPORT,)),
        ({"reviewed": {"reason": "nur Absprachen"}}, (Occasion.REVIEWED,)),
        (
            value("critical") | {"change": "worse", "report": {"consequence": "Stelle"}},
            (Occasion.TROUBLED, Occasion.WORSE, Occasion.DECISION),
        ),
        ({"reportable": False, "value": None, "report": None, "change": None}, ()),
    ],
)
def test_a_measure_is_an_exception_for_a_reason(
    differs: dict[str, Any], why: tuple[Occasion, ...]
) -> None:
    assert occasions(CALM | differs) == why


def test_everything_newly_troubled_and_every_decision_is_an_exception() -> None:
    for document in documents(3):
        named = {item["code"] for item in document["measures"] if occasions(item)}
        assert {line["code"] for line in document["decisions"]} <= named
        worse = {line["code"] for line in document["changes"] if line["kind"] == "worse"}
        assert worse <= named
