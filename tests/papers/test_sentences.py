"""Counting sentences are right for none, one and many."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.factories_snapshot import documents
from tracker.core.german import shortened
from tracker.publication.reading import sentences
from tracker.publication.reading.words import Words, money, written

Json = dict[str, Any]
DOCUMENT = documents(1)[0]
WORDS = Words.of(DOCUMENT["definitions"])


def figures(**changes: Any) -> Json:
    found = copy.deepcopy(DOCUMENT["figures"])
    for path, value in changes.items():
        target = found
        *folders, name = path.split("__")
        for folder in folders:
            target = target[folder]
        target[name] = value
    return found


@pytest.mark.parametrize(
    ("critical", "at_risk", "sentence"),
    [
        (0, 0, "15 von 17 Maßnahmen gemeldet."),
        (1, 0, "15 von 17 Maßnahmen gemeldet, davon 1 kritisch."),
        (0, 2, "15 von 17 Maßnahmen gemeldet, davon 2 gefährdet."),
        (1, 2, "15 von 17 Maßnahmen gemeldet, davon 1 kritisch und 2 gefährdet."),
    ],
)
def test_a_handlungsfeld_names_all_that_is_not_as_planned(
    critical: int, at_risk: int, sentence: str
) -> None:
    given = figures()
    given["distribution"] |= {"reported": 15, "total": 17}
    given["distribution"]["courses"] |= {"critical": critical, "at_risk": at_risk}
    assert sentences.field(given["distribution"], WORDS) == sentence


def test_the_first_round_has_nothing_to_compare() -> None:
    assert "erste veröffentlichte Runde" in sentences.moved([], None)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        ("", "–"),
        (0, "0"),
        (12500, "12.500"),
        (money("1250.5"), "1.250,50\N{NO-BREAK SPACE}€"),
    ],
)
def test_values_read_as_in_a_german_paper(value: Any, shown: str) -> None:
    assert written(value) == shown


def test_a_shortened_text_ends_at_a_word() -> None:
    assert shortened("eins zwei drei", 10) == "eins\N{NO-BREAK SPACE}…"
    assert shortened("eins\n zwei", 20) == "eins zwei"
