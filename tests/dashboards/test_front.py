"""A page already made is handed out before Flask's dispatch, and only to whom Flask would."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import brotli
import pytest
from flask import Flask, request_started
from sqlalchemy import Engine, update
from sqlmodel import Session

from tests.dashboards.conftest import SETTINGS, Visitor, routing, signed_in
from tracker.accounts.models import Account, LoginSession
from tracker.app import create_app
from tracker.core.db import make_engine
from tracker.core.permissions import Role

MINUTE = timedelta(minutes=1)


@dataclass
class World:
    """A member of the committee who has opened the Überblick, and a clock to be moved."""

    now: datetime
    visitor: Visitor
    session: Session
    dispatched: list[Flask] = field(default_factory=list)

    def ask(self, body: Any = None, **headers: str) -> Any:
        """Ask for the Überblick; `dispatched` tells how often Flask had to look."""
        self.dispatched.clear()
        cookie = self.visitor.client.get_cookie("dashboards_csrf", path="/dashboards/")
        return self.visitor.client.post(
            "/dashboards/_dash-update-component",
            json=body or routing(),
            headers={"X-CSRFToken": cookie.value if cookie else "", **headers},
        )

    def change(self, table: Any, **values: Any) -> None:
        """Change every row of a table behind the application's back."""
        self.session.execute(update(table).values(**values))
        self.session.commit()


@pytest.fixture
def world(published_engine: Engine, now: datetime) -> Iterator[World]:
    """On a database with four published rounds."""
    with published_engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            made: list[World] = []
            app = create_app(SETTINGS, engine=connection, clock=lambda: made[0].now)
            made.append(World(now, signed_in(app, session, Role.COMMITTEE, now), session))
            with _noting(app, made[0].dispatched):
                made[0].visitor.client.get("/dashboards/")
                yield made[0]
        outer.rollback()


@contextmanager
def _noting(app: Flask, dispatched: list[Flask]) -> Iterator[None]:
    def note(sender: Flask, **_more: object) -> None:
        dispatched.append(sender)

    with request_started.connected_to(note, app):
        yield


@pytest.mark.parametrize("accepted", ["br", "gzip", "identity"])
def test_the_second_answer_is_the_first_one_without_flask(world: World, accepted: str) -> None:
    first = world.ask(**{"Accept-Encoding": accepted})
    assert world.dispatched
    second = world.ask(**{"Accept-Encoding": accepted})
    assert not world.dispatched
    assert (second.status, second.data) == (first.status, first.data)
    assert sorted(second.headers) == sorted(first.headers)


def test_what_is_asked_again_and_again_becomes_smaller_and_stays_the_same(world: World) -> None:
    def asked() -> bytes:
        answer: bytes = world.ask(**{"Accept-Encoding": "br"}).data
        return answer

    first = asked()
    end = time.monotonic() + 30
    while len(again := asked()) == len(first) and time.monotonic() < end:
        time.sleep(0.05)
    assert len(again) < len(first)
    assert brotli.decompress(again) == brotli.decompress(first)
    assert not world.dispatched


LEFT_TO_FLASK: dict[str, tuple[Callable[[World], None], int]] = {
    "the session was ended": (lambda w: w.change(LoginSession, ended_at=w.now), 401),
    "the account was deactivated": (lambda w: w.change(Account, deactivated_at=w.now), 401),
    "the term is over": (
        lambda w: w.change(Account, term_to=(w.now - timedelta(days=1)).date()),
        401,
    ),
    "nothing was done for long": (
        lambda w: setattr(w, "now", w.now + (SETTINGS.session_idle_minutes + 1) * MINUTE),
        401,
    ),
    "the session is too old": (
        lambda w: w.change(
            LoginSession, created_at=w.now - timedelta(hours=SETTINGS.session_absolute_hours + 1)
        ),
        401,
    ),
    "the visit has to be noted": (lambda w: setattr(w, "now", w.now + MINUTE), 200),
    "the cookie was changed": (
        lambda w: w.visitor.client.set_cookie("sitzung", "eyJfdXNlcl9pZCI6IngifQ.x.y"),
        401,
    ),
}


@pytest.mark.parametrize(("change", "status"), LEFT_TO_FLASK.values(), ids=[*LEFT_TO_FLASK])
def test_a_kept_page_does_not_outlive_the_right_to_see_it(
    world: World, change: Callable[[World], None], status: int
) -> None:
    world.ask()
    world.ask()
    assert not world.dispatched
    change(world)
    assert world.ask().status_code == status
    assert world.dispatched


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (None, {"X-CSRFToken": "falsch"}),
        (None, {"X-CSRFToken": ""}),
        (routing() | {"output": "geheim.children"}, {}),
        (routing("/dashboards/", "?runde=" + "9" * 5000), {}),
        (["x"], {}),
    ],
)
def test_a_forged_question_is_left_to_flask_and_refused(
    world: World, body: Any, headers: dict[str, str]
) -> None:
    world.ask()
    assert world.ask(body, **headers).status_code == 400
    assert world.dispatched


def test_a_database_without_tables_is_explained_by_the_application(now: datetime) -> None:
    client = create_app(SETTINGS, engine=make_engine("sqlite://"), clock=lambda: now).test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "somebody"
    client.set_cookie("dashboards_csrf", "token", path="/dashboards/")
    response = client.post(
        "/dashboards/_dash-update-component", json=routing(), headers={"X-CSRFToken": "token"}
    )
    assert response.status_code == 503
    assert "keine Tabellen" in response.get_json()["message"]
