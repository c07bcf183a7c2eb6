"""A partner contributes, the lead takes over and submits, in a real browser; axe and widths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session

from tests.browser import overflow, served, signed_in, violations
from tests.committing import own_sqlite
from tests.factories import World, moment
from tests.factories_contributions import contribute, partner
from tests.pages import SETTINGS
from tracker.app import create_app

pytestmark = pytest.mark.browser

Start = Callable[[str], Page]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An application on a database of its own: the library leads six measures with the club.

    To the second report (number 2) the club has contributed already.
    """
    engine = own_sqlite(tmp_path_factory.mktemp("site"))
    with Session(engine) as session:
        world = World(session)
        world.lead(world.library)
        partner(world, world.club, *world.measures)
        round_ = world.open_round()
        contribute(world, world.report(round_, world.measures[1]))
        session.commit()
    app = create_app(SETTINGS, engine=engine, clock=lambda: moment("2026-10-05 09:00"))
    with served(app) as address:
        yield address
    engine.dispose()


@pytest.fixture
def start(chromium: Browser, address: str) -> Iterator[Start]:
    """Sign somebody in, each in a browser of their own."""
    with ExitStack() as windows:
        yield lambda email: windows.enter_context(signed_in(chromium, address, email))


def test_partner_contributes_the_lead_takes_over_and_submits(start: Start) -> None:
    club = start("ibz@example.org")
    club.goto("/meldungen/")
    club.get_by_role("link", name="Beitrag schreiben (1.1, Q3/2026)").click()
    # Until the page is loaded, its script does not count yet.
    club.wait_for_url("**/beitraege/1")
    club.get_by_label("Ihr Beitrag").fill("Drei Elternabende.")
    expect(club.locator("#contribution-counter")).to_have_text("18 von 20.000 Zeichen")
    club.get_by_label("Personen").fill("1.040")
    club.get_by_label("Kosten (Ist)").fill("1.250,50")
    club.get_by_role("button", name="Beitrag speichern").click()
    expect(club.get_by_text("Ihr Beitrag ist gespeichert.")).to_be_visible()

    library = start("vhs@example.org")
    library.goto("/meldungen/")
    library.get_by_role("link", name="Begegnungszentrum zu 1.1 (Q3/2026)").click()
    library.get_by_label("in Umsetzung").check()
    library.get_by_label("planmäßig").check()
    library.get_by_role("textbox", name="Was wurde erreicht?").fill(
        "Noch nicht gespeicherter Text."
    )
    library.get_by_role("button", name="Beitrag übernehmen (Begegnungszentrum)").click()
    expect(library.get_by_text("Der Beitrag steht jetzt in der Meldung.")).to_be_visible()
    achieved = library.get_by_role("textbox", name="Was wurde erreicht?")
    expect(achieved).to_have_value(
        "Noch nicht gespeicherter Text.\n\nBeitrag von Begegnungszentrum:\nDrei Elternabende."
    )
    # What was saved along is kept nowhere else any more.
    expect(library.locator("#restore")).to_be_hidden()
    expect(library.get_by_text("übernommen am 05.10.2026")).to_be_visible()
    library.get_by_role("button", name="Meldung absenden").click()
    library.wait_for_url("**/meldungen/**")
    expect(library.get_by_text("Ihre Meldung zu 1.1 ist abgegeben")).to_be_visible()

    club.goto("/meldungen/")
    club.get_by_role("link", name="Beitrag ansehen (1.1, Q3/2026)").click()
    expect(club.get_by_text("übernommen am 05.10.2026")).to_be_visible()
    assert club.get_by_role("button", name="Beitrag speichern").count() == 0


def test_the_enter_key_in_the_report_form_saves_and_takes_nothing_over(
    start: Start,
) -> None:
    page = start("vhs@example.org")
    page.goto("/meldungen/2")
    page.get_by_label("Nächster Schritt bis").fill("31.1.2027")
    page.get_by_label("Nächster Schritt bis").press("Enter")
    expect(page.get_by_text("Die Meldung ist noch nicht abgesendet.")).to_be_visible()
    expect(
        page.get_by_role("button", name="Beitrag übernehmen (Begegnungszentrum)")
    ).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    ("email", "path"),
    [
        ("ibz@example.org", "/meldungen/"),
        ("ibz@example.org", "/beitraege/2"),
        ("ibz@example.org", "/beitraege/3"),
        ("vhs@example.org", "/meldungen/"),
        ("vhs@example.org", "/meldungen/2"),
        ("vhs@example.org", "/meldungen/2/ansehen"),
    ],
)
def test_the_pages_have_no_known_barrier_and_fit(
    start: Start, email: str, path: str, width: int
) -> None:
    page = start(email)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path)
    assert violations(page) == []
    assert overflow(page) <= 0


def test_refused_and_conflicting_texts_have_no_known_barrier(start: Start) -> None:
    first, second = start("ibz@example.org"), start("ibz@example.org")
    for page in (first, second):
        page.goto("/beitraege/4")
        page.get_by_label("Kosten (Ist)").fill("viel")
        page.get_by_role("button", name="Beitrag speichern").click()
        expect(page.locator("#error-summary")).to_be_focused()
        assert violations(page) == []
    for page, text in ((first, "Erster Text"), (second, "Zweiter Text")):
        page.get_by_label("Ihr Beitrag").fill(text)
        page.get_by_label("Kosten (Ist)").fill("")
        page.get_by_role("button", name="Beitrag speichern").click()
    expect(second.get_by_role("heading", name="Zwei Texte")).to_be_visible()
    expect(second.get_by_text("Erster Text")).to_be_visible()
    expect(second.get_by_label("Ihr Beitrag")).to_have_value("Zweiter Text")
    assert violations(second) == []
