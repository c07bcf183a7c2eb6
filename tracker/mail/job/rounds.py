"""The clock's work on rounds: open those that are planned for today, close those that are over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from tracker.core.claims import each, once
from tracker.core.errors import IllegalTransition, Refused
from tracker.core.periods import Period, local_day
from tracker.core.settings import Settings
from tracker.mail import letters
from tracker.mail.queries.mail_facts import coordination, is_to_close
from tracker.mail.queries.mails import OPENING_FAILED
from tracker.outbox.queue import enqueue
from tracker.outbox.rules.mailing import send_at
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
        text = letters.opening_failed(
            period=period, opens_on=planned.opens_on or today, reason=reason, settings=settings
        )
        for person in coordination(session, settings=settings, today=today):
            enqueue(
                session,
                key=f"{text.kind}:{planned.id}:{planned.opens_on}:{person.account_id}",
                recipient=person.email,
                text=text,
                now=now,
                round_id=planned.id,
                not_before=send_at(today, hour=settings.mail_hour),
            )
        return reason

    is_first = once(
        engine, job=OPENING_FAILED, key=f"{planned.id}:{today.isoformat()}", now=now, effect=effect
    )
    return None if is_first is None else f"{period.label} nicht eröffnet: {is_first}"
