"""The published rounds with their versions, and the Controllingbericht as a file."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from tracker.exports.service import ExportFormat, render
from tracker.queries import published
from tracker.rules.errors import NotFound
from tracker.web.access import EVERYBODY, requires
from tracker.web.runtime import session

blueprint = Blueprint("downloads", __name__)

# What a person chooses between; keys are the endings in the address.
FORMATS = {
    ExportFormat.PDF: "PDF (barrierefrei)",
    ExportFormat.XLSX: "Excel-Tabelle",
    ExportFormat.JSON: "JSON (offene Daten)",
}


@blueprint.get("/ausgaben/")
@requires(*EVERYBODY)
def downloads() -> ResponseReturnValue:
    """List the published rounds, newest first, each with its versions."""
    rounds = [
        list(versions)
        for _, versions in groupby(published.versions(session()), key=attrgetter("period"))
    ]
    return render_template("downloads/list.html", rounds=rounds, formats=FORMATS)


@blueprint.get("/ausgaben/bericht/<period>.<ending>")
@requires(*EVERYBODY)
def report(period: str, ending: str) -> ResponseReturnValue:
    """Send the report of a published round; ?fassung=n names an earlier version."""
    export = render(session(), period=period, version=_version(), export_format=_format(ending))
    response = Response(export.content, mimetype=export.mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=export.filename)
    # Permission is checked each time; what was downloaded may be kept by the person, not between.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _format(ending: str) -> ExportFormat:
    try:
        return ExportFormat(ending)
    except ValueError:
        raise NotFound(
            "In dieser Form gibt es den Bericht nicht. Bitte wählen Sie PDF, Excel oder JSON."
        ) from None


def _version() -> int | None:
    text = request.args.get("fassung")
    if text is None:
        return None
    if not text.isdecimal():
        raise NotFound("Diese Fassung gibt es nicht. Bitte wählen Sie eine aus der Liste.")
    return int(text)
