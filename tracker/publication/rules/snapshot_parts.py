"""The document of a publication cut into the pieces that pages read (docs/snapshot-format.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast, get_args

from tracker.publication.rules.document import (
    Document,
    EffectMeasure,
    EffectPart,
    EffectReport,
    FieldFigures,
    FieldName,
    GoalsPart,
    GoalTitle,
    MeasureLabel,
    MeasurePart,
    MeasureRecord,
    MetaPart,
    OverviewCodes,
    OverviewMeasure,
    OverviewPart,
    ReportTextKey,
    ReturnRecord,
    SectionRecord,
    TextsMeasure,
    TextsPart,
    Ziff5Part,
)
from tracker.publication.rules.effect import has_ended, named
from tracker.publication.rules.snapshot_figures import is_newly_troubled

PartT = TypeVar("PartT")
RecordT = TypeVar("RecordT", bound=Mapping[str, object])


class PartKind(str, Generic[PartT]):
    """The kind of a part, and to the type checker what its payload is."""

    __slots__ = ()


META: Final = PartKind[MetaPart]("meta")
OVERVIEW: Final = PartKind[OverviewPart]("overview")
MEASURE: Final = PartKind[MeasurePart]("measure")
GOALS: Final = PartKind[GoalsPart]("goals")
EFFECT: Final = PartKind[EffectPart]("effect")
ZIFF5: Final = PartKind[Ziff5Part]("ziff5")
TEXTS: Final = PartKind[TextsPart]("texts")
SECTION: Final = PartKind[SectionRecord]("section")


class DocumentPart(NamedTuple):
    """A piece of the document: `kind` and `key` name it, `payload` has the type of its kind."""

    kind: PartKind[Any]
    key: str
    payload: Any


def split(document: Document) -> list[DocumentPart]:
    """Return every part of a document; nothing in them that the document does not say."""
    measures = document["measures"]
    goals: GoalsPart = {"fields": document["fields"]}
    start = document["round"]["start"]
    effect: EffectPart = {"measures": [effect_line(measure, start) for measure in measures]}
    ziff5: Ziff5Part = {
        "measures": [{"code": measure["code"], "ziff5": measure["ziff5"]} for measure in measures]
    }
    texts: TextsPart = {"measures": [_texts(measure) for measure in measures]}
    places = _places(document)
    return [
        DocumentPart(META, "", _only(MetaPart, document)),
        DocumentPart(OVERVIEW, "", _overview(document)),
        DocumentPart(GOALS, "", goals),
        DocumentPart(EFFECT, "", effect),
        DocumentPart(ZIFF5, "", ziff5),
        DocumentPart(TEXTS, "", texts),
        *(
            DocumentPart(MEASURE, measure["key"], _measure(document, measure, places))
            for measure in measures
        ),
        *(DocumentPart(SECTION, name, section) for name, section in document["sections"].items()),
    ]


def _only(shape: type[RecordT], record: RecordT) -> RecordT:
    """Return of a larger record what the `shape` that it extends has."""
    return cast("RecordT", {key: record[key] for key in shape.__annotations__})


def _places(document: Document) -> dict[str, tuple[FieldName, GoalTitle]]:
    return {
        goal["code"]: (_only(FieldName, field), _only(GoalTitle, goal))
        for field in document["fields"]
        for goal in field["goals"]
    }


def _measure(
    document: Document,
    measure: MeasureRecord,
    places: Mapping[str, tuple[FieldName, GoalTitle]],
) -> MeasurePart:
    field, goal = places[measure["goal"]]
    return {
        "demonstration": document["demonstration"],
        "round": document["round"],
        "previous": document["previous"],
        "field": field,
        "goal": goal,
        "measure": measure,
    }


def _overview(document: Document) -> OverviewPart:
    start = document["round"]["start"]
    index = {measure["code"]: _indexed(measure, start) for measure in document["measures"]}
    return {
        "demonstration": document["demonstration"],
        "instance": document["instance"],
        "concept": {"title": document["concept"]["title"]},
        "round": document["round"],
        "previous": document["previous"],
        "figures": document["figures"],
        "fields": [_only(FieldFigures, field) for field in document["fields"]],
        "measures": list(index.values()),
        "changes": [{**line, **_label(index[line["code"]])} for line in document["changes"]],
        "decisions": [{**line, **_label(index[line["code"]])} for line in document["decisions"]],
        "codes": _codes(document["measures"]),
    }


def _indexed(measure: MeasureRecord, start: str) -> OverviewMeasure:
    lead, expected = measure["lead"], measure["expected"]
    indexed: OverviewMeasure = {
        "key": measure["key"],
        "code": measure["code"],
        "display_text": measure["display_text"],
        "field": measure["field"],
        "goal": measure["goal"],
        "kind": measure["kind"],
        "reportable": measure["reportable"],
        "principles": measure["principles"],
        "value": measure["value"],
        "carried": measure["carried"],
        "previous_value": measure["previous_value"],
        "change": measure["change"],
        "lead": lead["name"] if lead is not None else None,
        "lead_key": lead["key"] if lead is not None else None,
        "partner_keys": [partner["key"] for partner in measure["partners"]],
        "competence": measure["ziff5"]["competence"],
        "short_term": measure["ziff5"]["short_term"],
        "expected": None if expected is None else _only(ReturnRecord, expected),
        # Only that there is one: its text stands on the measure's page.
        "dissent": measure["dissent"] is not None,
        "named": named(effect_line(measure, start)) if measure["reportable"] else [],
    }
    if measure["reviewed"] is not None:
        indexed["reviewed_reason"] = measure["reviewed"]["reason"]
    return indexed


def _label(measure: OverviewMeasure) -> MeasureLabel:
    return {
        "display_text": measure["display_text"],
        "field": measure["field"],
        "lead": measure["lead"],
        "dissent": measure["dissent"],
    }


def effect_line(measure: MeasureRecord, start: str) -> EffectMeasure:
    """Return what was done and spent for a measure in the round that begins at `start`."""
    report = None if measure["report"] is None else _only(EffectReport, measure["report"])
    ended = [] if report is None else [line for line in report["funding"] if has_ended(line, start)]
    if report is not None and ended:
        report = {**report, "funding": [line for line in report["funding"] if line not in ended]}
    return {
        "key": measure["key"],
        "code": measure["code"],
        "indicators": measure["indicators"],
        "municipal_funding": measure["ziff5"]["municipal_funding"],
        "municipal_funding_period": measure["ziff5"]["municipal_funding_period"],
        "report": report,
        "ended": ended,
    }


def _texts(measure: MeasureRecord) -> TextsMeasure:
    report, reviewed = measure["report"], measure["reviewed"]
    names: tuple[ReportTextKey, ...] = get_args(ReportTextKey)
    return {
        "code": measure["code"],
        "text": measure["text"],
        "display_text": measure["display_text"],
        "notes": measure["notes"],
        "report": {} if report is None else {key: report[key] for key in names if report[key]},
        "next_step_on": report["next_step_on"] if report is not None else None,
        "reviewed_reason": reviewed["reason"] if reviewed is not None else "",
        "dissent": measure["dissent"] or "",
        "partners": [partner["name"] for partner in measure["partners"]],
    }


def _codes(measures: Iterable[MeasureRecord]) -> OverviewCodes:
    """Return the codes counted behind every number of `figures`, in the order of the concept."""
    by_implementation: defaultdict[str, list[str]] = defaultdict(list)
    by_course: defaultdict[str, list[str]] = defaultdict(list)
    newly_troubled: defaultdict[str, list[str]] = defaultdict(list)
    lists: defaultdict[str, list[str]] = defaultdict(list)
    for measure in measures:
        code, expected, value = measure["code"], measure["expected"], measure["value"]
        if measure["reportable"]:
            if value is None:
                lists["no_report"].append(code)
            else:
                by_implementation[value["implementation"]].append(code)
                by_course[value["course"] or "course_not_asked"].append(code)
                if value["course"] is not None and is_newly_troubled(measure):
                    newly_troubled[value["course"]].append(code)
            if measure["carried"] is not None:
                lists["carried"].append(code)
        if expected is not None:
            for name in _returned_as(expected):
                lists[name].append(code)
    return {
        "course_not_asked": by_course.pop("course_not_asked", []),
        "implementation": dict(by_implementation),
        "course": dict(by_course),
        "newly_troubled": dict(newly_troubled),
        "no_report": lists["no_report"],
        "carried": lists["carried"],
        "expected": lists["expected"],
        "submitted": lists["submitted"],
        "accepted": lists["accepted"],
        "on_time": lists["on_time"],
        "waived": lists["waived"],
    }


def _returned_as(expected: ReturnRecord) -> list[str]:
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
