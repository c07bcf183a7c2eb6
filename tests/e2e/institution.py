"""What an institution does in the journey: benannte Vertretung and Mitarbeitende."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, expect

from tests.e2e.instance import PASSWORD
from tests.e2e.person import Person

SAVED = re.compile(r"Gespeichert \d\d:\d\d Uhr")


def accept_invitation(person: Person, link: str, email: str) -> None:
    """Choose a password by the single-use link and sign in; the link does not work again."""
    person.open(link)
    person.page.get_by_label("Neues Kennwort").fill(PASSWORD)
    person.press("Kennwort speichern")
    person.sign_in(email)
    person.sees("Sie haben noch")
    person.open(link, status=404)
    person.sees("Dieser Einladungslink gilt nicht mehr")


def row_of(person: Person, code: str) -> Locator:
    """Return the row of a measure in "Meine Maßnahmen"."""
    measures = person.page.locator(".my-measure")
    return measures.filter(has=person.page.locator(".code").get_by_text(code, exact=True))


def begin(person: Person, code: str) -> None:
    """Go from "Meine Maßnahmen" to the form of a measure."""
    person.open("/meldungen/")
    link = row_of(person, code).get_by_role("link", name=re.compile("^Meldung "))
    with person.page.expect_navigation():
        link.click()
    person.look()
    person.sees(code)


def write(
    person: Person, *, implementation: str, course: str | None, texts: Mapping[str, str]
) -> None:
    """Choose Umsetzungsstand and Verlauf and fill in texts, by the keys of the fields."""
    person.page.check(f"#implementation-{implementation}")
    if course:
        person.page.check(f"#course-{course}")
    for name, text in texts.items():
        field = person.page.locator(f"#{name}")
        if not field.is_visible():
            person.page.locator("details", has=field).locator("summary").click()
        field.fill(text)


def wait_until_saved(person: Person) -> None:
    """Wait until the form has saved itself."""
    expect(person.page.locator("#autosave-status")).to_have_text(SAVED, timeout=15_000)


def submit(person: Person, code: str) -> None:
    """Send the open form; the list says that it is done."""
    person.press("Meldung absenden")
    person.sees(f"Ihre Meldung zu {code} ist abgegeben.")
    expect(row_of(person, code)).to_contain_text("abgegeben")


def submit_endangered(person: Person, code: str, *, achieved: str, texts: dict[str, str]) -> None:
    """Report "gefährdet": the reason is asked for, a first try without it loses nothing."""
    begin(person, code)
    expect(person.page.locator("#reason")).to_be_hidden()
    write(person, implementation="in_progress", course="at_risk", texts={"achieved": achieved})
    expect(person.page.locator("#reason")).to_be_visible()
    person.press("Meldung absenden", status=422)
    summary = person.page.get_by_role("alert")
    expect(summary).to_contain_text("Begründung")
    expect(summary).to_contain_text("Steuerungsvorschlag")
    expect(person.page.locator("#achieved")).to_have_value(achieved)
    expect(person.page.locator("#course-at_risk")).to_be_checked()
    write(person, implementation="in_progress", course="at_risk", texts=texts)
    submit(person, code)


def draft_only(staff: Person, code: str, *, texts: Mapping[str, str]) -> None:
    """Draft as Mitarbeitende: there is no button to submit, and submitting is refused."""
    begin(staff, code)
    write(staff, implementation="established", course="on_track", texts=texts)
    wait_until_saved(staff)
    expect(staff.page.get_by_role("button", name="Meldung absenden")).to_have_count(0)
    staff.sees("Absenden kann die benannte Vertretung Ihrer Institution.")
    assert staff.send("#report-form", to="/absenden") == 403
    for name, text in texts.items():
        expect(staff.page.locator(f"#{name}")).to_have_value(text)


def dissent(person: Person, code: str, text: str) -> None:
    """Attach an abweichende Stellungnahme to the value that the KI has set."""
    person.open("/meldungen/")
    link = row_of(person, code).get_by_role("link", name="Meldung ansehen")
    person.open(link.get_attribute("href") or "")
    person.sees("Festgestellt vom Integrationszentrum")
    person.page.get_by_text("Sie sehen das anders?").click()
    person.page.get_by_label("Abweichende Stellungnahme", exact=True).fill(text)
    person.press("Stellungnahme speichern")
    person.sees("Ihre Stellungnahme ist gespeichert.")
    person.sees(text)


def confirm_unchanged(person: Person, code: str) -> None:
    """Confirm a measure as it was."""
    row = row_of(person, code)
    row.get_by_text("Unverändert bestätigen").click()
    expect(row).to_contain_text("Sie bestätigen für das")
    with person.page.expect_navigation():
        row.get_by_role("button", name="Jetzt bestätigen und absenden").click()
    person.look()
    person.sees(f"Ihre Meldung zu {code} ist unverändert bestätigt und abgegeben.")
