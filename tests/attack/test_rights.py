"""Every route asked by everybody for everything: what is answered, and that nothing changes.

`make test` asks every route once for each identity on each database, `make attack` for everything.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection
from werkzeug.test import TestResponse

from tests.attack.asking import SESSIONS, faults, opened, posted, rows
from tests.attack.conftest import Choice
from tests.attack.places import FIRST, IDENTITIES, KI, NOW, City, Identity, Place
from tests.attack.routes import ROUTES, Ask, asks
from tests.pages import browser_of
from tracker.core.permissions import Role
from tracker.web.access import allowed_roles
from tracker.web.csp import DASHBOARDS


def test_every_route_is_listed_with_the_roles_that_may_open_it(town: City) -> None:
    views = town.app.view_functions
    rules = {str(rule.endpoint): rule.rule for rule in town.app.url_map.iter_rules()}
    assert set(rules) == set(ROUTES)
    for endpoint, rule in rules.items():
        if not f"{rule}/".startswith(DASHBOARDS):  # these are guarded as a whole
            assert allowed_roles(views[endpoint]) == ROUTES[endpoint].roles, endpoint


def test_everybody_reads_what_is_theirs_and_nothing_else(
    town: City, town_connection: Connection, asked: Choice
) -> None:
    wrong, before = [], rows(town_connection)
    for number, ask in enumerate(asks(town.app, "GET")):
        for other, identity in enumerate(IDENTITIES):
            for name in asked(number + other):
                place = town.places[name]
                answer = opened(town, identity, ask.address(town, place))
                if answer.status_code not in ask.decision(identity, place) or faults(answer):
                    seen = (answer.status_code, *faults(answer))
                    wrong.append((ask.endpoint, identity.name, name, seen))
                if answer.status_code == 302 and not identity.signed_in:
                    assert answer.location.startswith("/anmelden?next=%2F"), ask
    assert wrong == []
    assert rows(town_connection) == before, "reading has changed something"


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


def test_nobody_changes_what_is_not_theirs(
    town: City, town_connection: Connection, asked: Choice, thorough: bool
) -> None:
    wrong, before = [], rows(town_connection)
    for other, identity in enumerate(IDENTITIES):
        alike = [one for one in IDENTITIES if one.role is identity.role]
        for number, ask in enumerate(asks(town.app, "POST")):
            if not thorough and identity is not alike[number % len(alike)]:
                continue  # of each role one in turn
            for name in asked(number + other):
                place = town.places[name]
                refusal = ask.refusal(identity, place)
                if refusal is None:
                    continue
                answer = posted(town, town.browsers[identity.name], ask, place)
                if identity.name in {"nobody", "token holder", "forged cookie"}:
                    refusal = (400, 401)  # nothing is read of a stranger, no form token either
                if answer.status_code not in refusal:
                    wrong.append((ask.endpoint, identity.name, name, answer.status_code))
        assert not thorough or rows(town_connection) == before, identity
    assert rows(town_connection) == before
    assert wrong == []


def test_whoever_may_changes_something_with_the_same_request(
    town: City, town_connection: Connection, asked: Choice
) -> None:
    """Else what is refused above might be refused for another reason."""
    idle = []
    by_role = {identity.role: identity for identity in reversed(IDENTITIES) if identity.signed_in}
    by_role[KI] = next(identity for identity in IDENTITIES if identity.role is KI)
    by_role[Role.INSTITUTION] = next(one for one in IDENTITIES if one.name == "representative")
    place = town.places["vhs in the first"]
    before = rows(town_connection, without=SESSIONS)
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
            undone = town_connection.begin_nested()
            answer = posted(town, browser, ask, place)
            if answer.status_code >= 400 or rows(town_connection, without=SESSIONS) == before:
                idle.append((ask.endpoint, identity.name, answer.status_code))
            undone.rollback()
            break
    assert idle == []
