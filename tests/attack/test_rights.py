"""Every route asked by everybody for everything: what is answered, and that nothing changes.

`make test` asks every route once for each identity on each database, `make attack` for everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, select
from sqlmodel import Session, SQLModel
from werkzeug.test import TestResponse

from bench.person import fields
from dashboards.app import CSRF_COOKIE
from tests.application import application
from tests.attack.places import FIRST, IDENTITIES, KI, NOW, City, Identity, Place, city
from tests.attack.routes import CALLBACK, ROUTES, Ask, asks
from tests.conftest import DATABASES
from tests.dashboards.conftest import routing
from tests.pages import SETTINGS, Browser, browser_of
from tracker.core.permissions import Role
from tracker.web.access import allowed_roles
from tracker.web.csp import DASHBOARDS

# What a refused request may leave behind: that it was there.
SESSIONS = {"loginsession", "login_attempt"}
NOTED = SESSIONS | {"audit_event"}


@pytest.fixture(scope="module", params=DATABASES)
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    with engine.connect() as connection:
        outer = connection.begin()
        yield connection
        outer.rollback()


@pytest.fixture(scope="module")
def town(connection: Connection) -> Iterator[City]:
    app = application(SETTINGS, connection, lambda: NOW)
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        yield city(app, session)


Choice = Callable[[int], list[str]]


@pytest.fixture(scope="module")
def asked(request: pytest.FixtureRequest, town: City, connection: Connection) -> Choice:
    """Which places a question is asked for: all, or in turn one of them on one of the databases."""
    names = list(town.places)
    if request.config.getoption("--attack"):
        return lambda _number: names
    own = DATABASES.index(connection.dialect.name)
    return lambda number: [names[number // 2 % len(names)]] if number % 2 == own else []


def rows(connection: Connection, *, without: set[str] = NOTED) -> dict[str, list[Any]]:
    return {
        table.name: sorted(map(repr, connection.execute(select(table))))
        for table in SQLModel.metadata.sorted_tables
        if table.name not in without
    }


def test_every_route_is_listed_with_the_roles_that_may_open_it(town: City) -> None:
    views = town.app.view_functions
    rules = {str(rule.endpoint): rule.rule for rule in town.app.url_map.iter_rules()}
    assert set(rules) == set(ROUTES)
    for endpoint, rule in rules.items():
        if not f"{rule}/".startswith(DASHBOARDS):  # these are guarded as a whole
            assert allowed_roles(views[endpoint]) == ROUTES[endpoint].roles, endpoint


def test_everybody_reads_what_is_theirs_and_nothing_else(town: City, asked: Choice) -> None:
    wrong = []
    for number, ask in enumerate(asks(town.app, "GET")):
        for other, identity in enumerate(IDENTITIES):
            for name in asked(number + other):
                place = town.places[name]
                answer = opened(town, identity, ask.address(town, place))
                if answer.status_code not in ask.decision(identity, place):
                    wrong.append((ask.endpoint, identity.name, name, answer.status_code))
                if answer.status_code == 302 and not identity.signed_in:
                    assert answer.location.startswith("/anmelden?next=%2F"), ask
    assert wrong == []


def test_what_is_not_yours_looks_like_what_does_not_exist(town: City, asked: Choice) -> None:
    """Apart from what was asked for: the number or the key of the address."""
    differ = []
    for number, ask in enumerate(asks(town.app, "GET")):
        for other, identity in enumerate(IDENTITIES):
            for name in asked(number + other):
                place = town.places[name]
                if place.exists and ask.refusal(identity, place) == (404,):
                    pages = [
                        without_address(opened(town, identity, ask.address(town, which)))
                        for which in (place, nothing_like(town, ask, identity, place))
                    ]
                    if pages[0] != pages[1]:
                        differ.append((ask.endpoint, identity.name, name))
    assert differ == []


def nothing_like(town: City, ask: Ask, identity: Identity, place: Place) -> Place:
    """What does not exist: elsewhere, where the concept itself is what may not be seen."""
    hidden = identity.concepts is not None and place.concept not in identity.concepts
    by_key = "concept" in ask.rule.arguments and hidden
    same = "first" if place.concept == FIRST else "second"
    return town.places["nowhere" if by_key else f"nothing in the {same}"]


def without_address(answer: TestResponse) -> str:
    text = re.sub(r"\d{3,}|konzepte/[^/\"]+|„[^“]+“", "", answer.get_data(as_text=True))
    return re.sub(r'nonce="[^"]+"|\d+', "", text)


def opened(town: City, identity: Identity, address: str) -> TestResponse:
    client = town.browsers[identity.name].client
    return FlaskClient.open(client, address, buffered=True)


def test_nobody_changes_what_is_not_theirs(
    town: City, connection: Connection, asked: Choice
) -> None:
    wrong, before = [], rows(connection)
    for other, identity in enumerate(IDENTITIES):
        for number, ask in enumerate(asks(town.app, "POST")):
            for name in asked(number + other):
                place = town.places[name]
                refusal = ask.refusal(identity, place)
                if refusal is None:
                    continue
                answer = posted(town, town.browsers[identity.name], ask, place)
                if identity.name == "forged cookie":
                    refusal = (400, 401)  # its form token is worthless, too
                if answer.status_code not in refusal:
                    wrong.append((ask.endpoint, identity.name, name, answer.status_code))
        assert rows(connection) == before, identity
    assert wrong == []


def test_whoever_may_changes_something_with_the_same_request(
    town: City, connection: Connection, asked: Choice
) -> None:
    """Else what is refused above might be refused for another reason."""
    idle = []
    by_role = {identity.role: identity for identity in reversed(IDENTITIES) if identity.signed_in}
    by_role[KI] = next(identity for identity in IDENTITIES if identity.role is KI)
    by_role[Role.INSTITUTION] = next(one for one in IDENTITIES if one.name == "representative")
    place = town.places["vhs in the first"]
    before = rows(connection, without=SESSIONS)
    for number, ask in enumerate(asks(town.app, "POST")):
        if not ask.route.writes or not asked(number):
            continue
        for role in ask.route.roles or ():
            identity = by_role[role]
            if ask.refusal(identity, place) is not None:
                continue
            # A new one each time: it may end its own session.
            account = town.accounts[identity.name]
            browser = browser_of(town.app, town.session, account, NOW)
            undone = connection.begin_nested()
            answer = posted(town, browser, ask, place)
            if answer.status_code >= 400 or rows(connection, without=SESSIONS) == before:
                idle.append((ask.endpoint, identity.name, answer.status_code))
            undone.rollback()
            break
    assert idle == []


def posted(town: City, browser: Browser, ask: Ask, place: Place) -> TestResponse:
    """Send what a form at this address sends, with a token of the session."""
    address = ask.address(town, place)
    if ask.endpoint == CALLBACK:
        body = routing(f"/dashboards/konzepte/{place.concept}/ruecklauf")
        browser.client.set_cookie(CSRF_COOKIE, "x", path=DASHBOARDS)
        return FlaskClient.open(
            browser.client, address, method="POST", json=body, headers={"X-CSRFToken": "x"}
        )
    form = dict(ask.route.fields(place))
    if ask.route.filled and place.exists:
        form = form_at(town, address) | form
    forged = browser is town.browsers["forged cookie"]  # to take a token would mend the cookie
    form["csrf_token"] = (town.browsers["nobody"] if forged else browser).token()
    return FlaskClient.open(browser.client, address, method="POST", data=form, buffered=True)


def form_at(town: City, address: str) -> dict[str, Any]:
    """What stands in the form at an address, as the KI sees it."""
    page = opened(town, by_name("KI"), address)
    return fields(page.get_data(as_text=True), address)


def by_name(name: str) -> Identity:
    return next(identity for identity in IDENTITIES if identity.name == name)
