"""The pages of the settings: overview, a group, preview, planned values, history, logo."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from sqlalchemy import Connection
from sqlmodel import Session, select

from tests.application import application
from tests.instance.pictures import png
from tests.pages import SETTINGS, Browser, Clock
from tracker.core.models import SettingValue
from tracker.core.settings import SettingGroup

OFFICE = {
    "instance_name": "Integrationskonzept-Controlling",
    "city": "Stadt Musterstadt",
    "office_name": "Fachdienst Integration",
    "office_short": "Fachdienst",
    "office_article": "der",
    "contact_email": "integration@musterstadt.example",
    "valid_from": "2026-10-05",
}

IN_BUILT_IN_TEXTS = {
    "privacy_authority": "der Aufsicht",
    "accessibility_law": "die Gesetze",
    "accessibility_ombuds": "die Ombudsstelle",
}


def test_the_overview_shows_what_holds_and_where_it_comes_from(coordination: Browser) -> None:
    page = coordination.get("/einstellungen/").visible
    assert "E-Mail-Adresse der Stelle ki@stadt.example Umgebung (CONTACT_EMAIL)" in page
    assert "Abgabefrist: Tag des Monats 15 Vorgabe" in page
    assert "DATABASE_URL" in page
    assert SETTINGS.secret_key not in page


@pytest.mark.parametrize("group", list(SettingGroup))
def test_every_group_has_its_page(coordination: Browser, group: SettingGroup) -> None:
    page = coordination.get(f"/einstellungen/{group.value}")
    assert "Gilt ab" in page.visible
    assert "noch nichts geändert" in page.visible


def test_an_unknown_group_is_an_unknown_page(coordination: Browser) -> None:
    coordination.get("/einstellungen/gibt-es-nicht", 404)


def test_a_preview_shows_what_was_typed_and_saves_nothing(
    coordination: Browser, session: Session
) -> None:
    page = coordination.post("/einstellungen/stelle", OFFICE | {"schritt": "vorschau"})
    assert "Vorschau: so würde es aussehen" in page.visible
    assert "Der Fachdienst prüft die Meldung." in page.visible
    assert 'value="Stadt Musterstadt"' in page.text
    assert session.exec(select(SettingValue)).all() == []


def test_names_hold_at_once_everywhere_and_stand_in_history_and_log(
    coordination: Browser, nobody: Browser
) -> None:
    assert coordination.send("/einstellungen/stelle", OFFICE).status_code == 303
    page = coordination.get("/einstellungen/stelle").visible
    assert "Gespeichert, gültig ab 05.10.2026" in page
    assert re.search(
        r"Kommune 05.10.2026 gilt heute Stadt \w+ Stadt Musterstadt Person coord", page
    )
    start = nobody.get("/").visible
    assert "Stadt Musterstadt · Fachdienst Integration" in start
    assert "integration@musterstadt.example" in start
    log = coordination.get("/protokoll/?art=setting_value").visible
    assert "Einstellung „Kommune“" in log
    assert "Stadt Musterstadt" in log
    overview = coordination.get("/einstellungen/").visible
    assert "Stadt Musterstadt seit 05.10.2026" in overview


def test_districts_are_one_to_a_line_and_stand_as_a_list_in_preview_and_history(
    coordination: Browser,
) -> None:
    typed = OFFICE | {"districts": "Nord\r\n\r\nBad Süd"}
    page = coordination.post("/einstellungen/stelle", typed | {"schritt": "vorschau"})
    assert "Stadtbezirk in der Meldung gesamtes Stadtgebiet, Nord und Bad Süd" in page.visible
    refused = coordination.post(
        "/einstellungen/stelle", OFFICE | {"districts": "Nord\r\nnord"}, status=422
    )
    assert "„nord“ ist von „Nord“ nicht zu unterscheiden" in refused.visible
    assert coordination.send("/einstellungen/stelle", typed).status_code == 303
    page = coordination.get("/einstellungen/stelle")
    assert re.search(
        r"Stadtbezirke 05.10.2026 gilt heute Mitte, .* Nord, Bad Süd Person", page.visible
    )
    assert "Nord\n\nBad Süd</textarea>" in page.text.replace("\r", "")
    assert "Stadtbezirke Nord, Bad Süd" in coordination.get("/einstellungen/").visible


def test_a_planned_value_is_seen_taken_back_and_holds_from_its_day(
    coordination: Browser, nobody: Browser, clock: Clock, session: Session
) -> None:
    coordination.send("/einstellungen/gremium", committee("Hauptausschuss", "2026-10-07"))
    page = coordination.get("/einstellungen/gremium")
    assert "Geplant ab 07.10.2026" in page.visible
    assert "Ab 07.10.2026: Name des Ausschusses" in coordination.get("/einstellungen/").visible
    assert "Hauptausschuss" not in nobody.get("/").visible
    [value_id] = set(re.findall(r"/einstellungen/wert/(\d+)/zuruecknehmen", page.text))
    response = coordination.send(f"/einstellungen/wert/{value_id}/zuruecknehmen")
    assert response.status_code == 303
    page = coordination.get("/einstellungen/gremium")
    assert "Zurückgenommen: Name des Ausschusses" in page.visible
    assert "zuruecknehmen" not in page.text
    coordination.post(f"/einstellungen/wert/{value_id}/zuruecknehmen", status=409)
    coordination.send("/einstellungen/gremium", committee("Sozialausschuss", "2026-10-06"))
    clock.forward(days=1)
    assert "Sozialausschuss" in nobody.get("/").visible


def test_what_nobody_changed_is_not_planned_again(coordination: Browser) -> None:
    """A form shows the values of today: those left as they are do not undo what is planned."""
    coordination.send("/einstellungen/gremium", committee("Hauptausschuss", "2026-10-07"))
    typed = committee(SETTINGS.committee_name, "2026-10-09") | {"committee_short": "HA"}
    coordination.send("/einstellungen/gremium", typed)
    page = coordination.get("/einstellungen/").visible
    assert "Ab 07.10.2026: Name des Ausschusses" in page
    assert "Ab 09.10.2026: Kurzname des Ausschusses" in page
    assert "Ab 09.10.2026: Name des Ausschusses" not in page
    coordination.send("/einstellungen/gremium", typed | {"committee_short": "HBA"})
    assert "Geändert wurde nichts" in coordination.get("/einstellungen/gremium").visible


def committee(name: str, day: str) -> dict[str, str]:
    return {"committee_name": name, "committee_short": SETTINGS.committee_short, "valid_from": day}


@pytest.mark.parametrize("step", [{}, {"schritt": "vorschau"}])
def test_what_is_wrong_is_said_at_its_field_and_stays(
    coordination: Browser, step: dict[str, str]
) -> None:
    data = {"rhythm": "quarter", "due_day": "45", "resubmit_days": "", "region": "NW"}
    page = coordination.post("/einstellungen/runden", data | {"valid_from": "bald"} | step, 422)
    assert "Bitte prüfen Sie 3 Angaben" in page.visible
    assert "Erwartet wird eine Zahl zwischen 1 und 31, gefunden 45." in page.visible
    assert "„bald“ ist kein Tag" in page.visible
    assert 'value="45"' in page.text
    assert 'value="bald"' in page.text


def test_days_of_reminders_are_shown_before_they_hold(coordination: Browser) -> None:
    data = {"reminder_days": "-3, 1", "escalation_days": "5", "mail_hour": "8"}
    data |= {"digest_weekday": "0", "valid_from": "2026-10-05", "schritt": "vorschau"}
    page = coordination.post("/einstellungen/erinnerungen", data).visible
    assert "Dienstag, 12. Januar 2027, ab 8 Uhr" in page
    assert "Samstag, 16. Januar 2027, ab 8 Uhr" in page
    assert "Wochenüberblick keiner" in page


def test_saying_the_same_again_changes_nothing(coordination: Browser, session: Session) -> None:
    coordination.send("/einstellungen/gremium", committee(SETTINGS.committee_name, "2026-10-05"))
    assert "Geändert wurde nichts" in coordination.get("/einstellungen/gremium").visible
    assert session.exec(select(SettingValue)).all() == []


@pytest.mark.parametrize(
    ("group", "name", "path"),
    [
        ("impressum", "imprint", "/impressum"),
        ("datenschutz", "privacy", "/datenschutz"),
        ("barrierefreiheit", "accessibility", "/barrierefreiheit"),
        ("leichte-sprache", "easy_language", "/leichte-sprache"),
    ],
)
def test_a_text_takes_the_place_of_the_built_in_one(
    coordination: Browser, nobody: Browser, group: str, name: str, path: str
) -> None:
    nobody.get(path, 404 if name == "easy_language" else 200)
    text = "## Eigene Überschrift\n\nEin Satz mit <b>Zeichen</b>.\n\n- Siehe https://stadt.example/"
    data = IN_BUILT_IN_TEXTS | {
        name: text,
        f"{name}_review_on": "2026-10-06",
        "valid_from": "2026-10-05",
    }
    coordination.send(f"/einstellungen/{group}", data)
    page = nobody.get(path)
    assert "<h2" in page.text
    assert "Eigene Überschrift" in page.visible
    assert "&lt;b&gt;Zeichen&lt;/b&gt;" in page.text
    assert 'href="https://stadt.example/"' in page.text
    assert "Texte sind wieder zu prüfen" not in coordination.get("/einstellungen/").visible


def test_the_way_to_report_a_barrier_stays_under_every_text(
    coordination: Browser, nobody: Browser
) -> None:
    data = IN_BUILT_IN_TEXTS | {"accessibility": "Eigener Text", "valid_from": "2026-10-05"}
    coordination.send("/einstellungen/barrierefreiheit", data)
    page = nobody.get("/barrierefreiheit")
    assert "Eigener Text" in page.visible
    assert 'href="/barriere-melden"' in page.text


def test_a_text_whose_day_has_come_is_named(coordination: Browser) -> None:
    data = {"imprint": "", "imprint_review_on": "2026-10-05", "valid_from": "2026-10-05"}
    coordination.send("/einstellungen/impressum", data)
    page = coordination.get("/einstellungen/")
    assert "Impressum: Prüftag war der 05.10.2026." in page.visible
    assert 'href="/einstellungen/impressum"' in page.text


def test_a_logo_stands_in_the_head_of_every_page_until_it_is_taken_away(
    coordination: Browser, nobody: Browser
) -> None:
    sent = {"logo": (io.BytesIO(png()), "logo.png"), "valid_from": "2026-10-05"}
    assert coordination.send("/einstellungen/logo", sent).status_code == 303
    found = re.search(r'src="(/logo/[0-9a-f]{16}\.png)"', nobody.get("/impressum").text)
    assert found
    picture = nobody.client.get(found[1])
    assert picture.mimetype == "image/png"
    assert "immutable" in picture.headers["Cache-Control"]
    assert nobody.client.get("/logo/0123456789abcdef.png").status_code == 404
    page = coordination.get("/einstellungen/logo")
    [value_id] = set(re.findall(r"/einstellungen/bild/(\d+)", page.text))
    assert coordination.client.get(f"/einstellungen/bild/{value_id}").data == picture.data
    assert "iVBOR" not in coordination.get("/protokoll/").text
    coordination.send("/einstellungen/logo", {"remove": "y", "valid_from": "2026-10-05"})
    assert "/logo/" not in nobody.get("/impressum").text
    coordination.get("/einstellungen/bild/999", 404)


@pytest.mark.parametrize("content", [b"", b"<svg onload='alert(1)'/>"])
def test_another_file_is_refused(coordination: Browser, content: bytes) -> None:
    sent = {"logo": (io.BytesIO(content), "logo.svg"), "valid_from": "2026-10-05"}
    page = coordination.post("/einstellungen/logo", sent, 422)
    assert "kein vollständiges PNG-Bild" in page.visible


def test_what_the_environment_said_goes_on(connection: Connection, clock: Clock) -> None:
    app = application(replace(SETTINGS, city="Stadt Andernorts"), connection, clock)
    assert "Stadt Andernorts" in Browser(app).get("/impressum").visible
