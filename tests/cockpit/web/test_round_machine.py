"""Cancelling an open round, abandoning a correction, asking for a report later: the KI's pages."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlmodel import Session, select

from tests.coordination_world import Desk
from tests.coordination_world import desk as make_desk
from tests.factories import RUNNING
from tests.pages import Clock
from tracker.core.periods import Period
from tracker.publication.models import Snapshot
from tracker.reporting.models import Report, Round
from tracker.reporting.reports.actions import reports
from tracker.reporting.rules.rounds import RoundState

ROUND = "/runden/2026-Q3"


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    """The KI at work; the library leads five of six measures."""
    return make_desk(session, app, clock)


def step(desk: Desk, name: str, **fields: str) -> int:
    return desk.ki.send(f"{ROUND}/schritt/{name}", fields).status_code


def state(desk: Desk) -> RoundState:
    desk.world.session.expire_all()
    return desk.world.session.exec(select(Round)).one().state


def begin(desk: Desk, round_: Round, count: int) -> None:
    """Have the library begin this many reports."""
    for measure in desk.world.measures[:count]:
        reports.save_draft(
            desk.world.session,
            report_id=desk.world.report(round_, measure).id or 0,
            content=RUNNING,
            expected_version=0,
            by=desk.world.representative,
            now=desk.clock.now,
        )
    desk.world.session.commit()


@pytest.mark.parametrize(
    ("begun", "sentence"),
    [
        (0, ""),
        (1, "1 Meldung ist angefangen. Der Text bleibt"),
        (2, "2 Meldungen sind angefangen. Die Texte bleiben"),
    ],
)
def test_an_open_round_is_cancelled_with_a_reason(desk: Desk, begun: int, sentence: str) -> None:
    begin(desk, desk.opened(), begun)
    assert "Runde absagen" in desk.ki.get(ROUND).visible
    page = desk.ki.get(f"{ROUND}/schritt/absagen")
    assert "5 angeforderte Meldungen entfallen" in page.visible
    assert "bekommt eine Mail mit Ihrer Begründung" in page.visible
    assert ("angefangen" in page.visible) is bool(begun)
    assert sentence in page.visible
    page = desk.ki.post(f"{ROUND}/schritt/absagen", {"reason": ""}, status=422)
    assert "Bitte geben Sie eine Begründung an" in page.visible
    assert step(desk, "absagen", reason="Neuwahl") == 302
    page = desk.ki.get(ROUND)
    assert "abgesagt: Neuwahl" in page.visible
    assert "5 Meldungen waren angefordert, abgegeben war keine" in page.visible
    assert "Rücklauf" not in page.visible
    assert "Nachfrist" not in page.visible
    assert state(desk) is RoundState.CANCELLED
    assert "abgesagt" in desk.ki.get("/runden/").visible
    mine = desk.browser(desk.world.representative).get("/meldungen/")
    assert "3. Quartal 2026: abgesagt" in mine.visible
    assert "Grund: Neuwahl" in mine.visible
    assert ("bleibt lesbar: " in mine.visible) is bool(begun)
    if begun:
        report = desk.world.session.exec(select(Report).order_by(Report.id)).first()  # type: ignore[arg-type]
        assert report is not None
        shown = desk.browser(desk.world.representative).get(f"/meldungen/{report.id}/ansehen")
        assert "Diese Runde ist abgesagt" in shown.visible


@pytest.mark.parametrize(
    ("count", "sentence"),
    [(1, "Abgegeben ist schon eine Meldung"), (2, "Abgegeben sind schon 2 Meldungen")],
)
def test_once_something_was_handed_in_the_page_names_the_way_on(
    desk: Desk, count: int, sentence: str
) -> None:
    round_ = desk.opened()
    for number in range(count):
        desk.submitted(round_, number)
    assert "Runde absagen" not in desk.ki.get(ROUND).visible
    assert "Runde absagen" not in desk.ki.get("/runden/").visible
    for page in (
        desk.ki.get(f"{ROUND}/schritt/absagen"),
        desk.ki.post(f"{ROUND}/schritt/absagen", {"reason": "Neuwahl"}, status=409),
    ):
        assert sentence in page.visible
        assert f'href="{ROUND}/schritt/schliessen"' in page.text
        assert "<textarea" not in page.text
    assert state(desk) is RoundState.OPEN


def published(desk: Desk) -> Report:
    report = desk.submitted(desk.opened(), 0)
    desk.ki.send(f"/pruefung/{report.id}/annehmen", {"revision": "1"})
    assert [step(desk, name) for name in ("schliessen", "veroeffentlichen")] == [302, 302]
    return report


def test_a_published_round_awaits_nothing(desk: Desk) -> None:
    published(desk)
    missing = desk.world.report(
        desk.world.session.exec(select(Round)).one(), desk.world.measures[1]
    )
    for path in (ROUND, f"/pruefung/{missing.id}"):
        page = desk.ki.get(path).visible
        assert "nicht eingegangen" in page
        assert "Zustand erwartet" not in page
        assert "erwartet, Frist" not in page


def test_a_correction_is_abandoned_and_the_published_version_holds(desk: Desk) -> None:
    report = published(desk)
    first = desk.world.session.exec(select(Snapshot)).one().sha256
    page = desk.ki.post(f"{ROUND}/schritt/korrigieren", {"reason": "Dreher 👍"}, status=422)
    assert "Im PDF erscheint „👍“ als „[Daumen hoch]“" in page.visible
    assert 'name="reason-signs" value="👍"' in page.text
    assert step(desk, "korrigieren", reason="Zahlendreher") == 302
    assert "noch nichts geändert" in desk.ki.get(f"{ROUND}/schritt/korrektur-verwerfen").visible
    desk.ki.send(f"/pruefung/{report.id}/widerrufen", {"revoke_reason": "Falsche Zahl"})
    page = desk.ki.get(f"{ROUND}/schritt/korrektur-verwerfen")
    assert "Zurückgesetzt wird 1 Meldung (Maßnahme 1.1)" in page.visible
    page = desk.ki.post(f"{ROUND}/schritt/korrektur-verwerfen", {"reason": " "}, status=422)
    assert "Bitte geben Sie eine Begründung an" in page.visible
    assert step(desk, "korrektur-verwerfen", reason="Zahl stimmt") == 302
    assert state(desk) is RoundState.PUBLISHED
    page = desk.ki.get(ROUND)
    assert "Diese Zahlen stehen auch in der veröffentlichten Fassung 1" in page.visible
    assert "Korrektur läuft" not in desk.ki.get("/runden/").visible
    assert [row.sha256 for row in desk.world.session.exec(select(Snapshot))] == [first]
    assert "Korrektur verworfen: Zahl stimmt" in desk.ki.get(f"/pruefung/{report.id}").visible
    assert "Korrektur verworfen" in desk.ki.get("/protokoll/").visible


def test_what_was_handed_in_anew_leads_to_publishing(desk: Desk) -> None:
    report = published(desk)
    step(desk, "korrigieren", reason="Zahlendreher")
    desk.ki.send(f"/pruefung/{report.id}/widerrufen", {"revoke_reason": "Falsche Zahl"})
    desk.ki.send(f"/pruefung/{report.id}/zurueckgeben", {"revision": "1", "comment": "Zahl?"})
    fields = {"until": "2026-12-01", "reason": "Korrektur"}
    desk.ki.send(f"/pruefung/{report.id}/nachfrist", fields)
    desk.world.session.expire_all()
    desk.world.submit(report, at="2026-10-09 08:30")
    desk.world.session.commit()
    for page in (
        desk.ki.get(f"{ROUND}/schritt/korrektur-verwerfen"),
        desk.ki.post(f"{ROUND}/schritt/korrektur-verwerfen", {"reason": "x"}, status=409),
    ):
        assert "Eine Meldung ist in dieser Korrektur neu abgegeben (Maßnahme 1.1)" in page.visible
        assert f'href="{ROUND}/schritt/veroeffentlichen"' in page.text
    assert state(desk) is RoundState.CLOSED


def test_a_closed_round_that_was_never_published_has_no_correction(desk: Desk) -> None:
    desk.opened()
    step(desk, "schliessen")
    assert "Korrektur verwerfen" not in desk.ki.get(ROUND).visible
    path = f"{ROUND}/schritt/korrektur-verwerfen"
    for page in (desk.ki.get(path, 409), desk.ki.post(path, {"reason": "x"}, status=409)):
        assert "eine Korrektur läuft nicht" in page.visible
        assert "Runde veröffentlichen" in page.visible


def asked_later(desk: Desk) -> None:
    """The sixth measure gets its lead after the opening."""
    desk.opened()
    desk.world.lead(desk.world.club, desk.world.measures[5])
    desk.world.session.commit()


def test_a_measure_that_got_its_lead_later_joins_the_round(desk: Desk) -> None:
    asked_later(desk)
    # The day after the Stichtag: the quarter's publication counts it.
    desk.world.measures[5].retired_on = date(2026, 10, 1)
    desk.world.session.commit()
    page = desk.ki.get(ROUND)
    assert "Nicht angefordert: 1" in page.visible
    way = f"{ROUND}/nachfordern?massnahme=2.3"
    assert f'href="{way}"' in page.text
    number = desk.world.measures[5].id
    page = desk.ki.get(way)
    assert f'<option value="{number}" selected>' in page.text
    assert "Zur Wahl steht 1 Maßnahme" in page.visible
    fields = {"measure_id": str(number), "due_on": "2026-11-05", "reason": "Erst jetzt zuständig"}
    wrongs = ({"reason": ""}, {"due_on": "2026-10-14"}, {"due_on": ""}, {"measure_id": "x"})
    for wrong in (*wrongs, {"measure_id": str(desk.world.measures[0].id)}):
        desk.ki.post(f"{ROUND}/nachfordern", fields | wrong, status=422)
    assert desk.ki.send(f"{ROUND}/nachfordern", fields).status_code == 302
    page = desk.ki.get(ROUND)
    assert "Die Meldung ist angefordert, bis 05.11.2026" in page.visible
    assert "6 Meldungen sind erwartet, davon 1 nachträglich." in page.visible
    assert "Nur die zur Eröffnung erwarteten: Rücklauf 0 von 5" in page.visible
    assert "6 erwartete Meldungen, davon 1 nachträglich." in page.visible
    assert "Nachträglich angefordert: 1" in page.visible
    assert "Nicht angefordert" not in page.visible
    assert "0 von 6 (1 nachträglich)" in desk.ki.get("/runden/").visible
    assert "Eine nachträglich angeforderte Meldung hat noch Zeit bis 05.11.2026" in (
        desk.ki.get(f"{ROUND}/schritt/schliessen").visible
    )
    assert "schon gemeldet" in desk.ki.get(f"{ROUND}/nachfordern").visible
    mine = desk.browser(desk.world.stranger).get("/meldungen/")
    assert "Nach der Eröffnung angefordert: Erst jetzt zuständig" in mine.visible
    assert "Eigene Frist: 05.11.2026" in mine.visible
    assert "Nachfrist" not in mine.visible
    report = desk.world.session.exec(select(Report).where(Report.measure_id == number)).one()
    shown = desk.browser(desk.world.stranger).get(f"/meldungen/{report.id}")
    assert "Nach der Eröffnung angefordert: Erst jetzt zuständig" in shown.visible
    assert "Meldung nachträglich angefordert" in desk.ki.get("/protokoll/").visible


def test_joined_and_waived_stand_beside_each_other(desk: Desk) -> None:
    asked_later(desk)
    number = desk.world.measures[5].id
    fields = {"measure_id": str(number), "due_on": "2026-11-05", "reason": "Erst jetzt"}
    desk.ki.send(f"{ROUND}/nachfordern", fields)
    round_ = desk.world.session.exec(select(Round)).one()
    report = desk.world.report(round_, desk.world.measures[0])
    desk.ki.send(f"/pruefung/{report.id}/befreien", {"waive_reason": "Umbau"})
    page = desk.ki.get(ROUND)
    assert (
        "5 erwartete Meldungen, davon 1 nachträglich (1 befreite zählt nicht dazu)." in page.visible
    )


@pytest.mark.parametrize("name", ["schliessen", "absagen"])
def test_a_round_that_is_not_open_asks_for_nothing_more(desk: Desk, name: str) -> None:
    asked_later(desk)
    step(desk, name, reason="Neuwahl")
    for page in (
        desk.ki.get(f"{ROUND}/nachfordern", 409),
        desk.ki.post(f"{ROUND}/nachfordern", {}, status=409),
    ):
        assert "nur in einer offenen Runde" in page.visible


def test_the_preview_counts_a_joined_report_like_any_other(desk: Desk) -> None:
    asked_later(desk)
    fields = {"due_on": "2026-11-05", "reason": "Erst jetzt"}
    desk.ki.send(f"{ROUND}/nachfordern", fields | {"measure_id": str(desk.world.measures[5].id)})
    page = desk.ki.get(f"/dashboards/vorschau?runde={Period.parse('2026-Q3').key}")
    assert page.response.status_code == 200
