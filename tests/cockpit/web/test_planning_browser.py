"""Planning a year and looking after mails in a real browser, narrow and wide; axe on each page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.browser import overflow, served, signed_in, violations
from tests.committing import own_sqlite
from tests.factories import World, moment
from tests.pages import SETTINGS
from tracker.app import create_app
from tracker.outbox.models import OutboxMail
from tracker.outbox.rules.mailing import MailKind
from tracker.reporting.models import Round

pytestmark = pytest.mark.browser

NOW = moment("2026-11-21 09:00")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database of its own: leads, a mail that failed and eleven that wait."""
    engine = own_sqlite(tmp_path)
    with Session(engine) as session:
        world = World(session)
        world.lead(world.library)
        reason = "550 5.1.1 <vertretung@ein-sehr-langer-name-einer-domaene.example>: unbekannt"
        for number in range(12):
            session.add(
                OutboxMail(
                    key=str(number),
                    kind=MailKind.REMINDER.value,
                    recipient=f"vertretung{number}@ein-sehr-langer-name-einer-domaene.example",
                    subject="Q3/2026: Erinnerung, Abgabefrist 15.10.2026",
                    body="Bitte melden Sie.",
                    institution_id=world.library.id,
                    created_at=NOW,
                    next_attempt_at=NOW if number else None,
                    last_error="" if number else reason,
                )
            )
        session.commit()
    yield engine
    engine.dispose()


@pytest.fixture(params=[390, 1280])
def page(request: pytest.FixtureRequest, chromium: Browser, engine: Engine) -> Iterator[Page]:
    """A window in which the KI is signed in; a script error fails the test."""
    app = create_app(SETTINGS, engine=engine, clock=lambda: NOW)
    with (
        served(app) as address,
        signed_in(chromium, address, "ki@example.org", width=request.param) as page,
    ):
        yield page


def check(page: Page) -> None:
    """The page fits the window and axe finds nothing, folded parts included."""
    assert overflow(page) <= 0, page.url
    assert violations(page) == [], page.url


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()
    check(page)


def test_a_year_is_planned_after_a_second_look_and_a_round_moved(
    page: Page, engine: Engine
) -> None:
    page.goto("/runden/")
    with page.expect_navigation():
        page.get_by_role("link", name="Runden eines Jahres planen").click()
    check(page)
    page.goto("/runden/planen?jahr=2027")
    first = page.get_by_role("group", name="1. Quartal 2027")
    due = first.get_by_label("Abgabefrist")
    expect(due).to_have_value("2027-04-15")
    due.fill("2027-04-17")
    page.get_by_role("group", name="3. Quartal 2027").get_by_label("Diese Runde planen").uncheck()
    press(page, "Runden planen")
    expect(page.locator("main")).to_contain_text("Noch ist nichts gespeichert")
    expect(due).to_have_accessible_description("Samstag, nächster Werktag: 19.04.2027")
    press(page, "Runden planen")
    expect(page.locator("main")).to_contain_text("3 Runden sind geplant")
    expect(page.locator("main")).to_contain_text("eröffnet die Uhr am 01.04.2027")

    with page.expect_navigation():
        page.locator("a[href$='/runden/2027-Q1/termine']").click()
    check(page)
    save, look = (
        page.get_by_role("button", name=name).bounding_box()
        for name in ("Termine speichern", "Hinweise prüfen")
    )
    assert save is not None
    assert look is not None
    apart = (look["x"] - save["x"] - save["width"], look["y"] - save["y"] - save["height"])
    assert max(apart) >= 8
    page.get_by_label("Abgabefrist").fill("2027-04-19")
    page.get_by_label("Schluss").fill("2027-04-16")
    press(page, "Termine speichern")
    expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_label("Schluss").fill("")
    press(page, "Termine speichern")
    expect(page.locator("main")).to_contain_text("Die Termine sind gespeichert")
    with Session(engine) as session:
        found = session.exec(select(Round).order_by(Round.period)).all()  # type: ignore[arg-type]
        assert [item.period for item in found] == ["2027-Q1", "2027-Q2", "2027-Q4"]
        assert (found[0].due_on, found[0].closes_on) == (date(2027, 4, 19), None)


def test_a_failed_mail_is_sent_again_from_the_list(page: Page, engine: Engine) -> None:
    page.goto("/mails/")
    check(page)
    expect(page.locator("main")).to_contain_text("1 Mail ist unzustellbar. 11 Mails warten")
    expect(page.locator("main")).to_contain_text("Es ist kein Mailserver eingerichtet")
    page.get_by_role("button", name="Erneut senden").click()
    expect(page.locator("main")).to_contain_text("Keine Mail ist unzustellbar. 12 Mails warten")
    page.get_by_text("Wartende Mails ansehen (12)").click()
    page.get_by_role("link", name="Volkshochschule").first.click()
    expect(page.locator("h1")).to_have_text("Mails an Volkshochschule")
    check(page)
    page.get_by_role("link", name="Zur Institution").click()
    expect(page.get_by_role("link", name="Mails an diese Institution")).to_be_visible()
    check(page)
