"""Who funds a measure, as a value of the address: names are written freely, keys are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dashboards.content.selection import AND
from tracker.publication.reading.words import Json
from tracker.publication.rules import effect


def key(donor: str) -> str:
    """Return the value of a Geber in addresses; names that count as one Geber have one."""
    # A plus stands between values in addresses.
    return " ".join(donor.split()).casefold().replace(AND, "plus")


def named(overview: Json, lines: Iterable[Json]) -> Json:
    """Return the Überblick's part with the Geber of each measure, by key, from part `effect`."""
    donors = {
        line["code"]: {key(item.donor): item.donor for item in effect.funding_by_donor([line])}
        for line in lines
    }
    measures = [item | {"donors": donors.get(item["code"], {})} for item in overview["measures"]]
    return overview | {"measures": measures}


def names(measures: Iterable[Json]) -> Mapping[str, str]:
    """Return every Geber of these measures by key, called as it was first."""
    found: dict[str, str] = {}
    for item in measures:
        for donor, name in item.get("donors", {}).items():
            found.setdefault(donor, name)
    return found
