"""The upgrade: the audit trail says since when a value holds; no published round changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

fill = import_module("tracker.migrations.versions.0011_dated_values")
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
FIRST = {"short_term": "first"}
Q1, Q2 = date(2026, 3, 31), date(2026, 6, 30)


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)


def steps(*days: str) -> list[Any]:
    return [fill.Step(at(day), 1, {"short_term": day}) for day in days]


def as_of(dated: list[Any], day: date) -> str:
    value, last = FIRST, date.min
    for item in dated:
        if last <= item.valid_from <= day:
            value, last = item.value, item.valid_from
    return value["short_term"]


def said(changes: list[Any], moment: datetime) -> str:
    values = [step.value for step in changes if step.at <= moment]
    return (values or [FIRST])[-1]["short_term"]


def starts(changes: list[Any], *rounds: tuple[date, str]) -> list[tuple[str, date]]:
    published = [fill.Published(period_end, at(day)) for period_end, day in rounds]
    dated = fill._dated(FIRST, changes, published)
    return [(item.value["short_term"], item.valid_from) for item in dated]


def test_a_value_holds_from_the_day_it_was_changed() -> None:
    assert starts(steps("2026-02-10")) == [("2026-02-10", date(2026, 2, 10))]
    late_evening = fill.Step(datetime(2026, 2, 10, 23, 30, tzinfo=UTC), 1, {"short_term": "x"})
    assert starts([late_evening]) == [("x", date(2026, 2, 11))]


def test_what_a_round_was_published_with_holds_from_its_stichtag() -> None:
    changes = steps("2026-04-10", "2026-05-15")
    assert starts(changes, (Q1, "2026-04-20")) == [
        ("2026-04-10", Q1),
        ("2026-05-15", date(2026, 5, 15)),
    ]
    assert starts(changes, (Q1, "2026-06-01")) == [("2026-04-10", Q1), ("2026-05-15", Q1)]


def test_a_correction_that_took_a_later_value_keeps_it_and_the_rounds_between_theirs() -> None:
    changes = steps("2026-02-10", "2026-11-15")
    dated = starts(changes, (Q1, "2026-12-01"), (Q2, "2026-07-20"))
    assert dated == [
        ("2026-02-10", date(2026, 2, 10)),
        ("2026-11-15", Q1),
        ("2026-02-10", Q2),
        ("2026-11-15", date(2026, 11, 15)),
    ]


def test_an_edit_names_only_what_it_changed() -> None:
    events = [
        fill.Event(at("2026-02-01"), 1, {"competence": None, "competence_reason": ""}),
        fill.Event(at("2026-03-01"), 2, {"competence_reason": "Land"}),
        fill.Event(at("2026-04-01"), 2, {"display_text": "x"}),
    ]
    first, changes = fill._steps({"competence": "own", "competence_reason": "Stadt"}, events)
    assert first == {"competence": None, "competence_reason": ""}
    assert [(step.by, step.value) for step in changes] == [
        (1, {"competence": "own", "competence_reason": "Land"}),
        (2, {"competence": "own", "competence_reason": "Stadt"}),
    ]


ROUNDS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 500)), max_size=4, unique_by=lambda pair: pair[0]
)


@given(rounds=ROUNDS, changed=st.lists(st.integers(0, 500), max_size=6, unique=True))
def test_each_published_round_and_today_keep_their_values(
    rounds: list[tuple[int, int]], changed: list[int]
) -> None:
    changes = [
        fill.Step(START + timedelta(days=day), None, {"short_term": str(day)})
        for day in sorted(changed)
    ]
    published = [
        fill.Published(
            (START + timedelta(days=40 * number)).date(),
            START + timedelta(days=40 * number + after, hours=1),
        )
        for number, after in rounds
    ]
    dated = fill._dated(FIRST, changes, published)
    for round_ in published:
        assert as_of(dated, round_.period_end) == said(changes, round_.at)
    assert as_of(dated, date(2040, 1, 1)) == said(changes, datetime.max.replace(tzinfo=UTC))
    assert {item.value["short_term"] for item in dated} >= {
        step.value["short_term"] for step in changes
    }
