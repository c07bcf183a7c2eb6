"""The published data as JSON: the canonical document, byte for byte as it was published.

Nothing is wrapped around it, so that anybody can compute the SHA-256 of the file and compare it
with the one printed on the report (docs/snapshot-format.md). What the file holds is said by a
JSON Schema that goes with it.
"""

from __future__ import annotations

import json
from pathlib import Path

import tracker.publication

_FOLDER = Path(tracker.publication.__file__).parent / "schema"


def to_json(document_text: str) -> bytes:
    """Return the stored canonical JSON as UTF-8 bytes."""
    return document_text.encode("utf-8")


def schema_name(number: int) -> str:
    return f"snapshot-{number}.schema.json"


def schema_text(number: int) -> str:
    """Return the JSON Schema (2020-12) of a format by its number, as it is published."""
    return (_FOLDER / schema_name(number)).read_text("utf-8")


def schema_id(number: int) -> str:
    return str(json.loads(schema_text(number))["$id"])
