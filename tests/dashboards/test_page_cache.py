"""A page already made is handed out again, and only to whom it would be made anew."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import brotli
import pytest
from sqlalchemy import Engine, update
from sqlmodel import Session

from dashboards.app import PAGE_CACHE
from dashboards.page_cache import PageCache
from tests.concept_client import ConceptClient, short
from tests.dashboards.conftest import SETTINGS, Visitor, routing, signed_in, texts
from tracker.accounts.models import Account, LoginSession
from tracker.app import create_app
from tracker.core.db import make_engine
from tracker.core.models import SettingValue
from tracker.core.permissions import Role
from tracker.web.runtime import EXTENSION

MINUTE = timedelta(minutes=1)


@dataclass
class World:
    """A member of the committee who has opened the Überblick, and a clock to be moved."""

    now: datetime
    visitor: Visitor
    session: Session

    def ask(self, body: Any = None, **headers: str) -> Any:
        """Ask for the Überblick."""
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

    @property
    def kept(self) -> int:
        """How many answers are kept."""
        cache: PageCache = self.visitor.client.application.extensions[PAGE_CACHE]
        return len(cache)


@pytest.fixture
def world(published_engine: Engine, now: datetime) -> Iterator[World]:
    """On a database with four published rounds."""
    with published_engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            made: list[World] = []
            app = create_app(SETTINGS, engine=connection, clock=lambda: made[0].now)
            app.test_client_class = ConceptClient
            made.append(World(now, signed_in(app, session, Role.COMMITTEE, now), session))
            made[0].visitor.client.get("/dashboards/")
            yield made[0]
        outer.rollback()


@pytest.mark.parametrize("accepted", ["br", "gzip", "identity"])
def test_the_second_answer_is_the_first_one(world: World, accepted: str) -> None:
    first = world.ask(**{"Accept-Encoding": accepted})
    second = world.ask(**{"Accept-Encoding": accepted})
    assert (second.status, second.data) == (first.status, first.data)
    own = {"X-Request-ID"}
    assert {pair for pair in second.headers if pair[0] not in own} == {
        pair for pair in first.headers if pair[0] not in own
    }
    assert world.kept == 1


def test_a_browser_without_brotli_is_told_the_same(world: World) -> None:
    small = world.ask(**{"Accept-Encoding": "gzip, br"})
    plain = world.ask(**{"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "br"
    assert "Content-Encoding" not in plain.headers
    assert short(brotli.decompress(small.data).decode()) == plain.text
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]


REFUSED: dict[str, Callable[[World], None]] = {
    "the session was ended": lambda w: w.change(LoginSession, ended_at=w.now),
    "the account was deactivated": lambda w: w.change(Account, deactivated_at=w.now),
    "the term is over": lambda w: w.change(Account, term_to=(w.now - timedelta(days=1)).date()),
    "nothing was done for long": lambda w: setattr(
        w, "now", w.now + (SETTINGS.session_idle_minutes + 1) * MINUTE
    ),
    "the session is too old": lambda w: w.change(
        LoginSession, created_at=w.now - timedelta(hours=SETTINGS.session_absolute_hours + 1)
    ),
    "the cookie was changed": lambda w: w.visitor.client.set_cookie(
        "sitzung", "eyJfdXNlcl9pZCI6IngifQ.x.y"
    ),
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=[*REFUSED])
def test_a_kept_page_does_not_outlive_the_right_to_see_it(
    world: World, change: Callable[[World], None]
) -> None:
    assert world.ask().status_code == 200
    change(world)
    assert world.ask().status_code == 401


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
def test_a_forged_question_is_refused_though_the_page_is_kept(
    world: World, body: Any, headers: dict[str, str]
) -> None:
    world.ask()
    assert world.ask(body, **headers).status_code == 400
    assert world.kept == 1


def test_a_page_is_made_anew_with_other_settings(world: World) -> None:
    world.ask()
    world.now += timedelta(minutes=50)
    world.ask()
    assert world.kept == 1
    parts = world.visitor.client.application.extensions[EXTENSION]
    parts.settings = replace(SETTINGS, city="Nachbarstadt")
    world.ask()
    assert world.kept == 2


def test_a_page_is_made_anew_on_another_day(world: World) -> None:
    world.ask()
    world.now += timedelta(days=1)
    world.change(LoginSession, created_at=world.now, last_seen_at=world.now)
    assert world.ask().status_code == 200
    assert world.kept == 2


def test_a_page_for_the_ki_alone_is_not_kept(world: World, now: datetime) -> None:
    ki = signed_in(world.visitor.client.application, world.session, Role.COORDINATION, now)
    world.visitor = ki
    before = world.kept
    assert "Rücklauf" in ki.content("/dashboards/ruecklauf-institutionen").text
    assert world.kept == before


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


def test_the_filter_names_institutions_shortly_and_in_order(reader: Visitor) -> None:
    [field] = [item for item in reader.content().all("Select") if item.get("name") == "institution"]
    first, *names, last = texts(field["children"])
    assert (first, last) == ("alle", "nicht festgelegt")
    assert {"Jugendamt", "VHS", "AWO Bielefeld"} <= set(names)
    assert names == sorted(names, key=str.casefold)


def test_settings_of_later_reach_the_frame_and_leave_what_was_published(world: World) -> None:
    before = world.ask().get_json()["response"]
    for name, value in (
        ("instance_name", "Neuer Name"),
        ("city", "Anderswo"),
        ("office_name", "X"),
    ):
        world.session.add(
            SettingValue(name=name, valid_from=world.now.date(), value=value, set_at=world.now)
        )
    world.session.commit()
    after = world.ask().get_json()["response"]
    assert after["_pages_content"] == before["_pages_content"]
    assert "Neuer Name" in after["_pages_store"]["data"]["title"]
    frame = world.visitor.client.get("/dashboards/").get_data(as_text=True)
    assert "Anderswo" in frame
