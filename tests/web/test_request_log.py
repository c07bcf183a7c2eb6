"""Every request has a number, which its answer, its log lines and a failure's page name."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Connection

from tests.pages import SETTINGS, Browser
from tracker.app import create_app
from tracker.core.logs import JsonLines
from tracker.web.access import public

TOKEN = "dieses-zeichen-gilt-als-kennwort"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "tracker")
    return caplog


def test_a_request_is_a_line_without_its_address(
    coordination: Browser, lines: pytest.LogCaptureFixture
) -> None:
    lines.handler.setFormatter(JsonLines())
    lines.clear()
    answer = coordination.get(f"/einladung/{TOKEN}?x={TOKEN}", 404).response
    assert answer.headers["X-Request-ID"] in lines.text
    assert '"endpoint": "accounts.invitation", "status": 404' in lines.text
    assert coordination.actor is not None
    assert f'"account": {coordination.actor.account_id}' in lines.text
    assert TOKEN not in lines.text


@pytest.mark.parametrize(
    ("proxies", "given", "kept"),
    [
        (1, "0af76519-16cd", True),
        (1, "zu kurz"[:3], False),
        (1, 'abc"defgh', False),
        (1, "a" * 65, False),
        (0, "0af76519-16cd", False),
    ],
)
def test_only_a_trusted_proxy_numbers_requests(
    connection: Connection, proxies: int, given: str, kept: bool
) -> None:
    app = create_app(replace(SETTINGS, trusted_proxies=proxies), engine=connection)
    answer = app.test_client().get("/gesund", headers={"X-Request-ID": given})
    number = answer.headers["X-Request-ID"]
    assert number == given if kept else re.fullmatch("[0-9a-f]{32}", number)


def test_a_failure_tells_its_number_and_the_log_where_but_not_what(
    connection: Connection, lines: pytest.LogCaptureFixture
) -> None:
    app: Flask = create_app(SETTINGS, engine=connection)

    def fail() -> str:
        raise ValueError(TOKEN)

    app.view_functions["pages.imprint"] = public(fail)
    lines.handler.setFormatter(JsonLines())
    page = Browser(app).get(f"/impressum?{TOKEN}", 500)
    number = page.response.headers["X-Request-ID"]
    assert f"Nummer des Fehlers: {number}" in page.visible
    assert lines.text.count(number) == 2
    assert "builtins.ValueError" in lines.text
    assert TOKEN not in lines.text
