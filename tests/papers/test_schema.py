"""The published JSON Schema accepts every document that is published, and no wrong one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import fields
from enum import StrEnum
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from seed.files import SIGN
from tests.bielefeld import DISTRICTS
from tests.factories_snapshot import document, documents, sha256
from tests.format1 import in_format_1
from tests.papers.odd_rounds import ODD_ROUNDS, OddRound
from tests.papers.round_strategies import rounds
from tracker.concept.models import (
    Competence,
    IndicatorKind,
    InstitutionKind,
    MeasureKind,
    ResponsibilityRole,
    ShortTerm,
)
from tracker.papers.writers.to_json import schema_name, schema_text
from tracker.publication.definitions import FIGURES, definitions
from tracker.publication.rules.formats import FORMAT, FORMAT_1, UnknownFormatError, lift
from tracker.reporting.rules.content import ParticipantUnit, ReportContent, StaffUnit
from tracker.reporting.rules.figures import Change
from tracker.reporting.rules.reports import Punctuality, ReportState
from tracker.reporting.rules.status import TROUBLED, Course, Implementation
from tracker.reporting.words import REPORT_FIELD

Json = dict[str, Any]
SCHEMA: Json = json.loads(schema_text(2))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def problem(found: Json) -> str:
    """The first thing that is wrong, or nothing."""
    error = next(VALIDATOR.iter_errors(found), None)
    return "" if error is None else f"{list(error.path)}: {error.message}"


def test_the_schema_is_a_schema_and_names_the_format() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["format"]["const"] == FORMAT
    assert f"snapshot-{FORMAT.rsplit('/', 1)[1]}.schema.json" == schema_name(2)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_rounds_in_a_row_are_valid(number: int) -> None:
    assert problem(documents(3, goals=5)[number]) == ""


@pytest.mark.parametrize("odd", ODD_ROUNDS, ids=lambda odd: odd.name)
def test_odd_rounds_are_valid(odd: OddRound) -> None:
    assert problem(odd.document()) == ""


@given(rounds())
@settings(max_examples=10, deadline=None)
def test_any_round_is_valid(found: Json) -> None:
    assert problem(found) == ""


OLD = Draft202012Validator(json.loads(schema_text(1)))


@given(rounds())
@settings(max_examples=10, deadline=None)
def test_format_1_stays_as_it_was_and_is_read_as_format_2(found: Json) -> None:
    old = in_format_1(found)
    assert [error.message for error in OLD.iter_errors(old)] == []
    read = lift(old)
    assert read.pop("published_sha256") == sha256(old)
    assert lift(lift(old)) == lift(old)
    said = {
        "format": FORMAT_1,
        "instance": found["instance"] | {"contact": "", "origin": None},
        "concept": found["concept"] | {"in_force_on": None},
        "measures": [
            measure | {"prioritised": bool(measure["prioritised"])} for measure in found["measures"]
        ],
    }
    assert read == found | said


def test_a_format_that_is_not_known_says_what_to_do() -> None:
    with pytest.raises(UnknownFormatError, match="aktualisieren Sie die Anwendung"):
        lift(document() | {"format": "integrationskonzept-controlling/snapshot/3"})


Wrong = Callable[[Json], Any]


def changed(*path: str | int, to: Any) -> Wrong:
    """Put a value where `path` leads; "report" leads to the first measure with a report."""

    def change(found: Json) -> None:
        place: Any = found
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return change


def removed(*path: str | int) -> Wrong:
    def change(found: Json) -> None:
        place: Any = found
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return change


M = ("measures", 0)
R = (*M, "report")
WRONG: dict[str, Wrong] = {
    "another format": changed("format", to="integrationskonzept-controlling/snapshot/1"),
    "a formula version that is a number": changed("formula_version", to=2),
    "a demonstration that is a word": changed("demonstration", to="ja"),
    "something more at the top": changed("remark", to="x"),
    "no rounds' figures": removed("figures"),
    "a person among the instance": changed("instance", "person", to="Frau Muster"),
    "a period that is none": changed("round", "period", to="2026-Q5"),
    "a third half-year": changed("round", "period", to="2026-H3"),
    "a German day": changed("round", "as_of", to="30.09.2026"),
    "a day that is none": changed("round", "as_of", to="2026-02-30"),
    "a version 0": changed("round", "version", to=0),
    "no Stichtag": removed("round", "as_of"),
    "a previous round without hash": removed("previous", "sha256"),
    "a hash that is cut": changed("previous", "sha256", to="abc"),
    "a word too many in the definitions": changed("definitions", "colour", to="rot"),
    "a mark without its word": changed("definitions", "implementation", 0, "label", to=""),
    "a mark with a colour": changed("definitions", "course", 0, "colour", to="rot"),
    "an unknown mark": changed("definitions", "course", 0, "code", to="splendid"),
    "another code for keine Meldung": changed("definitions", "no_report", "code", to="none"),
    "an unknown choice": changed("definitions", "choices", "short_term", "maybe", to="vielleicht"),
    "an unknown field of the report": changed("definitions", "report_fields", "mood", to="Laune"),
    "an unknown formula": changed("definitions", "figures", 0, "key", to="mood"),
    "a principle without name": removed("principles", 0, "name"),
    "an unknown kind of institution": changed("institutions", 0, "kind", to="club"),
    "a contact of an institution": changed("institutions", 0, "email", to="a@b.example"),
    "a count below 0": changed("figures", "distribution", "no_report", to=-1),
    "a count that is a text": changed("figures", "distribution", "reported", to="49"),
    "a missing Umsetzungsstand": removed("figures", "distribution", "counts", "dropped"),
    "keine Meldung as an Umsetzungsstand": changed(
        "figures", "distribution", "counts", "no_report", to=0
    ),
    "a percent that is a float": changed("figures", "returns", "timeliness", "percent", to=90.9),
    "an unknown worst course": changed("figures", "worst_course", to="splendid"),
    "a change that is none": changed("figures", "changes", "other", to=1),
    "a field without goals": removed("fields", 0, "goals"),
    "a goal without its other wording": removed("fields", 0, "goals", 0, "title_annex2"),
    "a measure without code": removed(*M, "code"),
    "an empty wording": changed(*M, "text", to=""),
    "an internal remark": changed(*R, "internal_remark", to="bitte anrufen"),
    "a draft as a state": changed(*M, "expected", "state", to="draft"),
    "a state without punctuality": changed(*M, "expected", "punctuality", to=None),
    "a name of a person who submitted": changed(*M, "expected", "submitted_by", to="Muster"),
    "keine Meldung as a value": changed(
        *M, "value", to={"implementation": "no_report", "course": None}
    ),
    "a value without course": changed(*M, "value", to={"implementation": "planned"}),
    "money as a number": changed(*R, "cost_actual", to=3750.5),
    "money with a comma": changed(*R, "cost_actual", to="3750,50"),
    "money with an exponent": changed(*R, "cost_actual", to="1E+3"),
    "money below 0 with a sign in the middle": changed(*R, "cost_planned", to="1-2"),
    "half an event": changed(*R, "events", to=0.5),
    "a group under 5": changed(
        *R, "participants", to=[{"unit": "persons", "count": 3, "suppressed": False}]
    ),
    "a hidden count that is shown": changed(
        *R, "participants", to=[{"unit": "persons", "count": 3, "suppressed": True}]
    ),
    "a missing count that is not hidden": changed(
        *R, "participants", to=[{"unit": "persons", "count": None, "suppressed": False}]
    ),
    "an unknown unit": changed(
        *R, "participants", to=[{"unit": "heads", "count": 12, "suppressed": False}]
    ),
    "an unknown district": changed(*R, "districts", to=["Altona"]),
    "a milestone without title": changed(*R, "milestones", to=[{"due_on": None, "done_on": None}]),
    "funding without donor": changed(*R, "funding", to=[{"amount": "1"}]),
    "an unknown competence": changed(*M, "ziff5", "competence", to="all"),
    "an unchanged measure among the changes": changed(
        "changes", to=[{"code": "1.1", "kind": "unchanged", "before": None, "after": None}]
    ),
    "an empty Steuerungsvorschlag": changed(
        "decisions",
        to=[
            {
                "code": "1.1",
                "value": {"implementation": "planned", "course": "critical"},
                "reason": "",
                "consequence": "",
            }
        ],
    ),
    "a first version as a correction": changed(
        "corrections", to=[{"version": 1, "reason": "", "published_on": "2026-11-02"}]
    ),
}


@cache
def right() -> Json:
    """A document whose first measure was reported."""
    found = documents(2, goals=1)[-1]
    first = next(item for item in found["measures"] if item["report"] is not None)
    found["measures"] = [first]
    return found


@pytest.mark.parametrize("wrong", WRONG.values(), ids=list(WRONG))
def test_a_wrong_document_is_refused(wrong: Wrong) -> None:
    found = deepcopy(right())
    wrong(found)
    assert problem(found) != ""


def test_what_was_made_wrong_had_been_right() -> None:
    assert problem(right()) == ""


def values_of(kind: Iterable[StrEnum]) -> list[str]:
    return [item.value for item in kind]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("implementation", values_of(Implementation)),
        ("course", values_of(Course)),
        ("change", values_of(Change)),
        ("punctuality", values_of(Punctuality)),
        ("report_state", values_of(ReportState)),
        ("competence", values_of(Competence)),
        ("short_term", values_of(ShortTerm)),
        ("participant_unit", values_of(ParticipantUnit)),
        ("staff_unit", values_of(StaffUnit)),
        ("institution_kind", values_of(InstitutionKind)),
        ("measure_kind", values_of(MeasureKind)),
        ("responsibility", values_of(ResponsibilityRole)),
        ("indicator_kind", values_of(IndicatorKind)),
        ("operator", list(SIGN.values())),
        ("report_field", list(REPORT_FIELD)),
        ("figure_key", [figure.key for figure in FIGURES]),
    ],
)
def test_the_values_are_those_of_the_code(name: str, expected: list[str]) -> None:
    assert sorted(SCHEMA["$defs"][name]["enum"]) == sorted(expected)


def test_what_is_counted_by_value_names_every_value() -> None:
    counted = SCHEMA["$defs"]["distribution"]["properties"]
    figures = SCHEMA["$defs"]["round_figures"]["properties"]
    for found, expected in (
        (counted["counts"], values_of(Implementation)),
        (counted["courses"], values_of(Course)),
        (figures["changes"], values_of(Change)),
        (figures["newly_troubled"], values_of(TROUBLED)),
    ):
        assert sorted(found["properties"]) == sorted(found["required"]) == sorted(expected)


def test_a_report_has_the_fields_of_the_form_without_the_internal_remark() -> None:
    expected = {item.name for item in fields(ReportContent)} - {"internal_remark"}
    assert set(SCHEMA["$defs"]["report"]["properties"]) == expected
    assert set(SCHEMA["$defs"]["report"]["required"]) == expected


def test_every_object_is_closed_and_requires_what_it_names() -> None:
    objects = [SCHEMA, *SCHEMA["$defs"].values()]
    for item in objects:
        if "properties" not in item or item.get("title") == "Zeichen":
            continue
        assert item["additionalProperties"] is False, item["title"]
        assert sorted(item["required"]) == sorted(item["properties"]), item["title"]


def test_every_part_of_a_document_is_explained() -> None:
    """Each property says in German what it is: by its own title or by its definition's."""
    for name, item in {"": SCHEMA, **SCHEMA["$defs"]}.items():
        for key, part in item.get("properties", {}).items():
            assert explained(part), f"{name}.{key}"


def explained(part: Json) -> bool:
    if part.get("title") or part.get("description"):
        return True
    target = SCHEMA["$defs"].get(str(part.get("$ref")).rsplit("/", 1)[-1], {})
    choices = [explained(item) for item in part.get("anyOf", ()) if "$ref" in item]
    return (bool(target) and explained(target)) or any(choices)


def test_the_definitions_of_today_are_valid() -> None:
    found = document(goals=1) | {"definitions": definitions(DISTRICTS)}
    assert problem(found) == ""
