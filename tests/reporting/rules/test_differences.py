"""What differs between two reports, and between two texts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.core.text import MAX_TEXT
from tracker.reporting.rules.content import Participants, ParticipantUnit, ReportContent
from tracker.reporting.rules.differences import (
    AnswerChange,
    TextPiece,
    differences,
    text_difference,
)
from tracker.reporting.rules.status import Course, Implementation
from tracker.reporting.words import ANSWER_CHANGE

EARLIER = ReportContent(
    implementation=Implementation.PLANNED,
    course=Course.ON_TRACK,
    achieved="Zwei Kurse laufen.",
    obstacles="Räume fehlen.",
    events=0,
)


def test_every_field_is_compared_and_named_by_how_it_changed() -> None:
    people = (Participants(ParticipantUnit.PERSONS, 12),)
    later = replace(EARLIER, achieved="Drei Kurse laufen.", obstacles="", participants=people)
    found = {item.name: item.change for item in differences(EARLIER, later)}
    assert found.pop("achieved") is AnswerChange.CHANGED
    assert found.pop("obstacles") is AnswerChange.GONE
    assert found.pop("participants") is AnswerChange.NEW
    assert set(found.values()) == {AnswerChange.SAME}


def test_a_zero_is_an_answer() -> None:
    by_name = {item.name: item for item in differences(ReportContent(), EARLIER)}
    assert by_name["events"].is_answered
    assert by_name["events"].change is AnswerChange.NEW
    assert not by_name["staff"].is_answered


def test_without_an_earlier_report_every_answer_is_new() -> None:
    found = {item.change for item in differences(None, EARLIER) if item.is_answered}
    assert found == {AnswerChange.NEW}


def test_every_change_has_its_word_mark_and_definition() -> None:
    assert set(ANSWER_CHANGE) == set(AnswerChange)


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        ("Zwei Kurse laufen.", "Zwei Kurse laufen.", [], []),
        ("Zwei Kurse laufen gut.", "Drei Kurse laufen gut.", ["Zwei"], ["Drei"]),
        ("Es laufen zwei Kurse.", "Es laufen zwei neue Kurse.", [], [" neue"]),
        ("a b c d e f", "a b c x e f", [" d"], [" x"]),
        ("", "Neu.", [], ["Neu."]),
        ("Alles ganz anders hier", "Nun folgt etwas Neues", ["Alles ganz anders hier"],
         ["Nun folgt etwas Neues"]),
        # One word in common does not make a new text an edited one.
        ("die Räume fehlen noch immer", "jetzt kam die Zusage vom Amt",
         ["die Räume fehlen noch immer"], ["jetzt kam die Zusage vom Amt"]),
    ],
)  # fmt: skip
def test_texts_are_compared_by_words(
    before: str, after: str, old: list[str], new: list[str]
) -> None:
    found = text_difference(before, after)
    assert [piece.text for piece in found.before if piece.is_marked] == old
    assert [piece.text for piece in found.after if piece.is_marked] == new


WORDS = st.lists(st.sampled_from(["ein", "zwei", "Kurs", "\n", " ", "<b>"]), max_size=40)


@given(WORDS, WORDS)
def test_the_pieces_give_both_texts_back_and_share_what_is_not_marked(
    one: list[str], other: list[str]
) -> None:
    before, after = " ".join(one), " ".join(other)
    found = text_difference(before, after)

    def text(pieces: tuple[TextPiece, ...]) -> str:
        return "".join(piece.text for piece in pieces)

    assert (text(found.before), text(found.after)) == (before, after)
    shared = [text(tuple(p for p in side if not p.is_marked)) for side in
              (found.before, found.after)]  # fmt: skip
    assert shared[0] == shared[1]


def test_texts_too_long_to_compare_by_words_are_one_change_between_their_shared_ends() -> None:
    before = "Anfang " + "a b " * (MAX_TEXT // 4) + "Ende"
    after = "Anfang " + "b c " * (MAX_TEXT // 4) + "Ende"
    assert [piece.is_marked for piece in text_difference(before, after).before] == [
        False,
        True,
        False,
    ]
