"""What in a free text looks like a person or a single case (domain.md 8): hints, never refusals.

Only what is likely is named: a form of address with a name, a way to reach somebody, a day of
birth, a story of one person. Ages of groups ("14- bis 16-Jährige") are what reports are about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.reporting.rules.content import ReportContent

# These are published; the remark to the KI is not, and an address of a page is no text.
READ_BY_MANY = (
    "achieved",
    "next_step",
    "reason",
    "consequence",
    "changed",
    "obstacles",
    "partners",
    "cooperation_wanted",
    "target_group",
)
_NAME = r"[A-ZÄÖÜÇĞİŞ](?:\.|[\w’'-]+)"
_PERSON = (
    "Junge|Mädchen|Kind|Schüler|Schülerin|Jugendlicher|Jugendliche|Klient|Klientin|Mutter|Vater"
    "|Mann|Frau|Geflüchteter|Geflüchtete|Teilnehmer|Teilnehmerin|Familie"
)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:Herrn?|Frau|Familie|Fam\.|Hr\.|Fr\.)\s+(?:(?:Dr|Prof)\.\s+)*{_NAME}(?:\s{_NAME})?",
        # From a word's beginning only: one long word is read once, not again at each letter.
        r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w",
        r"(?<![\w.,/])(?:\+49|0)[1-9]\d{1,4}[\s/-]+\d{3,}(?:[\s-]?\d+)*",
        r"\b(?:geb\.|geboren am)\s*\d{1,2}\.\s*\d{1,2}\.\s*\d{2,4}",
        r"\b[Ee]in(?:e|en|em|er)?\s+\d{1,2}[-\u2010\u2011 ]?(?:J|j)ährige[rsnm]?\b",
        rf"\b[Ee]in(?:e|en|em|er)?\s+(?:{_PERSON})\s+(?:aus|hat|wurde|ist|konnte|musste)\b",
        r"\b(?:Aktenzeichen|Az\.)\s*:?\s*[\w./-]*\d[\w./-]*",
    )
)


@dataclass(frozen=True)
class Hint:
    """Words in a field that may tell of one person; the field is one of ReportContent."""

    field: str
    words: str


def privacy_hints(content: ReportContent) -> tuple[Hint, ...]:
    """Return what looks like a name or a case in the texts that are published, in their order."""
    hints = (Hint(name, words) for name, text in published_texts(content) for words in _found(text))
    return tuple(dict.fromkeys(hints))


def likely_personal(text: str) -> tuple[str, ...]:
    """Return the words of a text that look like a name or a case, in their order."""
    return tuple(dict.fromkeys(_found(text)))


def published_texts(content: ReportContent) -> Iterator[tuple[str, str]]:
    """Return the texts that are published, each with its field; the titles of milestones too."""
    for name in READ_BY_MANY:
        yield name, getattr(content, name)
    for line in content.milestones:
        yield "milestones", line.title


def _found(text: str) -> list[str]:
    matches = [match for pattern in _PATTERNS for match in pattern.finditer(text)]
    return [
        " ".join(match[0].split()) for match in sorted(matches, key=lambda match_: match_.start())
    ]
