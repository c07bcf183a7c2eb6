"""The KI's queue in a real browser: three reports by keyboard alone, several at once; axe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
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
from tracker.reporting.models import Report, Review
from tracker.reporting.reports.actions import reports
from tracker.reporting.rules.reports import ReportState

pytestmark = pytest.mark.browser

NOW = moment("2026-10-05 09:00")


@dataclass
class Site:
    """A running application; three changed reports wait, then two confirmed unchanged."""

    address: str
    engine: Engine

    def states(self) -> list[ReportState]:
        with Session(self.engine) as session:
            return [row.state for row in session.exec(select(Report).order_by(Report.id))][-6:]  # type: ignore[arg-type]


def fill(world: World) -> None:
    """An accepted quarter, and the next one handed in: three with changes, two without."""
    earlier = world.open_round("2026-Q2", opened="2026-07-01 06:00")
    for measure in world.measures[:5]:
        world.accept(world.submit(world.report(earlier, measure), at="2026-07-05 09:00"))
    round_ = world.open_round()
    texts = (RUNNING, CRITICAL, replace(RUNNING, achieved="Drei neue Kurse haben begonnen."))
    for number, content in enumerate(texts):
        report = world.report(round_, world.measures[number])
        world.submit(report, content, at=f"2026-10-02 0{number}:00")
    for number in (3, 4):
        reports.confirm_unchanged(
            world.session,
            report_id=world.report(round_, world.measures[number]).id or 0,
            by=world.representative,
            now=moment("2026-10-03 09:00"),
        )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An application on a database of its own."""
    engine = own_sqlite(tmp_path)
    with Session(engine) as session:
        world = World(session)
        world.lead(world.library)
        fill(world)
        session.commit()
    app = create_app(SETTINGS, engine=engine, clock=lambda: NOW)
    with served(app) as address:
        yield Site(address, engine)
    engine.dispose()


@pytest.fixture(params=[390, 1280])
def page(request: pytest.FixtureRequest, chromium: Browser, site: Site) -> Iterator[Page]:
    """A narrow and a wide window in which the KI is signed in; a script error fails the test."""
    with signed_in(chromium, site.address, "ki@example.org", width=request.param) as page:
        yield page


def check(page: Page) -> None:
    """The page fits the window and axe finds nothing, folded parts included."""
    assert overflow(page) <= 0, page.url
    assert violations(page) == [], page.url


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, which is then to be seen."""
    for _ in range(80):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            outline = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(outline) != "none", selector
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {selector}")


def heading(page: Page, text: str) -> None:
    expect(page.locator("h1")).to_contain_text(text)


def test_three_reports_are_decided_on_by_keyboard_alone(page: Page, site: Site) -> None:
    page.goto("/pruefung/")
    check(page)
    tab_to(page, "#feld")
    tab_to(page, "main tbody a")
    page.keyboard.press("Enter")
    heading(page, "Meldung zu 1.1")
    check(page)

    # The first: straight to the decision, accepted with a key.
    tab_to(page, "a[href='#entscheiden']")
    page.keyboard.press("Enter")
    tab_to(page, "#entscheidung button")
    page.keyboard.press("Enter")
    heading(page, "Meldung zu 1.2")
    expect(page.locator("main")).to_contain_text("Meldung 1 von 4")
    check(page)

    # The second: a question at the field Verlauf, and nothing else.
    tab_to(page, "details:has(#comment_course) summary")
    page.keyboard.press("Enter")
    tab_to(page, "#comment_course")
    page.keyboard.type("Seit wann fehlen die Räume? 1a")
    tab_to(page, "button[formaction$='/zurueckgeben']")
    page.keyboard.press("Enter")
    heading(page, "Meldung zu 1.3")
    expect(page.locator("main")).to_contain_text("Hier ist die nächste")
    expect(page.locator("ins.piece").last).to_contain_text("Drei neue")
    check(page)

    # The third: another value with its reason.
    tab_to(page, "#entscheidung summary")
    page.keyboard.press("Enter")
    tab_to(page, "#implementation")
    page.keyboard.type("in Planung")
    tab_to(page, "#reason")
    page.keyboard.type("Noch keine Aktivität vor Ort")
    tab_to(page, "button[formaction$='/feststellen']")
    page.keyboard.press("Enter")
    heading(page, "Meldung zu 2.1")
    with Session(site.engine) as session:
        asked = session.exec(select(Review).where(Review.decision == "returned")).one()
        assert asked.field_comments == {"course": "Seit wann fehlen die Räume? 1a"}
    assert site.states()[:4] == [
        ReportState.ACCEPTED,
        ReportState.RETURNED,
        ReportState.ACCEPTED,
        ReportState.SUBMITTED,
    ]


def press_with_alt(page: Page, key: str) -> None:
    """Press a key with Alt as a keyboard does; Playwright's own press leaves out the letter."""
    debugger = page.context.new_cdp_session(page)
    event = {
        "modifiers": 1,
        "key": key,
        "code": f"Key{key.upper()}",
        "windowsVirtualKeyCode": ord(key.upper()),
        "unmodifiedText": key,
    }
    for kind in ("keyDown", "keyUp"):
        debugger.send("Input.dispatchKeyEvent", {"type": kind, **event})
    debugger.detach()


def test_a_shortcut_needs_alt_and_types_nothing_away(page: Page, site: Site) -> None:
    page.goto("/pruefung/7")
    page.keyboard.press("a")
    page.keyboard.press("z")
    heading(page, "Meldung zu 1.1")
    assert site.states()[0] is ReportState.SUBMITTED
    press_with_alt(page, "n")
    heading(page, "Meldung zu 1.2")
    press_with_alt(page, "a")
    heading(page, "Meldung zu 1.3")
    press_with_alt(page, "l")
    heading(page, "Meldungen prüfen")
    assert site.states()[:3] == [
        ReportState.SUBMITTED,
        ReportState.ACCEPTED,
        ReportState.SUBMITTED,
    ]


def test_unchanged_confirmations_are_accepted_together_by_keyboard(page: Page, site: Site) -> None:
    page.goto("/pruefung/?unveraendert=1")
    check(page)
    tab_to(page, "a[href^='/pruefung/unveraendert']")
    page.keyboard.press("Enter")
    heading(page, "Unveränderte Bestätigungen")
    check(page)
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    tab_to(page, ".together button")
    page.keyboard.press("Enter")
    heading(page, "2 Meldungen gemeinsam annehmen")
    check(page)
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    heading(page, "Meldungen prüfen")
    expect(page.locator("main")).to_contain_text("2 Meldungen sind angenommen.")
    check(page)
    assert site.states()[3:5] == [ReportState.ACCEPTED, ReportState.ACCEPTED]


def test_a_decision_that_came_too_late_shows_the_typed_text(page: Page, site: Site) -> None:
    page.goto("/pruefung/7")
    page.get_by_label("Was ist zu klären?").fill("Wie viele Kurse sind es?")
    with Session(site.engine) as session:
        report = session.get_one(Report, 7)
        report.state = ReportState.ACCEPTED
        session.commit()
    page.get_by_role("button", name="Meldung zurückgeben").click()
    expect(page.get_by_role("alert")).to_contain_text("Die Meldung ist angenommen")
    expect(page.get_by_label("Ihre Eingabe zum Kopieren")).to_have_value("Wie viele Kurse sind es?")
    check(page)
