"""What the clock's mails are decided on: who owes which reports until when, and who reads mail.

A fixed number of statements, however many institutions there are; what follows from the rows is
decided by `tracker.outbox.rules.mailing`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Executable, bindparam, func, select
from sqlmodel import Session, col

from tracker.accounts.models import Account
from tracker.accounts.queries.accounts import CONCEPTS, concepts_in, submits, usable
from tracker.concept.models import EditionMeasure, Institution
from tracker.concept.queries.concept import wording_in
from tracker.concept.queries.concepts import ConceptName, concepts
from tracker.concept.queries.entries import is_active_on, short_name_on
from tracker.core.columns import columns
from tracker.core.german import shortened
from tracker.core.periods import Period, local_day
from tracker.core.permissions import Role
from tracker.core.settings import Settings
from tracker.core.text import alphabetical
from tracker.mail.letters import named
from tracker.outbox.rules.mailing import Deadline
from tracker.reporting.models import Decision, Report, Review, Round
from tracker.reporting.rounds.queries.round_list import GrantedIndex, granted_in
from tracker.reporting.rules.reports import EDITABLE, ReportState, due_on, takes_reports
from tracker.reporting.rules.rounds import RUNNING_STATES, RoundState

_TITLE = 60


@dataclass(frozen=True)
class Recipient:
    """Somebody who gets a mail; `account_id` 0 is the address of the settings.

    `concepts` are the only ones of which the KI's person is told, None: all.
    """

    account_id: int
    name: str
    email: str
    concepts: frozenset[int] | None = None

    def may_see(self, concept_id: int) -> bool:
        return self.concepts is None or concept_id in self.concepts


@dataclass(frozen=True)
class RoundName:
    """What names a round; its concept's title is "" while there is only one."""

    id: int
    concept: ConceptName
    period: Period

    @property
    def concept_id(self) -> int:
        return self.concept.id

    @property
    def concept_title(self) -> str:
        return self.concept.title

    @property
    def label(self) -> str:
        return named(self.period.label, self.concept_title)


@dataclass(frozen=True)
class MailRound:
    """A round as mails know it."""

    name: RoundName
    state: RoundState
    due_on: date
    opened_at: datetime
    resubmit_days: int
    is_correction: bool

    @property
    def id(self) -> int:
        return self.name.id

    @property
    def concept_id(self) -> int:
        return self.name.concept_id

    @property
    def concept_title(self) -> str:
        return self.name.concept_title

    @property
    def concept_key(self) -> str:
        return self.name.concept.key

    @property
    def period(self) -> Period:
        return self.name.period


@dataclass(frozen=True)
class OwedReport:
    """A report that the institution has to hand in, for the first time or again.

    `deadline.since` is the opening, or the granting of the Nachfrist that holds; `takes_text`
    says whether it can be handed in now, `joins` whether it was asked for after the opening.
    `times_returned` counts the returns of this revision: an abandoned correction may leave one.
    """

    id: int
    code: str
    revision: int
    is_returned: bool
    returned_at: datetime | None
    deadline: Deadline
    takes_text: bool
    joins: bool = False
    times_returned: int = 0


@dataclass(frozen=True)
class Owing:
    """An institution that owes reports of a round, and who of it reads mails today."""

    round: MailRound
    institution_id: int
    institution: str
    is_active: bool
    recipients: tuple[Recipient, ...]
    reports: tuple[OwedReport, ...]

    @property
    def missing(self) -> tuple[OwedReport, ...]:
        return tuple(report for report in self.reports if not report.is_returned)

    @property
    def asked_for(self) -> tuple[OwedReport, ...]:
        """Return what was never handed in and can be now: what mails ask for."""
        return tuple(report for report in self.missing if report.takes_text)

    @property
    def returned(self) -> tuple[OwedReport, ...]:
        return tuple(report for report in self.reports if report.is_returned and report.takes_text)

    @property
    def is_unreachable(self) -> bool:
        return self.is_active and not self.recipients and bool(self.asked_for or self.returned)


# Built once: the clock asks several times in each pass.
_TODAY: BindParameter[date] = bindparam("today")
_REPRESENTATIVES: Executable = (
    select(*columns(Account.institution_id, Account.id, Account.name, Account.email))
    .where(col(Account.role) == Role.INSTITUTION, usable(_TODAY), submits(_TODAY))
    .order_by(col(Account.id))
)


_TIMES_RETURNED = (
    select(func.count(col(Review.id)))
    .where(
        col(Review.report_id) == col(Report.id),
        col(Review.revision) == col(Report.revision),
        col(Review.decision) == Decision.RETURNED,
    )
    .correlate(Report)
    .scalar_subquery()
)


def owing(session: Session, *, now: datetime) -> tuple[Owing, ...]:
    """Return who owes reports in the running rounds at `now`, by period and institution."""
    rounds = {round_.id: round_ for round_ in running_rounds(session, now=now)}
    if not rounds:
        return ()
    today = local_day(now)
    statement = (
        select(
            *columns(Report.id, Report.revision, Report.state, Report.returned_at),
            *columns(Report.round_id, Report.institution_id),
            *(short_name_on(today), is_active_on(today), col(EditionMeasure.code)),
            _TIMES_RETURNED.label("times_returned"),
        )
        .join(Institution, col(Institution.id) == col(Report.institution_id))
        .join(Round, col(Round.id) == col(Report.round_id))
        .outerjoin(EditionMeasure, wording_in(col(Report.measure_id), col(Round.edition_id)))
        .where(col(Report.round_id).in_(rounds), col(Report.state).in_(EDITABLE))
        .order_by(col(Report.id))
    )
    by_institution: defaultdict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in session.execute(statement):
        by_institution[row.round_id, row.institution_id].append(row)
    if not by_institution:
        return ()
    granted = granted_in(session, rounds)
    recipients = representatives(session, today=today)
    return tuple(
        Owing(
            round=rounds[round_id],
            institution_id=institution_id,
            institution=rows[0].short_name,
            is_active=rows[0].is_active,
            recipients=recipients.get(institution_id, ()),
            reports=tuple(_owed(row, rounds[round_id], granted, now) for row in rows),
        )
        for (round_id, institution_id), rows in sorted(
            by_institution.items(),
            key=lambda pair: (rounds[pair[0][0]].period, alphabetical(pair[1][0].short_name)),
        )
    )


def running_rounds(session: Session, *, now: datetime) -> tuple[MailRound, ...]:
    """Return the rounds in which reports can change, as they stand once the clock has closed.

    An open round whose last day is over counts as closed, whether or not the clock came by.
    """
    statement = select(Round).where(col(Round.state).in_(RUNNING_STATES))
    rows = session.scalars(statement.order_by(col(Round.period_start), col(Round.id))).all()
    known = told_apart(session) if rows else {}
    return tuple(
        mail_round(
            row,
            concept=known[row.concept_id],
            state=RoundState.CLOSED if is_to_close(row, today=local_day(now)) else row.state,
            opened_at=row.opened_at or now,
        )
        for row in rows
    )


def told_apart(session: Session) -> Mapping[int, ConceptName]:
    """Return the concepts by id; titles are short enough for a subject, "" while there is one."""
    known = concepts(session)
    if len(known) < 2:
        return {concept.id: replace(concept, title="") for concept in known}
    return {
        concept.id: replace(concept, title=shortened(concept.title, _TITLE)) for concept in known
    }


def round_names(
    session: Session, round_ids: Collection[int], *where: ColumnElement[bool]
) -> tuple[RoundName, ...]:
    """Return the names of rounds by concept and period."""
    if not round_ids:
        return ()
    known = told_apart(session)
    statement = (
        select(*columns(Round.id, Round.concept_id, Round.period))
        .where(col(Round.id).in_(round_ids), *where)
        .order_by(*columns(Round.concept_id, Round.period_start))
    )
    return tuple(
        RoundName(id_, known[concept_id], Period.parse(period))
        for id_, concept_id, period in session.execute(statement)
    )


def mail_round(
    row: Round, *, concept: ConceptName, state: RoundState, opened_at: datetime
) -> MailRound:
    return MailRound(
        name=RoundName(row.id or 0, concept, Period.parse(row.period)),
        state=state,
        due_on=row.due_on,
        opened_at=opened_at,
        resubmit_days=row.resubmit_days,
        is_correction=row.published_at is not None,
    )


def is_to_close(round_: Round, *, today: date) -> bool:
    return (
        round_.state is RoundState.OPEN
        and round_.closes_on is not None
        and round_.closes_on < today
    )


def representatives(session: Session, *, today: date) -> Mapping[int, tuple[Recipient, ...]]:
    """Return who gets an institution's mails today: its benannte Vertretungen and deputies."""
    recipients: defaultdict[int, list[Recipient]] = defaultdict(list)
    for institution_id, *who in session.execute(_REPRESENTATIVES, {"today": today}):
        recipients[institution_id].append(Recipient(*who))
    return {institution_id: _by_name(people) for institution_id, people in recipients.items()}


def coordination(session: Session, *, settings: Settings, today: date) -> tuple[Recipient, ...]:
    """Return who gets the KI's mails: CONTACT_EMAIL, without it everybody in the KI."""
    if settings.contact_email:
        return (Recipient(0, settings.office_name, settings.contact_email),)
    statement = (
        select(*columns(Account.id, Account.name, Account.email), CONCEPTS)
        .where(col(Account.role) == Role.COORDINATION, usable(today))
        .order_by(col(Account.id))
    )
    return _by_name(
        Recipient(id_, name, email, concepts_in(listed))
        for id_, name, email, listed in session.execute(statement)
    )


def _by_name(people: Iterable[Recipient]) -> tuple[Recipient, ...]:
    return tuple(sorted(people, key=lambda person: alphabetical(person.name)))


def _owed(row: Any, round_: MailRound, granted: GrantedIndex, now: datetime) -> OwedReport:
    extensions = [
        extension
        for extension in granted.of(round_.id, row.id, row.institution_id)
        if extension.granted_at <= now
    ]
    day = due_on(round_.due_on, extensions, at=now)
    since = min(
        (
            extension.granted_at
            for extension in extensions
            if extension.until == day and day > round_.due_on
        ),
        default=round_.opened_at,
    )
    return OwedReport(
        id=row.id,
        code=row.code or "",
        revision=row.revision,
        is_returned=row.state is ReportState.RETURNED,
        returned_at=row.returned_at,
        deadline=Deadline(day, max(since, round_.opened_at)),
        takes_text=takes_reports(round_.state, extensions, now=now),
        joins=any(extension.joins for extension in extensions),
        times_returned=row.times_returned,
    )
