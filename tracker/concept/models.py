"""The concept: edition, fields, goals, measures, indicators, institutions, responsibilities."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field as Col
from sqlmodel import SQLModel

from tracker.core.columns import DecimalText, enum_column, reference


class MeasureKind(StrEnum):
    """A measure to report on, or a mere cross reference (7.1)."""

    MEASURE = "measure"
    REFERENCE = "reference"


class Competence(StrEnum):
    """Kommunale Handlungskompetenz (002, Ziff. 5 a)."""

    OWN = "own"
    SHARED = "shared"
    THIRD_PARTY = "third_party"


class ShortTerm(StrEnum):
    """Kurzfristig umsetzbar (002, Ziff. 5 b); not determined is an empty column."""

    YES = "yes"
    NO = "no"


class IndicatorKind(StrEnum):
    """A target is to be reached, a condition says when something applies."""

    TARGET = "target"
    CONDITION = "condition"


class InstitutionKind(StrEnum):
    """What kind of body an institution is."""

    MUNICIPAL = "municipal"
    SUBSIDIARY = "subsidiary"
    FEDERAL = "federal"
    WELFARE = "welfare"
    INDEPENDENT = "independent"
    MIGRANT_ORGANISATION = "migrant_organisation"
    EDUCATION = "education"


class ResponsibilityRole(StrEnum):
    """Federführend or beteiligt."""

    LEAD = "lead"
    PARTNER = "partner"


class Concept(SQLModel, table=True):
    """An Integrationskonzept, as the council adopted it."""

    id: int | None = Col(default=None, primary_key=True)
    key: str = Col(max_length=80, unique=True)
    title: str = Col(max_length=300)
    city: str = Col(max_length=120)
    resolved_on: date
    source: str = Col(default="", sa_column=Column(Text, nullable=False))


class EditionState(StrEnum):
    """What the council did with a Fassung; in force and superseded follow from the days."""

    DRAFT = "draft"
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"


class Edition(SQLModel, table=True):
    """A Fassung of the concept; goals and measures are revised, old ones stay readable.

    An adopted one is in force from `valid_from` until the next one's; at most one on a day.
    """

    __table_args__ = (
        UniqueConstraint("concept_id", "number"),
        Index(
            "uq_edition_adopted_from",
            "concept_id",
            "valid_from",
            unique=True,
            sqlite_where=text("state = 'adopted'"),
            postgresql_where=text("state = 'adopted'"),
        ),
        CheckConstraint(
            "state <> 'adopted' OR (resolved_on IS NOT NULL AND valid_from IS NOT NULL)",
            name="adopted_on_days",
        ),
    )

    id: int | None = Col(default=None, primary_key=True)
    concept_id: int = Col(sa_column=reference("concept.id"))
    number: int
    title: str = Col(max_length=300)
    state: EditionState = Col(
        default=EditionState.DRAFT, sa_column=enum_column(EditionState, "state")
    )
    resolved_on: date | None = None
    valid_from: date | None = None


class Field(SQLModel, table=True):
    """A Handlungsfeld, which lasts; what a Fassung says of it is an `EditionField`."""

    id: int | None = Col(default=None, primary_key=True)
    concept_id: int = Col(sa_column=reference("concept.id"))


class EditionField(SQLModel, table=True):
    """A Handlungsfeld in a Fassung."""

    __tablename__ = "edition_field"
    __table_args__ = (
        UniqueConstraint("edition_id", "field_id"),
        UniqueConstraint("edition_id", "code"),
        UniqueConstraint("edition_id", "position"),
    )

    id: int | None = Col(default=None, primary_key=True)
    edition_id: int = Col(sa_column=reference("edition.id", index=False))
    field_id: int = Col(sa_column=reference("field.id"))
    code: str = Col(max_length=20)
    position: int
    name: str = Col(max_length=300)


class Goal(SQLModel, table=True):
    """An Oberziel, which lasts."""

    id: int | None = Col(default=None, primary_key=True)
    concept_id: int = Col(sa_column=reference("concept.id"))


class EditionGoal(SQLModel, table=True):
    """An Oberziel in a Fassung: its place and both wordings."""

    __tablename__ = "edition_goal"
    __table_args__ = (
        UniqueConstraint("edition_id", "goal_id"),
        UniqueConstraint("edition_id", "code"),
        UniqueConstraint("edition_id", "position"),
    )

    id: int | None = Col(default=None, primary_key=True)
    edition_id: int = Col(sa_column=reference("edition.id", index=False))
    goal_id: int = Col(sa_column=reference("goal.id"))
    edition_field_id: int = Col(sa_column=reference("edition_field.id"))
    code: str = Col(max_length=20)
    position: int
    title: str = Col(sa_column=Column(Text, nullable=False))
    title_annex2: str = Col(sa_column=Column(Text, nullable=False))


class Measure(SQLModel, table=True):
    """A Maßnahme, which lasts; reports point to it."""

    id: int | None = Col(default=None, primary_key=True)
    concept_id: int = Col(sa_column=reference("concept.id"))
    retired_on: date | None = None


class EditionMeasure(SQLModel, table=True):
    """A Maßnahme in a Fassung: its place, the council's wording, the display text.

    `position` counts within the goal. Display text and `prioritised` are those that the Fassung
    begins with; an `Entry` of a later day takes their place.
    """

    __tablename__ = "edition_measure"
    __table_args__ = (
        UniqueConstraint("edition_id", "measure_id"),
        UniqueConstraint("edition_id", "code"),
    )

    id: int | None = Col(default=None, primary_key=True)
    edition_id: int = Col(sa_column=reference("edition.id", index=False))
    measure_id: int = Col(sa_column=reference("measure.id"))
    edition_goal_id: int = Col(sa_column=reference("edition_goal.id"))
    code: str = Col(max_length=20)
    position: int
    kind: MeasureKind = Col(sa_column=enum_column(MeasureKind, "kind"))
    text: str = Col(sa_column=Column(Text, nullable=False))
    display_text: str = Col(sa_column=Column(Text, nullable=False))
    prioritised: bool = False


class EntryKind(StrEnum):
    """What holds from a day: each kind has a history of its own."""

    DISPLAY_TEXT = "display_text"
    PRIORITISED = "prioritised"
    WEIGHT = "weight"
    COMPETENCE = "competence"
    SHORT_TERM = "short_term"
    CONCRETISATION = "concretisation"
    FUNDING = "funding"
    PRINCIPLES = "principles"
    TARGET = "target"
    NAME = "name"
    INSTITUTION_KIND = "institution_kind"
    IS_ACTIVE = "is_active"


# The columns of an entry of each kind; what belongs together changes together.
PARTS: Mapping[EntryKind, tuple[str, ...]] = {
    EntryKind.DISPLAY_TEXT: ("display_text",),
    EntryKind.PRIORITISED: ("prioritised",),
    EntryKind.WEIGHT: ("weight",),
    EntryKind.COMPETENCE: ("competence", "competence_reason"),
    EntryKind.SHORT_TERM: ("short_term",),
    EntryKind.CONCRETISATION: (
        "concretisation",
        "concretisation_office",
        "concretisation_on",
    ),
    EntryKind.FUNDING: ("municipal_funding", "municipal_funding_period"),
    EntryKind.PRINCIPLES: ("principles",),
    EntryKind.TARGET: ("target",),
    EntryKind.NAME: ("name", "short_name"),
    EntryKind.INSTITUTION_KIND: ("institution_kind",),
    EntryKind.IS_ACTIVE: ("is_active",),
}
OF_EDITION = (EntryKind.DISPLAY_TEXT, EntryKind.PRIORITISED)
OF_INSTITUTION = (EntryKind.NAME, EntryKind.INSTITUTION_KIND, EntryKind.IS_ACTIVE)
_LIVE = text("replaced_at IS NULL")


class Entry(SQLModel, table=True):
    """What the KI has set at a measure, goal, Kennzahl or institution, until the next of its kind.

    Only the columns of its kind (`PARTS`) are filled. An entry for the same day takes the place
    of the one before, which stays readable with `replaced_at`. Display text and `prioritised`
    belong to a Fassung. `municipal_funding` is in euro: None is unknown, 0 is none; `principles`
    are keys of Grundsätze. `entered_by_id` is empty for what was there before there were days.
    """

    __table_args__ = (
        CheckConstraint(
            "CASE WHEN measure_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN goal_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN indicator_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN institution_id IS NULL THEN 0 ELSE 1 END = 1",
            name="one_subject",
        ),
        CheckConstraint("(indicator_id IS NOT NULL) = (kind = 'target')", name="of_indicator"),
        CheckConstraint(
            "(institution_id IS NOT NULL) = (kind IN ('name', 'institution_kind', 'is_active'))",
            name="of_institution",
        ),
        CheckConstraint(
            "(edition_id IS NOT NULL) = (kind IN ('display_text', 'prioritised'))",
            name="of_edition",
        ),
        Index(
            "uq_entry_measure_day",
            *("measure_id", "kind", "valid_from"),
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(
            "uq_entry_goal_day",
            *("goal_id", "kind", "valid_from"),
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(
            "uq_entry_indicator_day",
            *("indicator_id", "kind", "valid_from"),
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(
            "uq_entry_institution_day",
            *("institution_id", "kind", "valid_from"),
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: int | None = Col(default=None, primary_key=True)
    measure_id: int | None = Col(
        default=None, sa_column=reference("measure.id", nullable=True, index=False)
    )
    goal_id: int | None = Col(
        default=None, sa_column=reference("goal.id", nullable=True, index=False)
    )
    indicator_id: int | None = Col(
        default=None, sa_column=reference("indicator.id", nullable=True, index=False)
    )
    institution_id: int | None = Col(
        default=None, sa_column=reference("institution.id", nullable=True, index=False)
    )
    edition_id: int | None = Col(
        default=None, sa_column=reference("edition.id", nullable=True, index=False)
    )
    kind: EntryKind = Col(sa_column=enum_column(EntryKind, "kind"))
    valid_from: date
    entered_at: datetime
    entered_by_id: int | None = Col(
        default=None, sa_column=reference("account.id", nullable=True, index=False)
    )
    replaced_at: datetime | None = None
    display_text: str | None = Col(default=None, sa_column=Column(Text))
    prioritised: bool | None = None
    weight: Decimal | None = Col(default=None, sa_column=Column(DecimalText))
    competence: Competence | None = Col(
        default=None, sa_column=enum_column(Competence, "competence", nullable=True)
    )
    competence_reason: str | None = Col(default=None, sa_column=Column(Text))
    short_term: ShortTerm | None = Col(
        default=None, sa_column=enum_column(ShortTerm, "short_term", nullable=True)
    )
    concretisation: str | None = Col(default=None, sa_column=Column(Text))
    concretisation_office: str | None = Col(default=None, max_length=200)
    concretisation_on: date | None = None
    municipal_funding: Decimal | None = Col(default=None, sa_column=Column(DecimalText))
    municipal_funding_period: str | None = Col(default=None, max_length=200)
    principles: list[str] | None = Col(default=None, sa_column=Column(JSON(none_as_null=True)))
    target: Decimal | None = Col(default=None, sa_column=Column(DecimalText))
    name: str | None = Col(default=None, max_length=300)
    short_name: str | None = Col(default=None, max_length=80)
    institution_kind: InstitutionKind | None = Col(
        default=None, sa_column=enum_column(InstitutionKind, "institution_kind", nullable=True)
    )
    is_active: bool | None = None


class EditorialNote(SQLModel, table=True):
    """A remark of the editors on a wording that is kept as the council adopted it."""

    __table_args__ = (
        CheckConstraint(
            "(edition_goal_id IS NULL) <> (edition_measure_id IS NULL)", name="one_subject"
        ),
    )

    id: int | None = Col(default=None, primary_key=True)
    edition_goal_id: int | None = Col(
        default=None, sa_column=reference("edition_goal.id", nullable=True)
    )
    edition_measure_id: int | None = Col(
        default=None, sa_column=reference("edition_measure.id", nullable=True)
    )
    position: int
    text: str = Col(sa_column=Column(Text, nullable=False))


class Indicator(SQLModel, table=True):
    """A Kennzahl of a measure: kind, operator (">=", ">", "="), target, unit, period.

    The target is that of the resolution; an `Entry` of a later day takes its place.
    """

    __table_args__ = (UniqueConstraint("concept_id", "key"),)

    id: int | None = Col(default=None, primary_key=True)
    concept_id: int = Col(sa_column=reference("concept.id", index=False))
    measure_id: int = Col(sa_column=reference("measure.id"))
    key: str = Col(max_length=40)
    name: str = Col(max_length=300)
    kind: IndicatorKind = Col(sa_column=enum_column(IndicatorKind, "kind"))
    operator: str = Col(max_length=2)
    target: Decimal = Col(sa_column=Column(DecimalText, nullable=False))
    unit: str = Col(max_length=80)
    per_year: bool = False
    note: str = Col(default="", sa_column=Column(Text, nullable=False))


class Principle(SQLModel, table=True):
    """A Grundsatz of the Leitbild (002, Anlage 1)."""

    __table_args__ = (UniqueConstraint("concept_id", "key"),)

    id: int | None = Col(default=None, primary_key=True)
    concept_id: int = Col(sa_column=reference("concept.id", index=False))
    key: str = Col(max_length=40)
    position: int
    name: str = Col(max_length=200)


class Institution(SQLModel, table=True):
    """A member institution of the Migrationskonferenz.

    Names, kind and `is_active` are those that it began with; an `Entry` of a later day takes
    their place (`queries.entries.name_on`).
    """

    id: int | None = Col(default=None, primary_key=True)
    key: str = Col(max_length=80, unique=True)
    name: str = Col(max_length=300)
    short_name: str = Col(max_length=80)
    kind: InstitutionKind = Col(sa_column=enum_column(InstitutionKind, "kind"))
    source: str = Col(default="", max_length=300)
    is_active: bool = True


class Responsibility(SQLModel, table=True):
    """Who leads or takes part in a measure, from when to when (both days inclusive).

    At most one lead without an end; the action keeps dated leads from overlapping (ADR 0003).
    """

    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        Index(
            "uq_responsibility_open_lead",
            "measure_id",
            unique=True,
            sqlite_where=text("role = 'lead' AND valid_to IS NULL"),
            postgresql_where=text("role = 'lead' AND valid_to IS NULL"),
        ),
    )

    id: int | None = Col(default=None, primary_key=True)
    measure_id: int = Col(sa_column=reference("measure.id"))
    institution_id: int = Col(sa_column=reference("institution.id"))
    role: ResponsibilityRole = Col(sa_column=enum_column(ResponsibilityRole, "role"))
    valid_from: date
    valid_to: date | None = None
