"""Concept, institutions, audit log and downloads in the browser, on both databases."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import Session, select

from tests.bielefeld import BIELEFELD
from tests.conftest import one_database
from tests.coordination_world import Desk
from tests.coordination_world import desk as make_desk
from tests.pages import Browser, Clock
from tracker.concept.models import (
    EditorialNote,
    Entry,
    EntryKind,
    Indicator,
    IndicatorKind,
    MeasureKind,
    Responsibility,
)
from tracker.papers.writers import font_coverage
from tracker.publication.actions import publication
from tracker.publication.models import Snapshot
from tracker.publication.queries.publication_facts import instance_of
from tracker.reporting.rounds.actions import rounds


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    """The KI at work."""
    return make_desk(session, app, clock)


EDIT = {
    "display_text": "Berichtigter Text",
    "competence": "shared",
    "competence_reason": "Land und Stadt",
    "short_term": "yes",
    "concretisation": "Zwei Kurse",
    "concretisation_office": "Amt für Schule",
    "concretisation_on": "2026-09-01",
    "municipal_funding": "1.250,50",
    "municipal_funding_period": "jährlich",
}


def test_a_number_that_is_none_does_not_hide_that_the_reason_is_missing(desk: Desk) -> None:
    faults = {"competence_reason": "", "municipal_funding": "viel"}
    page = desk.ki.post("/konzept/massnahme/1.1/bearbeiten", EDIT | faults, status=422)
    assert "Bitte prüfen Sie 2 Angaben" in page.visible


def test_the_page_of_a_measure_names_the_lead_that_follows(desk: Desk) -> None:
    world = desk.world
    present = world.session.exec(
        select(Responsibility).where(Responsibility.measure_id == world.measures[0].id)
    ).one()
    other = world.institution("jugendamt", "Jugendamt")
    present.valid_to = date(2026, 12, 31)
    follows = present.model_dump(exclude={"id"}) | {
        "institution_id": other.id,
        "valid_from": date(2027, 1, 1),
        "valid_to": None,
    }
    world.session.add(Responsibility(**follows))
    world.session.commit()
    page = desk.ki.get("/konzept/massnahme/1.1").visible
    assert "bis 31.12.2026" in page
    assert f"{other.name} (federführend) ab 01.01.2027" in page


def test_everybody_reads_the_concept_and_only_the_ki_edits(desk: Desk) -> None:
    world = desk.world
    world.session.add(
        EditorialNote(edition_measure_id=world.wordings[0].id, position=1, text="Tippfehler")
    )
    for actor in (world.representative, world.committee):
        browser = desk.browser(actor)
        assert "Tippfehler" in browser.get("/konzept/").visible
        page = browser.get("/konzept/massnahme/1.1")
        assert "bearbeiten" not in page.visible
        assert "nicht bekannt" in page.visible
        assert 'href="/dashboards/massnahme/1.1"' in page.text
        goal = browser.get("/konzept/ziel/1")
        assert "Anlage 2" in goal.visible
        assert 'href="/dashboards/ziel/1"' in goal.text
        for measure in world.wordings:
            linked = f'href="/konzept/massnahme/{measure.code}"' in goal.text
            assert linked == measure.code.startswith("1.")
        browser.post("/konzept/massnahme/1.1/bearbeiten", EDIT, status=403)
    assert "Maßnahme bearbeiten" in desk.ki.get("/konzept/massnahme/1.1").visible


def test_the_unit_of_a_condition_stands_where_it_is_spoken(desk: Desk) -> None:
    measure = desk.world.measures[0]
    desk.world.session.add(
        Indicator(
            concept_id=measure.concept_id,
            measure_id=measure.id,
            key="1.1-ab",
            name="Beratung",
            kind=IndicatorKind.CONDITION,
            target=Decimal(8),
            operator=">=",
            unit="Jahrgang",
            per_year=False,
        )
    )
    desk.world.session.commit()
    page = desk.ki.get("/konzept/massnahme/1.1")
    assert "Beratung: Bedingung: ab Jahrgang 8" in page.visible


def test_an_edit_is_shown_beside_the_unchanged_wording(desk: Desk) -> None:
    assert desk.ki.send("/konzept/massnahme/1.1/bearbeiten", EDIT).status_code == 302
    page = desk.ki.get("/konzept/massnahme/1.1")
    for text in ("Berichtigter Text", "Maßnahme 1.1", "geteilte", "1.250,50", "Zwei Kurse"):
        assert text in page.visible
    assert 'value="1.250,50"' in desk.ki.get("/konzept/massnahme/1.1/bearbeiten").text
    desk.ki.send("/konzept/massnahme/1.1/bearbeiten", EDIT)
    assert "nichts geändert" in desk.ki.get("/konzept/massnahme/1.1").visible


def test_the_second_of_two_edits_is_refused_with_both_values(desk: Desk) -> None:
    path = "/konzept/massnahme/1.1/bearbeiten"
    shown = re.search(r'name="seen" value="(\w+)"', desk.ki.get(path).text)
    assert shown
    mine = EDIT | {"seen": shown[1]}
    theirs = mine | {"concretisation": "Drei Kurse", "short_term": "no"}
    other = desk.browser(desk.world.second_coordination)
    assert other.send(path, theirs).status_code == 302
    page = desk.ki.post(path, mine, status=409)
    assert "jemand anderes diese Maßnahme gespeichert" in page.visible
    compared = page.text.partition("</table>")[0]
    for text in ("Zwei Kurse", "Drei Kurse", ">ja<", ">nein<"):
        assert text in compared
    assert "Anzeigetext" not in compared
    assert "Drei Kurse" in desk.ki.get("/konzept/massnahme/1.1").visible
    again = re.search(r'name="seen" value="(\w+)"', page.text)
    assert again
    assert again[1] != shown[1]
    assert desk.ki.send(path, mine | {"seen": again[1]}).status_code == 302
    assert "Zwei Kurse" in desk.ki.get("/konzept/massnahme/1.1").visible


@one_database
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"display_text": " "}, "Bitte füllen Sie dieses Feld aus"),
        ({"municipal_funding": "viel"}, "„viel“ ist keine Zahl"),
        ({"municipal_funding": "48,005"}, "Sind 48.005 Euro gemeint?"),
        ({"municipal_funding": "12,500"}, "Sind 12.500 Euro gemeint?"),
        ({"concretisation_on": "2030-01-01"}, "liegt in der Zukunft"),
        ({"municipal_funding": "-5"}, "zwischen 0 und"),
        ({"competence_reason": ""}, "Begründung"),
        ({"competence": "federal"}, "Handlungskompetenz"),
        ({"concretisation": "ä" * 100_000}, "Zeichen, möglich sind"),
        ({"retired_on": "bald"}, "Beendet ab"),
    ],
)
def test_a_wrong_value_keeps_everything_typed(
    desk: Desk, changes: dict[str, str], message: str
) -> None:
    page = desk.ki.post("/konzept/massnahme/1.1/bearbeiten", EDIT | changes, status=422)
    assert message in page.visible
    assert "Land und Stadt" in page.text or "competence_reason" in changes
    assert changes.get("concretisation", "Zwei Kurse") in page.text
    assert "Maßnahme 1.1" in desk.ki.get("/konzept/massnahme/1.1").visible


@one_database
@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"municipal_funding": "48,005"}, "municipal_funding", "höchstens zwei Stellen"),
        ({"concretisation_on": "2030-01-01"}, "concretisation_on", "Der 01.01.2030 liegt in"),
        ({"retired_on": "2026-06-30"}, "retired_on", "liegt vor dem 01.07.2026, dem Anfang"),
        ({"concretisation": "Zwei\x07 Kurse"}, "concretisation", "unsichtbare Steuerzeichen"),
    ],
)
def test_what_is_wrong_with_a_value_stands_at_its_field(
    desk: Desk, changes: dict[str, str], field: str, message: str
) -> None:
    desk.opened("2026-Q3")
    page = desk.ki.post("/konzept/massnahme/1.1/bearbeiten", EDIT | changes, status=422)
    assert message in page.text.partition(f'id="{field}-error"')[2].partition("</p>")[0]
    assert "\x07" not in page.text


def test_a_goal_gets_its_concretisation(desk: Desk) -> None:
    fields = {"concretisation": "Bis 2027", "concretisation_office": "Schulamt"}
    desk.ki.send("/konzept/ziel/2/bearbeiten", fields)
    page = desk.ki.get("/konzept/ziel/2")
    assert "Bis 2027" in page.visible
    too_long = {"concretisation_office": "x" * 201}
    desk.ki.post("/konzept/ziel/2/bearbeiten", too_long, status=422)
    desk.ki.get("/konzept/ziel/99", 404)
    desk.ki.get("/konzept/massnahme/9.9", 404)


EDIT_PAGE = "/konzept/massnahme/1.1/bearbeiten"


def test_a_value_is_entered_for_a_day_and_its_history_is_shown(desk: Desk) -> None:
    form = desk.ki.get(EDIT_PAGE)
    assert 'name="valid_from" type="date" value="2026-10-05"' in form.text
    early, planned = "2026-09-30", "2027-01-01"
    assert desk.ki.send(EDIT_PAGE, EDIT | {"valid_from": early}).status_code == 302
    more = EDIT | {"municipal_funding": "99", "valid_from": planned}
    assert desk.ki.send(EDIT_PAGE, more).status_code == 302
    page = desk.browser(desk.world.committee).get("/konzept/massnahme/1.1")
    assert "Sie gelten ab" not in page.visible
    settled, _, history = page.text.partition("Verlauf der Festlegungen</h2>")
    assert "1.250,50" in settled
    assert "99,00" not in settled
    for text in ("99,00", "geplant", "01.01.2027", "30.09.2026", "nicht bekannt", "05.10.2026"):
        assert text in history
    assert "Sie gelten ab 01.01.2027" in desk.ki.get("/konzept/massnahme/1.1").visible
    change = f'href="{EDIT_PAGE}?tag={planned}"'
    assert change not in history
    assert change in desk.ki.get("/konzept/massnahme/1.1").text
    assert 'value="99"' in desk.ki.get(f"{EDIT_PAGE}?tag={planned}").text
    then = desk.ki.get("/konzept/massnahme/1.1?tag=2027-01-01")
    assert "Stand vom 01.01.2027" in then.visible
    assert "99,00" in then.text.partition("Verlauf der Festlegungen</h2>")[0]
    assert "Ab: 01.01.2027" in desk.ki.get("/protokoll/?art=measure").visible


def test_the_form_names_the_round_that_takes_an_earlier_day(desk: Desk) -> None:
    assert "noch nicht veröffentlicht" not in desk.ki.get(EDIT_PAGE).visible
    desk.opened("2026-Q3")
    for path in (EDIT_PAGE, "/konzept/ziel/1/bearbeiten"):
        page = desk.ki.get(path)
        assert (
            "Q3/2026 ist noch nicht veröffentlicht und nimmt, was am Stichtag 30.09.2026"
            in page.visible
        )
        assert 'href="?tag=2026-09-30"' in page.text
    page = desk.ki.get(f"{EDIT_PAGE}?tag=2026-09-30")
    assert "Sie bearbeiten den Stand vom 30.09.2026" in page.visible
    assert 'name="valid_from" type="date" value="2026-09-30"' in page.text
    values = {"concretisation": "Bis 2027", "valid_from": "2026-09-30"}
    desk.ki.send("/konzept/ziel/1/bearbeiten", values)
    before = desk.ki.get("/konzept/ziel/1?tag=2026-09-29").text
    assert "Bis 2027" not in before.partition("Verlauf der Festlegungen</h2>")[0]
    assert "Bis 2027" in desk.ki.get("/konzept/ziel/1?tag=2026-09-30").visible


@one_database
@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"valid_from": "2019-12-31"}, "valid_from", "Vor dem 01.01.2020 gilt noch keine Fassung"),
        ({"valid_from": "bald"}, "valid_from", "„bald“ ist kein Tag"),
        ({"weight": "0"}, "weight", "Zahl über 0 und bis 1.000"),
        ({"weight": "viel"}, "weight", "„viel“ ist keine Zahl"),
        ({"weight": "4 €"}, "weight", "nicht die Einheit dieses Feldes"),
    ],
)
def test_a_wrong_day_or_weight_keeps_everything_typed(
    desk: Desk, changes: dict[str, str], field: str, message: str
) -> None:
    page = desk.ki.post(EDIT_PAGE, EDIT | changes, status=422)
    assert message in page.text.partition(f'id="{field}-error"')[2].partition("</p>")[0]
    assert f'value="{changes[field]}"' in page.text
    assert "Land und Stadt" in page.text
    typed = {"concretisation": "Bis 2027", "valid_from": "2019-12-31"}
    page = desk.ki.post("/konzept/ziel/1/bearbeiten", typed, status=422)
    assert "Bis 2027" in page.text
    assert 'value="2019-12-31"' in page.text


def test_a_target_is_changed_from_a_day(desk: Desk) -> None:
    for number in (0, 1):
        desk.world.session.add(
            Indicator(
                concept_id=desk.world.concept_id,
                measure_id=desk.world.measures[number].id or 0,
                key=f"abende-{number}",
                name="Elternabende",
                kind=IndicatorKind.TARGET,
                operator=">=",
                target=Decimal(4),
                unit="Abende",
            )
        )
    desk.world.session.commit()
    path = "/konzept/massnahme/1.1/kennzahl/abende-0"
    assert path in desk.ki.get("/konzept/massnahme/1.1").text
    assert path not in desk.browser(desk.world.committee).get("/konzept/massnahme/1.1").text
    assert 'value="4"' in desk.ki.get(path).text
    wrong = {"target": "viele", "valid_from": "2027-01-01"}
    page = desk.ki.post(path, wrong, status=422)
    assert "„viele“ ist keine Zahl" in page.visible
    assert 'value="viele"' in page.text
    assert 'value="2027-01-01"' in page.text
    page = desk.ki.post(path, wrong | {"target": "4 €"}, status=422)
    assert "nicht die Einheit dieses Feldes" in page.visible
    page = desk.ki.post(path, {"target": "6", "valid_from": "2019-12-31"}, status=422)
    assert "gilt noch keine Fassung" in page.visible
    assert desk.ki.send(path, wrong | {"target": "6 Abende"}).status_code == 302
    page = desk.ki.get("/konzept/massnahme/1.1")
    assert "Zielwert: 4 Abende" in page.visible
    assert "Zielwert: Elternabende" in page.text.partition("Verlauf der Festlegungen</h2>")[2]
    assert "Zielwert: 6 Abende" in desk.ki.get("/konzept/massnahme/1.1?tag=2027-01-01").visible
    assert "Zielwert geändert" in desk.ki.get("/protokoll/?art=indicator").visible
    foreign = "/konzept/massnahme/1.1/kennzahl/abende-1"
    desk.ki.get(foreign, 404)
    desk.ki.post(foreign, {"target": "6"}, status=404)


def test_vorrangig_is_entered_and_never_assumed(desk: Desk) -> None:
    assert vorrangig(desk) == [("", "nicht eingetragen"), ("ja", "ja"), ("nein", "nein")]
    assert "Vorrangig (Ziff. 4) nicht eingetragen" in desk.ki.get("/konzept/massnahme/1.1").visible
    desk.world.wordings[0].prioritised = True  # as the files of a seed state it
    desk.world.session.commit()
    assert vorrangig(desk)[0] == ("", "laut Beschluss: ja")
    desk.ki.send(EDIT_PAGE, EDIT | {"prioritised": "ja"})
    entered = select(Entry.prioritised).where(Entry.kind == EntryKind.PRIORITISED)
    assert desk.world.session.exec(entered).all() == [True]
    assert vorrangig(desk) == [("ja", "ja"), ("nein", "nein")]


def vorrangig(desk: Desk) -> list[tuple[str, str]]:
    """What can be chosen, in order."""
    chooser = desk.ki.get(EDIT_PAGE).text.partition('name="prioritised"')[2].partition("</select>")
    return re.findall(r'<option[^>]*value="(\w*)"[^>]*>([^<]+)<', chooser[0])


def test_the_whole_concept_is_read_as_of_a_day(desk: Desk) -> None:
    desk.ki.send(EDIT_PAGE, EDIT | {"prioritised": "nein", "weight": "0,5"})
    browser = desk.browser(desk.world.representative)
    assert "Berichtigter Text" in browser.get("/konzept/").visible
    page = browser.get("/konzept/?tag=2026-10-04")
    assert "Berichtigter Text" not in page.visible
    assert "Stand vom 04.10.2026" in page.visible
    assert "/konzept/massnahme/1.1?tag=2026-10-04" in page.text
    assert "Gewicht" in browser.get("/konzept/massnahme/1.1").visible
    assert "gilt noch keine Fassung" in browser.get("/konzept/?tag=2019-12-31", 404).visible
    assert "kein Tag" in browser.get("/konzept/massnahme/1.1?tag=gestern", 404).visible


def test_institutions_stand_as_in_a_german_list_on_every_page(desk: Desk) -> None:
    names = ["AWO", "Ämterverbund", "Deutsches Haus", "DRK", "jobcenter", "Verein"]
    for number, name in enumerate(reversed(names)):
        desk.world.institution(f"i{number}", name)
    desk.world.session.commit()
    for path in ("/institutionen/", "/zustaendigkeiten/"):
        page = desk.ki.get(path).text
        places = [re.search(rf">{name}<", page) for name in sorted(names, key=names.index)]
        starts = [place.start() for place in places if place is not None]
        assert len(starts) == len(names), path
        listed = sorted(names, key=lambda name: starts[names.index(name)])
        assert listed == ["Ämterverbund", "AWO", "Deutsches Haus", "DRK", "jobcenter", "Verein"]


def test_an_institution_says_which_of_its_data_are_editorial(desk: Desk) -> None:
    editorial = "Kurzname und Art sind redaktionell vergeben."
    path = f"/institutionen/{desk.world.library.id}"
    page = desk.ki.get(path)
    assert f"Quelle des ersten Namens: {desk.world.library.source}. {editorial}" in page.visible
    desk.world.library.source = ""
    desk.world.session.commit()
    assert editorial not in desk.ki.get(path).visible


def test_an_institution_is_renamed_but_not_retired_while_it_leads(desk: Desk) -> None:
    path = f"/institutionen/{desk.world.library.id}"
    assert "Volkshochschule" in desk.ki.get("/institutionen/").visible
    fields = {"name": "VHS Bielefeld", "short_name": "VHS", "kind": "municipal"}
    page = desk.ki.post(path, fields, status=409)
    assert "1.1, 1.2" in page.visible
    assert desk.ki.send(path, fields | {"is_active": "y"}).status_code == 302
    assert "VHS Bielefeld" in desk.ki.get("/institutionen/").visible
    desk.ki.post(path, fields | {"name": ""}, status=422)
    club = desk.world.club
    for taken in ({"name": club.name.upper()}, {"short_name": club.short_name}):
        page = desk.ki.post(path, fields | {"is_active": "y"} | taken, status=422)
        assert "So heißt schon eine andere Institution" in page.visible
    desk.ki.get("/institutionen/999999", 404)


def test_an_institution_has_its_names_with_their_days(desk: Desk) -> None:
    desk.opened("2026-Q3")
    path = f"/institutionen/{desk.world.library.id}"
    form = desk.ki.get(path)
    assert 'name="valid_from" type="date" value="2026-10-05"' in form.text
    assert "Verlauf der Festlegungen" not in form.visible
    assert "Q3/2026 ist noch nicht veröffentlicht" in form.visible
    assert 'href="?tag=2026-09-30"' in form.text
    fields = {"name": "VHS Bielefeld", "short_name": "VHS", "kind": "municipal", "is_active": "y"}
    wrong = desk.ki.post(path, fields | {"valid_from": "bald"}, status=422)
    assert "„bald“ ist kein Tag" in wrong.visible
    assert desk.ki.send(path, fields | {"valid_from": "2027-01-01"}).status_code == 302
    listed = desk.ki.get("/institutionen/").visible
    assert "Sie gelten ab 01.01.2027" in listed
    assert "Volkshochschule" in listed
    assert "VHS Bielefeld" not in listed
    page = desk.ki.get(path)
    _, _, history = page.text.partition("Verlauf der Festlegungen</h2>")
    for text in ("VHS Bielefeld", "Amt/Dienststelle", "geplant", "01.01.2027", "05.10.2026"):
        assert text in history
    assert f'href="{path}?tag=2027-01-01"' in history
    planned = desk.ki.get(f"{path}?tag=2027-01-01")
    assert 'value="VHS Bielefeld"' in planned.text
    assert "Sie bearbeiten den Stand vom 01.01.2027" in planned.visible
    mended = fields | {"name": "VHS Ravensberg", "valid_from": "2027-01-01"}
    assert desk.ki.send(f"{path}?tag=2027-01-01", mended).status_code == 302
    assert "ersetzt am 05.10.2026" in desk.ki.get(path).visible
    events = desk.ki.get("/protokoll/?art=institution").visible
    assert "Ab: 01.01.2027" in events
    assert "Art: freier Träger" in events


NEW = {"name": "Brückenschlag e. V.", "short_name": "Brückenschlag", "kind": "independent"}


def test_an_institution_is_added_and_can_take_responsibility(desk: Desk) -> None:
    assert "/institutionen/neu" in desk.ki.get("/institutionen/").text
    assert 'name="is_active" value="y" checked' in desk.ki.get("/institutionen/neu").text
    assert desk.ki.send("/institutionen/neu", NEW | {"is_active": "y"}).status_code == 302
    assert "Brückenschlag e. V. ist angelegt" in desk.ki.get("/institutionen/").visible
    assert "Brückenschlag e. V." in desk.ki.get("/zustaendigkeiten/").visible
    assert "Institution angelegt" in desk.ki.get("/protokoll/?art=institution").visible


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "nämlich Brückenschlag e. V.: „Brückenschlag e. V.“. Bitte"),
        # The derived key is taken too; what there is to mend is the name.
        ({"name": "BRÜCKENSCHLAG"}, "nämlich Brückenschlag e. V.: „BRÜCKENSCHLAG“. Bitte"),
        (
            {"key": "brueckenschlag-e-v", "name": "Neu e. V.", "short_name": "Neuland"},
            "hat schon Brückenschlag e. V.",
        ),
        ({"key": "bruecke-2"}, "So heißt schon eine andere Institution"),
        ({"key": "bruecke-2", "name": "Neu e. V."}, "So heißt schon eine andere Institution"),
        ({"key": "Brücke!"}, "kleine Buchstaben von a bis z"),
        ({"name": ""}, "Bitte füllen Sie dieses Feld aus"),
    ],
)
def test_an_institution_that_cannot_be_is_shown_again(
    desk: Desk, changes: dict[str, str], message: str
) -> None:
    desk.ki.send("/institutionen/neu", NEW)
    page = desk.ki.post("/institutionen/neu", NEW | changes, status=422)
    assert message in page.visible
    assert f'value="{(NEW | changes)["short_name"]}"' in page.text
    other = NEW | {"name": "Brückenbau e. V.", "short_name": "Brückenbau"}
    assert desk.ki.send("/institutionen/neu", other).status_code == 302


def test_the_log_shows_who_changed_what_from_old_to_new(desk: Desk) -> None:
    desk.ki.send("/konzept/massnahme/1.1/bearbeiten", EDIT)
    page = desk.ki.get("/protokoll/?art=measure")
    assert "Anzeigetext: Maßnahme 1.1 → Berichtigter Text" in page.visible
    assert "Handlungskompetenz: – → geteilte" in page.visible or "geteilte" in page.visible
    assert "Zuständigkeit eingetragen" not in page.visible
    assert "Zuständigkeit eingetragen" in desk.ki.get("/protokoll/?seite=kaputt").visible
    assert "noch keine Einträge" in desk.ki.get("/protokoll/?art=nichts").visible


def published(desk: Desk) -> Snapshot:
    world = desk.world
    round_ = desk.opened()
    now = desk.clock.now
    rounds.close_round(world.session, round_=round_, by=world.coordination, now=now)
    snapshot = publication.publish(
        world.session,
        round_=round_,
        by=world.coordination,
        now=now,
        instance=instance_of(BIELEFELD),
    )
    world.session.commit()
    return snapshot


def test_reports_of_published_rounds_are_there_for_everybody(desk: Desk) -> None:
    world = desk.world
    browser = desk.browser(world.committee)
    assert "noch keine Runde veröffentlicht" in browser.get("/ausgaben/").visible
    snapshot = published(desk)
    assert snapshot.sha256 in browser.get("/ausgaben/").text
    for actor in (world.committee, world.representative, world.coordination):
        response = desk.browser(actor).client.get("/ausgaben/bericht/2026-Q3.json?fassung=1")
        assert response.status_code == 200
        assert hashlib.sha256(response.data).hexdigest() == snapshot.sha256
        assert response.headers["Cache-Control"].startswith("private")
        assert (
            "controllingbericht-2026-q3-fassung-1.json" in (response.headers["Content-Disposition"])
        )
    for ending, start in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        response = browser.client.get(f"/ausgaben/bericht/2026-Q3.{ending}")
        assert response.data.startswith(start)


@one_database
@pytest.mark.parametrize(
    "path",
    [
        "2026-Q4.pdf",
        "2026-Q3.exe",
        "2026-Q3.pdf?fassung=7",
        "2026-Q3.pdf?fassung=-1",
        "quatsch.pdf",
        "..%2f2026-Q3.json",
    ],
)
def test_what_is_not_published_is_not_found(desk: Desk, path: str) -> None:
    published(desk)
    desk.opened("2026-Q4", opened="2027-01-01 06:00")
    desk.browser(desk.world.committee).get(f"/ausgaben/bericht/{path}", 404)


def test_without_fonts_the_pdf_says_what_to_do(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    published(desk)
    monkeypatch.setattr(font_coverage, "_REGULAR", tmp_path / "none.ttf")
    page = desk.browser(desk.world.committee).get("/ausgaben/bericht/2026-Q3.pdf", 503)
    assert page.heading == "Das PDF lässt sich zurzeit nicht erstellen"
    for remedy in ("make install", "make wheel", "Excel"):
        assert remedy in page.visible


def test_nobody_downloads_without_signing_in(desk: Desk, nobody: Browser) -> None:
    published(desk)
    assert nobody.client.get("/ausgaben/bericht/2026-Q3.json").status_code == 302


def test_the_concept_says_why_fewer_measures_are_reported_on(desk: Desk) -> None:
    desk.world.wordings[5].kind = MeasureKind.REFERENCE
    desk.world.session.commit()
    page = desk.ki.get("/konzept/").visible
    assert "6 Maßnahmen; über 5 wird berichtet, über 1 Querverweis nicht." in page


def test_a_single_measure_is_told_in_the_singular(desk: Desk) -> None:
    session = desk.world.session
    for wording in desk.world.wordings[1:]:
        session.delete(wording)
    session.flush()
    assert "1 Maßnahme; über 1 wird berichtet." in desk.ki.get("/konzept/").visible
    assert "Die eine Maßnahme hat eine fed" in desk.ki.get("/zustaendigkeiten/").visible
    for responsibility in session.exec(select(Responsibility)):
        session.delete(responsibility)
    session.flush()
    assert "Die eine Maßnahme hat noch keine fed" in desk.ki.get("/zustaendigkeiten/").visible
