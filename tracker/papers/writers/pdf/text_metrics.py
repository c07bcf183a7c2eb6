"""How much room texts and columns take on a page, roughly; all lengths are millimetres.

typst lays out; these estimates only decide what may split over two pages and where a word that is
longer than its line may break.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from math import ceil
from typing import Any

from tracker.papers.writers.font_coverage import printable

# A letter of the running text is about this wide, a line that high.
_LETTER = 1.9
_LINE = 5
# Of about 245; what is higher may split after all: better than a text cut off at the page's end.
_HIGHEST = 150
_HYPHENATED = re.compile(r"[A-Za-zÄÖÜäöüß]{0,40}")
_BETWEEN = re.compile(r"\W+")
_WIDE = frozenset("mwMW@%")
_WIDER = 1.5


def text_width(text: str) -> float:
    """Return about how wide a line with this text is."""
    return sum(map(_sign_width, text))


def fits(text: str, width: float) -> bool:
    return all(text_width(word) <= width for word in text.split())


def fitting(text: str, width: float) -> str:
    """Return the text with break points in words that a line of this width cannot hold.

    German words of up to 40 letters are left to the hyphenation.
    """
    least = int(width / (_LETTER * _WIDER))
    return _words_from(least).sub(lambda match: _broken(match[0], width), printable(text))


@cache
def _words_from(length: int) -> re.Pattern[str]:
    return re.compile(rf"\S{{{length + 1},}}")


def _broken(word: str, width: float) -> str:
    if text_width(word) <= width:
        return word
    if "\u200b" not in word and all(map(_HYPHENATED.fullmatch, _BETWEEN.split(word))):
        return word
    found: list[str] = []
    used = 0.0
    for sign in word.replace("\u200b", ""):
        used += _sign_width(sign)
        if used > width and found:
            found.append("\u200b")
            used = _sign_width(sign)
        found.append(sign)
    return "".join(found)


def _sign_width(sign: str) -> float:
    wide = sign in _WIDE or sign > "\u024f"
    return _LETTER * _WIDER if wide else _LETTER


def shared(widths: Sequence[float], room: float) -> list[float]:
    """Return the widths of columns; those of 0 share what is left, too many are scaled down."""
    free = [width for width in widths if not width]
    left = room - sum(widths)
    if free and left >= 10 * len(free):
        return [float(width) or left / len(free) for width in widths]
    asked = [width or 20 for width in widths]
    return [width * room / sum(asked) for width in asked]


def too_high(beside: Sequence[Any], widths: Sequence[float]) -> bool:
    """Return whether one of the cells or columns side by side (as data) may not fit on a page."""
    return any(height(shown, width) > _HIGHEST for shown, width in zip(beside, widths, strict=True))


def height(shown: Any, width: float) -> float:
    """Return about how high a cell, a block or a list of blocks (as data) is."""
    if isinstance(shown, str):
        lines = shown.split("\n")
        return sum(_LINE * max(ceil(len(line) * _LETTER / max(width, 5)), 1) for line in lines)
    if isinstance(shown, list):
        return sum(height(item, width) for item in shown)
    match shown.get("kind"):
        case None:
            return height(_words(shown), width)
        case "pairs":
            inner = width - shown["label"]
            return sum(height(item["value"], inner) for item in shown["items"])
        case "table":
            rows = (zip(row, shown["widths"], strict=True) for row in shown["rows"])
            return _LINE + sum(max(height(*cell) for cell in row) + 2 for row in rows)
        case "side":
            return max(map(height, shown["parts"], shown["widths"]), default=0)
        case "picture":
            return width / 2
        case "fill":
            return 2 * _LINE + 8 * int(shown["lines"])
    return height(_words(shown), width) + 2 * _LINE


def _words(shown: dict[str, Any]) -> list[Any]:
    if "blocks" in shown:
        return list(shown["blocks"])
    if "parts" in shown or "items" in shown:
        return list(shown.get("parts") or shown.get("items") or ())
    if "label" in shown:
        return [" ".join((shown["before"], shown["label"], shown["text"]))]
    return [shown.get("text", "")]
