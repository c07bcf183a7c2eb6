"""In a real browser: nothing that axe finds, nothing the content policy stops, nothing foreign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response
from sqlalchemy import Engine
from sqlmodel import Session

from dashboards import csp
from tests.browser import overflow, served, violations
from tests.dashboards import harvest
from tests.dashboards.conftest import SETTINGS
from tracker.actions import accounts, sessions
from tracker.app import create_app
from tracker.rules.permissions import Role

pytestmark = pytest.mark.browser

PAGES = [
    "/dashboards/",
    "/dashboards/felder",
    "/dashboards/feld/9",
    "/dashboards/ziel/13",
    "/dashboards/verlauf",
    "/dashboards/vergleich",
    "/dashboards/massnahmen",
    "/dashboards/massnahme/6.4",
    "/dashboards/massnahme/2.3",
    "/dashboards/wirkung",
]


@dataclass
class Site:
    """The application on a port of its own, with a member of the committee signed in."""

    address: str
    cookie: dict[str, Any]


@pytest.fixture(scope="module")
def site(published_engine: Engine) -> Iterator[Site]:
    moment = datetime.fromisoformat("2026-11-05T09:00:00+00:00")
    app = create_app(SETTINGS, engine=published_engine, clock=lambda: moment)
    with Session(published_engine) as session:
        account = accounts.create(
            session,
            email="hba-browser@stadt.example",
            name="Mitglied",
            role=Role.COMMITTEE,
            institution_id=None,
            function=None,
            by=None,
            now=moment,
        )
        token = sessions.sign_in(session, account_id=account.id or 0, now=moment)
        session.commit()
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value = serializer.dumps({"_user_id": token, "_fresh": True})
    with served(app) as address:
        yield Site(address, {"name": "sitzung", "value": value, "url": address})


@dataclass
class Opened:
    """A page with what the browser said and fetched while opening it."""

    page: Page
    said: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        self.page.on("console", self._note)
        self.page.on("response", self._fetched)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(address)
        harvest.wait_until_drawn(self.page)

    def _note(self, message: ConsoleMessage) -> None:
        self.said.append(message.text)

    def _fetched(self, response: Response) -> None:
        self.fetched.append(response.url)


@pytest.fixture
def opened(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Opened]:
    width, path = request.param
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale="de-DE")
    context.add_cookies([site.cookie])  # type: ignore[list-item]
    found = Opened(context.new_page())
    found.open(site.address + path)
    yield found
    context.close()


@pytest.mark.parametrize(
    "opened", [(width, path) for width in (390, 1280) for path in PAGES], indirect=True
)
def test_axe_finds_nothing_and_nothing_is_blocked_foreign_or_too_wide(
    opened: Opened, site: Site
) -> None:
    page = opened.page
    assert violations(page) == []
    assert opened.said == []
    assert [address for address in opened.fetched if not address.startswith(site.address)] == []
    assert not any("plotly.min.js" in address for address in opened.fetched)
    assert overflow(page) <= 0
    assert page.locator(".modebar").count() == 0
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("opened", [(1280, "/dashboards/")], indirect=True)
def test_the_round_is_chosen_by_keyboard_and_kept_in_the_address(opened: Opened) -> None:
    page = opened.page
    chooser = page.get_by_label("Berichtsrunde")
    assert chooser.input_value() == "2026-Q3"
    chooser.select_option("2026-Q1")
    chooser.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboards/?runde=2026-Q1")
    page.get_by_role("heading", name="Überblick: 1. Quartal 2026").wait_for()
    assert page.get_by_label("Berichtsrunde").input_value() == "2026-Q1"
    page.get_by_role("link", name="Alle Maßnahmen nach Handlungsfeldern").click()
    page.get_by_role("heading", name="Alle Maßnahmen: 1. Quartal 2026").wait_for()


@pytest.mark.parametrize("opened", [(390, "/dashboards/massnahme/6.4")], indirect=True)
def test_on_a_phone_each_cell_names_its_round(opened: Opened) -> None:
    cell = opened.page.locator("td[data-round='Q3/2026']").first
    label = cell.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert "Q3/2026" in label


@pytest.mark.parametrize("opened", [(1280, "/dashboards/")], indirect=True)
def test_on_paper_charts_are_whole_and_lists_open_and_afterwards_as_before(opened: Opened) -> None:
    page = opened.page
    widths = "[...document.querySelectorAll('.main-svg')].map(item => item.clientWidth)"
    closed = page.locator("details:not([open])").count()
    before = page.evaluate(widths)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert set(page.evaluate(widths)) == {660}
    assert closed > 0
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(widths) == before
    assert page.locator("details:not([open])").count() == closed


@pytest.mark.parametrize("opened", [(1280, "/dashboards/")], indirect=True)
def test_the_note_of_a_demonstration_gives_way_to_the_banner(opened: Opened) -> None:
    note = opened.page.locator(".demonstration")
    assert note.is_visible()
    opened.page.evaluate(
        "document.body.prepend(Object.assign(document.createElement('aside'), "
        "{className: 'demo-banner'}))"
    )
    assert note.is_hidden()


def test_the_listed_style_hashes_are_those_the_bundles_need(chromium: Browser, site: Site) -> None:
    needed = harvest.styles_of(chromium, site.address, PAGES, [site.cookie])
    assert {f"'{source}'" for source in needed} == set(csp.style_hashes())


@pytest.mark.parametrize("opened", [(820, "/dashboards/felder")], indirect=True)
def test_a_bar_is_clicked_and_leads_to_the_measures_it_counts(opened: Opened) -> None:
    page = opened.page
    bar = page.locator(".place .bar__line .bar__part--in_progress").first
    count = int(bar.inner_text())
    bar.click()
    page.get_by_role("heading", name="Alle Maßnahmen: 3. Quartal 2026").wait_for()
    assert page.locator(".measures tbody tr").count() == count
    page.go_back()
    page.get_by_role("heading", name="Handlungsfelder und Ziele: 3. Quartal 2026").wait_for()


@pytest.mark.parametrize("opened", [(1280, "/dashboards/feld/9")], indirect=True)
def test_a_sitting_on_paper_has_all_and_no_controls(opened: Opened) -> None:
    page = opened.page
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    # A4 without its margins.
    page.set_viewport_size({"width": 660, "height": 1000})
    assert overflow(page) <= 0
    for shown in ("#aufmerksamkeit", "#lage .bar__line", ".sitting", ".meanings", "#ruecklauf"):
        assert page.locator(shown).first.is_visible(), shown
    for control in (".filters", ".pages", ".breadcrumb", ".turn", "#lage .explain"):
        assert page.locator(control).first.is_hidden(), control
