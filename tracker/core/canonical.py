"""Canonical JSON and its hash: the form in which a publication is recorded (domain.md 7)."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from typing import Any

# JSON text read, where its shape has no type of its own.
Json = dict[str, Any]


def normalise(value: Any) -> Any:
    """Return the value with every text in NFC, tuples as lists; refuses floats.

    Raises TypeError for types that have no single text form (floats, dates): figures go in as
    integers or strings, dates as ISO text. Raises ValueError where two keys have the same text,
    because one of the two values would be lost.
    """
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, dict):
        named = {normalise(str(key)): normalise(item) for key, item in value.items()}
        if len(named) < len(value):
            raise ValueError(f"two entries have the same key: {sorted(map(str, value))!r}")
        return named
    if isinstance(value, list | tuple):
        return [normalise(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical JSON form: {value!r}")


def canonical_json(document: Any) -> str:
    """Return sorted, compact UTF-8 JSON text with NFC strings and a final line break."""
    return (
        json.dumps(normalise(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        + "\n"
    )


def sha256_of(text: str) -> str:
    """Return the SHA-256 of the UTF-8 bytes as 64 lower-case hex digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
