"""A database that is missing, locked, unreachable or of another version: a page with a remedy."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from tests.pages import SETTINGS, Browser, public_token
from tracker.app import create_app
from tracker.core import db, migrate
from tracker.web import errors

TEXT = "Ein Hinweis, der lang genug ist, um als Text zu gelten, und der nicht verloren gehen darf."


@pytest.fixture
def file_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database of its own, whose writers give up soon."""
    monkeypatch.setattr(db, "BUSY_TIMEOUT_MS", 50)
    engine = db.make_engine(f"sqlite:///{tmp_path}/own.sqlite3")
    yield engine
    engine.dispose()


@pytest.fixture
def own_app(file_engine: Engine) -> Flask:
    app = create_app(SETTINGS, engine=file_engine)
    app.testing = True
    return app


def test_a_database_without_tables_names_the_command_until_it_has_run(
    own_app: Flask, file_engine: Engine
) -> None:
    browser = Browser(own_app)
    assert "tracker db upgrade" in browser.get("/", 503).visible
    assert browser.client.get("/bereit").get_json()["parts"]["schema"]["status"] == "fault"
    assert browser.client.get("/gesund").status_code == 200
    migrate.upgrade(file_engine)
    browser.get("/")


@pytest.mark.parametrize("found", ["older", "newer"])
def test_a_database_of_another_version_is_refused(
    own_app: Flask, file_engine: Engine, monkeypatch: pytest.MonkeyPatch, found: str
) -> None:
    migrate.upgrade(file_engine)
    if found == "newer":
        with file_engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    else:
        monkeypatch.setattr(migrate, "head", lambda: "9999")
    page = Browser(own_app).get("/", 503)
    word = {"older": "Die Datenbank ist älter", "newer": "Die Datenbank ist neuer"}[found]
    assert page.heading.startswith(word)


def test_a_locked_database_keeps_the_text_and_offers_to_send_it_again(
    own_app: Flask, file_engine: Engine
) -> None:
    migrate.upgrade(file_engine)
    browser = Browser(own_app)
    token = public_token(own_app, "/barriere-melden")
    data = {"csrf_token": token, "description": TEXT}
    with file_engine.connect() as writer:
        writer.execution_options(sqlite_immediate=True).execute(text("SELECT 1"))
        page = browser.post("/barriere-melden", data, 503)
    assert page.heading == "Die Datenbank ist gerade beschäftigt"
    assert page.response.headers["Retry-After"] == "10"
    assert TEXT in page.text
    assert "Eingaben noch einmal senden" in page.visible
    assert page.token() == token
    assert "Set-Cookie" not in page.response.headers
    browser.post("/barriere-melden", data)


def test_who_cannot_sign_in_now_is_led_back_to_signing_in(
    own_app: Flask, file_engine: Engine
) -> None:
    migrate.upgrade(file_engine)
    browser = Browser(own_app)
    data = {
        "csrf_token": browser.get("/anmelden").token(),
        "email": "kim@stadt.example",
        "password": "ein langes Kennwort",
    }
    with file_engine.connect() as writer:
        writer.execution_options(sqlite_immediate=True).execute(text("SELECT 1"))
        page = browser.post("/anmelden", data, 503)
    assert page.heading == "Die Datenbank ist gerade beschäftigt"
    assert "Melden Sie sich dann noch einmal an" in page.visible
    assert "senden" not in page.visible
    assert 'href="/anmelden"' in page.text
    assert "langes Kennwort" not in page.text


def test_an_unreachable_database_says_what_to_check() -> None:
    url = "postgresql://nobody@127.0.0.1:1/none?connect_timeout=1"
    app = create_app(replace(SETTINGS, database_url=url))
    browser = Browser(app)
    assert "DATABASE_URL" in browser.get("/", 503).visible
    assert browser.client.get("/bereit").status_code == 503
    assert browser.client.get("/gesund").status_code == 200


def test_where_even_the_page_about_a_fault_fails_there_is_a_plain_one(
    own_app: Flask, file_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate.upgrade(file_engine)

    def fail(*_: object, **__: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(errors, "render_template", fail)
    response = own_app.test_client().get("/gibt-es-nicht")
    assert response.status_code == 500
    assert "Da ist bei uns etwas schiefgegangen" in response.text
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
