"""What would be sent next, to whom, when: the clock's own reckoning at a moment to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.concept.models import Institution
from tracker.concept.queries.concept import measures_to_report
from tracker.concept.queries.concepts import ConceptName
from tracker.concept.queries.entries import is_active_on, short_name_on
from tracker.core.periods import local_day
from tracker.core.settings import Settings
from tracker.core.text import alphabetical
from tracker.mail.queries.mail_facts import (
    OwedReport,
    Owing,
    mail_round,
    owing,
    representatives,
    told_apart,
)
from tracker.mail.queries.mail_plan import PlannedMail, planned_mails
from tracker.outbox.rules.mailing import Deadline, escalation_at, invitation_at, send_at, waves
from tracker.reporting.models import Round
from tracker.reporting.rules.rounds import RoundState


@dataclass(frozen=True)
class NextWave:
    """The mails that go out next, all at one moment.

    `is_due` says that the moment has come: the next pass of the clock sends them. `unreachable`
    names institutions that owe something then and where nobody reads mail.
    """

    at: datetime
    is_due: bool
    mails: tuple[PlannedMail, ...]
    unreachable: tuple[str, ...]


def next_wave(
    session: Session,
    *,
    settings: Settings,
    now: datetime,
    concepts: Collection[int] | None = None,
) -> NextWave | None:
    """Return the next mails about rounds as things stand now; None where none will be.

    `concepts` leaves out the rounds of all others.

    It reckons with what is planned: rounds that the clock will open, terms of accounts and
    deputies, the closing of rounds. What people do until then is not known; notices of returned
    reports are shown once they are due. Nothing is written.
    """
    here = _facts(session, now=now, concepts=concepts)
    due = _planned(session, here, settings=settings, now=now, concepts=concepts)
    if due:
        return NextWave(now, True, due, _unreachable(here))
    for moment in _moments(session, here, settings=settings, now=now):
        then = _facts(session, now=moment, concepts=concepts)
        mails = _planned(session, then, settings=settings, now=moment, concepts=concepts)
        if mails:
            return NextWave(moment, False, mails, _unreachable(then))
    return None


def _facts(
    session: Session, *, now: datetime, concepts: Collection[int] | None
) -> tuple[Owing, ...]:
    """Return who owes reports at a moment, in rounds that the clock opens by then, too."""
    facts = (*owing(session, now=now), *_to_be_opened(session, now=now))
    return tuple(owed for owed in facts if concepts is None or owed.round.concept_id in concepts)


def _planned(
    session: Session,
    facts: Sequence[Owing],
    *,
    settings: Settings,
    now: datetime,
    concepts: Collection[int] | None,
) -> tuple[PlannedMail, ...]:
    mails = planned_mails(session, facts, settings=settings, now=now)
    return tuple(
        mail
        for mail in mails
        if concepts is None or all(round_.concept_id in concepts for round_ in mail.rounds)
    )


def _unreachable(owing: Iterable[Owing]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(owed.institution for owed in owing if owed.is_unreachable))


def _moments(
    session: Session, here: Sequence[Owing], *, settings: Settings, now: datetime
) -> list[datetime]:
    """Return the moments after now at which a mail may be due, the earliest first."""
    hour = settings.mail_hour
    today = local_day(now)
    moments = {send_at(day, hour=hour) for day in (today, *_opening_days(session))}
    for owed in here:
        deadlines = {report.deadline for report in owed.missing}
        moments.add(invitation_at(owed.round.opened_at, hour=hour))
        moments |= {
            send_at(wave.day, hour=hour)
            for wave in waves(deadlines, offsets=settings.reminder_days, hour=hour)
        }
        escalation = escalation_at(
            [deadline.due_on for deadline in deadlines], days=settings.escalation_days, hour=hour
        )
        moments |= {escalation} if escalation else set()
    return sorted(moment for moment in moments if moment > now)


def _opening_days(session: Session) -> list[date]:
    statement = select(col(Round.opens_on)).where(
        col(Round.state) == RoundState.PLANNED, col(Round.opens_on).is_not(None)
    )
    return [day for day in session.scalars(statement) if day is not None]


def _to_be_opened(session: Session, *, now: datetime) -> tuple[Owing, ...]:
    today = local_day(now)
    statement = (
        select(Round)
        .where(col(Round.state) == RoundState.PLANNED, col(Round.opens_on) <= today)
        .order_by(col(Round.period_start))
    )
    rows = session.scalars(statement).all()
    known = told_apart(session) if rows else {}
    return tuple(
        owed for row in rows for owed in _expected(session, row, known[row.concept_id], now)
    )


def _expected(session: Session, row: Round, concept: ConceptName, now: datetime) -> Iterable[Owing]:
    """Return who will owe reports of a planned round, by its leads of the opening day."""
    today = local_day(now)
    opened_at = send_at(row.opens_on or today, hour=0)
    round_ = mail_round(row, concept=concept, state=RoundState.OPEN, opened_at=opened_at)
    measures = measures_to_report(
        session, edition_id=row.edition_id, day=today, as_of=row.period_end
    )
    counts = Counter(measure.lead_id for measure in measures if measure.lead_id)
    recipients = representatives(session, today=today)
    report = OwedReport(0, "", 0, False, None, Deadline(row.due_on, opened_at), True)
    statement = select(col(Institution.id), short_name_on(today), is_active_on(today)).where(
        col(Institution.id).in_(counts)
    )
    for institution_id, name, is_active in sorted(
        session.execute(statement), key=lambda row: alphabetical(row.short_name)
    ):
        yield Owing(
            round=round_,
            institution_id=institution_id,
            institution=name,
            is_active=is_active,
            recipients=recipients.get(institution_id, ()),
            reports=(report,) * counts[institution_id],
        )
