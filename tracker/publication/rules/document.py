"""The types of a published round: snapshot format 2 and the parts that pages read.

Keys, required keys, enums and nesting are those of `schema/snapshot-2.schema.json`, which alone
says what patterns and bounds the values keep (docs/snapshot-format.md explains both). Days,
periods and decimals are text. `Annotated[..., Codes]` names the codes that a dict has as keys or
its marks as `code`. A document of format 1 is read into the same types (`formats.lift`).
"""

# long-file: one format, one list of its types
from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, TypedDict

ImplementationCode = Literal[
    "not_started", "planned", "in_progress", "completed", "established", "deferred", "dropped"
]
CourseCode = Literal["on_track", "at_risk", "critical"]
TroubledCode = Literal["at_risk", "critical"]
MoveCode = Literal["worse", "better", "newly_reported", "no_longer_reported"]
ChangeCode = Literal[
    "worse", "better", "newly_reported", "no_longer_reported", "unchanged", "not_reported"
]
PunctualityCode = Literal["pending", "on_time", "late", "overdue"]
ReportStateCode = Literal["expected", "draft", "submitted", "accepted", "returned", "waived"]
PublishedStateCode = Literal["expected", "accepted", "returned", "waived"]
CompetenceCode = Literal["own", "shared", "third_party"]
ShortTermCode = Literal["yes", "no"]
ParticipantUnitCode = Literal["persons", "cases", "participations"]
StaffUnitCode = Literal["fte", "hours"]
InstitutionKindCode = Literal[
    "municipal", "subsidiary", "federal", "welfare", "independent", "migrant_organisation",
    "education",
]  # fmt: skip
MeasureKindCode = Literal["measure", "reference"]
ResponsibilityCode = Literal["lead", "partner"]
IndicatorKindCode = Literal["target", "condition"]
OperatorCode = Literal[">=", ">", "="]
ReportFieldCode = Literal[
    "implementation", "course", "achieved", "next_step", "next_step_on", "reason", "consequence",
    "changed", "obstacles", "participants", "events", "staff", "staff_unit", "cost_planned",
    "cost_actual", "funding", "partners", "cooperation_wanted", "target_group", "districts",
    "indicators", "milestones", "evidence_url", "internal_remark",
]  # fmt: skip
FigureCode = Literal[
    "coverage", "carried", "completeness", "acceptance", "timeliness", "waived", "worst_course",
    "change", "year_sum",
]  # fmt: skip


class OriginRecord(TypedDict):
    """What a data portal is told; empty where the settings say nothing."""

    publisher: str
    licence: str
    data_portal: str
    district_key: str
    centre: str


FormatName = Literal[
    "integrationskonzept-controlling/snapshot/1", "integrationskonzept-controlling/snapshot/2"
]


class InstanceRecord(TypedDict):
    """The settings in force at the publication; format 1 did not hold the `origin`."""

    name: str
    city: str
    office: str
    committee: str
    committee_short: str
    contact: str
    origin: OriginRecord | None


class ConceptTitle(TypedDict):
    title: str


class ConceptRecord(ConceptTitle):
    """The Fassung that is recorded, in force since `in_force_on`, as of the Stichtag.

    Format 1 said neither since when the Fassung was in force nor of which day it tells.
    """

    key: str
    resolved_on: str
    source: str
    edition: int
    edition_title: str
    in_force_on: str | None
    as_of: str


class RoundRecord(TypedDict):
    period: str
    label: str
    long_label: str
    start: str
    as_of: str
    due_on: str
    opened_on: str
    closed_on: str
    published_on: str
    committee_on: str | None
    version: int
    reason: str


class PreviousRecord(TypedDict):
    """The compared round; `later` only where a view compares with a later one, never published."""

    period: str
    label: str
    version: int
    sha256: str
    later: NotRequired[bool]


class MarkRecord(TypedDict):
    code: str
    label: str
    icon: str
    definition: str


class FormulaRecord(TypedDict):
    key: FigureCode
    label: str
    formula: str
    unit: str


ChoiceKind = Literal[
    "competence", "short_term", "participant_unit", "staff_unit", "district", "institution_kind",
    "measure_kind", "responsibility", "indicator_kind",
]  # fmt: skip


class ChoicesRecord(TypedDict):
    competence: Annotated[dict[str, str], CompetenceCode]
    short_term: Annotated[dict[str, str], ShortTermCode]
    participant_unit: Annotated[dict[str, str], ParticipantUnitCode]
    staff_unit: Annotated[dict[str, str], StaffUnitCode]
    district: dict[str, str]
    institution_kind: Annotated[dict[str, str], InstitutionKindCode]
    measure_kind: Annotated[dict[str, str], MeasureKindCode]
    responsibility: Annotated[dict[str, str], ResponsibilityCode]
    indicator_kind: Annotated[dict[str, str], IndicatorKindCode]


class DefinitionsRecord(TypedDict):
    implementation: Annotated[list[MarkRecord], ImplementationCode]
    no_report: Annotated[MarkRecord, Literal["no_report"]]
    course: Annotated[list[MarkRecord], CourseCode]
    course_not_asked: Annotated[MarkRecord, Literal["course_not_asked"]]
    change: Annotated[list[MarkRecord], ChangeCode]
    punctuality: Annotated[list[MarkRecord], PunctualityCode]
    report_state: Annotated[list[MarkRecord], ReportStateCode]
    report_fields: Annotated[dict[str, str], ReportFieldCode]
    figures: list[FormulaRecord]
    not_determined: str
    choices: ChoicesRecord


class PrincipleRecord(TypedDict):
    key: str
    name: str


class InstitutionName(TypedDict):
    key: str
    name: str
    short_name: str


class InstitutionRecord(InstitutionName):
    kind: InstitutionKindCode


class DistributionRecord(TypedDict):
    counts: Annotated[dict[str, int], ImplementationCode]
    no_report: int
    courses: Annotated[dict[str, int], CourseCode]
    course_not_asked: int
    reported: int
    total: int


class RatioRecord(TypedDict):
    count: int
    total: int
    percent: str | None


class ReturnsRecord(TypedDict):
    completeness: RatioRecord
    acceptance: RatioRecord
    timeliness: RatioRecord
    waived: int


class FiguresRecord(TypedDict):
    distribution: DistributionRecord
    carried: int
    worst_course: CourseCode | None
    returns: ReturnsRecord


class RoundFiguresRecord(FiguresRecord):
    changes: Annotated[dict[str, int], ChangeCode]
    newly_troubled: Annotated[dict[str, int], TroubledCode]
    decisions: int


class ConcretisationRecord(TypedDict):
    text: str
    office: str
    on: str | None


class GoalTitle(TypedDict):
    key: str
    code: str
    title: str
    title_annex2: str


class GoalRecord(GoalTitle):
    notes: list[str]
    concretisation: ConcretisationRecord
    figures: FiguresRecord
    measures: list[str]


class FieldName(TypedDict):
    """A Handlungsfeld: `key` names it in every Fassung, `code` in this one."""

    key: str
    code: str
    name: str


class FieldFigures(FieldName):
    figures: FiguresRecord


class FieldRecord(FieldFigures):
    goals: list[GoalRecord]


class ValueRecord(TypedDict):
    implementation: ImplementationCode
    course: CourseCode | None


class ReviewedRecord(ValueRecord):
    reason: str


class CarriedRecord(ValueRecord):
    period: str
    label: str


class Ziff5Record(TypedDict):
    competence: CompetenceCode | None
    competence_reason: str
    short_term: ShortTermCode | None
    concretisation: ConcretisationRecord
    municipal_funding: str | None
    municipal_funding_period: str


class IndicatorRecord(TypedDict):
    key: str
    name: str
    kind: IndicatorKindCode
    operator: OperatorCode
    target: str
    unit: str
    per_year: bool
    note: str
    value: str | None
    year_sum: str | None


class ReturnRecord(TypedDict):
    """What the Rücklauf needs to know of an expected report.

    `joined_on` is the day on which it joined a round that was open already, else None.
    """

    institution: InstitutionName
    state: PublishedStateCode
    punctuality: PunctualityCode | None
    first_submitted_on: str | None
    joined_on: str | None


class ExpectedRecord(ReturnRecord):
    due_on: str
    on_behalf: bool
    waived_reason: str | None


class ParticipantsRecord(TypedDict):
    unit: ParticipantUnitCode
    count: int | None
    suppressed: bool


class FundingRecord(TypedDict):
    donor: str
    programme: str
    amount: str | None
    start: str | None
    end: str | None


class IndicatorValueRecord(TypedDict):
    indicator: str
    value: str


class MilestoneRecord(TypedDict):
    title: str
    due_on: str | None
    done_on: str | None


class EffectReport(TypedDict):
    """What a report says that sums are made of."""

    participants: list[ParticipantsRecord]
    events: int | None
    staff: str | None
    staff_unit: StaffUnitCode | None
    cost_planned: str | None
    cost_actual: str | None
    funding: list[FundingRecord]
    districts: list[str]


class ReportRecord(EffectReport):
    implementation: ImplementationCode | None
    course: CourseCode | None
    achieved: str
    next_step: str
    next_step_on: str | None
    reason: str
    consequence: str
    changed: str
    obstacles: str
    partners: str
    cooperation_wanted: str
    target_group: str
    indicators: list[IndicatorValueRecord]
    milestones: list[MilestoneRecord]
    evidence_url: str


# What is searched in a report.
ReportTextKey = Literal[
    "achieved", "next_step", "reason", "consequence", "changed", "obstacles", "partners",
    "cooperation_wanted", "target_group",
]  # fmt: skip


class MeasureIndex(TypedDict):
    """What a measure says alike in the document and in the list of the Überblick.

    `key` names it in every Fassung; `field` and `goal` are codes.
    """

    key: str
    code: str
    field: str
    goal: str
    kind: MeasureKindCode
    reportable: bool
    display_text: str
    principles: list[str]
    value: ValueRecord | None
    carried: CarriedRecord | None
    previous_value: ValueRecord | None
    change: ChangeCode | None


class MeasureRecord(MeasureIndex):
    text: str
    notes: list[str]
    prioritised: bool | None
    weight: str
    lead: InstitutionName | None
    partners: list[InstitutionName]
    ziff5: Ziff5Record
    indicators: list[IndicatorRecord]
    expected: ExpectedRecord | None
    self_report: ValueRecord | None
    reviewed: ReviewedRecord | None
    dissent: str | None
    unchanged_confirmed: bool
    unchanged_streak: int
    revision: int
    report: ReportRecord | None


class ChangeRecord(TypedDict):
    code: str
    kind: MoveCode
    before: ValueRecord | None
    after: ValueRecord | None


class DecisionRecord(TypedDict):
    code: str
    value: ValueRecord
    reason: str
    consequence: str


class CorrectionRecord(TypedDict):
    version: int
    reason: str
    published_on: str


class MetaPart(TypedDict):
    """Names, words and meanings in force at the publication."""

    format: FormatName
    formula_version: str
    demonstration: bool
    instance: InstanceRecord
    concept: ConceptRecord
    round: RoundRecord
    previous: PreviousRecord | None
    definitions: DefinitionsRecord
    principles: list[PrincipleRecord]
    institutions: list[InstitutionRecord]
    corrections: list[CorrectionRecord]


# What an area adds, with the number of its format; its own schema says the rest.
SectionRecord = dict[str, Any]


class Document(MetaPart):
    """`published_sha256` is that of the stored text, only where it is of an earlier format."""

    published_sha256: NotRequired[str]
    sections: dict[str, SectionRecord]
    figures: RoundFiguresRecord
    fields: list[FieldRecord]
    measures: list[MeasureRecord]
    changes: list[ChangeRecord]
    decisions: list[DecisionRecord]


class OverviewMeasure(MeasureIndex):
    """A measure as lists, filters and the figures over them need it; `lead` is a name.

    `named` are the codes of what it says anything about (`effect.named`). `donors` are the Geber
    by key, only in a list that is filtered by them, never published. `reviewed_reason` says why the
    value is not the reported one; only where it is not.
    """

    lead: str | None
    lead_key: str | None
    partner_keys: list[str]
    competence: CompetenceCode | None
    short_term: ShortTermCode | None
    expected: ReturnRecord | None
    dissent: bool
    named: list[str]
    donors: NotRequired[dict[str, str]]
    reviewed_reason: NotRequired[str]


# Over either of them the figures of a publication are computed.
AnyMeasure = MeasureRecord | OverviewMeasure


class MeasureLabel(TypedDict):
    display_text: str
    field: str
    lead: str | None
    dissent: bool


class OverviewChange(ChangeRecord, MeasureLabel):
    pass


class OverviewDecision(DecisionRecord, MeasureLabel):
    pass


class OverviewCodes(TypedDict):
    """The codes counted behind the numbers, in the order of the concept; no key without codes."""

    implementation: Annotated[dict[str, list[str]], ImplementationCode]
    course: Annotated[dict[str, list[str]], CourseCode]
    course_not_asked: list[str]
    newly_troubled: Annotated[dict[str, list[str]], TroubledCode]
    no_report: list[str]
    carried: list[str]
    expected: list[str]
    submitted: list[str]
    accepted: list[str]
    on_time: list[str]
    waived: list[str]


class OverviewPart(TypedDict):
    demonstration: bool
    instance: InstanceRecord
    concept: ConceptTitle
    round: RoundRecord
    previous: PreviousRecord | None
    figures: RoundFiguresRecord
    fields: list[FieldFigures]
    measures: list[OverviewMeasure]
    changes: list[OverviewChange]
    decisions: list[OverviewDecision]
    codes: OverviewCodes


class GoalsPart(TypedDict):
    fields: list[FieldRecord]


class EffectMeasure(TypedDict):
    """What was done and spent for a measure; `report` is None where nothing was reported.

    `ended` are Förderungen that a report names although they ended before its round began; they
    are not in the report's `funding`.
    """

    key: str
    code: str
    indicators: list[IndicatorRecord]
    municipal_funding: str | None
    municipal_funding_period: str
    report: EffectReport | None
    ended: list[FundingRecord]


class EffectPart(TypedDict):
    measures: list[EffectMeasure]


class Ziff5Measure(TypedDict):
    code: str
    ziff5: Ziff5Record


class Ziff5Part(TypedDict):
    measures: list[Ziff5Measure]


class TextsMeasure(TypedDict):
    """What a measure is found by: its wording, and by field the report's texts not empty."""

    code: str
    text: str
    display_text: str
    notes: list[str]
    report: dict[str, str]
    next_step_on: str | None
    reviewed_reason: str
    dissent: str
    partners: list[str]


class TextsPart(TypedDict):
    measures: list[TextsMeasure]


class MeasurePart(TypedDict):
    demonstration: bool
    round: RoundRecord
    previous: PreviousRecord | None
    field: FieldName
    goal: GoalTitle
    measure: MeasureRecord
