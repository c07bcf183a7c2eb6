"""Chapters that areas add to the papers of a round: each from its section of the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tracker.publication.reading.table import Table
from tracker.publication.reading.words import Words
from tracker.publication.rules.document import SectionRecord


@dataclass(frozen=True)
class Chapter:
    """A chapter of the report; its tables are those of the workbook and the CSV files too."""

    title: str
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class ChapterKind:
    """How a section is told: `tables` from what it records."""

    section: str
    title: str
    tables: Callable[[SectionRecord, Words], tuple[Table, ...]]


CHAPTERS: dict[str, ChapterKind] = {}


def register(kind: ChapterKind) -> None:
    CHAPTERS[kind.section] = kind


def chapters(sections: Mapping[str, SectionRecord], words: Words) -> tuple[Chapter, ...]:
    """Return the chapters of a record's sections, in the order of their names."""
    return tuple(
        Chapter(kind.title, kind.tables(sections[name], words))
        for name, kind in sorted(CHAPTERS.items())
        if name in sections
    )
