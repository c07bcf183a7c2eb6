"""The Mappe: everything about a round in one zip, with hashes and a German LIESMICH.

The same round gives the same bytes: entries in one order, one date (the publication's), no
attribute of the machine that made it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tracker.papers.documents import report as controlling
from tracker.papers.documents import vorlage
from tracker.papers.rules.exporting import ExportFormat, ExportKind, ExportRequest
from tracker.papers.rules.files import MIMETYPES, Progress, file_name, zipped
from tracker.papers.tables import tables
from tracker.papers.writers.dcat import DataFile, dcat
from tracker.papers.writers.to_csv import csv_files, to_csv_zip
from tracker.papers.writers.to_docx import to_docx
from tracker.papers.writers.to_json import schema_name, schema_text, to_json
from tracker.papers.writers.to_pdf import to_pdf
from tracker.papers.writers.to_xlsx import to_xlsx
from tracker.publication.queries.sources import Sources
from tracker.publication.reading.model import Cover, Report
from tracker.publication.reading.words import TEXTS
from tracker.publication.rules.formats import number_of
from tracker.publication.rules.origin import LICENCES, Origin

MANIFEST = "MANIFEST.json"
SUMS = "SHA256SUMS"
README = "LIESMICH.txt"
_FORMAT = "integrationskonzept-controlling/mappe/1"
_DATA = "daten/"
_STEM = "controllingbericht"


@dataclass(frozen=True)
class BundleFile:
    """A file of the Mappe; `description` says in German what it is."""

    path: str
    mimetype: str
    description: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


_Step = tuple[str, Callable[[], list[BundleFile]]]


def bundle_of(
    values: Report,
    sources: Sources,
    *,
    request: ExportRequest,
    template: bytes | None,
    progress: Progress,
) -> bytes:
    """Return the Mappe of a round; raises what `progress` raises."""
    steps = tuple(_steps(values, sources, request, template))
    total = len(steps) + 2
    files: list[BundleFile] = []
    for done, (title, write) in enumerate(steps):
        progress(done, total, title)
        files += write()
    progress(len(steps), total, "Offene Daten beschreiben")
    data = [
        DataFile(file.path.removeprefix(_DATA), file.description, file.content)
        for file in files
        if file.path.startswith(_DATA) and not file.path.endswith(".schema.json")
    ]
    files.append(
        BundleFile(
            f"{_DATA}{file_name(replace(request, format=ExportFormat.JSONLD), _STEM)}",
            MIMETYPES[ExportFormat.JSONLD],
            "Beschreibung der offenen Daten nach DCAT-AP.de",
            dcat(sources.document, files=data, origin=sources.origin).encode("utf-8"),
        )
    )
    progress(len(steps) + 1, total, "Mappe packen")
    packed = _packed(files, cover=values.cover, origin=sources.origin)
    progress(total, total, "fertig")
    return packed


def description(values: Report, sources: Sources) -> bytes:
    """Return the DCAT-AP.de description of a round's files, as they are downloaded one by one."""
    period, version = sources.publication.period, sources.publication.version
    files = [
        DataFile(
            file_name(ExportRequest(ExportKind.REPORT, period, format_, version), _STEM),
            title,
            content,
        )
        for format_, title, content in (
            (ExportFormat.JSON, "Veröffentlichte Daten", to_json(sources.text)),
            (ExportFormat.CSV, "Tabellen als CSV", to_csv_zip(values)),
            (ExportFormat.XLSX, "Tabellen als Arbeitsmappe", to_xlsx(values)),
        )
    ]
    return dcat(sources.document, files=files, origin=sources.origin).encode("utf-8")


def _steps(
    values: Report, sources: Sources, request: ExportRequest, template: bytes | None
) -> Iterator[_Step]:
    """Return what is done one after the other: its German title, and what writes the files."""
    report = controlling.paper(values)
    draft = vorlage.paper(values, kind=request.vorlage)

    def file(
        kind: ExportFormat, text: str, content: bytes, *, stem: str = _STEM, folder: str = ""
    ) -> BundleFile:
        name = file_name(replace(request, format=kind), stem)
        return BundleFile(f"{folder}{name}", MIMETYPES[kind], text, content)

    def csv_tables() -> list[BundleFile]:
        named = zip(csv_files(values), tables(values), strict=True)
        return [
            BundleFile(f"{_DATA}csv/{name}", "text/csv", f"Tabelle: {table.title}", content)
            for (name, content), table in named
        ]

    def workbook() -> BundleFile:
        text = "alle Tabellen in einer Arbeitsmappe"
        return file(ExportFormat.XLSX, text, to_xlsx(values), folder=_DATA)

    def published() -> list[BundleFile]:
        text = "die veröffentlichten Daten; ihre Prüfsumme steht auf jedem Papier"
        number = number_of(sources.document)
        schema, name = schema_text(number).encode("utf-8"), schema_name(number)
        about = "JSON-Schema der veröffentlichten Daten"
        return [
            file(ExportFormat.JSON, text, to_json(sources.text), folder=_DATA),
            BundleFile(f"{_DATA}{name}", MIMETYPES[ExportFormat.JSON], about, schema),
        ]

    def word(text: str, content: bytes, stem: str) -> list[BundleFile]:
        return [file(ExportFormat.DOCX, text, content, stem=stem)]

    about_pdf = "Controllingbericht, Anlage 1 der Vorlage (barrierefreies PDF)"
    yield (
        "Vorlage schreiben",
        lambda: word(f"Entwurf: {draft.title}", to_docx(draft, template=template), draft.stem),
    )
    yield (
        "Controllingbericht als PDF setzen",
        lambda: [file(ExportFormat.PDF, about_pdf, to_pdf(report))],
    )
    yield (
        "Controllingbericht als Word-Datei schreiben",
        lambda: word(
            "Controllingbericht zum Weiterschreiben", to_docx(report, template=template), _STEM
        ),
    )
    yield "Tabellen schreiben", lambda: [workbook(), *csv_tables()]
    yield "Daten beilegen", published


def _packed(files: Sequence[BundleFile], *, cover: Cover, origin: Origin) -> bytes:
    manifest = _manifest(files, cover)
    described = (
        BundleFile(README, "text/plain", "diese Übersicht", _readme(files, cover, origin)),
        BundleFile(MANIFEST, "application/json", "die Liste für Programme", manifest),
        *files,
    )
    sums = "".join(f"{file.sha256}  {file.path}\n" for file in described)
    return zipped(
        [*((file.path, file.content) for file in described), (SUMS, sums.encode("utf-8"))],
        on=cover.published_on,
    )


def _manifest(files: Sequence[BundleFile], cover: Cover) -> bytes:
    facts: dict[str, Any] = {
        "format": _FORMAT,
        "title": f"{cover.title}, {cover.round}",
        "city": cover.city,
        "as_of": cover.as_of.isoformat(),
        "version": cover.version,
        "published_on": cover.published_on.isoformat(),
        "snapshot_sha256": cover.sha256,
        "demonstration": bool(cover.demonstration),
        "files": [
            {
                "path": file.path,
                "description": file.description,
                "media_type": file.mimetype,
                "bytes": len(file.content),
                "sha256": file.sha256,
            }
            for file in files
        ],
    }
    return (json.dumps(facts, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _readme(files: Sequence[BundleFile], cover: Cover, origin: Origin) -> bytes:
    licence = LICENCES.get(origin.licence)
    width = max(len(file.path) for file in files)
    listed = "\n".join(f"  {file.path:<{width}}  {file.description}" for file in files)
    parts = [
        f"Mappe zur Runde\n{cover.title}\n{cover.round}, {cover.city}",
        cover.demonstration,
        (
            f"Stichtag: {cover.as_of:%d.%m.%Y}\n"
            f"Fassung: {cover.version}, veröffentlicht am {cover.published_on:%d.%m.%Y}\n"
            f"Herausgegeben von: {cover.office}\n"
            f"Prüfsumme der veröffentlichten Daten (SHA-256):\n  {cover.sha256}\n"
            f"Texte: {TEXTS}; eine neuere Ausgabe kann dieselben Daten anders formulieren."
        ),
        f"Diese Fassung korrigiert eine frühere. Grund: {cover.reason}" if cover.reason else "",
        f"Was ist enthalten?\n{listed}",
        (
            "Alle Dateien zeigen dieselben Zahlen: die der veröffentlichten Fassung. Die Vorlage "
            "ist ein Entwurf.\nStellen, die noch einzutragen sind, sind darin gekennzeichnet."
        ),
        (
            f"Sind die Dateien unverändert?\n  {SUMS} enthält die Prüfsumme jeder Datei. Unter "
            f"Linux und macOS prüft sie\n    sha256sum -c {SUMS}\n  unter Windows zeigt\n    "
            "certutil -hashfile DATEI SHA256\n  die Prüfsumme einer Datei zum Vergleichen.\n"
            f"  {MANIFEST} enthält dieselbe Liste für Programme."
        ),
        (
            "Wie sind die CSV-Dateien zu lesen? (UTF-8, Semikolon, Dezimalkomma)\n"
            "  Jede enthält nur ihre Tabelle. Ein Apostroph am Anfang einer Zelle gehört nicht zum "
            "Text:\n  Mit ihm bleiben Nummern wie 3.1, Tage und was wie eine Formel beginnt, in "
            "Excel und\n  LibreOffice Text. Wer die Dateien mit einem Programm liest, lässt ihn "
            "weg. Die\n  Arbeitsmappe (XLSX) braucht ihn nicht."
        ),
        (
            f"Lizenz der offenen Daten (Ordner daten): {licence.name}\n  {licence.address}\n"
            f"  Namensnennung: {origin.publisher_or(cover.city, cover.office)}"
            if licence
            else "Lizenz der offenen Daten (Ordner daten): nicht festgelegt"
        ),
    ]
    text = "\n\n".join(part for part in parts if part) + "\n"
    # Windows' own editor shows line breaks and umlauts right with these.
    return text.replace("\n", "\r\n").encode("utf-8-sig")
