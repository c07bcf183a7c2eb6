"""The formats of a published round: format 2 is written, format 1 is read as if it were format 2.

What is stored never changes: hash, canonical form and verification are those of the text as it
was published (docs/snapshot-format.md).
"""

from __future__ import annotations

from typing import Any, Final, cast

from tracker.concept.rules.facts import lasting_key
from tracker.core.canonical import canonical_json, sha256_of
from tracker.publication.rules.document import Document

FORMAT_1: Final = "integrationskonzept-controlling/snapshot/1"
FORMAT: Final = "integrationskonzept-controlling/snapshot/2"


class UnknownFormatError(ValueError):
    """A record was written by a later release; the message says what to do."""


NUMBERS: Final = {FORMAT_1: 1, FORMAT: 2}


def number_of(document: Any) -> int:
    """Return the number of a document's format; raises UnknownFormatError for a later one."""
    name = document.get("format")
    if name not in NUMBERS:
        raise UnknownFormatError(
            f"Diese Veröffentlichung hat das Format „{name}“, das diese Version nicht kennt. "
            "Bitte aktualisieren Sie die Anwendung auf die Version, die sie geschrieben hat."
        )
    return NUMBERS[name]


def published_sha256(document: Document) -> str:
    """Return the hash of a document as it was published, in whatever format."""
    return document.get("published_sha256") or sha256_of(canonical_json(document))


def lift(document: Any) -> Document:
    """Return a document as it was published in the shape of format 2.

    Format 1 knew fields and goals by numbers, a measure by its code in its Fassung; neither the
    day since when that was in force nor what the settings said of open data, and no sections.
    """
    if number_of(document) == 2 or "published_sha256" in document:
        return cast("Document", document)
    edition = document["concept"]["edition"]
    return cast(
        "Document",
        document
        | {
            "instance": document["instance"] | {"contact": "", "origin": None},
            "concept": document["concept"]
            | {"in_force_on": None, "as_of": document["round"]["as_of"]},
            "fields": [_field(field, edition) for field in document["fields"]],
            "measures": [
                measure
                | {
                    "key": lasting_key(edition, measure["code"]),
                    "field": str(measure["field"]),
                    "goal": str(measure["goal"]),
                    "expected": measure["expected"] and measure["expected"] | {"joined_on": None},
                }
                for measure in document["measures"]
            ],
            "sections": {},
            "published_sha256": sha256_of(canonical_json(document)),
        },
    )


def _field(field: dict[str, Any], edition: int) -> dict[str, Any]:
    code = str(field["position"])
    lifted = {key: value for key, value in field.items() if key != "position"}
    return lifted | {
        "key": lasting_key(edition, code),
        "code": code,
        "goals": [_goal(goal, edition) for goal in field["goals"]],
    }


def _goal(goal: dict[str, Any], edition: int) -> dict[str, Any]:
    code = str(goal["number"])
    lifted = {key: value for key, value in goal.items() if key != "number"}
    return lifted | {"key": lasting_key(edition, code), "code": code}
