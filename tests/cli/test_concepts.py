"""Commands where there are two concepts: each names its own, and says which there are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.commands import ACCOUNT, PASSWORD, Tracker, assign_all
from tests.seed.rows import second_concept
from tracker.core.db import make_engine

FIRST, SECOND = "integrationskonzept-2010", "teilhabeplan"
ROUND = ("--round", "2026-Q1")
OF_FIRST, OF_SECOND = ("--concept", FIRST), ("--concept", SECOND)


@pytest.fixture
def both(fresh_url: str, tracker: Tracker, tmp_path: Path) -> str:
    """The address of a database with two concepts, whose measures all have a lead."""
    folder = str(second_concept(tmp_path / "zweites"))
    assert tracker("db", "upgrade").code == 0
    assert tracker("seed").code == 0
    assert "0 geändert, 0 unverändert" in tracker("seed", "--folder", folder).out
    for argv in (("seed",), ("seed", "--folder", folder)):
        assert "Geladen: 0 neu, 0 geändert," in tracker(*argv).out
    assert tracker("user", "create", *ACCOUNT, "--password-stdin", stdin=PASSWORD).code == 0
    assign_all(fresh_url)
    return fresh_url


def test_the_same_quarter_of_both_is_run_by_commands(both: str, tracker: Tracker) -> None:
    assert tracker("concept", "list").out.splitlines()[1] == f"{SECOND}  Teilhabeplan"
    opened = [tracker("round", "open", *ROUND, *of).out for of in (OF_FIRST, OF_SECOND)]
    assert [text.partition(" Meldungen")[0][-2:] for text in opened] == ["57", " 3"]
    for step in ("close", "publish"):
        assert tracker("round", step, *ROUND, *OF_SECOND).code == 0
    running = tracker("round", "publish", *ROUND, *OF_FIRST)
    assert "Die Runde ist offen" in running.err
    for step in ("close", "publish"):
        assert tracker("round", step, *ROUND, *OF_FIRST).code == 0
    engine = make_engine(both)
    with engine.begin() as connection:
        connection.execute(text("UPDATE round SET committee_on = '2026-06-16'"))
    engine.dispose()
    again = tracker("round", "publish", *ROUND, *OF_SECOND, "--reason", "Zahl berichtigt")
    assert "Fassung 2" in again.out
    verified = json.loads(tracker("snapshot", "verify", "--format", "json").out)
    assert [(item["concept"], item["version"], item["intact"]) for item in verified] == [
        (SECOND, 1, True),
        (SECOND, 2, True),
        (FIRST, 1, True),
    ]
    assert f"{SECOND}  2026-Q1  Fassung 2" in tracker("snapshot", "list").out
    shown = tracker("snapshot", "show", *ROUND, *OF_SECOND).out
    assert json.loads(shown)["concept"]["key"] == SECOND
    exported = tracker("export", "report", *ROUND, *OF_SECOND, "--format", "json", "--output", "-")
    assert exported.out == shown


@pytest.mark.parametrize(
    "command",
    [
        ("round", "open", *ROUND),
        ("round", "close", *ROUND),
        ("round", "publish", *ROUND),
        ("round", "plan", "--year", "2027"),
        ("snapshot", "show", *ROUND),
        ("export", "concept", "--format", "json"),
        ("export", "report", *ROUND, "--format", "json", "--output", "-"),
        ("export", "questionnaire", *ROUND, "--institution", "ibz", "--output", "-"),
    ],
    ids=" ".join,
)
def test_a_command_that_names_none_of_several_says_which_there_are(
    seeded: str, tracker: Tracker, tmp_path: Path, command: tuple[str, ...]
) -> None:
    folder = second_concept(tmp_path / "zweites")
    assert tracker("seed", "--folder", str(folder)).code == 0
    refused = tracker(*command)
    assert (refused.code, refused.out) == (1, "")
    assert f"nennen Sie eines mit --concept: {FIRST}, {SECOND}" in refused.err
    unknown = tracker(*command, "--concept", "anderes")
    assert unknown.code == 1
    assert f"Vorhanden: {FIRST}, {SECOND}." in unknown.err
