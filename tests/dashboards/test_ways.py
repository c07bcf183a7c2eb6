"""In a real browser: charts lead to what they count, and what goes wrong is said in German."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, Route
from sqlalchemy import Engine
from sqlmodel import Session

from tests.browser import fail, served, signed_in
from tests.dashboards import harvest
from tests.dashboards.conftest import SETTINGS
from tracker.accounts.actions import accounts
from tracker.app import create_app
from tracker.core.permissions import Role

pytestmark = pytest.mark.browser
MEMBER = "hba-wege@stadt.example"
ANSWERS = re.compile("_dash-update-component")


@pytest.fixture(scope="module")
def address(published_engine: Engine) -> Iterator[str]:
    """The application with a member of the committee."""
    moment = datetime.fromisoformat("2026-11-05T09:00:00+00:00")
    with served(create_app(SETTINGS, engine=published_engine, clock=lambda: moment)) as base:
        with Session(published_engine) as session:
            accounts.create(
                session,
                email=MEMBER,
                name="Mitglied",
                role=Role.COMMITTEE,
                institution_id=None,
                function=None,
                by=None,
                now=moment,
            )
            session.commit()
        yield base


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A browser with the member signed in; nothing is opened yet."""
    with signed_in(chromium, address, MEMBER) as page:
        # What the server refuses is an error of Dash's script too.
        page.remove_listener("pageerror", fail)
        yield page
        page.on("pageerror", fail)


@pytest.mark.parametrize("chart", range(5))
def test_a_click_on_a_chart_opens_exactly_the_measures_counted(page: Page, chart: int) -> None:
    page.goto("/dashboards/")
    harvest.wait_until_drawn(page)
    places = page.locator(".js-plotly-plot").nth(chart).locator(".points .point")
    place = places.first
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 2, y)
    page.mouse.move(x, y)
    page.wait_for_selector(".leads-on")
    cursor = "([x, y]) => getComputedStyle(document.elementFromPoint(x, y)).cursor"
    assert page.evaluate(cursor, [x, y]) == "pointer"
    told = page.locator(".hoverlayer").nth(chart).text_content() or ""
    page.mouse.click(x, y)
    page.wait_for_url("**/dashboards/konzepte/probe/massnahmen?**")
    page.wait_for_selector("#_pages_content h1")
    listed = page.locator("table.measures tbody tr").count()
    assert listed > 0
    assert re.search(rf"\b{listed}\b", told), (told, listed)


@pytest.mark.parametrize(
    ("status", "told", "way"),
    [
        (401, "Ihre Sitzung ist beendet.", "Zur Anmeldung"),
        (400, "Diese Seite ist veraltet.", "Seite neu laden"),
        (500, "Die Seite konnte nicht geladen werden.", "Seite neu laden"),
        (None, "Der Server ist nicht erreichbar.", "Seite neu laden"),
    ],
)
def test_a_failure_says_what_to_do_and_keeps_the_address(
    page: Page, status: int | None, told: str, way: str
) -> None:
    def fail(route: Route) -> None:
        if status is None:
            route.abort()
        else:
            route.fulfill(status=status, body="{}", content_type="application/json")

    page.route(ANSWERS, fail)
    page.goto("/dashboards/?feld=9")
    notice = page.get_by_role("alert")
    notice.get_by_role("heading", name=told).wait_for()
    link = notice.get_by_role("link", name=way)
    assert link.get_attribute("href") == "/dashboards/konzepte/probe/?feld=9"
    page.unroute(ANSWERS)
    link.click()
    page.get_by_role("heading", name="Überblick").wait_for()
    assert page.get_by_role("alert").count() == 0


def test_loading_is_visible_in_german_until_the_content_stands(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(ANSWERS, hold)
    page.goto("/dashboards/")
    page.wait_for_selector("#_pages_content", state="attached")
    shown = "getComputedStyle(document.querySelector('#_pages_content'), '::before').content"
    assert "Die Seite wird geladen" in page.evaluate(shown)
    for route in held:
        route.continue_()
    harvest.wait_until_drawn(page)
    assert page.evaluate(shown) == "none"
