"""The document of a publication cut into the pieces that pages read (docs/snapshot-format.md)."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from tracker.core.canonical import Json
from tracker.publication.rules.effect import named
from tracker.publication.rules.snapshot_figures import is_newly_troubled

META = "meta"
OVERVIEW = "overview"
MEASURE = "measure"
GOALS = "goals"
EFFECT = "effect"
ZIFF5 = "ziff5"
TEXTS = "texts"
KINDS = (META, OVERVIEW, GOALS, EFFECT, ZIFF5, TEXTS, MEASURE)

_META_KEYS = (
    "format",
    "formula_version",
    "demonstration",
    "instance",
    "concept",
    "round",
    "previous",
    "definitions",
    "principles",
    "institutions",
    "corrections",
)


_EXPECTED_KEYS = ("institution", "state", "punctuality", "first_submitted_on")
_EFFECT_KEYS = (
    "participants",
    "events",
    "staff",
    "staff_unit",
    "cost_planned",
    "cost_actual",
    "funding",
    "districts",
)
_TEXT_KEYS = (
    "achieved",
    "next_step",
    "reason",
    "consequence",
    "changed",
    "obstacles",
    "partners",
    "cooperation_wanted",
    "target_group",
)


class Part(NamedTuple):
    """A piece of the document: `kind` and `key` name it, `payload` is JSON-ready."""

    kind: str
    key: str
    payload: Json


def split(document: Json) -> list[Part]:
    """Return every part of a document; nothing in them that the document does not say."""
    places = _places(document)
    rounds = {key: document[key] for key in ("demonstration", "round", "previous")}
    return [
        Part(META, "", {key: document[key] for key in _META_KEYS}),
        Part(OVERVIEW, "", _overview(document)),
        Part(GOALS, "", {"fields": document["fields"]}),
        Part(EFFECT, "", {"measures": [effect_line(item) for item in document["measures"]]}),
        Part(ZIFF5, "", {"measures": [_ziff5(item) for item in document["measures"]]}),
        Part(TEXTS, "", {"measures": [_texts(item) for item in document["measures"]]}),
        *(
            Part(
                MEASURE,
                item["code"],
                rounds | places[item["field"], item["goal"]] | {"measure": item},
            )
            for item in document["measures"]
        ),
    ]


def _places(document: Json) -> dict[tuple[int, int], Json]:
    """Return the field and goal of a measure by their numbers."""
    return {
        (field["position"], goal["number"]): {
            "field": {key: field[key] for key in ("position", "name")},
            "goal": {key: goal[key] for key in ("number", "title", "title_annex2")},
        }
        for field in document["fields"]
        for goal in field["goals"]
    }


def _overview(document: Json) -> Json:
    index = {item["code"]: _indexed(item) for item in document["measures"]}
    return {
        "demonstration": document["demonstration"],
        "instance": document["instance"],
        "concept": {"title": document["concept"]["title"]},
        "round": document["round"],
        "previous": document["previous"],
        "figures": document["figures"],
        "fields": [
            {key: item[key] for key in ("position", "name", "figures")}
            for item in document["fields"]
        ],
        "measures": list(index.values()),
        "changes": [_named(line, index) for line in document["changes"]],
        "decisions": [_named(line, index) for line in document["decisions"]],
        "codes": _codes(document["measures"]),
    }


def _indexed(measure: Json) -> Json:
    """Return a measure as lists, filters and the figures over them need it."""
    lead, expected = measure["lead"], measure["expected"]
    copied = ("code", "display_text", "field", "goal", "kind", "reportable", "principles")
    compared = ("value", "carried", "previous_value", "change")
    return {key: measure[key] for key in (*copied, *compared)} | {
        "lead": lead["name"] if lead is not None else None,
        "lead_key": lead["key"] if lead is not None else None,
        "partner_keys": [item["key"] for item in measure["partners"]],
        "competence": measure["ziff5"]["competence"],
        "short_term": measure["ziff5"]["short_term"],
        "expected": None if expected is None else {key: expected[key] for key in _EXPECTED_KEYS},
        # Only that there is one: its text stands on the measure's page.
        "dissent": measure["dissent"] is not None,
        "named": named(effect_line(measure)) if measure["reportable"] else [],
    }


def effect_line(measure: Json) -> Json:
    """Return what was done and spent; `report` is None where nothing was reported."""
    report = measure["report"]
    return {
        "code": measure["code"],
        "indicators": measure["indicators"],
        "municipal_funding": measure["ziff5"]["municipal_funding"],
        "report": None if report is None else {key: report[key] for key in _EFFECT_KEYS},
    }


def _ziff5(measure: Json) -> Json:
    return {"code": measure["code"], "ziff5": measure["ziff5"]}


def _texts(measure: Json) -> Json:
    """Return what people look for a measure by: its wording and what was said about it."""
    report, reviewed = measure["report"] or {}, measure["reviewed"] or {}
    said = {key: report[key] for key in _TEXT_KEYS if report.get(key)}
    return {
        "code": measure["code"],
        "text": measure["text"],
        "display_text": measure["display_text"],
        "notes": measure["notes"],
        "report": said,
        "next_step_on": report.get("next_step_on"),
        "reviewed_reason": reviewed.get("reason") or "",
        "dissent": measure["dissent"] or "",
        "partners": [item["name"] for item in measure["partners"]],
    }


def _named(line: Json, index: dict[str, Json]) -> Json:
    measure = index[line["code"]]
    return line | {key: measure[key] for key in ("display_text", "field", "lead", "dissent")}


def _codes(measures: list[Json]) -> Json:
    """Return the codes counted behind every number of `figures`, in the order of the concept."""
    found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    lists: defaultdict[str, list[str]] = defaultdict(list)
    for item in measures:
        code, expected, value = item["code"], item["expected"], item["value"]
        if item["reportable"]:
            if value is None:
                lists["no_report"].append(code)
            else:
                found["implementation"][value["implementation"]].append(code)
                found["course"][value["course"] or "course_not_asked"].append(code)
            if is_newly_troubled(item):
                found["newly_troubled"][value["course"]].append(code)
            if item["carried"] is not None:
                lists["carried"].append(code)
        if expected is not None:
            for name in _returned_as(expected):
                lists[name].append(code)
    courses = dict(found["course"])
    not_asked = courses.pop("course_not_asked", [])
    names = ("no_report", "carried", "expected", "submitted", "accepted", "on_time", "waived")
    return {
        "implementation": dict(found["implementation"]),
        "course": courses,
        "course_not_asked": not_asked,
        "newly_troubled": dict(found["newly_troubled"]),
    } | {name: lists[name] for name in names}


def _returned_as(expected: Json) -> list[str]:
    if expected["state"] == "waived":
        return ["waived"]
    names = ["expected"]
    if expected["first_submitted_on"] is not None:
        names.append("submitted")
    if expected["state"] == "accepted":
        names.append("accepted")
    if expected["punctuality"] == "on_time":
        names.append("on_time")
    return names
