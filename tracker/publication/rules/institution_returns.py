"""The Rücklauf of each institution, for the KI's own use: alphabetical, never ranked."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.publication.rules.document import AnyMeasure, ReturnsRecord
from tracker.publication.rules.snapshot_figures import field_figures


@dataclass(frozen=True)
class InstitutionReturns:
    """An institution that was to report: its `returns` as in the figures of a publication."""

    key: str
    name: str
    codes: tuple[str, ...]
    returns: ReturnsRecord


def by_institution(measures: Iterable[AnyMeasure]) -> list[InstitutionReturns]:
    """Return the institutions of the frozen expected set with their Rücklauf, by name.

    `measures` are a publication's, whole or as in its index; those without an expected report
    have no institution that could have reported.
    """
    owed: dict[str, list[AnyMeasure]] = {}
    names: dict[str, str] = {}
    for measure in measures:
        if measure["expected"] is not None:
            institution = measure["expected"]["institution"]
            names[institution["key"]] = institution["name"]
            owed.setdefault(institution["key"], []).append(measure)
    return sorted(
        (_returns(key, names[key], reports) for key, reports in owed.items()),
        key=lambda returns: (alphabetical(returns.name), returns.key),
    )


def alphabetical(name: str) -> str:
    """Return a sort key as in German lists: ä as a, ß as ss, capitals as small letters."""
    plain = unicodedata.normalize("NFD", name.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _returns(key: str, name: str, measures: Sequence[AnyMeasure]) -> InstitutionReturns:
    codes = tuple(measure["code"] for measure in measures)
    return InstitutionReturns(key, name, codes, field_figures(measures)["returns"])
