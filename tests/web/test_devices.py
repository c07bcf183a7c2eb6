"""The cookie of a known device: what is genuine, and when it ends."""

from __future__ import annotations

import pytest
from flask import Response
from itsdangerous import TimestampSigner

from tests.pages import SETTINGS
from tracker.web.devices import KEPT, Device, cookie_name, fingerprint, genuine, remember

SECRET = SETTINGS.secret_key


def cookie_of(password_hash: str = "hash", key: str = "key") -> str:
    response = Response()
    remember(response, SETTINGS, account_id=7, password_hash=password_hash, key=key)
    return response.headers["Set-Cookie"].split(";")[0].partition("=")[2]


def test_what_was_signed_is_genuine_and_says_account_device_and_password() -> None:
    assert genuine(SECRET, cookie_of()) == Device(7, "key", fingerprint(SECRET, "hash"))


@pytest.mark.parametrize("cookie", [None, "", "x", cookie_of()[:-2], f"x{cookie_of()}"])
def test_what_was_not_signed_is_not(cookie: str | None) -> None:
    assert genuine(SECRET, cookie) is None


def test_another_secret_and_another_password_are_told_apart() -> None:
    assert genuine("another secret of this length, at least", cookie_of()) is None
    assert fingerprint(SECRET, "hash") != fingerprint(SECRET, "another")


def test_it_ends_after_half_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    present = TimestampSigner(SECRET).get_timestamp()
    later = present - int(KEPT.total_seconds()) - 1
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: later)
    old = cookie_of()
    monkeypatch.undo()
    assert genuine(SECRET, old) is None


def test_it_is_locked_up_and_bound_to_the_host() -> None:
    assert (cookie_name(secure=True), cookie_name(secure=False)) == ("__Host-geraet", "geraet")
    response = Response()
    remember(response, SETTINGS.__class__(secret_key=SECRET), account_id=1, password_hash="hash")
    for part in ("__Host-geraet=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="):
        assert part in response.headers["Set-Cookie"]
    assert "Domain" not in response.headers["Set-Cookie"]
