"""The clock's work on rounds: open and close them, and put every mail that is due into the outbox.

Each mail enters the outbox once per round, institution and kind (domain.md 9).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, select
from sqlmodel import Session, col

from tracker.concept.queries.concepts import the_concept
from tracker.core.claims import each, once, once_together
from tracker.core.clock import Job
from tracker.core.db import transaction
from tracker.core.errors import IllegalTransition, Refused
from tracker.core.models import JobRun
from tracker.core.periods import Period, local_day
from tracker.core.settings import Settings
from tracker.mail import letters
from tracker.mail.queries.mail_digest import digest_lines
from tracker.mail.queries.mail_facts import Owing, coordination, is_to_close, owing, told_apart
from tracker.mail.queries.mail_plan import Claim, PlannedMail, planned_mails, text_together
from tracker.mail.queries.mails import OPENING_FAILED
from tracker.outbox.delivery import deliver_due
from tracker.outbox.models import OutboxMail, OutboxMailRound
from tracker.outbox.queue import enqueue, rounds_of, supersede
from tracker.outbox.rules.mailing import ASKING, MailKind, digest_day, is_night, send_at
from tracker.outbox.words import MAIL_KIND
from tracker.reporting.models import Round
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.rounds import RoundState


def open_rounds(engine: Engine, settings: Settings, now: datetime) -> str:
    """Open the planned rounds whose day has come; a refusal is told to the KI, once a day."""
    today = local_day(now)
    with Session(engine) as session:
        due = session.scalars(
            select(Round)
            .where(col(Round.state) == RoundState.PLANNED, col(Round.opens_on) <= today)
            .order_by(col(Round.period_start))
        ).all()
    return ", ".join(each(due, lambda round_: _open(engine, round_, settings, now)))


def close_rounds(engine: Engine, _settings: Settings, now: datetime) -> str:
    """Close the open rounds whose last day is over; one opened again has no such day."""
    today = local_day(now)
    with Session(engine) as session:
        running = session.scalars(
            select(Round)
            .where(col(Round.state) == RoundState.OPEN, col(Round.closes_on) < today)
            .order_by(col(Round.period_start))
        ).all()
    over = [round_ for round_ in running if is_to_close(round_, today=today)]
    return ", ".join(each(over, lambda round_: _close(engine, round_, now)))


def _open(engine: Engine, planned: Round, settings: Settings, now: datetime) -> str | None:
    label = Period.parse(planned.period).label

    def effect(session: Session) -> str:
        round_ = rounds.load(session, round_id=planned.id or 0)
        count = rounds.open_round(session, round_=round_, by=None, now=now)
        return f"{label} eröffnet ({letters.reports(count)})"

    try:
        return once(engine, job="open_round", key=_key(planned, "opens_on"), now=now, effect=effect)
    except IllegalTransition:
        return None  # somebody was faster, by hand
    except Refused as refusal:
        return _tell(engine, planned, refusal.message, settings, now)


def _close(engine: Engine, running: Round, now: datetime) -> str | None:
    label = Period.parse(running.period).label

    def effect(session: Session) -> str:
        round_ = rounds.load(session, round_id=running.id or 0)
        rounds.close_round(session, round_=round_, by=None, now=now)
        return f"{label} geschlossen"

    try:
        return once(
            engine, job="close_round", key=_key(running, "closes_on"), now=now, effect=effect
        )
    except IllegalTransition:
        return None  # somebody was faster, by hand


def _key(round_: Round, day: str) -> str:
    # With the day: a round whose day was moved is opened or closed on the new one.
    return f"{round_.id}:{getattr(round_, day)}"


def _tell(
    engine: Engine, planned: Round, reason: str, settings: Settings, now: datetime
) -> str | None:
    """Record why a round was not opened today; the first time the KI gets a mail about it."""
    today, period = local_day(now), Period.parse(planned.period)

    def effect(session: Session) -> str:
        concept = told_apart(session)[planned.concept_id]
        text = letters.opening_failed(
            concept=concept.key,
            concept_title=concept.title,
            period=period,
            opens_on=planned.opens_on or today,
            reason=reason,
            settings=settings,
        )
        for person in coordination(session, settings=settings, today=today):
            if not person.may_see(planned.concept_id):
                continue
            enqueue(
                session,
                key=f"{text.kind}:{planned.id}:{planned.opens_on}:{person.account_id}",
                recipient=person.email,
                text=text,
                now=now,
                round_ids=[planned.id or 0],
                not_before=send_at(today, hour=settings.mail_hour),
            )
        return reason

    is_first = once(
        engine, job=OPENING_FAILED, key=f"{planned.id}:{today.isoformat()}", now=now, effect=effect
    )
    return None if is_first is None else f"{period.label} nicht eröffnet: {is_first}"


_TO_INSTITUTIONS = ASKING | {MailKind.RETURNED}


def send_round_mails(engine: Engine, settings: Settings, now: datetime) -> str:
    """Invite to report, remind, tell of a cancelled round, and tell the KI once what is missing."""
    kinds = ASKING | {MailKind.ESCALATION, MailKind.ROUND_CANCELLED}
    return _send(engine, settings, now, kinds=kinds)


def notify_returned(engine: Engine, settings: Settings, now: datetime) -> str:
    """Tell institutions of returned reports: one mail for all of a pass."""
    return _send(engine, settings, now, kinds={MailKind.RETURNED})


def send_digest(engine: Engine, settings: Settings, now: datetime) -> str:
    """Tell the KI once a week what is up; a week in which nothing is gets no mail."""
    if not settings.digest_weekday or is_night(now, hour=settings.mail_hour):
        return ""
    day = digest_day(now, weekday=settings.digest_weekday, hour=settings.mail_hour)
    with Session(engine) as session:
        people = coordination(session, settings=settings, today=local_day(now))
        first = session.scalar(select(func.min(col(JobRun.started_at))))
    # A clock that ran for the first time after that day has missed nothing.
    if not people or day < local_day(first or now):
        return ""

    def effect(session: Session) -> str:
        lines = {
            only: digest_lines(session, now=now, only=only)
            for only in {person.concepts for person in people}
        }
        if not any(lines.values()):
            return ""
        waiting = session.scalars(
            select(col(OutboxMail.id)).where(col(OutboxMail.kind) == MailKind.DIGEST, *_WAITS)
        ).all()
        supersede(session, mail_ids=[id_ or 0 for id_ in waiting], reason=_NEWER)
        for person in people:
            if own_lines := lines[person.concepts]:
                concept = the_concept(session, among=person.concepts)
                text = letters.digest(
                    concept=told_apart(session)[concept].key,
                    day=local_day(now),
                    lines=own_lines,
                    settings=settings,
                )
                key = f"{text.kind}:{day.isoformat()}:{person.account_id}"
                enqueue(session, key=key, recipient=person.email, text=text, now=now)
        return MAIL_KIND[MailKind.DIGEST].text

    return once(engine, job=MailKind.DIGEST, key=day.isoformat(), now=now, effect=effect) or ""


def deliver(engine: Engine, settings: Settings, now: datetime) -> str:
    """Take what is no longer of use out of the outbox, then send what is due."""
    outdated = withdraw_outdated(engine, settings, now)
    sent = deliver_due(engine, settings, now=now).summary
    return ", ".join(part for part in (f"{outdated} überholt" if outdated else "", sent) if part)


_WAITS = (col(OutboxMail.sent_at).is_(None), col(OutboxMail.next_attempt_at).is_not(None))
_NEWER = "Eine neuere Mail nennt den jetzigen Stand."
# By round and institution.
Facts = Mapping[tuple[int, int], Owing]


def withdraw_outdated(engine: Engine, settings: Settings, now: datetime) -> int:
    """Take mails out of the outbox that ask for what was handed in, or people who left.

    A mail about several rounds goes on asking for the others. They waited because the mail server
    was out of reach or none was set up. Returns how many were taken out.
    """
    with Session(engine) as session:
        waiting = session.scalars(
            select(OutboxMail).where(col(OutboxMail.kind).in_(_TO_INSTITUTIONS), *_WAITS)
        ).all()
        if not waiting:
            return 0
        facts = _by_round(owing(session, now=now))
        rounds_by_mail = rounds_of(session, [mail.id or 0 for mail in waiting])
    reasons = {
        mail.id or 0: {
            round_id: reason
            for round_id in rounds_by_mail[mail.id or 0]
            if (reason := _outdated(mail, facts.get((round_id, mail.institution_id or 0))))
        }
        for mail in waiting
    }
    taken_out = 0
    for mail_id, by_round in reasons.items():
        if by_round:
            with Session(engine) as session, transaction(session):
                taken_out += _leave_out(
                    session,
                    mail_id=mail_id,
                    round_ids=by_round,
                    reason=min(by_round.values()),
                    facts=facts,
                    settings=settings,
                    now=now,
                )
    return taken_out


def _leave_out(
    session: Session,
    *,
    mail_id: int,
    round_ids: Collection[int],
    reason: str,
    facts: Facts,
    settings: Settings,
    now: datetime,
) -> bool:
    """Let a mail that waits ask no more for these rounds; returns whether nothing is left of it.

    What is left is told as it stands now. A mail that went out meanwhile stays as it was.
    """
    mail = session.scalars(
        select(OutboxMail).where(col(OutboxMail.id) == mail_id, *_WAITS).with_for_update()
    ).one_or_none()
    if mail is None:
        return False
    left = [
        owed
        for round_id in sorted(rounds_of(session, [mail_id])[mail_id] - set(round_ids))
        if (owed := facts.get((round_id, mail.institution_id or 0))) and owed.asked_for
    ]
    if not left:
        supersede(session, mail_ids=[mail_id], reason=reason)
        return True
    session.execute(
        delete(OutboxMailRound).where(
            col(OutboxMailRound.mail_id) == mail_id,
            col(OutboxMailRound.round_id).not_in({owed.round.id for owed in left}),
        )
    )
    text = text_together(MailKind(mail.kind), left, how={}, settings=settings, now=now)
    mail.subject, mail.body = text.subject, text.body
    return False


def _by_round(owing: Iterable[Owing]) -> Facts:
    return {(owed.round.id, owed.institution_id): owed for owed in owing}


def _outdated(mail: OutboxMail, owed: Owing | None) -> str:
    asked = owed and (owed.returned if mail.kind == MailKind.RETURNED else owed.asked_for)
    if owed is None or not asked:
        return "Es ist nichts mehr offen."
    if not owed.is_active:
        return "Die Institution wirkt nicht mehr mit."
    if mail.recipient not in {person.email for person in owed.recipients}:
        return "Die Person vertritt die Institution nicht mehr."
    return ""


def _send(engine: Engine, settings: Settings, now: datetime, *, kinds: Collection[MailKind]) -> str:
    if is_night(now, hour=settings.mail_hour):
        return ""
    with Session(engine) as session:
        facts = owing(session, now=now)
        planned = planned_mails(session, facts, settings=settings, now=now)
    wanted = [mail for mail in planned if mail.kind in kinds]
    by_round = _by_round(facts)
    done = Counter(each(wanted, lambda mail: _enqueue_once(engine, mail, by_round, settings, now)))
    return ", ".join(f"{what}: {count}" for what, count in done.items())


def _enqueue_once(
    engine: Engine, mail: PlannedMail, facts: Facts, settings: Settings, now: datetime
) -> str | None:
    """Put a planned mail into the outbox for each recipient; returns its kind in German."""

    def effect(session: Session) -> str:
        if mail.kind in ASKING:
            _replace(session, mail, facts, settings, now)
        for person in mail.recipients:
            enqueue(
                session,
                key=f"{mail.kind}:{mail.claims[0].key}:{person.account_id}",
                recipient=person.email,
                text=mail.text,
                now=now,
                round_ids=[round_.id for round_ in mail.rounds],
                institution_id=mail.institution_id,
            )
        return MAIL_KIND[mail.kind].text

    return once_together(
        engine,
        claims=_pairs(mail.claims),
        superseded=_pairs(mail.superseded),
        now=now,
        effect=effect,
    )


def _pairs(claims: Iterable[Claim]) -> list[tuple[str, str]]:
    return [(claim.job, claim.key) for claim in claims]


def _replace(
    session: Session, newer: PlannedMail, facts: Facts, settings: Settings, now: datetime
) -> None:
    """Let the earlier mails that still wait ask no more for what a newer one asks for."""
    round_ids = {round_.id for round_ in newer.rounds}
    about = col(OutboxMail.id).in_(
        select(col(OutboxMailRound.mail_id)).where(col(OutboxMailRound.round_id).in_(round_ids))
    )
    earlier = select(col(OutboxMail.id)).where(
        about,
        col(OutboxMail.kind).in_(ASKING),
        col(OutboxMail.institution_id) == newer.institution_id,
        *_WAITS,
    )
    for mail_id in session.scalars(earlier).all():
        _leave_out(
            session,
            mail_id=mail_id or 0,
            round_ids=round_ids,
            reason=_NEWER,
            facts=facts,
            settings=settings,
            now=now,
        )


# In the order of a pass: what is opened is announced, and what is announced is sent.
JOBS = (
    Job("close_rounds", "Runden schließen", timedelta(minutes=5), close_rounds),
    Job("open_rounds", "Runden eröffnen", timedelta(minutes=5), open_rounds),
    Job("send_round_mails", "Mails zu den Runden", timedelta(minutes=5), send_round_mails),
    # Seldom, so that what the KI returns in one go comes in one mail.
    Job("notify_returned", "Rückfragen ankündigen", timedelta(minutes=15), notify_returned),
    Job("send_digest", "Wochenüberblick", timedelta(minutes=15), send_digest),
    Job("deliver_outbox", "Mails zustellen", timedelta(minutes=1), deliver),
)
