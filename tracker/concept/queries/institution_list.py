"""Reading the institutions and what they are responsible for today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.concept.models import Institution, InstitutionKind, Responsibility, ResponsibilityRole
from tracker.concept.queries.concept import holds_on
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


def institutions(session: Session, *, today: date) -> tuple[InstitutionRow, ...]:
    leads = func.count(col(Responsibility.id)).filter(
        col(Responsibility.role) == ResponsibilityRole.LEAD
    )
    partners = func.count(col(Responsibility.id)).filter(
        col(Responsibility.role) == ResponsibilityRole.PARTNER
    )
    statement = (
        select(
            *columns(Institution.id, Institution.name, Institution.short_name, Institution.kind),
            *columns(Institution.source, Institution.is_active),
            leads,
            partners,
        )
        .outerjoin(
            Responsibility,
            (col(Responsibility.institution_id) == col(Institution.id)) & holds_on(today),
        )
        .group_by(*Institution.__table__.columns)  # type: ignore[attr-defined]
    )
    result: Iterable[Any] = session.connection().execute(statement)
    rows = (InstitutionRow(*row) for row in result)
    return tuple(sorted(rows, key=lambda row: (not row.is_active, alphabetical(row.name))))


def institution(session: Session, *, institution_id: int, today: date) -> InstitutionRow | None:
    rows = institutions(session, today=today)
    return next((row for row in rows if row.id == institution_id), None)


def key_of(session: Session, *, institution_id: int) -> str:
    statement = select(col(Institution.key)).where(col(Institution.id) == institution_id)
    return session.connection().execute(statement).scalar_one()


def names_of(session: Session) -> dict[str, str]:
    statement = select(col(Institution.key), col(Institution.name))
    return {row.key: row.name for row in session.connection().execute(statement)}


def institution_choices(session: Session) -> list[tuple[int, str]]:
    statement = select(col(Institution.id), col(Institution.name)).where(
        col(Institution.is_active).is_(True)
    )
    choices = [(row.id, row.name) for row in session.execute(statement)]
    return sorted(choices, key=lambda choice: alphabetical(choice[1]))
