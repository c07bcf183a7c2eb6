"""The world of the institution's pages: one lead, an open round, its people's browsers."""

import pytest
from flask import Flask
from sqlmodel import Session

from tests.factories import World
from tests.web.conftest import Browser, Clock, browser_of
from tests.web.report_world import Open
from tracker.models import Account, Report, Round
from tracker.rules.permissions import Actor


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
