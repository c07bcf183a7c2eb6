"""The published data as JSON: the canonical document, byte for byte as it was published.

Nothing is wrapped around it, so that anybody can compute the SHA-256 of the file and compare it
with the one printed on the report (docs/snapshot-format.md). What the file holds is said by a
JSON Schema that goes with it.
"""

from __future__ import annotations

import json
from pathlib import Path

import tracker.publication

SCHEMA_NAME = "snapshot-1.schema.json"
_SCHEMA = Path(tracker.publication.__file__).parent / "schema" / SCHEMA_NAME


def to_json(document_text: str) -> bytes:
    """Return the stored canonical JSON as UTF-8 bytes."""
    return document_text.encode("utf-8")


def schema_text() -> str:
    """Return the JSON Schema (2020-12) of snapshot format 1, as it is published."""
    return _SCHEMA.read_text("utf-8")


def schema_id() -> str:
    return str(json.loads(schema_text())["$id"])
