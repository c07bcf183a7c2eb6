"""The clock's mails: each enters the outbox once per round, institution and kind (domain.md 9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from tracker.core.claims import each, once, once_together
from tracker.core.db import transaction
from tracker.core.models import JobRun
from tracker.core.periods import local_day
from tracker.core.settings import Settings
from tracker.mail import letters
from tracker.mail.queries.mail_digest import digest_lines
from tracker.mail.queries.mail_facts import Owing, coordination, owing
from tracker.mail.queries.mail_plan import Claim, PlannedMail, planned_mails
from tracker.outbox.delivery import deliver_due
from tracker.outbox.models import OutboxMail
from tracker.outbox.queue import enqueue, supersede
from tracker.outbox.rules.mailing import ASKING, MailKind, digest_day, is_night
from tracker.outbox.words import MAIL_KIND

_TO_INSTITUTIONS = ASKING | {MailKind.RETURNED}


def send_round_mails(engine: Engine, settings: Settings, now: datetime) -> str:
    """Invite to report, remind of what is missing, and tell the KI once what still is."""
    return _send(engine, settings, now, kinds=ASKING | {MailKind.ESCALATION})


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
        lines = digest_lines(session, now=now)
        if not lines:
            return ""
        text = letters.digest(day=local_day(now), lines=lines, settings=settings)
        _supersede(session, kinds={MailKind.DIGEST}, round_id=None, institution_id=None)
        for person in people:
            key = f"{text.kind}:{day.isoformat()}:{person.account_id}"
            enqueue(session, key=key, recipient=person.email, text=text, now=now)
        return MAIL_KIND[MailKind.DIGEST].text

    return once(engine, job=MailKind.DIGEST, key=day.isoformat(), now=now, effect=effect) or ""


def deliver(engine: Engine, settings: Settings, now: datetime) -> str:
    """Take what is no longer of use out of the outbox, then send what is due."""
    outdated = withdraw_outdated(engine, now)
    sent = deliver_due(engine, settings, now=now).summary
    return ", ".join(part for part in (f"{outdated} überholt" if outdated else "", sent) if part)


def withdraw_outdated(engine: Engine, now: datetime) -> int:
    """Take mails out of the outbox that ask for what was handed in, or people who left.

    They waited because the mail server was out of reach or none was set up. Returns how many.
    """
    with Session(engine) as session:
        waiting = session.scalars(
            select(OutboxMail).where(
                col(OutboxMail.kind).in_(_TO_INSTITUTIONS),
                col(OutboxMail.sent_at).is_(None),
                col(OutboxMail.next_attempt_at).is_not(None),
            )
        ).all()
        if not waiting:
            return 0
        facts = {(owed.round.id, owed.institution_id): owed for owed in owing(session, now=now)}
    reasons = {
        mail.id or 0: reason
        for mail in waiting
        if (reason := _outdated(mail, facts.get((mail.round_id or 0, mail.institution_id or 0))))
    }
    if reasons:
        with Session(engine) as session, transaction(session):
            for mail_id, reason in reasons.items():
                supersede(session, mail_ids=[mail_id], reason=reason)
    return len(reasons)


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
        planned = planned_mails(session, owing(session, now=now), settings=settings, now=now)
    wanted = [mail for mail in planned if mail.kind in kinds]
    done = Counter(each(wanted, lambda mail: _enqueue_once(engine, mail, now=now)))
    return ", ".join(f"{what}: {count}" for what, count in done.items())


def _enqueue_once(engine: Engine, mail: PlannedMail, *, now: datetime) -> str | None:
    """Put a planned mail into the outbox for each recipient; returns its kind in German."""

    def effect(session: Session) -> str:
        if mail.kind in ASKING:
            _supersede(
                session, kinds=ASKING, round_id=mail.round_id, institution_id=mail.institution_id
            )
        for person in mail.recipients:
            enqueue(
                session,
                key=f"{mail.kind}:{mail.claims[0].key}:{person.account_id}",
                recipient=person.email,
                text=mail.text,
                now=now,
                round_id=mail.round_id,
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


def _supersede(
    session: Session,
    *,
    kinds: Collection[MailKind],
    round_id: int | None,
    institution_id: int | None,
) -> None:
    """Take the earlier mails of these kinds that still wait out of the outbox."""
    mail_ids = session.scalars(
        select(col(OutboxMail.id)).where(
            col(OutboxMail.kind).in_(kinds),
            col(OutboxMail.round_id).is_not_distinct_from(round_id),
            col(OutboxMail.institution_id).is_not_distinct_from(institution_id),
            col(OutboxMail.sent_at).is_(None),
            col(OutboxMail.next_attempt_at).is_not(None),
        )
    ).all()
    supersede(
        session,
        mail_ids=[mail_id for mail_id in mail_ids if mail_id is not None],
        reason="Eine neuere Mail nennt den jetzigen Stand.",
    )
