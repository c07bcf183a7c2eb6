"""Pages of the Erhebungsbogen: download, upload with all problems, preview, taking over."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from openpyxl.comments import Comment
from sqlmodel import Session, select

from tests.conftest import one_database
from tests.factories import RUNNING, World
from tests.factories_contributions import contribute, partner
from tests.pages import Browser, Clock, browser_of, checked
from tests.report_world import earlier_round
from tests.reporting.questionnaire.workbook.forms import Typed
from tests.reporting.questionnaire.workbook.open_document import as_ods
from tracker.accounts.models import Account
from tracker.core import apart
from tracker.core.errors import Busy
from tracker.core.models import AuditEvent
from tracker.core.permissions import Actor
from tracker.reporting.models import QuestionnaireUpload, Report, Round
from tracker.reporting.questionnaire.workbook.model import MAX_BYTES
from tracker.reporting.reports.actions import reports
from tracker.reporting.rules.reports import ReportState

Open = Callable[[Actor], Browser]


@pytest.fixture(autouse=True)
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in this process: starting one takes longer than a page (tests/attack does)."""
    monkeypatch.setattr(
        apart, "run", lambda function, *given: json.loads(json.dumps(function(*given)))
    )


@pytest.fixture
def world(session: Session) -> World:
    """Six measures of the library."""
    world = World(session)
    world.lead(world.library)
    session.commit()
    return world


@pytest.fixture
def round_(world: World) -> Round:
    """The open third quarter, after a second one with one accepted report."""
    earlier_round(world)
    found = world.open_round()
    world.session.commit()
    return found


@pytest.fixture
def open_as(app: Flask, session: Session, clock: Clock) -> Open:
    """Sign an actor of the world in."""
    return lambda actor: browser_of(
        app, session, session.get_one(Account, actor.account_id), clock.now
    )


def address(world: World, round_: Round) -> str:
    return f"/erhebungsbogen/{round_.id}/{world.library.id}"


def exported(browser: Browser, path: str) -> bytes:
    response = browser.client.get(f"{path}/bogen.xlsx")
    assert response.status_code == 200
    return response.data


def sent(data: bytes, name: str = "bogen.xlsx") -> dict[str, Any]:
    return {"datei": (io.BytesIO(data), name)}


def test_meine_massnahmen_lead_to_the_newest_rounds_form(
    world: World, round_: Round, open_as: Open
) -> None:
    browser = open_as(world.staff)
    assert "/erhebungsbogen/" in browser.get("/meldungen/").text
    response = browser.client.get("/erhebungsbogen/")
    assert response.location == address(world, round_)
    page = browser.get(response.location)
    assert "6 Maßnahmen" in page.visible
    assert "15.10.2026" in page.visible


def test_without_a_running_round_the_way_leads_back(world: World, open_as: Open) -> None:
    assert open_as(world.staff).client.get("/erhebungsbogen/").location == "/meldungen/"


def test_the_same_download_gives_the_same_bytes(world: World, round_: Round, open_as: Open) -> None:
    browser, path = open_as(world.staff), address(world, round_)
    response = browser.client.get(f"{path}/bogen.xlsx")
    assert "Erhebungsbogen-2026-Q3-vhs.xlsx" in response.headers["Content-Disposition"]
    assert response.data == exported(browser, path)


def test_a_file_without_edits_changes_nothing(
    world: World, round_: Round, open_as: Open, session: Session
) -> None:
    browser, path = open_as(world.staff), address(world, round_)
    data = exported(browser, path)
    events = len(session.exec(select(AuditEvent)).all())
    response = browser.send(path, sent(data))
    assert response.location == path
    assert "In der Datei wurde nichts geändert" in browser.get(path).visible
    assert session.exec(select(QuestionnaireUpload)).all() == []
    assert len(session.exec(select(AuditEvent)).all()) == events
    states = {
        report.state for report in session.exec(select(Report).where(Report.round_id == round_.id))
    }
    assert states == {ReportState.EXPECTED}


def changed(data: bytes) -> bytes:
    """A file in which one measure is filled in completely and another half."""
    typed = Typed(data)
    typed.set("Meldungen", "1.1", "Was wurde erreicht?", "Drei Kurse laufen.")
    typed.set("Meldungen", "1.2", "Umsetzungsstand", "in Umsetzung")
    typed.add("Fördermittel", "1.2", "Land NRW", "KOMM-AN", "1.250,50", "1.1.2026", "31.12.2026")
    return typed.saved()


def uploaded(browser: Browser, path: str) -> str:
    """The address of the preview of a changed file."""
    response = browser.send(path, sent(changed(exported(browser, path))))
    assert response.status_code == 302, response.get_data(as_text=True)[:3000]
    return response.location


def test_the_preview_shows_before_and_after_and_changes_nothing(
    world: World, round_: Round, open_as: Open, session: Session
) -> None:
    browser = open_as(world.staff)
    page = browser.get(uploaded(browser, address(world, round_)))
    assert "Zwei Kurse haben begonnen. Drei Kurse laufen." in page.visible
    assert "Land NRW, KOMM-AN, 1.250,50" in page.visible
    assert "Bitte wählen Sie den Verlauf" in page.visible
    assert "1.3" not in page.visible
    assert "absenden</span>" not in page.text, "staff may not submit"
    assert world.report(round_, world.measures[0]).draft is None


def test_the_page_says_which_formats_are_read(world: World, round_: Round, open_as: Open) -> None:
    page = open_as(world.staff).get(address(world, round_))
    assert "Excel-Arbeitsmappe (.xlsx) oder ODF-Tabellendokument (.ods)" in page.visible
    assert 'accept=".xlsx,.ods,' in page.text


def test_an_ods_is_taken_over_and_what_is_not_read_is_named_before(
    world: World, round_: Round, open_as: Open, session: Session
) -> None:
    browser, path = open_as(world.staff), address(world, round_)
    typed = Typed(exported(browser, path))
    typed.set("Meldungen", "1.1", "Kosten (Ist)", "1.250,-")
    typed.book["Meldungen"]["I6"].comment = Comment("Bitte anrufen", "x")
    preview = browser.send(path, sent(as_ods(typed.book), "bogen.ods")).location
    page = browser.get(preview)
    assert "bogen.ods, hochgeladen am" in page.visible
    assert "Das steht in der Datei und wird nicht übernommen" in page.visible
    note = "Kommentar in Zelle I6 (Blatt Meldungen) wird nicht übernommen: „Bitte anrufen“"
    assert note in page.visible
    browser.send(preview)
    session.expire_all()
    assert (world.report(round_, world.measures[0]).draft or {})["cost_actual"] == "1250"
    assert (world.report(round_, world.measures[1]).draft) is None


def test_a_file_with_nothing_but_a_comment_says_so(
    world: World, round_: Round, open_as: Open, session: Session
) -> None:
    browser, path = open_as(world.staff), address(world, round_)
    typed = Typed(exported(browser, path))
    typed.book["Meldungen"]["I6"].comment = Comment("Bitte prüfen", "x")
    page = browser.post(path, sent(typed.saved()), status=200)
    assert "In der Datei wurde nichts geändert" in page.visible
    assert "Kommentar in Zelle I6 (Blatt Meldungen) wird nicht übernommen" in page.visible
    assert session.exec(select(QuestionnaireUpload)).all() == []


def test_the_preview_asks_about_a_person_and_names_a_contribution_that_waits(
    world: World, round_: Round, open_as: Open, session: Session
) -> None:
    partner(world, world.club, world.measures[0])
    contribute(world, world.report(round_, world.measures[0]))
    session.commit()
    browser, path = open_as(world.representative), address(world, round_)
    typed = Typed(exported(browser, path))
    typed.set("Meldungen", "1.1", "Was wurde erreicht?", "Frau Muster leitet den Kurs.")
    page = browser.get(browser.send(path, sent(typed.saved())).location)
    assert "Ist hier eine Person zu erkennen? „Frau Muster“" in page.visible
    assert "1.1: Was wurde erreicht?" in page.visible
    assert "1 Beitrag wartet:" in page.visible
    before_the_buttons = page.text.split("Als Entwurf übernehmen")[0]
    assert "Ist in diesen Texten eine Person zu erkennen?" in before_the_buttons
    report = world.report(round_, world.measures[0])
    assert f'href="/meldungen/{report.id}#beitraege"' in page.text


def test_taking_over_saves_drafts_and_only_the_changed_ones(
    world: World, round_: Round, open_as: Open, session: Session
) -> None:
    browser = open_as(world.staff)
    assert browser.send(uploaded(browser, address(world, round_))).location == "/meldungen/"
    assert "2 Entwürfe gespeichert" in browser.get("/meldungen/").visible
    session.expire_all()
    first, second, third = (world.report(round_, item) for item in world.measures[:3])
    assert (first.draft or {})["achieved"] == "Drei Kurse laufen."
    assert (second.draft or {})["funding"][0]["amount"] == "1250.5"
    assert (first.state, third.state) == (ReportState.DRAFT, ReportState.EXPECTED)


def test_the_representative_may_submit_what_is_complete_at_once(
    world: World, round_: Round, open_as: Open, session: Session
) -> None:
    browser = open_as(world.representative)
    preview = uploaded(browser, address(world, round_))
    assert "vollständige Meldungen absenden" in browser.get(preview).visible
    browser.send(preview, {"absenden": "1"})
    assert "1 Entwurf gespeichert, 1 Meldung abgesendet" in browser.get("/meldungen/").visible
    session.expire_all()
    states = [world.report(round_, item).state for item in world.measures[:2]]
    assert states == [ReportState.SUBMITTED, ReportState.DRAFT]


def test_taking_over_twice_does_nothing_more(
    world: World, round_: Round, open_as: Open, session: Session
) -> None:
    browser = open_as(world.staff)
    preview = uploaded(browser, address(world, round_))
    browser.send(preview)
    page = browser.post(preview, status=409)
    assert "schon übernommen" in page.visible
    assert "Schon übernommen" in browser.get(preview).visible
    session.expire_all()
    assert world.report(round_, world.measures[0]).draft_version == 1


def test_what_was_saved_meanwhile_is_never_overwritten(
    world: World, round_: Round, open_as: Open, session: Session, clock: Clock
) -> None:
    browser = open_as(world.staff)
    preview = uploaded(browser, address(world, round_))
    reports.save_draft(
        session,
        report_id=world.report(round_, world.measures[1]).id or 0,
        content=RUNNING,
        expected_version=0,
        by=world.representative,
        now=clock.now,
    )
    session.commit()
    assert "lässt sich nicht mehr übernehmen" in browser.get(preview).visible
    page = browser.post(preview, status=409)
    assert "Maßnahme 1.2" in page.visible
    session.expire_all()
    assert world.report(round_, world.measures[0]).draft is None, "taken over by half"


def test_every_problem_stands_in_a_table_with_place_and_remedy(
    world: World, round_: Round, open_as: Open, session: Session
) -> None:
    browser, path = open_as(world.staff), address(world, round_)
    typed = Typed(exported(browser, path))
    typed.set("Meldungen", "1.1", "Verlauf", "läuft")
    typed.set("Meldungen", "1.2", "Veranstaltungen", "=1+1")
    page = browser.post(path, sent(typed.saved()), status=422)
    assert "Es wurde nichts übernommen: 2 Stellen sind zu berichtigen" in page.visible
    assert "Meldungen 5 I (Verlauf) „läuft“ gibt es hier nicht. Möglich: planmäßig," in page.visible
    assert "Meldungen 6 Y (Veranstaltungen) Hier steht eine Formel. Bitte den Wert" in page.visible
    assert session.exec(select(QuestionnaireUpload)).all() == []


def test_not_more_than_200_problems_are_shown_and_the_rest_is_counted(
    world: World, round_: Round, open_as: Open
) -> None:
    browser, path = open_as(world.staff), address(world, round_)
    typed = Typed(exported(browser, path))
    for number in range(300):
        typed.book["Meilensteine"].cell(20 + number, 4).value = "ohne Nr."
    page = browser.post(path, sent(typed.saved()), status=422)
    assert page.visible.count("In dieser Zeile fehlt die Nr.") == 200
    assert "100 weitere Stellen folgen" in page.visible


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Noch keine Datei ausgewählt Es wurde keine Datei ausgewählt"),
        (sent(b""), "Die Datei ist leer"),
        (
            sent(b"Nr.;Stand\n1.1;gut\n", "bogen.csv"),
            "Diese Datei passt nicht; es wurde nichts übernommen",
        ),
    ],
    ids=["none", "empty", "csv"],
)
def test_a_file_that_cannot_be_used_gets_a_reason(
    world: World, round_: Round, open_as: Open, data: Any, sentence: str
) -> None:
    data = {key: (io.BytesIO(item[0].getvalue()), item[1]) for key, item in data.items()}
    page = open_as(world.staff).post(address(world, round_), data, status=422)
    assert sentence in page.visible


@one_database
@pytest.mark.parametrize("size", [MAX_BYTES, 50_000_000])
def test_a_file_that_is_too_large_is_refused_with_the_limit(
    world: World, round_: Round, open_as: Open, size: int
) -> None:
    status = 422 if size == MAX_BYTES else 413  # not even read
    # What comes through is read no further than it may be long.
    found = "mehr als 5 MB" if size == MAX_BYTES else "50,0 MB"
    sentence = f"Die Datei hat {found}, möglich sind 5 MB"
    browser = open_as(world.staff)
    # Written by hand: the test client would put a body of this size into a file of its own.
    head = b'--x\r\nContent-Disposition: form-data; name="datei"; filename="a.xlsx"\r\n\r\nPK'
    response = browser.client.post(
        address(world, round_),
        data=head + bytes(size) + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": browser.token()},
    )
    assert sentence in checked(response, status).visible


def test_a_file_name_is_kept_bare_and_short(
    world: World, round_: Round, open_as: Open, session: Session
) -> None:
    browser, path = open_as(world.staff), address(world, round_)
    data = changed(exported(browser, path))
    browser.send(path, sent(data, f"C:/Users/amt/{'ö' * 300}\x07.xlsx"))
    kept = session.exec(select(QuestionnaireUpload)).one()
    assert kept.file_name == "ö" * 200


def test_the_ki_uploads_on_behalf(
    world: World, round_: Round, open_as: Open, session: Session
) -> None:
    browser, path = open_as(world.coordination), address(world, round_)
    assert f'href="{path}"' in browser.get("/runden/2026-Q3").text
    assert "Im Auftrag der Institution" in browser.get(path).visible
    browser.send(uploaded(browser, path), {"absenden": "1"})
    session.expire_all()
    report = world.report(round_, world.measures[0])
    assert (report.state, report.on_behalf) == (ReportState.SUBMITTED, True)


def test_a_round_that_does_not_run_has_no_form(world: World, open_as: Open) -> None:
    open_as(world.staff).get(f"/erhebungsbogen/4711/{world.library.id}", status=404)


def test_the_log_says_who_took_a_form_over(
    world: World, round_: Round, open_as: Open, coordination: Browser
) -> None:
    browser = open_as(world.staff)
    browser.send(uploaded(browser, address(world, round_)))
    assert "Erhebungsbogen übernommen" in coordination.get("/protokoll/").visible


def test_where_too_many_files_are_read_the_form_asks_to_come_back(
    world: World, round_: Round, open_as: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_given: Any) -> None:
        raise Busy("Gerade werden mehrere Dateien gelesen.")

    monkeypatch.setattr(apart, "run", busy)
    browser, path = open_as(world.staff), address(world, round_)
    page = browser.post(path, sent(b"PK"), status=503)
    assert page.response.headers["Retry-After"] == "10"
    assert "Gerade werden mehrere Dateien gelesen." in page.visible
    assert 'name="datei"' in page.text


def answered(report_id: int, content: Any) -> dict[str, Any]:
    return {"answers": [[report_id, 1, content]], "problems": [], "notes": [], "hidden": 0}


@pytest.mark.parametrize(
    "said",
    [
        lambda _ours: {},
        lambda _ours: [],
        lambda _ours: None,
        lambda ours: answered(ours + 99, {}),
        lambda ours: answered(ours, "no object"),
        lambda ours: answered(ours, {"funding": ["no line"]}),
    ],
    ids=["nothing", "a list", "null", "a report of somebody else", "no content", "no line"],
)
def test_what_a_process_says_is_taken_only_as_a_reading_of_this_form(
    world: World,
    round_: Round,
    open_as: Open,
    monkeypatch: pytest.MonkeyPatch,
    said: Callable[[int], Any],
) -> None:
    monkeypatch.setattr(
        apart, "run", lambda _function, _data, expected: said(expected.rows[0].report_id)
    )
    page = open_as(world.staff).post(address(world, round_), sent(b"PK"), status=422)
    assert "viel umfangreicher als ein Erhebungsbogen" in page.visible
