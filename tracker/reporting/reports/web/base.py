"""The blueprint that the modules of this package add their routes to."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint

from tracker.reporting.words import district_words
from tracker.web.runtime import settings

blueprint = Blueprint("reports", __name__, url_prefix="/meldungen", template_folder="templates")

# The largest key that both databases compare without complaint; larger ones are unknown pages.
ONE = "/<int(max=2147483647):report_id>"


def districts() -> Mapping[str, str]:
    """Return the names of the districts in force, by key."""
    return district_words(settings().district_names)
