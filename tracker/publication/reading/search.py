"""Full-text search over the texts of a published round, as pure functions.

Spelling does not separate what belongs together: case, ß and ss, accents, the gender star,
quotation marks, kinds of hyphens, and umlauts in both ways of writing them without: "ae" and "a"
find ä, but ä finds no a. Both are foldings that work letter by letter, so every part of a text,
folded, is a part of the folded text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from tracker.core.german import listed, plural, share
from tracker.publication.reading.sentences import measures
from tracker.publication.reading.words import Words
from tracker.publication.rules.document import (
    EffectMeasure,
    EffectPart,
    GoalsPart,
    GoalTitle,
    MetaPart,
    OverviewMeasure,
    OverviewPart,
    TextsMeasure,
    TextsPart,
)

WORDING, TODAY = "Wortlaut", "Wortlaut in heutiger Schreibweise"
SEARCHED = (
    "in Wortlaut, Zielen und Handlungsfeldern der Maßnahmen, in Stand, Texten, Stadtbezirken und "
    "Fördermitteln der Meldungen, in Begründungen und Stellungnahmen und in den Namen der "
    "Institutionen"
)
SHORTEST, LONGEST, MOST_WORDS = 2, 100, 12
EXCERPT = 200
_UMLAUTS = (("ä", "ae", "a"), ("ö", "oe", "o"), ("ü", "ue", "u"))
# What people write into words but nobody searches with: gender star, quotation marks, soft hyphen,
# zero width. Hyphens, dashes and minus look alike.
_SILENT = "*\"'`´„“”‟»«›‹‚‘’‛\u00ad\u200b\u200c\u200d\u2060\ufeff"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_SIGNS = str.maketrans(dict.fromkeys(_DASHES, "-") | dict.fromkeys(_SILENT))
_LETTERS = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"}
_QUOTED = re.compile(r'"([^"]*)"?|([^\s"]+)')
_QUOTES = str.maketrans(dict.fromkeys("„“”»«‟", '"'))
_FOREIGN = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True)
class Passage:
    """A text of a measure with its name on the page, e.g. "Wortlaut"."""

    label: str
    text: str


@dataclass(frozen=True)
class Entry:
    """A measure with all its texts, the wording first, or a Ziel, ready to be searched."""

    code: str
    passages: tuple[Passage, ...]

    @cached_property
    def folded(self) -> tuple[str, str]:
        """Return all texts in both foldings; a line's end parts them, so no phrase spans two."""
        return _join(self.passages, 0), _join(self.passages, 1)

    @cached_property
    def wording(self) -> tuple[str, str]:
        return _join(self.passages[:1], 0), _join(self.passages[:1], 1)


@dataclass(frozen=True)
class Piece:
    """A part of an excerpt; `hit` where it is what was looked for."""

    text: str
    hit: bool


@dataclass(frozen=True)
class Place:
    """Where a measure was found: the text's name and an excerpt around the first hit."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Round:
    """What is searched in a published round: its Handlungsfelder, Ziele and measures, by code."""

    fields: Mapping[str, Entry]
    goals: Mapping[str, Entry]
    measures: Mapping[str, Entry]


def searched(
    meta: MetaPart, overview: OverviewPart, texts: TextsPart, goals: GoalsPart, effect: EffectPart
) -> Round:
    """Return a round as it is searched, from its parts, in the words of its publication."""
    words = Words.of(meta["definitions"])
    short = {known["key"]: known["short_name"] for known in meta["institutions"]}
    of_field = {
        record["code"]: Entry(record["code"], (Passage("Handlungsfeld", record["name"]),))
        for record in goals["fields"]
    }
    of_goal = {
        goal["code"]: Entry(goal["code"], tuple(_goal(goal)))
        for record in goals["fields"]
        for goal in record["goals"]
    }
    index = {measure["code"]: measure for measure in overview["measures"]}
    lines = {line["code"]: line for line in effect["measures"]}
    measures = {}
    for said in texts["measures"]:
        measure = index[said["code"]]
        passages = (
            *_texts(said, words),
            *of_field[measure["field"]].passages,
            *of_goal[measure["goal"]].passages,
            *_standing(measure, words),
            *_institutions(measure, said["partners"], short),
            *_facts(lines[said["code"]], words),
        )
        measures[said["code"]] = Entry(said["code"], passages)
    return Round(of_field, of_goal, measures)


def _goal(goal: GoalTitle) -> Iterator[Passage]:
    yield Passage("Ziel", goal["title"])
    # The annexes mostly differ by the closing stop.
    if goal["title_annex2"].rstrip(".") != goal["title"].rstrip("."):
        yield Passage("Ziel nach Anlage 2", goal["title_annex2"])


def _standing(measure: OverviewMeasure, words: Words) -> Iterator[Passage]:
    if measure["reportable"]:
        yield Passage("Stand", words.value(measure["value"]))


def _institutions(
    measure: OverviewMeasure, partners: Iterable[str], short: Mapping[str, str]
) -> Iterator[Passage]:
    """Give names, and short names where they are no part of them."""
    named = [("Federführend", measure["lead"] or "", measure["lead_key"])]
    named += [
        ("Beteiligt", name, key)
        for name, key in zip(partners, measure["partner_keys"], strict=True)
    ]
    for label, name, key in named:
        other = short.get(key or "", "")
        yield from (Passage(label, text) for text in (name, other) if text)


def _facts(line: EffectMeasure, words: Words) -> Iterator[Passage]:
    report = line["report"]
    if report is None:
        return
    if report["districts"]:
        names = words.choice_list("district", report["districts"])
        yield Passage(words.field("districts"), names)
    for grant in (*report["funding"], *line["ended"]):
        named = ", ".join(part for part in (grant["donor"], grant["programme"]) if part)
        yield Passage(words.field("funding"), named)


def _texts(said: TextsMeasure, words: Words) -> Iterator[Passage]:
    yield Passage(WORDING, said["text"])
    if said["display_text"] != said["text"]:
        yield Passage(TODAY, said["display_text"])
    for note in said["notes"]:
        yield Passage("Anmerkung", note)
    for name, label in words.report_fields.items():
        if name in said["report"]:
            yield Passage(label, said["report"][name])
    if said["reviewed_reason"]:
        yield Passage("Begründung der Feststellung", said["reviewed_reason"])
    if said["dissent"]:
        yield Passage("Abweichende Stellungnahme", said["dissent"])


def terms(asked: str) -> tuple[str, ...]:
    """Return the words and quoted phrases of a question, without repetitions.

    Quotation marks of any kind hold a phrase together; an open one reaches to the end.
    """
    given = unicodedata.normalize("NFC", asked[:LONGEST]).translate(_QUOTES)
    found: dict[str, str] = {}
    for phrase, word in _QUOTED.findall(given):
        text = " ".join((phrase or word).split())
        if fold(text, 0):
            found.setdefault(fold(text, 0), text)
    return tuple(found.values())[:MOST_WORDS]


def too_short(wanted: Sequence[str]) -> bool:
    """Return whether a word is so short that nearly everything would be found by it."""
    return any(len(fold(word, 1)) < SHORTEST for word in wanted)


def search(entries: Iterable[Entry], wanted: Sequence[str]) -> list[Entry]:
    """Return the entries in which every word stands, the most relevant first.

    A measure asked for by its number leads; what is found only by taking a for ä comes last;
    before it those with more of the words in their wording; then the order given, which is that of
    the concept. Nothing wanted finds nothing.
    """
    if not wanted:
        return []
    numbers = {word.casefold() for word in wanted}
    written = [(word, _forms(word)) for word in wanted]
    found = [
        item
        for item in entries
        if all(
            word.casefold() == item.code.casefold() or _stands(forms, item.folded)
            for word, forms in written
        )
    ]

    def rank(item: Entry) -> tuple[bool, bool, int]:
        is_loose = any(forms[0] not in item.folded[0] for _, forms in written)
        missing = sum(not _stands(forms, item.wording) for _, forms in written)
        return item.code.casefold() not in numbers, is_loose, missing

    return sorted(found, key=rank)


def places(entry: Entry, wanted: Sequence[str]) -> list[Place]:
    """Return the texts of an entry in which any of the words stands, in their order."""
    found = []
    for passage in entry.passages:
        text = unicodedata.normalize("NFC", passage.text)
        spans = _spans(text, wanted)
        if spans:
            found.append(Place(passage.label, tuple(_excerpt(text, spans))))
    return found


def labels(entry: Entry, wanted: Sequence[str]) -> list[str]:
    """Return the names of these texts, as `places` without excerpts."""
    written = [_forms(word) for word in wanted]
    return [
        passage.label
        for passage in entry.passages
        if any(_stands(forms, (fold(passage.text, 0), fold(passage.text, 1))) for forms in written)
    ]


def fold(text: str, way: int) -> str:
    """Return a text as it is compared; `way` 0 writes ä as ae, 1 as a."""
    folded = unicodedata.normalize("NFC", text).casefold()
    for umlaut, *ways in _UMLAUTS:
        folded = folded.replace(umlaut, ways[way])
    folded = folded.translate(_SIGNS)
    if not folded.isascii():
        folded = _FOREIGN.sub(_plain, folded)
    return " ".join(folded.split())


def _plain(found: re.Match[str]) -> str:
    letter = _LETTERS.get(found[0])
    if letter is not None:
        return letter
    parts = unicodedata.normalize("NFKD", found[0])
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def _forms(word: str) -> tuple[str, str]:
    """Return what to look for in both foldings; who writes an umlaut means it."""
    written = fold(word, 0)
    has_umlaut = any(umlaut in word.casefold() for umlaut, *_ in _UMLAUTS)
    return written, written if has_umlaut else fold(word, 1)


def _join(passages: Iterable[Passage], way: int) -> str:
    return "\n".join(fold(passage.text, way) for passage in passages)


def _stands(forms: Sequence[str], texts: Sequence[str]) -> bool:
    return any(form in text for form, text in zip(forms, texts, strict=True))


def _spans(text: str, wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Return where the words stand in the text itself, in order and without overlaps."""
    found: list[tuple[int, int]] = []
    written = [_forms(word) for word in wanted]
    for way in (0, 1):
        if not any(forms[way] in fold(text, way) for forms in written):
            continue
        folded, origin = _traced(text, way)
        for forms in written:
            form = forms[way]
            start = folded.find(form)
            while start >= 0:
                found.append((origin[start], origin[start + len(form) - 1] + 1))
                start = folded.find(form, start + len(form))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@lru_cache(maxsize=1024)
def _letter(letter: str, way: int) -> str:
    return fold(letter, way)


def _traced(text: str, way: int) -> tuple[str, list[int]]:
    """Return the folded text and, for each of its letters, the place in the text it comes from."""
    letters: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(text):
        folded = " " if letter.isspace() else _letter(letter, way)
        if folded == " " and letters[-1:] == [" "]:
            continue
        letters += folded
        origin += [place] * len(folded)
    return "".join(letters), origin


def _excerpt(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """Give the text around its first hit, whole words, with every hit in it marked."""
    start, end = _window(text, spans[0])
    if start:
        yield Piece("… ", hit=False)
    inside = [(max(first, start), min(last, end)) for first, last in spans if first < end]
    edges = [start, *(edge for span in inside for edge in span), end]
    for number, (first, last) in enumerate(pairwise(edges)):
        if first < last:
            yield Piece(text[first:last], hit=number % 2 == 1)
    if end < len(text):
        yield Piece(" …", hit=False)


def _window(text: str, hit: tuple[int, int]) -> tuple[int, int]:
    if len(text) <= EXCERPT:
        return 0, len(text)
    first, last = hit[0], min(hit[1], hit[0] + EXCERPT // 2)
    start = max(0, min(first - EXCERPT // 3, len(text) - EXCERPT))
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    end = max(last, start + EXCERPT)
    if end < len(text):
        space = text.rfind(" ", last, end)
        end = space if space >= 0 else end
    return start, min(end, len(text))


# Sentences


def found(count: int, total: int, wanted: Sequence[str], *, narrowed: bool) -> str:
    """Return in how many of how many measures the words stand; `total` is at least 1."""
    which = "ausgewählten " if narrowed else ""
    names = (f"{which}Maßnahme", f"{which}Maßnahmen")
    among = share(count, total, *names, none="keiner", only="der einen", whole="en")
    verb = plural(len(wanted), "steht", "stehen")
    return f"In {among} {verb} {listed([f'„{word}“' for word in wanted])}."


def where(label: str) -> str:
    """Return what was searched in a round, called e.g. "Q3/2026"."""
    return f"Gesucht wurde in {label}: {SEARCHED}."


def more_places(count: int) -> str:
    """Return that a measure was found in further texts, for at least one."""
    return f"und in {count} {plural(count, 'weiteren Text', 'weiteren Texten')}"


def cut(shown: int) -> str:
    """Return that only the first hits are shown, and what to do."""
    return (
        f"Gezeigt werden die ersten {shown} Maßnahmen. Mit einem weiteren Wort oder einem Filter "
        "werden es weniger."
    )


def alone(word: str, count: int) -> str:
    """Return how many measures one of several words finds, for at least one."""
    return f"„{word}“ allein: {measures(count)}"
