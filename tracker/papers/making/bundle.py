"""What goes into a Quartalsmappe, and the description of a round's open data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tracker.papers.documents import report as controlling
from tracker.papers.documents import vorlage
from tracker.papers.rules.exporting import ExportFormat, ExportRequest
from tracker.papers.rules.files import MIMETYPES, Progress, file_name
from tracker.papers.tables import tables
from tracker.papers.writers.bundle_readme import Entry, mappe
from tracker.papers.writers.dcat import DataFile, dcat
from tracker.papers.writers.to_csv import csv_files, to_csv_zip
from tracker.papers.writers.to_docx import to_docx
from tracker.papers.writers.to_json import SCHEMA_NAME, schema_text, to_json
from tracker.papers.writers.to_pdf import to_pdf
from tracker.papers.writers.to_xlsx import to_xlsx
from tracker.publication.queries.sources import Sources
from tracker.publication.reading.model import Report

_DATA = "daten"
_CSV = "text/csv"
_STEM = "controllingbericht"
# What the description lists: the same files that a person downloads one by one.
_OPEN = (ExportFormat.JSON, ExportFormat.CSV, ExportFormat.XLSX)


@dataclass(frozen=True)
class Step:
    """One step of making a Mappe: what it is in German, and the files it gives."""

    title: str
    entries: Callable[[], list[Entry]]


def mappe_of(
    values: Report,
    found: Sources,
    *,
    request: ExportRequest,
    template: bytes | None,
    progress: Progress,
) -> bytes:
    """Return the Quartalsmappe of a round; raises what `progress` raises."""
    steps = tuple(_steps(values, found, request, template))
    total = len(steps) + 2
    entries: list[Entry] = []
    for done, step in enumerate(steps):
        progress(done, total, step.title)
        entries += step.entries()
    progress(len(steps), total, "Offene Daten beschreiben")
    files = [
        DataFile(item.path.removeprefix(f"{_DATA}/"), item.description, item.content)
        for item in entries
        if item.path.startswith(f"{_DATA}/") and not item.path.endswith(SCHEMA_NAME)
    ]
    described = dcat(found.document, base_url="", files=files).encode("utf-8")
    entries.append(
        Entry(
            f"{_DATA}/{file_name(_as(request, ExportFormat.JSONLD), _STEM)}",
            MIMETYPES[ExportFormat.JSONLD],
            "Beschreibung der offenen Daten nach DCAT-AP.de",
            described,
        )
    )
    progress(len(steps) + 1, total, "Mappe packen")
    packed = mappe(entries, cover=values.cover)
    progress(total, total, "fertig")
    return packed


def mappe_contents() -> tuple[tuple[str, str], ...]:
    """Return what a Mappe holds, for those who are about to order one."""
    return (
        ("Vorlage (Word)", "der Entwurf der Drucksache"),
        ("Controllingbericht (PDF)", "barrierefrei, Anlage 1 der Vorlage"),
        ("Controllingbericht (Word)", "derselbe Bericht zum Weiterschreiben"),
        ("Tabellen (Excel)", "alle Tabellen in einer Arbeitsmappe"),
        ("Offene Daten", "CSV je Tabelle, JSON mit Schema, Beschreibung nach DCAT-AP.de"),
        ("LIESMICH und Prüfsummen", "was enthalten ist und ob es unverändert ist"),
    )


def description(values: Report, found: Sources) -> bytes:
    """Return the DCAT-AP.de description of a round's files, as they are downloaded one by one."""
    contents = {
        ExportFormat.JSON: lambda: to_json(found.text),
        ExportFormat.CSV: lambda: to_csv_zip(values),
        ExportFormat.XLSX: lambda: to_xlsx(values),
    }
    titles = {
        ExportFormat.JSON: "Veröffentlichte Daten",
        ExportFormat.CSV: "Tabellen als CSV",
        ExportFormat.XLSX: "Tabellen als Arbeitsmappe",
    }
    publication = found.publication
    files = [
        DataFile(file_name(request, _STEM), titles[request.format], contents[request.format]())
        for request in (
            ExportRequest.whole(publication.period, publication.version, item) for item in _OPEN
        )
    ]
    return dcat(found.document, base_url="", files=files).encode("utf-8")


def _steps(
    values: Report, found: Sources, request: ExportRequest, template: bytes | None
) -> Iterator[Step]:
    laid_out = controlling.paper(values)
    draft = vorlage.paper(values, kind=request.vorlage)

    def one(path: str, kind: ExportFormat, text: str, content: bytes) -> list[Entry]:
        return [Entry(path, MIMETYPES[kind], text, content)]

    def name(kind: ExportFormat, stem: str = _STEM) -> str:
        return file_name(_as(request, kind), stem)

    yield Step(
        "Vorlage schreiben",
        lambda: one(
            name(ExportFormat.DOCX, draft.stem),
            ExportFormat.DOCX,
            f"Entwurf: {draft.title}",
            to_docx(draft, template=template),
        ),
    )
    yield Step(
        "Controllingbericht als PDF setzen",
        lambda: one(
            name(ExportFormat.PDF),
            ExportFormat.PDF,
            "Controllingbericht, Anlage 1 der Vorlage (barrierefreies PDF)",
            to_pdf(laid_out),
        ),
    )
    yield Step(
        "Controllingbericht als Word-Datei schreiben",
        lambda: one(
            name(ExportFormat.DOCX),
            ExportFormat.DOCX,
            "Controllingbericht zum Weiterschreiben",
            to_docx(laid_out, template=template),
        ),
    )
    yield Step(
        "Tabellen schreiben",
        lambda: [
            *one(
                f"{_DATA}/{name(ExportFormat.XLSX)}",
                ExportFormat.XLSX,
                "alle Tabellen in einer Arbeitsmappe",
                to_xlsx(values),
            ),
            *(
                Entry(f"{_DATA}/csv/{csv_name}", _CSV, f"Tabelle: {table.title}", content)
                for (csv_name, content), table in zip(
                    csv_files(values), tables(values), strict=True
                )
            ),
        ],
    )
    yield Step(
        "Daten beilegen",
        lambda: [
            *one(
                f"{_DATA}/{name(ExportFormat.JSON)}",
                ExportFormat.JSON,
                "die veröffentlichten Daten; ihre Prüfsumme steht auf jedem Papier",
                to_json(found.text),
            ),
            *one(
                f"{_DATA}/{SCHEMA_NAME}",
                ExportFormat.JSON,
                "JSON-Schema der veröffentlichten Daten",
                schema_text().encode("utf-8"),
            ),
        ],
    )


def _as(request: ExportRequest, kind: ExportFormat) -> ExportRequest:
    return replace(request, format=kind)
