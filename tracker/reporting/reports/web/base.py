"""The blueprint that the modules of this package add their routes to."""

from __future__ import annotations

from flask import Blueprint

from tracker.reporting.rules.districts import Districts
from tracker.reporting.words import districts_of
from tracker.web.runtime import settings

blueprint = Blueprint("reports", __name__, url_prefix="/meldungen", template_folder="templates")

# The largest key that both databases compare without complaint; larger ones are unknown pages.
ONE = "/<int(max=2147483647):report_id>"


def districts() -> Districts:
    return districts_of(settings())
