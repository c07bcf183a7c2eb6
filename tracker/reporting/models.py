"""Rounds, expected reports, revisions, reviews, contributions and returned Erhebungsbögen."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlmodel import Field as Col
from sqlmodel import SQLModel

from tracker.core.columns import enum_column, one_of, reference, together
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.rounds import RoundState
from tracker.reporting.rules.status import (
    HALTED,
    TROUBLED,
    Asked,
    Course,
    Implementation,
    course_asked,
)


def _asked(kind: Asked) -> list[StrEnum]:
    return [state for state in Implementation if course_asked(state) is kind]


# domain.md 4 as CHECKs: Verlauf where it is asked, none where it is not, reasons where needed.
COURSE_RULE = (
    f"({one_of('implementation', _asked(Asked.REQUIRED))} AND course IS NOT NULL)"
    f" OR ({one_of('implementation', _asked(Asked.NOT_ASKED))} AND course IS NULL)"
    f" OR {one_of('implementation', _asked(Asked.OPTIONAL))}"
)
REASON_RULE = (
    f"reason <> '' OR NOT ({one_of('implementation', sorted(HALTED))}"
    f" OR (course IS NOT NULL AND {one_of('course', sorted(TROUBLED))}))"
)


class Decision(StrEnum):
    """What the KI decided on a submitted report."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    REVOKED = "revoked"


class Round(SQLModel, table=True):
    """A Berichtsrunde of a concept and period.

    On `opens_on` and after the end of `closes_on` the clock opens and closes it; None: by hand.
    `cancelled_at` and its reason are those of a round that was open already. `before_correction`
    holds what a correction began from (`rounds.actions.corrections`), while it lasts.
    """

    __table_args__ = (
        UniqueConstraint("concept_id", "period"),
        CheckConstraint("period_end >= period_start", name="period"),
        CheckConstraint("due_on > period_end", name="due_after_period"),
        CheckConstraint(
            "state IN ('planned', 'cancelled') OR opened_at IS NOT NULL", name="opened"
        ),
        CheckConstraint(
            "state NOT IN ('closed', 'published') OR closed_at IS NOT NULL", name="closed"
        ),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published"),
        CheckConstraint("resubmit_days > 0", name="resubmit_days"),
        CheckConstraint("opens_on <= due_on", name="opens_before_due"),
        CheckConstraint("closes_on >= due_on", name="closes_after_due"),
        together("cancellation", "cancelled_at", "cancelled_reason"),
        CheckConstraint(
            "(state = 'cancelled' AND opened_at IS NOT NULL) = (cancelled_at IS NOT NULL)",
            name="cancelled",
        ),
        CheckConstraint("cancelled_reason <> ''", name="cancelled_reason"),
        CheckConstraint(
            "before_correction IS NULL OR (published_at IS NOT NULL AND state <> 'published')",
            name="before_correction",
        ),
    )

    id: int | None = Col(default=None, primary_key=True)
    concept_id: int = Col(sa_column=reference("concept.id"))
    edition_id: int = Col(sa_column=reference("edition.id"))
    period: str = Col(max_length=10, index=True)
    period_start: date
    period_end: date
    state: RoundState = Col(default=RoundState.PLANNED, sa_column=enum_column(RoundState, "state"))
    due_on: date
    despatch_on: date | None = None
    committee_on: date | None = None
    resubmit_days: int = 7
    opens_on: date | None = None
    closes_on: date | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    published_at: datetime | None = None
    correction_reason: str = Col(default="", sa_column=Column(Text, nullable=False))
    cancelled_at: datetime | None = None
    cancelled_reason: str | None = Col(default=None, sa_column=Column(Text))
    before_correction: dict[str, Any] | None = Col(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )


class Report(SQLModel, table=True):
    """The one expected report of a measure and round.

    The row set is frozen at opening; what joined it later has an Extension that says so.
    `draft` is the working text, `draft_version` refuses a second save over somebody else's.
    `previous_report_id` is the measure's last accepted report; while this one may be written it
    follows what is accepted since (`rounds.renew_previous`).
    """

    __table_args__ = (
        UniqueConstraint("round_id", "measure_id"),
        Index("ix_report_institution_round", "institution_id", "round_id"),
        CheckConstraint(
            "state NOT IN ('submitted', 'accepted', 'returned')"
            " OR (first_submitted_at IS NOT NULL AND revision > 0)",
            name="submitted",
        ),
        together("submission", "submitted_at", "submitted_by_id"),
        together("first_submission", "first_submitted_at", "submitted_at"),
        together("waiver", "waived_at", "waived_by_id", "waived_reason", "state_before_waiver"),
        CheckConstraint("(state = 'waived') = (waived_at IS NOT NULL)", name="waived"),
        CheckConstraint("waived_reason IS NULL OR waived_reason <> ''", name="waiver_reason"),
        together("reviewed", "reviewed_implementation", "reviewed_reason"),
        CheckConstraint(
            "reviewed_course IS NULL OR reviewed_implementation IS NOT NULL", name="reviewed_both"
        ),
        CheckConstraint("reviewed_reason IS NULL OR reviewed_reason <> ''", name="review_reason"),
        together("dissent", "dissent", "dissent_at", "dissent_by_id"),
        CheckConstraint("state <> 'returned' OR returned_at IS NOT NULL", name="returned"),
    )

    id: int | None = Col(default=None, primary_key=True)
    round_id: int = Col(sa_column=reference("round.id"))
    measure_id: int = Col(sa_column=reference("measure.id"))
    institution_id: int = Col(sa_column=reference("institution.id", index=False))
    previous_report_id: int | None = Col(
        default=None, sa_column=reference("report.id", nullable=True)
    )
    state: ReportState = Col(
        default=ReportState.EXPECTED, sa_column=enum_column(ReportState, "state")
    )
    draft: dict[str, Any] | None = Col(default=None, sa_column=Column(JSON(none_as_null=True)))
    draft_version: int = 0
    revision: int = 0
    unchanged: bool = False
    unchanged_streak: int = 0
    first_submitted_at: datetime | None = None
    submitted_at: datetime | None = None
    submitted_by_id: int | None = Col(
        default=None, sa_column=reference("account.id", nullable=True)
    )
    on_behalf: bool = False
    returned_at: datetime | None = None
    waived_at: datetime | None = None
    waived_by_id: int | None = Col(default=None, sa_column=reference("account.id", nullable=True))
    waived_reason: str | None = Col(default=None, sa_column=Column(Text))
    state_before_waiver: ReportState | None = Col(
        default=None, sa_column=enum_column(ReportState, "state_before_waiver", nullable=True)
    )
    reviewed_implementation: Implementation | None = Col(
        default=None,
        sa_column=enum_column(Implementation, "reviewed_implementation", nullable=True),
    )
    reviewed_course: Course | None = Col(
        default=None, sa_column=enum_column(Course, "reviewed_course", nullable=True)
    )
    reviewed_reason: str | None = Col(default=None, sa_column=Column(Text))
    dissent: str | None = Col(default=None, sa_column=Column(Text))
    dissent_at: datetime | None = None
    dissent_by_id: int | None = Col(default=None, sa_column=reference("account.id", nullable=True))


class ReportRevision(SQLModel, table=True):
    """What was submitted, word for word; every revision is kept."""

    __tablename__ = "report_revision"
    __table_args__ = (
        UniqueConstraint("report_id", "number"),
        CheckConstraint(COURSE_RULE, name="course_as_asked"),
        CheckConstraint(REASON_RULE, name="reason_given"),
    )

    id: int | None = Col(default=None, primary_key=True)
    report_id: int = Col(sa_column=reference("report.id"))
    number: int
    implementation: Implementation = Col(sa_column=enum_column(Implementation, "implementation"))
    course: Course | None = Col(
        default=None, sa_column=enum_column(Course, "course", nullable=True)
    )
    reason: str = Col(default="", sa_column=Column(Text, nullable=False))
    content: dict[str, Any] = Col(sa_column=Column(JSON, nullable=False))
    unchanged: bool = False
    submitted_at: datetime
    submitted_by_id: int = Col(sa_column=reference("account.id"))
    on_behalf: bool = False


class Review(SQLModel, table=True):
    """A decision of the KI on one revision, with comment or reason.

    `field_comments` holds what a return asks about single fields, by the field's name.
    """

    __table_args__ = (
        CheckConstraint("decision = 'accepted' OR comment <> ''", name="comment_given"),
    )

    id: int | None = Col(default=None, primary_key=True)
    report_id: int = Col(sa_column=reference("report.id"))
    revision: int
    decision: Decision = Col(sa_column=enum_column(Decision, "decision"))
    comment: str = Col(default="", sa_column=Column(Text, nullable=False))
    reviewed_implementation: Implementation | None = Col(
        default=None,
        sa_column=enum_column(Implementation, "reviewed_implementation", nullable=True),
    )
    reviewed_course: Course | None = Col(
        default=None, sa_column=enum_column(Course, "reviewed_course", nullable=True)
    )
    field_comments: dict[str, str] | None = Col(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    decided_at: datetime
    decided_by_id: int = Col(sa_column=reference("account.id"))


class Extension(SQLModel, table=True):
    """A Nachfrist for an institution (all its reports) or one report, with reason.

    `joins`: the day of its own with which a report joined a round that was open already; so the
    set that was frozen at the opening stays visible beside it.
    """

    __table_args__ = (
        CheckConstraint("(institution_id IS NULL) <> (report_id IS NULL)", name="one_subject"),
        CheckConstraint("NOT joins OR report_id IS NOT NULL", name="joins"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )

    id: int | None = Col(default=None, primary_key=True)
    round_id: int = Col(sa_column=reference("round.id"))
    institution_id: int | None = Col(
        default=None, sa_column=reference("institution.id", nullable=True)
    )
    report_id: int | None = Col(default=None, sa_column=reference("report.id", nullable=True))
    until: date
    reason: str = Col(sa_column=Column(Text, nullable=False))
    granted_at: datetime
    granted_by_id: int = Col(sa_column=reference("account.id"))
    joins: bool = False


class Contribution(SQLModel, table=True):
    """What a partner institution adds to the lead's report (domain.md 5); never counted itself.

    `content` holds text, participants and cost; `version` refuses a second save over somebody
    else's; `taken_version` is the version that the lead took over.
    """

    __table_args__ = (
        UniqueConstraint("report_id", "institution_id"),
        CheckConstraint("version > 0", name="version"),
        together("taken_over", "taken_at", "taken_by_id", "taken_version"),
        CheckConstraint(
            "taken_version IS NULL OR (taken_version > 0 AND taken_version <= version)",
            name="taken_version",
        ),
    )

    id: int | None = Col(default=None, primary_key=True)
    report_id: int = Col(sa_column=reference("report.id", index=False))
    institution_id: int = Col(sa_column=reference("institution.id"))
    content: dict[str, Any] = Col(sa_column=Column(JSON, nullable=False))
    version: int
    saved_at: datetime
    saved_by_id: int = Col(sa_column=reference("account.id"))
    taken_at: datetime | None = None
    taken_by_id: int | None = Col(default=None, sa_column=reference("account.id", nullable=True))
    taken_version: int | None = None


class QuestionnaireUpload(SQLModel, table=True):
    """An Erhebungsbogen that was read without a problem and waits to be taken over, as a whole.

    `answers` lists {report_id, version, content}: what would be saved, and over which version.
    `notes` are sentences about what was typed and is not taken over.
    """

    __tablename__ = "questionnaire_upload"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256"),)

    id: int | None = Col(default=None, primary_key=True)
    round_id: int = Col(sa_column=reference("round.id"))
    institution_id: int = Col(sa_column=reference("institution.id"))
    file_name: str = Col(max_length=200)
    sha256: str = Col(max_length=64)
    answers: list[dict[str, Any]] = Col(sa_column=Column(JSON, nullable=False))
    notes: list[str] = Col(sa_column=Column(JSON, nullable=False, server_default="[]"))
    uploaded_at: datetime
    uploaded_by_id: int = Col(sa_column=reference("account.id"))
    applied_at: datetime | None = None
