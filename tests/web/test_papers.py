"""Papers in the browser: choose, check, have made, download; who may; the Word template."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session

from tests.conftest import one_database
from tests.factories import CRITICAL, moment
from tests.web.conftest import Browser, Clock
from tests.web.coordination_world import Desk
from tests.web.coordination_world import desk as make_desk
from tracker.actions import exports, rounds
from tracker.actions.exports import Made
from tracker.actions.publication import publish
from tracker.exports.docx_own import own_template
from tracker.exports.service import load, make
from tracker.queries import exports as queries
from tracker.queries import published
from tracker.queries.publication_facts import instance_of
from tracker.rules.exporting import ExportKind, OrderState
from tracker.settings import Settings
from tracker.web.papers.base import SLUGS

ROUND = "runde=2026-Q3/1"
ABOUT = {
    "massnahme": "&massnahme=1.1",
    "institution": "&institution=vhs",
    "vergleich": "&vergleich=2026-Q2",
}


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    """Two published quarters; the second has a critical measure with a proposal."""
    published._kept.clear()
    found = make_desk(session, app, clock)
    world = found.world
    for period, opened, at in (
        ("2026-Q2", "2026-07-01", "2026-08-03"),
        ("2026-Q3", "2026-10-01", "2026-11-02"),
    ):
        round_ = found.opened(period, opened=f"{opened} 06:00")
        report = world.report(round_, world.measures[0])
        world.submit(report, CRITICAL, at=f"{opened} 08:00")
        world.accept(report, at=f"{opened} 09:00")
        now = moment(f"{at} 09:00")
        rounds.close_round(session, round_=round_, by=world.coordination, now=now)
        publish(
            session, round_=round_, by=world.coordination, now=now, instance=instance_of(Settings())
        )
    session.commit()
    return found


def worked(desk: Desk) -> None:
    """Do what the clock does."""
    session, now = desk.world.session, desk.clock.now
    found = exports.start_next(session, now=now)
    assert found is not None
    order_id, request = found
    exports.report_step(session, order_id=order_id, done=1, total=2, step="PDF setzen", now=now)
    export = make(load(session, request))
    made = Made(export.filename, export.mimetype, export.content)
    assert exports.finish(session, order_id=order_id, made=made, now=now)
    session.commit()


def ordered(desk: Desk, slug: str = "vergleich", form: str = "docx") -> int:
    data = dict(part.split("=") for part in (ROUND + ABOUT.get(slug, "")).split("&"))
    answer = desk.ki.send(f"/ausgaben/erstellen/{slug}", data | {"form": form})
    assert answer.status_code == 303
    return int(answer.headers["Location"].rsplit("/", 1)[1])


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
        "tracker export comparison --round 2026-Q3 --version 1 --compare 2026-Q2 --format docx"
        in done.visible
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


def test_a_file_that_is_not_kept_any_more_can_be_made_again(desk: Desk) -> None:
    number = ordered(desk)
    worked(desk)
    first = queries.order(desk.world.session, order_id=number).sha256
    exports.drop_files(desk.world.session, now=desk.clock.now + timedelta(days=31))
    desk.world.session.commit()
    page = desk.ki.get(f"/ausgaben/auftraege/{number}")
    assert "noch einmal erstellen" in page.visible
    again = ordered(desk)
    worked(desk)
    assert queries.order(desk.world.session, order_id=again).sha256 == first


@one_database
@pytest.mark.parametrize(
    "path",
    [
        "/ausgaben/erstellen/quatsch",
        "/ausgaben/vorschau/quatsch",
        "/ausgaben/vorschau/bericht?runde=gestern",
        "/ausgaben/vorschau/bericht?runde=2020-Q1/1",
        "/ausgaben/vorschau/bericht?runde=2026-Q3/9",
        "/ausgaben/vorschau/bericht?runde=2026-Q3/1&feld=x",
        "/ausgaben/vorschau/bericht?runde=2026-Q3/1&form=exe",
        "/ausgaben/vorschau/vorlage?runde=2026-Q3/1&art=quatsch",
        "/ausgaben/vorschau/massnahme?runde=2026-Q3/1&massnahme=99",
        "/ausgaben/vorschau/institution?runde=2026-Q3/1&institution=x",
        "/ausgaben/auftraege/99",
        "/ausgaben/auftraege/99/stand",
        "/ausgaben/auftraege/99/datei",
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


def test_the_office_s_template_is_set_used_and_taken_back(desk: Desk) -> None:
    page = desk.ki.get("/ausgaben/word-vorlage")
    assert "Keine eigene Word-Vorlage" in page.visible

    def upload(content: bytes, name: str = "brief.docx") -> Browser | int:
        sent = {"datei": (io.BytesIO(content), name)}
        return desk.ki.send(
            "/ausgaben/word-vorlage", sent, content_type="multipart/form-data"
        ).status_code

    assert upload(b"", "") == 422
    assert upload(b"kein Word") == 422
    assert upload(own_template()) == 303
    assert "„brief.docx“ (Nummer" in desk.ki.get("/ausgaben/word-vorlage").visible
    assert "brief.docx" in desk.ki.get("/ausgaben/erstellen").visible
    number = ordered(desk, "vorlage")
    order = queries.order(desk.world.session, order_id=number)
    assert order.request.kind is ExportKind.VORLAGE
    assert order.request.template > 0
    assert desk.ki.send("/ausgaben/word-vorlage/absetzen").status_code == 303
    assert "Frühere Word-Vorlagen" in desk.ki.get("/ausgaben/word-vorlage").visible
    assert desk.ki.send("/ausgaben/word-vorlage/absetzen").status_code == 409


@one_database
def test_what_people_wrote_is_text_in_the_preview(desk: Desk) -> None:
    measure = desk.world.measures[1]
    measure.display_text = '<script>alert("x")</script> =cmd() \u202eabc 🙂 ' + "W" * 80
    round_ = desk.opened("2026-Q4", opened="2027-01-02 06:00")
    now = moment("2027-02-01 09:00")
    session, by = desk.world.session, desk.world.coordination
    rounds.close_round(session, round_=round_, by=by, now=now)
    publish(session, round_=round_, by=by, now=now, instance=instance_of(Settings()))
    session.commit()
    page = desk.ki.get("/ausgaben/vorschau/bericht?runde=2026-Q4/1")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text
