"""What a published round knows of a measure: the cells of measures × rounds."""

from __future__ import annotations

from enum import StrEnum

from tracker.publication.rules.document import AnyMeasure


class Kind(StrEnum):
    """What a round knows of a measure."""

    REPORTED = "reported"
    CARRIED = "carried"
    SILENT = "silent"
    REFERENCE = "reference"
    ABSENT = "absent"


def kind_of(measure: AnyMeasure | None) -> Kind:
    """Return what a round knows of a measure of its document; None: it has no such measure."""
    if measure is None:
        return Kind.ABSENT
    if not measure["reportable"]:
        return Kind.REFERENCE
    if measure["value"] is not None:
        return Kind.REPORTED
    return Kind.SILENT if measure["carried"] is None else Kind.CARRIED
