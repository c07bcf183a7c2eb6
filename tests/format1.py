"""Documents as format 1 wrote them, made from those of today."""

from __future__ import annotations

from typing import Any

from tracker.publication.rules.formats import FORMAT_1

Json = dict[str, Any]


def in_format_1(document: Json) -> Json:
    """The same round as a release before format 2 would have published it.

    Only where fields and goals are numbers, and each measure's key is its code.
    """
    old = without(document, "sections") | {"format": FORMAT_1}
    old["instance"] = without(document["instance"], "contact", "origin")
    old["concept"] = without(document["concept"], "in_force_on", "as_of")
    old["fields"] = [
        without(field, "key", "code")
        | {
            "position": int(field["code"]),
            "goals": [
                without(goal, "key", "code") | {"number": int(goal["code"])}
                for goal in field["goals"]
            ],
        }
        for field in document["fields"]
    ]
    old["measures"] = [
        without(measure, "key")
        | {
            "field": int(measure["field"]),
            "goal": int(measure["goal"]),
            "prioritised": bool(measure["prioritised"]),
            "expected": measure["expected"] and without(measure["expected"], "joined_on"),
        }
        for measure in document["measures"]
    ]
    return old


def without(record: Json, *keys: str) -> Json:
    return {key: value for key, value in record.items() if key not in keys}
