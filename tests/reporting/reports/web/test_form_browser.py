"""The report form in a real browser: conflicts, mended errors, values taken over, what is asked."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import own_clock, violations
from tests.factories import RUNNING
from tests.reporting.reports.web.browser_site import Site

pytestmark = pytest.mark.browser


def test_while_two_texts_are_compared_nothing_is_saved_before_the_button(
    page: Page, site: Site
) -> None:
    address = f"/meldungen/{site.reports[2]}"
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    other.fill("#achieved", "Aus dem zweiten Fenster")
    other.get_by_role("button", name="Entwurf speichern").click()
    expect(other.locator(".kern-alert--success")).to_contain_text("Gespeichert")
    page.fill("#achieved", "Aus dem ersten Fenster")
    page.get_by_role("button", name="Entwurf speichern").click()
    expect(page.locator("#conflict-title")).to_be_visible()
    status = page.locator("#autosave-status")
    with own_clock(page):
        page.fill("#next_step", "Weitergeschrieben")
        page.clock.run_for(60_000)
        expect(status).to_contain_text("drücken Sie „Entwurf speichern“")
        other.reload()
        expect(other.locator("#achieved")).to_have_value("Aus dem zweiten Fenster")
        page.get_by_role("button", name="Entwurf speichern").click()
        expect(page.locator(".kern-alert--success")).to_contain_text("Gespeichert")
        other.reload()
        expect(other.locator("#next_step")).to_have_value("Weitergeschrieben")


def test_a_mended_error_goes_with_the_line_on_top(page: Page, site: Site) -> None:
    page.goto(f"/meldungen/{site.reports[5]}")
    page.get_by_role("radio", name="zurückgestellt").check()
    page.get_by_role("button", name="Meldung absenden").click()
    summary = page.locator("#error-summary")
    expect(summary).to_contain_text("Begründung")
    expect(page.locator("#reason")).to_have_attribute("aria-invalid", "true")
    page.fill("#reason", "Frau Muster ist krank.")
    expect(summary).to_contain_text("Die Angaben sind berichtigt", timeout=15_000)
    expect(page.locator("#reason-error")).to_have_count(0)
    expect(page.locator("#reason")).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-privacy=reason]")).to_contain_text("„Frau Muster“")
    assert violations(page) == []


def test_the_last_value_is_taken_over_at_once_and_a_tick_sets_today(page: Page, site: Site) -> None:
    page.goto(f"/meldungen/{site.reports[1]}")
    take = page.locator("button[name=uebernehmen][value=achieved]")
    page.fill("#achieved", "Etwas anderes")
    take.press("Enter")
    expect(page.locator("#achieved")).to_have_value(RUNNING.achieved)
    expect(page.locator("#achieved")).to_be_focused()
    expect(take).to_be_hidden()
    page.locator("#abschnitt-messung > summary").click()
    page.get_by_role("button", name="Weitere Zeile: Meilensteine").click()
    expect(page.locator("#milestones-1-title")).to_be_focused()
    page.check("#milestones-1-done")
    expect(page.locator("#milestones-1-done_on")).to_have_value(re.compile(r"^\d\d\.\d\d\.\d{4}$"))
    page.fill("#milestones-1-done_on", "")
    expect(page.locator("#milestones-1-done")).not_to_be_checked()


def test_the_length_of_a_text_is_said_only_near_the_limit(page: Page, site: Site) -> None:
    with own_clock(page):
        page.goto(f"/meldungen/{site.reports[0]}")
        note = page.locator("#length-note")
        page.fill("#achieved", "ä" * 100)
        page.clock.run_for(2_000)
        expect(note).to_be_empty()
        page.fill("#achieved", "ä" * 19_000)
        page.clock.run_for(2_000)
        expect(note).to_have_text("19.000 von 20.000 Zeichen")


@pytest.mark.parametrize("script", [True, False])
def test_only_what_matters_for_the_umsetzungsstand_is_asked(
    page: Page, chromium: Browser, site: Site, script: bool
) -> None:
    with chromium.new_context(
        base_url=site.address,
        java_script_enabled=script,
        storage_state=page.context.storage_state(),
    ) as context:
        form = context.new_page()
        form.goto(f"/meldungen/{site.reports[0]}")
        needed = form.locator("#reason").locator("xpath=..").locator("[data-needed]")
        form.locator("#abschnitt-begruendung > summary").click()
        expect(form.locator("#course")).to_be_visible()
        expect(needed).to_be_hidden()
        form.get_by_role("radio", name="zurückgestellt").check()
        expect(form.locator("#course")).to_be_hidden()
        expect(form.locator("#course-not-asked")).to_be_visible()
        expect(needed).to_be_visible()


def test_what_is_filled_wrong_or_mended_is_said_at_once(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/meldungen/{site.reports[5]}")
    box = page.locator(".report-bar").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 844
    page.get_by_role("radio", name="in Umsetzung").check()
    page.get_by_role("radio", name="kritisch").check()
    page.fill("#reason", "")
    needed = page.locator("#abschnitt-begruendung .report-needed")
    expect(needed.first).to_be_visible()
    page.fill("#reason", "Die Räume fehlen.")
    page.fill("#consequence", "Der Ausschuss möge Räume zuweisen.")
    for mark in needed.all():
        expect(mark).to_be_hidden()
    page.locator("#abschnitt-aufwand > summary").click()
    page.fill("#cost_actual", "viel")
    state = page.locator("#abschnitt-aufwand .report-section__state")
    expect(state).to_contain_text("1 zu prüfen", timeout=15_000)
    expect(state.locator("svg")).to_be_hidden()
    status = page.locator("#autosave-status")
    expect(status).to_have_text(
        re.compile(r"^1 Angabe noch nicht .*\. Alles andere ist gespeichert: \d\d:\d\d Uhr\.$")
    )
    page.fill("#cost_actual", "100")
    expect(state).to_have_text(re.compile(r"^\s*\d von 4 ausgefüllt$"), timeout=15_000)


def test_a_day_that_is_past_is_asked_about_until_another_is_typed(page: Page, site: Site) -> None:
    page.goto(f"/meldungen/{site.reports[4]}")
    asked = page.locator("#step-is-past")
    expect(asked).to_be_visible()
    take = page.locator("button[name=uebernehmen][value=next_step_on]")
    assert take.bounding_box() is None, "what is not offered leaves no hole"
    page.fill("#next_step_on", "15.3.2027")
    expect(asked).to_be_hidden()
    expect(take).to_be_visible()
    page.fill("#next_step_on", "01.09.2026")
    expect(asked).to_be_visible()
    expect(take).to_be_hidden()


def test_an_answer_lost_on_its_way_makes_nobody_a_second_writer(page: Page, site: Site) -> None:
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.goto(f"/meldungen/{site.reports[3]}")
    page.route("**/meldungen/*", lose_the_first)
    status = page.locator("#autosave-status")
    page.fill("#achieved", "Erster Satz.")
    expect(status).to_contain_text("Keine Verbindung", timeout=15_000)
    assert lost == [200]
    page.fill("#achieved", "Erster Satz. Zweiter Satz.")
    saved = re.compile(r"Gespeichert \d\d:\d\d Uhr\.$")
    expect(status).to_have_text(saved, timeout=20_000)
    page.reload()
    expect(page.locator("#achieved")).to_have_value("Erster Satz. Zweiter Satz.")


def test_a_button_pressed_twice_hands_in_once_and_the_back_button_shows_the_report(
    page: Page, site: Site
) -> None:
    page.goto(f"/meldungen/{site.reports[4]}")
    page.get_by_role("button", name="Meldung absenden").dblclick()
    page.wait_for_url("**/meldungen/")
    expect(page.locator(".kern-alert--success")).to_contain_text("ist abgegeben")
    page.go_back()
    page.reload()
    expect(page).to_have_url(re.compile(rf"/meldungen/{site.reports[4]}/ansehen$"))
    expect(page.get_by_text("Fassung 1: abgegeben")).to_be_visible()


def test_without_script_enter_saves_and_the_buttons_take_over_and_add_a_line(
    page: Page, chromium: Browser, site: Site
) -> None:
    with chromium.new_context(
        base_url=site.address, java_script_enabled=False, storage_state=page.context.storage_state()
    ) as context:
        form = context.new_page()
        form.goto(f"/meldungen/{site.reports[0]}")
        form.fill("#achieved", "Etwas anderes")
        form.press("#next_step_on", "Enter")
        told = form.locator(".kern-alert--success")
        expect(told).to_contain_text("Gespeichert")
        expect(told).not_to_contain_text("übernommen")
        expect(form.locator("#achieved")).to_have_value("Etwas anderes")
        form.locator("button[name=uebernehmen][value=achieved]").click()
        expect(told).to_contain_text("übernommen: Was wurde erreicht?")
        expect(form.locator("#achieved")).to_have_value(RUNNING.achieved)
        form.locator("#abschnitt-aufwand > summary").click()
        form.fill("#funding-0-donor", "Land NRW")
        form.get_by_role("button", name="Weitere Zeile: Fördermittel").click()
        expect(form.locator("#funding-1-donor")).to_be_visible()
        expect(form.locator("#funding-0-donor")).to_have_value("Land NRW")
