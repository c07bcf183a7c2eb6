"""The published data as JSON: the canonical document, byte for byte as it was published.

Nothing is wrapped around it, so that anybody can compute the SHA-256 of the file and compare it
with the one printed on the report (docs/snapshot-format.md).
"""

from __future__ import annotations


def to_json(document_text: str) -> bytes:
    """Return the stored canonical JSON as UTF-8 bytes."""
    return document_text.encode("utf-8")
