"""What a publication is made of, as frozen values.

A query reads them, `tracker.publication.rules.snapshot.build` turns them into the document.
Nothing internal has a place here: no drafts, no names of persons, no unaccepted content.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from tracker.concept.rules.facts import ConceptMeasure, FieldFact, GoalFact, InstitutionFact
from tracker.core.periods import Period
from tracker.publication.rules.document import (
    AnyMeasure,
    ConceptRecord,
    DefinitionsRecord,
    EffectMeasure,
    InstanceRecord,
    MeasureRecord,
    RoundRecord,
    SectionRecord,
    ValueRecord,
)
from tracker.reporting.rules.content import ReportContent
from tracker.reporting.rules.districts import Districts
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import Granted, ReportState


@dataclass(frozen=True)
class VersionFact:
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
    revision: int = 0


@dataclass(frozen=True)
class MeasureFact(ConceptMeasure):
    """A Maßnahme as the concept has it, who is responsible, and its report if one was expected.

    `lead` is the lead that the round froze, whatever was assigned since.
    """

    lead: InstitutionFact | None = None
    partners: tuple[InstitutionFact, ...] = ()
    report: ReportFact | None = None


@dataclass(frozen=True)
class EarlierFact:
    """An earlier round of the concept in the version in force: what was reported in it.

    Measures by key: `values` are the accepted ones, `indicators` the reported numbers by Kennzahl,
    `confirmed` those whose report was confirmed unchanged.
    """

    round: RoundRecord
    sha256: str
    values: Mapping[str, ValueRecord | None]
    indicators: Mapping[str, Mapping[str, Decimal]]
    confirmed: frozenset[str]

    @classmethod
    def of(
        cls,
        round_: RoundRecord,
        sha256: str,
        measures: Iterable[AnyMeasure],
        effect: Iterable[MeasureRecord | EffectMeasure],
        confirmed: Iterable[str],
    ) -> EarlierFact:
        return cls(
            round=round_,
            sha256=sha256,
            values={measure["key"]: measure["value"] for measure in measures},
            indicators={
                measure["key"]: {
                    indicator["key"]: Decimal(indicator["value"])
                    for indicator in measure["indicators"]
                    if indicator["value"] is not None
                }
                for measure in effect
            },
            confirmed=frozenset(confirmed),
        )


@dataclass(frozen=True)
class Instance:
    """What a record says about the instance, and its districts."""

    record: InstanceRecord
    districts: Districts


@dataclass(frozen=True)
class Facts:
    """`earlier` are the rounds published before, the newest first: it is compared with."""

    demonstration: bool
    instance: InstanceRecord
    concept: ConceptRecord
    round: RoundFact
    definitions: DefinitionsRecord
    principles: tuple[tuple[str, str], ...]
    institutions: tuple[InstitutionFact, ...]
    fields: tuple[FieldFact, ...]
    goals: tuple[GoalFact, ...]
    measures: tuple[MeasureFact, ...]
    earlier: tuple[EarlierFact, ...] = ()
    sections: Mapping[str, SectionRecord] = field(default_factory=dict)
