"""The KI plans a year of rounds and moves the days of one, on both databases."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from sqlmodel import Session, select

from tests.conftest import one_database
from tests.coordination_world import Desk
from tests.coordination_world import desk as make_desk
from tests.factories import moment
from tests.pages import Browser, Clock, Page
from tracker.core.models import AuditEvent
from tracker.reporting.models import Round
from tracker.reporting.rules.rounds import RoundState

PATH = "/runden/planen"


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    """The KI at work."""
    return make_desk(session, app, clock)


def fields_of(page: Page) -> dict[str, str]:
    """What a browser would send back: hidden fields, days, ticked boxes."""
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", page.text):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and not ('type="checkbox"' in tag and " checked" not in tag):
            found[name[1]] = value[1] if value else ""
    return {name: value for name, value in found.items() if name != "csrf_token"}


def proposal(desk: Desk, year: int = 2027, pattern: str = "quarter") -> dict[str, str]:
    return fields_of(desk.ki.get(f"{PATH}?jahr={year}&muster={pattern}"))


def rounds(desk: Desk) -> list[Round]:
    desk.world.session.expire_all()
    return sorted(desk.world.session.exec(select(Round)).all(), key=lambda item: item.period)


def test_a_year_is_planned_with_one_button_as_proposed(desk: Desk) -> None:
    page = desk.ki.get(f"{PATH}?jahr=2027&muster=quarter")
    assert "Neujahr (Feiertag), nächster Werktag: 03.01.2028" in page.visible
    assert "Bitte prüfen Sie" not in page.visible
    response = desk.ki.send(PATH, fields_of(page))
    assert response.location == "/runden/"
    assert [(item.period, item.opens_on, item.due_on, item.closes_on) for item in rounds(desk)] == [
        ("2027-Q1", date(2027, 4, 1), date(2027, 4, 15), date(2027, 4, 29)),
        ("2027-Q2", date(2027, 7, 1), date(2027, 7, 15), date(2027, 7, 29)),
        ("2027-Q3", date(2027, 10, 1), date(2027, 10, 15), date(2027, 10, 29)),
        ("2027-Q4", date(2028, 1, 1), date(2028, 1, 15), date(2028, 1, 29)),
    ]
    page = desk.ki.get("/runden/")
    assert "4 Runden sind geplant" in page.visible
    assert "eröffnet die Uhr am 01.04.2027" in page.visible


def test_the_list_shows_first_what_runs_then_what_comes_next(desk: Desk) -> None:
    desk.opened("2026-Q3")
    desk.ki.send(PATH, proposal(desk))
    headings = re.findall(r'rounds__title"><a [^>]*>([^<]*)<', desk.ki.get("/runden/").text)
    assert headings == ["3. Quartal 2026", *(f"{number}. Quartal 2027" for number in (1, 2, 3, 4))]


def test_sending_the_same_plan_twice_changes_nothing(desk: Desk) -> None:
    fields = proposal(desk)
    desk.ki.send(PATH, fields)
    before = [item.model_dump() for item in rounds(desk)]
    assert desk.ki.send(PATH, fields).location == "/runden/"
    assert "schon geplant" in desk.ki.get("/runden/").visible
    assert [item.model_dump() for item in rounds(desk)] == before
    assert "nichts mehr zu planen" in desk.ki.get(f"{PATH}?jahr=2027&muster=quarter").visible


def test_new_concerns_are_shown_before_anything_is_saved(desk: Desk) -> None:
    fields = proposal(desk) | {
        "2027-Q1-due_on": "17.4.2027",
        "2027-Q3-due_on": "2027-11-01",
        "2027-Q3-closes_on": "",
        "2027-Q3-despatch_on": "1.11.2027",
    }
    page = desk.ki.post(PATH, fields)
    assert "Noch ist nichts gespeichert" in page.visible
    assert "Samstag, nächster Werktag: 19.04.2027" in page.visible
    assert "Allerheiligen (Feiertag)" in page.visible
    assert "liegt nicht vor dem Versandtag" in page.visible
    assert rounds(desk) == []
    assert desk.ki.send(PATH, fields_of(page)).location == "/runden/"
    third = rounds(desk)[2]
    assert (third.due_on, third.closes_on) == (date(2027, 11, 1), None)


def test_looking_only_saves_nothing(desk: Desk) -> None:
    page = desk.ki.post(PATH, proposal(desk) | {"schritt": "pruefen"})
    assert "Runden planen" in page.visible
    assert rounds(desk) == []


@one_database
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"2027-Q1-due_on": "bald"}, "„bald“ ist kein Tag"),
        ({"2027-Q1-due_on": "15.4.2207"}, "zwischen 1.1.2000 und 31.12.2100"),
        ({"2027-Q1-due_on": ""}, "Bitte geben Sie die Abgabefrist an"),
        ({"2027-Q1-due_on": "2027-03-31"}, "nach dem Stichtag"),
        ({"2027-Q1-closes_on": "14.4.2027"}, "vor der Abgabefrist geschlossen"),
        ({"2027-Q1-opens_on": "16.4.2027"}, "erst nach der Abgabefrist eröffnet"),
        (
            {"2027-Q1-despatch_on": "2.5.2027", "2027-Q1-committee_on": "1.5.2027"},
            "Der Versand liegt nach der Sitzung",
        ),
    ],
)
def test_what_cannot_be_is_told_at_its_day_and_stays_as_typed(
    desk: Desk, typed: dict[str, str], said: str
) -> None:
    other = {"2027-Q2-due_on": "20.7.2027"}
    page = desk.ki.post(PATH, proposal(desk) | typed | other, status=422)
    assert said in page.visible
    assert "Q1/2027" in page.visible
    kept = fields_of(page)
    assert kept["2027-Q2-due_on"] == "2027-07-20"
    name, value = next(iter(typed.items()))
    read = re.fullmatch(r"(\d+)\.(\d+)\.(20\d\d)", value)
    assert kept[name] == (f"{read[3]}-{int(read[2]):02}-{int(read[1]):02}" if read else value)
    assert rounds(desk) == []


def test_only_ticked_rounds_are_planned_and_one_must_be(desk: Desk) -> None:
    fields = proposal(desk)
    ticked = [name for name in fields if name.endswith("-plan")]
    assert len(ticked) == 4
    none = {name: value for name, value in fields.items() if name not in ticked}
    page = desk.ki.post(PATH, none, status=422)
    assert "kreuzen Sie mindestens eine Runde an" in page.visible
    desk.ki.send(PATH, none | {ticked[1]: "y", "2027-Q1-due_on": "unlesbar"})
    assert [item.period for item in rounds(desk)] == ["2027-Q2"]


def test_periods_that_are_over_are_not_ticked_and_overlapping_ones_not_offered(desk: Desk) -> None:
    desk.clock.now = moment("2026-11-20 09:00")
    desk.ki = desk.browser(desk.world.coordination)
    fields = proposal(desk, 2026)
    assert [name for name in fields if name.endswith("-plan")] == ["2026-Q4-plan"]
    desk.ki.send(PATH, fields)
    page = desk.ki.get(f"{PATH}?jahr=2026&muster=half")
    assert "2. Halbjahr 2026: überschneidet sich mit der Runde Q4/2026" in page.visible
    assert "2026-H2-due_on" not in page.text


@pytest.mark.parametrize("query", ["jahr=2072&muster=quarter", "jahr=x&muster=half"])
def test_a_year_or_pattern_that_is_not_offered_is_told(desk: Desk, query: str) -> None:
    page = desk.ki.get(f"{PATH}?{query}", 422)
    assert "Bitte prüfen Sie" in page.visible


def test_the_year_of_the_next_period_to_plan_is_shown_and_quarters_unless_asked(desk: Desk) -> None:
    assert "2026-Q4-due_on" in desk.ki.get(PATH).text
    desk.ki.send(PATH, proposal(desk, 2026))
    assert "2027-Q1-due_on" in desk.ki.get(PATH).text
    assert "2027-Q1-due_on" in desk.ki.get(f"{PATH}?jahr=2027").text
    offered = re.findall(r'<option value="(\d{4}-[QH]\d)"', desk.ki.get("/runden/").text)
    assert "2026-Q4" not in offered
    assert "2026-H2" not in offered  # it would overlap with the quarters planned
    assert {"2027-Q1", "2027-H1"} <= set(offered)


def test_a_round_that_does_not_take_place_has_no_warning_about_its_days(desk: Desk) -> None:
    days = {"due_on": "2027-01-15", "despatch_on": "2027-01-10"}
    desk.ki.send("/runden/", {"period": "2026-Q4"} | days)
    warning = "Frist und Versand passen nicht zusammen"
    assert warning in desk.ki.get("/runden/2026-Q4").visible
    desk.ki.send("/runden/2026-Q4/schritt/absagen")
    assert warning not in desk.ki.get("/runden/2026-Q4").visible


def test_without_a_concept_there_is_nothing_to_plan(coordination: Browser) -> None:
    assert "tracker seed" in coordination.get(PATH, 404).visible


def test_the_days_of_a_planned_round_move_after_a_second_look(desk: Desk) -> None:
    desk.ki.send(PATH, proposal(desk))
    path = "/runden/2027-Q1/termine"
    fields = fields_of(desk.ki.get(path))
    page = desk.ki.post(path, fields | {"due_on": "18.4.2027", "opens_on": ""})
    assert "Sonntag, nächster Werktag: 19.04.2027" in page.visible
    assert "Noch ist nichts gespeichert" in page.visible
    assert rounds(desk)[0].due_on == date(2027, 4, 15)
    assert desk.ki.send(path, fields_of(page)).location == "/runden/2027-Q1"
    assert (rounds(desk)[0].due_on, rounds(desk)[0].opens_on) == (date(2027, 4, 18), None)
    assert "Eröffnung von Hand" in desk.ki.get("/runden/").visible
    assert "Termine der Runde geändert" in desk.ki.get("/protokoll/").visible


def test_moving_the_abgabefrist_of_an_open_round_says_what_it_means_first(desk: Desk) -> None:
    desk.opened()
    path = "/runden/2026-Q3/termine"
    fields = fields_of(desk.ki.get(path))
    assert "opens_on" not in fields
    for typed, said in (("2026-10-22", "zählen als pünktlich"), ("2026-10-14", "vorgezogen")):
        page = desk.ki.post(path, fields | {"due_on": typed})
        assert said in page.visible
        assert rounds(desk)[0].due_on == date(2026, 10, 15)
    assert desk.ki.send(path, fields_of(page)).status_code == 302
    assert rounds(desk)[0].due_on == date(2026, 10, 14)
    page = desk.ki.post(path, fields | {"due_on": "unlesbar"}, status=422)
    assert fields_of(page)["due_on"] == "unlesbar"


def test_saving_the_same_days_changes_nothing(desk: Desk) -> None:
    desk.ki.send(PATH, proposal(desk))
    path = "/runden/2027-Q1/termine"
    desk.ki.send(path, fields_of(desk.ki.get(path)))
    assert "Geändert wurde nichts" in desk.ki.get("/runden/2027-Q1").visible
    verbs = desk.world.session.exec(select(AuditEvent.verb)).all()
    assert "round.change_dates" not in verbs


@pytest.mark.parametrize("state", [RoundState.CLOSED, RoundState.PUBLISHED])
def test_the_days_of_a_round_that_is_over_are_not_offered(desk: Desk, state: RoundState) -> None:
    round_ = desk.opened()
    round_.state = state
    round_.closed_at = round_.published_at = desk.clock.now
    desk.world.session.commit()
    for page in (
        desk.ki.get("/runden/2026-Q3/termine", 409),
        desk.ki.post("/runden/2026-Q3/termine", {"due_on": "2026-10-22"}, status=409),
    ):
        assert "geplant oder offen" in page.visible
