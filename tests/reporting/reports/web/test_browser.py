"""The institution's pages in a real browser: what the script adds, keyboard, widths, axe."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import overflow, violations
from tests.factories import RUNNING
from tests.reporting.reports.web.browser_site import Site

pytestmark = pytest.mark.browser


def copies(page: Page) -> int:
    """How many unsaved texts this browser keeps."""
    return int(
        page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('meldung:')).length")
    )


def test_a_draft_saves_itself_and_the_browsers_copy_goes(page: Page, site: Site) -> None:
    page.goto(f"/meldungen/{site.reports[0]}")
    page.fill("#achieved", "Von selbst gespeichert")
    assert copies(page) == 1
    saved = re.compile(r"Gespeichert \d\d:\d\d Uhr")
    expect(page.locator("#autosave-status")).to_have_text(saved, timeout=15_000)
    assert copies(page) == 0
    page.reload()
    expect(page.locator("#achieved")).to_have_value("Von selbst gespeichert")
    expect(page.locator("#restore")).to_be_hidden()


def test_the_save_button_takes_the_copy_away_too(page: Page, site: Site) -> None:
    page.goto(f"/meldungen/{site.reports[0]}")
    page.fill("#achieved", "Mit dem Knopf gespeichert")
    page.get_by_role("button", name="Entwurf speichern").click()
    expect(page.locator(".kern-alert--success")).to_contain_text("Gespeichert")
    assert copies(page) == 0
    assert "gespeichert=" not in page.url


def test_a_text_typed_without_connection_is_offered_again(
    page: Page, context: BrowserContext, site: Site
) -> None:
    address = f"/meldungen/{site.reports[1]}"
    page.goto(address)
    context.set_offline(True)
    page.fill("#achieved", "Ohne Netz geschrieben")
    expect(page.locator("#autosave-status")).to_contain_text("Keine Verbindung", timeout=15_000)
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(again.locator("#achieved")).to_have_value(RUNNING.achieved)
    expect(again.locator("#restore-title")).to_have_text(
        re.compile(r"ungespeicherter Text vom \d\d\.\d\d\.20\d\d, \d\d:\d\d Uhr\.$")
    )
    again.click("#restore-take")
    expect(again.locator("#achieved")).to_have_value("Ohne Netz geschrieben")
    expect(again.locator("#autosave-status")).to_contain_text("Gespeichert", timeout=15_000)


def test_an_older_text_of_this_device_gives_way_to_what_was_saved_since(
    page: Page, context: BrowserContext, site: Site
) -> None:
    address = f"/meldungen/{site.reports[3]}"
    page.goto(address)
    page.route("**/meldungen/*", lambda route: route.abort())
    page.fill("#achieved", "Liegt noch auf diesem Gerät")
    kept = page.evaluate("Object.entries(localStorage)")
    page.close()
    other = context.new_page()
    other.goto(address)
    other.click("#restore-drop")
    other.fill("#achieved", "Später woanders gespeichert")
    other.get_by_role("button", name="Entwurf speichern").click()
    expect(other.locator(".kern-alert--success")).to_contain_text("Gespeichert")
    other.evaluate("kept => kept.forEach(copy => localStorage.setItem(...copy))", kept)
    other.reload()
    expect(other.locator("#restore-newer")).to_contain_text(
        re.compile(r"wurde am [\d.]+, \d\d:\d\d Uhr: Der gespeicherte Text ist neuer")
    )
    expect(other.locator("#restore button").first).to_have_text(
        "Neueren, gespeicherten Text behalten"
    )
    other.locator("#restore button").first.click()
    expect(other.locator("#restore")).to_be_hidden()
    expect(other.locator("#achieved")).to_have_value("Später woanders gespeichert")
    assert copies(other) == 0


def test_signing_out_takes_unsaved_texts_from_a_shared_computer(
    page: Page, context: BrowserContext, site: Site
) -> None:
    page.goto(f"/meldungen/{site.reports[2]}")
    page.route("**/meldungen/*", lambda route: route.abort())
    page.fill("#achieved", "Soll hier niemand finden")
    assert copies(page) == 1
    page.goto("/")
    page.get_by_role("button", name="Abmelden").click()
    page.wait_for_load_state()
    assert copies(page) == 0


def test_gefaehrdet_asks_for_reason_and_consequence_before_submitting(
    page: Page, site: Site
) -> None:
    page.goto(f"/meldungen/{site.reports[2]}")
    reason = page.locator("#reason")
    expect(reason).to_be_hidden()
    page.get_by_role("radio", name="gefährdet").check()
    expect(reason).to_be_visible()
    expect(page.locator('[data-needed="consequence"]')).to_be_visible()
    expect(page.locator("#reason-note")).to_contain_text("Begründung und ein Steuerungsvorschlag")
    page.get_by_role("radio", name="umgesetzt").check()
    expect(page.locator("#course-part")).to_be_hidden()
    expect(page.locator("#reason-note")).to_be_empty()


def test_leaving_a_text_moves_nothing_away_from_under_the_mouse(page: Page, site: Site) -> None:
    page.goto(f"/meldungen/{site.reports[5]}")
    below = page.locator("#abschnitt-veraenderung > summary")
    page.focus("#next_step")
    expect(page.locator("[data-counter=next_step]")).to_be_visible()
    page.evaluate("document.fonts.ready.then(() => true)")  # letters arriving late move lines too
    before = below.evaluate("part => part.getBoundingClientRect().top + scrollY")
    page.evaluate("document.activeElement.blur()")
    # What the form does when a field is left comes a moment later.
    page.evaluate("() => new Promise(done => setTimeout(done, 50))")
    assert below.evaluate("part => part.getBoundingClientRect().top + scrollY") == before


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(80):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {selector}")


def test_a_report_is_written_and_submitted_with_the_keyboard_alone(page: Page, site: Site) -> None:
    page.goto(f"/meldungen/{site.reports[3]}")
    tab_to(page, "input[name=implementation]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#achieved")
    page.keyboard.type(" Mit Tasten geschrieben.")
    tab_to(page, "#abschnitt-veraenderung > summary")
    page.keyboard.press("Enter")
    tab_to(page, "#changed")
    page.keyboard.type("Der Auftrag ist erfüllt.")
    tab_to(page, "button[formaction$='/absenden']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/meldungen/")
    expect(page.locator(".kern-alert--success")).to_contain_text("ist abgegeben")


def test_an_unchanged_measure_is_confirmed_with_two_clicks(page: Page) -> None:
    page.goto("/meldungen/")
    row = page.locator(".my-measure").filter(has_text="Maßnahme 2.2")
    row.locator(".confirm > summary").click()
    row.get_by_role("button", name="Jetzt bestätigen und absenden").click()
    expect(page.locator(".kern-alert--success")).to_contain_text("unverändert bestätigt")


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_their_width_and_axe_finds_nothing(page: Page, site: Site, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    number = site.reports[5]
    for address in ("/meldungen/", f"/meldungen/{number}", f"/meldungen/{number}/ansehen"):
        page.goto(address)
        assert overflow(page) <= 0, address
        assert violations(page) == [], address


def test_a_refused_form_goes_on_saving_itself_and_marks_what_it_cannot_read(
    page: Page, site: Site
) -> None:
    page.goto(f"/meldungen/{site.reports[5]}")
    page.fill("#next_step_on", "bald")
    page.get_by_role("button", name="Meldung absenden").click()
    expect(page.locator("#error-summary")).to_contain_text("noch nicht abgesendet")
    page.fill("#achieved", "Nach der Absage geschrieben")
    status = page.locator("#autosave-status")
    expect(status).to_contain_text("1 Angabe noch nicht lesbar", timeout=15_000)
    expect(page.locator("#next_step_on")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#next_step_on-live-error")).to_contain_text("ist kein Tag")
    page.fill("#next_step_on", "1.12.2026")
    expect(status).to_have_text(re.compile(r"Gespeichert \d\d:\d\d Uhr\.$"), timeout=15_000)
    expect(page.locator("#next_step_on-live-error")).to_have_count(0)


def test_the_printed_form_has_its_texts_and_no_buttons(page: Page, site: Site) -> None:
    page.goto(f"/meldungen/{site.reports[0]}")
    page.emulate_media(media="print")
    expect(page.locator("#achieved")).to_be_visible()
    expect(page.get_by_role("button", name="Meldung absenden")).to_be_hidden()
    expect(page.locator("#partners")).to_be_visible()
