"""Codes in an order that people expect, of whatever kind they are."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.core.text import alphabetical, natural_order, plain_name


@pytest.mark.parametrize(
    "codes",
    [
        ("1.1", "1.2", "1.10", "2.9", "2.10", "10.1"),
        ("4", "4.1", "4.1.a", "4.1.b", "4.2"),
        ("2", "A.1", "A.2", "A.10", "B.1"),
        ("IV.2", "IV.2.a", "IV.2.b", "IV.10"),
        ("3", "Ü1", "Ü3", "Ü20"),
        ("0", "007", "9" * 5000, "1" * 5001),
    ],
)
def test_codes_stand_as_people_count(codes: tuple[str, ...]) -> None:
    for given_order in list(permutations(codes))[:24]:
        assert tuple(sorted(given_order, key=natural_order)) == codes


@given(st.lists(st.text(max_size=20), max_size=8))
def test_any_code_can_be_sorted(codes: list[str]) -> None:
    once = sorted(codes, key=natural_order)
    keys = [natural_order(code) for code in once]
    assert keys == sorted(keys)


def test_names_stand_as_in_a_german_list() -> None:
    names = [
        "Ärztekammer",
        "Arztpraxis",
        "AWO",
        "„Brücke“ e. V.",
        "Gruppe 2",
        "Gruppe 10",
        "Mädchentreff",
        "Mafis",
        "Maßarbeit",
        "Mastweg",
        "öz",
        "Zander",
    ]
    for given_order in (names[::-1], sorted(names)):
        assert sorted(given_order, key=alphabetical) == names


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Amina\u202eremmoK", "AminaremmoK"),
        ("\u202aAmina Kommer\u202c", "Amina Kommer"),
        ("Amina\u2028Kommer\u2029", "Amina Kommer"),
        ("  Amina \t\u00a0 \u2066Kommer\u2069\n", "Amina Kommer"),
        ("Ami\x07na\x00\ufeff", "Amina"),
        ("ö\u0308 ß Ñ O\u2019Neill", "ö\u0308 ß Ñ O\u2019Neill"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u202e\u200b ", ""),
    ],
)
def test_a_name_is_one_line_of_signs_that_are_seen(typed: str, name: str) -> None:
    assert plain_name(typed) == name
