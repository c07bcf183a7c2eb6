"""The distributions of the compared round over the same measures."""

from __future__ import annotations

from tracker.publication.reading.counts import spread
from tracker.publication.reading.model import Compared, Spread
from tracker.publication.reading.sections.selection import Selection
from tracker.publication.reading.words import Json
from tracker.publication.rules.snapshot_figures import field_figures


def compared(selection: Selection) -> Compared | None:
    """Return where the measures of this round stood in the compared one; None without one."""
    shown = selection.shown
    if shown["previous"] is None:
        return None
    label = shown["previous"]["label"]
    return Compared(
        label=label,
        spread=_spread(label, shown["measures"], selection),
        fields=tuple(
            _spread(
                field["name"],
                [item for item in shown["measures"] if item["field"] == field["position"]],
                selection,
            )
            for field in shown["fields"]
        ),
    )


def _spread(name: str, measures: list[Json], selection: Selection) -> Spread:
    before = [
        item | {"value": item["previous_value"], "carried": None, "expected": None}
        for item in measures
    ]
    return spread(name, field_figures(before)["distribution"], selection.words)
