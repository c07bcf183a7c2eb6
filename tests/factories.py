"""A small world for tests, built through the same rows and actions as real use.

`World(session)` has a concept with two fields, `measures` per goal, institutions and accounts;
`open_round` leads on to reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from sqlmodel import Session, SQLModel, select

from tracker.accounts.models import Account
from tracker.concept.actions import responsibilities
from tracker.concept.models import (
    Concept,
    Edition,
    EditionField,
    EditionGoal,
    EditionMeasure,
    EditionState,
    Field,
    Goal,
    Institution,
    InstitutionKind,
    Measure,
    MeasureKind,
    ResponsibilityRole,
)
from tracker.core.periods import Period
from tracker.core.permissions import Actor, Function, Role
from tracker.reporting.models import Report, Round
from tracker.reporting.reports.actions import reports
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import ReportContent
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.status import Course, Implementation

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
    """Everything a test needs, by short names.

    `beside` is another world in the same database: its institutions and people, a concept of its
    own under another `key`, with the same numbers.
    """

    session: Session
    fields: int = 2
    measures_per_field: int = 3
    key: str = "probe"
    beside: World | None = None
    measures: list[Measure] = field(default_factory=list)
    # What the Fassung says of each measure, in the same order.
    wordings: list[EditionMeasure] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Build concept, institutions and accounts."""
        session = self.session
        concept = Concept(
            key=self.key,
            title=f"{self.key.title()}konzept",
            city="Bielefeld",
            resolved_on=date(2010, 9, 23),
        )
        session.add(concept)
        session.flush()
        self.concept_id = _key(concept.id)
        edition = Edition(
            concept_id=self.concept_id,
            number=1,
            title="Fassung 2010",
            state=EditionState.ADOPTED,
            resolved_on=START,
            valid_from=START,
        )
        session.add(edition)
        session.flush()
        self.edition_id = _key(edition.id)
        self._measures()
        if self.beside is None:
            self.library = _institution("vhs", "Volkshochschule")
            self.club = _institution("ibz", "Begegnungszentrum")
            self._add([self.library, self.club])
            self._people()
            return
        self.library, self.club = self.beside.library, self.beside.club
        self.coordination, self.committee = self.beside.coordination, self.beside.committee
        self.representative, self.stranger = self.beside.representative, self.beside.stranger

    def _measures(self) -> None:
        """Each field has one goal; level by level, because a level needs the keys of the last."""
        concept_id, edition_id = self.concept_id, self.edition_id
        fields = [Field(concept_id=concept_id) for _ in range(self.fields)]
        goals = [Goal(concept_id=concept_id) for _ in fields]
        self.measures += [
            Measure(concept_id=concept_id) for _ in goals for _ in range(self.measures_per_field)
        ]
        self._add([*fields, *goals, *self.measures])
        field_rows = [
            EditionField(
                edition_id=edition_id,
                field_id=_key(row.id),
                code=str(number),
                position=number,
                name=f"Handlungsfeld {number}",
            )
            for number, row in enumerate(fields, start=1)
        ]
        self._add(field_rows)
        goal_rows = [
            EditionGoal(
                edition_id=edition_id,
                goal_id=_key(row.id),
                edition_field_id=_key(field_row.id),
                code=str(number),
                position=number,
                title=f"Ziel {number}",
                title_annex2=f"Ziel {number} nach Anlage 2",
            )
            for number, (row, field_row) in enumerate(zip(goals, field_rows, strict=True), start=1)
        ]
        self._add(goal_rows)
        places = [
            (goal_row, position)
            for goal_row in goal_rows
            for position in range(1, self.measures_per_field + 1)
        ]
        self.wordings += [
            EditionMeasure(
                edition_id=edition_id,
                measure_id=_key(row.id),
                edition_goal_id=_key(goal_row.id),
                code=f"{goal_row.code}.{position}",
                position=position,
                kind=MeasureKind.MEASURE,
                text=f"Maßnahme {goal_row.code}.{position}",
                display_text=f"Maßnahme {goal_row.code}.{position}",
            )
            for row, (goal_row, position) in zip(self.measures, places, strict=True)
        ]
        self._add(self.wordings)

    def _people(self) -> None:
        """One person or two for every part that is played."""
        library, staff = self.library, Function.STAFF
        accounts = [
            _account("ki@example.org", Role.COORDINATION),
            _account("ki2@example.org", Role.COORDINATION),
            _account("hba@example.org", Role.COMMITTEE),
            _account("vhs@example.org", Role.INSTITUTION, library),
            _account("mitarbeit@example.org", Role.INSTITUTION, library, staff),
            _account("ibz@example.org", Role.INSTITUTION, self.club),
        ]
        self._add(accounts)
        (
            self.coordination,
            self.second_coordination,
            self.committee,
            self.representative,
            self.staff,
            self.stranger,
        ) = (_acting(account) for account in accounts)

    def _add(self, rows: Sequence[SQLModel]) -> None:
        self.session.add_all(rows)
        self.session.flush()

    def institution(self, key: str, name: str) -> Institution:
        """Add an institution."""
        row = _institution(key, name)
        self._add([row])
        return row

    def actor(
        self,
        email: str,
        role: Role,
        institution: Institution | None = None,
        function: Function | None = None,
    ) -> Actor:
        """Add an account without password and return who acts with it."""
        account = _account(email, role, institution, function)
        self._add([account])
        return _acting(account)

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

    def accept(
        self, report: Report, found: Value | None = None, *, at: str = "2026-10-06 09:00"
    ) -> Report:
        """Accept a report as it is, or with another value."""
        return review.accept(
            self.session,
            report_id=_key(report.id),
            reviewed=found,
            reason="Es stockt." if found else "",
            by=self.coordination,
            now=moment(at),
        )


def _institution(key: str, name: str) -> Institution:
    return Institution(
        key=key, name=name, short_name=name, kind=InstitutionKind.INDEPENDENT, source="Probe"
    )


def _account(
    email: str,
    role: Role,
    institution: Institution | None = None,
    function: Function | None = None,
) -> Account:
    """An account of an institution is its benannte Vertretung's if nothing else is said."""
    return Account(
        email=email,
        name=email.split("@", maxsplit=1)[0],
        role=role,
        institution_id=institution.id if institution else None,
        function=function or (Function.REPRESENTATIVE if institution else None),
        created_at=moment("2020-01-01 00:00"),
    )


def _acting(account: Account) -> Actor:
    return Actor(
        _key(account.id), account.name, account.role, account.institution_id, account.function
    )


def _key(value: int | None) -> int:
    assert value is not None
    return value
