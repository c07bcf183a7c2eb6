"""The database is away, frozen or full: everybody gets our page, keeps the text, and goes on later.

Each on a real server that is stopped, started and frozen behind a running application.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from flask import Flask
from lxml.html import document_fromstring
from sqlalchemy import Engine, text
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from dashboards.app import CSRF_COOKIE
from tests.attack.own_postgresql import OwnPostgreSQL, own_postgresql
from tests.concept_client import ConceptClient
from tests.dashboards.conftest import routing
from tests.factories import RUNNING, World, moment
from tests.pages import SETTINGS, Browser, browser_of, checked
from tests.report_world import fields_of, path
from tracker.accounts.models import Account
from tracker.app import create_app
from tracker.core import migrate
from tracker.core.db import WEB, make_engine
from tracker.core.permissions import Actor
from tracker.reporting.models import Report
from tracker.web import errors

NOW = moment("2026-10-05 09:00")
# Seconds: as in production, only less patient.
QUICK = replace(WEB, statement=1, lock=1, connect=2, silence=0.5)
# A statement, what the server did not end, and a connection that is given up with it.
LONGEST = QUICK.statement + 2 * QUICK.connect + 1
TEXT = "Ein Hinweis, der lang genug ist, um als Text zu gelten, und der nicht verloren gehen darf."
WHO = ("coordination", "representative", "committee", "nobody")


@dataclass
class Site:
    """An application with an open round, and a browser for each kind of person."""

    app: Flask
    engine: Engine
    browsers: dict[str, Browser]
    report: str

    def requests(self, who: str) -> dict[str, Callable[[], TestResponse]]:
        """One of every kind of request."""
        browser = self.browsers[who]
        client = browser.client
        token = client.get_cookie(CSRF_COOKIE, path="/dashboards/")
        headers = {"X-CSRFToken": token.value if token else ""}
        callback = "/dashboards/_dash-update-component"
        asked = {
            "page": lambda: client.get("/konto" if who != "nobody" else "/"),
            "post": lambda: browser.send("/barriere-melden", {"description": TEXT}),
            "stale form": lambda: client.post("/barriere-melden", data={"description": TEXT}),
            "dashboard": lambda: client.get("/dashboards/", follow_redirects=True),
            "callback": lambda: client.post(callback, json=routing(), headers=headers),
            "paper": lambda: client.get("/ausgaben/bericht/2026-Q3.pdf", follow_redirects=True),
            "unknown page": lambda: client.get("/gibt-es-nicht"),
        }
        if who == "nobody":
            del asked["callback"]  # without a session there is no asking whose it is
        return asked


def sites(engine: Engine) -> Site:
    """Fill an empty database."""
    migrate.upgrade(engine)
    with Session(engine) as session:
        world = World(session)
        world.lead(world.library)
        session.commit()
        report = world.report(world.open_round(), world.measures[0])
        session.commit()
        app = create_app(SETTINGS, engine=engine, clock=lambda: NOW)
        app.test_client_class = ConceptClient

        def browser(who: str) -> Browser:
            actor: Actor | None = getattr(world, who, None)
            if actor is None:
                return Browser(app)
            return browser_of(app, session, session.get_one(Account, actor.account_id), NOW)

        site = Site(app, engine, {who: browser(who) for who in WHO}, path(report))
    for who in WHO:
        for ask in site.requests(who).values():
            assert ask().status_code != 503
    return site


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgreSQL]:
    with own_postgresql("away") as server:
        yield server


@pytest.fixture(scope="module")
def site(server: OwnPostgreSQL) -> Iterator[Site]:
    engine = make_engine(server.url.render_as_string(hide_password=False), QUICK)
    yield sites(engine)
    engine.dispose()


@contextmanager
def stopped(server: OwnPostgreSQL) -> Iterator[None]:
    server.stop()
    try:
        yield
    finally:
        server.start()


def is_ours(response: TestResponse, name: str) -> None:
    """Check that this is our page about the database, or its JSON."""
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) <= 60
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-cache"
    if name == "callback":
        assert response.get_json()["error"] == "Die Datenbank ist nicht erreichbar"
        return
    page = checked(response, 503)
    assert page.heading == "Die Datenbank ist nicht erreichbar"
    # Whether somebody is signed in is not known, so neither is said.
    header = document_fromstring(page.text).xpath("//header")[0].text_content()
    assert "Anmelden" not in header
    assert "Abmelden" not in header
    assert "angemeldet" not in page.visible
    assert (TEXT in page.text) == (name in {"post", "stale form"})


def recovers(site: Site) -> None:
    """Wait until the application answers again; nobody restarts it."""
    ends = time.monotonic() + 10
    while site.browsers["nobody"].client.get("/").status_code == 503:
        assert time.monotonic() < ends, "still away"
        time.sleep(0.05)
    for who in WHO:
        for name, ask in site.requests(who).items():
            assert ask().status_code != 503, (who, name)


def test_a_stopped_database_and_back(site: Site, server: OwnPostgreSQL) -> None:
    with stopped(server):
        for who in WHO:
            for name, ask in site.requests(who).items():
                is_ours(ask(), name)
    recovers(site)


def test_what_was_typed_is_sent_again_once_it_is_back(site: Site, server: OwnPostgreSQL) -> None:
    browser = site.browsers["representative"]
    with stopped(server):
        page = browser.post(site.report, fields_of(RUNNING, 0, achieved=TEXT), 503)
        saved = browser.send(site.report, {}, headers={"X-Requested-With": "fetch"})
        assert saved.get_json()["error"] == "Die Datenbank ist nicht erreichbar"
    tree = document_fromstring(page.text)
    form = next(form for form in tree.forms if form.action == site.report)
    recovers(site)
    again = browser.client.post(site.report, data=dict(form.form_values()))
    assert again.status_code == 302, again.get_data(as_text=True)
    with Session(site.engine) as session:
        drafts = [row.draft or {} for row in session.exec(select(Report))]
    assert TEXT in [draft.get("achieved", "").strip() for draft in drafts]


def test_a_database_that_ends_in_the_middle_of_a_request(
    site: Site, server: OwnPostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It went after the page had asked who is signed in."""

    def page() -> str:
        server.stop()
        with Session(site.engine) as session:
            return str(session.execute(text("SELECT 1")))

    monkeypatch.setitem(site.app.view_functions, "pages.start", page)
    page.allowed_roles = None  # type: ignore[attr-defined]
    page.__module__ = "tracker.pages.web.views"
    try:
        is_ours(site.browsers["coordination"].client.get("/"), "page")
    finally:
        server.start()
    monkeypatch.undo()
    recovers(site)


def test_a_frozen_database_and_back(site: Site, server: OwnPostgreSQL) -> None:
    """Thirty requests at once: nobody waits long, and all but the first hardly at all."""
    asked = [(name, ask) for who in WHO for name, ask in site.requests(who).items()]
    with server.frozen():

        def timed(name: str, ask: Callable[[], TestResponse]) -> float:
            began = time.monotonic()
            is_ours(ask(), name)
            return time.monotonic() - began

        with ThreadPoolExecutor(len(asked)) as crowd:
            waited = list(crowd.map(timed, *zip(*asked, strict=True)))
        assert max(waited) < LONGEST, waited
        assert sum(timed("page", site.requests(who)["page"]) for who in WHO) < LONGEST
    recovers(site)


def test_a_database_that_freezes_in_the_middle_of_a_statement(
    site: Site, server: OwnPostgreSQL
) -> None:
    with site.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        began = time.monotonic()
        with server.frozen():
            with pytest.raises(errors.DATABASE_ERRORS) as raised:
                connection.execute(text("SELECT 2"))
            assert errors.trouble_of(raised.value) is errors.Trouble.AWAY
            connection.close()
        assert time.monotonic() - began < LONGEST
    recovers(site)


def test_the_server_itself_ends_what_takes_too_long(site: Site) -> None:
    with site.engine.connect() as slow, site.engine.connect() as other:
        for statement in ("SELECT pg_sleep(9)", "LOCK TABLE account IN EXCLUSIVE MODE"):
            other.execute(text("LOCK TABLE account IN EXCLUSIVE MODE"))
            began = time.monotonic()
            with pytest.raises(errors.DATABASE_ERRORS) as raised:
                slow.execute(text(statement))
            assert errors.trouble_of(raised.value) is errors.Trouble.BUSY
            assert time.monotonic() - began < LONGEST
            slow.rollback()
        told = {
            name: other.execute(text(f"SHOW {name}")).scalar_one()
            for name in ("application_name", "synchronous_commit", "lock_timeout")
        }
    assert told == {
        "application_name": "tracker-web",
        "synchronous_commit": "on",
        "lock_timeout": "1s",
    }


# --- SQLite -------------------------------------------------------------------------------------


@pytest.fixture
def full_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A database in a file that may not grow by one page more."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('full')}/tracker.sqlite3")
    site = sites(engine)
    yield site
    engine.dispose()


def fill(engine: Engine, *, pages: int) -> None:
    """Let SQLite refuse every page after so many more, as where the disk is full."""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        count = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {count + pages}")
