"""An instance with an open round in which many institutions report: real seed, real round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from bench.instance import PASSWORD, add_measures, open_round
from bench.reports import insert_rows
from seed.load import load
from tracker.accounts.actions import passwords
from tracker.accounts.models import Account
from tracker.concept.actions import responsibilities
from tracker.concept.models import (
    EditionGoal,
    EditionMeasure,
    Institution,
    InstitutionKind,
    MeasureKind,
    ResponsibilityRole,
)
from tracker.core.db import make_engine, transaction
from tracker.core.migrate import upgrade
from tracker.core.periods import Period, local_day
from tracker.core.permissions import Function, Role
from tracker.reporting.models import Report

_BEGINNING = date(2020, 1, 1)


@dataclass(frozen=True)
class Crowd:
    """A database at `url`; each of `people` represents one institution."""

    url: str
    people: tuple[str, ...]
    reports: int


def gather(url: str, *, institutions: int, reports: int, now: datetime) -> Crowd:
    """Make institutions with a representative each, and an open round with so many reports."""
    engine = make_engine(url)
    upgrade(engine)
    with Session(engine) as session, transaction(session):
        load(session, now=now)
        # The concept's cross reference is a measure without report.
        add_measures(session, reports + 1)
        people = _people(session, institutions, now)
        _share(session, institutions=institutions, reports=reports, now=now)
        round_ = open_round(session, period=Period.quarter_of(local_day(now)).previous(), now=now)
        expected = session.exec(
            select(func.count(col(Report.id))).where(Report.round_id == round_.id)
        ).one()
    engine.dispose()
    return Crowd(url, people, expected)


def _key(number: int) -> str:
    return f"verein-{number:03d}"


def _people(session: Session, institutions: int, now: datetime) -> tuple[str, ...]:
    """Add the institutions and their representatives, who share one password and its hash."""
    numbers = range(1, institutions + 1)
    insert_rows(
        session,
        Institution,
        [
            {
                "key": _key(number),
                "name": f"Verein {number}",
                "short_name": f"Verein {number}",
                "kind": InstitutionKind.MIGRANT_ORGANISATION,
                "source": "Messung",
                "is_active": True,
            }
            for number in numbers
        ],
    )
    ids = dict(session.exec(select(Institution.key, Institution.id)).all())
    emails = tuple(f"{_key(number)}@messung.example" for number in numbers)
    password_hash = passwords.hashed(PASSWORD)
    insert_rows(
        session,
        Account,
        [
            {
                "email": email,
                "name": f"Vertretung {number}",
                "role": Role.INSTITUTION,
                "institution_id": ids[_key(number)],
                "function": Function.REPRESENTATIVE,
                "password_hash": password_hash,
                "created_at": now,
            }
            for number, email in zip(numbers, emails, strict=True)
        ],
    )
    return emails


def _share(session: Session, *, institutions: int, reports: int, now: datetime) -> None:
    """Deal the measures out like cards."""
    measures = session.exec(
        select(EditionMeasure.measure_id)
        .join(EditionGoal, col(EditionGoal.id) == col(EditionMeasure.edition_goal_id))
        .where(EditionMeasure.kind == MeasureKind.MEASURE)
        .order_by(col(EditionGoal.position), col(EditionMeasure.position))
    ).all()[:reports]
    ids = dict(session.exec(select(Institution.key, Institution.id)).all())
    for number in range(1, institutions + 1):
        hand = measures[number - 1 :: institutions]
        if not hand:
            continue
        responsibilities.assign(
            session,
            measure_ids=[item or 0 for item in hand],
            institution_id=ids[_key(number)] or 0,
            role=ResponsibilityRole.LEAD,
            valid_from=_BEGINNING,
            valid_to=None,
            by=None,
            now=now,
        )
