"""Another city's districts, from the settings into form, Erhebungsbogen, papers and record."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlmodel import Session

from tests import paper_text
from tests.factories import RUNNING, World, moment
from tests.pages import SETTINGS, Browser, Page, checked
from tests.report_world import Open, fields_of, path
from tests.reporting.questionnaire.workbook.forms import Typed
from tracker.core.configured import configured
from tracker.instance.actions import settings as settings_actions
from tracker.papers.documents import measure as measure_paper
from tracker.papers.writers.to_json import schema_text
from tracker.publication.actions.publication import publish
from tracker.publication.queries.publication_facts import instance_of
from tracker.publication.reading.content import report as reading
from tracker.reporting.models import Report, Round
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.content import ReportContent, from_dict

NOW = moment("2026-10-05 08:00")
TODAY = date(2026, 10, 5)
HARBOUR = "Altona\nSt. Pauli\n1. Vorstadt"


def list_districts(world: World, text: str, day: date = TODAY) -> None:
    settings_actions.set_values(
        world.session,
        values={"districts": text},
        valid_from=day,
        base=SETTINGS,
        by=world.coordination,
        now=NOW,
    )
    world.session.commit()


@pytest.fixture
def harbour(world: World) -> None:
    """The list of another city holds."""
    list_districts(world, HARBOUR)


def boxes(text: str) -> dict[str, bool]:
    """The offered keys of the form, and whether each is ticked."""
    lines = [line for line in text.splitlines() if 'name="districts"' in line]
    return {line.split('value="')[1].split('"')[0]: " checked" in line for line in lines}


def save(world: World, library: Browser, report: Report, *districts: str) -> ReportContent:
    """Save the form with these boxes ticked; return the draft that is stored then."""
    content = replace(RUNNING, districts=districts)
    assert library.send(path(report), fields_of(content, report.draft_version)).status_code == 302
    world.session.refresh(report)
    assert report.draft is not None
    return from_dict(report.draft)


def published(world: World, round_: Round) -> dict[str, Any]:
    """Accept the first report, close the round, publish it with the settings of the day."""
    world.accept(world.report(round_, world.measures[0]))
    at = moment("2026-11-02 09:00")
    rounds.close_round(world.session, round_=round_, by=world.coordination, now=at)
    in_force = configured(world.session.connection(), SETTINGS, day=at.date())
    snapshot = publish(
        world.session, round_=round_, by=world.coordination, now=at, instance=instance_of(in_force)
    )
    document: dict[str, Any] = json.loads(snapshot.document)
    return document


@pytest.mark.usefixtures("harbour")
def test_the_form_offers_the_list_in_force_in_its_order(
    world: World, library: Browser, report: Report
) -> None:
    page = library.get(path(report))
    assert list(boxes(page.text)) == ["citywide", "altona", "st-pauli", "1-vorstadt"]
    assert "gesamtes Stadtgebiet Altona St. Pauli 1. Vorstadt" in page.visible
    stored = save(world, library, report, "st-pauli", "mitte")
    assert stored.districts == ("st-pauli",)
    assert "Stadtbezirk St. Pauli" in library.get(path(report, "/ansehen")).visible


@pytest.mark.usefixtures("harbour")
def test_a_report_keeps_what_has_left_the_list_until_somebody_unticks_it(
    world: World, library: Browser, report: Report
) -> None:
    save(world, library, report, "altona", "st-pauli")
    list_districts(world, "Altona\nHarburg")
    page = library.get(path(report))
    assert boxes(page.text) == {
        "citywide": False, "altona": True, "harburg": False, "st-pauli": True,
    }  # fmt: skip
    stored = save(world, library, report, "harburg", "st-pauli")
    assert stored.districts == ("harburg", "st-pauli")
    save(world, library, report, "harburg")
    assert "st-pauli" not in boxes(library.get(path(report)).text)


@pytest.mark.usefixtures("harbour")
def test_the_erhebungsbogen_takes_names_also_those_that_have_left_the_list(
    world: World, library: Browser, open_round: Round, report: Report
) -> None:
    save(world, library, report, "altona", "st-pauli")
    address = f"/erhebungsbogen/{open_round.id}/{world.library.id}"
    typed = Typed(library.client.get(f"{address}/bogen.xlsx").data)
    code = "1.1"
    place = typed.place("Meldungen", code, "Stadtbezirk")
    assert typed.book["Meldungen"].cell(*place).value == "Altona, St. Pauli"
    list_districts(world, "Altona\nHarburg")
    typed.set("Meldungen", code, "Stadtbezirk", "St. Pauli; harburg")
    page = upload(library, address, typed.saved())
    assert "Altona, St. Pauli" in page.visible
    assert "Harburg, St. Pauli" in page.visible
    typed.set("Meldungen", code, "Stadtbezirk", "1. Vorstadt")
    page = upload(library, address, typed.saved())
    assert "„1. Vorstadt“ gibt es hier nicht." in page.visible
    assert "Möglich: gesamtes Stadtgebiet, Altona, Harburg, St. Pauli." in page.visible


def upload(library: Browser, address: str, data: bytes) -> Page:
    """Upload a file; return the preview, or the form with what is to mend."""
    answer = library.send(address, {"datei": (io.BytesIO(data), "bogen.xlsx")})
    if answer.status_code == 302:
        return library.get(answer.headers["Location"])
    return checked(answer, 422)


@pytest.mark.usefixtures("harbour")
def test_a_record_keeps_the_names_it_was_published_with(
    world: World, library: Browser, open_round: Round, report: Report
) -> None:
    stored = save(world, library, report, "altona", "st-pauli")
    world.submit(report, stored, at="2026-10-06 09:00")
    list_districts(world, "Altona-Altstadt\nHarburg", date(2026, 11, 3))
    record = published(world, open_round)
    names = {
        "citywide": "gesamtes Stadtgebiet",
        "altona": "Altona",
        "st-pauli": "St. Pauli",
        "1-vorstadt": "1. Vorstadt",
    }
    assert record["definitions"]["choices"]["district"] == names
    Draft202012Validator(json.loads(schema_text(2))).validate(record)
    paper = measure_paper.paper(reading(record), "1.1")
    assert "Altona, St. Pauli" in paper_text.text(paper)


@pytest.mark.usefixtures("harbour")
def test_a_record_names_what_left_the_list_before_it_was_published(
    world: World, library: Browser, open_round: Round, report: Report, session: Session
) -> None:
    stored = save(world, library, report, "st-pauli")
    world.submit(report, stored, at="2026-10-06 09:00")
    list_districts(world, "Altona")
    session.refresh(open_round)
    record = published(world, open_round)
    assert record["definitions"]["choices"]["district"] == {
        "citywide": "gesamtes Stadtgebiet", "altona": "Altona", "st-pauli": "St. Pauli",
    }  # fmt: skip
    paper = measure_paper.paper(reading(record), "1.1")
    assert "St. Pauli" in paper_text.text(paper)


def test_without_a_list_there_is_the_whole_city(
    world: World, library: Browser, report: Report, browse: Open
) -> None:
    list_districts(world, "")
    assert list(boxes(library.get(path(report)).text)) == ["citywide"]
    assert library.client.get("/ausgaben/erhebungsbogen.docx").status_code == 200
