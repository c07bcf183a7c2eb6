"""The institution's pages: list, form, steps; refusals lose nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session

from tests.conftest import StatementCounter
from tests.factories import CRITICAL, RUNNING, World, moment
from tests.web.conftest import Browser, Clock, browser_of
from tests.web.report_world import fields_of
from tracker.actions import reports, review, rounds
from tracker.models import Account, Report, Round
from tracker.rules.content import from_dict
from tracker.rules.figures import Value
from tracker.rules.permissions import Actor
from tracker.rules.reports import ReportState
from tracker.rules.status import Course, Implementation

LONG = "ä" * 100_000
STEPS = ("", "/absenden", "/bestaetigen", "/zurueckziehen", "/stellungnahme")


@pytest.fixture
def world(session: Session) -> World:
    """The library leads everything; the second quarter is published, the third not yet open."""
    world = World(session)
    world.lead(world.library)
    session.commit()
    return world


@pytest.fixture
def open_round(world: World) -> Round:
    """The third quarter of 2026, open, due on 15 October."""
    round_ = world.open_round()
    world.session.commit()
    return round_


@pytest.fixture
def report(world: World, open_round: Round) -> Report:
    """The expected report of the first measure."""
    return world.report(open_round, world.measures[0])


Open = Callable[[Actor], Browser]


@pytest.fixture
def browse(app: Flask, session: Session, clock: Clock) -> Open:
    """Open a browser for somebody of the world."""

    def start(actor: Actor) -> Browser:
        session.commit()
        return browser_of(app, session, session.get_one(Account, actor.account_id), clock.now)

    return start


@pytest.fixture
def library(browse: Open, world: World) -> Browser:
    """The library's benannte Vertretung."""
    return browse(world.representative)


def earlier_round(world: World) -> Round:
    """The second quarter with an accepted report of the first measure, closed."""
    round_ = world.open_round("2026-Q2", opened="2026-07-01 06:00")
    report = world.report(round_, world.measures[0])
    world.submit(report, at="2026-07-05 09:00")
    world.accept(report, at="2026-07-06 09:00")
    rounds.close_round(
        world.session, round_=round_, by=world.coordination, now=moment("2026-07-20 09:00")
    )
    return round_


def path(report: Report, step: str = "") -> str:
    return f"/meldungen/{report.id}{step}"


# --- Meine Maßnahmen ------------------------------------------------------------------------------


def test_without_a_round_the_list_says_why_and_what_comes_next(library: Browser) -> None:
    page = library.get("/meldungen/")
    assert "Zurzeit läuft keine Berichtsrunde" in page.visible


def test_an_institution_without_measures_is_told_so(
    world: World, open_round: Round, browse: Open
) -> None:
    page = browse(world.stranger).get("/meldungen/")
    assert "keine Maßnahme federführend zugeordnet" in page.visible


def test_the_list_counts_what_is_open_and_until_when(
    world: World, report: Report, library: Browser, clock: Clock
) -> None:
    assert "Sie haben noch 6 von 6 Meldungen offen. Abgabefrist: 15.10.2026, noch 10 Tage." in (
        library.get("/meldungen/").visible
    )
    world.submit(report)
    world.session.commit()
    assert "noch 5 von 6 Meldungen" in library.get("/meldungen/").visible
    clock.forward(days=13)
    late = browser_late(library, world, clock)
    assert "Frist seit 3 Tagen abgelaufen – Sie können noch melden" in late


def browser_late(library: Browser, world: World, clock: Clock) -> str:
    """The list as the library sees it after signing in again."""
    account = world.session.get_one(Account, world.representative.account_id)
    return browser_of(library.app, world.session, account, clock.now).get("/meldungen/").visible


def test_a_returned_report_is_on_top_with_the_question(
    world: World, report: Report, library: Browser
) -> None:
    last = world.report(world.session.get_one(Round, report.round_id), world.measures[-1])
    world.submit(last)
    review.return_report(
        world.session,
        report_id=last.id or 0,
        comment="Wie viele Kurse?",
        by=world.coordination,
        now=moment("2026-10-05 08:00"),
    )
    world.session.commit()
    text = library.get("/meldungen/").visible
    assert "Das KI fragt: Wie viele Kurse?" in text
    assert "Bitte bis 12.10.2026 ergänzen, noch 7 Tage" in text
    assert text.index("Maßnahme 2.3") < text.index("Maßnahme 1.1")


def test_an_unchanged_measure_is_confirmed_in_one_step(world: World, library: Browser) -> None:
    earlier_round(world)
    report = world.report(world.open_round(), world.measures[0])
    world.session.commit()
    page = library.get("/meldungen/")
    assert "Stand aus Q2/2026" in page.visible
    assert "Zwei Kurse haben begonnen." in page.visible
    response = library.send(path(report, "/bestaetigen"), {"remark": "Läuft wie\x00 geplant."})
    assert response.status_code == 302
    world.session.refresh(report)
    assert (report.state, report.unchanged, report.unchanged_streak) == (
        ReportState.SUBMITTED,
        True,
        1,
    )
    assert from_dict(report.draft or {}).changed == "Läuft wie geplant."
    assert "unverändert bestätigt und abgegeben" in library.get("/meldungen/").visible


def test_after_three_unchanged_rounds_the_list_asks_to_look_again(
    world: World, library: Browser
) -> None:
    earlier = earlier_round(world)
    world.report(earlier, world.measures[0]).unchanged_streak = 3
    world.open_round()
    world.session.commit()
    assert "3-mal in Folge unverändert bestätigt" in library.get("/meldungen/").visible


def test_a_confirmation_that_lacks_a_reason_leads_to_the_form(
    world: World, library: Browser
) -> None:
    round_ = earlier_round(world)
    review_later(world, world.report(round_, world.measures[0]), Implementation.ESTABLISHED)
    report = world.report(world.open_round(), world.measures[0])
    world.session.commit()
    page = library.post(path(report, "/bestaetigen"), {"remark": "Wie gehabt"}, status=422)
    assert "lässt sich nicht unverändert bestätigen" in page.visible
    assert "Wie gehabt" in page.text
    assert 'href="#reason"' in page.text


def review_later(world: World, report: Report, implementation: Implementation) -> None:
    """Let the KI find another value than the report says."""
    report.reviewed_implementation = implementation
    report.reviewed_course = Course.ON_TRACK
    report.reviewed_reason = "Es läuft als Daueraufgabe."


def test_mitarbeitende_are_not_offered_what_they_may_not_do(world: World, browse: Open) -> None:
    earlier_round(world)
    report = world.report(world.open_round(), world.measures[0])
    staff = browse(world.staff)
    assert "/bestaetigen" not in staff.get("/meldungen/").text
    form = staff.get(path(report))
    assert "Meldung absenden" not in form.visible
    assert "Absenden kann die benannte Vertretung" in form.visible
    refused = staff.post(path(report, "/bestaetigen"), status=403)
    assert "Bestätigen kann nur die benannte Vertretung" in refused.visible
    assert "gespeichert" not in refused.visible


@pytest.mark.parametrize("measures", [1, 29])
def test_the_list_takes_the_same_statements_for_every_number_of_measures(
    session: Session, engine: Engine, app: Flask, clock: Clock, measures: int
) -> None:
    world = World(session, measures_per_field=measures)
    world.lead(world.library)
    world.open_round()
    session.commit()
    account = session.get_one(Account, world.representative.account_id)
    browser = browser_of(app, session, account, clock.now)
    browser.get("/meldungen/")
    with StatementCounter(engine) as counter:
        page = browser.get("/meldungen/")
    assert page.text.count('class="my-measure"') == 2 * measures
    assert counter.count == 3


# --- The form -------------------------------------------------------------------------------------


def test_the_form_shows_every_field_with_its_help(library: Browser, report: Report) -> None:
    page = library.get(path(report))
    for words in (
        "Umsetzungsstand",
        "Steuerungsvorschlag",
        "Fördermittel",
        "Meilensteine",
        "Interner Hinweis an das KI",
        "Ein bis drei Sätze genügen.",
    ):
        assert words in page.visible
    assert "beschlossen, aber noch nicht angegangen" in page.visible


def test_the_form_starts_with_the_last_accepted_report_and_shows_it_beside(
    world: World, library: Browser
) -> None:
    earlier_round(world)
    page = library.get(path(world.report(world.open_round(), world.measures[0])))
    assert page.text.count("Zwei Kurse haben begonnen.") == 2
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
    assert library.send(path(report, "/zurueckziehen")).status_code == 302
    assert offer in library.get("/meldungen/").text
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
    assert (
        '<details class="folded report-section" id="abschnitt-begruendung" data-total="2" open>'
        in (page.text)
    )
    assert 'name="draft_version" value="1"' in page.text
    session.refresh(report)
    assert report.state is ReportState.DRAFT


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
    assert 'href="#events"' in page.text
    assert 'href="#reason"' in page.text


def test_emoji_and_right_to_left_text_are_kept_as_written(library: Browser, report: Report) -> None:
    text = "Fest der Kulturen 🎉👩‍👩‍👧 – شكرا جزيلا"
    library.send(path(report), fields_of(replace(RUNNING, achieved=text)))
    page = library.get(path(report))
    assert text in page.text
    assert 'dir="auto"' in page.text


# --- Refusals that lose nothing -------------------------------------------------------------------


def test_two_people_saving_one_draft_see_both_texts_and_choose(
    world: World, browse: Open, report: Report, session: Session
) -> None:
    first, second = browse(world.representative), browse(world.staff)
    mine = replace(RUNNING, achieved="Text der Vertretung")
    theirs = replace(RUNNING, achieved="Text der Mitarbeit", obstacles="Kein Raum")
    second.send(path(report), fields_of(theirs))
    page = first.post(path(report), fields_of(mine), status=409)
    assert "mitarbeit hat am 05.10.2026" in page.visible
    for text in ("Text der Vertretung", "Text der Mitarbeit", "Kein Raum"):
        assert text in page.visible
    assert page.text.count('class="report-conflict__field"') == 2
    assert 'name="draft_version" value="1"' in page.text
    # What the other one only added is offered to be kept.
    assert 'id="take-obstacles-stored" checked' in page.text
    choice = {"take-achieved": "mine", "take-obstacles": "stored"}
    assert first.send(path(report), fields_of(mine, 1, **choice)).status_code == 302
    session.refresh(report)
    saved = from_dict(report.draft or {})
    assert (saved.achieved, saved.obstacles) == ("Text der Vertretung", "Kein Raum")


def test_a_submission_by_mitarbeitende_is_refused_and_their_draft_is_saved(
    world: World, browse: Open, report: Report, session: Session
) -> None:
    page = browse(world.staff).post(path(report, "/absenden"), fields_of(RUNNING), status=403)
    assert "Ihr Entwurf ist gespeichert" in page.visible
    session.refresh(report)
    assert report.state is ReportState.DRAFT
    assert from_dict(report.draft or {}) == RUNNING


@pytest.mark.parametrize("step", ["", "/absenden"])
def test_after_closing_the_text_is_refused_and_shown_for_copying(
    world: World, library: Browser, report: Report, step: str
) -> None:
    round_ = world.session.get_one(Round, report.round_id)
    rounds.close_round(
        world.session, round_=round_, by=world.coordination, now=moment("2026-10-04 09:00")
    )
    world.session.commit()
    page = library.post(path(report, step), fields_of(CRITICAL), status=409)
    assert "Nachfrist" in page.visible
    assert "Der Ausschuss möge Räume zuweisen." in page.visible


def test_a_second_submission_says_what_is_possible_now(library: Browser, report: Report) -> None:
    library.send(path(report, "/absenden"), fields_of(RUNNING))
    page = library.post(path(report, "/absenden"), fields_of(CRITICAL, 1), status=409)
    assert "Meldung zurückziehen" in page.visible
    assert "Die Räume fehlen." in page.visible
    library.send(path(report, "/zurueckziehen"))
    library.post(path(report, "/zurueckziehen"), status=409)


@pytest.mark.parametrize("step", STEPS)
def test_a_foreign_report_is_as_unknown_as_none_for_writing(
    world: World, browse: Open, report: Report, step: str
) -> None:
    stranger = browse(world.stranger)
    for target in (path(report, step), f"/meldungen/2147483646{step}"):
        stranger.post(target, fields_of(RUNNING), status=404)
    world.session.refresh(report)
    assert report.state is ReportState.EXPECTED


@pytest.mark.parametrize("step", ["", "/ansehen"])
def test_a_foreign_report_is_as_unknown_as_none_for_reading(
    world: World, browse: Open, report: Report, step: str
) -> None:
    stranger = browse(world.stranger)
    for number in (report.id, 2147483646, 10**30):
        stranger.get(f"/meldungen/{number}{step}", status=404)


def test_the_committee_sees_no_report(committee: Browser, report: Report) -> None:
    for target in ("/meldungen/", path(report), path(report, "/ansehen")):
        committee.get(target, status=403)


# --- On behalf, reading, dissent ------------------------------------------------------------------


def test_the_ki_fills_a_report_on_behalf_and_it_says_so(
    world: World, browse: Open, report: Report
) -> None:
    ki = browse(world.coordination)
    assert "im Namen von Volkshochschule" in ki.get(path(report)).visible
    sent = ki.send(path(report, "/absenden"), fields_of(RUNNING))
    assert sent.headers["Location"] == path(report, "/ansehen")
    page = browse(world.representative).get(path(report, "/ansehen"))
    assert "von ki im Namen von Volkshochschule" in page.visible


def reviewed(world: World, report: Report) -> None:
    """A report whose reviewed value differs from the institution's."""
    world.submit(report)
    review.accept(
        world.session,
        report_id=report.id or 0,
        reviewed=Value(Implementation.PLANNED, Course.ON_TRACK),
        reason="Es gibt noch keinen Kurs.",
        by=world.coordination,
        now=moment("2026-10-05 08:30"),
    )
    world.session.commit()


def test_a_reviewed_value_stands_beside_the_own_one_and_a_dissent_beside_both(
    world: World, library: Browser, report: Report
) -> None:
    reviewed(world, report)
    page = library.get(path(report, "/ansehen"))
    assert "Begründung: Es gibt noch keinen Kurs." in page.visible
    library.send(path(report, "/stellungnahme"), {"dissent": "Zwei Kurse laufen."})
    page = library.get(path(report, "/ansehen"))
    assert "Abweichende Stellungnahme der Institution Zwei Kurse laufen." in page.visible


@pytest.mark.parametrize(("text", "status"), [(" ", 422), (LONG, 422)])
def test_a_dissent_that_cannot_be_stored_is_kept_in_its_field(
    world: World, library: Browser, report: Report, text: str, status: int
) -> None:
    reviewed(world, report)
    page = library.post(path(report, "/stellungnahme"), {"dissent": text}, status=status)
    assert text.strip() in page.text
    assert "Bitte prüfen Sie Ihre Stellungnahme." in page.visible


def test_a_dissent_without_a_reviewed_value_is_refused_and_shown_for_copying(
    library: Browser, report: Report
) -> None:
    page = library.post(path(report, "/stellungnahme"), {"dissent": "Nein."}, status=409)
    assert "Nein." in page.visible


def test_every_revision_and_question_stays_readable(
    world: World, library: Browser, report: Report
) -> None:
    world.submit(report, replace(RUNNING, achieved="Erste Fassung"))
    review.return_report(
        world.session,
        report_id=report.id or 0,
        comment="Wie viele Kurse?",
        by=world.coordination,
        now=moment("2026-10-05 09:10"),
    )
    world.submit(report, replace(RUNNING, achieved="Zweite Fassung"), at="2026-10-05 09:20")
    world.session.commit()
    text = library.get(path(report, "/ansehen")).visible
    for words in ("Erste Fassung", "Zweite Fassung", "Wie viele Kurse?"):
        assert words in text


def test_a_draft_left_in_a_closed_round_can_be_read(
    world: World, library: Browser, report: Report
) -> None:
    reports.save_draft(
        world.session,
        report_id=report.id or 0,
        content=CRITICAL,
        expected_version=0,
        by=world.representative,
        now=moment("2026-10-04 09:00"),
    )
    round_ = world.session.get_one(Round, report.round_id)
    rounds.close_round(
        world.session, round_=round_, by=world.coordination, now=moment("2026-10-04 10:00")
    )
    world.session.commit()
    text = library.get(path(report, "/ansehen")).visible
    assert "Entwurf, noch nicht abgesendet" in text
    assert "Die Räume fehlen." in text
