"""The KI's queue and pages of review: what is marked, asked, selected; on both databases."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.conftest import StatementCounter, one_database
from tests.coordination_world import Desk
from tests.coordination_world import desk as make_desk
from tests.factories import CRITICAL, RUNNING, World, moment
from tests.pages import Clock
from tests.reporting.review.actions.review_world import in_state
from tracker.reporting.models import Report, Review
from tracker.reporting.reports.actions import reports
from tracker.reporting.rules.content import ReportContent
from tracker.reporting.rules.reports import ReportState


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    """The KI at work."""
    return make_desk(session, app, clock)


def after_a_quarter(desk: Desk, before: ReportContent, after: ReportContent) -> Report:
    """The submitted report of measure 1.1 after an accepted quarter."""
    earlier = desk.opened("2026-Q2", opened="2026-07-01 06:00")
    report = desk.world.report(earlier, desk.world.measures[0])
    desk.world.accept(desk.world.submit(report, before, at="2026-07-05 09:00"))
    return desk.submitted(desk.opened(), 0, after)


def on_behalf(desk: Desk, report: Report, at: str = "2026-10-04 09:00") -> Report:
    """The report handed in by the KI itself."""
    reports.submit(
        desk.world.session,
        report_id=report.id or 0,
        content=RUNNING,
        expected_version=0,
        by=desk.world.coordination,
        now=moment(at),
    )
    desk.world.session.commit()
    return report


def test_words_that_changed_are_marked_and_said_and_the_rest_is_folded(desk: Desk) -> None:
    before = replace(RUNNING, cost_actual=Decimal(3000))
    text = "Drei Kurse haben <b>jetzt</b> begonnen."
    after = replace(before, achieved=text, events=4, cost_actual=Decimal(4500))
    page = desk.ki.get(f"/pruefung/{after_a_quarter(desk, before, after).id}")
    assert "Vergleich mit Q2/2026: 3 Angaben haben sich geändert" in page.visible
    assert "[entfallen: Zwei ]" in page.visible
    assert "[neu: Drei ] Kurse haben [neu: &lt;b&gt;jetzt&lt;/b&gt; ]" in page.visible
    # A number is struck out, too.
    assert re.search(r"\[entfallen: 3\.000\b.*\[neu: 4\.500\b", page.visible)
    assert page.text.count("is-changed") == 3
    for word in ("geändert", "neu"):
        assert re.search(rf"<svg[^>]*>.*?</svg><span>{word}</span>", page.text), word
    folded = page.text.partition("unveränderte Angaben ansehen")[2].partition("ohne Angabe")[0]
    assert "Dritten Kurs ausschreiben" in folded
    assert "is-changed" not in folded
    # What is decided on stands there before and now, though neither changed.
    shown = page.text.partition("Stand und geänderte Angaben")[2]
    shown = shown.partition("unveränderte Angaben")[0]
    assert shown.count("in Umsetzung") == shown.count("planmäßig") == 2
    assert "in Umsetzung" not in folded


def test_without_an_earlier_report_nothing_is_called_changed(desk: Desk) -> None:
    page = desk.ki.get(f"/pruefung/{desk.submitted(desk.opened(), 0).id}")
    assert "noch keine frühere angenommene Meldung" in page.visible
    assert "is-changed" not in page.text
    assert "unveränderte Angabe" not in page.visible


def test_questions_at_fields_reach_the_institution_and_stand_beside_its_next_answer(
    desk: Desk,
) -> None:
    report = desk.submitted(desk.opened(), 0)
    path = f"/pruefung/{report.id}"
    asked = {"revision": "1", "comment_achieved": "Welche <Kurse>?", "comment_events": "Wie viele?"}
    desk.ki.send(f"{path}/zurueckgeben", asked)
    page = desk.ki.get(path)
    assert "Was wurde erreicht?: „Welche &lt;Kurse&gt;?“" in page.visible.replace(" :", ":")
    representative = desk.browser(desk.world.representative)
    read = representative.get(f"/meldungen/{report.id}").visible
    assert "Was wurde erreicht?" in read
    desk.world.session.refresh(report)
    desk.world.submit(report, replace(RUNNING, achieved="Zwei Deutschkurse haben begonnen."))
    desk.world.session.commit()
    page = desk.ki.get(path)
    assert "Ihre Rückfrage zur 1. Fassung: Welche &lt;Kurse&gt;?" in page.visible
    assert "anders als in der 1. Fassung" in page.visible
    # A question without an answer stays in sight.
    shown = page.text.partition("Felder ohne Angabe")[0]
    assert 'Ihre Rückfrage zur 1. Fassung: <span dir="auto">Wie viele?' in shown


def test_a_wrong_question_is_told_at_its_field_and_every_text_comes_back(desk: Desk) -> None:
    report = desk.submitted(desk.opened(), 0)
    typed = {
        "revision": "1",
        "comment": "Im Ganzen gut.",
        "comment_achieved": "Wie viele\x07?",
        "comment_events": "Eine Frage",
    }
    page = desk.ki.post(f"/pruefung/{report.id}/zurueckgeben", typed, status=422)
    error = page.text.partition('id="comment_achieved-error"')[2].partition("</p>")[0]
    assert "1 unsichtbare Steuerzeichen" in error
    assert 'href="#comment_achieved"' in page.text
    for text in ("Im Ganzen gut.", "Wie viele?", "Eine Frage"):
        assert f">\n{text}</textarea>" in page.text


@one_database
@pytest.mark.parametrize(
    ("step", "typed", "told"),
    [
        ("annehmen", {"comment": "Zahl?"}, "Sie haben eine Rückfrage geschrieben"),
        ("annehmen", {"comment_events": "Zahl?"}, "Sie haben eine Rückfrage geschrieben"),
        ("annehmen", {"reason": "Zahl?"}, "Sie haben einen anderen Wert begründet"),
        (
            "feststellen",
            {"implementation": "completed", "reason": "Fertig", "comment_events": "Zahl?"},
            "Sie haben eine Rückfrage geschrieben",
        ),
        ("zurueckgeben", {"comment": "x", "reason": "Zahl?"}, "einen anderen Wert begründet"),
    ],
)
def test_no_text_is_left_behind_by_another_decision(
    desk: Desk, step: str, typed: dict[str, str], told: str
) -> None:
    report = desk.submitted(desk.opened(), 0)
    path = f"/pruefung/{report.id}/{step}"
    page = desk.ki.post(path, {"revision": "1"} | typed, status=422)
    assert told in page.visible
    assert ">\nZahl?</textarea>" in page.text
    field = next(name for name, text in typed.items() if text == "Zahl?")
    assert f'href="#{field}"' in page.text
    desk.world.session.refresh(report)
    assert report.state is ReportState.SUBMITTED


def test_of_two_who_decide_at_once_the_second_keeps_all_texts(desk: Desk) -> None:
    report = desk.submitted(desk.opened(), 0)
    other = desk.browser(desk.world.second_coordination)
    other.send(f"/pruefung/{report.id}/annehmen", {"revision": "1"})
    typed = {"revision": "1", "comment": "Zahl?", "comment_events": "Wie viele?"}
    page = desk.ki.post(f"/pruefung/{report.id}/zurueckgeben", typed, status=409)
    assert "Die Meldung ist angenommen" in page.visible
    assert "Zuletzt entschieden hat ki2" in page.visible
    assert "Annahme widerrufen" in page.visible
    assert "Ihre Eingabe zum Kopieren" in page.visible
    for text in ("Zahl?", "Wie viele?"):
        assert f">\n{text}</textarea>" in page.text
    assert len(desk.world.session.exec(select(Review)).all()) == 1


@pytest.mark.parametrize(
    ("step", "typed"),
    [
        ("annehmen", {}),
        ("feststellen", {"implementation": "completed", "reason": "Gesehen"}),
        ("zurueckgeben", {"comment": "Zahl?", "comment_events": "Wie viele?"}),
        ("zurueckgeben", {"comment_events": "Wie viele?"}),
    ],
)
def test_pressing_twice_decides_once_and_goes_on(
    desk: Desk, step: str, typed: dict[str, str]
) -> None:
    report = desk.submitted(desk.opened(), 0)
    path = f"/pruefung/{report.id}/{step}"
    for _ in range(2):
        assert desk.ki.send(path, {"revision": "1"} | typed).location == "/pruefung/"
    assert "Ihre Entscheidung war schon gespeichert." in desk.ki.get("/pruefung/").visible
    assert len(desk.world.session.exec(select(Review)).all()) == 1
    # Anything else comes too late, and its text is shown.
    other = {"revision": "1", "comment": "Doch noch etwas"}
    page = desk.ki.post(f"/pruefung/{report.id}/zurueckgeben", other, status=409)
    assert "Doch noch etwas</textarea>" in page.text


def test_place_and_next_keep_to_the_selection_and_skip_own_submissions(desk: Desk) -> None:
    round_ = desk.opened()
    on_behalf(desk, desk.world.report(round_, desk.world.measures[0]))
    first, second = desk.submitted(round_, 1), desk.submitted(round_, 2)
    other_field = desk.submitted(round_, 3)
    page = desk.ki.get(f"/pruefung/{second.id}?feld=1")
    assert "Meldung 3 von 3 in dieser Auswahl" in page.visible
    assert f'href="/pruefung/{first.id}?feld=1" accesskey="v">Vorige Meldung' in page.text
    assert 'href="/pruefung/?feld=1"' in page.text
    response = desk.ki.send(f"/pruefung/{second.id}/annehmen?feld=1", {"revision": "1"})
    assert response.location == f"/pruefung/{first.id}?feld=1"
    skipped = "Übersprungen: 1 Meldung, die Sie selbst abgegeben haben."
    assert skipped in desk.ki.get(response.location).visible
    response = desk.ki.send(f"/pruefung/{first.id}/annehmen?feld=1", {"revision": "1"})
    assert response.location == "/pruefung/?feld=1"
    page = desk.ki.get("/pruefung/?feld=1")
    assert "Es wartet in dieser Auswahl keine weitere Meldung" in page.visible
    assert "1 Meldung haben Sie selbst abgegeben" in page.visible
    assert "Außerhalb der Auswahl: 1 Meldung wartet." in page.visible
    assert f"/pruefung/{other_field.id}" in desk.ki.get("/pruefung/").text


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["1.3", "1.1", "2.1"]),
        ("?reihenfolge=massnahme", ["1.1", "1.3", "2.1"]),
        ("?feld=2", ["2.1"]),
        ("?feld=2&unveraendert=1", []),
        ("?institution=2000000000", []),
        ("?institution=eins&feld=", ["1.3", "1.1", "2.1"]),
    ],
)
def test_the_queue_shows_what_is_selected(desk: Desk, query: str, codes: list[str]) -> None:
    round_ = desk.opened()
    late, early = (desk.world.report(round_, desk.world.measures[number]) for number in (0, 2))
    desk.world.submit(early, at="2026-10-02 09:00")
    desk.world.submit(late, at="2026-10-03 09:00")
    desk.submitted(round_, 3)
    page = desk.ki.get(f"/pruefung/{query}")
    found = re.findall(r'<td class="kern-table__cell code"[^>]*><div>([\d.]+)</div>', page.text)
    assert found == codes
    assert ("In dieser Auswahl" in page.visible) == (len(codes) < 3)
    assert "wartet seit" in desk.ki.get("/pruefung/").visible


def test_the_pages_ask_the_database_as_often_for_one_report_as_for_four(
    desk: Desk, engine: Engine
) -> None:
    round_ = desk.opened()
    report = desk.submitted(round_, 0)
    pages = ("/pruefung/", "/pruefung/unveraendert", f"/pruefung/{report.id}")
    counts = []
    for more in ((), (1, 2, 3)):
        for number in more:
            desk.submitted(round_, number)
        for path in pages:
            desk.ki.get(path)
            with StatementCounter(engine) as counter:
                desk.ki.get(path)
            counts.append(counter.count)
    assert counts[:3] == counts[3:]
    assert max(counts) < 15


def test_reviewed_values_and_revoked_acceptances_are_read_by_the_institution(desk: Desk) -> None:
    report = desk.submitted(desk.opened(), 0, CRITICAL)
    fields = {
        "revision": "1",
        "implementation": "planned",
        "course": "at_risk",
        "reason": "Vor Ort gesehen",
    }
    desk.ki.send(f"/pruefung/{report.id}/feststellen", fields)
    representative = desk.browser(desk.world.representative)
    path = f"/meldungen/{report.id}/ansehen"
    read = representative.get(path).visible
    assert "Festgestellt vom Integrationszentrum" in read
    assert "Begründung: Vor Ort gesehen" in read
    desk.ki.send(f"/pruefung/{report.id}/widerrufen", {"revoke_reason": "Falsche Maßnahme"})
    read = representative.get(path).visible
    assert "Annahme widerrufen" in read
    assert "Falsche Maßnahme" in read


DECISIONS = {
    "annehmen": {ReportState.SUBMITTED},
    "feststellen": {ReportState.SUBMITTED},
    "zurueckgeben": {ReportState.SUBMITTED},
    "widerrufen": {ReportState.ACCEPTED},
    "befreien": {ReportState.EXPECTED, ReportState.DRAFT, ReportState.RETURNED},
    "befreiung-aufheben": {ReportState.WAIVED},
}
TYPED = {
    "feststellen": {"implementation": "completed", "reason": "Gesehen"},
    "zurueckgeben": {"comment_achieved": "Welche?"},
    "widerrufen": {"revoke_reason": "Irrtum"},
    "befreien": {"waive_reason": "Umzug"},
}


@one_database
@pytest.mark.parametrize("step", DECISIONS)
@pytest.mark.parametrize("state", list(ReportState))
def test_a_page_offers_what_its_state_allows_and_refuses_the_rest(
    desk: Desk, state: ReportState, step: str
) -> None:
    report = in_state(desk.world, state)
    desk.world.session.commit()
    path = f"/pruefung/{report.id}/{step}"
    allowed = state in DECISIONS[step]
    page = desk.ki.get(f"/pruefung/{report.id}")
    assert (f'action="{path}"' in page.text) == allowed
    response = desk.ki.send(path, {"revision": str(report.revision)} | TYPED.get(step, {}))
    # The decision that stands already, sent twice, goes on and changes nothing.
    again = (state, step) == (ReportState.ACCEPTED, "annehmen")
    assert response.status_code == (302 if allowed or again else 409)
    desk.world.session.refresh(report)
    assert (report.state is not state) == allowed


def test_the_queue_holds_the_reports_of_all_concepts_and_says_which(desk: Desk) -> None:
    desk.submitted(desk.opened(), 0)
    assert "konzept" not in desk.ki.get("/pruefung/").visible.partition("wartet auf Prüfung")[2]
    second = World(desk.world.session, key="zweites", beside=desk.world)
    second.lead(second.library)
    second.submit(second.report(second.open_round(), second.measures[0]))
    desk.world.session.commit()
    page = desk.ki.get("/pruefung/").visible
    assert "2 Meldungen warten auf Prüfung" in page
    assert page.count("Q3/2026 Probekonzept") == page.count("Q3/2026 Zweiteskonzept") == 1
    assert "1. Handlungsfeld 1" in page
