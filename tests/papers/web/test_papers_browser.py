"""Papers in a real browser: choose, check, have made with progress, download; axe on each page."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlmodel import Session

from tests.browser import overflow, served, signed_in, violations
from tests.committing import own_sqlite
from tests.factories import CRITICAL, World, moment
from tests.pages import SETTINGS
from tracker.app import create_app
from tracker.papers.job import make_papers
from tracker.publication.actions.publication import publish
from tracker.publication.queries.publication_facts import instance_of
from tracker.reporting.rounds.actions import rounds

pytestmark = pytest.mark.browser

NOW = moment("2026-11-03 09:00")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database with two published rounds."""
    engine = own_sqlite(tmp_path_factory.mktemp("site"))
    with Session(engine) as session:
        world = World(session)
        world.lead(world.library)
        for period, opened, at in (
            ("2026-Q2", "2026-07-01", "2026-08-03"),
            ("2026-Q3", "2026-10-01", "2026-11-02"),
        ):
            round_ = world.open_round(period, opened=f"{opened} 06:00")
            report = world.report(round_, world.measures[0])
            world.submit(report, CRITICAL, at=f"{opened} 08:00")
            world.accept(report, at=f"{opened} 09:00")
            now, by = moment(f"{at} 09:00"), world.coordination
            rounds.close_round(session, round_=round_, by=by, now=now)
            publish(session, round_=round_, by=by, now=now, instance=instance_of(SETTINGS))
        session.commit()
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def site(engine: Engine) -> Iterator[str]:
    """The address of the application."""
    with served(create_app(SETTINGS, engine=engine, clock=lambda: NOW)) as address:
        yield address


@pytest.fixture(params=[1280, 390])
def page(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    """The KI, signed in, at a desk and on a phone."""
    with signed_in(chromium, site, "ki@example.org", width=request.param) as page:
        yield page


def check(page: Page) -> None:
    assert violations(page) == []
    assert overflow(page) <= 0


def test_the_vorlage_is_chosen_checked_made_and_downloaded(
    page: Page, site: str, engine: Engine
) -> None:
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(f"{site}/ausgaben/")
    check(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Ausgabe erstellen").click()
    check(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Vorlage für den Ausschuss").click()
    check(page)
    page.get_by_label("Beschlussvorlage").check()
    page.get_by_role("button", name="Vorschau ansehen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vorschau: Vorlage für den Ausschuss")
    expect(page.get_by_text("Der Ausschuss möge Räume zuweisen.").first).to_be_visible()
    check(page)
    page.get_by_role("button", name="Vorlage für den Ausschuss erstellen").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    check(page)
    maker = threading.Thread(target=make_papers, args=(engine, SETTINGS, NOW))
    maker.start()
    name = "beschlussvorlage-2026-q3-fassung-1.docx"
    link = page.get_by_role("link", name=f"Herunterladen: {name}")
    expect(link).to_be_visible(timeout=20_000)
    maker.join()
    check(page)
    with page.expect_download() as download:
        link.click()
    assert download.value.path().read_bytes().startswith(b"PK")
    assert faults == []


@pytest.mark.parametrize(
    "path",
    [
        "erstellen/bericht",
        "erstellen/mappe",
        "vorschau/bericht?runde=2026-Q3/1&umfang=ausnahmen&vergleich=2026-Q2",
        "vorschau/vergleich?runde=2026-Q3/1&vergleich=2026-Q2",
        "vorschau/massnahme?runde=2026-Q3/1&massnahme=1.1",
        "vorschau/institution?runde=2026-Q3/1&institution=vhs",
        "auftraege/",
        "word-vorlage",
    ],
)
def test_every_page_about_papers_is_accessible_at_both_widths(
    page: Page, site: str, path: str
) -> None:
    page.goto(f"{site}/ausgaben/{path}")
    check(page)
