"""The Rücklauf of each institution, for the KI's own use: alphabetical, never ranked."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.core.canonical import Json
from tracker.publication.rules.snapshot_figures import field_figures


@dataclass(frozen=True)
class InstitutionReturns:
    """An institution that was to report: its `returns` as in the figures of a publication."""

    key: str
    name: str
    codes: tuple[str, ...]
    returns: Json


def by_institution(measures: Iterable[Json]) -> list[InstitutionReturns]:
    """Return the institutions of the frozen expected set with their Rücklauf, by name.

    `measures` are a publication's, whole or as in its index; those without an expected report
    have no institution that could have reported.
    """
    found: dict[str, list[Json]] = {}
    names: dict[str, str] = {}
    for item in measures:
        if item["expected"] is not None:
            institution = item["expected"]["institution"]
            names[institution["key"]] = institution["name"]
            found.setdefault(institution["key"], []).append(item)
    return sorted(
        (_returns(key, names[key], items) for key, items in found.items()),
        key=lambda item: (alphabetical(item.name), item.key),
    )


def alphabetical(name: str) -> str:
    """Return a sort key as in German lists: ä as a, ß as ss, capitals as small letters."""
    plain = unicodedata.normalize("NFD", name.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _returns(key: str, name: str, measures: Sequence[Json]) -> InstitutionReturns:
    codes = tuple(item["code"] for item in measures)
    return InstitutionReturns(key, name, codes, field_figures(measures)["returns"])
