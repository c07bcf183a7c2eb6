"""Back from the page that asks to sign in: the form stands there with what was typed."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.reporting.reports.web.browser_site import Site

pytestmark = pytest.mark.browser
TEXT = "Soll nicht verloren gehen"


def test_what_a_form_without_any_cookie_sent_stands_there_when_one_goes_back(
    page: Page, context: BrowserContext, site: Site
) -> None:
    page.goto("/konto")  # so that the window has been somewhere before
    page.goto(f"/meldungen/{site.reports[1]}")
    context.clear_cookies()
    page.fill("#achieved", TEXT)
    page.get_by_role("button", name="Entwurf speichern").click()
    expect(page.locator("main")).to_contain_text("Gehen Sie im Browser zurück")
    page.go_back()
    expect(page.locator("#achieved")).to_have_value(TEXT)
