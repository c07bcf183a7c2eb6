"""The document of a publication: pure, canonical, and its figures add up whatever was reported."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bielefeld import DISTRICTS
from tests.factories_reports import report_content
from tests.factories_snapshot import document, documents, facts, round_fact, sha256
from tracker.core.canonical import canonical_json
from tracker.core.periods import Period
from tracker.publication.definitions import definitions
from tracker.publication.rules.facts import Facts, MeasureFact, ReportFact, ReviewedFact
from tracker.publication.rules.privacy import suppress
from tracker.publication.rules.snapshot import build
from tracker.publication.rules.snapshot_parts import split
from tracker.reporting.rules.content import IndicatorValue, Participants, ParticipantUnit
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import Asked, Course, Implementation, course_asked

Json = dict[str, Any]
DUE = round_fact(Period(2026, "Q", 3)).opened_at + timedelta(days=5)


@st.composite
def reports(draw: st.DrawFn, measure: MeasureFact) -> ReportFact | None:
    """Any report of a measure, or none."""
    if measure.lead is None or draw(st.integers(0, 9)) == 0:
        return None
    state = draw(st.sampled_from(ReportState))
    submitted = state in {ReportState.ACCEPTED, ReportState.RETURNED}
    days = draw(st.integers(-5, 40))
    content = draw(contents()) if state is ReportState.ACCEPTED else None
    reviewed = None
    if content is not None and draw(st.booleans()):
        reviewed = ReviewedFact(Value(Implementation.NOT_STARTED), "Das KI sieht es anders.")
    return ReportFact(
        measure.lead,
        state,
        first_submitted_at=DUE + timedelta(days=days) if submitted else None,
        waived_reason="Träger wechselt" if state is ReportState.WAIVED else None,
        content=content,
        reviewed=reviewed,
    )


@st.composite
def contents(draw: st.DrawFn) -> Any:
    implementation = draw(st.sampled_from(Implementation))
    course = None
    if course_asked(implementation) is not Asked.NOT_ASKED:
        course = draw(st.sampled_from(Course))
    people = Participants(ParticipantUnit.PERSONS, draw(st.integers(0, 12)))
    text = draw(st.text(max_size=20))
    return report_content(
        implementation, course, participants=(people,), achieved=text, internal_remark="intern"
    )


@st.composite
def rounds(draw: st.DrawFn, previous: Json | None = None) -> Facts:
    """The facts of a round of twelve measures with any reports."""
    base = facts(period="2026-Q3", goals=3, previous=previous)
    measures = tuple(
        replace(item, report=draw(reports(item))) if item.reportable else item
        for item in base.measures
    )
    return replace(base, measures=measures)


BEFORE = document("2026-Q2", goals=3)
ANY = settings(deadline=None)


@given(rounds(BEFORE))
@ANY
def test_every_reportable_measure_is_counted_once(given_facts: Facts) -> None:
    found = build(given_facts)
    spread = found["figures"]["distribution"]
    assert sum(spread["counts"].values()) + spread["no_report"] == spread["total"]
    assert sum(spread["courses"].values()) + spread["course_not_asked"] == spread["reported"]
    assert spread["total"] == sum(item["reportable"] for item in found["measures"])
    assert sum(found["figures"]["changes"].values()) == spread["total"]


@given(rounds(BEFORE))
@ANY
def test_fields_and_goals_add_up_to_the_whole(given_facts: Facts) -> None:
    found = build(given_facts)
    goals = [goal for field in found["fields"] for goal in field["goals"]]
    for groups in (found["fields"], goals):
        spreads = [item["figures"]["distribution"] for item in groups]
        whole = found["figures"]["distribution"]
        for name in ("no_report", "course_not_asked", "reported", "total"):
            assert sum(item[name] for item in spreads) == whole[name]
        returned = [item["figures"]["returns"]["completeness"] for item in groups]
        for name in ("count", "total"):
            expected = found["figures"]["returns"]["completeness"][name]
            assert sum(item[name] for item in returned) == expected


@given(rounds(BEFORE))
@ANY
def test_only_what_was_accepted_is_published(given_facts: Facts) -> None:
    found = build(given_facts)
    for item in found["measures"]:
        accepted = item["expected"] is not None and item["expected"]["state"] == "accepted"
        assert (item["value"] is not None) == accepted == (item["report"] is not None)
        assert item["carried"] is None or item["value"] is None
        for line in (item["report"] or {}).get("participants", ()):
            assert line["suppressed"] == (line["count"] is None)
            assert line["count"] not in {1, 2, 3, 4}
    assert "intern" not in {key for item in found["measures"] for key in item["report"] or {}}
    assert "internal_remark" not in canonical_json([item["report"] for item in found["measures"]])
    assert "draft" not in {(item["expected"] or {}).get("state") for item in found["measures"]}


@given(rounds(BEFORE))
@ANY
def test_the_same_facts_give_the_same_bytes_and_survive_json(given_facts: Facts) -> None:
    text = canonical_json(build(given_facts))
    assert canonical_json(build(given_facts)) == text
    assert canonical_json(json.loads(text)) == text
    again = split(json.loads(text))
    assert [item.payload for item in again] == [
        json.loads(canonical_json(item.payload)) for item in again
    ]


def test_a_first_round_compares_with_nothing() -> None:
    found = document()
    assert found["previous"] is None
    assert found["changes"] == []
    assert set(found["figures"]["changes"].values()) == {0}
    assert {item["change"] for item in found["measures"]} == {None}
    assert {item["carried"] is None for item in found["measures"]} == {True}


@pytest.mark.parametrize(
    ("resolved", "entered", "said"),
    [(False, None, None), (False, False, False), (True, True, True), (True, None, True)],
)
def test_vorrangig_is_null_where_nobody_says_it(
    resolved: bool, entered: bool | None, said: bool | None
) -> None:
    def change(measure: MeasureFact) -> MeasureFact:
        return replace(measure, prioritised=resolved, entered_prioritised=entered)

    assert document(goals=1, change=change)["measures"][0]["prioritised"] is said


def test_the_compared_round_is_named_with_its_hash() -> None:
    first, second = documents(2)
    assert second["previous"] == {
        "period": "2026-Q2",
        "label": "Q2/2026",
        "version": 1,
        "sha256": sha256(first),
    }


def with_report(**changes: Any) -> Json:
    """One measure (1.1) with this report; returns it as published."""

    def change(measure: MeasureFact) -> MeasureFact:
        if measure.code != "1.1" or measure.lead is None:
            return measure
        accepted = ReportFact(
            measure.lead,
            ReportState.ACCEPTED,
            first_submitted_at=DUE,
            content=report_content(),
            revision=1,
        )
        return replace(measure, report=replace(accepted, **changes))

    found: Json = document(goals=1, change=change)["measures"][0]
    return found


def test_the_reviewed_value_counts_and_the_self_report_stays() -> None:
    reviewed = ReviewedFact(Value(Implementation.COMPLETED), "Auftrag erfüllt")
    found = with_report(reviewed=reviewed, dissent="Wir arbeiten weiter")
    assert found["value"] == {"implementation": "completed", "course": None}
    assert found["self_report"]["implementation"] == "in_progress"
    assert found["dissent"] == "Wir arbeiten weiter"


def test_a_waived_report_has_a_reason_and_no_punctuality() -> None:
    found = with_report(
        state=ReportState.WAIVED, content=None, first_submitted_at=None, waived_reason="Umbau"
    )["expected"]
    assert (found["state"], found["punctuality"], found["waived_reason"]) == (
        "waived",
        None,
        "Umbau",
    )


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (48, 48)])
def test_groups_of_one_to_four_are_hidden(count: int, shown: int | None) -> None:
    (line,) = suppress([Participants(ParticipantUnit.PERSONS, count)])
    assert (line.count, line.suppressed) == (shown, shown is None)


def test_a_yearly_sum_starts_anew_with_the_year_and_unknown_is_not_zero() -> None:
    def reporting(value: int | None) -> Any:
        def change(measure: MeasureFact) -> MeasureFact:
            if measure.code != "2.3" or measure.lead is None:
                return measure
            lines = tuple(
                IndicatorValue(item.key, Decimal(value))
                for item in measure.indicators
                if value is not None
            )
            return replace(
                measure,
                report=ReportFact(
                    measure.lead,
                    ReportState.ACCEPTED,
                    first_submitted_at=DUE,
                    content=report_content(indicators=lines),
                ),
            )

        return change

    found: list[str | None] = []
    made: list[Json] = []
    for period, value in (
        ("2025-Q4", 1),
        ("2026-Q1", None),
        ("2026-Q2", 2),
        ("2026-Q3", None),
        ("2026-Q4", 3),
    ):
        change = reporting(value)
        made.append(build(facts(period=period, goals=2, earlier=made, change=change)))
        measure = next(item for item in made[-1]["measures"] if item["code"] == "2.3")
        found.append(measure["indicators"][0]["year_sum"])
    assert found == ["1", None, "2", "2", "5"]


def test_every_word_of_the_document_has_a_mark_and_a_definition() -> None:
    words = definitions(DISTRICTS)
    for kind in ("implementation", "course", "change", "punctuality", "report_state"):
        for item in words[kind]:
            assert item["label"], item
            assert item["icon"], item
            assert item["definition"], item
    assert {item["code"] for item in words["implementation"]} == set(Implementation)
    assert {item["code"] for item in words["course"]} == set(Course)
