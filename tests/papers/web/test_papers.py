"""Papers in the browser: choose, check, have made, download; who may; the Word template."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlmodel import Session

from tests.bielefeld import BIELEFELD
from tests.conftest import one_database
from tests.coordination_world import Desk
from tests.coordination_world import desk as make_desk
from tests.factories import moment
from tests.pages import Clock
from tests.papers_world import ABOUT, ROUND, ordered, published_desk, worked
from tracker.papers.queries import exports as queries
from tracker.papers.rules.exporting import OrderState
from tracker.papers.web.base import SLUGS
from tracker.publication.actions.publication import publish
from tracker.publication.queries.publication_facts import instance_of
from tracker.reporting.rounds.actions import rounds


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    return published_desk(session, app, clock)


@one_database
@pytest.mark.parametrize("slug", SLUGS)
def test_every_paper_can_be_chosen_and_is_shown_as_it_will_be(desk: Desk, slug: str) -> None:
    assert f"/ausgaben/erstellen/{slug}" in desk.ki.get("/ausgaben/erstellen").text
    page = desk.ki.get(f"/ausgaben/erstellen/{slug}")
    assert "3. Quartal 2026" in page.visible
    shown = desk.ki.get(f"/ausgaben/vorschau/{slug}?{ROUND}{ABOUT.get(slug, '')}")
    assert "3. Quartal 2026, Fassung 1" in shown.visible
    assert "kritisch" in shown.visible
    assert "Stichtag 30.09.2026" in shown.visible
    assert "erstellen" in shown.visible


@one_database
def test_what_was_chosen_is_shown_carried_on_and_chosen_again(desk: Desk) -> None:
    chosen = f"{ROUND}&feld=2&feld=1&umfang=ausnahmen&blaetter=ohne&vergleich=2026-Q2/1"
    page = desk.ki.get(f"/ausgaben/vorschau/bericht?{chosen}")
    assert (
        "Handlungsfelder 1, 2, nur Ausnahmen, ohne Maßnahmenblätter, verglichen mit Q2/2026 "
        "(Fassung 1)"
    ) in page.visible
    assert page.text.count('name="feld" value="1"') == 2
    assert "JSON" not in page.visible, "an extract has no hash of its own"
    again = desk.ki.get(f"/ausgaben/erstellen/bericht?{chosen}")
    assert again.text.count("checked") == 2
    assert 'value="2026-Q2/1" selected' in again.text


def test_an_order_shows_how_far_it_is_and_then_its_file_and_hash(desk: Desk) -> None:
    number = ordered(desk)
    path = f"/ausgaben/auftraege/{number}"
    waiting = desk.ki.get(path)
    assert "wartet" in waiting.visible
    assert desk.ki.client.get(f"{path}/stand").get_json() == {
        "state": "waiting",
        "label": "wartet",
        "done": 0,
        "total": 0,
        "step": "",
    }
    desk.ki.get(f"{path}/datei", 404)
    worked(desk)
    done = desk.ki.get(path)
    row = queries.order(desk.world.session, order_id=number)
    assert row.sha256 in done.text
    assert (
        "tracker export comparison --round 2026-Q3 --version 1 --compare 2026-Q2 "
        "--template 0 --format docx" in done.visible
    )
    answer = desk.ki.client.get(f"{path}/datei")
    assert answer.data.startswith(b"PK")
    assert "vergleich-2026-q3-fassung-1-mit-2026-q2.docx" in answer.headers["Content-Disposition"]
    assert row.sha256 in desk.ki.get("/ausgaben/auftraege/").text


@one_database
def test_an_order_that_waits_long_says_where_to_look(desk: Desk) -> None:
    number = ordered(desk)
    assert "wartet schon länger" not in desk.ki.get(f"/ausgaben/auftraege/{number}").visible
    desk.clock.forward(minutes=1)
    assert "tracker clock" in desk.ki.get(f"/ausgaben/auftraege/{number}").visible


def test_an_order_is_cancelled_and_repeated(desk: Desk) -> None:
    number = ordered(desk)
    path = f"/ausgaben/auftraege/{number}"
    assert desk.ki.send(f"{path}/cancel").status_code == 303
    assert "abgebrochen" in desk.ki.get(path).visible
    assert desk.ki.send(f"{path}/cancel").status_code == 409
    assert desk.ki.send(f"{path}/repeat").status_code == 303
    assert queries.order(desk.world.session, order_id=number).state is OrderState.WAITING
    for step in ("finish", "fail", "quatsch"):
        assert desk.ki.send(f"{path}/{step}").status_code == 404


@one_database
@pytest.mark.parametrize(
    "path",
    [
        "/ausgaben/erstellen/quatsch",
        "/ausgaben/vorschau/quatsch",
        "/ausgaben/vorschau/bericht?runde=gestern",
        "/ausgaben/vorschau/bericht?runde=2020-Q1/1",
        "/ausgaben/vorschau/bericht?runde=2026-Q3/9",
        "/ausgaben/vorschau/bericht?runde=2026-Q3/1&form=exe",
        "/ausgaben/vorschau/vorlage?runde=2026-Q3/1&art=quatsch",
        "/ausgaben/vorschau/massnahme?runde=2026-Q3/1&massnahme=99",
        "/ausgaben/vorschau/institution?runde=2026-Q3/1&institution=x",
        "/ausgaben/auftraege/2000000000",
        "/ausgaben/auftraege/2000000000/stand",
        "/ausgaben/auftraege/2000000000/datei",
        "/ausgaben/massnahme/2026-Q3/99.pdf",
        "/ausgaben/massnahme/2026-Q3/1.1.exe",
        "/ausgaben/institution/2026-Q3/x.pdf",
        "/ausgaben/erhebungsbogen.exe",
    ],
)
def test_what_does_not_exist_is_not_found(desk: Desk, path: str) -> None:
    page = desk.ki.get(path, 404)
    assert page.heading == "Seite nicht gefunden"


@one_database
@pytest.mark.parametrize("path", ["massnahme", "institution", "vergleich"])
def test_a_choice_that_lacks_something_says_what(desk: Desk, path: str) -> None:
    page = desk.ki.get(f"/ausgaben/vorschau/{path}?{ROUND}", 422)
    assert "Bitte wählen Sie" in page.visible


def test_before_the_first_publication_there_is_nothing_to_choose(
    session: Session, app: Flask, clock: Clock
) -> None:
    desk = make_desk(session, app, clock)
    assert "noch keine Runde veröffentlicht" in desk.ki.get("/ausgaben/erstellen").visible
    assert desk.ki.client.get("/ausgaben/erstellen/bericht").status_code == 302
    assert "noch keine Ausgabe" in desk.ki.get("/ausgaben/auftraege/").visible


def test_the_newest_version_leads_to_what_the_ki_hands_in(desk: Desk) -> None:
    page = desk.ki.get("/ausgaben/").text
    for slug in ("vorlage", "mappe", "bericht"):
        assert f"/ausgaben/erstellen/{slug}?runde=2026-Q3/1" in page
        assert "3. Quartal 2026" in desk.ki.get(f"/ausgaben/erstellen/{slug}?{ROUND}").visible
    assert "/ausgaben/erstellen/" not in desk.browser(desk.world.committee).get("/ausgaben/").text


def test_papers_of_their_own_are_there_for_those_they_concern(desk: Desk) -> None:
    world = desk.world
    for actor in (world.committee, world.representative, world.coordination):
        sheet = desk.browser(actor).client.get("/ausgaben/massnahme/2026-Q3/1.1.pdf?fassung=1")
        assert sheet.data.startswith(b"%PDF")
    own = "/ausgaben/institution/2026-Q3/vhs.docx"
    representative = desk.browser(world.representative)
    assert own in representative.get("/ausgaben/").text
    for actor in (world.representative, world.staff, world.coordination):
        assert desk.browser(actor).client.get(own).data.startswith(b"PK")
    desk.browser(world.stranger).get(own, 404)
    desk.browser(world.committee).get(own, 403)
    assert own not in desk.browser(world.committee).get("/ausgaben/").text


def test_the_empty_questionnaire_and_the_schema_are_files(desk: Desk) -> None:
    browser = desk.browser(desk.world.representative)
    for ending, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = browser.client.get(f"/ausgaben/erhebungsbogen.{ending}")
        assert answer.data.startswith(start)
    named = browser.client.get("/ausgaben/erhebungsbogen.pdf?massnahme=1.1")
    assert "erhebungsbogen-1.1.pdf" in named.headers["Content-Disposition"]
    browser.get("/ausgaben/erhebungsbogen.pdf?massnahme=99", 404)
    assert browser.client.get("/ausgaben/snapshot-1.schema.json").get_json()["$schema"]


@one_database
def test_what_people_wrote_is_text_in_the_preview(desk: Desk) -> None:
    desk.world.wordings[1].display_text = (
        '<script>alert("x")</script> =cmd() \u202eabc 🙂 ' + "W" * 80
    )
    round_ = desk.opened("2026-Q4", opened="2027-01-02 06:00")
    now = moment("2027-02-01 09:00")
    session, by = desk.world.session, desk.world.coordination
    rounds.close_round(session, round_=round_, by=by, now=now)
    publish(session, round_=round_, by=by, now=now, instance=instance_of(BIELEFELD))
    session.commit()
    page = desk.ki.get("/ausgaben/vorschau/bericht?runde=2026-Q4/1")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text
