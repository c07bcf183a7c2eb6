"""What the Kommunales Integrationszentrum does in the journey, page by page."""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from tests.e2e.person import Person
from tracker.core.periods import Period

LEAD = "Volkshochschule Bielefeld (VHS)"
PARTNER = "BAMF"
TOGETHER = ("1.1", "1.2", "2.1", "2.2")
SINGLY = "3.3"
SINGLY_LINK = re.compile(rf"^{re.escape(SINGLY)}: ")


def assign_several_measures(ki: Person) -> None:
    """Give four measures a lead in one step; the list of measures without lead gets shorter."""
    ki.open("/zustaendigkeiten/?ohne=1")
    ki.sees("57 von 57 Maßnahmen haben noch keine federführende Institution.")
    choices = ki.page.get_by_role("checkbox", name="auswählen")
    expect(choices).to_have_count(57)
    for code in TOGETHER:
        ki.page.get_by_label(f"Maßnahme {code} auswählen", exact=True).check()
    ki.page.get_by_role("combobox", name="Institution").select_option(label=LEAD)
    ki.press("Zuständigkeit eintragen")
    ki.sees("Geänderte Maßnahmen: 4.")
    ki.sees("53 von 57 Maßnahmen haben noch keine federführende Institution.")
    expect(choices).to_have_count(53)


def assign_one_measure_with_a_partner(ki: Person, *, today: date) -> None:
    """Give one measure a lead, and a partner from one day to another."""
    ki.follow(SINGLY_LINK)
    ki.page.get_by_role("combobox", name="Institution").select_option(label=LEAD)
    ki.press("Zuständigkeit eintragen")
    institutions = ki.page.get_by_role("combobox", name="Institution").locator("option")
    partner = institutions.filter(has_text=PARTNER).inner_text()
    ki.page.get_by_role("combobox", name="Institution").select_option(label=partner)
    ki.page.get_by_label("beteiligt").check()
    ki.page.get_by_label("Ab", exact=True).fill(today.isoformat())
    ends = today + timedelta(days=365)
    ki.page.get_by_label("Bis (letzter Tag)").fill(ends.isoformat())
    ki.press("Zuständigkeit eintragen")
    row = ki.page.get_by_role("row").filter(has_text=partner)
    for text in ("beteiligt", f"{today:%d.%m.%Y}", f"{ends:%d.%m.%Y}"):
        expect(row.get_by_role("cell", name=text, exact=True)).to_have_count(1)
    ki.open("/zustaendigkeiten/?ohne=1")
    ki.sees("52 von 57 Maßnahmen haben noch keine federführende Institution.")
    expect(ki.page.get_by_role("link", name=SINGLY_LINK)).to_have_count(0)


def invite(ki: Person, *, name: str, email: str, function: str) -> str:
    """Invite somebody of the lead institution; returns the path of the single-use link."""
    ki.open("/konten")
    ki.follow("Person einladen")
    ki.page.get_by_label("Name").fill(name)
    ki.page.get_by_label("Dienstliche E-Mail-Adresse").fill(email)
    ki.page.get_by_label(function).check()
    ki.page.get_by_role("combobox", name="Institution").select_option(label=LEAD)
    ki.press("Konto anlegen und einladen")
    link = ki.page.get_by_label("Link zum Kopieren").input_value()
    return link[link.index("/einladung/") :]


def plan_and_open(ki: Person, period: Period, *, due_on: date, committee_on: date) -> None:
    """Plan a round and open it: one report for each measure with a lead."""
    ki.open("/runden/")
    ki.page.get_by_label("Zeitraum").select_option(period.key)
    ki.page.get_by_label("Abgabefrist").fill(due_on.isoformat())
    ki.page.get_by_label("Sitzung des Ausschusses").fill(committee_on.isoformat())
    ki.press("Runde planen")
    ki.follow("Runde eröffnen")
    ki.sees("5 Meldungen werden angefordert")
    ki.press("Runde eröffnen")
    ki.sees("Die Runde ist eröffnet. Angeforderte Meldungen: 5.")
    ki.sees("0 von 5")


def open_report(ki: Person, code: str) -> None:
    """Go from the queue to the report of a measure."""
    ki.open("/pruefung/")
    row = ki.page.get_by_role("row").filter(has=ki.page.get_by_role("cell", name=code, exact=True))
    ki.open(row.get_by_role("link").get_attribute("href") or "")
    ki.sees(f"Meldung zu {code}")


def accept(ki: Person, code: str, *following: str) -> None:
    """Accept a report as it is, and then those that the page goes on to."""
    open_report(ki, code)
    for _ in following:
        ki.press("Meldung annehmen")
        ki.sees("Die Meldung ist angenommen. Hier ist die nächste.")
    ki.press("Meldung annehmen")
    ki.sees("Die Meldung ist angenommen.")


def give_back(ki: Person, code: str, comment: str) -> None:
    """Return a report; without a question this is refused."""
    open_report(ki, code)
    ki.press("Meldung zurückgeben", status=422)
    ki.sees("Bitte schreiben Sie, was zu klären ist.")
    ki.page.get_by_label("Was ist zu klären?").fill(comment)
    ki.press("Meldung zurückgeben")
    ki.sees("Die Meldung ist mit Ihrer Rückfrage zurückgegeben.")


def accept_with_another_value(
    ki: Person, code: str, *, implementation: str, course: str, reason: str
) -> None:
    """Accept a report with another Umsetzungsstand than the institution's."""
    open_report(ki, code)
    ki.page.get_by_text("Mit anderem Wert annehmen").click()
    ki.page.get_by_label("Festgestellter Umsetzungsstand").select_option(label=implementation)
    ki.page.get_by_label("Festgestellter Verlauf").select_option(label=course)
    ki.page.get_by_label("Begründung der Feststellung").fill(reason)
    ki.press("Mit diesem Wert annehmen")
    ki.sees("Die Meldung ist mit dem festgestellten Wert angenommen.")


def close(ki: Person, period: Period) -> None:
    """Close a round."""
    ki.open(f"/runden/{period.key}")
    ki.follow("Runde schließen")
    ki.press("Runde schließen")
    ki.sees("Die Runde ist geschlossen.")


def cannot_publish_yet(ki: Person, period: Period, *, waiting: str) -> None:
    """See that a report waits; sending the form all the same is refused and names the measure."""
    ki.open(f"/runden/{period.key}")
    ki.follow("Runde veröffentlichen")
    ki.sees("Vorher noch zu prüfen: 1 Meldung")
    expect(ki.page.get_by_role("button", name="Runde veröffentlichen")).to_have_count(0)
    assert ki.send("form[action$='/schritt/veroeffentlichen']") == 409
    ki.sees(f"noch nicht geprüft (Maßnahme {waiting})")


def publish(ki: Person, period: Period) -> None:
    """Publish a round and go to its Überblick."""
    ki.open(f"/runden/{period.key}")
    ki.follow("Runde veröffentlichen")
    ki.press("Runde veröffentlichen")
    ki.sees("Die Runde ist veröffentlicht: Fassung 1")
    ki.follow(re.compile(r"dieser Runde$"))
    ki.sees(f"Überblick: {period.long_label}")
