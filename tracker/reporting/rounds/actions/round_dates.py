"""What keeps the days of a round from being planned (domain.md 5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sqlmodel import Session, col, select

from tracker.concept.models import Concept
from tracker.core.errors import Invalid
from tracker.core.german import day
from tracker.core.periods import Period
from tracker.reporting.models import Round
from tracker.reporting.rules import planning
from tracker.reporting.rules.planning import RoundDates
from tracker.reporting.rules.rounds import RoundState

_LONGEST_EXTENSION = timedelta(days=365)


def check(period: Period, dates: RoundDates) -> None:
    """Raise Invalid when days contradict each other: each problem at its field."""
    problems = planning.problems(period, dates)
    if problems:
        raise Invalid(_MESSAGE[problems[0].code](period, dates), problems=problems)


_MESSAGE: dict[str, Callable[[Period, RoundDates], str]] = {
    "due_before_period_end": lambda period, _: (
        f"Die Abgabefrist muss nach dem Stichtag {day(period.end)} liegen."
    ),
    "opens_after_due": lambda _, dates: (
        f"Die Runde würde am {day(dates.opens_on)} und damit erst nach der Abgabefrist "
        f"({day(dates.due_on)}) eröffnet. Bitte wählen Sie einen früheren Tag."
    ),
    "closes_before_due": lambda _, dates: (
        f"Die Runde würde am {day(dates.closes_on)} und damit vor der Abgabefrist "
        f"({day(dates.due_on)}) geschlossen. Bitte wählen Sie diesen Tag oder einen späteren."
    ),
    "despatch_after_committee": lambda _, dates: (
        f"Der Versand der Unterlagen ({day(dates.despatch_on)}) liegt nach der Sitzung "
        f"({day(dates.committee_on)}). Bitte wählen Sie für den Versand einen Tag vor der "
        "Sitzung."
    ),
}


def hold_planning(session: Session, *, concept_id: int) -> None:
    """Let nobody else plan rounds of this concept until the transaction ends.

    So whoever presses a button twice is told what is there already, and rounds do not overlap.
    """
    session.get(Concept, concept_id, with_for_update=True)


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
            f"einen Tag bis zum {day(latest)}."
        )
