"""Behind a proxy the throttling counts the people, not the proxy."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask, request
from sqlalchemy import Connection

from tests.pages import SETTINGS
from tracker.app import create_app
from tracker.web.access import public


def app_behind(connection: Connection, proxies: int) -> Flask:
    app = create_app(replace(SETTINGS, trusted_proxies=proxies), engine=connection)
    app.view_functions["pages.imprint"] = public(lambda: request.remote_addr or "")
    return app


@pytest.mark.parametrize(
    ("proxies", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7")]
)
def test_as_many_addresses_are_believed_as_proxies_are_trusted(
    connection: Connection, proxies: int, seen: str
) -> None:
    client = app_behind(connection, proxies).test_client()
    headers = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
    assert client.get("/impressum", headers=headers).get_data(as_text=True) == seen


@pytest.mark.parametrize(
    ("proxies", "headers", "warns"),
    [
        (0, {}, ""),
        (0, {"X-Forwarded-For": "203.0.113.9"}, "TRUSTED_PROXIES ist 0"),
        (1, {}, "TRUSTED_PROXIES ist größer als 0"),
        (1, {"X-Forwarded-For": "203.0.113.9"}, ""),
    ],
)
def test_a_setting_that_does_not_fit_what_arrives_is_warned_of_once(
    connection: Connection,
    caplog: pytest.LogCaptureFixture,
    proxies: int,
    headers: dict[str, str],
    warns: str,
) -> None:
    app = app_behind(connection, proxies)
    app.config["WTF_CSRF_ENABLED"] = False
    for _ in range(2):
        app.test_client().post("/anmelden", headers=headers)
    warnings = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert [warning.startswith(warns) for warning in warnings] == [True] * bool(warns)
