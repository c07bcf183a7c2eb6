"""What keeps the days of a round from being planned (domain.md 5)."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session, col, select

from tracker.models import Round
from tracker.rules.errors import Invalid
from tracker.rules.periods import Period
from tracker.rules.rounds import RoundState
from tracker.rules.submission import Problem

_LONGEST_EXTENSION = timedelta(days=365)


def check_due(period: Period, *, due_on: date) -> None:
    """Raise Invalid when the Abgabefrist lies within the period."""
    if due_on <= period.end:
        raise Invalid(
            f"Die Abgabefrist muss nach dem Stichtag {period.end:%d.%m.%Y} liegen.",
            problems=(Problem("due_on", "due_before_period_end"),),
        )


def check_sitting(*, despatch_on: date | None, committee_on: date | None) -> None:
    """Raise Invalid when the papers would be sent after the sitting they are for."""
    if despatch_on and committee_on and despatch_on > committee_on:
        raise Invalid(
            f"Der Versand der Unterlagen ({despatch_on:%d.%m.%Y}) liegt nach der Sitzung "
            f"({committee_on:%d.%m.%Y}). Bitte wählen Sie für den Versand einen Tag vor der "
            "Sitzung."
        )


def check_overlap(session: Session, *, concept_id: int, period: Period) -> None:
    """Raise Invalid when a round that is not cancelled covers a part of the period."""
    overlapping = session.exec(
        select(Round)
        .where(
            Round.concept_id == concept_id,
            Round.state != RoundState.CANCELLED,
            Round.period_start <= period.end,
            Round.period_end >= period.start,
        )
        .order_by(col(Round.period_start))
    ).first()
    if overlapping is not None:
        label = Period.parse(overlapping.period).label
        raise Invalid(
            f"{period.label} überschneidet sich mit der Runde {label}. Bitte wählen Sie einen "
            f"anderen Zeitraum; ist die Runde {label} noch geplant, können Sie sie absagen."
        )


def check_extension(*, until: date, due_on: date, today: date) -> None:
    """Raise Invalid for a Nachfrist that is none, is over, or is over a year long."""
    if until <= due_on or until < today:
        raise Invalid("Die Nachfrist muss nach der Abgabefrist und darf nicht vor heute liegen.")
    latest = due_on + _LONGEST_EXTENSION
    if until > latest:
        raise Invalid(
            "Die Nachfrist darf höchstens ein Jahr nach der Abgabefrist enden. Bitte wählen Sie "
            f"einen Tag bis zum {latest:%d.%m.%Y}."
        )
