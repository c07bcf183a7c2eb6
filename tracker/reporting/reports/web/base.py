"""The blueprint that the modules of this package add their routes to."""

from flask import Blueprint

blueprint = Blueprint("reports", __name__, url_prefix="/meldungen", template_folder="templates")

# The largest key that both databases compare without complaint; larger ones are unknown pages.
ONE = "/<int(max=2147483647):report_id>"
