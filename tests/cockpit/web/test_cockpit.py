"""The cockpit of a round as the KI opens it, on both databases."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.conftest import StatementCounter
from tests.coordination_world import Desk
from tests.coordination_world import desk as make_desk
from tests.factories import moment
from tests.pages import Clock
from tracker.reporting.models import Extension
from tracker.reporting.review.actions import review


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    """The KI at work."""
    return make_desk(session, app, clock)


def step(desk: Desk, name: str, period: str = "2026-Q3", **fields: str) -> int:
    return desk.ki.send(f"/runden/{period}/schritt/{name}", fields).status_code


def at(desk: Desk, when: str) -> None:
    """Move the clock; the KI signs in again."""
    desk.clock.now = moment(when)
    desk.ki = desk.browser(desk.world.coordination)


def test_more_time_for_an_institution_needs_a_reason_and_a_day_that_helps(desk: Desk) -> None:
    desk.opened()
    fields = {
        "institution_id": str(desk.world.library.id),
        "until": "2026-10-25",
        "reason": "Umzug",
    }
    wrongs = ({"reason": ""}, {"until": "2026-10-15"}, {"institution_id": ""})
    for wrong in (*wrongs, {"institution_id": str(desk.world.club.id)}):
        desk.ki.post("/runden/2026-Q3/nachfrist", fields | wrong, status=422)
    assert desk.world.session.exec(select(Extension)).all() == []
    assert desk.ki.send("/runden/2026-Q3/nachfrist", fields).status_code == 302
    page = desk.ki.get("/runden/2026-Q3")
    assert "Volkshochschule kann bis 25.10.2026 melden" in page.visible
    assert "Mit Nachfrist: 5" in page.visible
    assert "Umzug" in page.visible


def test_the_way_from_an_institution_to_more_time_has_it_chosen(desk: Desk) -> None:
    desk.opened()
    number = desk.world.library.id
    way = f"/runden/2026-Q3/nachfrist?institution={number}"
    assert f'href="{way}"' in desk.ki.get("/runden/2026-Q3").text
    assert f'<option value="{number}" selected>' in desk.ki.get(way).text
    for other in ("", "999999", "abc"):
        page = desk.ki.get(f"/runden/2026-Q3/nachfrist?institution={other}")
        assert f'<option value="{number}" selected>' not in page.text


def test_the_counts_lead_to_the_lists_and_every_row_leads_on(desk: Desk) -> None:
    round_ = desk.opened()
    waits = desk.submitted(round_, 0)
    missing = desk.world.report(round_, desk.world.measures[1])
    page = desk.ki.get("/runden/2026-Q3")
    for key in re.findall(r'href="#([a-z-]+)"', page.text):
        assert f'id="{key}"' in page.text
    assert {"zu-pruefen", "offen", "ohne"} <= set(re.findall(r'href="#([a-z-]+)"', page.text))
    ways = {
        f"/pruefung/{waits.id}",
        f"/meldungen/{missing.id}",
        f"/pruefung/{missing.id}#nachfrist",
        f"/pruefung/{missing.id}#befreien",
        "/zustaendigkeiten/1.2",
        "/zustaendigkeiten/2.3",
        "/pruefung/",
    }
    assert ways <= set(re.findall(r'href="([^"]+)"', page.text))
    assert f'href="/meldungen/{waits.id}"' not in page.text


def test_the_cockpit_explains_every_figure_with_its_inputs(desk: Desk) -> None:
    round_ = desk.opened()
    desk.submitted(round_, 0)
    waived = desk.world.report(round_, desk.world.measures[1])
    desk.ki.send(f"/pruefung/{waived.id}/befreien", {"waive_reason": "Umzug"})
    page = desk.ki.get("/runden/2026-Q3")
    inputs = "4 erwartete Meldungen (1 befreite zählt nicht dazu). Davon zählt 1: 1 / 4 = 25,0 %"
    assert inputs in page.visible
    timeliness = "bisher 1 (Frist läuft noch für 3 Meldungen)"
    assert timeliness in page.visible
    desk.clock.now = moment("2026-10-16 09:00")
    desk.ki = desk.browser(desk.world.coordination)
    page = desk.ki.get("/runden/2026-Q3")
    assert "Termintreue 1 von 4 (25,0 %)" in page.visible
    assert timeliness not in page.visible
    # the whole round, each field with a report, the one institution: three figures each
    assert page.text.count("count__why") == 3 + 2 + 1
    assert "Wie kommt die Zahl zustande?" in page.visible


def test_what_one_has_submitted_oneself_is_told_apart_from_what_one_may_review(
    desk: Desk,
) -> None:
    round_ = desk.opened()
    desk.submitted(round_, 0)
    own = desk.submitted(round_, 1)
    own.submitted_by_id = desk.world.coordination.account_id
    desk.world.session.commit()
    page = desk.ki.get("/runden/2026-Q3")
    assert "warten auf Prüfung; 1 Meldung davon haben Sie selbst abgegeben" in page.visible
    assert "warten auf Ihre Prüfung" not in desk.ki.get("/runden/").visible


def test_a_correction_that_moved_a_figure_is_said_beside_it(desk: Desk) -> None:
    round_ = desk.opened()
    report = desk.submitted(round_, 0)
    desk.ki.send(f"/pruefung/{report.id}/annehmen", {"revision": "1"})
    assert [step(desk, name) for name in ("schliessen", "veroeffentlichen")] == [302, 302]
    page = desk.ki.get("/runden/2026-Q3")
    assert "Diese Zahlen stehen auch in der veröffentlichten Fassung 1" in page.visible
    step(desk, "korrigieren", reason="Zahlendreher")
    desk.ki.send(f"/pruefung/{report.id}/widerrufen", {"revoke_reason": "Falsche Zahl"})
    page = desk.ki.get("/runden/2026-Q3")
    assert "Veröffentlicht sind andere Zahlen" in page.visible
    assert "angenommen 1 von 5" in page.visible
    assert "wird mit Fassung 2 veröffentlicht" in page.visible


def test_a_late_answer_to_a_question_is_no_abgabefrist_that_passed(desk: Desk) -> None:
    round_ = desk.opened()
    report = desk.submitted(round_, 0)
    review.return_report(
        desk.world.session,
        report_id=report.id or 0,
        comment="Zahl?",
        by=desk.world.coordination,
        now=desk.clock.now,
    )
    desk.world.session.commit()
    page = desk.ki.get("/runden/2026-Q3")
    assert "Nachbesserung bis 12.10.2026" in page.visible
    assert "zurückgegeben heute" in page.visible
    assert "Nachbesserung ist fällig" not in page.visible
    at(desk, "2026-10-14 09:00")
    page = desk.ki.get("/runden/2026-Q3")
    assert "Zurückgegeben und wartend: 1" in page.visible
    assert "Nachbesserung seit 12.10.2026 fällig" in page.visible
    assert "zurückgegeben seit 9 Tagen" in page.visible
    assert "1 Nachbesserung ist fällig" in page.visible
    assert "0 überfällig" in page.visible
    assert "ist die Abgabefrist vorbei" not in page.visible
    at(desk, "2026-10-16 09:00")
    page = desk.ki.get("/runden/2026-Q3")
    assert "Überfällig: 4" in page.visible
    assert "bei 4 Meldungen ist die Abgabefrist vorbei" in page.visible


def test_what_came_and_was_returned_is_not_listed_as_never_received(desk: Desk) -> None:
    round_ = desk.opened()
    desk.submitted(round_, 0)
    returned = desk.submitted(round_, 1)
    review.return_report(
        desk.world.session,
        report_id=returned.id or 0,
        comment="Zahl?",
        by=desk.world.coordination,
        now=desk.clock.now,
    )
    review.accept(
        desk.world.session,
        report_id=desk.world.report(round_, desk.world.measures[0]).id or 0,
        reviewed=None,
        reason="",
        by=desk.world.coordination,
        now=desk.clock.now,
    )
    desk.world.session.commit()
    assert [step(desk, name) for name in ("schliessen", "veroeffentlichen")] == [302, 302]
    page = desk.ki.get("/runden/2026-Q3")
    assert "Davon zählen 2: 2 / 5 = 40,0 %" in page.visible
    assert "Nicht eingegangen: 3" in page.visible
    assert "Zurückgegeben und nicht wieder abgegeben: 1" in page.visible


def test_a_round_closed_early_says_that_missing_reports_did_not_come(desk: Desk) -> None:
    round_ = desk.opened()
    at(desk, "2026-10-10 09:00")
    assert "noch Zeit" in desk.ki.get("/runden/2026-Q3").visible
    report = desk.world.report(round_, desk.world.measures[0])
    desk.ki.send(f"/pruefung/{report.id}/nachfrist", {"until": "2026-10-25", "reason": "Umzug"})
    step(desk, "schliessen")
    page = desk.ki.get("/runden/2026-Q3")
    assert page.visible.count("nicht eingegangen (Runde vorzeitig geschlossen)") == 4
    assert page.visible.count("noch Zeit") == 1
    assert "Nicht eingegangen: 4" in page.visible
    assert "Noch nicht abgegeben: 1" in page.visible
    page = desk.ki.get("/runden/2026-Q3/schritt/veroeffentlichen")
    assert "Die Abgabefrist läuft noch bis 15.10.2026" in page.visible
    assert "Eine Nachfrist läuft noch bis 25.10.2026" in page.visible
    step(desk, "veroeffentlichen")
    page = desk.ki.get("/runden/2026-Q3")
    assert page.visible.count("nicht eingegangen (Runde vorzeitig geschlossen)") == 5
    assert "noch Zeit" not in page.visible


def test_the_cockpit_costs_a_fixed_number_of_statements(desk: Desk, engine: Engine) -> None:
    round_ = desk.opened()
    desk.ki.get("/runden/2026-Q3")  # the first request of a process asks some things once
    counts = []
    for number in (None, 0, 1):
        if number is not None:
            desk.submitted(round_, number)
        with StatementCounter(engine) as counter:
            desk.ki.get("/runden/2026-Q3")
        counts.append(counter.count)
    assert counts[0] == counts[1] == counts[2] <= 12
