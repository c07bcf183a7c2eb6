"""What the pages about papers share."""

from __future__ import annotations

from flask import Blueprint, Response

from tracker.papers.rules.exporting import ExportKind
from tracker.papers.rules.files import Export

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


def sent(export: Export) -> Response:
    response = Response(export.content, mimetype=export.mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=export.file_name)
    # Permission is checked each time; what was downloaded may be kept by the person, not between.
    response.headers["Cache-Control"] = "private, no-cache"
    return response
