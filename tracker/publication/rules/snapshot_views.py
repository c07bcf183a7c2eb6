"""A published document seen otherwise: compared with another round, or only some of it.

What comes out has the shape of a document (docs/snapshot-format.md) and figures computed by the
functions of a publication; it is no publication and has no hash. The given document stays as it
is. Dashboards use the same functions over the measures of the index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from tracker.core.errors import Invalid
from tracker.core.periods import Period
from tracker.publication.rules.document import (
    AnyMeasure,
    ChangeCode,
    Document,
    MeasureRecord,
    OverviewMeasure,
    PreviousRecord,
    RoundFiguresRecord,
    RoundRecord,
    ValueRecord,
)
from tracker.publication.rules.formats import published_sha256
from tracker.publication.rules.snapshot import changes_of, previous_record
from tracker.publication.rules.snapshot_figures import round_figures
from tracker.publication.rules.snapshot_json import code_of, read_value
from tracker.reporting.rules.figures import change

MeasureT = TypeVar("MeasureT", MeasureRecord, OverviewMeasure)


def compared_with(
    measures: Sequence[MeasureT], earlier: Sequence[AnyMeasure] | None
) -> list[MeasureT]:
    """Return the measures of a round compared with those of another one; None: with none.

    Only what could be reported has a change, as in the document of a publication.
    """
    if earlier is None:
        return [measure | {"previous_value": None, "change": None} for measure in measures]
    before = {measure["key"]: measure["value"] for measure in earlier}
    return [_against(measure, before.get(measure["key"])) for measure in measures]


def _against(measure: MeasureT, before: ValueRecord | None) -> MeasureT:
    if not measure["reportable"]:
        return measure | {"previous_value": None, "change": None}
    kind: ChangeCode = code_of(change(read_value(before), read_value(measure["value"])))
    return measure | {"previous_value": before, "change": kind}


def figures(measures: Sequence[AnyMeasure], *, decisions: Iterable[str] = ()) -> RoundFiguresRecord:
    """Return the figures over these measures: the same functions as at publication.

    `decisions` are the codes of all measures with a Steuerungsvorschlag.
    """
    codes = {measure["code"] for measure in measures}
    return round_figures(measures, decisions=len(codes & set(decisions)))


def compare(document: Document, compared: Document) -> Document:
    """Return the document compared with another publication instead of its own previous round.

    That may be a later round (`previous.later` is true then) or another version of the same
    round. Raises Invalid for the document itself.
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


def _check_comparable(document: Document, compared: Document) -> None:
    here, there = document["round"], compared["round"]
    if (here["period"], here["version"]) == (there["period"], there["version"]):
        raise Invalid(
            f"{here['label']} lässt sich nicht mit sich selbst vergleichen. Bitte wählen Sie "
            "eine andere Runde oder eine andere Fassung dieser Runde."
        )


def _previous(here: RoundRecord, compared: Document) -> PreviousRecord:
    there = compared["round"]
    previous = previous_record(there, published_sha256(compared))
    if there["period"] == here["period"]:
        label = Period.parse(there["period"]).label
        previous["label"] = f"{label}, Fassung {there['version']}"
    elif Period.parse(there["period"]).end > Period.parse(here["period"]).end:
        previous["later"] = True
    return previous


def narrow(document: Document, fields: Collection[str]) -> Document:
    """Return the document of these Handlungsfelder only, with the figures over their measures.

    Raises Invalid for a code that the document does not have.
    """
    names = {field["code"]: field["name"] for field in document["fields"]}
    unknown = sorted(set(fields) - set(names))
    if unknown:
        named = ", ".join(f"{code} {name}" for code, name in names.items())
        raise Invalid(
            f"Ein Handlungsfeld {unknown[0]} gibt es in {document['round']['label']} nicht. Bitte "
            f"wählen Sie eines von diesen: {named}."
        )
    measures = [measure for measure in document["measures"] if measure["field"] in fields]
    codes = {measure["code"] for measure in measures}
    decisions = [line for line in document["decisions"] if line["code"] in codes]
    return document | {
        "figures": figures(measures, decisions=[line["code"] for line in decisions]),
        "fields": [field for field in document["fields"] if field["code"] in fields],
        "measures": measures,
        "changes": [line for line in document["changes"] if line["code"] in codes],
        "decisions": decisions,
    }
