"""One application serves all page tests of a process: nothing of one test reaches the next."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlmodel import Session

from dashboards.app import PAGE_CACHE
from dashboards.page_cache import PageCache
from tests.application import application
from tests.dashboards.conftest import SETTINGS as DASHBOARD_SETTINGS
from tests.dashboards.conftest import signed_in
from tests.dashboards.published import publish
from tests.factories_snapshot import documents
from tests.pages import SETTINGS, Browser, Clock
from tracker.core.models import InstanceValue
from tracker.core.permissions import Role
from tracker.web.shell import DEMONSTRATION

PAGE = "/dashboards/"


def test_a_demonstration_does_not_stay_one(
    connection: Connection, session: Session, clock: Clock
) -> None:
    mark = InstanceValue(key="demonstration", value="1")
    session.add(mark)
    session.commit()
    before = Browser(application(SETTINGS, connection, clock)).get("/impressum")
    session.delete(mark)
    session.commit()
    after = Browser(application(SETTINGS, connection, clock)).get("/impressum")
    assert DEMONSTRATION in before.visible
    assert DEMONSTRATION not in after.visible


def test_an_answer_of_the_dashboards_is_not_kept(
    connection: Connection, session: Session, clock: Clock
) -> None:
    publish(session, documents(1))
    app = application(DASHBOARD_SETTINGS, connection, clock)
    visitor = signed_in(app, session, Role.COMMITTEE, clock.now)
    visitor.content(PAGE)
    cache: PageCache = app.extensions[PAGE_CACHE]
    assert len(cache) == 1
    application(DASHBOARD_SETTINGS, connection, clock)
    assert len(cache) == 0


def test_clock_settings_and_database_are_those_of_the_test(
    connection: Connection, clock: Clock
) -> None:
    app = application(SETTINGS, connection, clock)
    assert application(SETTINGS, connection, clock) is app
    parts = app.extensions["tracker"]
    assert (parts.settings, parts.bind, parts.clock) == (SETTINGS, connection, clock)
