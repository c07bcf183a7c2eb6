"""An instance in which the Volkshochschule has one report to write, and its database beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlmodel import Session, select

from tests.e2e.instance import Instance
from tracker.concept.actions import responsibilities
from tracker.concept.models import EditionMeasure, Institution, ResponsibilityRole
from tracker.core.db import make_engine, transaction
from tracker.core.periods import Period, local_day

VERTRETUNG = "vertretung@vhs.example"
REPORT = "/meldungen/1"


@contextmanager
def database(instance: Instance) -> Iterator[Session]:
    """Give a session beside the server's."""
    engine = make_engine(f"sqlite:///{instance.database}")
    with Session(engine) as session, transaction(session):
        yield session
    engine.dispose()


def start_with_one_measure(instance: Instance) -> None:
    """Give the Volkshochschule measure 1.1 and a Vertretung, open a round, start the server."""
    moment = datetime.now(UTC)
    with database(instance) as session:
        measure = select(EditionMeasure.measure_id).where(EditionMeasure.code == "1.1")
        house = session.exec(select(Institution.id).where(Institution.key == "volkshochschule"))
        responsibilities.assign(
            session,
            measure_ids=[session.exec(measure).one()],
            institution_id=house.one() or 0,
            role=ResponsibilityRole.LEAD,
            valid_from=local_day(moment),
            valid_to=None,
            by=None,
            now=moment,
        )
    instance.tracker("round", "open", "--round", Period.quarter_of(local_day(moment)).key)
    at_house = ("--institution", "volkshochschule", "--function", "representative")
    instance.create_user(VERTRETUNG, "--role", "institution", *at_house)
    instance.start()
