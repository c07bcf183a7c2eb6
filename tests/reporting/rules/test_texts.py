"""Texts of a report: their length, their characters, addresses; nothing is lost (domain.md 1)."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.core.errors import Problem
from tracker.core.problems import problem_text
from tracker.core.text import MAX_TEXT, without_control_characters
from tracker.reporting.rules.content import TEXT_FIELDS, Funding, MilestoneLine, ReportContent
from tracker.reporting.rules.submission import check_storable


def place(field: str, text: str) -> ReportContent:
    """A content with the text in that field, or in a line of it."""
    if field in TEXT_FIELDS:
        return replace(ReportContent(), **{field: text})  # type: ignore[arg-type]
    return {
        "donor": ReportContent(funding=(Funding(text),)),
        "programme": ReportContent(funding=(Funding("Land", text),)),
        "title": ReportContent(milestones=(MilestoneLine(text),)),
    }[field]


EVERY_TEXT = [
    *(name for name in TEXT_FIELDS if name != "evidence_url"),
    "donor",
    "programme",
    "title",
]
IN_LINES = {"donor": "funding", "programme": "funding", "title": "milestones"}


@pytest.mark.parametrize("field", EVERY_TEXT)
@pytest.mark.parametrize(("length", "fits"), [(20_000, True), (20_001, False), (100_000, False)])
def test_a_text_may_have_twenty_thousand_characters(field: str, length: int, fits: bool) -> None:
    problem = Problem(
        IN_LINES.get(field, field), "text_too_long", (("length", length), ("limit", MAX_TEXT))
    )
    assert check_storable(place(field, "🙂" * length)) == (() if fits else (problem,))


def test_the_sentence_for_a_long_text_names_both_numbers() -> None:
    (problem,) = check_storable(ReportContent(achieved="a" * 100_000))
    assert "100.000" in problem_text(problem)
    assert "20.000" in problem_text(problem)


@pytest.mark.parametrize("field", EVERY_TEXT)
def test_control_characters_are_refused_in_every_text_and_counted(field: str) -> None:
    found = check_storable(place(field, "a\x00b\x1b"))
    assert found == (Problem(IN_LINES.get(field, field), "control_characters", (("count", 2),)),)


REMOVED = ["\x00", "\x07", "\x1b", "\x7f", "\x9f", "\ud800", "\udfff"]
KEPT = {
    "line breaks and tabs": "eins\n\tzwei\n",
    "umlauts and typographic signs": "Träger*innen „so“ – 5 € …",
    "emoji with joiner and colour": "👩🏽‍👩🏿‍👧 🏳️‍🌈 ❤️",
    "Arabic and Hebrew with direction marks": "\u200fمرحبا \u2067שלום\u2069\u200e",
    "decomposed accents": "o\u0308",
    "no-break space, joiners of Persian": "z.\u00a0B. می\u200cخواهم",
    "mathematics beyond the basic plane": "𝒳",
}


@pytest.mark.parametrize("sign", REMOVED, ids=ascii)
def test_a_control_character_is_taken_out_and_the_rest_stays(sign: str) -> None:
    assert without_control_characters(f"vor{sign}nach{sign}") == ("vornach", 2)


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_every_script_and_emoji_is_kept_and_can_be_saved(text: str) -> None:
    assert without_control_characters(text) == (text, 0)
    assert check_storable(ReportContent(achieved=text)) == ()


def test_line_breaks_of_every_system_become_one_kind_and_count_as_nothing() -> None:
    assert without_control_characters("a\r\nb\rc\nd\ve\u2028f") == ("a\nb\nc\nd\ne\nf", 0)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=())))
def test_a_cleaned_text_can_be_stored_and_stays_as_it_is(text: str) -> None:
    cleaned = without_control_characters(text)[0]
    assert cleaned.encode("utf-8") is not None
    assert without_control_characters(cleaned) == (cleaned, 0)


ADDRESSES = {
    "https://www.bielefeld.de/bericht?id=1#a": True,
    "http://example.org": True,
    "  https://example.org/mit/rand ": True,
    "": True,
    "www.bielefeld.de": False,
    "javascript:alert(1)": False,
    "data:text/html,x": False,
    "ftp://example.org": False,
    "https://": False,
    "https://example.org/mit leer": False,
    'https://example.org/"onclick="': False,
    "https://example.org/<b>": False,
    "siehe https://example.org": False,
}


@pytest.mark.parametrize(("address", "fits"), ADDRESSES.items())
def test_evidence_is_a_web_address(address: str, fits: bool) -> None:
    found = check_storable(ReportContent(evidence_url=address))
    assert found == (() if fits else (Problem("evidence_url", "url_invalid"),))
