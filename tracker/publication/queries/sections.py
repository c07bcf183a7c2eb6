"""Sections that areas add to the record of a round, as of the moment it is published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from tracker.core import switching
from tracker.core.configured import known_at
from tracker.publication.rules.document import SectionRecord
from tracker.reporting.models import Round


@dataclass(frozen=True)
class Section:
    """What an area adds; while it is switched off, nothing.

    `schema` is the JSON Schema of the section, which holds `format` and what `collect` gives.
    """

    name: str
    format: int
    schema: Path
    collect: Callable[[Session, Round, datetime], SectionRecord]


SECTIONS: dict[str, Section] = {}


def register(section: Section) -> None:
    SECTIONS[section.name] = section


def sections(session: Session, *, round_: Round, now: datetime) -> dict[str, SectionRecord]:
    """Return what each area that is on adds to the record of a round, by name."""
    if not SECTIONS:
        return {}
    off = switching.off(known_at(session.connection(), now))
    return {
        name: {"format": section.format, **section.collect(session, round_, now)}
        for name, section in sorted(SECTIONS.items())
        if switching.area_of(section.collect.__module__) not in off
    }
