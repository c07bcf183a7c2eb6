"""Two presses of one button at the same moment: a round is planned once, nobody sees an error."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.committing import own_sqlite
from tests.factories import World
from tests.mail.job.mail_world import empty
from tests.reporting.rounds.actions.round_world import NOW
from tracker.core.db import transaction
from tracker.core.errors import Invalid
from tracker.reporting.models import Round
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rounds.actions.rounds import plan_rounds
from tracker.reporting.rules.planning import Pattern, periods_of, usual_dates

YEAR = {period: usual_dates(period, due_day=15) for period in periods_of(2027, Pattern.QUARTER)}


@pytest.fixture(params=["sqlite", "postgresql"])
def own_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Each of the two databases to commit to, empty again afterwards."""
    if request.param == "sqlite":
        engine = own_sqlite(tmp_path)
        yield engine
        engine.dispose()
        return
    server: Engine = request.getfixturevalue("postgresql_engine")
    yield server
    empty(server)


def plan_year(session: Session, concept_id: int) -> None:
    plan_rounds(session, concept_id=concept_id, dates=YEAR, resubmit_days=7, by=None, now=NOW)


def plan_one(session: Session, concept_id: int) -> None:
    period, dates = next(iter(YEAR.items()))
    rounds.plan(
        session,
        concept_id=concept_id,
        period=period,
        due_on=dates.due_on,
        resubmit_days=7,
        by=None,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("act", "planned", "expected"),
    [(plan_year, 4, ["done"] * 4), (plan_one, 1, ["done", "told", "told", "told"])],
)
def test_pressed_at_once_a_round_is_planned_once(
    own_engine: Engine,
    act: Callable[[Session, int], None],
    planned: int,
    expected: list[str],
) -> None:
    with Session(own_engine) as session:
        concept_id = World(session).concept_id
        session.commit()
    start = threading.Barrier(4)
    outcomes: list[str] = []

    def press() -> None:
        start.wait()
        with Session(own_engine) as own:
            try:
                with transaction(own):
                    act(own, concept_id)
                outcomes.append("done")
            except Invalid:
                outcomes.append("told")

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == expected
    with Session(own_engine) as session:
        assert len(session.exec(select(Round)).all()) == planned
