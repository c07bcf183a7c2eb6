"""Other methods give no more than GET, and no POST is taken that our own page has not sent."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Connection

from tests.attack.asking import body, own_token, posted, rows
from tests.attack.conftest import Choice
from tests.attack.places import IDENTITIES, City, Identity, Place
from tests.attack.routes import CALLBACK, Ask, asks
from tests.pages import Browser

BY_NAME = {identity.name: identity for identity in IDENTITIES}
ELSEWHERE = {
    "Origin": "https://anderswo.example",
    "Referer": "https://anderswo.example/",
    "Sec-Fetch-Site": "cross-site",
}


def test_no_method_gives_more_than_reading_does(
    town: City, town_connection: Connection, asked: Choice
) -> None:
    wrong, before = [], rows(town_connection)
    for number, ask in enumerate(asks(town.app, "GET")):
        methods = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")
        for other, method in enumerate(methods):
            for name in asked(number + other):
                identity = IDENTITIES[(number + 3 * other) % len(IDENTITIES)]
                place = town.places[name]
                client = town.browsers[identity.name].client
                answer = FlaskClient.open(
                    client, ask.address(town, place), method=method, buffered=True
                )
                allowed = {
                    "HEAD": ask.decision(identity, place),
                    "OPTIONS": (200, *ask.decision(identity, place)),
                }.get(method, (401, 405))
                if answer.status_code not in allowed or (answer.status_code == 200 and answer.data):
                    wrong.append((ask.endpoint, identity.name, method, answer.status_code))
    assert wrong == []
    assert rows(town_connection) == before


def test_a_form_that_our_page_has_not_sent_is_refused(
    town: City, town_connection: Connection, asked: Choice
) -> None:
    """Without token, with somebody else's, from elsewhere, or smuggled in as something else."""
    wrong, before = [], rows(town_connection)
    place = town.places["vhs in the first"]
    signer = URLSafeTimedSerializer(town.app.secret_key or "", salt="wtf-csrf-token")
    other = str(signer.dumps("1" * 40))
    for number, ask in enumerate(asks(town.app, "POST")):
        if not asked(number):
            continue
        browser = town.browsers[victim(ask, place).name]
        for name, how in forgeries(town, ask, place, browser, other).items():
            answer = posted(town, browser, ask, place, **how)
            allowed = {400} | {404} & set(ask.route.answers)  # nothing behind an invented token
            if "json" in how:
                allowed.add(401)  # to a script without session
            if answer.status_code not in allowed:
                wrong.append((ask.endpoint, name, answer.status_code))
    assert wrong == []
    assert rows(town_connection) == before


def victim(ask: Ask, place: Place) -> Identity:
    """Somebody whose own form it could be: who may, nobody for what is public."""
    likely = ("KI", "representative", "committee", "nobody")
    return next(BY_NAME[name] for name in likely if ask.refusal(BY_NAME[name], place) is None)


def forgeries(
    town: City, ask: Ask, place: Place, browser: Browser, other: str
) -> dict[str, dict[str, Any]]:
    own, typed = own_token(browser, ask.address(town, place)), body(town, ask, place)
    text = "&".join(f"{name}={value}" for name, value in (typed | {"csrf_token": own}).items())
    found: dict[str, dict[str, Any]] = {
        "no token": {"token": ""},
        "nonsense": {"token": "x"},
        "as text": {"data": text, "content_type": "text/plain"},
        "in the address": {"data": typed, "query_string": {"csrf_token": own}},
    }
    if ask.endpoint != CALLBACK:
        found["as JSON"] = {"json": typed | {"csrf_token": own}}
    if ask.route.roles is not None:
        # A public form has no session that its token could belong to.
        found["of another session"] = {"token": other}
    if ask.endpoint == CALLBACK:
        # The cookie is only for this site, and no other site may set the header.
        found["header alone"] = {"headers": {"X-CSRFToken": "", **ELSEWHERE}}
    else:
        found["from elsewhere"] = {"headers": ELSEWHERE, "base_url": "https://localhost"}
    return found
