"""`tracker round plan`: a year ahead by one command."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.commands import Tracker

pytestmark = pytest.mark.usefixtures("only_what_the_test_sets")

NEXT = datetime.now(UTC).year + 1


def rows(tracker: Tracker, *options: str) -> list[dict[str, object]]:
    found = tracker("round", "plan", "--year", str(NEXT), *options, "--format", "json")
    assert (found.code, found.err) == (0, "")
    return json.loads(found.out)  # type: ignore[no-any-return]


def test_a_year_is_planned_by_command_and_a_second_time_nothing_happens(
    seeded: str, tracker: Tracker
) -> None:
    first = rows(tracker)
    assert [item["round"] for item in first] == [f"{NEXT}-Q{number}" for number in (1, 2, 3, 4)]
    assert all(item["planned"] for item in first)
    assert first[0]["opens_on"] == f"{NEXT}-04-01"
    assert first[0]["closes_on"] == f"{NEXT}-04-29"
    new_year = [item for item in first[3]["warnings"] if item["date"] == "opens_on"]  # type: ignore[attr-defined]
    assert "Neujahr (Feiertag)" in new_year[0]["text"]
    again = rows(tracker)
    assert [item["planned"] for item in again] == [False] * 4
    assert [item["opens_on"] for item in again] == [item["opens_on"] for item in first]
    text = tracker("round", "plan", "--year", str(NEXT)).out
    assert f"{NEXT}-Q1  schon da, geplant: Eröffnung 01.04.{NEXT}" in text


def test_half_years_beside_quarters_and_periods_that_are_over_are_left_out_with_the_reason(
    seeded: str, tracker: Tracker
) -> None:
    rows(tracker, "--pattern", "half")
    text = tracker("round", "plan", "--year", str(NEXT)).out
    assert f"{NEXT}-Q1  nicht geplant: überschneidet sich mit der Runde H1/{NEXT}" in text
    past = tracker("round", "plan", "--year", "2020").out
    assert past.count("nicht geplant: die Abgabefrist") == 4
    long_ago = tracker("round", "plan", "--year", "2005").out
    assert "galt noch keine Fassung" in long_ago


@pytest.mark.parametrize(("year", "said"), [("27", "ist kein Jahr"), ("2099", "Jahre voraus")])
def test_a_year_that_cannot_be_meant_is_refused(
    seeded: str, tracker: Tracker, year: str, said: str
) -> None:
    refused = tracker("round", "plan", "--year", year)
    assert refused.code != 0
    assert said in refused.err


def test_planning_needs_a_concept(fresh_url: str, tracker: Tracker) -> None:
    tracker("db", "upgrade")
    assert "tracker seed" in tracker("round", "plan", "--year", str(NEXT)).err
