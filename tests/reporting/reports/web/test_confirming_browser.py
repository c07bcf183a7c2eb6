"""Five unchanged measures in a real browser: clicks counted, keyboard, widths, axe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session, select

from tests.browser import overflow, served, signed_in, violations
from tests.committing import own_sqlite
from tests.factories import World, moment
from tests.pages import PASSWORD, SETTINGS
from tracker.accounts.actions import passwords
from tracker.accounts.models import Account
from tracker.app import create_app
from tracker.reporting.models import Report

pytestmark = pytest.mark.browser

CLICKS = "sessionStorage.getItem('clicks')"
COUNT = f"addEventListener('click', () => sessionStorage.setItem('clicks', +{CLICKS} + 1), true)"


@pytest.fixture
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An application with five measures to confirm, one of them for the third time."""
    engine = own_sqlite(tmp_path_factory.mktemp("site"))
    with Session(engine) as session:
        _fill(session)
    app = create_app(SETTINGS, engine=engine, clock=lambda: moment("2026-10-05 09:00"))
    with served(app) as found:
        yield found
    engine.dispose()


def _fill(session: Session) -> None:
    world = World(session)
    world.lead(world.library, *world.measures[:5])
    world.lead(world.club, world.measures[5])
    earlier = world.open_round("2026-Q2", opened="2026-07-01 06:00")
    for measure in world.measures[:5]:
        world.submit(world.report(earlier, measure), at="2026-07-05 09:00")
        world.accept(world.report(earlier, measure), at="2026-07-06 09:00")
    for report in session.exec(select(Report)):
        report.unchanged_streak = 2 if report.measure_id == world.measures[4].id else 0
    world.open_round()
    account = session.get_one(Account, world.representative.account_id)
    account.password_hash = passwords.hashed(PASSWORD)
    session.commit()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The library's benannte Vertretung, just signed in."""
    with signed_in(chromium, address, "vhs@example.org") as page:
        yield page


def test_five_unchanged_measures_take_at_most_four_clicks_after_signing_in(page: Page) -> None:
    page.add_init_script(COUNT)
    page.goto("/meldungen/")
    page.get_by_role("link", name="Alle auswählen").click()
    expect(page.locator("input[name=report]:checked")).to_have_count(5)
    page.get_by_role("button", name="Auswahl unverändert bestätigen").click()
    expect(page.get_by_text("Zum 3. Mal in Folge unverändert.")).to_have_count(1)
    page.get_by_role("button", name="5 Maßnahmen jetzt bestätigen und absenden").click()
    expect(page.locator(".kern-alert--success")).to_contain_text(
        "5 Maßnahmen sind unverändert bestätigt und abgegeben"
    )
    assert 0 < int(page.evaluate(CLICKS)) <= 4
    page.goto("/meldungen/")
    expect(page.locator(".my-round__count").first).to_contain_text(
        "Alle 5 Meldungen sind abgegeben"
    )
    page.context.close()


def test_single_ticks_work_with_the_keyboard_and_without_a_script(
    chromium: Browser, address: str
) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/anmelden")
    page.fill("[name=email]", "vhs@example.org")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    for code in ("1.1", "2.2"):
        page.get_by_role("checkbox", name=f"{code} auswählen").focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Auswahl unverändert bestätigen").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Ein Satz für alle").fill("Läuft weiter.")
    page.get_by_role("button", name="2 Maßnahmen jetzt bestätigen und absenden").press("Enter")
    expect(page.locator(".kern-alert--success")).to_contain_text("2 Maßnahmen sind")
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_their_width_and_axe_finds_nothing(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})

    def check() -> None:
        assert overflow(page) <= 0, page.url
        assert violations(page) == [], page.url

    page.goto("/vertretung/1")
    check()
    page.get_by_label("Erster Tag").fill("2026-10-09")
    page.get_by_label("Letzter Tag").fill("2026-10-05")
    with page.expect_navigation():
        page.get_by_role("button", name="Stellvertretung eintragen").click()
    check()
    page.get_by_label("Wer vertritt?").select_option(label="mitarbeit")
    page.get_by_label("Erster Tag").fill("2026-10-05")
    page.get_by_label("Letzter Tag").fill("2026-10-09")
    page.get_by_role("button", name="Stellvertretung eintragen").click()
    expect(page.get_by_text("gilt zurzeit")).to_be_visible()
    check()
    page.goto("/meldungen/?alle=1")
    check()
    with page.expect_navigation():
        page.get_by_role("button", name="Auswahl unverändert bestätigen").click()
    check()
    page.get_by_role("button", name="jetzt bestätigen und absenden").click()
    page.wait_for_selector(".kern-alert--success")
    check()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_kis_pages_about_who_represents_fit_too(
    chromium: Browser, address: str, width: int
) -> None:
    with signed_in(chromium, address, "ki@example.org", width=width) as page:
        for path in ("/konten", "/vertretung/1", "/vertretung/1/wechseln"):
            page.goto(path)
            assert overflow(page) <= 0, path
            assert violations(page) == [], path
