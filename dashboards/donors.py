"""Who funds a measure, as a value of the address: names are written freely, keys are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dashboards.selection import AND
from tracker.publication.rules import effect
from tracker.publication.rules.document import EffectMeasure, OverviewMeasure, OverviewPart


def key(donor: str) -> str:
    """Return the value of a Geber in addresses; names that count as one Geber have one."""
    # A plus stands between values in addresses.
    return " ".join(donor.split()).casefold().replace(AND, "plus")


def named(overview: OverviewPart, lines: Iterable[EffectMeasure]) -> OverviewPart:
    """Return the Überblick's part with the Geber of each measure, by key, from part `effect`."""
    donors = {
        line["code"]: {key(grant.donor): grant.donor for grant in effect.funding_by_donor([line])}
        for line in lines
    }
    measures: list[OverviewMeasure] = [
        measure | {"donors": donors.get(measure["code"], {})} for measure in overview["measures"]
    ]
    return overview | {"measures": measures}


def names(measures: Iterable[OverviewMeasure]) -> Mapping[str, str]:
    """Return every Geber of these measures by key, called as it was first."""
    by_key: dict[str, str] = {}
    for measure in measures:
        for donor, name in measure.get("donors", {}).items():
            by_key.setdefault(donor, name)
    return by_key
