"""`/gesund` and `/bereit` while a real PostgreSQL is stopped or frozen, and `tracker watch`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.attack.own_postgresql import OwnPostgreSQL, own_postgresql
from tests.commands import Tracker
from tests.moments import until
from tests.pages import SETTINGS
from tracker.app import create_app
from tracker.core import migrate
from tracker.core.db import WEB, make_engine
from tracker.core.instance import beat
from tracker.watch.queries import condition
from tracker.watch.web.views import PROBE

pytestmark = pytest.mark.attack
LONGEST = condition.ANSWER_SECONDS + 1


@pytest.fixture(scope="module")
def server() -> Iterator[OwnPostgreSQL]:
    with own_postgresql("ready") as server:
        yield server


@pytest.fixture(scope="module")
def app(server: OwnPostgreSQL) -> Iterator[Flask]:
    url = server.url.render_as_string(hide_password=False)
    engine = make_engine(url, WEB)
    migrate.upgrade(engine)
    beat(engine, now=datetime.now(UTC))
    yield create_app(replace(SETTINGS, database_url=url), engine=engine)
    engine.dispose()


def asked(app: Flask, path: str) -> int:
    began = time.monotonic()
    status = app.test_client().get(path).status_code
    assert time.monotonic() - began < LONGEST
    return status


def forget(app: Flask) -> None:
    """Let what was measured last hold no longer."""
    app.extensions.pop(PROBE)


def becomes_ready(app: Flask) -> None:
    until(lambda: asked(app, "/bereit") == 200)


def test_frozen_and_back(app: Flask, server: OwnPostgreSQL) -> None:
    becomes_ready(app)
    with server.frozen():
        forget(app)
        assert {asked(app, "/bereit") for _ in range(20)} == {503}
        assert asked(app, "/gesund") == 200
    becomes_ready(app)


def test_stopped_and_back(app: Flask, server: OwnPostgreSQL) -> None:
    becomes_ready(app)
    server.stop()
    try:
        forget(app)
        assert asked(app, "/bereit") == 503
        assert asked(app, "/gesund") == 200
    finally:
        server.start()
    becomes_ready(app)


@pytest.mark.usefixtures("only_what_the_test_sets")
def test_the_watch_comes_to_its_end_while_the_database_is_frozen(
    app: Flask, server: OwnPostgreSQL, tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", server.url.render_as_string(hide_password=False))
    began = time.monotonic()
    with server.frozen():
        run = tracker("watch")
    assert run.code == 1
    assert "Datenbank – gestört" in run.out
    assert time.monotonic() - began < 20
    becomes_ready(app)
