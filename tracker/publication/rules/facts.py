"""What a publication is made of, as frozen values.

A query reads them, `tracker.publication.rules.snapshot.build` turns them into the document.
Nothing internal has a place here: no drafts, no names of persons, no unaccepted content.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tracker.core.periods import Period
from tracker.reporting.rules.content import ReportContent
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import Granted, ReportState


@dataclass(frozen=True)
class InstanceFact:
    """The names this installation goes by."""

    name: str
    city: str
    office: str
    committee: str
    committee_short: str


@dataclass(frozen=True)
class ConceptFact:
    """The concept and the Fassung that the round reports on."""

    key: str
    title: str
    resolved_on: date
    source: str
    edition: int
    edition_title: str


@dataclass(frozen=True)
class VersionFact:
    """An earlier publication of the same round."""

    version: int
    reason: str
    published_at: datetime


@dataclass(frozen=True)
class RoundFact:
    """The round that is published, and which version of it this is (reason: of a correction)."""

    period: Period
    due_on: date
    opened_at: datetime
    closed_at: datetime
    published_at: datetime
    committee_on: date | None
    version: int
    reason: str = ""
    earlier: tuple[VersionFact, ...] = ()


@dataclass(frozen=True)
class InstitutionFact:
    """An institution as it is called on the day of publication."""

    key: str
    name: str
    short_name: str
    kind: str


@dataclass(frozen=True)
class FieldFact:
    """A Handlungsfeld."""

    position: int
    name: str


@dataclass(frozen=True)
class ConcretisationFact:
    """Konkretisierung aus Sicht der Fachverwaltung (002, Ziff. 5 c)."""

    text: str = ""
    office: str = ""
    on: date | None = None


@dataclass(frozen=True)
class GoalFact:
    """An Oberziel with both wordings."""

    number: int
    field: int
    title: str
    title_annex2: str
    notes: tuple[str, ...] = ()
    concretisation: ConcretisationFact = ConcretisationFact()


@dataclass(frozen=True)
class IndicatorFact:
    """A Kennzahl of a measure."""

    key: str
    name: str
    kind: str
    operator: str
    target: Decimal
    unit: str
    per_year: bool
    note: str = ""


@dataclass(frozen=True)
class ZiffFiveFact:
    """The four things of 002, Ziff. 5; None = nicht festgelegt, an amount of 0 is a 0."""

    competence: str | None = None
    competence_reason: str = ""
    short_term: str | None = None
    concretisation: ConcretisationFact = ConcretisationFact()
    municipal_funding: Decimal | None = None
    municipal_funding_period: str = ""


@dataclass(frozen=True)
class ReviewedFact:
    """The value the KI set instead of the institution's, with its reason."""

    value: Value
    reason: str


@dataclass(frozen=True)
class ReportFact:
    """One report of the frozen expected set; `content` only where it was accepted."""

    institution: InstitutionFact
    state: ReportState
    first_submitted_at: datetime | None = None
    extensions: tuple[Granted, ...] = ()
    on_behalf: bool = False
    waived_reason: str | None = None
    content: ReportContent | None = None
    reviewed: ReviewedFact | None = None
    dissent: str | None = None
    unchanged: bool = False
    unchanged_streak: int = 0
    revision: int = 0


@dataclass(frozen=True)
class MeasureFact:
    """A Maßnahme as the concept has it, and its report where one was expected."""

    code: str
    field: int
    goal: int
    kind: str
    reportable: bool
    text: str
    display_text: str
    notes: tuple[str, ...] = ()
    prioritised: bool = True
    weight: Decimal = Decimal(1)
    principles: tuple[str, ...] = ()
    lead: InstitutionFact | None = None
    partners: tuple[InstitutionFact, ...] = ()
    ziff5: ZiffFiveFact = ZiffFiveFact()
    indicators: tuple[IndicatorFact, ...] = ()
    report: ReportFact | None = None


@dataclass(frozen=True)
class PreviousFact:
    """The current document of the last round published before this one, same Fassung."""

    document: Mapping[str, Any]
    sha256: str


@dataclass(frozen=True)
class Facts:
    """Everything one publication records, in the order of the concept."""

    demonstration: bool
    instance: InstanceFact
    concept: ConceptFact
    round: RoundFact
    definitions: Mapping[str, Any]
    principles: tuple[tuple[str, str], ...]
    institutions: tuple[InstitutionFact, ...]
    fields: tuple[FieldFact, ...]
    goals: tuple[GoalFact, ...]
    measures: tuple[MeasureFact, ...]
    previous: PreviousFact | None = None
