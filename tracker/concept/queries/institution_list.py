"""Reading the institutions and what they are responsible for, as of a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, union_all
from sqlmodel import Session, col

from tracker.concept.models import (
    Entry,
    EntryKind,
    Institution,
    InstitutionKind,
    Responsibility,
    ResponsibilityRole,
)
from tracker.concept.queries.concept import holds_on
from tracker.concept.queries.entries import is_active_on, kind_on, name_on, short_name_on
from tracker.core.columns import columns
from tracker.core.text import alphabetical


@dataclass(frozen=True)
class InstitutionRow:
    id: int
    name: str
    short_name: str
    kind: InstitutionKind
    source: str
    is_active: bool
    leads: int
    partners: int


def institutions(session: Session, *, day: date) -> tuple[InstitutionRow, ...]:
    leads = func.count(col(Responsibility.id)).filter(
        col(Responsibility.role) == ResponsibilityRole.LEAD
    )
    partners = func.count(col(Responsibility.id)).filter(
        col(Responsibility.role) == ResponsibilityRole.PARTNER
    )
    statement = (
        select(
            col(Institution.id),
            *(name_on(day), short_name_on(day), kind_on(day)),
            col(Institution.source),
            is_active_on(day),
            leads,
            partners,
        )
        .outerjoin(
            Responsibility,
            (col(Responsibility.institution_id) == col(Institution.id)) & holds_on(day),
        )
        .group_by(*Institution.__table__.columns)  # type: ignore[attr-defined]
    )
    result: Iterable[Any] = session.connection().execute(statement)
    rows = (InstitutionRow(*row) for row in result)
    return tuple(sorted(rows, key=lambda row: (not row.is_active, alphabetical(row.name))))


def institution(session: Session, *, institution_id: int, day: date) -> InstitutionRow | None:
    rows = institutions(session, day=day)
    return next((row for row in rows if row.id == institution_id), None)


def key_of(session: Session, *, institution_id: int) -> str:
    statement = select(col(Institution.key)).where(col(Institution.id) == institution_id)
    return session.connection().execute(statement).scalar_one()


def names_of(session: Session, *, day: date) -> dict[str, str]:
    statement = select(col(Institution.key), name_on(day))
    return {row.key: row.name for row in session.connection().execute(statement)}


def names_from(session: Session, *, day: date) -> list[tuple[int, str, str]]:
    """Return every name with its short name that an institution has on a day or later, by name."""
    on_day = select(col(Institution.id), name_on(day), short_name_on(day))
    later = select(*columns(Entry.institution_id, Entry.name, Entry.short_name)).where(
        col(Entry.kind) == EntryKind.NAME,
        col(Entry.replaced_at).is_(None),
        col(Entry.valid_from) > day,
    )
    rows = [tuple(row) for row in session.execute(union_all(on_day, later))]
    return sorted(rows, key=lambda row: (alphabetical(row[1]), row[0]))


def institution_choices(session: Session, *, day: date) -> list[tuple[int, str]]:
    statement = select(col(Institution.id), name_on(day)).where(is_active_on(day))
    choices = [(row.id, row.name) for row in session.execute(statement)]
    return sorted(choices, key=lambda choice: alphabetical(choice[1]))
