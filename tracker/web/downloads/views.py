"""The published rounds with their versions, and the Controllingbericht as a file."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from tracker.exports.glyphs import FontsMissingError
from tracker.exports.service import ExportFormat, render
from tracker.queries import published
from tracker.rules.errors import NotFound
from tracker.web import errors
from tracker.web.access import EVERYBODY, requires
from tracker.web.runtime import session

blueprint = Blueprint("downloads", __name__)

# What a person chooses between; keys are the endings in the address.
FORMATS = {
    ExportFormat.PDF: "PDF (barrierefrei)",
    ExportFormat.XLSX: "Excel-Tabelle",
    ExportFormat.JSON: "JSON (offene Daten)",
}

_FONTS_REMEDY = (
    "Für die Betriebsstelle: „make install“ ausführen; auf einem Server das mit „make wheel“ "
    "gebaute Paket neu installieren. Beide bringen die Schrift Fira Sans mit."
)


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


@blueprint.errorhandler(FontsMissingError)
def fonts_missing(error: FontsMissingError) -> ResponseReturnValue:
    """Say that the PDF cannot be made here yet, what to do, and what there is meanwhile."""
    current_app.logger.error("PDF: %s", error)
    return errors.render(
        errors.Problem(
            503,
            "Das PDF lässt sich zurzeit nicht erstellen",
            "Auf dem Server fehlen die Schriften für das PDF. An Ihrer Auswahl liegt es nicht.",
            (
                "Dieselben Zahlen gibt es unter „Berichte“ auch als Excel-Tabelle und als JSON.",
                _FONTS_REMEDY,
            ),
        )
    )


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
