"""What a report says, its JSON form, and what a new report starts with (domain.md 5 and 8)."""

import json
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.canonical import canonical_json
from tracker.reporting.rules.content import (
    TEXT_FIELDS,
    Funding,
    IndicatorValue,
    MilestoneLine,
    Participants,
    ParticipantUnit,
    ReportContent,
    StaffUnit,
    from_dict,
    normalised,
    prefilled_from,
    to_dict,
)
from tracker.reporting.rules.status import Course, Implementation

NAMES = [item.name for item in fields(ReportContent)]
# Every field answered, and the stored form of each answer.
FULL = ReportContent(
    implementation=Implementation.IN_PROGRESS,
    course=Course.AT_RISK,
    achieved="Zwei Kurse begonnen",
    next_step="Dritter Kurs",
    next_step_on=date(2026, 11, 2),
    reason="Raum fehlt",
    consequence="Raum zuweisen",
    changed="Träger gewechselt",
    obstacles="Krankheit",
    participants=(
        Participants(ParticipantUnit.PERSONS, 24),
        Participants(ParticipantUnit.CASES, 0),
    ),
    events=0,
    staff=Decimal("0.50"),
    staff_unit=StaffUnit.FTE,
    cost_planned=Decimal("1000.00"),
    cost_actual=Decimal("0"),
    funding=(
        Funding("Land NRW", "KOMM-AN", Decimal("500.10"), date(2026, 1, 1), date(2026, 12, 31)),
        Funding("Bund"),
    ),
    partners="AWO",
    cooperation_wanted="Schulen",
    target_group="Eltern",
    districts=("mitte", "senne"),
    indicators=(IndicatorValue("2.3", Decimal("2")),),
    milestones=(
        MilestoneLine("Auftakt", date(2026, 3, 1), date(2026, 3, 8)),
        MilestoneLine("Ende"),
    ),
    evidence_url="https://example.org",
    internal_remark="nur für das KI",
)
STORED = {
    "implementation": "in_progress",
    "course": "at_risk",
    "achieved": "Zwei Kurse begonnen",
    "next_step": "Dritter Kurs",
    "next_step_on": "2026-11-02",
    "reason": "Raum fehlt",
    "consequence": "Raum zuweisen",
    "changed": "Träger gewechselt",
    "obstacles": "Krankheit",
    "participants": [{"unit": "persons", "count": 24}, {"unit": "cases", "count": 0}],
    "events": 0,
    "staff": "0.50",
    "staff_unit": "fte",
    "cost_planned": "1000.00",
    "cost_actual": "0",
    "funding": [
        {
            "donor": "Land NRW",
            "programme": "KOMM-AN",
            "amount": "500.10",
            "start": "2026-01-01",
            "end": "2026-12-31",
        },
        {"donor": "Bund", "programme": "", "amount": None, "start": None, "end": None},
    ],
    "partners": "AWO",
    "cooperation_wanted": "Schulen",
    "target_group": "Eltern",
    "districts": ["mitte", "senne"],
    "indicators": [{"indicator": "2.3", "value": "2"}],
    "milestones": [
        {"title": "Auftakt", "due_on": "2026-03-01", "done_on": "2026-03-08"},
        {"title": "Ende", "due_on": None, "done_on": None},
    ],
    "evidence_url": "https://example.org",
    "internal_remark": "nur für das KI",
}
# What a new report does not repeat: quantities and texts of one quarter, remarks to one reader.
NOT_REPEATED = {
    "participants",
    "events",
    "staff",
    "staff_unit",
    "cost_actual",
    "indicators",
    "changed",
    "internal_remark",
}

DECIMALS = st.decimals(0, 10_000_000, places=2) | st.integers(0, 10**7).map(Decimal)
DAYS = st.none() | st.dates()
CONTENTS = st.builds(
    ReportContent,
    **dict.fromkeys(NAMES, ...)  # type: ignore[arg-type]  # every field by its type …
    | {name: st.none() | DECIMALS for name in ("staff", "cost_planned", "cost_actual")}
    | {
        "funding": st.lists(
            st.builds(Funding, st.text(), st.text(), st.none() | DECIMALS, DAYS, DAYS), max_size=3
        ).map(tuple),
        "indicators": st.lists(st.builds(IndicatorValue, st.text(), DECIMALS), max_size=3).map(
            tuple
        ),
        "milestones": st.lists(st.builds(MilestoneLine, st.text(), DAYS, DAYS), max_size=3).map(
            tuple
        ),
    },
)


@pytest.mark.parametrize("name", NAMES)
def test_the_example_answers_every_field(name: str) -> None:
    assert getattr(FULL, name) != getattr(ReportContent(), name)


def test_the_stored_form_is_plain_text_and_whole_numbers() -> None:
    assert to_dict(FULL) == STORED
    assert type(to_dict(FULL)["implementation"]) is str
    assert json.loads(canonical_json(to_dict(FULL))) == STORED


@pytest.mark.parametrize("name", NAMES)
def test_each_answer_alone_survives_being_stored(name: str) -> None:
    content = replace(ReportContent(), **{name: getattr(FULL, name)})
    assert from_dict(json.loads(json.dumps(to_dict(content)))) == content


@settings(deadline=None, max_examples=60)
@given(CONTENTS)
def test_any_report_survives_being_stored(content: ReportContent) -> None:
    read = from_dict(json.loads(json.dumps(to_dict(content))))
    assert read == content
    assert to_dict(read) == to_dict(content)


def test_a_draft_of_an_older_or_newer_version_is_read_as_far_as_it_goes() -> None:
    assert from_dict({}) == ReportContent()
    assert from_dict({"achieved": "ja", "later_invention": 1}) == ReportContent(achieved="ja")


def test_not_answered_is_never_zero() -> None:
    read = from_dict(to_dict(ReportContent()))
    quantities = (read.events, read.staff, read.cost_planned, read.cost_actual)
    assert quantities == (None, None, None, None)
    assert from_dict(to_dict(FULL)).events == 0


@pytest.mark.parametrize(
    ("number", "text"), [("1E+3", "1000"), ("1E-7", "0.0000001"), ("0.50", "0.50")]
)
def test_a_decimal_is_stored_without_exponent_and_with_its_places(number: str, text: str) -> None:
    assert to_dict(ReportContent(staff=Decimal(number)))["staff"] == text


@pytest.mark.parametrize("name", NAMES)
def test_a_new_report_starts_with_the_last_one_but_repeats_no_quantity(name: str) -> None:
    source = ReportContent() if name in NOT_REPEATED else FULL
    assert getattr(prefilled_from(FULL), name) == getattr(source, name)


@pytest.mark.parametrize("name", TEXT_FIELDS)
def test_texts_are_trimmed_outside_and_kept_inside(name: str) -> None:
    text: dict[str, Any] = {name: " \n erster Absatz\n\n  zweiter \t"}
    assert getattr(normalised(ReportContent(**text)), name) == "erster Absatz\n\n  zweiter"


def test_every_text_is_among_the_text_fields() -> None:
    assert set(TEXT_FIELDS) == {name for name in NAMES if isinstance(getattr(FULL, name), str)} - {
        "implementation",
        "course",
        "staff_unit",
    }


@pytest.mark.parametrize(
    ("implementation", "kept"),
    [
        (None, True),
        ("not_started", True),
        ("planned", True),
        ("in_progress", True),
        ("established", True),
        ("completed", False),
        ("deferred", False),
        ("dropped", False),
    ],
)
def test_a_course_is_kept_only_where_it_is_asked(implementation: str | None, kept: bool) -> None:
    state = Implementation(implementation) if implementation else None
    content = normalised(ReportContent(implementation=state, course=Course.CRITICAL))
    assert content.course is (Course.CRITICAL if kept else None)


@settings(deadline=None, max_examples=30)
@given(CONTENTS)
def test_normalising_twice_is_normalising_once(content: ReportContent) -> None:
    assert normalised(normalised(content)) == normalised(content)
