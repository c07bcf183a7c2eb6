"""A published document seen otherwise: compared with another round, or only some of it.

What comes out has the shape of a document (docs/snapshot-format.md) and figures computed by the
functions of a publication; it is no publication and has no hash. The given document stays as it
is. Dashboards use the same functions over the measures of the index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from tracker.core.canonical import Json, canonical_json, sha256_of
from tracker.core.errors import Invalid
from tracker.core.periods import Period
from tracker.publication.rules.snapshot import changes_of
from tracker.publication.rules.snapshot_figures import round_figures
from tracker.publication.rules.snapshot_json import read_value
from tracker.reporting.rules.figures import change


def compared_with(measures: Sequence[Json], earlier: Sequence[Json] | None) -> list[Json]:
    """Return the measures of a round compared with those of another one; None: with none.

    Only what could be reported has a change, as in the document of a publication.
    """
    if earlier is None:
        return [item | {"previous_value": None, "change": None} for item in measures]
    before = {item["code"]: item["value"] for item in earlier}
    return [_against(item, before.get(item["code"])) for item in measures]


def _against(item: Json, before: Json | None) -> Json:
    if not item["reportable"]:
        return item | {"previous_value": None, "change": None}
    kind = change(read_value(before), read_value(item["value"]))
    return item | {"previous_value": before, "change": kind.value}


def figures(measures: Sequence[Json], *, decisions: Iterable[str] = ()) -> Json:
    """Return the figures over these measures: the same functions as at publication.

    `decisions` are the codes of all measures with a Steuerungsvorschlag.
    """
    codes = {item["code"] for item in measures}
    return round_figures(measures, decisions=len(codes & set(decisions)))


def compare(document: Json, compared: Json) -> Json:
    """Return the document compared with another publication instead of its own previous round.

    That may be a later round (`previous.later` is true then) or another version of the same
    round. Raises Invalid for the document itself and for one of another Fassung, whose codes
    mean other measures.
    """
    _check_comparable(document, compared)
    measures = compared_with(document["measures"], compared["measures"])
    decisions = [line["code"] for line in document["decisions"]]
    return document | {
        "previous": _previous(document["round"], compared),
        "figures": figures(measures, decisions=decisions),
        "measures": measures,
        "changes": changes_of(measures),
    }


def _check_comparable(document: Json, compared: Json) -> None:
    here, there = document["round"], compared["round"]
    if not is_same_edition(document, compared):
        raise Invalid(
            f"{there['label']} gehört zu einer anderen Fassung des Konzepts "
            f"(„{compared['concept']['edition_title']}“) als {here['label']} "
            f"(„{document['concept']['edition_title']}“). Dieselbe Nummer kann dort eine andere "
            "Maßnahme meinen. Bitte wählen Sie eine Runde derselben Fassung."
        )
    if (here["period"], here["version"]) == (there["period"], there["version"]):
        raise Invalid(
            f"{here['label']} lässt sich nicht mit sich selbst vergleichen. Bitte wählen Sie "
            "eine andere Runde oder eine andere Fassung dieser Runde."
        )


def is_same_edition(document: Json, other: Json) -> bool:
    """Return whether both rounds report on the same Fassung, so that a code means one measure."""
    return all(document["concept"][key] == other["concept"][key] for key in ("key", "edition"))


def _previous(here: Json, compared: Json) -> Json:
    there = compared["round"]
    found = {
        "period": there["period"],
        "label": there["label"],
        "version": there["version"],
        "sha256": sha256_of(canonical_json(compared)),
    }
    if there["period"] == here["period"]:
        return found | {"label": f"{there['label']}, Fassung {there['version']}"}
    is_later = Period.parse(there["period"]).end > Period.parse(here["period"]).end
    return found | {"later": True} if is_later else found


def narrow(document: Json, fields: Collection[int]) -> Json:
    """Return the document of these Handlungsfelder only, with the figures over their measures.

    Raises Invalid for a position that the document does not have.
    """
    positions = {item["position"]: item["name"] for item in document["fields"]}
    unknown = sorted(set(fields) - set(positions))
    if unknown:
        named = ", ".join(f"{position} {name}" for position, name in positions.items())
        raise Invalid(
            f"Ein Handlungsfeld {unknown[0]} gibt es in {document['round']['label']} nicht. Bitte "
            f"wählen Sie eines von diesen: {named}."
        )
    measures = [item for item in document["measures"] if item["field"] in fields]
    codes = {item["code"] for item in measures}
    decisions = [line for line in document["decisions"] if line["code"] in codes]
    return document | {
        "figures": figures(measures, decisions=[line["code"] for line in decisions]),
        "fields": [item for item in document["fields"] if item["position"] in fields],
        "measures": measures,
        "changes": [line for line in document["changes"] if line["code"] in codes],
        "decisions": decisions,
    }
