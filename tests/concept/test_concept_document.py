"""The concept as one JSON document: `tracker export concept --format json`."""

import json
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from seed.load import load
from tests.conftest import NOW, StatementCounter
from tracker.concept.models import (
    Competence,
    EditionMeasure,
    Entry,
    EntryKind,
    Institution,
    Measure,
    MeasureKind,
    Responsibility,
    ResponsibilityRole,
)
from tracker.concept.queries.concept import read_concept
from tracker.concept.rules.document import concept_document
from tracker.core.errors import NotFound

TODAY = date(2026, 10, 5)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The document of the seeded concept, once per database: most tests only read it."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    with engine.connect() as connection, connection.begin() as outer:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            load(session, now=NOW)
            found = document_of(session)
        outer.rollback()
    return found


def document_of(session: Session) -> dict[str, Any]:
    return concept_document(read_concept(session, day=TODAY))


def measures(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        measure["code"]: measure
        for field in document["fields"]
        for goal in field["goals"]
        for measure in goal["measures"]
    }


def row(session: Session, code: str) -> Measure:
    return session.exec(
        select(Measure)
        .join(EditionMeasure, EditionMeasure.measure_id == Measure.id)
        .where(EditionMeasure.code == code)
    ).one()


def test_the_document_holds_9_fields_16_goals_and_58_measures_in_order(
    document: dict[str, Any],
) -> None:
    numbers = [goal["code"] for field in document["fields"] for goal in field["goals"]]
    assert [field["code"] for field in document["fields"]] == list("123456789")
    assert numbers == [str(number) for number in range(1, 17)]
    codes = list(measures(document))
    assert len(codes) == 58
    assert codes == sorted(codes, key=lambda code: tuple(map(int, code.split("."))))
    assert sum(measure["reportable"] for measure in measures(document).values()) == 57


def test_a_goal_carries_both_wordings_and_its_notes(document: dict[str, Any]) -> None:
    [goal] = [g for f in document["fields"] for g in f["goals"] if g["code"] == "9"]
    assert goal["title"].startswith("Chancengleichheit in der Versorgung")
    assert goal["title_annex2"].startswith("Angleichung der Versorgung")
    assert len(goal["notes"]) == 2


def test_a_measure_carries_verbatim_text_display_text_kind_and_notes(
    document: dict[str, Any],
) -> None:
    corrected, reference = measures(document)["3.1"], measures(document)["7.1"]
    assert "Stadtteinvätern" in corrected["text"]
    assert "Stadtteilvätern" in corrected["display_text"]
    assert (corrected["kind"], reference["kind"]) == ("measure", "reference")
    assert "Schreibversehen" in corrected["notes"][0]


def test_numbers_of_the_resolution_stand_with_operator_and_unit(document: dict[str, Any]) -> None:
    found = {
        code: [(i["kind"], i["operator"], i["target"], i["unit"], i["per_year"])]
        for code, measure in measures(document).items()
        for i in measure["indicators"]
    }
    assert found == {
        "2.1": [("condition", ">=", "30", "%", False)],
        "2.3": [("target", ">=", "2", "Fortbildungstage", True)],
        "2.4": [("condition", ">", "50", "%", False)],
        "3.3": [("target", ">=", "4", "Elternveranstaltungen", True)],
        "5.4": [("condition", ">=", "8", "Jahrgang", False)],
    }


def test_what_nobody_determined_is_null(document: dict[str, Any]) -> None:
    open_values = (
        *("lead", "competence", "competence_reason", "short_term", "concretisation"),
        *("concretisation_office", "concretisation_on", "municipal_funding"),
        *("municipal_funding_period", "retired_on"),
    )
    for measure in measures(document).values():
        assert {key: measure[key] for key in open_values} == dict.fromkeys(open_values)
        assert measure["partners"] == measure["principles"] == []


def test_the_document_is_json_without_database_ids(document: dict[str, Any]) -> None:
    assert json.loads(json.dumps(document, ensure_ascii=False)) == document
    assert '_id"' not in json.dumps(document)
    assert document["concept"]["resolved_on"] == "2010-09-23"
    assert [principle["name"] for principle in document["principles"]][3] == "Kultur der Vielfalt"


def test_responsibilities_are_those_of_the_day(session: Session, now: datetime) -> None:
    load(session, now=now)
    ids = dict(session.exec(select(Institution.key, Institution.id)).all())
    subject = row(session, "1.1")
    lead, partner = ResponsibilityRole.LEAD, ResponsibilityRole.PARTNER
    for key, role, first, last in [
        ("awo", lead, date(2026, 1, 1), date(2026, 10, 4)),
        ("ibz", lead, date(2026, 10, 5), None),
        ("rege", partner, date(2026, 1, 1), date(2026, 10, 5)),
        ("bamf", partner, date(2026, 10, 6), None),
    ]:
        session.add(
            Responsibility(
                measure_id=subject.id,
                institution_id=ids[key],
                role=role,
                valid_from=first,
                valid_to=last,
            )
        )
    found = measures(document_of(session))["1.1"]
    assert found["lead"]["key"] == "ibz"
    assert [partner["key"] for partner in found["partners"]] == ["rege"]


def test_what_the_coordination_determined_is_exported(session: Session, now: datetime) -> None:
    load(session, now=now)
    subject = row(session, "1.2")
    for kind, values in {
        EntryKind.COMPETENCE: {"competence": Competence.SHARED, "competence_reason": ""},
        EntryKind.CONCRETISATION: {
            "concretisation": "Erprobung an zwei Schulen.",
            "concretisation_office": "",
        },
        EntryKind.PRINCIPLES: {"principles": ["vielfalt"]},
    }.items():
        session.add(
            Entry(measure_id=subject.id, kind=kind, valid_from=TODAY, entered_at=now, **values)  # type: ignore[arg-type]
        )
    found = measures(document_of(session))["1.2"]
    assert (found["competence"], found["principles"]) == ("shared", ["vielfalt"])
    assert found["concretisation"] == "Erprobung an zwei Schulen."


def test_an_empty_database_names_the_command_that_fills_it(session: Session) -> None:
    with pytest.raises(NotFound, match="tracker seed"):
        document_of(session)


def test_the_number_of_statements_does_not_depend_on_the_number_of_measures(
    session: Session, engine: Engine, now: datetime
) -> None:
    load(session, now=now)
    with StatementCounter(engine) as few:
        document_of(session)
    first = session.exec(select(EditionMeasure).where(EditionMeasure.code == "1.1")).one()
    for position in range(5, 105):
        measure = Measure(concept_id=row(session, "1.1").concept_id)
        session.add(measure)
        session.flush()
        session.add(
            EditionMeasure(
                edition_id=first.edition_id,
                measure_id=measure.id or 0,
                edition_goal_id=first.edition_goal_id,
                code=f"1.{position}",
                position=position,
                kind=MeasureKind.MEASURE,
                text="x.",
                display_text="x.",
            )
        )
    session.flush()
    with StatementCounter(engine) as many:
        document_of(session)
    assert many.count == few.count <= 12
