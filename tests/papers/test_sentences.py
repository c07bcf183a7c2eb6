"""Counting sentences are right for none, one and many."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from dashboards.content import sentences as on_screen
from tests.factories_snapshot import documents
from tracker.core.german import shortened
from tracker.publication.reading.sections import sentences
from tracker.publication.reading.words import Words, money, written

Json = dict[str, Any]
DOCUMENT = documents(1)[0]
WORDS = Words.of(DOCUMENT["definitions"])
PREVIOUS = {"label": "Q2/2026"}


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
    ("critical", "new", "previous", "sentence"),
    [
        (0, 0, PREVIOUS, "Keine Maßnahme ist kritisch."),
        (1, 0, PREVIOUS, "1 Maßnahme ist kritisch."),
        (1, 1, PREVIOUS, "1 Maßnahme ist kritisch, neu seit Q2/2026."),
        (3, 2, PREVIOUS, "3 Maßnahmen sind kritisch, 2 davon neu seit Q2/2026."),
        (3, 0, None, "3 Maßnahmen sind kritisch."),
    ],
)
def test_attention_counts_what_is_critical(
    critical: int, new: int, previous: Json | None, sentence: str
) -> None:
    given = figures(distribution__courses__critical=critical, newly_troubled__critical=new)
    assert sentences.attention(given, previous, WORDS)[0] == sentence


@pytest.mark.parametrize(
    ("progress", "done", "total"),
    [(0, 0, 0), (0, 0, 57), (1, 0, 57), (0, 1, 57), (29, 12, 57), (40, 17, 57)],
)
def test_the_paper_opens_with_the_sentence_of_the_screen(
    progress: int, done: int, total: int
) -> None:
    given = figures()["distribution"]
    counts = dict.fromkeys(given["counts"], 0) | {"in_progress": progress, "completed": done}
    said = sentences.headline({"distribution": given | {"counts": counts, "total": total}})
    assert said == f"{on_screen.running_or_fulfilled(progress + done, total)}."


def test_the_headline_counts_running_and_fulfilled_measures() -> None:
    given = figures()["distribution"]
    counts = dict.fromkeys(given["counts"], 1)
    said = sentences.headline({"distribution": given | {"counts": counts, "total": 8}})
    assert said == "3 von 8 Maßnahmen laufen oder sind erfüllt."


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (0, "Es liegt kein Steuerungsvorschlag vor."),
        (1, "1 Steuerungsvorschlag liegt vor."),
        (4, "4 Steuerungsvorschläge liegen vor."),
    ],
)
def test_attention_counts_decisions(count: int, sentence: str) -> None:
    assert sentences.attention(figures(decisions=count), PREVIOUS, WORDS)[-1] == sentence


@pytest.mark.parametrize(
    ("better", "worse", "opening"),
    [
        (0, 0, "Seit Q2/2026 hat sich keine Maßnahme verändert. Neu gemeldet: 2"),
        (1, 0, "Seit Q2/2026 hat sich 1 Maßnahme verändert: 1 verbessert, 0 verschlechtert."),
        (3, 2, "Seit Q2/2026 haben sich 5 Maßnahmen verändert: 3 verbessert, 2 verschlechtert."),
    ],
)
def test_changes_say_what_moved(better: int, worse: int, opening: str) -> None:
    given = figures(changes__better=better, changes__worse=worse, changes__newly_reported=2)
    assert sentences.changes(given, PREVIOUS).startswith(opening)


@pytest.mark.parametrize(
    ("critical", "at_risk", "sentence"),
    [
        (0, 0, "Gemeldet: 15 von 17."),
        (1, 0, "Gemeldet: 15 von 17, davon 1 kritisch."),
        (0, 2, "Gemeldet: 15 von 17, davon 2 gefährdet."),
        (1, 2, "Gemeldet: 15 von 17, davon 1 kritisch und 2 gefährdet."),
    ],
)
def test_a_handlungsfeld_names_all_that_is_not_as_planned(
    critical: int, at_risk: int, sentence: str
) -> None:
    given = figures()
    given["distribution"] |= {"reported": 15, "total": 17}
    given["distribution"]["courses"] |= {"critical": critical, "at_risk": at_risk}
    assert sentences.field(given, WORDS) == sentence


def test_the_first_round_has_nothing_to_compare() -> None:
    assert "erste veröffentlichte Runde" in sentences.changes(figures(), None)


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
