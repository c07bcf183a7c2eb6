"""How wide texts are, in ems: the advance widths of the widest face that papers use.

The real width is at most this one: kerning brings signs nearer, regular letters are narrower.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import chain

from tracker.papers.writers.font_coverage import BREAK, FONTS, printable, require_fonts

# German words of up to 40 letters that have no room are left to the hyphenation.
HYPHENATE = "\u2060"
_HYPHENATED = re.compile(r"[A-Za-zÄÖÜäöüß]{0,40}")
_BETWEEN = re.compile(r"\W+")


class _Advances(dict[str, float]):
    def __missing__(self, sign: str) -> float:
        return 1.0  # signs of the fonts inside typst are narrower than high


@cache
def _advances() -> _Advances:
    from fontTools.ttLib import TTFont

    require_fonts()
    with TTFont(FONTS / "FiraSans-SemiBold.ttf", lazy=True) as font:
        em, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
        widths = {chr(code): metrics[name][0] / em for code, name in font.getBestCmap().items()}
        # Tables have figures of one width.
        figures = dict.fromkeys("0123456789", metrics["zero.tf"][0] / em)
    return _Advances(widths | figures | dict.fromkeys(f"\n{BREAK}{HYPHENATE}", 0.0))


def text_width(text: str) -> float:
    return sum(map(_advances().__getitem__, text))


def fits(text: str, room: float) -> bool:
    """Whether every word of the text is as narrow as the room."""
    return all(text_width(word) <= room for word in text.split())


def fitting(text: str, room: float) -> str:
    """Return the text with break points in words that a line of this room cannot hold."""
    shown = printable(text)
    if text_width(shown) <= room:
        return shown
    return re.sub(r"\S+", lambda word: _breakable(word[0], room), shown)


def _breakable(word: str, room: float) -> str:
    if fits(word.replace(BREAK, " "), room):
        return word
    if BREAK not in word and all(map(_HYPHENATED.fullmatch, _BETWEEN.split(word))):
        return f"{HYPHENATE}{word}"
    return BREAK.join(_pieces(word.replace(BREAK, ""), room))


def _pieces(word: str, room: float) -> list[str]:
    advances, pieces, used = _advances(), [""], 0.0
    for sign in word:
        used += advances[sign]
        if used > room and pieces[-1]:
            # A hyphen at the end of a line is dropped where the text is copied.
            kept = pieces[-1].rstrip("-") or pieces[-1]
            pieces[-1:] = [kept, pieces[-1][len(kept) :]]
            used = text_width(pieces[-1]) + advances[sign]
        pieces[-1] += sign
    return pieces


def wrapped(text: str, room: float, *, lines: int) -> list[str]:
    """Return the text in so many lines at most, each within the room; a cut one ends in "…"."""
    shown: list[str] = []
    for word in chain.from_iterable(_pieces(word, room) for word in text.split()):
        longer = f"{shown[-1]} {word}" if shown else word
        if shown and text_width(longer) <= room:
            shown[-1] = longer
        else:
            shown.append(word)
    if len(shown) > lines:
        shown[lines - 1] = _shortened(shown[lines - 1], room)
    return shown[:lines]


def _shortened(line: str, room: float) -> str:
    while text_width(f"{line} …") > room:
        line = line[:-1].rstrip()
    return f"{line} …"
