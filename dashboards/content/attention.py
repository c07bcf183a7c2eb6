"""What needs attention in a round: the exceptions, in words, with the measures behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.content.rounds import Counted
from dashboards.content.selection import FULFILLED, NOT_REPORTED, Selection, selected
from tracker.publication.reading import sentences
from tracker.publication.reading.model_values import Mark
from tracker.publication.reading.words import Json, Words
from tracker.reporting.rules.figures import Change
from tracker.reporting.rules.status import Course, Implementation

_WORST_FIRST = (Course.CRITICAL, Course.AT_RISK)
# In the order in which changes are read.
MOVES: Sequence[Change] = (
    Change.WORSE,
    Change.BETTER,
    Change.NEWLY_REPORTED,
    Change.NO_LONGER_REPORTED,
)


@dataclass(frozen=True)
class Attention:
    """One sentence of what needs attention, the word whose mark it bears, the measures it counts.

    `state` is the address of just these measures, `rule` says what is counted.
    """

    word: Mark
    sentence: str
    rule: str
    codes: tuple[str, ...]
    state: Selection


def exceptions(now: Counted, words: Words, since: str | None) -> list[Attention]:
    """Return what the page opens with: critical, at risk, newly fulfilled, nothing reported.

    `since` is the round compared with; None: there is none, and nothing is new.
    """
    found = [_troubled(now, words.course[course.value], since) for course in _WORST_FIRST]
    if since is not None:
        found.append(_fulfilled(now, words, since))
    return [*found, _silent(now, words.no_report)]


def movements(now: Counted, words: Words) -> list[tuple[str, int]]:
    """Return how many measures moved how, in the order of the list of changes."""
    counts = now.figures["changes"]
    return [(words.change[kind.value].label, counts[kind.value]) for kind in MOVES]


def moved(now: Counted) -> dict[str, list[Json]]:
    """Return the measures that moved, by kind in the order they are read."""
    by_kind = {
        kind.value: [item for item in now.measures if item["change"] == kind] for kind in MOVES
    }
    return {kind: items for kind, items in by_kind.items() if items}


def _troubled(now: Counted, word: Mark, since: str | None) -> Attention:
    sentence = sentences.troubled(
        now.distribution["courses"][word.code],
        None if since is None else now.figures["newly_troubled"][word.code],
        word=word.label,
        since=since or "",
    )
    state = now.state.with_(verlauf=word.code)
    return _counted(now, word, sentence, f"Verlauf „{word.label}“", state)


def _fulfilled(now: Counted, words: Words, since: str) -> Attention:
    state = now.state.with_(neu=FULFILLED)
    count = len(selected(now.measures, state))
    sentence = sentences.newly_fulfilled(count, since, words=words.fulfilled)
    rule = f"jetzt {words.fulfilled}, in {since} nicht oder ohne Meldung"
    word = words.implementation[Implementation.COMPLETED.value]
    return _counted(now, word, sentence, rule, state)


def _silent(now: Counted, word: Mark) -> Attention:
    counts = now.distribution
    sentence = sentences.missing(counts["no_report"], counts["total"], now.figures["carried"])
    state = now.state.with_(stand=NOT_REPORTED)
    return _counted(now, word, sentence, f"„{word.label}“", state)


def _counted(now: Counted, word: Mark, sentence: str, rule: str, state: Selection) -> Attention:
    codes = tuple(item["code"] for item in selected(now.measures, state))
    return Attention(word, sentence, rule, codes, state)
