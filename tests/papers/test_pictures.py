"""Charts as PNG: of the width asked for, drawn in our fonts, the same bytes every time."""

from __future__ import annotations

import struct

import pytest
import typst

from tracker.papers.writers.docx.docx_context import svg_to_png

OPEN = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 40" width="680" height="40" '
    'font-family="Fira Sans" font-size="12">'
)


def drawing(text: str, fill: str = "#1f5fa8") -> str:
    return (
        f'{OPEN}<rect width="90" height="40" fill="{fill}"/><text x="99" y="20">{text}</text></svg>'
    )


@pytest.mark.parametrize("width", [340, 1360, 1701])
def test_a_drawing_becomes_a_png_of_the_width_asked_for(width: int) -> None:
    found = svg_to_png(drawing("in Umsetzung 12"), width)
    assert found.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", found[16:24]) == (width, round(width * 40 / 680))


def test_the_same_drawing_gives_the_same_bytes_and_another_gives_others() -> None:
    assert svg_to_png(drawing("zwölf"), 680) == svg_to_png(drawing("zwölf"), 680)
    assert len({svg_to_png(drawing(text), 680) for text in ("", "zwölf", "elf")}) == 3
    assert svg_to_png(drawing(""), 680) != svg_to_png(drawing("", fill="#b3261e"), 680)


def test_signs_without_glyph_are_drawn_in_words() -> None:
    assert svg_to_png(drawing("ja \N{GRINNING FACE}"), 680) == svg_to_png(
        drawing("ja [lächelndes Gesicht]"), 680
    )


def test_what_is_no_drawing_is_refused() -> None:
    with pytest.raises(typst.TypstError):
        svg_to_png("kein Bild", 680)
