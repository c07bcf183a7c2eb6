"""What somebody types survives the end of the session and the end of the server."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlmodel import col, select

from tests.e2e.conftest import Come
from tests.e2e.instance import Instance
from tests.e2e.institution import wait_until_saved
from tests.e2e.one_measure import REPORT, VERTRETUNG, database, start_with_one_measure
from tests.e2e.person import Person
from tracker.accounts.models import LoginSession
from tracker.reporting.models import Report

pytestmark = pytest.mark.browser

FIRST, MORE = "Bis hierher gespeichert.", "Und das danach – mit „Anführung“ & <Zeichen>."


@pytest.fixture
def writer(instance: Instance, come: Come) -> Person:
    """The benannte Vertretung with a half-written report open, the first sentence saved."""
    start_with_one_measure(instance)
    writer = come("vertretung")
    # The form waits before it saves by itself; here the browser's time is moved on instead.
    writer.page.clock.install()
    writer.sign_in(VERTRETUNG)
    writer.open(REPORT)
    writer.page.fill("#achieved", FIRST)
    writer.page.clock.run_for(3_000)
    wait_until_saved(writer)
    return writer


def stored(instance: Instance) -> str:
    """Return what the draft in the database says."""
    with database(instance) as session:
        draft = session.exec(select(Report.draft)).one()
    return str((draft or {}).get("achieved"))


def copies(writer: Person) -> int:
    """Return how many unsaved texts the browser keeps."""
    kept = "Object.keys(localStorage).filter(key => key.startsWith('meldung:')).length"
    return int(writer.page.evaluate(kept))


def test_a_text_typed_after_the_session_ended_is_saved_after_signing_in_again(
    instance: Instance, writer: Person
) -> None:
    with database(instance) as session:
        for found in session.exec(select(LoginSession).where(col(LoginSession.ended_at).is_(None))):
            found.ended_at = datetime.now(UTC)
    writer.page.fill("#achieved", f"{FIRST} {MORE}")
    writer.page.clock.run_for(3_000)
    status = writer.page.locator("#autosave-status")
    expect(status).to_contain_text("Ihre Sitzung ist beendet.")
    assert stored(instance) == FIRST
    writer.forgive()

    writer.press("Entwurf speichern", status=401)
    writer.sees("Ihre Eingaben sind erhalten")
    writer.give_password(VERTRETUNG)
    writer.page.get_by_role("button", name="Anmelden und Eingaben senden").click()
    writer.page.wait_for_url(f"**{REPORT}**")
    writer.look()
    writer.sees("Gespeichert")
    expect(writer.page.locator("#achieved")).to_have_value(f"{FIRST} {MORE}")
    assert stored(instance) == f"{FIRST} {MORE}"
    assert copies(writer) == 0


def test_a_server_that_dies_while_somebody_writes_loses_nothing(
    instance: Instance, writer: Person
) -> None:
    half = len(MORE) // 2
    writer.page.focus("#achieved")
    writer.page.keyboard.press("Control+End")
    writer.page.keyboard.type(f" {MORE[:half]}")
    instance.kill()
    writer.page.keyboard.type(MORE[half:])
    writer.page.clock.run_for(3_000)
    status = writer.page.locator("#autosave-status")
    expect(status).to_contain_text("Keine Verbindung. Ihr Text bleibt hier")
    assert copies(writer) == 1
    assert stored(instance) == FIRST

    instance.start()
    writer.page.clock.run_for(10_000)
    wait_until_saved(writer)
    assert stored(instance) == f"{FIRST} {MORE}"
    assert copies(writer) == 0
    writer.forgive()
    writer.reload()
    expect(writer.page.locator("#achieved")).to_have_value(f"{FIRST} {MORE}")
