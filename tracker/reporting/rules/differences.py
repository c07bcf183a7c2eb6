"""What differs between two reports of a measure: field by field, and word by word in texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from tracker.reporting.rules.content import ReportContent


class AnswerChange(StrEnum):
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"
    SAME = "same"


@dataclass(frozen=True)
class FieldDifference:
    """One field of ReportContent with both values; an empty one is None, "" or ()."""

    name: str
    before: Any
    after: Any

    @property
    def change(self) -> AnswerChange:
        if self.before == self.after:
            return AnswerChange.SAME
        if self.before in _EMPTY:
            return AnswerChange.NEW
        return AnswerChange.GONE if self.after in _EMPTY else AnswerChange.CHANGED

    @property
    def is_changed(self) -> bool:
        return self.change is not AnswerChange.SAME

    @property
    def is_answered(self) -> bool:
        return self.before not in _EMPTY or self.after not in _EMPTY


@dataclass(frozen=True)
class TextPiece:
    """A part of a text; `is_marked` where the other text does not have it."""

    text: str
    is_marked: bool


@dataclass(frozen=True)
class TextDifference:
    """Two texts, each cut into what both share and what only it has."""

    before: tuple[TextPiece, ...]
    after: tuple[TextPiece, ...]


_EMPTY: tuple[Any, ...] = (None, "", ())
# Words with the white space before them: joined, they give the text back.
_WORD = re.compile(r"\s*\S+|\s+$")
# Comparing takes words × words: beyond this the middle is given as one change.
_MOST_PAIRS = 1_000_000
# Below this share of common words a new text was written: single words in common mean nothing.
_LEAST_SHARED = 0.4


def differences(before: ReportContent | None, after: ReportContent) -> tuple[FieldDifference, ...]:
    empty = before or ReportContent()
    return tuple(
        FieldDifference(field.name, getattr(empty, field.name), getattr(after, field.name))
        for field in fields(ReportContent)
    )


def text_difference(before: str, after: str) -> TextDifference:
    old, new = _WORD.findall(before), _WORD.findall(after)
    left: list[TextPiece] = []
    right: list[TextPiece] = []
    for is_same, old_words, new_words in _blocks(old, new):
        _add(left, "".join(old_words), is_marked=not is_same)
        _add(right, "".join(new_words), is_marked=not is_same)
    return TextDifference(tuple(left), tuple(right))


def _blocks(
    old: Sequence[str], new: Sequence[str]
) -> list[tuple[bool, Sequence[str], Sequence[str]]]:
    """Return runs of words, each the same in both or not; shared ends are cut off first."""
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    blocks = [(True, old[:start], new[:start])]
    codes = []
    if len(middle_old) * len(middle_new) <= _MOST_PAIRS:
        matcher = SequenceMatcher(None, middle_old, middle_new, autojunk=False)
        codes = matcher.get_opcodes() if matcher.ratio() >= _LEAST_SHARED else []
    blocks += [(tag == "equal", middle_old[a:b], middle_new[c:d]) for tag, a, b, c, d in codes] or [
        (False, middle_old, middle_new)
    ]
    return [*blocks, (True, old[len(old) - end :], new[len(new) - end :])]


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _add(pieces: list[TextPiece], text: str, *, is_marked: bool) -> None:
    if text and pieces and pieces[-1].is_marked == is_marked:
        pieces[-1] = TextPiece(pieces[-1].text + text, is_marked)
    elif text:
        pieces.append(TextPiece(text, is_marked))
