"""In a real browser: nothing that axe finds, nothing the content policy stops, nothing foreign."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response
from sqlalchemy import Engine
from sqlmodel import Session

from dashboards import csp
from tests.browser import overflow, served, signed_in, violations
from tests.concept_client import KEY
from tests.dashboards import harvest
from tests.dashboards.conftest import SETTINGS
from tests.dashboards.every_page import ALL, INTERNAL
from tracker.accounts.actions import accounts
from tracker.app import create_app
from tracker.core.permissions import Role
from tracker.web.addresses import of_concept

pytestmark = pytest.mark.browser
Json = dict[str, Any]

# Every page, and states that look different: hits with marks, a filter that is set.
PAGES = [
    *(item.path for item in ALL),
    "/dashboards/suche?q=f%C3%B6rderung+eltern",
    "/dashboards/suche?q=sprache",
    "/dashboards/felder?feld=3&runde=2026-Q2",
]
WIDTHS = (1280, 820, 390, 320)
# Charts are drawn anew for another width, a moment later.
FITTED = """[...document.querySelectorAll('.js-plotly-plot')].every(
    chart => !chart.clientWidth
        || chart.querySelector('.main-svg').clientWidth <= chart.clientWidth)"""
# What is written in a picture and runs out of it.
CUT = """[...document.querySelectorAll('.picture .main-svg text')].filter(text => {
    const own = text.getBoundingClientRect(), picture = text.closest('svg').getBoundingClientRect();
    return own.width && (own.left < picture.left - 1 || own.right > picture.right + 1);
}).map(text => text.textContent)"""
FOR_THE_KI = {item.path for item in INTERNAL}
KI, MEMBER = "ki-browser@stadt.example", "hba-browser@stadt.example"
READERS = {KI: Role.COORDINATION, MEMBER: Role.COMMITTEE}


@pytest.fixture(scope="module")
def address(published_engine: Engine) -> Iterator[str]:
    """The application with a member of the committee and one of the KI."""
    moment = datetime.fromisoformat("2026-11-05T09:00:00+00:00")
    app = create_app(SETTINGS, engine=published_engine, clock=lambda: moment)
    with served(app) as address, Session(published_engine) as session:
        for email, role in READERS.items():
            accounts.create(
                session,
                email=email,
                name="Mitglied",
                role=role,
                institution_id=None,
                function=None,
                by=None,
                now=moment,
            )
        session.commit()
        yield address


@dataclass
class Opened:
    """A page with what the browser said and fetched while opening it."""

    page: Page
    said: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Note what the page says and fetches within the block."""
        self.page.on("console", self._note)
        self.page.on("response", self._fetched)
        yield
        self.page.remove_listener("console", self._note)
        self.page.remove_listener("response", self._fetched)

    def _note(self, message: ConsoleMessage) -> None:
        self.said.append(f"{message.text} {message.location['url']}")

    def _fetched(self, response: Response) -> None:
        self.fetched.append(response.url)


@pytest.fixture
def opened(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Opened]:
    width, path = request.param
    reader = KI if path in FOR_THE_KI else MEMBER
    with signed_in(chromium, address, reader, width=width) as page:
        found = Opened(page)
        with found.listening():
            page.goto(of_concept(KEY, path))
            harvest.wait_until_drawn(page)
            yield found


def cut(page: Page) -> list[str]:
    """What stays cut in a picture; the page's content policy forbids to wait for a function."""
    for _ in range(30):
        if not page.evaluate(CUT):
            break
        page.wait_for_timeout(100)
    return list(page.evaluate(CUT))


@pytest.mark.parametrize("opened", [(WIDTHS[0], path) for path in PAGES], indirect=True)
def test_axe_finds_nothing_and_nothing_is_blocked_foreign_or_too_wide(
    opened: Opened, address: str
) -> None:
    page = opened.page
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(FITTED)
        assert cut(page) == [], width
        assert violations(page) == [], width
        assert overflow(page) <= 0, width
    assert opened.said == []
    assert [url for url in opened.fetched if not url.startswith(address)] == []
    assert not any("plotly.min.js" in url for url in opened.fetched)
    assert page.locator(".modebar").count() == 0
    assert page.locator("h1").count() == 1


def worse_with_reason(document: Json) -> Json:
    """The first measure that got worse and whose institution says why."""
    worse = [line["code"] for line in document["changes"] if line["kind"] == "worse"]
    measures = {item["code"]: item for item in document["measures"]}
    found = (measures[code] for code in worse if (measures[code]["report"] or {}).get("reason"))
    return next(found)


@pytest.mark.parametrize("opened", [(820, "/dashboards/")], indirect=True)
def test_what_got_worse_and_the_institution_s_reason_are_one_click_away(
    opened: Opened, four_rounds: list[Json]
) -> None:
    page, measure = opened.page, worse_with_reason(four_rounds[-1])
    changes = page.locator("#veraenderungen")
    link = changes.get_by_role("link", name=measure["code"]).first
    assert link.is_visible(), "what got worse stands open"
    link.click()
    page.get_by_role("heading", level=1, name=re.compile(measure["code"])).wait_for()
    assert page.get_by_text(measure["report"]["reason"]).first.is_visible()


@pytest.mark.parametrize("opened", [(1280, "/dashboards/massnahmen")], indirect=True)
def test_back_and_forward_bring_the_filters_back(opened: Opened) -> None:
    page = opened.page
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Handlungsfeld").select_option("3")
    page.get_by_role("button", name="Anzeigen").click()
    page.wait_for_url("**feld=3**")
    page.locator("h1:has-text('Maßnahmen: ')").wait_for()
    told = page.locator(".reading").first.inner_text()
    page.get_by_role("searchbox").fill("sprache")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url("**/suche?q=sprache**")
    page.locator(".hits").wait_for()
    assert page.get_by_role("searchbox").input_value() == "sprache"
    page.go_back()
    page.locator("h1:has-text('Maßnahmen: ')").wait_for()
    assert page.get_by_label("Handlungsfeld").input_value() == "3"
    assert page.locator(".reading").first.inner_text() == told
    page.go_forward()
    page.locator(".hits mark").first.wait_for()


@pytest.mark.parametrize("opened", [(1280, "/dashboards/")], indirect=True)
def test_the_round_is_chosen_by_keyboard_and_kept_in_the_address(opened: Opened) -> None:
    page = opened.page
    chooser = page.get_by_label("Berichtsrunde")
    assert chooser.input_value() == "2026-Q3"
    chooser.select_option("2026-Q1")
    page.get_by_role("button", name="Anzeigen").press("Enter")
    page.wait_for_url("**/dashboards/konzepte/probe/?runde=2026-Q1**")
    page.get_by_role("heading", name="Überblick: 1. Quartal 2026").wait_for()
    assert page.get_by_label("Berichtsrunde").input_value() == "2026-Q1"
    page.get_by_role("link", name="Alle Maßnahmen nach Handlungsfeldern").click()
    page.get_by_role("heading", name="Maßnahmen: 1. Quartal 2026").wait_for()


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
    page.wait_for_function(f"{widths}.every(width => width === 660)")
    assert closed > 0
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.wait_for_function(f"before => String({widths}) === String(before)", arg=before)
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


def test_the_listed_style_hashes_are_those_the_bundles_need(
    chromium: Browser, address: str
) -> None:
    needed = harvest.styles_of(chromium, address, PAGES, KI)
    assert {f"'{source}'" for source in needed} == set(csp.style_hashes())


@pytest.mark.parametrize("opened", [(820, "/dashboards/felder")], indirect=True)
def test_a_bar_is_clicked_and_leads_to_the_measures_it_counts(opened: Opened) -> None:
    page = opened.page
    bar = page.locator(".place .bar__line .bar__part--in_progress").first
    count = int(bar.inner_text())
    bar.click()
    page.get_by_role("heading", name="Maßnahmen: 3. Quartal 2026").wait_for()
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
