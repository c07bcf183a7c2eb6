"""The report form: what it shows, what it saves, what it says about single fields."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlmodel import Session

from tests.conftest import one_database
from tests.factories import CRITICAL, RUNNING, World, moment
from tests.pages import Browser, Clock, browser_of
from tests.report_world import LONG, earlier_round, fields_of, path
from tracker.accounts.models import Account
from tracker.reporting.models import Report
from tracker.reporting.review.actions import review
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import Course


def test_the_form_shows_every_field_with_its_help(library: Browser, report: Report) -> None:
    page = library.get(path(report))
    for words in (
        "Umsetzungsstand",
        "Steuerungsvorschlag",
        "Fördermittel",
        "Meilensteine",
        "Interner Hinweis an die koordinierende Stelle",
        "Ein bis drei Sätze genügen.",
    ):
        assert words in page.visible
    assert "beschlossen, aber noch nicht angegangen" in page.visible


def test_the_form_starts_with_the_last_accepted_report_and_shows_it_beside(
    world: World, library: Browser
) -> None:
    earlier_round(world)
    page = library.get(path(world.report(world.open_round(), world.measures[0])))
    assert page.visible.count("Zwei Kurse haben begonnen.") == 2
    assert "Q2/2026:" in page.visible


def test_a_saved_draft_stands_in_the_form_again(library: Browser, report: Report) -> None:
    sent = library.send(path(report), fields_of(CRITICAL, copy_id="abc-1", events="1.250"))
    assert sent.headers["Location"] == f"{path(report)}?gespeichert=abc-1"
    page = library.get(path(report))
    assert 'value="1.250"' in page.text
    assert "Der Ausschuss möge Räume zuweisen." in page.visible
    assert 'name="draft_version" value="1"' in page.text
    assert "Die Meldung ist noch nicht abgesendet" in page.visible


def test_a_script_saves_and_gets_the_new_version(library: Browser, report: Report) -> None:
    script = {"X-Requested-With": "fetch"}
    first = library.send(path(report), fields_of(RUNNING), headers=script)
    assert first.get_json()["version"] == 1
    again = library.send(path(report), fields_of(CRITICAL), headers=script)
    assert (again.status_code, again.get_json()["error"]) == (409, "Conflict")


@one_database
@pytest.mark.parametrize(
    ("fields", "box", "said"),
    [
        (
            {"participants-persons": "zwölf"},
            "participants-persons",
            ("ganze Zahl", "noch nicht lesbar"),
        ),
        ({"next_step_on": "1.1.1900"}, "next_step_on", ("Tag zwischen", "noch nicht lesbar")),
        ({"staff": "2"}, "staff", ("Vollzeitstellen", "noch nicht gespeichert")),
        (
            {"funding-0-programme": "Komm-An"},
            "funding-0-donor",
            ("Geber", "noch nicht gespeichert"),
        ),
    ],
)
def test_a_script_saves_all_but_what_is_wrong_and_marks_its_box(
    library: Browser, report: Report, fields: dict[str, str], box: str, said: tuple[str, str]
) -> None:
    message, left = said
    typed = fields_of(replace(RUNNING, achieved="Alles Übrige"), **fields)
    saved = library.send(path(report), typed, headers={"X-Requested-With": "fetch"})
    assert saved.status_code == 200
    [problem] = saved.get_json()["problems"]
    assert problem["field"] == box
    assert message in problem["text"]
    assert saved.get_json()["left"].startswith(f"1 Angabe {left}")
    assert "Alles Übrige" in library.get(path(report)).text


def test_a_withdrawn_confirmation_can_be_confirmed_again_until_it_is_changed(
    world: World, library: Browser
) -> None:
    earlier_round(world)
    report = world.report(world.open_round(), world.measures[0])
    world.session.commit()
    offer = f'action="{path(report, "/bestaetigen")}"'
    assert library.send(path(report, "/bestaetigen")).status_code == 302
    assert 'data-confirm="Meldung zurückziehen?' in library.get(path(report, "/ansehen")).text
    assert library.send(path(report, "/zurueckziehen")).status_code == 302
    assert offer in library.get("/meldungen/").text
    history = library.get(path(report, "/ansehen")).visible.partition("Was bisher geschah")[2]
    assert "Meldung zurückgezogen" in history.partition("Fassung 1: unverändert bestätigt")[0]
    world.session.refresh(report)
    changed = fields_of(RUNNING, report.draft_version, achieved="Etwas Neues")
    assert library.send(path(report), changed).status_code == 302
    assert offer not in library.get("/meldungen/").text


def test_an_old_proposal_is_questioned_when_the_measure_runs_as_planned_again(
    world: World, library: Browser
) -> None:
    earlier = world.open_round("2026-Q2", opened="2026-07-01 06:00")
    before = world.report(earlier, world.measures[0])
    world.submit(before, CRITICAL, at="2026-07-05 09:00")
    world.accept(before, at="2026-07-06 09:00")
    report = world.report(world.open_round(), world.measures[0])
    world.session.commit()
    question = "Gilt dieser Vorschlag noch?"
    note = f'role="status">{question}'
    assert note not in library.get(path(report)).text
    better = replace(CRITICAL, course=Course.ON_TRACK)
    assert library.send(path(report), fields_of(better)).status_code == 302
    assert note in library.get(path(report)).text
    emptied = fields_of(replace(better, consequence=""), 1)
    assert library.send(path(report), emptied).status_code == 302
    assert note not in library.get(path(report)).text


def test_a_waived_report_has_neither_deadline_nor_draft(
    world: World, library: Browser, report: Report, session: Session
) -> None:
    review.waive(
        session,
        report_id=report.id or 0,
        reason="Die Maßnahme ruht.",
        by=world.coordination,
        now=moment("2026-10-05 08:00"),
    )
    session.commit()
    text = library.get(path(report, "/ansehen")).visible
    assert "Die Maßnahme ruht." in text
    assert "Abgabefrist" not in text
    assert "noch nicht abgesendet" not in text
    assert "keine Meldung nötig" in text


def test_a_script_saves_a_text_without_its_control_characters_and_says_so(
    library: Browser, report: Report
) -> None:
    typed = fields_of(RUNNING, achieved="Zwei\x00 Kurse")
    answer = library.send(path(report), typed, headers={"X-Requested-With": "fetch"}).get_json()
    assert answer["left"] == ""
    assert "nicht gespeichert" in answer["problems"][0]["text"]
    assert "Zwei Kurse" in library.get(path(report)).text


def test_the_other_text_can_be_taken_after_the_own_one_saved_itself(
    library: Browser, report: Report
) -> None:
    library.send(path(report), fields_of(replace(RUNNING, achieved="Der andere Text")))
    page = library.post(path(report), fields_of(RUNNING), status=409)
    assert "Sie selbst, in einem anderen Fenster" in page.visible
    theirs = page.text.split('name="theirs" value="')[1].split('"')[0]
    script = {"X-Requested-With": "fetch"}
    assert library.send(path(report), fields_of(RUNNING, 1), headers=script).status_code == 200
    taken = fields_of(RUNNING, 2, theirs=theirs, **{"take-achieved": "stored"})
    assert library.send(path(report), taken).status_code == 302
    assert "Der andere Text" in library.get(path(report)).text


def test_a_submitted_report_can_be_read_withdrawn_and_changed(
    world: World, library: Browser, report: Report
) -> None:
    assert library.send(path(report, "/absenden"), fields_of(CRITICAL)).status_code == 302
    assert "ist abgegeben" in library.get("/meldungen/").visible
    assert library.client.get(path(report)).headers["Location"] == path(report, "/ansehen")
    page = library.get(path(report, "/ansehen"))
    assert "Die Räume fehlen." in page.visible
    assert "Fassung 1: abgegeben" in page.visible
    assert library.send(path(report, "/zurueckziehen")).status_code == 302
    assert "Die Räume fehlen." in library.get(path(report)).visible


def test_a_late_submission_before_closing_is_accepted(
    world: World, report: Report, app: Flask, clock: Clock
) -> None:
    clock.forward(days=20)
    account = world.session.get_one(Account, world.representative.account_id)
    library = browser_of(app, world.session, account, clock.now)
    assert library.send(path(report, "/absenden"), fields_of(RUNNING)).status_code == 302


def test_a_missing_reason_is_named_with_a_link_to_its_open_field(
    library: Browser, report: Report, session: Session
) -> None:
    content = replace(CRITICAL, reason="", consequence="")
    page = library.post(path(report, "/absenden"), fields_of(content), status=422)
    assert 'href="#reason"' in page.text
    assert 'href="#consequence"' in page.text
    assert "Die Meldung wurde noch nicht abgesendet. Ihr Entwurf ist gespeichert." in page.visible
    assert " data-unsaved" not in page.text
    assert (
        '<details class="folded report-section" id="abschnitt-begruendung" data-total="2" open>'
        in (page.text)
    )
    assert 'name="draft_version" value="1"' in page.text
    session.refresh(report)
    assert report.state is ReportState.DRAFT


@one_database
@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("achieved", LONG, "Der Text hat 100.000 Zeichen"),
        ("achieved", "Zwei\x00 Kurse", "unsichtbare Steuerzeichen"),
        ("cost_actual", "12.5", "„12.5“ ist keine Zahl"),
        ("next_step_on", "bald", "„bald“ ist kein Tag"),
        ("events", "-3", "eine Zahl zwischen 0 und 10.000.000"),
        ("events", "2,5", "Bitte eine ganze Zahl, z. B. 12"),
        ("participants-cases", "-1", "Teilnehmende, Fälle: Bitte geben Sie eine Zahl"),
        ("evidence_url", "javascript:alert(1)", "Das ist keine Adresse"),
        ("staff", "2", "ob Vollzeitstellen oder Stunden"),
        ("funding-0-programme", "Komm-An", "wer fördert (Geber)"),
        ("funding-0-start", "gestern", "Fördermittel, Zeile 1, Von: „gestern“ ist kein Tag"),
    ],
)
def test_what_cannot_be_saved_stays_in_the_form_with_a_sentence_at_its_field(
    library: Browser, report: Report, field: str, text: str, message: str
) -> None:
    page = library.post(path(report), fields_of(RUNNING, **{field: text}), status=422)
    assert message in page.visible
    assert text.replace("\x00", "") in page.text
    assert 'class="kern-error"' in page.text
    assert "Dritten Kurs ausschreiben" in page.visible


def test_a_submission_names_what_cannot_be_read_and_what_is_missing_at_once(
    library: Browser, report: Report
) -> None:
    typed = fields_of(replace(CRITICAL, reason=""), events="viele")
    page = library.post(path(report, "/absenden"), typed, status=422)
    assert "Ihr Entwurf ist gespeichert, nur die hier genannten Angaben noch nicht." in page.visible
    assert ' data-left="1 Angabe noch nicht lesbar"' in page.text
    assert 'href="#events"' in page.text
    assert 'href="#reason"' in page.text


def test_emoji_and_right_to_left_text_are_kept_as_written(library: Browser, report: Report) -> None:
    text = "Fest der Kulturen 🎉👩‍👩‍👧 – شكرا جزيلا"
    library.send(path(report), fields_of(replace(RUNNING, achieved=text)))
    page = library.get(path(report))
    assert text in page.text
    assert 'dir="auto"' in page.text
