"""What the pages about papers share."""

from __future__ import annotations

from flask import Blueprint

from tracker.papers.rules.exporting import ExportKind

blueprint = Blueprint("papers", __name__, template_folder="templates")

# As an address says it.
SLUGS = {
    "bericht": ExportKind.REPORT,
    "vorlage": ExportKind.VORLAGE,
    "mappe": ExportKind.BUNDLE,
    "vergleich": ExportKind.COMPARISON,
    "massnahme": ExportKind.MEASURE,
    "institution": ExportKind.INSTITUTION,
}
SLUG_OF = {kind: slug for slug, kind in SLUGS.items()}
