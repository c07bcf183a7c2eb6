"""Pages for everybody: legal notices, legend, reporting a barrier, health."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlmodel import Session, select

from dashboards.page_cache import csrf_cookie
from tests.conftest import one_database
from tests.pages import SETTINGS, Browser
from tracker.accounts.models import Account
from tracker.accounts.rules.throttle import KEPT as ATTEMPTS_KEPT
from tracker.app import create_app
from tracker.concept.web.current import link_key
from tracker.core.german import counted
from tracker.core.models import InstanceValue
from tracker.outbox.models import OutboxMail
from tracker.pages.web.views import LEGEND
from tracker.reporting.words import (
    CHANGE,
    COURSE,
    IMPLEMENTATION,
    NO_REPORT,
    PUNCTUALITY,
    REPORT_STATE,
    ROUND_STATE,
)
from tracker.web.devices import KEPT as DEVICES_KEPT
from tracker.web.devices import cookie_name
from tracker.web.shell import DEMONSTRATION, Frame

ROOT = Path(__file__).parents[2]
PUBLIC = [
    "/",
    "/impressum",
    "/datenschutz",
    "/barrierefreiheit",
    "/barriere-melden",
    "/hilfe/begriffe",
    "/anmelden",
]


@one_database
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_open_without_signing_in_and_link_to_each_other(
    nobody: Browser, path: str
) -> None:
    page = nobody.get(path)
    for target in ("/impressum", "/datenschutz", "/barrierefreiheit", "/barriere-melden"):
        assert f'href="{target}"' in page.text


@one_database
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_do_without_a_contact_address(connection: Connection, path: str) -> None:
    app = create_app(replace(SETTINGS, contact_email=""), engine=connection)
    page = Browser(app).get(path)
    assert "mailto:" not in page.text


def test_without_a_contact_address_a_barrier_goes_to_the_coordination(
    coordination: Browser, connection: Connection, session: Session
) -> None:
    assert coordination.actor is not None
    account = session.get_one(Account, coordination.actor.account_id)
    app = create_app(replace(SETTINGS, contact_email=""), engine=connection)
    Browser(app).post("/barriere-melden", {"description": "Nicht zu lesen."})
    assert [item.recipient for item in session.exec(select(OutboxMail))] == [account.email]


@one_database
def test_pages_load_nothing_from_elsewhere(nobody: Browser) -> None:
    for path in PUBLIC:
        assert 'src="http' not in nobody.get(path).text
        assert 'href="http' not in nobody.get(path).text


@one_database
def test_the_legend_explains_every_value_with_mark_word_and_definition(nobody: Browser) -> None:
    page = nobody.get("/hilfe/begriffe")
    shown = [label for _, entries in LEGEND for label, _ in entries]
    needed = [
        *IMPLEMENTATION.values(),
        *COURSE.values(),
        NO_REPORT,
        *REPORT_STATE.values(),
        *ROUND_STATE.values(),
        *CHANGE.values(),
        *PUNCTUALITY.values(),
    ]
    assert [label for label in needed if label not in shown] == []
    assert all(label.definition in page.visible for label in shown)
    assert page.text.count('class="mark__icon"') == len(shown)


def test_every_page_says_that_a_demonstration_is_invented(
    app: Flask, nobody: Browser, session: Session
) -> None:
    assert DEMONSTRATION not in nobody.get("/impressum").visible
    session.add(InstanceValue(key="demonstration", value="1"))
    session.commit()
    app.extensions["tracker_frame"] = Frame(app, link_key)  # a new process
    for path in [*PUBLIC, "/gibt-es-nicht"]:
        page = nobody.get(path, 404 if path == "/gibt-es-nicht" else 200)
        assert DEMONSTRATION in page.visible


def test_the_imprint_names_both_annexes_that_the_wordings_are_from(nobody: Browser) -> None:
    page = nobody.get("/impressum").visible
    assert "Anlage 3 (dort „Maßnahmevorschlag“)" in page
    assert "zweiter Wortlaut der Ziele: Anlage 2" in page


def test_a_barrier_is_reported_without_signing_in(nobody: Browser, session: Session) -> None:
    page = nobody.post(
        "/barriere-melden",
        {"description": "Die Tabelle ist nicht zu lesen.", "reply_to": "ich@example.org"},
    )
    assert page.heading == "Danke für Ihren Hinweis"
    mail = session.exec(select(OutboxMail)).one()
    assert mail.key.startswith("barrier:")
    assert mail.recipient == SETTINGS.contact_email
    assert "Die Tabelle ist nicht zu lesen." in mail.body
    assert "ich@example.org" in mail.body


@pytest.mark.parametrize("description", ["", "x" * 5001])
def test_an_empty_or_endless_barrier_report_is_kept_for_mending(
    nobody: Browser, session: Session, description: str
) -> None:
    page = nobody.post("/barriere-melden", {"description": description, "page": "Konzept"}, 422)
    assert description in page.text
    assert "Konzept" in page.text
    assert session.exec(select(OutboxMail)).all() == []


def test_the_start_page_lists_what_a_role_can_do(coordination: Browser, nobody: Browser) -> None:
    assert 'href="/konten"' in coordination.get("/").text
    assert 'href="/konten"' not in nobody.get("/").text


def test_security_txt_names_contact_and_expiry(nobody: Browser) -> None:
    response = nobody.client.get("/.well-known/security.txt")
    assert response.mimetype == "text/plain"
    assert "Contact: mailto:ki@stadt.example\n" in response.text
    assert "Expires: 2027-04-03T00:00:00Z\n" in response.text


def test_static_files_are_kept_by_content(nobody: Browser) -> None:
    page = nobody.get("/")
    address = page.text.split('href="/static/css/tracker.css')[1].split('"')[0]
    path = f"/static/css/tracker.css{address}"
    style = nobody.client.get(path, buffered=True)
    assert "v=" in address
    assert "immutable" in style.headers["Cache-Control"]
    assert style.headers["X-Content-Type-Options"] == "nosniff"
    font = "/static/vendor/fonts/files/fira-sans-latin-400-normal.woff2"
    assert "immutable" not in nobody.client.get(font, buffered=True).headers["Cache-Control"]


def test_every_area_brings_its_own_static_files(nobody: Browser) -> None:
    for name in ("reports/reports.css", "papers/order.js", "concept/assign.js"):
        assert nobody.client.get(f"/static/{name}", buffered=True).status_code == 200
    assert nobody.client.get("/static/reports/none.css").status_code == 404


def test_nothing_may_frame_sniff_or_run_inline(nobody: Browser) -> None:
    headers = nobody.get("/").response.headers
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def scripts_and_modules() -> dict[str, str]:
    files = [
        file
        for folder in ("tracker", "dashboards")
        for ending in ("py", "js")
        for file in (ROOT / folder).rglob(f"*.{ending}")
        if "vendor" not in file.parts
    ]
    return {file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in files}


@one_database
@pytest.mark.parametrize("secure", [True, False])
def test_the_privacy_text_names_every_cookie_and_everything_that_a_browser_stores(
    connection: Connection, secure: bool
) -> None:
    app = create_app(replace(SETTINGS, secure_cookies=secure), engine=connection)
    page = Browser(app).get("/datenschutz").visible
    sources = scripts_and_modules()
    setting = {name for name, source in sources.items() if ".set_cookie(" in source}
    assert setting == {"tracker/web/devices.py", "dashboards/app.py"}  # beside Flask's session
    cookies = (app.config["SESSION_COOKIE_NAME"], cookie_name(secure=secure), csrf_cookie(app))
    assert [name for name in cookies if f"„{name}“" not in page] == []
    stored = set()
    for source in sources.values():
        for constant in re.findall(r"Storage\.setItem\((\w+)", source):
            stored |= set(re.findall(rf'var {constant} = "([^"]+)";', source)) or {constant}
    assert stored == {"meldung:", "tracker-last-seen"}
    assert [key for key in stored if f"„{key}" not in page] == []


@one_database
@pytest.mark.parametrize("server", ["", "mail.stadt.example"])
def test_what_is_promised_to_who_reports_a_barrier_follows_from_the_mail_server(
    connection: Connection, server: str
) -> None:
    nobody = Browser(create_app(replace(SETTINGS, smtp_host=server), engine=connection))
    privacy = nobody.get("/datenschutz").visible
    assert ("erst verwendet, wenn sie über den Link in einer Mail bestätigt" in privacy) is bool(
        server
    )
    assert ("sofort an das Integrationszentrum, als „nicht bestätigt“" in privacy) is (not server)
    form = nobody.get("/barriere-melden").visible
    assert ("geht dann mit Ihrem Hinweis an die zuständige Stelle" in form) is (not server)
    thanks = nobody.post("/barriere-melden", {"description": "Nicht zu lesen."}).visible
    assert ("innerhalb von zwei Wochen" in thanks) is bool(server)
    statement = nobody.get("/barrierefreiheit").visible
    assert ("Auf eine Mail erhalten Sie" in statement) is (not server)


def test_the_privacy_text_says_how_long_devices_and_attempts_are_kept(nobody: Browser) -> None:
    page = nobody.get("/datenschutz").visible
    assert f"{DEVICES_KEPT.days} Tage lang" in page
    assert f"höchstens {counted(ATTEMPTS_KEPT.days, 'Tag', 'Tage')} lang" in page
