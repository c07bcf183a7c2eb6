"""`/gesund` and `/bereit` tell a monitor the truth, whatever fails, soon, and nothing more."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session

from tests.committing import own_sqlite
from tests.conftest import StatementCounter
from tests.pages import SETTINGS
from tracker.app import create_app
from tracker.core.db import make_engine
from tracker.core.instance import beat
from tracker.outbox.models import OutboxMail
from tracker.watch.queries import condition
from tracker.watch.rules.condition import LEAST_FREE_BYTES

WITH_MAIL = replace(SETTINGS, smtp_host="127.0.0.1", smtp_port=1)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database of the test's own: what is measured is measured on another connection."""
    engine = own_sqlite(tmp_path)
    beat(engine, now=datetime.now(UTC))
    yield engine
    engine.dispose()


@pytest.fixture
def app(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(condition, "KEPT_SECONDS", 0)
    return create_app(WITH_MAIL, engine=engine)


def ready(app: Flask) -> tuple[int, dict[str, str]]:
    """The status of `/bereit`, and how each part is."""
    response = app.test_client().get("/bereit")
    answer: dict[str, Any] = response.get_json()
    assert answer["status"] == ("ok" if response.status_code == 200 else "failed")
    assert all(part["text"].endswith(".") for part in answer["parts"].values())
    return response.status_code, {key: part["status"] for key, part in answer["parts"].items()}


def at_fault(app: Flask) -> set[str]:
    status, parts = ready(app)
    found = {part for part, how in parts.items() if how == "fault"}
    assert status == (503 if found else 200)
    return found


def alive(app: Flask) -> int:
    return app.test_client().get("/gesund").status_code


def test_an_instance_in_order_is_ready(app: Flask) -> None:
    assert ready(app) == (
        200,
        dict.fromkeys(("database", "schema", "clock", "mail", "disk"), "fine"),
    )


def test_a_clock_that_is_silent_is_a_fault(app: Flask, engine: Engine) -> None:
    beat(engine, now=datetime.now(UTC) - timedelta(minutes=16))
    assert at_fault(app) == {"clock"}


def waiting(session: Session, *, since: datetime) -> None:
    session.add(
        OutboxMail(
            key=since.isoformat(),
            kind="digest",
            recipient="ki@stadt.example",
            subject="Betreff",
            body="Text",
            created_at=since,
            next_attempt_at=since,
        )
    )
    session.commit()


def test_a_mail_that_waits_too_long_is_a_fault_where_there_is_a_mail_server(
    app: Flask, engine: Engine
) -> None:
    with Session(engine) as session:
        waiting(session, since=datetime.now(UTC) - timedelta(minutes=61))
    assert at_fault(app) == {"mail"}
    assert at_fault(create_app(SETTINGS, engine=engine)) == set()


def test_a_full_disk_is_a_fault_and_the_process_lives(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(condition, "free_bytes", lambda _url: LEAST_FREE_BYTES - 1)
    assert at_fault(app) == {"disk"}
    assert alive(app) == 200


def test_where_nothing_can_be_measured_nothing_is_free(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert condition.free_bytes(engine.url) > 0

    def full(_folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(condition.shutil, "disk_usage", full)
    assert condition.free_bytes(engine.url) == 0


def test_a_database_that_cannot_be_reached_is_a_fault_and_the_process_lives() -> None:
    url = "postgresql://nobody@127.0.0.1:1/none?connect_timeout=1"
    app = create_app(replace(SETTINGS, database_url=url))
    assert at_fault(app) == {"database"}
    assert ready(app)[1]["clock"] == "unknown"
    assert alive(app) == 200
    said = app.test_client().get("/bereit").text
    assert "nobody" not in said
    assert "5432" not in said


def test_a_database_without_tables_does_not_fit(tmp_path: Path) -> None:
    app = create_app(SETTINGS, engine=make_engine(f"sqlite:///{tmp_path}/empty.sqlite3"))
    assert at_fault(app) == {"schema"}
    assert str(tmp_path) not in app.test_client().get("/bereit").text


def test_a_frozen_database_keeps_nobody_waiting_and_is_asked_once_at_a_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen, asked = threading.Event(), []
    measure = condition.schema_state

    def slow(engine: Engine) -> Any:
        asked.append(engine)
        frozen.wait(20)
        return measure(engine)

    monkeypatch.setattr(condition, "ANSWER_SECONDS", 0.05)
    monkeypatch.setattr(condition, "schema_state", slow)
    began = time.monotonic()
    try:
        assert [at_fault(app) for _ in range(3)] == [{"database"}] * 3
        assert alive(app) == 200
        assert time.monotonic() - began < 5
        assert len(asked) == 1
    finally:
        frozen.set()
    monkeypatch.setattr(condition, "ANSWER_SECONDS", 10)
    while at_fault(app):  # the measuring that had to wait answers for the first
        assert len(asked) < 3


def test_who_asks_again_and_again_asks_the_database_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(condition, "KEPT_SECONDS", 600)
    app = create_app(SETTINGS, engine=engine)
    ready(app)
    with StatementCounter(engine) as counter:
        for _ in range(5):
            ready(app)
            alive(app)
    assert counter.count == 0


def test_neither_address_opens_a_session_or_asks_the_database(engine: Engine) -> None:
    app = create_app(SETTINGS, engine=engine)
    with StatementCounter(engine) as counter:
        response = app.test_client().get("/gesund")
    assert counter.count == 0
    assert "Set-Cookie" not in response.headers
    assert "Set-Cookie" not in app.test_client().get("/bereit").headers
