"""Assigning responsibilities in the browser, on both databases."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlmodel import Session, select

from tests.conftest import one_database
from tests.coordination_world import Desk
from tests.coordination_world import desk as make_desk
from tests.pages import Clock
from tracker.concept.models import EditionMeasure, EditorialNote, MeasureKind, Responsibility


@pytest.fixture
def desk(session: Session, app: Flask, clock: Clock) -> Desk:
    """The KI at work."""
    return make_desk(session, app, clock)


def fields(desk: Desk, *numbers: int, **changes: str) -> dict[str, object]:
    chosen = [str(desk.world.measures[number].id) for number in numbers]
    return {
        "measures": chosen,
        "institution_id": str(desk.world.club.id),
        "role": "lead",
        "valid_from": "2026-10-06",
        "valid_to": "",
    } | changes


def count(desk: Desk) -> int:
    return len(desk.world.session.exec(select(Responsibility.id)).all())


def test_the_list_counts_what_lacks_a_lead_and_filters_it(desk: Desk) -> None:
    page = desk.ki.get("/zustaendigkeiten/")
    assert "1 von 6 Maßnahmen hat noch keine federführende Institution" in page.visible
    assert "nicht festgelegt" in page.visible
    shown = desk.ki.get("/zustaendigkeiten/?ohne=1")
    assert "Maßnahme 2.3" in shown.visible
    assert "Maßnahme 2.2" not in shown.visible


def test_several_measures_get_an_institution_at_once(desk: Desk) -> None:
    before = count(desk)
    response = desk.ki.send("/zustaendigkeiten/?ohne=1", fields(desk, 4, 5))
    assert response.location == "/zustaendigkeiten/?ohne=1"
    assert count(desk) == before + 2
    page = desk.ki.get("/zustaendigkeiten/2.2")
    assert "Begegnungszentrum" in page.visible
    assert "05.10.2026" in page.visible
    desk.ki.send("/zustaendigkeiten/", fields(desk, 4, 5))
    assert "es hat sich nichts geändert" in desk.ki.get("/zustaendigkeiten/").visible


@one_database
@pytest.mark.parametrize(
    ("numbers", "changes", "status", "message"),
    [
        ((), {}, 422, "mindestens eine Maßnahme"),
        ((5,), {"institution_id": ""}, 422, "Institution"),
        ((5,), {"role": "boss"}, 422, "Aufgabe"),
        ((5,), {"valid_from": "gestern"}, 422, "Ab"),
        ((5,), {"valid_to": "2026-10-05"}, 422, "vor dem Anfang"),
        ((5,), {"valid_from": "2009-10-06"}, 422, "Ratsbeschluss"),
        ((5,), {"valid_from": "6.10.1026"}, 422, "zwischen 1.1.2000"),
        ((5,), {"institution_id": "999999"}, 409, "gibt es nicht"),
        ((0, 5), {"valid_from": "2019-01-01"}, 409, "schon eingetragen"),
    ],
)
def test_what_cannot_be_assigned_is_shown_again_with_the_choice_kept(
    desk: Desk, numbers: tuple[int, ...], changes: dict[str, str], status: int, message: str
) -> None:
    before = count(desk)
    page = desk.ki.post("/zustaendigkeiten/", fields(desk, *numbers, **changes), status=status)
    assert message in page.visible
    assert page.text.count(" checked") == len(numbers) + ("role" not in changes)
    assert count(desk) == before


def test_a_reference_is_shown_but_cannot_be_chosen(desk: Desk) -> None:
    reference = desk.world.measures[5]
    desk.world.wordings[5].kind = MeasureKind.REFERENCE
    desk.world.session.commit()
    page = desk.ki.get("/zustaendigkeiten/")
    assert "Querverweis" in page.visible
    assert f'value="{reference.id}"' not in page.text
    desk.ki.post("/zustaendigkeiten/", fields(desk, 5), status=422)


def test_one_measure_is_assigned_and_ended_on_its_own_page(desk: Desk) -> None:
    assert "Noch nicht festgelegt" in desk.ki.get("/zustaendigkeiten/2.3").visible
    desk.ki.send("/zustaendigkeiten/2.3", fields(desk))
    row = desk.world.session.exec(
        select(Responsibility).where(Responsibility.measure_id == desk.world.measures[5].id)
    ).one()
    ending = f"/zustaendigkeiten/2.3/{row.id}/beenden"
    page = desk.ki.post(ending, {"valid_to": "2026-10-05"}, status=422)
    assert "06.10.2026" in page.visible or "vor dem Anfang" in page.visible
    desk.ki.post(ending, {"valid_to": ""}, status=422)
    desk.ki.post(f"/zustaendigkeiten/1.1/{row.id}/beenden", {"valid_to": "2026-12-31"}, status=404)
    assert desk.ki.send(ending, {"valid_to": "2026-12-31"}).status_code == 302
    page = desk.ki.get("/zustaendigkeiten/2.3")
    assert "Ab 01.01.2027 ist niemand federführend für 2.3." in page.visible
    prefilled = rf'id="valid_to-{row.id}" name="valid_to" value="([^"]*)"'
    assert re.findall(prefilled, page.text) == ["2026-12-31"]  # pressed again, nothing changes
    page = desk.ki.post(ending, {"valid_to": "2026-10-01"}, status=422)
    assert re.findall(prefilled, page.text) == ["2026-10-01"]
    desk.ki.get("/zustaendigkeiten/9.9", 404)


def test_gaps_of_several_measures_are_named(desk: Desk) -> None:
    ending = {"valid_from": "2026-11-01", "valid_to": "2026-12-31"}
    desk.ki.send("/zustaendigkeiten/", fields(desk, 0, 1) | ending)
    page = desk.ki.get("/zustaendigkeiten/")
    assert "Ab 01.01.2027 ist niemand federführend für 1.1, 1.2." in page.visible


def test_what_the_wording_says_of_bodies_is_a_proposal_where_one_enters_and_where_one_reads(
    desk: Desk,
) -> None:
    of_edition = desk.world.session.exec(
        select(EditionMeasure.id).where(EditionMeasure.measure_id == desk.world.measures[5].id)
    ).one()
    quotation = "Vorschlag aus dem Wortlaut zur Zuständigkeit: „durch Schule und Jugendhilfe“."
    proposal = f"{quotation} Mehr legt der Beschluss nicht fest."
    desk.world.session.add(EditorialNote(edition_measure_id=of_edition, position=1, text=proposal))
    desk.world.session.commit()
    page = desk.ki.get("/zustaendigkeiten/")
    assert quotation in page.visible
    assert proposal not in page.visible
    for path in ("/zustaendigkeiten/2.3", "/konzept/massnahme/2.3"):
        page = desk.ki.get(path)
        assert f"Hinweis der Redaktion: {proposal}" in page.visible
        assert "nicht festgelegt" in page.visible.lower()
