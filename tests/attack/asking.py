"""Asking as somebody of the city does: opening addresses, sending forms, comparing all tables."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Connection, select
from sqlmodel import SQLModel
from werkzeug.test import TestResponse

from bench.person import fields
from dashboards.page_cache import CSRF_COOKIE
from tests.attack.places import City, Identity, Place
from tests.attack.routes import CALLBACK, Ask
from tests.dashboards.conftest import routing
from tests.pages import Browser, public_token
from tracker.web.csp import DASHBOARDS

# What a refused request may leave behind: that it was there.
SESSIONS = {"loginsession", "login_attempt"}
NOTED = SESSIONS | {"audit_event"}


def rows(connection: Connection, *, without: set[str] = NOTED) -> dict[str, list[Any]]:
    return {
        table.name: sorted(map(repr, connection.execute(select(table))))
        for table in SQLModel.metadata.sorted_tables
        if table.name not in without
    }


def opened(town: City, identity: Identity, address: str) -> TestResponse:
    client = town.browsers[identity.name].client
    return FlaskClient.open(client, address, buffered=True)


def posted(
    town: City, browser: Browser, ask: Ask, place: Place, *, token: str | None = None, **how: Any
) -> TestResponse:
    """Send what a form at this address sends, with a token of the session or another one."""
    address = ask.address(town, place)
    if token is None:
        forged = browser is town.browsers["forged cookie"]  # to take a token would mend the cookie
        token = own_token(town.browsers["nobody"] if forged else browser, address)
    if ask.endpoint == CALLBACK:
        browser.client.set_cookie(CSRF_COOKIE, browser.token(), path=DASHBOARDS)
        if "data" not in how:
            how["json"] = routing(f"/dashboards/konzepte/{place.concept}/ruecklauf")
        how["headers"] = {"X-CSRFToken": token} | how.get("headers", {})
    elif "data" not in how and "json" not in how:
        how["data"] = body(town, ask, place) | {"csrf_token": token}
    return FlaskClient.open(browser.client, address, method="POST", buffered=True, **how)


def own_token(browser: Browser, address: str) -> str:
    """The token that our page at an address would send: the form's own, or the session's."""
    return public_token(browser.app, address) or browser.token()


def body(town: City, ask: Ask, place: Place) -> dict[str, Any]:
    """What a form at an address posts: what stands in it, and what the list of routes says."""
    own = dict(ask.route.fields(place))
    if not (ask.route.filled and place.exists):
        return own
    address = ask.address(town, place)
    page = FlaskClient.open(town.browsers["KI"].client, address)
    standing = fields(page.get_data(as_text=True), address)
    standing.pop("csrf_token", None)  # the KI's
    return standing | own


def faults(answer: TestResponse) -> list[str]:
    """What an answer lacks that every answer must have, whoever asked for whatever."""
    headers = answer.headers
    wanted = {
        "frames": "frame-ancestors 'none'" in headers.get("Content-Security-Policy", ""),
        "inline": "unsafe" not in headers.get("Content-Security-Policy", "unsafe"),
        "sniffing": headers.get("X-Content-Type-Options") == "nosniff",
        "referrer": headers.get("Referrer-Policy") in {"same-origin", "no-referrer"},
        "no other origin": "Access-Control-Allow-Origin" not in headers,
        # Only what has no person in it may lie in a cache that people share.
        "cache": "private" in headers.get("Cache-Control", "")
        or "no-store" in headers.get("Cache-Control", "")
        or answer.mimetype in {"text/javascript", "text/css", "image/svg+xml"},
        "signs": not answer.mimetype.startswith("text/")
        or "charset=utf-8" in headers.get("Content-Type", "").lower(),
        "way": not answer.location or answer.location.startswith(("/", "http://localhost/")),
    }
    wrong = [name for name, right in wanted.items() if not right]
    for cookie in headers.getlist("Set-Cookie"):
        parts = {part.strip().partition("=")[0].lower() for part in cookie.split(";")}
        scripts_read_it = cookie.startswith(f"{CSRF_COOKIE}=")
        if not {"samesite", "path"} <= parts or ("httponly" in parts) == scripts_read_it:
            wrong.append(cookie)
    return wrong
