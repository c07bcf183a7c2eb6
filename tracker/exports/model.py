"""The Controllingbericht as values: what every writer prints, before anybody thinks of a format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Mark:
    """A status value: its word, its mark and its definition, as they were when published."""

    code: str
    label: str
    icon: str
    definition: str = ""


@dataclass(frozen=True)
class Money:
    """An amount in euro."""

    amount: Decimal


Value = str | int | Decimal | date | Money | None


@dataclass(frozen=True)
class Standing:
    """Where a measure stands in one round; `note` says what a reader must know beside it."""

    implementation: Mark
    course: Mark | None = None
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """One named value of a sheet; `order` sorts the columns of numbers in a workbook."""

    label: str
    value: Value
    order: int = 0


@dataclass(frozen=True)
class Paragraphs:
    """A named text of a sheet, as somebody wrote it."""

    label: str
    text: str


@dataclass(frozen=True)
class MeasureSheet:
    """Everything the report says about one measure."""

    code: str
    field: str
    goal: str
    text: str
    display_text: str
    reportable: bool
    lead: str
    lead_short: str
    partners: tuple[str, ...]
    before: Standing
    now: Standing
    change: Mark | None
    next_step: str
    next_step_on: date | None
    self_report: Standing | None
    review_reason: str
    dissent: str
    responsibility: tuple[Entry, ...]
    ziff5: tuple[Entry, ...]
    figures: tuple[Entry, ...]
    texts: tuple[Paragraphs, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Count:
    """How many measures carry a mark."""

    mark: Mark
    count: int


@dataclass(frozen=True)
class Spread:
    """A distribution: by Umsetzungsstand (keine Meldung last) and by Verlauf (not asked last).

    A Verlauf is counted of `with_course`: the reported measures that have one.
    """

    name: str
    counts: tuple[Count, ...]
    courses: tuple[Count, ...]
    with_course: int
    reported: int
    total: int


@dataclass(frozen=True)
class GoalSection:
    """An Oberziel with its figures."""

    number: int
    title: str
    title_annex2: str
    spread: Spread
    notes: tuple[str, ...]


@dataclass(frozen=True)
class FieldSection:
    """A Handlungsfeld: one sentence, its goals and its measures."""

    position: int
    name: str
    sentence: str
    spread: Spread
    worst: Mark | None
    goals: tuple[GoalSection, ...]
    sheets: tuple[MeasureSheet, ...]


@dataclass(frozen=True)
class Ratio:
    """A "n von N" with its name and, where there is one, the share in percent."""

    label: str
    count: int
    total: int
    percent: Decimal | None
    formula: str


@dataclass(frozen=True)
class ChangeLine:
    """A measure that changed since the compared round."""

    kind: Mark
    code: str
    display_text: str
    before: Standing
    after: Standing


@dataclass(frozen=True)
class DecisionLine:
    """A Steuerungsvorschlag of an accepted report."""

    code: str
    display_text: str
    lead: str
    standing: Standing
    reason: str
    consequence: str


@dataclass(frozen=True)
class ListTable:
    """A list with head, rows and the sentence that says what is not in it."""

    title: str
    sentence: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class Summary:
    """The page that stands alone."""

    headline: str
    attention: tuple[str, ...]
    spread: Spread
    returns: tuple[Ratio, ...]
    waived: int
    carried: int
    changes: tuple[Count, ...]
    changes_sentence: str


@dataclass(frozen=True)
class Legend:
    """A group of definitions."""

    title: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Cover:
    """Who reports what to whom, as of when, in which version."""

    title: str
    city: str
    office: str
    committee: str
    concept: str
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
    """The whole Controllingbericht of one published round."""

    cover: Cover
    legends: tuple[Legend, ...]
    formulas: tuple[Entry, ...]
    summary: Summary
    changes: tuple[ChangeLine, ...]
    decisions: tuple[DecisionLine, ...]
    fields: tuple[FieldSection, ...]
    ziff5: tuple[ListTable, ...]
    data_notes: tuple[ListTable, ...]
    editorial: ListTable
