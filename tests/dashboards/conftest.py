"""An application with published rounds and a browser that asks the way Dash's renderer does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine
from sqlmodel import Session
from werkzeug.test import TestResponse

from dashboards.page_cache import CSRF_COOKIE
from tests.application import application
from tests.bielefeld import BIELEFELD
from tests.committing import own_sqlite
from tests.concept_client import KEY, full
from tests.dashboards.published import publish
from tests.factories_snapshot import documents
from tracker.accounts.actions import accounts, sessions
from tracker.concept.queries.concepts import ConceptName
from tracker.core.permissions import Role

Json = dict[str, Any]

SETTINGS = replace(
    BIELEFELD, secret_key="for tests only, long enough to be taken", secure_cookies=False
)
# What stands in a line with the text around it.
INLINE = {"A", "Abbr", "B", "Br", "Em", "I", "Mark", "Small", "Span", "Strong", "Sup", "Time"}
ROUTING = ".._pages_content.children..._pages_store.data.."


def routing(path: Any = "/dashboards/", search: Any = "") -> Json:
    """What Dash's renderer sends to learn what is on a page."""
    place = "_pages_location"
    return {
        "output": ROUTING,
        "outputs": [
            {"id": "_pages_content", "property": "children"},
            {"id": "_pages_store", "property": "data"},
        ],
        "inputs": [
            {"id": place, "property": "pathname", "value": path},
            {"id": place, "property": "search", "value": search},
        ],
        "changedPropIds": [f"{place}.pathname", f"{place}.search"],
    }


def texts(node: Any) -> Iterator[str]:
    """The texts of a component tree in reading order."""
    if isinstance(node, str | int):
        yield str(node)
    elif isinstance(node, list):
        for child in node:
            yield from texts(child)
    elif isinstance(node, dict):
        yield from texts(node.get("props", {}).get("children"))


def _holds_block(node: Any) -> bool:
    if isinstance(node, list):
        return any(_holds_block(child) for child in node)
    if not isinstance(node, dict):
        return False
    return node.get("type") not in INLINE or _holds_block(node.get("props", {}).get("children"))


def text_lines(node: Any) -> Iterator[str]:
    """The text of a component tree as a reader sees it: a line per paragraph, cell and entry."""
    if isinstance(node, list) and _holds_block(node):
        for child in node:
            yield from text_lines(child)
    elif isinstance(node, dict):
        yield from text_lines(node.get("props", {}).get("children"))
    else:
        yield "".join(texts(node))


def found(node: Any, kind: str) -> Iterator[Json]:
    """The properties of all components of a type, e.g. "A"."""
    if isinstance(node, list):
        for child in node:
            yield from found(child, kind)
    elif isinstance(node, dict) and "props" in node:
        if node["type"] == kind:
            yield node["props"]
        yield from found(node["props"].get("children"), kind)


@dataclass
class Content:
    """What is on a page."""

    tree: Any
    title: str

    @property
    def text(self) -> str:
        return " ".join(" ".join(texts(self.tree)).split())

    def all(self, kind: str) -> list[Json]:
        return list(found(self.tree, kind))


@dataclass
class Visitor:
    """A person with a browser; nobody is signed in unless the fixture says so."""

    client: FlaskClient

    def post(self, body: Any, *, token: str | None = None, **options: Any) -> TestResponse:
        """Send a callback with the token of the page opened before, or with another one."""
        cookie = self.client.get_cookie(CSRF_COOKIE, path="/dashboards/")
        sent = token if token is not None else (cookie.value if cookie else "")
        return self.client.post(
            "/dashboards/_dash-update-component",
            json=body,
            headers={"X-CSRFToken": sent},
            **options,
        )

    def content(self, path: str = "/dashboards/", search: str = "") -> Content:
        """Open a page and return what Dash says is on it."""
        opened = self.client.get(path + search, follow_redirects=True)
        assert opened.status_code in {200, 404}
        app = self.client.application
        response = self.post(routing(full(app, path), search))
        assert response.status_code == 200, response.get_data(as_text=True)
        answer = json.loads(response.data)["response"]
        return Content(
            answer["_pages_content"]["children"], answer["_pages_store"]["data"]["title"]
        )


def make_app(connection: Connection, now: datetime) -> Flask:
    """The application on a test's transaction."""
    return application(SETTINGS, connection, lambda: now)


def signed_in(app: Flask, session: Session, role: Role, now: datetime) -> Visitor:
    """A new person with this role, signed in."""
    account = accounts.create(
        session,
        email=f"{role}@stadt.example",
        name=f"Person {role}",
        role=role,
        institution_id=None,
        function=None,
        by=None,
        now=now,
    )
    token = sessions.sign_in(session, account_id=account.id or 0, now=now)
    session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return Visitor(client)


@pytest.fixture(scope="module")
def drawn_alone() -> Iterator[None]:
    """For parts of pages that are drawn without a request: a concept that their links name."""
    app = Flask(__name__)
    with app.app_context():
        g.concept = ConceptName(1, KEY, "Probekonzept")
        yield


@pytest.fixture
def app(connection: Connection, now: datetime) -> Flask:
    """The application on each of both databases, without any round."""
    return make_app(connection, now)


@pytest.fixture
def nobody(app: Flask) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(app.test_client())


SignIn = Callable[[Role], Visitor]


@pytest.fixture
def sign_in(app: Flask, session: Session, now: datetime) -> SignIn:
    """Sign in a person of the KI or the committee."""
    return lambda role: signed_in(app, session, role, now)


@pytest.fixture
def committee(sign_in: SignIn) -> Visitor:
    """A member of the committee; no round is published yet."""
    return sign_in(Role.COMMITTEE)


@pytest.fixture(scope="session")
def four_rounds() -> list[Json]:
    """Four consecutive documents, oldest first."""
    return documents(4)


@pytest.fixture(scope="session")
def published_engine(
    tmp_path_factory: pytest.TempPathFactory, four_rounds: list[Json]
) -> Iterator[Engine]:
    """A database with the four rounds published."""
    engine = own_sqlite(tmp_path_factory.mktemp("published"))
    with Session(engine) as session:
        publish(session, four_rounds)
        session.commit()
    yield engine
    engine.dispose()


@pytest.fixture
def reader(published_engine: Engine, now: datetime) -> Iterator[Visitor]:
    """A member of the committee with four published rounds."""
    with published_engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield signed_in(make_app(connection, now), session, Role.COMMITTEE, now)
        outer.rollback()
