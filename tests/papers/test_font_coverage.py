"""Texts as the fonts can print them: a sign has a glyph, a code in its place, or is left out."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.papers.writers import font_coverage
from tracker.papers.writers.font_coverage import printable


def typeset(lines: list[str]) -> None:
    """Typeset texts as PDF/UA-1; raises TypstError for a text without glyphs."""
    typst.compile(
        b'#set document(title: [Probe])\n#set text(font: "Fira Sans", lang: "de")\n'
        b"#for line in json(bytes(sys.inputs.lines)) [#line \\ ]",
        font_paths=font_coverage.fonts(),
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"lines": json.dumps(lines)},
    )


def test_every_sign_said_to_be_printable_is_printed() -> None:
    typeset([" ".join(sorted(font_coverage._covered()))])


def test_a_sign_without_glyph_would_break_the_pdf() -> None:
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        typeset(["\N{GRINNING FACE}"])


@given(
    st.lists(st.text(st.sampled_from(sorted(font_coverage._covered())), max_size=30), max_size=10)
)
@settings(deadline=None, max_examples=50)
def test_printable_signs_are_printed_in_any_combination(lines: list[str]) -> None:
    typeset([printable(line) for line in lines])


@given(st.text(max_size=200))
@settings(deadline=None)
def test_printable_keeps_only_signs_the_fonts_have(text: str) -> None:
    allowed = font_coverage._covered() | {"\u200b"}
    assert allowed.issuperset(printable(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Grüße aus Zürich, Łódź, İzmir, Привет", "Grüße aus Zürich, Łódź, İzmir, Привет"),
        ("ja \N{GRINNING FACE}", "ja [lächelndes Gesicht]"),
        ("O\ufb00ene Tre\ufb00en, \N{CIRCLED DIGIT ONE}", "Offene Treffen, 1"),
        ("\N{BLACK CIRCLE} Beratung\u2011Süd", "• Beratung-Süd"),
        ("\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}", "[Daumen hoch]"),
        ("漢", "[U+6F22]"),
        ("a\x00b\u202ec", "abc"),
        ("a\u3000b\u2028c", "a b\nc"),
        (unicodedata.normalize("NFD", "\N{GRINNING FACE}ä"), "[lächelndes Gesicht]ä"),
    ],
)
def test_what_cannot_be_printed_is_said_in_words_or_by_its_code(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_overlong_words_may_break_and_short_ones_are_left_alone() -> None:
    long = "x" * 100
    assert re.sub("\u200b", "", printable(long)) == long
    assert "\u200b" in printable(long)
    assert printable("Einwanderungsgesellschaft") == "Einwanderungsgesellschaft"


def test_a_checksum_is_printed_as_it_will_be_copied() -> None:
    assert printable("0123abcd" * 8) == "0123abcd" * 8
