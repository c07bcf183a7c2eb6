"""The frame in a real browser: axe, widths, keyboard, the warning before a session ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session

from tests.browser import overflow, own_clock, served, violations, window
from tests.committing import own_sqlite
from tests.pages import PASSWORD, SETTINGS, Clock
from tracker.accounts.actions import accounts
from tracker.app import create_app
from tracker.core.models import InstanceValue
from tracker.core.permissions import Role

pytestmark = pytest.mark.browser

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
    engine = own_sqlite(tmp_path_factory.mktemp("frame"))
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
    with served(app) as address:
        yield address
    engine.dispose()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """An empty page; an error of a script fails the test."""
    with window(chromium, address, width=390) as page:
        yield page


def sign_in(page: Page) -> None:
    page.goto("/anmelden?next=/konto")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/konto")


def check_pages(page: Page, paths: list[str]) -> None:
    for path in paths:
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(path)
            assert overflow(page) <= 0, f"{path} is wider than {width}"
        assert violations(page) == [], path


def test_public_pages_have_no_violations_and_fit(page: Page) -> None:
    check_pages(page, PUBLIC)


def test_pages_of_accounts_have_no_violations_and_fit(page: Page) -> None:
    sign_in(page)
    check_pages(page, SIGNED_IN)


def test_what_was_kept_has_room_to_be_read(page: Page) -> None:
    sign_in(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate(
        """text => {
          const form = Object.assign(document.createElement("form"), {
            method: "post", action: "/konto/name"});
          form.append(Object.assign(document.createElement("textarea"), {name: "name"}));
          form.firstChild.value = text;
          document.body.append(form);
          form.submit();
        }""",
        "Ein Satz, der erhalten bleibt. " * 20,
    )
    page.get_by_text("Ihre Eingaben ansehen").click()
    box = page.locator("textarea[readonly]").bounding_box()
    assert box is not None
    assert box["width"] > 560
    assert box["height"] > 140


def test_forced_colours_show_which_page_this_is_and_every_mark(page: Page) -> None:
    sign_in(page)
    page.emulate_media(forced_colors="active")
    lines, ground, marks, text = page.evaluate(
        """() => {
          const mark = document.createElement("span");
          mark.innerHTML = '<svg class="mark__icon"><path fill="#0b4f3a" stroke="none"/></svg>';
          document.querySelector("main").append(mark);
          const style = element => getComputedStyle(element);
          return [
            [...document.querySelectorAll(".site-nav a:not([aria-current])")].map(
              link => style(link).borderBottomColor),
            style(document.body).backgroundColor,
            [style(mark.querySelector("path")).fill, style(mark.querySelector("path")).stroke],
            style(mark).color,
          ];
        }"""
    )
    assert set(lines) == {ground}
    assert marks == [text, "none"]


def test_no_action_on_an_account_is_clipped_at_the_edge_of_its_card(page: Page) -> None:
    sign_in(page)
    page.goto("/konten")
    left = page.locator(".table-frame").bounding_box()
    action = page.get_by_text("Adresse ändern").bounding_box()
    assert left is not None
    assert action is not None
    assert action["x"] >= left["x"]


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
    # Its border, all around, is an outline.
    expect(page.locator("#error-summary")).to_have_css("outline-style", "solid")
    expect(page.locator("#error-summary")).to_have_css("outline-width", "2px")
    page.click("#error-summary a >> nth=0")
    expect(page.locator("#email")).to_be_focused()


def test_five_minutes_before_the_end_of_a_session_one_can_stay(page: Page) -> None:
    with own_clock(page):
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
