"""The Erhebungsbogen in a real browser: download, upload, problems, preview, taking over; axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session

from tests.browser import overflow, served, signed_in, violations
from tests.committing import own_sqlite
from tests.factories import World, moment
from tests.pages import SETTINGS
from tests.reporting.questionnaire.workbook.forms import Typed
from tracker.app import create_app

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an application with an open round for the library."""
    engine = own_sqlite(tmp_path_factory.mktemp("site"))
    with Session(engine) as session:
        world = World(session)
        world.lead(world.library)
        earlier = world.open_round("2026-Q2", opened="2026-07-01 06:00")
        for measure in world.measures:
            world.submit(world.report(earlier, measure), at="2026-07-05 09:00")
            world.accept(world.report(earlier, measure), at="2026-07-06 09:00")
        world.open_round()
        session.commit()
    app = create_app(SETTINGS, engine=engine, clock=lambda: moment("2026-10-05 09:00"))
    with served(app) as address:
        yield address
    engine.dispose()


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    """The library's representative, signed in, on a phone."""
    with signed_in(chromium, site, "vhs@example.org", width=390) as page:
        yield page


def check(page: Page) -> None:
    assert violations(page) == []
    assert overflow(page) <= 0


def test_a_form_goes_from_download_over_its_problems_to_the_reports(
    page: Page, site: str, tmp_path: Path
) -> None:
    page.goto(f"{site}/erhebungsbogen/")
    check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Erhebungsbogen herunterladen (XLSX)").click()
    data = download.value.path().read_bytes()
    assert download.value.suggested_filename == "Erhebungsbogen-2026-Q3-vhs.xlsx"

    def upload(typed: Typed) -> None:
        file = tmp_path / "bogen.xlsx"
        file.write_bytes(typed.saved())
        page.get_by_label("Ausgefüllter Bogen").set_input_files(file)
        page.get_by_role("button", name="Bogen hochladen und prüfen").click()

    upload(Typed(data).set("Meldungen", "1.1", "Verlauf", "läuft"))
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Es wurde nichts übernommen: 1 Stelle ist zu berichtigen")
    expect(summary).to_be_focused()
    expect(page.get_by_role("row").filter(has_text="I (Verlauf)")).to_contain_text("planmäßig")
    check(page)
    upload(Typed(data).set("Meldungen", "1.1", "Was wurde erreicht?", "Drei Kurse laufen."))
    expect(page.get_by_role("heading", level=1)).to_have_text("Das ändert Ihr Erhebungsbogen")
    changed = page.get_by_role("row").filter(has_text="Was wurde erreicht?")
    for text in ("Zwei Kurse haben begonnen.", "Drei Kurse laufen."):
        expect(changed).to_contain_text(text)
    check(page)
    page.get_by_role("button", name="Als Entwurf übernehmen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Meine Maßnahmen")
    expect(page.get_by_text("Erhebungsbogen übernommen: 1 Entwurf gespeichert.")).to_be_visible()
