"""Signs of a pasted text: what they become, what stays, what is asked about."""

from __future__ import annotations

import pytest

from tests.signs import MEANT
from tracker.core.signs import as_meant, in_words, pictures


@pytest.mark.parametrize(("pasted", "meant"), MEANT.values(), ids=MEANT)
def test_a_sign_becomes_what_it_means(pasted: str, meant: str) -> None:
    assert as_meant(pasted) == meant
    assert as_meant(meant) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Träger*innen „so“ – 5 € … z.\u00a0B. 10\u202f%",
        "👩🏽\u200d👩🏿\u200d👧 🏳️\u200d🌈 ❤️",
        "Anna \u202bשכר\u202c Muster",
        "\u200fمرحبا \u2067שלום\u2069\u200e می\u200cخواهم",
        "- Punkt\n\tUnterpunkt",
        "² ½ ™ ① Ⅳ",
    ],
)
def test_all_else_stays(text: str) -> None:
    assert as_meant(text) == text


def test_emoji_and_signs_of_unknown_fonts_are_found_once() -> None:
    assert pictures("ja 👍🏽 ja 👍 \uf0aa ½ → €") == ("👍", "\uf0aa")
    assert pictures("👩‍👧") == ("👩", "👧")
    assert pictures("Grüße, 5 € – „so“ • ™") == ()


@pytest.mark.parametrize(
    ("sign", "words"),
    [
        ("👍", "[Daumen hoch]"),
        ("😀", "[lächelndes Gesicht]"),
        ("❤", "[Herz]"),
        ("🦄", "[Bildzeichen]"),
        ("●", "•"),
        ("ﬀ", "ff"),
        ("①", "1"),
        ("\U0001f3fd", ""),
        ("🇩", "D"),
        ("漢", "[U+6F22]"),
        ("\uf0aa", "[U+F0AA]"),
    ],
)
def test_a_sign_without_glyph_is_printed_as_it_is_read(sign: str, words: str) -> None:
    assert in_words(sign) == words
