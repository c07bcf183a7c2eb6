"""The KI's way in a real browser: assign, open, accept, return, close; axe on every page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.browser import overflow, served, signed_in, violations
from tests.committing import own_sqlite
from tests.factories import CRITICAL, RUNNING, World, moment
from tests.pages import SETTINGS
from tracker.app import create_app
from tracker.concept.models import Concept
from tracker.core.periods import Period
from tracker.core.permissions import Actor
from tracker.reporting.models import Report
from tracker.reporting.reports.actions import reports
from tracker.reporting.rounds.actions import rounds

pytestmark = pytest.mark.browser

NOW = moment("2026-10-05 09:00")


@dataclass
class Site:
    """A running application; `submit` hands in the first two expected reports as the library."""

    address: str
    engine: Engine
    representative: Actor

    def open_round(self) -> None:
        with Session(self.engine) as session:
            period = Period.parse("2026-Q3")
            round_ = rounds.plan(
                session,
                concept_id=session.exec(select(Concept.id)).one() or 0,
                period=period,
                due_on=period.default_due_on(15),
                resubmit_days=7,
                by=None,
                now=NOW,
            )
            rounds.open_round(session, round_=round_, by=None, now=NOW)
            session.commit()

    def submit(self) -> None:
        with Session(self.engine) as session:
            expected = session.exec(select(Report).order_by(Report.id)).all()[:2]  # type: ignore[arg-type]
            for report, content in zip(expected, (RUNNING, CRITICAL), strict=True):
                reports.submit(
                    session,
                    report_id=report.id or 0,
                    content=content,
                    expected_version=0,
                    by=self.representative,
                    now=NOW,
                )
            session.commit()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An application on a database of its own, in which nobody leads anything."""
    engine = own_sqlite(tmp_path)
    with Session(engine) as session:
        world = World(session)
        session.commit()
    app = create_app(SETTINGS, engine=engine, clock=lambda: NOW)
    with served(app) as address:
        yield Site(address, engine, world.representative)
    engine.dispose()


@pytest.fixture(params=[390, 1280])
def page(request: pytest.FixtureRequest, chromium: Browser, site: Site) -> Iterator[Page]:
    """A narrow and a wide window in which the KI is signed in; a script error fails the test."""
    with signed_in(chromium, site.address, "ki@example.org", width=request.param) as page:
        yield page


def check(page: Page) -> None:
    """The page and its tables fit the window and axe finds nothing, folded parts included."""
    assert overflow(page) <= 0, page.url
    hidden = (
        "[...document.querySelectorAll('.table-frame')].map(f => f.scrollWidth - f.clientWidth)"
    )
    assert max(page.evaluate(hidden), default=0) <= 0, page.url
    assert violations(page) == [], page.url


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()
    check(page)


def test_from_responsibility_to_a_closed_round(page: Page, site: Site) -> None:
    page.goto("/zustaendigkeiten/?ohne=1")
    first, last = (page.locator(name).bounding_box() for name in ("#valid_from", "#valid_to"))
    assert first is not None
    assert last is not None
    viewport = page.viewport_size
    assert viewport is not None
    assert first["y"] == last["y"] or viewport["width"] < 640
    check(page)
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    ways = page.get_by_role("link", name="Zur Zuordnung (2 ausgewählt)")
    expect(ways).to_have_count(2)
    expect(ways.last).to_be_in_viewport()
    ways.last.click()
    expect(page.get_by_role("button", name="Zuständigkeit eintragen")).to_be_in_viewport()
    page.get_by_label("Institution", exact=True).select_option(label="Volkshochschule")
    press(page, "Zuständigkeit eintragen")
    expect(page.locator("main")).to_contain_text("4 von 6 Maßnahmen")

    page.goto("/runden/")
    check(page)
    page.get_by_label("Zeitraum").select_option(label="3. Quartal 2026")
    press(page, "Runde planen")
    page.get_by_role("link", name="Runde eröffnen").click()
    expect(page.locator("main")).to_contain_text("2 Meldungen werden angefordert")
    check(page)
    press(page, "Runde eröffnen")
    site.submit()

    page.goto("/pruefung/")
    check(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Maßnahme 1.1").click()
    check(page)
    press(page, "Meldung annehmen")
    expect(page.locator("h1")).to_contain_text("1.2")
    page.get_by_label("Was ist zu klären?").fill("W" * 20_000)
    returned = page.url
    press(page, "Meldung zurückgeben")
    expect(page.locator("main")).to_contain_text("keine weitere Meldung")
    page.goto(returned)
    check(page)  # one long word does not widen the page

    page.goto("/runden/2026-Q3")
    expect(page.locator("main")).to_contain_text("1 von 2")
    check(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Runde schließen").click()
    check(page)
    press(page, "Runde schließen")
    expect(page.locator("main")).to_contain_text("Die Runde ist geschlossen")


def test_a_report_is_accepted_with_the_keyboard_alone(page: Page, site: Site) -> None:
    page.goto("/zustaendigkeiten/1.1")
    page.get_by_label("Institution", exact=True).select_option(label="Volkshochschule")
    press(page, "Zuständigkeit eintragen")
    page.goto("/zustaendigkeiten/1.2")
    page.get_by_label("Institution", exact=True).select_option(label="Volkshochschule")
    press(page, "Zuständigkeit eintragen")
    page.goto("/runden/")
    page.get_by_label("Zeitraum").select_option(label="3. Quartal 2026")
    press(page, "Runde planen")
    page.get_by_role("link", name="Runde eröffnen").click()
    press(page, "Runde eröffnen")
    site.submit()
    page.goto("/pruefung/")
    tab_to(page, "main tbody a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pruefung/1")
    tab_to(page, "form[action$='/annehmen'] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pruefung/2")
    expect(page.locator("main")).to_contain_text("Die Meldung ist angenommen")


def test_from_a_count_to_the_list_and_on_to_more_time(page: Page, site: Site) -> None:
    for code in ("1.1", "1.2", "1.3"):
        page.goto(f"/zustaendigkeiten/{code}")
        page.get_by_label("Institution", exact=True).select_option(label="Volkshochschule")
        press(page, "Zuständigkeit eintragen")
    site.open_round()
    site.submit()
    page.goto("/runden/2026-Q3")
    check(page)
    page.get_by_role("link", name="1 noch nicht abgegeben").click()
    open_list = page.locator("section.list", has=page.locator("#offen"))
    expect(open_list.locator("h3")).to_be_in_viewport()
    open_list.locator("summary", has_text="Schritte").press("Enter")
    open_list.get_by_role("link", name="Nachfrist gewähren").click()
    expect(page.get_by_role("heading", name="Nachfrist für diese Meldung")).to_be_in_viewport()
    page.go_back()
    part = page.locator("details.part", has=page.locator("table"))
    part.get_by_text("Wie kommen die Zahlen zustande?").first.click()
    expect(part).to_contain_text("Davon zählen 2: 2 / 3 = 66,7 %")
    check(page)


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {selector}")


def lead(page: Page, *codes: str) -> None:
    page.goto("/zustaendigkeiten/?ohne=1")
    for code in codes:
        page.get_by_role("checkbox", name=code).check()
    page.get_by_role("link", name="Zur Zuordnung").last.click()
    page.get_by_label("Institution", exact=True).select_option(label="Volkshochschule")
    with page.expect_navigation():
        page.get_by_role("button", name="Zuständigkeit eintragen").click()


def test_from_a_report_asked_for_later_to_a_cancelled_round(page: Page, site: Site) -> None:
    lead(page, "1.1", "1.2")
    site.open_round()
    lead(page, "2.1")
    page.goto("/runden/2026-Q3")
    check(page)
    page.get_by_role("link", name="2.1 Maßnahme").first.click()
    expect(page.locator("h1")).to_have_text("Meldung nachträglich anfordern")
    check(page)
    page.get_by_label("Eigene Frist").fill("")
    press(page, "Meldung anfordern")
    page.get_by_label("Eigene Frist").fill("2026-11-05")
    page.get_by_label("Begründung").fill("W" * 300)
    press(page, "Meldung anfordern")
    expect(page.locator("main")).to_contain_text("3 Meldungen sind erwartet, davon 1 nachträglich")
    page.get_by_role("link", name="Runde absagen").click()
    expect(page.locator("h1")).to_contain_text("Runde absagen")
    check(page)
    page.get_by_label("Begründung").fill("Neuwahl")
    press(page, "Runde absagen")
    expect(page.locator("main")).to_contain_text("abgesagt: Neuwahl")


def test_a_correction_is_begun_and_abandoned(page: Page, site: Site) -> None:
    lead(page, "1.1", "1.2")
    site.open_round()
    for name in ("Runde schließen", "Runde veröffentlichen"):
        page.goto("/runden/2026-Q3")
        page.get_by_role("link", name=name).click()
        expect(page.locator("h1")).to_contain_text(name)
        press(page, name)
    page.get_by_role("link", name="Korrektur beginnen").click()
    expect(page.locator("h1")).to_contain_text("Korrektur beginnen")
    page.get_by_label("Begründung").fill("Zahlendreher")
    press(page, "Korrektur beginnen")
    page.get_by_role("link", name="Korrektur verwerfen").click()
    expect(page.locator("h1")).to_contain_text("Korrektur verwerfen")
    check(page)
    page.get_by_label("Begründung").fill("Zahl stimmt")
    press(page, "Korrektur verwerfen")
    expect(page.locator("main")).to_contain_text("Die veröffentlichte Fassung gilt weiter")
