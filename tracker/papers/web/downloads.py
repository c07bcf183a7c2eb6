"""The published rounds with their versions, and their papers as files."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from tracker.concept.queries.institution_list import key_of
from tracker.concept.web.current import concept_id_if_any, concept_key
from tracker.core.errors import NotFound
from tracker.core.permissions import Role
from tracker.core.text import is_key
from tracker.papers.documents import questionnaire as empty
from tracker.papers.making.service import render, with_office_template
from tracker.papers.rules.exporting import FORMATS, ExportFormat, ExportKind, ExportRequest
from tracker.papers.rules.files import MIMETYPES, Export
from tracker.papers.web.base import sent
from tracker.papers.words import EXPORT_FORMAT
from tracker.papers.writers.font_coverage import FontsMissingError
from tracker.papers.writers.to_json import schema_name, schema_text
from tracker.publication.queries import published
from tracker.publication.reading.content import report as report_of
from tracker.publication.rules.formats import NUMBERS
from tracker.reporting.words import districts_of
from tracker.web import errors
from tracker.web.access import EVERYBODY, actor, requires
from tracker.web.addresses import CONCEPT
from tracker.web.limits import makes_paper
from tracker.web.runtime import session, settings, today

blueprint = Blueprint("downloads", __name__)

_FONTS_REMEDY = (
    "Für die Betriebsstelle: „make install“ ausführen; auf einem Server das mit „make wheel“ "
    "gebaute Paket neu installieren. Beide bringen die Schrift Fira Sans mit."
)
_NO_FORM = (
    "In dieser Form gibt es das nicht. Bitte wählen Sie unter „Berichte“ eine, die angeboten wird."
)


@blueprint.get(f"{CONCEPT}/ausgaben/")
@requires(*EVERYBODY)
def downloads() -> ResponseReturnValue:
    """List the published rounds, newest first, each with its versions."""
    rounds = [
        list(versions)
        for _, versions in groupby(
            published.versions(session(), concept_id=concept_id_if_any()),
            key=attrgetter("period"),
        )
    ]
    return render_template(
        "downloads/list.html",
        rounds=rounds,
        formats={form: EXPORT_FORMAT[form] for form in FORMATS[ExportKind.REPORT]},
        own_key=_own_key(),
    )


@blueprint.get(f"{CONCEPT}/ausgaben/bericht/<period>.<ending>")
@requires(*EVERYBODY)
@makes_paper
def report(period: str, ending: str) -> ResponseReturnValue:
    """Send the report of a published round; ?fassung=n names an earlier version."""
    return _paper(ExportKind.REPORT, period, ending)


@blueprint.get(f"{CONCEPT}/ausgaben/massnahme/<period>/<code>.<ending>")
@requires(*EVERYBODY)
@makes_paper
def measure(period: str, code: str, ending: str) -> ResponseReturnValue:
    return _paper(ExportKind.MEASURE, period, ending, measure=code)


@blueprint.get(f"{CONCEPT}/ausgaben/institution/<period>/<key>.<ending>")
@requires(Role.COORDINATION, Role.INSTITUTION)
@makes_paper
def institution(period: str, key: str, ending: str) -> ResponseReturnValue:
    """Send the quarter of an institution: to the KI, and to the institution's own people."""
    if not actor().is_coordination and key != _own_key():
        raise NotFound("Diese Ausgabe gibt es für Sie nicht. Ihre eigene steht unter „Berichte“.")
    return _paper(ExportKind.INSTITUTION, period, ending, institution=key)


@blueprint.get(f"{CONCEPT}/ausgaben/erhebungsbogen.<ending>")
@requires(Role.COORDINATION, Role.INSTITUTION)
@makes_paper
def questionnaire(ending: str) -> ResponseReturnValue:
    """Send the empty Erhebungsbogen, to fill in by hand; ?massnahme=3.1 names a measure."""
    from tracker.papers.writers.to_docx import to_docx
    from tracker.papers.writers.to_pdf import to_pdf

    form = _format(ending, (ExportFormat.PDF, ExportFormat.DOCX))
    place = settings()
    paper = empty.paper(
        city=place.city,
        office=place.office_name,
        districts=districts_of(place).in_force.values(),
        made_on=today(),
        about=_subject(request.args.get("massnahme", "")),
    )
    content = to_pdf(paper) if form is ExportFormat.PDF else to_docx(paper)
    return sent(Export(f"{paper.stem}.{ending}", MIMETYPES[form], content))


@blueprint.get("/ausgaben/snapshot-<int:number>.schema.json")
@requires(*EVERYBODY)
def schema(number: int) -> ResponseReturnValue:
    if number not in NUMBERS.values():
        known = " und ".join(str(format_) for format_ in NUMBERS.values())
        raise NotFound(f"Ein Format {number} gibt es nicht. Es gibt die Formate {known}.")
    content = schema_text(number).encode("utf-8")
    return sent(Export(schema_name(number), MIMETYPES[ExportFormat.JSON], content))


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


def _paper(kind: ExportKind, period: str, ending: str, **about: str) -> Response:
    wanted = ExportRequest(
        kind=kind,
        period=period,
        format=_format(ending, FORMATS[kind]),
        version=_version(),
        measure=about.get("measure", ""),
        institution=about.get("institution", ""),
        concept=concept_key(),
    )
    return sent(render(session(), with_office_template(session(), wanted)))


def _subject(code: str) -> empty.Subject | None:
    """Return the measure as the newest published round knows it; None where none is named."""
    if not code:
        return None
    for newest in published.current(session(), concept_id=concept_id_if_any())[:1]:
        subject = empty.subject(report_of(published.document(session(), newest)), code)
        if subject is not None:
            return subject
    raise NotFound(
        f"Zur Maßnahme {code} gibt es keinen Erhebungsbogen. Der leere Bogen ohne Maßnahme "
        "passt zu jeder."
    )


def _own_key() -> str:
    institution_id = actor().institution_id
    return "" if institution_id is None else key_of(session(), institution_id=institution_id)


def _format(ending: str, allowed: tuple[ExportFormat, ...]) -> ExportFormat:
    if ending not in allowed:
        raise NotFound(_NO_FORM)
    return ExportFormat(ending)


def _version() -> int | None:
    text = request.args.get("fassung")
    if text is None:
        return None
    if not is_key(text):
        raise NotFound("Diese Fassung gibt es nicht. Bitte wählen Sie eine aus der Liste.")
    return int(text)
