"""Planning a year of rounds ahead, and moving the days of a round (domain.md 5 and 9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from tracker.core import audit
from tracker.core.errors import IllegalTransition, Invalid, Problem
from tracker.core.periods import Period, local_day
from tracker.core.permissions import Actor
from tracker.core.problems import problem_text
from tracker.reporting.models import Round
from tracker.reporting.rounds.actions import round_dates, rounds
from tracker.reporting.rules.planning import DATE_FIELDS, RoundDates
from tracker.reporting.rules.rounds import RoundState
from tracker.reporting.words import ROUND_STATE

MOVABLE = frozenset({RoundState.PLANNED, RoundState.OPEN})


def plan_rounds(
    session: Session,
    *,
    concept_id: int,
    dates: Mapping[Period, RoundDates],
    resubmit_days: int,
    by: Actor | None,
    now: datetime,
) -> tuple[Round, ...]:
    """Add a planned round for each period that has none yet; return the new ones.

    A period whose round exists, in whatever state, stays as it is: the same plan twice changes
    nothing. Raises Invalid when days contradict each other or a period overlaps another round.
    """
    round_dates.hold_planning(session, concept_id=concept_id)
    return tuple(
        rounds.plan(
            session,
            concept_id=concept_id,
            period=period,
            due_on=chosen.due_on,
            opens_on=chosen.opens_on,
            closes_on=chosen.closes_on,
            despatch_on=chosen.despatch_on,
            committee_on=chosen.committee_on,
            resubmit_days=resubmit_days,
            by=by,
            now=now,
        )
        for period, chosen in dates.items()
        if rounds.find(session, concept_id=concept_id, period=period) is None
    )


def dates_of(round_: Round) -> RoundDates:
    return RoundDates(**{name: getattr(round_, name) for name in DATE_FIELDS})


def change_dates(
    session: Session, *, round_: Round, dates: RoundDates, by: Actor | None, now: datetime
) -> bool:
    """Give a planned or open round other days; return whether anything changed.

    Raises IllegalTransition in any other state, Invalid when the days contradict each other or an
    open round would get another opening day or an Abgabefrist that has passed already.
    """
    if round_.state not in MOVABLE:
        raise IllegalTransition(
            "Die Termine lassen sich nur ändern, solange die Runde geplant oder offen ist; diese "
            f"ist {ROUND_STATE[round_.state].text}."
        )
    before = dates_of(round_)
    if round_.state is RoundState.OPEN:
        _check_open(before, dates, now=now)
    round_dates.check(Period.parse(round_.period), dates)
    changed = [name for name in DATE_FIELDS if getattr(before, name) != getattr(dates, name)]
    if not changed:
        return False
    for name in changed:
        setattr(round_, name, getattr(dates, name))
    audit.record_row(
        session,
        round_,
        "round.change_dates",
        by=by,
        now=now,
        before={name: _written(before, name) for name in changed},
        after={name: _written(dates, name) for name in changed},
    )
    return True


def _check_open(before: RoundDates, dates: RoundDates, *, now: datetime) -> None:
    planned = []
    if dates.opens_on != before.opens_on:
        planned.append(Problem("opens_on", "opens_on_passed"))
    # Who reported in time stays in time: the frist is not moved behind their back.
    if dates.due_on != before.due_on and dates.due_on < local_day(now):
        planned.append(Problem("due_on", "due_moved_to_past"))
    if planned:
        raise Invalid(problem_text(planned[0]), problems=tuple(planned))


def _written(dates: RoundDates, name: str) -> str | None:
    day = getattr(dates, name)
    return None if day is None else day.isoformat()
