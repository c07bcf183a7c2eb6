"""The frame in a real browser: axe, widths, keyboard, the warning before a session ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlmodel import Session
from werkzeug.serving import make_server

from tests.web.conftest import PASSWORD, SETTINGS, Clock
from tracker import migrate
from tracker.actions import accounts
from tracker.app import create_app
from tracker.db import make_engine
from tracker.models import InstanceValue
from tracker.rules.permissions import Role

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
STARTED = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
EMAIL = "kim@stadt.example"
PUBLIC = [
    "/",
    "/anmelden",
    "/impressum",
    "/datenschutz",
    "/barrierefreiheit",
    "/barriere-melden",
    "/hilfe/begriffe",
    "/gibt-es-nicht",
]
SIGNED_IN = ["/", "/konto", "/konten", "/konten/einladen"]


@pytest.fixture(scope="module")
def server_clock() -> Clock:
    """The server's clock."""
    return Clock(STARTED)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, server_clock: Clock) -> Iterator[str]:
    """A running application with one account of the KI."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('frame')}/tracker.sqlite3")
    migrate.upgrade(engine)
    with Session(engine) as session:
        session.add(InstanceValue(key="demonstration", value="1"))
        accounts.create(
            session,
            email=EMAIL,
            name="Kim",
            role=Role.COORDINATION,
            password=PASSWORD,
            by=None,
            now=STARTED,
        )
        session.commit()
    app = create_app(SETTINGS, engine=engine, clock=server_clock)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
    engine.dispose()


@pytest.fixture(scope="module")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """An empty page; an error of a script fails the test."""
    context = chromium.new_context(base_url=address, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    yield page
    context.close()


def sign_in(page: Page) -> None:
    page.goto("/anmelden?next=/konto")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/konto")


def violations(page: Page) -> list[str]:
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run().then(result => result.violations)")
    return [f"{item['id']}: {item['nodes'][0]['html']}" for item in found]


def check_pages(page: Page, paths: list[str]) -> None:
    # The script of the checks itself is not ours to load; everything else stays forbidden.
    for path in paths:
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(path)
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, f"{path} is wider than {width}"
        assert violations(page) == [], path


@pytest.fixture
def unguarded(chromium: Browser, address: str) -> Iterator[Page]:
    """A page into which axe may be loaded: without the content policy."""
    context = chromium.new_context(base_url=address, bypass_csp=True)
    yield context.new_page()
    context.close()


def test_public_pages_have_no_violations_and_fit(unguarded: Page) -> None:
    check_pages(unguarded, PUBLIC)


def test_pages_of_accounts_have_no_violations_and_fit(unguarded: Page) -> None:
    sign_in(unguarded)
    check_pages(unguarded, SIGNED_IN)


def test_the_first_tab_leads_to_the_content(page: Page) -> None:
    page.goto("/impressum")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_mistakes_take_the_focus_and_lead_to_their_field(page: Page) -> None:
    page.goto("/anmelden")
    page.click("main button")
    expect(page.locator("#error-summary")).to_be_focused()
    page.click("#error-summary a >> nth=0")
    expect(page.locator("#email")).to_be_focused()


def test_five_minutes_before_the_end_of_a_session_one_can_stay(page: Page) -> None:
    page.clock.install()
    sign_in(page)
    warning = page.locator("#session-warning")
    page.clock.run_for("54:00")
    expect(warning).to_be_hidden()
    page.clock.run_for("02:00")
    expect(warning).to_be_visible()
    with page.expect_response("**/konto/sitzung") as answer:
        page.click("#session-extend")
    assert answer.value.status == 204
    expect(warning).to_be_hidden()


def test_a_text_sent_too_late_arrives_after_signing_in_without_another_click(
    page: Page, server_clock: Clock
) -> None:
    sign_in(page)
    page.fill("#name", "Kim mit neuem Namen")
    server_clock.forward(minutes=61)
    page.click("text=Namen speichern")
    expect(page.locator("h1")).to_contain_text("Ihre Eingaben sind erhalten")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.click("text=Anmelden und Eingaben senden")
    page.wait_for_url("**/konto")
    expect(page.locator("main")).to_contain_text("Ihr Name ist gespeichert.")
    expect(page.locator("#name")).to_have_value("Kim mit neuem Namen")


def test_paper_shows_the_demonstration_and_no_navigation(page: Page) -> None:
    sign_in(page)
    page.emulate_media(media="print")
    expect(page.locator(".demo-banner")).to_be_visible()
    expect(page.locator(".site-nav")).to_be_hidden()
    expect(page.locator("text=Abmelden")).to_be_hidden()
