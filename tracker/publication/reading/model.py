"""The Controllingbericht as values: what every writer prints, before anybody thinks of a format.

Everything a writer needs is imported from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.publication.reading.chapters import Chapter
from tracker.publication.reading.decisions import Decision
from tracker.publication.reading.effect import Effect
from tracker.publication.reading.measure import MeasureSheet
from tracker.publication.reading.model_sections import (
    Compared,
    InstitutionSection,
    Returns,
    ReturnsRow,
    RoundCell,
    RoundLine,
    Rounds,
)
from tracker.publication.reading.model_values import (
    Count,
    Entry,
    Mark,
    Money,
    Paragraphs,
    Quantity,
    Ratio,
    Spread,
    Standing,
    Value,
)
from tracker.publication.reading.scope import Scope
from tracker.publication.reading.table import Table

__all__ = [
    "ChangeLine",
    "Compared",
    "Count",
    "Cover",
    "Decision",
    "Effect",
    "Entry",
    "FieldSection",
    "GoalSection",
    "InstitutionSection",
    "Legend",
    "Mark",
    "MeasureSheet",
    "Money",
    "Paragraphs",
    "Quantity",
    "Ratio",
    "Report",
    "Returns",
    "ReturnsRow",
    "RoundCell",
    "RoundLine",
    "Rounds",
    "Scope",
    "Spread",
    "Standing",
    "Summary",
    "Value",
]


@dataclass(frozen=True)
class GoalSection:
    """An Oberziel with its figures."""

    code: str
    title: str
    title_annex2: str
    spread: Spread
    worst: Mark | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class FieldSection:
    """A Handlungsfeld: one sentence, its goals and its measures.

    `sheets` are the measures to list; where a scope leaves some out, `listed` says so in a
    sentence, else it is "". Figures are over all measures of the field.
    """

    code: str
    name: str
    sentence: str
    spread: Spread
    worst: Mark | None
    goals: tuple[GoalSection, ...]
    sheets: tuple[MeasureSheet, ...]
    listed: str


@dataclass(frozen=True)
class ChangeLine:
    """A measure that changed since the compared round."""

    kind: Mark
    code: str
    display_text: str
    before: Standing
    after: Standing


@dataclass(frozen=True)
class Summary:
    """The page that stands alone.

    `without_decision` are the codes of troubled measures that no decision is asked for, `among`
    says of what the measures are all.
    """

    headline: str
    attention: tuple[str, ...]
    spread: Spread
    returns: tuple[Ratio, ...]
    waived: int
    carried: int
    changes: tuple[Count, ...]
    changes_sentence: str
    without_decision: tuple[str, ...]
    among: str


@dataclass(frozen=True)
class Legend:
    """A group of definitions."""

    title: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Cover:
    """Who reports what to whom, as of when, in which version; `plan` is the concept in a title."""

    title: str
    city: str
    office: str
    committee: str
    concept: str
    plan: str
    round: str
    as_of: date
    due_on: date
    published_on: date
    committee_on: date | None
    version: int
    reason: str
    previous: str
    sha256: str
    demonstration: str


@dataclass(frozen=True)
class Report:
    """The Controllingbericht of one published round, as far as its scope reaches.

    `scope_note` says in German what is left out, "" for everything. `since` opens comparisons:
    "seit Q2/2026", "gegenüber Q4/2026" (a later round), "" without a compared round. `changed` is
    what this version says otherwise than the one before, None for the first.
    """

    scope: Scope
    scope_note: str
    since: str
    cover: Cover
    legends: tuple[Legend, ...]
    formulas: tuple[Entry, ...]
    summary: Summary
    changes: tuple[ChangeLine, ...]
    decisions: tuple[Decision, ...]
    fields: tuple[FieldSection, ...]
    ziff5: tuple[Table, ...]
    effect: Effect
    returns: Returns
    rounds: Rounds
    compared: Compared | None
    institutions: tuple[InstitutionSection, ...]
    changed: Table | None
    corrections: Table
    data_notes: tuple[Table, ...]
    editorial: Table
    chapters: tuple[Chapter, ...] = ()
