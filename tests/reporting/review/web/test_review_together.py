"""Several unchanged confirmations accepted together in the browser, on both databases."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlmodel import Session

from tests.conftest import one_database
from tests.coordination_world import Desk
from tests.coordination_world import desk as make_desk
from tests.factories import moment
from tests.pages import Clock, Page
from tests.reporting.review.actions.review_world import call
from tracker.reporting.models import Report
from tracker.reporting.reports.actions import reports
from tracker.reporting.review.actions import review
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import Course, Implementation

LIST = "/pruefung/unveraendert"
ACCEPT = "/pruefung/unveraendert/annehmen"


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    """The KI at work."""
    return make_desk(session, app, clock)


@pytest.fixture
def confirmed(desk: Desk) -> list[Report]:
    """Four confirmations: the third for the third time in a row, the last by the KI itself."""
    world = desk.world
    earlier = desk.opened("2026-Q2", opened="2026-07-01 06:00")
    for measure in world.measures[:4]:
        world.accept(world.submit(world.report(earlier, measure), at="2026-07-05 09:00"))
    round_ = desk.opened()
    found = [world.report(round_, measure) for measure in world.measures[:4]]
    for number, report in enumerate(found):
        reports.confirm_unchanged(
            world.session,
            report_id=report.id or 0,
            remark="Alles wie zuvor." if number == 0 else "",
            by=world.coordination if number == 3 else world.representative,
            now=moment("2026-10-05 09:00"),
        )
    found[2].unchanged_streak = 3
    world.session.commit()
    return found


def key(report: Report, revision: int = 1) -> str:
    return f"{report.id}-{revision}"


def ticks(page: Page) -> dict[str, bool]:
    boxes = re.findall(r'name="report" value="([\d-]+)" aria-label="[^"]+"( checked)?', page.text)
    return {value: bool(checked) for value, checked in boxes}


def states(desk: Desk, found: list[Report]) -> list[ReportState]:
    for report in found:
        desk.world.session.refresh(report)
    return [report.state for report in found]


def test_what_was_confirmed_too_often_is_marked_and_not_ticked(
    desk: Desk, confirmed: list[Report]
) -> None:
    assert f'href="{LIST}"' in desk.ki.get("/pruefung/").text
    page = desk.ki.get(LIST)
    first, second, often, _ = confirmed
    assert ticks(page) == {key(first): True, key(second): True, key(often): False}
    assert "zum 3. Mal in Folge unverändert" in page.visible
    assert "„Alles wie zuvor.“" in page.visible


def test_bulk_acceptance_leaves_out_what_the_ki_found_otherwise_before_and_says_why(
    desk: Desk, confirmed: list[Report]
) -> None:
    first, second, *_ = confirmed
    earlier = desk.world.session.get_one(Report, first.previous_report_id)
    call(desk.world, earlier, review.revoke)
    desk.world.accept(earlier, Value(Implementation.PLANNED, Course.ON_TRACK))
    desk.world.session.commit()
    assert "einzeln zu prüfen: in der Vorrunde anders" in desk.ki.get("/pruefung/").visible
    page = desk.ki.get(LIST)
    assert key(first) not in ticks(page)
    assert "Nicht dabei: 1 Meldung" in page.visible
    assert "Begründung der Feststellung: Es stockt." in page.visible
    assert "Es stockt." in desk.ki.get(f"/pruefung/{first.id}").visible
    page = desk.ki.post(ACCEPT, {"report": [key(first), key(second)]})
    assert "In der Vorrunde ist ein anderer Wert festgestellt worden" in page.visible
    assert states(desk, confirmed[:2]) == [ReportState.SUBMITTED, ReportState.ACCEPTED]


def test_the_preview_writes_nothing_and_accepting_accepts_what_it_showed(
    desk: Desk, confirmed: list[Report]
) -> None:
    chosen = {"report": [key(confirmed[0]), key(confirmed[1])]}
    page = desk.ki.post(LIST, chosen)
    assert page.heading == "2 Meldungen gemeinsam annehmen"
    assert "1.1" in page.visible
    assert "1.3" not in page.visible
    assert set(states(desk, confirmed)) == {ReportState.SUBMITTED}
    assert (
        re.findall(r'type="hidden" name="report" value="([\d-]+)"', page.text) == chosen["report"]
    )
    response = desk.ki.send(ACCEPT, chosen)
    assert response.location == "/pruefung/"
    assert "2 Meldungen sind angenommen." in desk.ki.get("/pruefung/").visible
    assert [state is ReportState.ACCEPTED for state in states(desk, confirmed)] == [
        True,
        True,
        False,
        False,
    ]


def test_changing_the_choice_keeps_its_ticks(desk: Desk, confirmed: list[Report]) -> None:
    first, second, often, _ = confirmed
    assert 'name="schritt" value="aendern"' in desk.ki.post(LIST, {"report": [key(often)]}).text
    page = desk.ki.post(LIST, {"report": [key(often)], "schritt": "aendern"})
    assert ticks(page) == {key(first): False, key(second): False, key(often): True}
    assert "ohne zum 3. Mal" not in page.visible


def test_what_changed_since_is_told_with_its_reason_and_the_others_are_accepted(
    desk: Desk, confirmed: list[Report]
) -> None:
    first, second, *_ = confirmed
    chosen = {"report": [key(report) for report in confirmed]}
    other = desk.browser(desk.world.second_coordination)
    other.send(f"/pruefung/{first.id}/zurueckgeben", {"revision": "1", "comment": "Noch so?"})
    session = desk.world.session
    reports.withdraw(
        session, report_id=second.id or 0, by=desk.world.representative, now=desk.clock.now
    )
    session.commit()
    page = desk.ki.post(LIST, chosen)
    assert page.heading == "1 Meldung gemeinsam annehmen"
    assert "Nicht mehr dabei: 3 Meldungen" in page.visible
    page = desk.ki.post(ACCEPT, chosen)
    assert page.heading == "1 Meldung angenommen"
    assert "3 Meldungen wurden nicht angenommen" in page.visible
    assert "Die Meldung ist zurückgegeben" in page.visible
    assert "Diese Meldung haben Sie selbst abgegeben" in page.visible
    assert states(desk, confirmed) == [
        ReportState.RETURNED,
        ReportState.DRAFT,
        ReportState.ACCEPTED,
        ReportState.SUBMITTED,
    ]


def test_pressing_twice_accepts_once_and_says_so(desk: Desk, confirmed: list[Report]) -> None:
    chosen = {"report": [key(confirmed[0])]}
    desk.ki.send(ACCEPT, chosen)
    page = desk.ki.post(ACCEPT, chosen, status=409)
    assert "Die Meldung ist angenommen" in page.visible


@one_database
@pytest.mark.parametrize("given", [{}, {"report": ["", "x-1", "1-", "99999999999-1"]}])
@pytest.mark.parametrize("path", [LIST, ACCEPT])
def test_without_a_choice_the_list_asks_for_one(
    desk: Desk, confirmed: list[Report], path: str, given: dict[str, list[str]]
) -> None:
    page = desk.ki.post(path, given, status=422)
    assert "Bitte kreuzen Sie mindestens eine Meldung an." in page.visible
    assert not any(ticks(page).values())


def test_the_selection_of_the_queue_holds_here_too(desk: Desk, confirmed: list[Report]) -> None:
    page = desk.ki.get(f"{LIST}?feld=2")
    assert "keine unveränderte Bestätigung" in page.visible
    assert desk.ki.send(f"{ACCEPT}?feld=1", {"report": [key(confirmed[0])]}).location == (
        "/pruefung/?feld=1"
    )
