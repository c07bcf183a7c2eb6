"""Reading who leads or takes part in measures, from when to when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.concept.models import Institution, Responsibility, ResponsibilityRole


@dataclass(frozen=True)
class Assigned:
    """An institution's part in a measure; both days inclusive, no end is None."""

    id: int
    measure_id: int
    institution_id: int
    name: str
    short_name: str
    role: ResponsibilityRole
    valid_from: date
    valid_to: date | None

    def is_over(self, today: date) -> bool:
        """Return whether the responsibility ended before a day."""
        return self.valid_to is not None and self.valid_to < today

    def holds_on(self, today: date) -> bool:
        return self.valid_from <= today and not self.is_over(today)


def assigned_to(
    session: Session, *, measure_ids: Sequence[int] | None
) -> Mapping[int, tuple[Assigned, ...]]:
    """Return all responsibilities, past and to come, by measure; None asks for every measure.

    Leads come first, then by begin and name.
    """
    statement = (
        select(
            col(Responsibility.id),
            col(Responsibility.measure_id),
            col(Responsibility.institution_id),
            col(Institution.name),
            col(Institution.short_name),
            col(Responsibility.role),
            col(Responsibility.valid_from),
            col(Responsibility.valid_to),
        )
        .join(Institution, col(Institution.id) == col(Responsibility.institution_id))
        .order_by(
            col(Responsibility.role), col(Responsibility.valid_from).desc(), col(Institution.name)
        )
    )
    if measure_ids is not None:
        statement = statement.where(col(Responsibility.measure_id).in_(measure_ids))
    found: dict[int, tuple[Assigned, ...]] = {}
    rows: Iterable[Any] = session.connection().execute(statement)
    for row in rows:
        found[row.measure_id] = (*found.get(row.measure_id, ()), Assigned(*row))
    return found
