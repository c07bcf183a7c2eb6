"""A cookie found genuine is remembered; nothing else about it is taken for granted."""

import time

import pytest
from flask import Flask
from flask.sessions import SecureCookieSession

from tracker.web.cookies import SignedCookies


@pytest.fixture
def app() -> Flask:
    app = Flask("cookies")
    app.secret_key = "for tests only, long enough to be taken"
    app.session_interface = SignedCookies()
    return app


def signed(app: Flask, **content: object) -> str:
    serializer = SignedCookies().get_signing_serializer(app)
    assert serializer is not None
    text = serializer.dumps(content)
    return text if isinstance(text, str) else text.decode()


def opened(app: Flask, cookie: str) -> SecureCookieSession:
    with app.test_request_context(headers={"Cookie": f"session={cookie}"}) as context:
        found = app.session_interface.open_session(app, context.request)
    assert isinstance(found, SecureCookieSession)
    return found


def test_a_cookie_says_the_same_each_time(app: Flask) -> None:
    cookie = signed(app, who="a", said=[("success", "Gespeichert")])
    assert [dict(opened(app, cookie)) for _ in range(3)] == [
        {"who": "a", "said": [("success", "Gespeichert")]}
    ] * 3


def test_what_a_request_changes_in_its_session_stays_its_own(app: Flask) -> None:
    cookie = signed(app, who="a", said=["eins"])
    session = opened(app, cookie)
    session["who"] = "b"
    session["said"].append("zwei")
    assert dict(opened(app, cookie)) == {"who": "a", "said": ["eins"]}


@pytest.mark.parametrize("place", [0, 5, -1, -12])
def test_a_changed_cookie_is_empty_after_the_genuine_one_as_well(app: Flask, place: int) -> None:
    cookie = signed(app, who="a")
    assert opened(app, cookie)
    # Of the last sign only the first four bits count: A to D would be one signature.
    other = "A" if cookie[place] not in "ABCD" else "Q"
    changed = list(cookie)
    changed[place] = other
    assert not opened(app, "".join(changed))
    assert not opened(app, "".join(changed))
    assert opened(app, cookie)


def test_a_remembered_cookie_grows_too_old(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = signed(app, who="a")
    assert opened(app, cookie)
    begun, lifetime = time.time(), app.permanent_session_lifetime.total_seconds()
    monkeypatch.setattr(time, "time", lambda: begun + lifetime - 60)
    assert opened(app, cookie)
    monkeypatch.setattr(time, "time", lambda: begun + lifetime + 60)
    assert not opened(app, cookie)


def test_a_cookie_of_another_secret_is_empty(app: Flask) -> None:
    other = Flask("other")
    other.secret_key = "another secret, long enough to be taken as well"
    cookie = signed(other, who="a")
    assert not opened(app, cookie)
    assert not opened(app, "")
