"""The settings in a real browser, by keyboard: preview, plan, take back; axe at three widths."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session

from tests.browser import overflow, served, signed_in, violations
from tests.committing import own_sqlite
from tests.factories import World, moment
from tests.instance.pictures import png
from tests.pages import SETTINGS
from tracker.app import create_app
from tracker.core.settings import SettingGroup

pytestmark = pytest.mark.browser


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """An application on a database of its own."""
    engine = own_sqlite(tmp_path)
    with Session(engine) as session:
        World(session)
        session.commit()
    app = create_app(SETTINGS, engine=engine, clock=lambda: moment("2026-10-05 09:00"))
    with served(app) as place:
        yield place
    engine.dispose()


def check(page: Page) -> None:
    assert violations(page) == []
    assert overflow(page) <= 0


def test_a_value_is_previewed_planned_and_taken_back_by_keyboard(
    chromium: Browser, address: str, tmp_path: Path
) -> None:
    with signed_in(chromium, address, "ki@example.org") as page:
        page.goto("/einstellungen/")
        check(page)
        page.get_by_role("link", name="Ausschuss ändern").press("Enter")
        page.get_by_label("Name des Ausschusses", exact=True).fill("Integrationsausschuss")
        page.get_by_label("Gilt ab").fill("2027-03-01")
        page.get_by_role("button", name="Vorschau zeigen").press("Enter")
        expect(page.get_by_text("Noch nicht gespeichert")).to_be_in_viewport()
        check(page)
        page.get_by_role("button", name="Einstellungen speichern").press("Enter")
        expect(page.get_by_text("Geplant ab 01.03.2027")).to_be_visible()
        check(page)
        page.get_by_role("button", name="Zurücknehmen").press("Enter")
        expect(page.get_by_text("Zurückgenommen: Name des Ausschusses")).to_be_visible()
        picture = tmp_path / "logo.png"
        picture.write_bytes(png(120, 40))
        page.goto("/einstellungen/logo")
        page.get_by_label("Logo").first.set_input_files(picture)
        page.get_by_role("button", name="Einstellungen speichern").press("Enter")
        drawn = page.locator("header img")
        expect(drawn).to_be_visible()
        assert drawn.evaluate("image => image.naturalWidth") == 120
        check(page)


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_every_page_of_the_settings_is_clean(chromium: Browser, address: str, width: int) -> None:
    with signed_in(chromium, address, "ki@example.org", width=width) as page:
        for path in ("", *(group.value for group in SettingGroup)):
            page.goto(f"/einstellungen/{path}")
            check(page)
        page.goto("/einstellungen/runden")
        page.get_by_label("Abgabefrist: Tag des Monats").fill("45")
        page.get_by_role("button", name="Einstellungen speichern").click()
        expect(page.locator("#error-summary")).to_be_focused()
        check(page)
