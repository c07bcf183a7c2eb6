"""What needs attention in a round: the exceptions, in words, with the measures behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.content import sentences
from dashboards.content.words import Json, Word, Words
from tracker.rules.figures import Change
from tracker.rules.status import Course

_WORST_FIRST = (Course.CRITICAL, Course.AT_RISK)


@dataclass(frozen=True)
class Attention:
    """One sentence of what needs attention, its mark and the measures it counts."""

    icon: str
    tone: str
    sentence: str
    codes: tuple[str, ...] = ()


def exceptions(overview: Json, words: Words) -> list[Attention]:
    """Return what the page opens with: critical, at risk, fallen back, nothing reported."""
    found = [_troubled(overview, words.course[course.value]) for course in _WORST_FIRST]
    figures, codes = overview["figures"], overview["codes"]
    counts = figures["distribution"]
    silent = sentences.missing(counts["no_report"], counts["total"], figures["carried"])
    return [*found, _silent(words.no_report, silent, codes["no_report"])]


def movements(overview: Json, words: Words) -> list[tuple[str, int]]:
    """Return how many measures moved how, in the order of the list of changes."""
    counts = overview["figures"]["changes"]
    order: Sequence[Change] = (
        Change.WORSE,
        Change.BETTER,
        Change.NEWLY_REPORTED,
        Change.NO_LONGER_REPORTED,
    )
    return [(words.change[kind.value].text, counts[kind.value]) for kind in order]


def _troubled(overview: Json, word: Word) -> Attention:
    codes = overview["codes"]["course"].get(word.code, [])
    previous = overview["previous"]
    sentence = sentences.troubled(
        overview["figures"]["distribution"]["courses"][word.code],
        overview["figures"]["newly_troubled"][word.code] if previous else None,
        word=word.text,
        since=previous["label"] if previous else "",
    )
    return Attention(word.icon, word.code, sentence, tuple(codes))


def _silent(word: Word, sentence: str, codes: Sequence[str]) -> Attention:
    return Attention(word.icon, "plain", sentence, tuple(codes))
