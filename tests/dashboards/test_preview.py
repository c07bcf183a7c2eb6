"""The preview says what a publication at the same moment would record, and writes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, func, select
from sqlmodel import Session, SQLModel

from tests.conftest import NOW
from tests.dashboards.conftest import Content, Visitor, found, make_app, signed_in, texts
from tests.factories import RUNNING, World, moment
from tests.publication.publishing import INSTANCE, close_and_publish, filled_round
from tracker.core.canonical import canonical_json
from tracker.core.permissions import Role
from tracker.publication.queries.preview import preview, running
from tracker.reporting.rounds.actions import rounds

Json = dict[str, Any]

PATH = "/dashboards/vorschau"


@pytest.fixture
def world(session: Session) -> World:
    """Six measures, all but the last led by the library."""
    world = World(session)
    world.lead(world.library, *world.measures[:-1])
    return world


@pytest.fixture
def ki(world: World, connection: Connection) -> Visitor:
    """Somebody of the KI, on 7 October 2026."""
    moment_ = moment("2026-10-07 09:00")
    return signed_in(make_app(connection, moment_), world.session, Role.COORDINATION, moment_)


def rows(session: Session) -> dict[str, int]:
    """How many rows every table has."""
    return {
        table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in SQLModel.metadata.sorted_tables
    }


def text_of(node: Any) -> str:
    return " ".join(" ".join(texts(node)).split())


def test_the_preview_is_the_document_that_publishing_then_writes(world: World) -> None:
    close_and_publish(world, filled_round(world), "2026-10-20 09:00")
    world.session.flush()
    round_ = world.open_round("2026-Q4", opened="2027-01-02 06:00")
    world.accept(
        world.submit(
            world.report(round_, world.measures[0]),
            replace(RUNNING, consequence="Bitte entscheiden."),
            at="2027-01-05 09:00",
        ),
        at="2027-01-06 09:00",
    )
    at = moment("2027-01-20 09:00")
    rounds.close_round(world.session, round_=round_, by=world.coordination, now=at)
    seen = preview(
        world.session, concept_id=world.concept_id, period="2026-Q4", instance=INSTANCE, now=at
    )
    assert seen
    snapshot = close_and_publish(world, round_, "2027-01-20 09:00")
    assert canonical_json(seen.document) == snapshot.document
    assert seen.document["previous"]["period"] == "2026-Q3"
    assert seen.waiting == ()


def test_what_is_submitted_but_not_reviewed_counts_as_no_report(world: World, ki: Visitor) -> None:
    round_ = filled_round(world)
    secret = replace(RUNNING, achieved="noch ungeprüfter Text", consequence="ungeprüfter Vorschlag")
    world.submit(world.report(round_, world.measures[3]), secret, at="2026-10-06 10:00")
    world.session.commit()
    seen = preview(
        world.session, concept_id=world.concept_id, period="2026-Q3", instance=INSTANCE, now=NOW
    )
    assert seen
    assert seen.waiting == ("2.1",)
    by_code = {item["code"]: item for item in seen.document["measures"]}
    assert by_code["2.1"]["value"] is None
    assert by_code["2.1"]["report"] is None
    assert seen.document["figures"]["distribution"]["reported"] == 2
    assert seen.document["figures"]["returns"]["acceptance"]["count"] == 2
    text = ki.content(PATH).text
    assert "1 Meldung ist abgegeben, aber noch nicht geprüft" in text
    assert "Maßnahmen: 2.1 ." in text
    for hidden in ("ungeprüft", "nicht angenommener Text", "bitte anrufen"):
        assert hidden not in text.replace("noch nicht geprüft", "")


def test_before_the_deadline_nothing_is_said_to_have_missed_it(world: World, ki: Visitor) -> None:
    filled_round(world)
    world.session.commit()
    page = ki.content(PATH).text
    assert "; für andere lief sie noch" in page


def test_looking_writes_nothing_and_keeps_nothing(world: World, ki: Visitor, app: Flask) -> None:
    round_ = filled_round(world)
    world.session.commit()
    before = rows(world.session)
    first = ki.content(PATH)
    assert "2 von 6 Maßnahmen gemeldet" in first.text
    assert rows(world.session) == before
    report = world.submit(world.report(round_, world.measures[3]), RUNNING, at="2026-10-06 10:00")
    world.accept(report, at="2026-10-06 11:00")
    world.session.commit()
    assert "3 von 6 Maßnahmen gemeldet" in ki.content(PATH).text


def test_it_is_marked_in_title_banner_and_on_every_printed_sheet(world: World, ki: Visitor) -> None:
    filled_round(world)
    world.session.commit()
    content = ki.content(PATH)
    assert content.title.startswith("Vorschau, nicht veröffentlicht – ")
    (head,) = content.all("H1")
    assert text_of(head["children"]) == (
        "Vorschau, nicht veröffentlicht: Überblick 3. Quartal 2026"
    )
    banner = next(item for item in content.all("Div") if item.get("className") == "preview-mark")
    assert "Vorschau – nicht veröffentlicht. Nur für die koordinierende Stelle." in text_of(
        banner["children"]
    )
    assert "heute (07.10.2026)" in text_of(banner["children"])
    assert any(item.get("className") == "preview-foot" for item in content.all("P"))
    assert "veröffentlicht am" not in content.text
    assert "Das braucht Aufmerksamkeit" in content.text
    page = ki.client.get(PATH).get_data(as_text=True)
    assert "<title>Vorschau, nicht veröffentlicht" in page


def ways(node: Any) -> list[str]:
    """Every address anywhere in the content, in links and in the parts of charts."""
    if isinstance(node, dict):
        return [way for value in node.values() for way in ways(value)]
    if isinstance(node, list):
        return [way for value in node for way in ways(value)]
    return [node] if isinstance(node, str) and node.startswith("/") else []


def test_no_way_leads_to_a_page_of_the_round_that_is_not_there(world: World, ki: Visitor) -> None:
    filled_round(world)
    world.session.commit()
    content = ki.content(PATH)
    addresses = [way for way in ways(content.tree) if "_marks.svg" not in way]
    assert addresses
    allowed = ("/dashboards/massnahme/", "/runden/2026-Q3")
    assert [way for way in addresses if not way.startswith(allowed)] == []
    assert not any("runde=" in way for way in addresses)
    assert list(found(content.tree, "Graph"))


def test_without_a_running_round_the_page_says_so(world: World, ki: Visitor) -> None:
    for content in (ki.content(PATH), ki.content(PATH, "?runde=2026-Q3")):
        assert "Zurzeit läuft keine Runde" in content.text
    close_and_publish(world, filled_round(world), "2026-10-07 08:00")
    world.session.commit()
    assert "Zurzeit läuft keine Runde" in ki.content(PATH).text


@pytest.mark.parametrize("asked", ["2031-Q1", "<script>", "2026-Q3%01", "2025-Q4"])
def test_a_round_that_does_not_run_has_no_preview(world: World, ki: Visitor, asked: str) -> None:
    filled_round(world)
    world.session.commit()
    content: Content = ki.content(PATH, f"?runde={asked}")
    assert "Zu dieser Runde gibt es keine Vorschau" in content.text
    assert f"{PATH}?runde=2026-Q3" in {link["href"] for link in content.all("A")}


def test_a_correction_is_previewed_as_the_next_version(world: World, ki: Visitor) -> None:
    round_ = filled_round(world)
    close_and_publish(world, round_, "2026-10-07 08:00")
    rounds.correct(
        world.session,
        round_=round_,
        reason="Zahl war falsch",
        by=world.coordination,
        now=moment("2026-10-07 08:30"),
    )
    world.session.commit()
    seen = preview(
        world.session, concept_id=world.concept_id, period="2026-Q3", instance=INSTANCE, now=NOW
    )
    assert seen
    assert seen.document["round"]["version"] == 2
    assert seen.document["round"]["reason"] == "Zahl war falsch"
    assert seen.document["previous"] is None
    assert "geschlossen, aber noch nicht veröffentlicht" in ki.content(PATH).text


def test_of_two_running_rounds_the_open_one_comes_first(world: World, ki: Visitor) -> None:
    first = filled_round(world)
    rounds.close_round(
        world.session, round_=first, by=world.coordination, now=moment("2026-10-07 08:00")
    )
    world.open_round("2026-Q4", opened="2026-10-07 08:30")
    world.session.commit()
    assert list(running(world.session, concept_id=world.concept_id)) == ["2026-Q4", "2026-Q3"]
    content = ki.content(PATH)
    assert "Vorschau Q3/2026" in content.text
    assert "Überblick 4. Quartal 2026" in content.text
    assert f"{PATH}?runde=2026-Q3" in {link["href"] for link in content.all("A")}
    assert "Überblick 3. Quartal 2026" in ki.content(PATH, "?runde=2026-Q3").text


def test_the_rounds_page_leads_to_the_preview(world: World, ki: Visitor) -> None:
    filled_round(world)
    world.session.commit()
    page = ki.client.get("/runden/2026-Q3").get_data(as_text=True)
    assert 'href="/dashboards/vorschau?runde=2026-Q3"' in page
