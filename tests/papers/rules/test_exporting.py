"""Papers: which request can be, how it is stored, and an order's states over all pairs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.publication.rules.grids import read_grid
from tracker.core.periods import PeriodError
from tracker.papers.rules.exporting import (
    FORMATS,
    TRANSITIONS,
    ExportFormat,
    ExportKind,
    ExportRequest,
    OrderEvent,
    OrderState,
    VorlageKind,
    compared_round,
    possible_events,
    problems,
)
from tracker.papers.words import (
    EXPORT_FORMAT,
    EXPORT_KIND,
    ORDER_STATE,
    REQUEST_PROBLEM,
    VORLAGE_KIND,
    request_problems,
)

# Row: where the order stands, column: what happens; "-" is refused.
TABLE = """
           start    finish  fail    cancel     repeat
waiting    running  -       -       cancelled  -
running    -        done    failed  cancelled  -
done       -        -       -       -          -
failed     -        -       -       -          waiting
cancelled  -        -       -       -          waiting
"""
REPORT = ExportRequest(kind=ExportKind.REPORT, period="2026-Q3", format=ExportFormat.PDF)


def test_the_table_speaks_of_every_state_and_event() -> None:
    pairs = {(state.value, event.value) for state in OrderState for event in OrderEvent}
    assert set(read_grid(TABLE)) == pairs


@pytest.mark.parametrize(("pair", "target"), read_grid(TABLE).items())
def test_every_event_leads_where_the_table_says_or_is_refused(
    pair: tuple[str, str], target: str
) -> None:
    step = (OrderState(pair[0]), OrderEvent(pair[1]))
    if target == "-":
        assert step not in TRANSITIONS
        assert step[1] not in possible_events(step[0])
    else:
        assert TRANSITIONS[step] is OrderState(target)
        assert step[1] in possible_events(step[0])


def test_every_value_has_a_german_label() -> None:
    assert set(EXPORT_KIND) == set(ExportKind) == set(FORMATS)
    assert set(EXPORT_FORMAT) == set(ExportFormat)
    assert set(ORDER_STATE) == set(OrderState)
    assert set(VORLAGE_KIND) == set(VorlageKind)


@pytest.mark.parametrize(
    ("request_", "codes"),
    [
        (REPORT, ()),
        (replace(REPORT, fields=("1", "3"), exceptions_only=True, sheets=False), ()),
        (replace(REPORT, compare="2026-Q1/2"), ()),
        (replace(REPORT, format=ExportFormat.ZIP), ("format_unknown",)),
        (replace(REPORT, format=ExportFormat.JSON, fields=("1",)), ("format_is_whole",)),
        (replace(REPORT, format=ExportFormat.JSONLD, sheets=False), ("format_is_whole",)),
        (replace(REPORT, kind=ExportKind.MEASURE), ("measure_required",)),
        (replace(REPORT, kind=ExportKind.INSTITUTION), ("institution_required",)),
        (replace(REPORT, kind=ExportKind.COMPARISON), ("compare_required",)),
        (replace(REPORT, compare="gestern"), ("compare_unreadable",)),
        (replace(REPORT, compare="2026-Q1/0"), ("compare_unreadable",)),
        (replace(REPORT, compare="2026-Q3"), ("compare_is_same",)),
        (replace(REPORT, version=1, compare="2026-Q3/1"), ("compare_is_same",)),
        (replace(REPORT, version=2, compare="2026-Q3/1"), ()),
        (
            replace(REPORT, kind=ExportKind.MEASURE, format=ExportFormat.CSV, compare="x"),
            ("format_unknown", "measure_required", "compare_unreadable"),
        ),
    ],
)
def test_a_request_that_cannot_be_says_why(request_: ExportRequest, codes: tuple[str, ...]) -> None:
    found = problems(request_)
    assert tuple(item.code for item in found) == codes
    text = request_problems(found)
    assert all(REQUEST_PROBLEM[code] in text for code in codes)


def test_every_problem_has_its_sentence_with_a_remedy() -> None:
    assert all("Bitte" in text or "Erwartet" in text for text in REQUEST_PROBLEM.values())


@given(
    st.builds(
        ExportRequest,
        kind=st.sampled_from(ExportKind),
        period=st.just("2026-Q3"),
        format=st.sampled_from(ExportFormat),
        version=st.none() | st.integers(1, 9),
        compare=st.sampled_from(["", "2026-Q1", "2026-Q1/2"]),
        fields=st.lists(st.sampled_from(["1", "9", "IV.2"]), unique=True).map(tuple),
        exceptions_only=st.booleans(),
        sheets=st.booleans(),
        measure=st.sampled_from(["", "3.2"]),
        institution=st.sampled_from(["", "vhs"]),
        vorlage=st.sampled_from(VorlageKind),
        template=st.integers(0, 5),
    )
)
def test_a_stored_request_is_read_back_as_it_was(request_: ExportRequest) -> None:
    assert ExportRequest.from_dict(request_.to_dict()) == request_


def test_a_request_stored_before_fields_had_codes_is_read() -> None:
    stored = REPORT.to_dict() | {"fields": [1, 3]}
    assert ExportRequest.from_dict(stored) == replace(REPORT, fields=("1", "3"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-Q1", ("2026-Q1", None)),
        (" 2026-Q1/12 ", ("2026-Q1", 12)),
        ("2026-H1", ("2026-H1", None)),
    ],
)
def test_a_compared_round_may_name_its_version(text: str, expected: tuple[str, int | None]) -> None:
    assert compared_round(text) == expected


@pytest.mark.parametrize("text", ["", "/", "2026-Q9", "2026-Q1/", "2026-Q1/-1", "2026-Q1/1/2"])
def test_what_is_no_round_is_refused(text: str) -> None:
    with pytest.raises(PeriodError):
        compared_round(text)
