"""What an Erhebungsbogen is filled with, and what reading it back gives: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.concept.rules.facts import IndicatorFact
from tracker.core.periods import Period
from tracker.reporting.rules.content import ReportContent
from tracker.reporting.rules.districts import Districts
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import Implementation

FORMAT = 1
# A filled table has well under one megabyte; what may be sent is limited before it is unpacked.
MAX_BYTES = 5_000_000


@dataclass(frozen=True)
class MeasureRow:
    """One measure with its report: what stands in it now and what was said the last time.

    `content` is the draft, or what a draft starts with; `previous` is None where nothing was
    accepted before, `standing` is the Umsetzungsstand that counts since then. `question` is what
    the KI asks about a returned report; `districts` are what it can choose from, names by key.
    """

    report_id: int
    code: str
    text: str
    state: ReportState
    may_write: bool
    version: int
    content: ReportContent
    previous: ReportContent | None = None
    standing: Implementation | None = None
    previous_period: Period | None = None
    question: str = ""
    indicators: tuple[IndicatorFact, ...] = ()
    districts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Questionnaire:
    """The Erhebungsbogen of an institution and round; `edition` is the Fassung's number."""

    period: Period
    edition: int
    edition_title: str
    institution_key: str
    institution: str
    office: str
    due: date
    districts: Districts
    rows: tuple[MeasureRow, ...]

    def row(self, code: str) -> MeasureRow | None:
        return next((row for row in self.rows if row.code == code), None)


@dataclass(frozen=True)
class SheetProblem:
    """One thing to mend in a file: where it stands, what is wrong, what to do.

    `row` counts from 1 as the program shows it, None for a whole sheet; sheet and column may be
    empty where the whole file is meant. `letter` is where the column stands in this file.
    """

    wrong: str
    remedy: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    letter: str = ""


@dataclass(frozen=True)
class Answer:
    """What the file says about one report, and over which draft version it was filled in."""

    report_id: int
    version: int
    content: ReportContent


@dataclass(frozen=True)
class Reading:
    """A file that was read: either problems, or the answers that change something.

    `notes` are sentences about what was typed and is not taken over; `hidden` counts problems that
    are not among those named.
    """

    answers: tuple[Answer, ...] = ()
    problems: tuple[SheetProblem, ...] = ()
    notes: tuple[str, ...] = ()
    hidden: int = 0
