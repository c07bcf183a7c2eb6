"""What the concept says, as frozen values: for its pages, its JSON, a snapshot, a questionnaire.

Kinds, roles and choices are their stored values ("target", "lead", "shared"); None and "" mean
"nicht festgelegt", an amount of 0 is a 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal


def lasting_key(edition: int, code: str) -> str:
    """Return what names a thing in every Fassung: the first that has it, and its code there."""
    return code if edition == 1 else f"{edition}:{code}"


@dataclass(frozen=True)
class EditionHead:
    concept_id: int
    edition_id: int
    key: str
    title: str
    city: str
    resolved_on: date
    source: str
    number: int
    edition_title: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class PrincipleFact:
    id: int
    key: str
    name: str


@dataclass(frozen=True)
class InstitutionFact:
    key: str
    name: str
    short_name: str
    kind: str


@dataclass(frozen=True)
class Assignment:
    """An institution's part in a measure; both days inclusive, no end is None."""

    id: int
    institution_id: int
    institution: InstitutionFact
    role: str
    valid_from: date
    valid_to: date | None

    @property
    def is_lead(self) -> bool:
        return self.role == "lead"

    def is_over(self, day: date) -> bool:
        return self.valid_to is not None and self.valid_to < day

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and not self.is_over(day)


@dataclass(frozen=True)
class FieldFact:
    """A Handlungsfeld; `key` names it in every Fassung, `code` in this one."""

    code: str
    name: str
    key: str = ""


@dataclass(frozen=True)
class ConcretisationFact:
    """Konkretisierung aus Sicht der Fachverwaltung (002, Ziff. 5 c)."""

    text: str = ""
    office: str = ""
    on: date | None = None


@dataclass(frozen=True)
class GoalFact:
    """An Oberziel with both wordings; `field` is the Handlungsfeld's code."""

    code: str
    field: str
    title: str
    title_annex2: str
    notes: tuple[str, ...] = ()
    concretisation: ConcretisationFact = ConcretisationFact()
    id: int = 0
    key: str = ""


@dataclass(frozen=True)
class IndicatorFact:
    """A Kennzahl of a measure; `operator` is ">=", ">" or "="."""

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
    """The four things of 002, Ziff. 5."""

    competence: str | None = None
    competence_reason: str = ""
    short_term: str | None = None
    concretisation: ConcretisationFact = ConcretisationFact()
    municipal_funding: Decimal | None = None
    municipal_funding_period: str = ""


@dataclass(frozen=True)
class ConceptMeasure:
    """A Maßnahme; `field` and `goal` are codes, `principles` are keys.

    `assignments` are all that were and will be, by the institution's name.
    """

    code: str
    field: str
    goal: str
    kind: str
    reportable: bool
    text: str
    display_text: str
    notes: tuple[str, ...] = ()
    prioritised: bool = False
    entered_prioritised: bool | None = None
    weight: Decimal = Decimal(1)
    principles: tuple[str, ...] = ()
    ziff5: ZiffFiveFact = ZiffFiveFact()
    indicators: tuple[IndicatorFact, ...] = ()
    id: int = 0
    key: str = ""
    retired_on: date | None = None
    assignments: tuple[Assignment, ...] = ()

    @property
    def is_prioritised(self) -> bool | None:
        """Return what the resolution says or was entered; None for neither."""
        return self.prioritised or self.entered_prioritised

    def is_retired_on(self, day: date) -> bool:
        return self.retired_on is not None and self.retired_on <= day

    def lead_on(self, day: date) -> Assignment | None:
        return next(
            (part for part in self.assignments if part.is_lead and part.holds_on(day)), None
        )

    def partners_on(self, day: date) -> tuple[Assignment, ...]:
        return tuple(part for part in self.assignments if not part.is_lead and part.holds_on(day))

    def assigned_after(self, day: date) -> tuple[Assignment, ...]:
        return tuple(part for part in self.history if part.valid_from > day)

    @property
    def history(self) -> Sequence[Assignment]:
        """Return all assignments: leads first, the newest first, then by name."""
        newest = sorted(self.assignments, key=lambda part: part.valid_from, reverse=True)
        return sorted(newest, key=lambda part: not part.is_lead)

    @property
    def is_edited(self) -> bool:
        return self.text != self.display_text


@dataclass(frozen=True)
class MeasureToReport:
    """A measure that a round opened on a day asks about; `lead_id` None: nobody would report."""

    id: int
    code: str
    display_text: str
    lead_id: int | None


@dataclass(frozen=True)
class ConceptEdition:
    """A Fassung with everything it holds, in the order of the resolution, read on `day`.

    `institutions` are all there are, by id.
    """

    day: date
    edition: EditionHead
    principles: tuple[PrincipleFact, ...]
    institutions: Mapping[int, InstitutionFact]
    active_institutions: tuple[InstitutionFact, ...]
    fields: tuple[FieldFact, ...]
    goals: tuple[GoalFact, ...]
    measures: tuple[ConceptMeasure, ...]

    def goals_of(self, field: FieldFact) -> tuple[GoalFact, ...]:
        return tuple(goal for goal in self.goals if goal.field == field.code)

    def measures_of(self, goal: GoalFact) -> tuple[ConceptMeasure, ...]:
        return tuple(measure for measure in self.measures if measure.goal == goal.code)

    def goal(self, code: str) -> GoalFact | None:
        return next((goal for goal in self.goals if goal.code == code), None)

    def field(self, code: str) -> FieldFact:
        return next(field for field in self.fields if field.code == code)

    def measure(self, code: str) -> ConceptMeasure | None:
        return next((measure for measure in self.measures if measure.code == code), None)

    def principles_of(self, measure: ConceptMeasure) -> tuple[PrincipleFact, ...]:
        return tuple(
            principle for principle in self.principles if principle.key in measure.principles
        )

    def neighbour(self, measure: ConceptMeasure, step: int) -> ConceptMeasure | None:
        """Return the measure `step` places further, None beyond the first and the last."""
        place = self.measures.index(measure) + step
        return self.measures[place] if 0 <= place < len(self.measures) else None

    @property
    def reportable(self) -> tuple[ConceptMeasure, ...]:
        """Return the measures to report on: no cross references, none that is retired."""
        return tuple(
            measure
            for measure in self.measures
            if measure.reportable and not measure.is_retired_on(self.day)
        )

    @property
    def without_lead(self) -> tuple[ConceptMeasure, ...]:
        return tuple(measure for measure in self.reportable if not measure.lead_on(self.day))

    def only(self, measures: tuple[ConceptMeasure, ...]) -> ConceptEdition:
        goals = {measure.goal for measure in measures}
        fields = {measure.field for measure in measures}
        return replace(
            self,
            fields=tuple(field for field in self.fields if field.code in fields),
            goals=tuple(goal for goal in self.goals if goal.code in goals),
            measures=measures,
        )
