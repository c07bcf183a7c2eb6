"""The database is away, frozen or full: everybody gets our page, keeps the text, and goes on later.

Each on a real server that is stopped, started and frozen behind a running application.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection

import pytest
from lxml.html import document_fromstring
from sqlalchemy import text
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from tests.attack.outage_site import AWAY, TEXT, WHO, Site, is_ours, make_site, recovers
from tests.attack.own_postgresql import OwnPostgreSQL, own_postgresql
from tests.factories import RUNNING
from tests.moments import until
from tests.report_world import fields_of
from tools.processes import free_port, started
from tracker.core.db import WEB, make_engine
from tracker.core.trouble import DATABASE_ERRORS, Trouble, trouble_of
from tracker.reporting.models import Report

pytestmark = pytest.mark.attack
# Seconds: as in production, only less patient.
QUICK = replace(WEB, statement=1, lock=1, connect=2, silence=0.5)
# A statement, what the server did not end, and a connection that is given up with it.
LONGEST = QUICK.statement + 2 * QUICK.connect + 1


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgreSQL]:
    with own_postgresql("away") as server:
        yield server


@pytest.fixture(scope="module")
def site(server: OwnPostgreSQL) -> Iterator[Site]:
    engine = make_engine(server.url.render_as_string(hide_password=False), QUICK)
    yield make_site(engine)
    engine.dispose()


@contextmanager
def stopped(server: OwnPostgreSQL) -> Iterator[None]:
    server.stop()
    try:
        yield
    finally:
        server.start()


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
        assert saved.get_json()["error"] == AWAY
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
            with pytest.raises(DATABASE_ERRORS) as raised:
                connection.execute(text("SELECT 2"))
            assert trouble_of(raised.value) is Trouble.AWAY
            connection.close()
        assert time.monotonic() - began < LONGEST
    recovers(site)


def test_the_server_itself_ends_what_takes_too_long(site: Site) -> None:
    with site.engine.connect() as slow, site.engine.connect() as other:
        for statement in ("SELECT pg_sleep(9)", "LOCK TABLE account IN EXCLUSIVE MODE"):
            other.execute(text("LOCK TABLE account IN EXCLUSIVE MODE"))
            began = time.monotonic()
            with pytest.raises(DATABASE_ERRORS) as raised:
                slow.execute(text(statement))
            assert trouble_of(raised.value) is Trouble.BUSY
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


def test_a_served_instance_answers_a_crowd_while_its_database_is_frozen(
    site: Site, server: OwnPostgreSQL
) -> None:
    """With its own processes, threads and limits, on the database of the other tests."""
    port = free_port()
    environment = {
        "DATABASE_URL": server.url.render_as_string(hide_password=False),
        "SECRET_KEY": "s" * 40,
        "PORT": str(port),
    }

    def status(_: object = None) -> int:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status
        except OSError:
            return 0  # not yet started
        finally:
            connection.close()

    command = [sys.executable, "-m", "tracker", "serve"]
    with started(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL):
        until(lambda: status() == 200)
        with server.frozen():
            began = time.monotonic()
            with ThreadPoolExecutor(30) as crowd:
                assert set(crowd.map(status, range(30))) == {503}
            assert time.monotonic() - began < 2 * WEB.statement
            assert status() == 503
        until(lambda: status() == 200)
