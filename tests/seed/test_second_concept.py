"""A second concept is loaded beside the first: whole or not at all, and each keeps its own."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session, select

from seed.load import load
from seed.nodes import SeedFileError
from tests.seed.rows import count, edit, second_concept
from tracker.concept.models import Concept, EditionMeasure, Indicator, Measure, Principle
from tracker.concept.queries.concept import read_concept
from tracker.concept.queries.concepts import concepts, the_concept
from tracker.concept.rules.document import concept_document
from tracker.core.errors import NotFound

FIRST = "integrationskonzept-2010"


@pytest.fixture
def second(tmp_path: Path) -> Path:
    return second_concept(tmp_path / "zweites")


def document(session: Session, now: datetime, key: str = "") -> object:
    concept_id = the_concept(session, key)
    return concept_document(read_concept(session, concept_id=concept_id, day=now.date()))


def test_a_second_concept_with_the_same_numbers_and_keys_leaves_the_first_as_it_was(
    session: Session, now: datetime, second: Path
) -> None:
    load(session, now=now)
    before = document(session, now)
    result = load(session, now=now, folder=second)
    assert (result.changed, result.unchanged, result.kept) == (0, 0, ())
    assert document(session, now) == document(session, now, FIRST) == before
    assert [concept.key for concept in concepts(session)] == [FIRST, "teilhabeplan"]
    read = read_concept(session, concept_id=the_concept(session, "teilhabeplan"), day=now.date())
    assert [measure.code for measure in read.measures] == ["1.1", "1.2", "2.1"]
    assert [indicator.key for indicator in read.measures[0].indicators] == ["fortbildungstage"]
    assert [principle.key for principle in read.principles] == ["teilhabe"]


def test_loading_either_again_changes_nothing_and_keeps_what_was_edited(
    session: Session, now: datetime, second: Path
) -> None:
    first = load(session, now=now)
    beside = load(session, now=now, folder=second)
    indicators = session.exec(select(Indicator).where(Indicator.key == "fortbildungstage")).all()
    assert len(indicators) == 2
    assert load(session, now=now).unchanged == first.created
    assert load(session, now=now, folder=second).unchanged == beside.created
    in_second = select(EditionMeasure).where(EditionMeasure.text == "Lotsen schulen.")
    session.exec(in_second).one().display_text = "Lotsinnen und Lotsen schulen."
    kept = load(session, now=now, folder=second).kept
    assert kept == ("edition_measure teilhabeplan/1/1.1: display_text",)
    assert load(session, now=now).kept == ()


def test_a_broken_second_concept_is_not_loaded_at_all(
    session: Session, now: datetime, second: Path
) -> None:
    load(session, now=now)
    edit(second, "fields/01.yaml", 'code: "2.1"', 'code: "1.1"')
    with pytest.raises(SeedFileError):
        load(session, now=now, folder=second)
    assert (count(session, Concept), count(session, Measure)) == (1, 58)
    assert count(session, Principle) == 4


def test_an_unknown_key_is_answered_with_those_there_are(
    session: Session, now: datetime, second: Path
) -> None:
    load(session, now=now, folder=second)
    with pytest.raises(NotFound, match=r"„andere“ gibt es nicht\. Vorhanden: teilhabeplan"):
        the_concept(session, "andere")
