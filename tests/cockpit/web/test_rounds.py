"""The KI's pages about rounds, on both databases."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlmodel import Session, select

from tests.cockpit.web.test_planning import proposal
from tests.coordination_world import Desk
from tests.coordination_world import desk as make_desk
from tests.factories import moment
from tests.pages import Browser, Clock
from tracker.cockpit.web import steps
from tracker.concept.models import Entry, EntryKind
from tracker.publication.models import Snapshot
from tracker.reporting.models import Round
from tracker.reporting.rules.rounds import RoundState


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    """The KI at work."""
    return make_desk(session, app, clock)


def state(desk: Desk, period: str = "2026-Q3") -> RoundState:
    desk.world.session.expire_all()
    return desk.world.session.exec(select(Round).where(Round.period == period)).one().state


def step(desk: Desk, name: str, period: str = "2026-Q3", **fields: str) -> int:
    return desk.ki.send(f"/runden/{period}/schritt/{name}", fields).status_code


def at(desk: Desk, when: str) -> None:
    """Move the clock; the KI signs in again."""
    desk.clock.now = moment(when)
    desk.ki = desk.browser(desk.world.coordination)


def test_without_a_concept_the_page_says_what_to_do(coordination: Browser) -> None:
    assert "tracker seed" in coordination.get("/runden/", 404).visible
    assert "tracker seed" in coordination.get("/zustaendigkeiten/").visible
    assert "tracker seed" in coordination.get("/konzept/").visible
    assert "keine Runde" in coordination.get("/pruefung/").visible


def test_planning_takes_the_usual_due_day_and_warns_of_a_late_one(desk: Desk) -> None:
    page = desk.ki.get("/runden/")
    assert "noch keine Runde geplant" in page.visible
    fields = {"period": "2026-Q3", "despatch_on": "2026-10-15"}
    response = desk.ki.send("/runden/", fields)
    assert response.location == "/runden/2026-Q3"
    page = desk.ki.get("/runden/2026-Q3")
    assert "15.10.2026" in page.visible
    assert "nicht vor dem Versand der Sitzungsunterlagen" in page.visible


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"period": "2026-Q3", "due_on": "2026-09-30"}, "nach dem Stichtag"),
        ({"period": "1999-Q9"}, "Zeitraum"),
        ({"period": "2026-Q3", "due_on": "bald"}, "Abgabefrist"),
    ],
)
def test_a_plan_that_cannot_be_is_shown_again(
    desk: Desk, fields: dict[str, str], message: str
) -> None:
    assert message in desk.ki.post("/runden/", fields, status=422).visible
    assert desk.world.session.exec(select(Round)).all() == []


def test_where_the_next_periods_are_planned_the_later_ones_are_offered(desk: Desk) -> None:
    for year in (2026, 2027):
        fields = proposal(desk, year)
        ticks = {name.replace("due_on", "plan"): "y" for name in fields if "due_on" in name}
        desk.ki.send("/runden/planen", fields | ticks)
    page = desk.ki.get("/runden/")
    offered = re.findall(r'<option value="(20[^"]+)"', page.text)
    assert offered[0] == "2028-Q1"
    assert len(offered) > 1
    assert desk.ki.send("/runden/", {"period": "2028-Q1"}).location == "/runden/2028-Q1"


def test_opening_says_beforehand_how_many_and_which_are_missing(desk: Desk) -> None:
    desk.ki.send("/runden/", {"period": "2026-Q3"})
    page = desk.ki.get("/runden/2026-Q3/schritt/eroeffnen")
    assert "5 Meldungen werden angefordert" in page.visible
    assert "1 Maßnahme ohne federführende Institution fehlt dann" in page.visible
    assert "2.3" in page.visible
    assert step(desk, "eroeffnen") == 302
    page = desk.ki.get("/runden/2026-Q3")
    assert "Angeforderte Meldungen: 5" in page.visible
    assert "0 von 5" in page.visible
    assert "Ohne Zuständigkeit: 1" in page.visible


def test_opening_without_any_lead_is_refused_on_the_page(
    session: Session, app: Flask, clock: Clock
) -> None:
    desk = make_desk(session, app, clock)
    for measure in desk.world.measures:
        measure.retired_on = date(2026, 9, 30)
    session.commit()
    desk.ki.send("/runden/", {"period": "2026-Q3"})
    page = desk.ki.post("/runden/2026-Q3/schritt/eroeffnen", {}, status=422)
    assert "legen Sie zuerst Zuständigkeiten fest" in page.visible
    assert state(desk) is RoundState.PLANNED


def test_a_round_goes_from_plan_to_publication_and_correction(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ki.send("/runden/", {"period": "2026-Q3"})
    assert [step(desk, name) for name in ("eroeffnen", "schliessen")] == [302, 302]
    assert step(desk, "wieder-oeffnen", reason="Nachzügler") == 302
    assert step(desk, "schliessen") == 302
    with monkeypatch.context() as patched:
        patched.delattr(steps, "preview")  # a first publication needs none
        assert "Was Fassung" not in desk.ki.get("/runden/2026-Q3/schritt/veroeffentlichen").visible
    assert step(desk, "veroeffentlichen") == 302
    assert state(desk) is RoundState.PUBLISHED
    first = desk.world.session.exec(select(Snapshot)).one()
    assert first.sha256 in desk.ki.get("/runden/2026-Q3").text
    page = desk.ki.get("/runden/2026-Q3")
    assert "heutigen Namen" in page.visible
    assert 'kern-btn--primary" href' not in page.text
    assert step(desk, "korrigieren", reason="Zahlendreher") == 302
    assert "veröffentlicht (Fassung 1), Korrektur läuft" in desk.ki.get("/runden/").visible
    page = desk.ki.get("/runden/2026-Q3/schritt/veroeffentlichen")
    assert "Begründung der Korrektur: Zahlendreher" in page.visible
    assert "Was Fassung 2 ändert" in page.visible
    assert "Bisher nichts." in page.visible
    page = desk.ki.post("/runden/2026-Q3/schritt/veroeffentlichen", {}, status=409)
    assert "Diese Korrektur ändert nichts an Fassung 1." in page.visible
    desk.world.session.exec(select(Round)).one().committee_on = date(2026, 12, 8)
    desk.world.session.commit()
    page = desk.ki.get("/runden/2026-Q3/schritt/veroeffentlichen")
    assert "Sitzung des Ausschusses – 08.12.2026" in page.visible
    assert step(desk, "veroeffentlichen") == 302
    page = desk.ki.get("/runden/2026-Q3")
    assert "Fassung 2" in page.visible
    assert first.sha256 in page.text


def test_publishing_is_refused_with_the_list_of_what_waits(desk: Desk) -> None:
    round_ = desk.opened()
    report = desk.submitted(round_, 1)
    step(desk, "schliessen")
    page = desk.ki.post("/runden/2026-Q3/schritt/veroeffentlichen", {}, status=409)
    assert "noch nicht geprüft" in page.visible
    assert "Die Runde kann noch nicht veröffentlicht werden" in page.visible
    assert "Bitte prüfen Sie eine Angabe" not in page.visible
    assert f'href="/pruefung/{report.id}"' in page.text
    assert state(desk) is RoundState.CLOSED
    assert desk.world.session.exec(select(Snapshot)).all() == []


@pytest.mark.parametrize(
    "name", ["schliessen", "veroeffentlichen", "wieder-oeffnen", "korrigieren"]
)
def test_an_impossible_step_is_a_conflict_that_says_what_is_possible(desk: Desk, name: str) -> None:
    desk.ki.send("/runden/", {"period": "2026-Q3"})
    path = f"/runden/2026-Q3/schritt/{name}"
    for page in (desk.ki.get(path, 409), desk.ki.post(path, {"reason": "x"}, status=409)):
        assert "Runde eröffnen" in page.visible
        assert "Runde absagen" in page.visible
    assert state(desk) is RoundState.PLANNED


@pytest.mark.parametrize("name", ["wieder-oeffnen", "korrigieren"])
def test_a_step_that_needs_a_reason_asks_for_one_that_can_be_kept(desk: Desk, name: str) -> None:
    desk.opened()
    steps = ["schliessen"] + ["veroeffentlichen"] * (name == "korrigieren")
    assert {step(desk, done) for done in steps} == {302}
    before = state(desk)
    page = desk.ki.post(f"/runden/2026-Q3/schritt/{name}", {"reason": ""}, status=422)
    assert "Bitte geben Sie eine Begründung an" in page.visible
    page = desk.ki.post(f"/runden/2026-Q3/schritt/{name}", {"reason": "Zahl\x07 neu"}, status=422)
    assert "unsichtbare Steuerzeichen" in page.visible
    assert ">\nZahl neu</textarea>" in page.text
    assert state(desk) is before


def test_what_there_is_not_is_not_found(desk: Desk) -> None:
    desk.opened()
    for path in (
        "/runden/2030-Q1",
        "/runden/quatsch",
        "/runden/2026-Q3/schritt/verbrennen",
        "/pruefung/999999",
    ):
        desk.ki.get(path, 404)


def test_a_round_that_is_over_grants_no_more_time(desk: Desk) -> None:
    desk.opened()
    step(desk, "schliessen")
    step(desk, "veroeffentlichen")
    desk.ki.get("/runden/2026-Q3/nachfrist", 409)


@pytest.mark.parametrize(
    ("today", "warned"), [("2026-10-15 20:00", True), ("2026-10-16 08:00", False)]
)
def test_closing_before_the_abgabefrist_says_who_can_no_longer_report(
    desk: Desk, today: str, warned: bool
) -> None:
    round_ = desk.opened()
    desk.submitted(round_, 0)
    at(desk, today)
    page = desk.ki.get("/runden/2026-Q3/schritt/schliessen")
    assert ("Die Abgabefrist läuft noch bis 15.10.2026" in page.visible) is warned
    assert ("noch nicht alles gemeldet: Es fehlen 4 Meldungen" in page.visible) is warned
    assert step(desk, "schliessen") == 302


def test_closing_says_that_more_time_goes_on(desk: Desk) -> None:
    desk.opened()
    fields = {"institution_id": str(desk.world.library.id), "until": "2026-10-25", "reason": "x"}
    desk.ki.send("/runden/2026-Q3/nachfrist", fields)
    at(desk, "2026-10-20 09:00")
    page = desk.ki.get("/runden/2026-Q3/schritt/schliessen")
    assert "Eine Nachfrist läuft noch bis 25.10.2026" in page.visible
    assert "Abgabefrist läuft noch" not in page.visible


@pytest.mark.parametrize(
    ("today", "warned"), [("2026-09-30 20:00", True), ("2026-10-01 08:00", False)]
)
def test_opening_before_the_periods_end_is_warned_of(desk: Desk, today: str, warned: bool) -> None:
    at(desk, "2026-10-01 08:00")
    desk.ki.send("/runden/", {"period": "2026-Q3"})
    at(desk, today)
    page = desk.ki.get("/runden/2026-Q3/schritt/eroeffnen")
    assert ("Der Zeitraum endet erst am 30.09.2026" in page.visible) is warned


def test_what_is_to_decide_is_listed_with_its_page_until_it_is_decided(desk: Desk) -> None:
    for wording in desk.world.wordings:
        wording.prioritised = True  # as earlier versions assumed it
    desk.world.session.commit()
    assert "zu entscheiden" in desk.ki.get("/runden/").visible
    page = desk.ki.get("/zu-entscheiden/")
    assert "6 Maßnahmen : Gelten als vorrangig, ohne dass es jemand" in page.visible
    assert 'href="/konzept/"' in page.text
    for wording in desk.world.wordings:
        wording.prioritised = False
    funding = Entry(
        measure_id=desk.world.measures[0].id,
        kind=EntryKind.FUNDING,
        valid_from=date(2026, 9, 1),
        entered_at=desk.clock.now,
        municipal_funding=Decimal("7.125"),
        municipal_funding_period="",
    )
    desk.world.session.add(funding)
    desk.world.session.commit()
    assert "1 Angabe ist zu entscheiden" in desk.ki.get("/runden/").visible
    page = desk.ki.get("/zu-entscheiden/")
    address = "/konzept/massnahme/1.1/bearbeiten"
    assert f'href="{address}"' in page.text
    funding.municipal_funding = Decimal("7.13")
    desk.world.session.commit()
    assert "zu entscheiden" not in desk.ki.get("/runden/").visible
    assert "nichts zu entscheiden" in desk.ki.get("/zu-entscheiden/").visible
