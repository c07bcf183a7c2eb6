"""Two clicks at the same moment, on databases that really commit: nothing is handed in twice."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.committing import own_database
from tests.factories import World, moment
from tests.pages import SETTINGS, Browser, browser_of
from tracker.accounts.models import Account
from tracker.app import create_app
from tracker.reporting.models import ReportRevision
from tracker.reporting.rounds.actions import rounds

NOW = moment("2026-10-05 09:00")
CLICKS = 3


@pytest.fixture(params=["sqlite", "postgresql"])
def own_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A migrated database of this test's own."""
    with own_database(request, tmp_path, "twice") as engine:
        yield engine


def test_clicks_at_the_same_moment_hand_in_once_and_all_say_so(own_engine: Engine) -> None:
    app = create_app(SETTINGS, engine=own_engine, clock=lambda: NOW)
    with Session(own_engine) as session:
        world = World(session)
        world.lead(world.library)
        earlier = world.open_round("2026-Q2", opened="2026-07-01 06:00")
        for measure in world.measures:
            world.submit(world.report(earlier, measure), at="2026-07-05 09:00")
            world.accept(world.report(earlier, measure), at="2026-07-06 09:00")
        at = moment("2026-07-20 09:00")
        rounds.close_round(session, round_=earlier, by=world.coordination, now=at)
        round_ = world.open_round()
        account = session.get_one(Account, world.representative.account_id)
        browsers = [browser_of(app, session, account, NOW) for _ in range(CLICKS)]
        chosen = [str(world.report(round_, measure).id) for measure in world.measures]
        session.commit()
    tokens = [browser.token() for browser in browsers]
    together = Barrier(CLICKS)

    def click(browser: Browser, token: str) -> str:
        together.wait()
        data = {"csrf_token": token, "report": chosen}
        response = browser.client.post("/meldungen/bestaetigen", data=data)
        assert response.status_code == 200
        return response.get_data(as_text=True)

    with ThreadPoolExecutor(CLICKS) as pool:
        pages = list(pool.map(click, browsers, tokens))
    assert all("6 Maßnahmen sind unverändert bestätigt" in page for page in pages)
    assert sum(page.count("war schon bestätigt") for page in pages) == 6 * (CLICKS - 1)
    with Session(own_engine) as session:
        found = session.exec(select(ReportRevision).where(ReportRevision.submitted_at == NOW)).all()
        assert sorted(str(item.report_id) for item in found) == sorted(chosen)
