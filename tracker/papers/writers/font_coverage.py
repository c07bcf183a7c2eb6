"""Texts as the PDF's fonts can print them: nothing a user wrote may break an export.

PDF/UA forbids text without a glyph. Fira Sans has Latin, Greek, Cyrillic and Vietnamese; typst
itself brings Hebrew and Arabic. Anything else is printed in words, e.g. [Daumen hoch], or as its
code; the JSON and the XLSX have it unchanged.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.core.signs import in_words

if TYPE_CHECKING:
    import typst

FONTS = Path(__file__).parents[1] / "fonts"
_REGULAR = FONTS / "FiraSans-Regular.ttf"

# Letters that the fonts inside typst have (a test prints them all).
_INSIDE_TYPST = frozenset(
    [
        *range(0x05D0, 0x05EB),
        *range(0x0621, 0x063B),
        *range(0x0641, 0x064B),
        *range(0x0660, 0x066A),
        *(0x060C, 0x061B, 0x061F, 0x067E, 0x0686, 0x0698, 0x06A9, 0x06AF, 0x06CC),
    ]
)
_KEPT = frozenset("\n\t ")
# They are invisible, direct or modify a letter, and a fallback font may lack the pair: left out.
# Accented letters are not affected, NFC makes one sign of letter and accent.
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Mn", "Me"})

# Where the template may break a word: it adds no sign to what is copied.
BREAK = "\u200b"
_LONG_WORD = re.compile(r"https?://\S{9,}|\S{41,}")
# At a sign that parts an address, never behind a hyphen, which programs drop at the end of a line.
_PIECE = re.compile(r".{1,15}[/?&=._#]|.{1,15}[^-]|.{1,16}")
# Fits a line, and is copied to be looked for.
_CHECKSUM = re.compile(r"[0-9a-f]{64}")


class FontsMissingError(RuntimeError):
    """The fonts of the PDF are not installed; the message names the remedy."""


def printable(text: str) -> str:
    """Return the text with every sign that has no glyph in words or as its code.

    Overlong words and addresses get break points.
    """
    return _LONG_WORD.sub(_breakable, with_glyphs(text))


def with_glyphs(text: str) -> str:
    """Return the text with every sign that has no glyph in words; SVG stays SVG."""
    covered = _covered()
    if covered.issuperset(text):
        return text
    return "".join(
        sign if sign in covered else _replacement(sign)
        for sign in unicodedata.normalize("NFC", text)
    )


def _replacement(sign: str) -> str:
    if sign in "\r\v\f\u2028\u2029\x85":
        return "\n"
    if unicodedata.category(sign) == "Zs":
        return " "
    if unicodedata.category(sign) in _DROPPED:
        return ""
    words = in_words(sign)
    return words if _covered().issuperset(words) else f"[U+{ord(sign):04X}]"


def _breakable(match: re.Match[str]) -> str:
    word = match[0]
    if _CHECKSUM.fullmatch(word):
        return word
    return BREAK.join(_PIECE.findall(word))


@cache
def _covered() -> frozenset[str]:
    from fontTools.ttLib import TTFont

    with TTFont(_REGULAR, lazy=True) as font:
        with_glyph = map(chr, font.getBestCmap())
    shown = {sign for sign in with_glyph if unicodedata.category(sign) not in _DROPPED | {"Co"}}
    return frozenset(shown | {chr(code) for code in _INSIDE_TYPST} | _KEPT)


def fonts() -> typst.Fonts:
    """Return Fira Sans and what typst brings; raises FontsMissingError where they are missing."""
    require_fonts()
    return _fonts()


@cache
def _fonts() -> typst.Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def require_fonts() -> None:
    if not _REGULAR.exists():
        raise FontsMissingError(
            "Die Schriften für das PDF fehlen. Bitte „make install“ ausführen; es holt Fira Sans."
        )
