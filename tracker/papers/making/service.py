"""One way to a paper, for browser, clock and command line alike.

`load` reads what a request needs; `make` lays it out without the database, step by step. The same
request gives the same bytes, however often and wherever it is made. The writers and their libraries
are loaded with the first paper: a web process that starts shall answer soon.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlmodel import Session

from tracker.concept.queries.concepts import the_concept
from tracker.papers.actions import exports, office_templates
from tracker.papers.blocks import Paper
from tracker.papers.documents import comparison, institution, measure, vorlage
from tracker.papers.documents import report as controlling
from tracker.papers.queries.exports import template_in_use
from tracker.papers.rules.exporting import ExportFormat, ExportKind, ExportRequest
from tracker.papers.rules.files import MIMETYPES, Export, Progress, file_name
from tracker.papers.words import EXPORT_FORMAT
from tracker.publication.queries.sources import Sources, sources
from tracker.publication.reading.content import report
from tracker.publication.reading.model import Report
from tracker.publication.reading.scope import Scope

_LAID_OUT = (ExportFormat.PDF, ExportFormat.DOCX)


@dataclass(frozen=True)
class Loaded:
    request: ExportRequest
    sources: Sources
    template: bytes | None


def load(session: Session, request: ExportRequest) -> Loaded:
    """Read what a paper needs.

    Raises Invalid for a request that cannot be, NotFound with what is published instead.
    """
    settled, _ = exports.settle(session, request)
    published = sources(
        session,
        concept_id=the_concept(session, settled.concept),
        period=settled.period,
        version=settled.version,
        compare=settled.compare or None,
    )
    number = settled.template
    template = office_templates.content(session, template_id=number) if number else None
    return Loaded(settled, published, template)


def with_office_template(session: Session, request: ExportRequest) -> ExportRequest:
    """Return the request with the template in use, where Word papers are part of it."""
    is_word = request.format is ExportFormat.DOCX or request.kind is ExportKind.BUNDLE
    used = template_in_use(session) if is_word else None
    return replace(request, template=used.id if used else 0)


def content(loaded: Loaded) -> Report:
    """Return the values of the paper, as far as its scope reaches; raises Invalid."""
    request, published = loaded.request, loaded.sources
    return report(
        published.document,
        compared=published.compared,
        corrected=published.corrected,
        scope=Scope(frozenset(request.fields), request.exceptions_only, request.sheets),
        history=published.history,
        older=published.older,
    )


def paper(loaded: Loaded) -> Paper:
    """Return the paper as blocks, of a Mappe its Vorlage; raises NotFound."""
    return _paper(content(loaded), loaded.request)


def make(loaded: Loaded, *, progress: Progress = lambda *_: None) -> Export:
    """Lay a paper out.

    Raises NotFound for a measure or an institution that the round does not know,
    FontsMissingError where `make install` never ran, and what `progress` raises.
    """
    request = loaded.request
    if request.kind is ExportKind.BUNDLE:
        from tracker.papers.making import bundle

        made = bundle.bundle_of(
            content(loaded),
            loaded.sources,
            request=request,
            template=loaded.template,
            progress=progress,
        )
        return Export(file_name(request, "mappe"), MIMETYPES[request.format], made)
    progress(0, 2, "Inhalt zusammenstellen")
    values = content(loaded)
    stem = "controllingbericht"
    if request.format in _LAID_OUT:
        laid_out = _paper(values, request)
        stem = laid_out.stem
        writer = _layout(laid_out, loaded)
    else:
        writer = _data(values, loaded)
    progress(1, 2, f"{EXPORT_FORMAT[request.format].text} erstellen")
    made = writer()
    progress(2, 2, "fertig")
    return Export(file_name(request, stem), MIMETYPES[request.format], made)


def render(session: Session, request: ExportRequest) -> Export:
    """Read and make a paper at once; raises what `load` and `make` raise."""
    return make(load(session, request))


def _paper(values: Report, request: ExportRequest) -> Paper:
    match request.kind:
        case ExportKind.MEASURE:
            return measure.paper(values, request.measure)
        case ExportKind.INSTITUTION:
            return institution.paper(values, request.institution)
        case ExportKind.COMPARISON:
            return comparison.paper(values)
        case ExportKind.VORLAGE | ExportKind.BUNDLE:
            return vorlage.paper(values, kind=request.vorlage)
        case ExportKind.REPORT:
            return controlling.paper(values)


def _layout(laid_out: Paper, loaded: Loaded) -> Callable[[], bytes]:
    if loaded.request.format is ExportFormat.PDF:
        from tracker.papers.writers.to_pdf import to_pdf

        return lambda: to_pdf(laid_out)
    from tracker.papers.writers.to_docx import to_docx

    return lambda: to_docx(laid_out, template=loaded.template)


def _data(values: Report, loaded: Loaded) -> Callable[[], bytes]:
    from tracker.papers.making import bundle
    from tracker.papers.writers.to_csv import to_csv_zip
    from tracker.papers.writers.to_json import to_json
    from tracker.papers.writers.to_xlsx import to_xlsx

    writers: dict[ExportFormat, Callable[[], bytes]] = {
        ExportFormat.XLSX: lambda: to_xlsx(values),
        ExportFormat.CSV: lambda: to_csv_zip(values),
        ExportFormat.JSON: lambda: to_json(loaded.sources.text),
        ExportFormat.JSONLD: lambda: bundle.description(values, loaded.sources),
    }
    return writers[loaded.request.format]
