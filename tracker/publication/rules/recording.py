"""How a publication is recorded, of a round or of an area: canonical text and its hash."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tracker.core.canonical import canonical_json, sha256_of


class Recorded(NamedTuple):
    """A document as it is stored."""

    text: str
    sha256: str


def recorded(document: Mapping[str, Any]) -> Recorded:
    text = canonical_json(document)
    return Recorded(text, sha256_of(text))


def problems(stored: Recorded) -> Iterator[str]:
    """Give what is wrong with a stored text: not what was hashed, not in canonical form."""
    sha256 = sha256_of(stored.text)
    if sha256 != stored.sha256:
        yield (
            f"Das Dokument hat die Prüfsumme {sha256}, festgestellt war {stored.sha256}. "
            "Bitte stellen Sie die Datenbank aus einer Sicherung wieder her."
        )
    elif canonical_json(json.loads(stored.text)) != stored.text:
        yield "Das Dokument steht nicht in der kanonischen Form."


def disagreements(beside: Mapping[str, object], within: Mapping[str, object]) -> Iterator[str]:
    """Give what is said otherwise in the columns beside a document than in it."""
    for name, stored in beside.items():
        if within[name] != stored:
            yield (
                f"Neben dem Dokument steht für {name} „{stored}“, darin „{within[name]}“. "
                "Es gilt das Dokument."
            )
