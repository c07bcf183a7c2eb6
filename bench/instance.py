"""An instance with as many measures as wanted: real seed, real rounds, real publications.

Only what people would type in (reports, reviews) is inserted in bulk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bench.reports import accept_most, draft_some
from seed.load import load
from tracker.accounts.actions import accounts
from tracker.concept.actions import responsibilities
from tracker.concept.models import (
    EditionGoal,
    EditionMeasure,
    Institution,
    Measure,
    MeasureKind,
    ResponsibilityRole,
)
from tracker.concept.queries.concepts import the_concept
from tracker.core.configured import configured
from tracker.core.db import make_engine, transaction
from tracker.core.migrate import upgrade
from tracker.core.periods import Period, local_day
from tracker.core.permissions import Actor, Function, Role
from tracker.core.settings import Settings
from tracker.publication.actions import publication
from tracker.publication.queries.publication_facts import instance_of
from tracker.reporting.models import Round
from tracker.reporting.rounds.actions import rounds

PASSWORD = "Messlatte-und-Stoppuhr-7"
COMMITTEE = "ausschuss@messung.example"
REPRESENTATIVE = "vertretung@messung.example"
KI = "ki@messung.example"
REVIEWER = "ki.zwei@messung.example"


@dataclass(frozen=True)
class Built:
    """A database on disk; `own` is how many measures the measured institution leads."""

    url: str
    measures: int
    own: int
    last_period: str


@dataclass(frozen=True)
class _Cast:
    """Who acts."""

    submitter: Actor
    reviewer: Actor


def build(
    folder: Path, *, measures: int, own: int, published: int, settings: Settings, now: datetime
) -> Built:
    """Create a database with this many measures and published rounds, and an open round."""
    url = f"sqlite:///{folder / f'measures-{measures}.sqlite3'}"
    engine = make_engine(url)
    upgrade(engine)
    periods = _periods(local_day(now), published)
    with Session(engine) as session, transaction(session):
        load(session, now=now)
        add_measures(session, measures)
        actors = _people(session, now)
        _assign(session, own=own, beginning=periods[0].start, now=now)
    for period in periods[:-1]:
        with Session(engine) as session, transaction(session):
            in_force = configured(session.connection(), settings, day=local_day(now))
            _published_round(session, period=period, actors=actors, settings=in_force)
    with Session(engine) as session, transaction(session):
        round_ = open_round(session, period=periods[-1], now=now)
        draft_some(session, round_)
    _settle(engine)
    return Built(url=url, measures=measures, own=own, last_period=periods[-2].key)


def _periods(today: date, published: int) -> list[Period]:
    periods = [Period.quarter_of(today).previous()]
    while len(periods) <= published:
        periods.insert(0, periods[0].previous())
    return periods


def add_measures(session: Session, wanted: int) -> None:
    """Repeat the concept's measures within their goals until there are enough."""
    originals = session.exec(
        select(EditionMeasure)
        .where(EditionMeasure.kind == MeasureKind.MEASURE)
        .order_by(col(EditionMeasure.edition_goal_id), col(EditionMeasure.position))
    ).all()
    goals = {row.id: row.code for row in session.exec(select(EditionGoal)).all()}
    taken: dict[int, int] = {}
    for row in session.exec(select(EditionMeasure)).all():
        taken[row.edition_goal_id] = max(taken.get(row.edition_goal_id, 0), row.position)
    order = sorted(taken)
    concept = session.exec(select(Measure)).first()
    for index in range(wanted - len(session.exec(select(Measure.id)).all())):
        goal = order[index % len(order)]
        original = originals[index % len(originals)]
        taken[goal] += 1
        measure = Measure(concept_id=concept.concept_id if concept else 0)
        session.add(measure)
        session.flush()
        values = original.model_dump(exclude={"id"})
        values |= {"measure_id": measure.id, "edition_goal_id": goal, "position": taken[goal]}
        session.add(EditionMeasure(**values | {"code": f"{goals[goal]}.{taken[goal]}"}))
    session.flush()


def _people(session: Session, now: datetime) -> _Cast:
    institution = session.exec(select(Institution.id).order_by(col(Institution.key))).first()

    def person(email: str, role: Role, **more: Any) -> Actor:
        account = accounts.create(
            session,
            email=email,
            name="Person der Messung",
            role=role,
            password=PASSWORD,
            by=None,
            now=now,
            **more,
        )
        return Actor(account.id or 0, account.name, role)

    person(COMMITTEE, Role.COMMITTEE)
    person(
        REPRESENTATIVE,
        Role.INSTITUTION,
        institution_id=institution,
        function=Function.REPRESENTATIVE,
    )
    return _Cast(person(KI, Role.COORDINATION), person(REVIEWER, Role.COORDINATION))


def _assign(session: Session, *, own: int, beginning: date, now: datetime) -> None:
    institutions = session.exec(select(Institution.id).order_by(col(Institution.key))).all()
    measures = session.exec(
        select(EditionMeasure.measure_id)
        .where(EditionMeasure.kind == MeasureKind.MEASURE)
        .order_by(col(EditionMeasure.edition_goal_id), col(EditionMeasure.position))
    ).all()
    first, *others = institutions
    shares: dict[int | None, list[int]] = {first: [number or 0 for number in measures[:own]]}
    for index, measure in enumerate(measures[own:]):
        shares.setdefault(others[index % len(others)], []).append(measure or 0)
    for institution, numbers in shares.items():
        responsibilities.assign(
            session,
            measure_ids=numbers,
            institution_id=institution or 0,
            role=ResponsibilityRole.LEAD,
            valid_from=beginning,
            valid_to=None,
            by=None,
            now=now,
        )


def open_round(session: Session, *, period: Period, now: datetime) -> Round:
    """Plan a round of the concept and open it."""
    round_ = rounds.plan(
        session,
        concept_id=the_concept(session),
        period=period,
        due_on=period.default_due_on(28),
        resubmit_days=7,
        by=None,
        now=now,
    )
    rounds.open_round(session, round_=round_, by=None, now=now)
    return round_


def _published_round(
    session: Session, *, period: Period, actors: _Cast, settings: Settings
) -> None:
    opened = datetime.fromisoformat(f"{period.opens_on}T06:00+00:00")
    round_ = open_round(session, period=period, now=opened)
    accept_most(
        session,
        round_,
        submitter=actors.submitter,
        reviewer=actors.reviewer,
        opened=opened,
    )
    session.expire_all()
    rounds.close_round(session, round_=round_, by=None, now=opened + timedelta(days=30))
    publication.publish(
        session,
        round_=round_,
        by=None,
        now=opened + timedelta(days=34),
        instance=instance_of(settings),
    )


def _settle(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    engine.dispose()
