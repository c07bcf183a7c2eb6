""" "Was Fassung 2 ändert" is said before publishing, on pages and in every paper."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlmodel import Session

from tests.factories import CRITICAL, RUNNING, World, moment
from tests.factories_snapshot import documents
from tests.format1 import in_format_1
from tests.paper_text import headings, text
from tests.publication.publishing import INSTANCE, close_and_publish
from tests.publication.test_corrections_travel import correct, publish
from tracker.core.canonical import canonical_json
from tracker.core.errors import IllegalTransition
from tracker.papers.making.service import content, load, paper
from tracker.papers.rules.exporting import FORMATS, ExportFormat, ExportKind, ExportRequest
from tracker.papers.tables import tables
from tracker.publication.actions.publication import publish as publish_round
from tracker.publication.queries import published
from tracker.publication.reading.correction import changes
from tracker.publication.rules.correction import differing
from tracker.publication.rules.document import Document
from tracker.reporting.models import Round
from tracker.reporting.rounds.actions import rounds
from tracker.reporting.rules.rounds import RoundState

FIXED = replace(CRITICAL, achieved="Drei Gruppen")


@pytest.fixture
def world(session: Session) -> World:
    world = World(session)
    world.lead(world.library, *world.measures[:2])
    return world


def corrected(world: World) -> tuple[Document, Document]:
    round_, first = publish(world, "2026-Q3", "2026-10-10", RUNNING, CRITICAL)
    return first, correct(world, round_, "2026-11-10", FIXED)  # type: ignore[return-value]


def test_every_value_that_differs_is_listed_with_both(world: World) -> None:
    table = changes(*corrected(world))
    assert table.title == "Was Fassung 2 ändert"
    assert [column.name for column in table.columns] == ["Nr.", "Angabe", "Fassung 1", "Fassung 2"]
    rows = {(row[0], row[1]): row[2:] for row in table.rows}
    assert {code for code, _ in rows} == {"1.1"}
    assert rows["1.1", "Verlauf"] == ("planmäßig", "kritisch")
    assert rows["1.1", "Was wurde erreicht?"] == (RUNNING.achieved, "Drei Gruppen")
    assert rows["1.1", "Abgabe"] == ("1.", "2.")
    assert ("1.1", "Umsetzungsstand") not in rows


def test_versions_that_say_the_same_list_nothing(world: World) -> None:
    first, _ = corrected(world)
    again = json.loads(json.dumps(first))
    again["round"] |= {"version": 2, "reason": "Probe", "published_on": "2026-12-01"}
    assert changes(first, again).rows == ()
    again |= {"definitions": {}, "formula_version": "9", "demonstration": True}
    again["instance"]["office"] = "Amt"
    assert changes(first, again).rows == (), "nobody corrected it"


def test_a_release_with_another_format_corrects_nothing() -> None:
    """Format 1 wrote "nein" where nobody had entered what is vorrangig; format 2 writes null."""
    [made] = documents(1, goals=2)
    assert {measure["prioritised"] for measure in made["measures"]} == {None}
    before = published.read(canonical_json(in_format_1(made)))
    made["round"] |= {"version": 2, "reason": "Probe"}
    assert differing(before, made) == ()  # type: ignore[arg-type]
    made["round"]["committee_on"] = "2026-12-31"
    assert [row[1] for row in changes(before, made).rows] == ["Sitzung des Ausschusses"]  # type: ignore[arg-type]


def test_what_belongs_to_the_whole_round_is_listed_too(world: World) -> None:
    first, _ = corrected(world)
    other = json.loads(json.dumps(first))
    other["round"] |= {"version": 2, "committee_on": "2026-12-08"}
    other["previous"] = {"period": "2026-Q2", "label": "Q2/2026", "version": 2, "sha256": ""}
    other["instance"]["office"] = "Amt"
    gone = other["measures"].pop()
    assert changes(first, other).rows == (
        (None, "Sitzung des Ausschusses", None, "08.12.2026"),
        (None, "Verglichen mit", None, "Q2/2026, Fassung 2"),
        (None, "Angaben zur Stelle", None, "geändert"),
        (gone["code"], "Maßnahme", gone["display_text"], "nicht im Konzept"),
    )


KINDS = {
    ExportKind.REPORT: {},
    ExportKind.VORLAGE: {},
    ExportKind.MEASURE: {"measure": "1.1"},
    ExportKind.INSTITUTION: {"institution": "vhs"},
    ExportKind.COMPARISON: {"compare": "2026-Q3/1"},
}


def test_every_paper_of_a_correction_says_what_it_changed(world: World) -> None:
    corrected(world)
    for kind, about in KINDS.items():
        request = ExportRequest(kind, "2026-Q3", FORMATS[kind][0], concept=world.key, **about)
        loaded = load(world.session, request)
        shown = text(paper(loaded))
        assert "Was Fassung 2 ändert" in shown, kind
        assert "Drei Gruppen" in shown, kind
        assert tables(content(loaded))[-1].title == "Was Fassung 2 ändert"
    other = ExportRequest(
        ExportKind.MEASURE, "2026-Q3", ExportFormat.PDF, concept=world.key, measure="1.2"
    )
    assert "Was Fassung 2 ändert" not in text(paper(load(world.session, other)))
    first = ExportRequest(
        ExportKind.REPORT, "2026-Q3", ExportFormat.PDF, version=1, concept=world.key
    )
    assert "Was Fassung" not in text(paper(load(world.session, first)))


def test_two_versions_of_a_round_are_compared_in_a_paper(world: World) -> None:
    corrected(world)
    request = ExportRequest(
        ExportKind.COMPARISON, "2026-Q3", ExportFormat.PDF, concept=world.key, compare="2026-Q3/1"
    )
    shown = paper(load(world.session, request))
    assert shown.subtitle.startswith("Q3/2026, Fassung 1 und Q3/2026, Fassung 2 ·")
    assert "Verschlechtert (1)" in headings(shown, 2)


def test_a_correction_that_changes_nothing_is_refused_with_the_remedy(world: World) -> None:
    round_, _ = publish(world, "2026-Q3", "2026-11-02", RUNNING, None)
    by, now = world.coordination, moment("2026-11-10 09:00")
    rounds.correct(world.session, round_=round_, reason="Probe", by=by, now=now)
    renamed = replace(INSTANCE, record=INSTANCE.record | {"office": "Amt für Integration"})
    for instance in (INSTANCE, renamed):
        with (
            pytest.raises(IllegalTransition, match=r"ändert nichts an Fassung 1\. .*verwerfen Sie"),
            world.session.begin_nested(),
        ):
            publish_round(world.session, round_=round_, by=by, now=now, instance=instance)


def test_a_correction_begun_before_it_could_be_abandoned_is_published_all_the_same(
    world: World,
) -> None:
    round_, _ = publish(world, "2026-Q3", "2026-11-02", RUNNING, None)
    by, now = world.coordination, moment("2026-11-10 09:00")
    rounds.correct(world.session, round_=round_, reason="Probe", by=by, now=now)
    round_.before_correction = None
    world.session.flush()
    assert close_and_publish(world, round_, "2026-11-11 09:00").version == 2
    assert world.session.get_one(Round, round_.id).state is RoundState.PUBLISHED
