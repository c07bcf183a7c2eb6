"""The selection of waiting reports that the queue shows, carried along in addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

from tracker.reporting.review.queries.review_queue import QueueRow, QueueSelection

BY_MEASURE = "massnahme"


@dataclass(frozen=True)
class Choices:
    """What the queue's filters offer: value and text; the chosen one is among them."""

    institutions: tuple[tuple[int, str], ...]
    fields: tuple[tuple[int, str], ...]


def from_address() -> QueueSelection:
    """Return the selection in the address; what is no number is left out."""
    return QueueSelection(
        institution_id=request.args.get("institution", type=int),
        field=request.args.get("feld", type=int),
        unchanged=request.args.get("unveraendert") == "1",
        by_measure=request.args.get("reihenfolge") == BY_MEASURE,
    )


def query_of(selection: QueueSelection) -> str:
    """Return the selection as the end of an address: "?feld=2", or "" where nothing is chosen."""
    values = {
        "institution": selection.institution_id,
        "feld": selection.field,
        "unveraendert": 1 if selection.unchanged else None,
        "reihenfolge": BY_MEASURE if selection.by_measure else None,
    }
    query = urlencode({name: value for name, value in values.items() if value is not None})
    return f"?{query}" if query else ""


def choices(rows: Iterable[QueueRow], selection: QueueSelection) -> Choices:
    institutions = {row.institution_id: row.institution for row in rows}
    fields = {row.field: f"{row.field}. {row.field_name}" for row in rows}
    # Chosen, and in the meantime everything is decided: the filter must still show it.
    if selection.institution_id is not None:
        institutions.setdefault(selection.institution_id, "gewählte Institution (nichts wartet)")
    if selection.field is not None:
        fields.setdefault(selection.field, f"Handlungsfeld {selection.field} (nichts wartet)")
    return Choices(
        tuple(sorted(institutions.items(), key=lambda pair: pair[1].casefold())),
        tuple(sorted(fields.items())),
    )
