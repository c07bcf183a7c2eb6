"""The world of the institution's pages: one lead, an open round, its people's browsers."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page
from sqlmodel import Session

from tests.browser import served, signed_in
from tests.committing import own_sqlite
from tests.factories import World, moment
from tests.pages import SETTINGS, Browser, Clock, browser_of
from tests.report_world import Open
from tests.reporting.reports.web.browser_site import Site, fill
from tracker.accounts.models import Account
from tracker.app import create_app
from tracker.core.permissions import Actor
from tracker.reporting.models import Report, Round


@pytest.fixture
def world(session: Session) -> World:
    """The library leads everything; the second quarter is published, the third not yet open."""
    world = World(session)
    world.lead(world.library)
    session.commit()
    return world


@pytest.fixture
def open_round(world: World) -> Round:
    """The third quarter of 2026, open, due on 15 October."""
    round_ = world.open_round()
    world.session.commit()
    return round_


@pytest.fixture
def report(world: World, open_round: Round) -> Report:
    """The expected report of the first measure."""
    return world.report(open_round, world.measures[0])


@pytest.fixture
def browse(app: Flask, session: Session, clock: Clock) -> Open:
    """Open a browser for somebody of the world."""

    def start(actor: Actor) -> Browser:
        session.commit()
        return browser_of(app, session, session.get_one(Account, actor.account_id), clock.now)

    return start


@pytest.fixture
def library(browse: Open, world: World) -> Browser:
    """The library's benannte Vertretung."""
    return browse(world.representative)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An application on a database of its own, with an open round for the library."""
    engine = own_sqlite(tmp_path_factory.mktemp("site"))
    with Session(engine) as session:
        reports = fill(session)
    app = create_app(SETTINGS, engine=engine, clock=lambda: moment("2026-10-05 09:00"))
    with served(app) as address:
        yield Site(address, reports)
    engine.dispose()


@pytest.fixture
def page(chromium: Chromium, site: Site) -> Iterator[Page]:
    """A browser of its own in which the library's benannte Vertretung is signed in."""
    with signed_in(chromium, site.address, "vhs@example.org") as page:
        yield page


@pytest.fixture
def context(page: Page) -> BrowserContext:
    """The same browser, for further windows."""
    return page.context
