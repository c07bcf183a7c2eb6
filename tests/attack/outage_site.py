"""An application with a person of each kind, what each may ask for, and what tells of an outage."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from lxml.html import document_fromstring
from sqlalchemy import Engine
from sqlmodel import Session
from werkzeug.test import TestResponse

from dashboards.page_cache import CSRF_COOKIE
from tests.concept_client import ConceptClient
from tests.dashboards.conftest import routing
from tests.factories import World, moment
from tests.pages import SETTINGS, Browser, browser_of, checked
from tests.report_world import path
from tracker.accounts.models import Account
from tracker.app import create_app
from tracker.core import migrate
from tracker.core.permissions import Actor

NOW = moment("2026-10-05 09:00")
TEXT = "Ein Hinweis, der lang genug ist, um als Text zu gelten, und der nicht verloren gehen darf."
WHO = ("coordination", "representative", "committee", "nobody")
AWAY = "Die Datenbank ist nicht erreichbar"


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


def make_site(engine: Engine) -> Site:
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


def is_ours(response: TestResponse, name: str, heading: str = AWAY) -> None:
    """Check that this is our page about the database, or its JSON."""
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) <= 60
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-cache"
    if name == "callback":
        assert response.get_json()["error"] == heading
        return
    page = checked(response, 503)
    assert page.heading == heading
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
