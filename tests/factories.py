"""A small world for tests, built through the same rows and actions as real use.

`World(session)` has a concept with two fields, `measures` per goal, institutions and accounts;
`open_round` leads on to reports.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from sqlmodel import Session, select

from tracker.actions import reports, responsibilities, review, rounds
from tracker.models import (
    Account,
    Concept,
    Edition,
    Field,
    Goal,
    Institution,
    InstitutionKind,
    Measure,
    MeasureKind,
    Report,
    ResponsibilityRole,
    Round,
)
from tracker.rules.content import ReportContent
from tracker.rules.periods import Period
from tracker.rules.permissions import Actor, Function, Role
from tracker.rules.status import Course, Implementation

START = date(2020, 1, 1)
RUNNING = ReportContent(
    implementation=Implementation.IN_PROGRESS,
    course=Course.ON_TRACK,
    achieved="Zwei Kurse haben begonnen.",
    next_step="Dritten Kurs ausschreiben",
    next_step_on=date(2027, 1, 31),
)
CRITICAL = replace(
    RUNNING,
    course=Course.CRITICAL,
    reason="Die Räume fehlen.",
    consequence="Der Ausschuss möge Räume zuweisen.",
)


def moment(text: str) -> datetime:
    """Read "2026-10-05 09:00" as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass
class World:
    """Everything a test needs, by short names."""

    session: Session
    fields: int = 2
    measures_per_field: int = 3
    measures: list[Measure] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Build concept, institutions and accounts."""
        session = self.session
        concept = Concept(
            key="probe", title="Probekonzept", city="Bielefeld", resolved_on=date(2010, 9, 23)
        )
        session.add(concept)
        session.flush()
        self.concept_id = _key(concept.id)
        edition = Edition(
            concept_id=self.concept_id, number=1, title="Fassung 2010", valid_from=START
        )
        session.add(edition)
        session.flush()
        self.edition_id = _key(edition.id)
        for position in range(1, self.fields + 1):
            self._field(position)
        self.library = self.institution("vhs", "Volkshochschule")
        self.club = self.institution("ibz", "Begegnungszentrum")
        self.coordination = self.actor("ki@example.org", Role.COORDINATION)
        self.second_coordination = self.actor("ki2@example.org", Role.COORDINATION)
        self.committee = self.actor("hba@example.org", Role.COMMITTEE)
        self.representative = self.actor("vhs@example.org", Role.INSTITUTION, self.library)
        self.staff = self.actor(
            "mitarbeit@example.org", Role.INSTITUTION, self.library, Function.STAFF
        )
        self.stranger = self.actor("ibz@example.org", Role.INSTITUTION, self.club)

    def _field(self, position: int) -> None:
        row = Field(edition_id=self.edition_id, position=position, name=f"Handlungsfeld {position}")
        self.session.add(row)
        self.session.flush()
        goal = Goal(
            field_id=_key(row.id),
            number=position,
            title=f"Ziel {position}",
            title_annex2=f"Ziel {position} nach Anlage 2",
        )
        self.session.add(goal)
        self.session.flush()
        for number in range(1, self.measures_per_field + 1):
            measure = Measure(
                goal_id=_key(goal.id),
                code=f"{position}.{number}",
                position=number,
                kind=MeasureKind.MEASURE,
                text=f"Maßnahme {position}.{number}",
                display_text=f"Maßnahme {position}.{number}",
            )
            self.session.add(measure)
            self.measures.append(measure)
        self.session.flush()

    def institution(self, key: str, name: str) -> Institution:
        """Add an institution."""
        row = Institution(
            key=key, name=name, short_name=name, kind=InstitutionKind.INDEPENDENT, source="Probe"
        )
        self.session.add(row)
        self.session.flush()
        return row

    def actor(
        self,
        email: str,
        role: Role,
        institution: Institution | None = None,
        function: Function | None = None,
    ) -> Actor:
        """Add an account without password and return who acts with it."""
        if institution is not None and function is None:
            function = Function.REPRESENTATIVE
        account = Account(
            email=email,
            name=email.split("@", maxsplit=1)[0],
            role=role,
            institution_id=institution.id if institution else None,
            function=function,
            created_at=moment("2020-01-01 00:00"),
        )
        self.session.add(account)
        self.session.flush()
        return Actor(_key(account.id), account.name, role, account.institution_id, function)

    def lead(self, institution: Institution, *measures: Measure) -> None:
        """Make an institution the lead of measures (of all if none are named) since 2020."""
        responsibilities.assign(
            self.session,
            measure_ids=[_key(item.id) for item in measures or self.measures],
            institution_id=_key(institution.id),
            role=ResponsibilityRole.LEAD,
            valid_from=START,
            valid_to=None,
            by=self.coordination,
            now=moment("2020-01-01 00:00"),
        )

    def open_round(self, period: str = "2026-Q3", *, opened: str = "2026-10-01 06:00") -> Round:
        """Plan and open a round that is due on the 15th of the month after the period."""
        parsed = Period.parse(period)
        round_ = rounds.plan(
            self.session,
            concept_id=self.concept_id,
            period=parsed,
            due_on=parsed.default_due_on(15),
            resubmit_days=7,
            by=self.coordination,
            now=moment(opened),
        )
        rounds.open_round(self.session, round_=round_, by=self.coordination, now=moment(opened))
        return round_

    def report(self, round_: Round, measure: Measure) -> Report:
        """The expected report of a measure."""
        return self.session.exec(
            select(Report).where(Report.round_id == round_.id, Report.measure_id == measure.id)
        ).one()

    def submit(
        self, report: Report, content: ReportContent = RUNNING, *, at: str = "2026-10-05 09:00"
    ) -> Report:
        """Submit a report by the library's representative."""
        return reports.submit(
            self.session,
            report_id=_key(report.id),
            content=content,
            expected_version=report.draft_version,
            by=self.representative,
            now=moment(at),
        )

    def accept(self, report: Report, *, at: str = "2026-10-06 09:00") -> Report:
        """Accept a report as it is."""
        return review.accept(
            self.session,
            report_id=_key(report.id),
            reviewed=None,
            reason="",
            by=self.coordination,
            now=moment(at),
        )


def _key(value: int | None) -> int:
    assert value is not None
    return value
