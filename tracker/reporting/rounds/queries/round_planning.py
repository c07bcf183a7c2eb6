"""What is planned for a year already, and what can still be planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker.concept.queries.concept import first_day
from tracker.core.periods import Period
from tracker.reporting.models import Round
from tracker.reporting.rules.planning import (
    DATE_FIELDS,
    Pattern,
    RoundDates,
    periods_of,
    usual_dates,
)
from tracker.reporting.rules.rounds import RoundState


@dataclass(frozen=True)
class Slot:
    """A period of a year: its round, or why there can be none, or the days it usually gets."""

    period: Period
    dates: RoundDates
    state: RoundState | None = None
    overlaps: Period | None = None
    has_edition: bool = True

    @property
    def is_free(self) -> bool:
        return self.state is None and self.overlaps is None and self.has_edition

    def is_over(self, today: date) -> bool:
        return self.dates.due_on < today


def year(
    session: Session, *, concept_id: int, year: int, pattern: Pattern, due_day: int
) -> tuple[Slot, ...]:
    rows = session.exec(
        select(Round)
        .where(
            Round.concept_id == concept_id,
            Round.period_start <= date(year, 12, 31),
            Round.period_end >= date(year, 1, 1),
        )
        .order_by(col(Round.period_start))
    ).all()
    begins = first_day(session, concept_id=concept_id)
    by_key = {round_.period: round_ for round_ in rows}
    return tuple(
        _slot(period, by_key, begins=begins, due_day=due_day)
        for period in periods_of(year, pattern)
    )


def _slot(
    period: Period, rounds: Mapping[str, Round], *, begins: date | None, due_day: int
) -> Slot:
    own = rounds.get(period.key)
    if own is not None:
        dates = RoundDates(**{name: getattr(own, name) for name in DATE_FIELDS})
        return Slot(period, dates, state=own.state)
    other = next(
        (
            Period.parse(round_.period)
            for round_ in rounds.values()
            if round_.state is not RoundState.CANCELLED
            and round_.period_start <= period.end
            and round_.period_end >= period.start
        ),
        None,
    )
    has_edition = begins is not None and begins <= period.end
    return Slot(period, usual_dates(period, due_day=due_day), None, other, has_edition)
