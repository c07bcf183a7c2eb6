"""A finished export, and how it gets into a file: whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tracker.papers.rules.exporting import ExportFormat, ExportKind, ExportRequest

# What a Word template of the office may have.
LARGEST_TEMPLATE = 5_000_000
MIMETYPES = {
    ExportFormat.PDF: "application/pdf",
    ExportFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.CSV: "application/zip",
    ExportFormat.JSON: "application/json",
    ExportFormat.JSONLD: "application/ld+json",
    ExportFormat.ZIP: "application/zip",
}
# The CSV tables of a round come as one file, too.
ENDINGS = {kind: kind.value for kind in ExportFormat} | {ExportFormat.CSV: "csv.zip"}
# Steps done, steps in all, and what comes next in German; may raise Cancelled.
Progress = Callable[[int, int, str], None]


class Cancelled(Exception):  # noqa: N818 - an answer, not a fault
    """Whoever ordered the paper does not want it any more."""


def file_name(request: ExportRequest, stem: str) -> str:
    """Return the name of a paper's file: `informationsvorlage-2026-q3-fassung-1.docx`."""
    name = f"{stem}-{request.concept}" if request.concept else stem
    name += f"-{request.period.lower()}-fassung-{request.version}"
    if request.compare:
        name += f"-mit-{request.compare.lower().replace('/', '-fassung-')}"
    if request.fields:
        name += f"-hf-{'-'.join(request.fields)}"
    if request.exceptions_only:
        name += "-ausnahmen"
    if request.kind is ExportKind.REPORT and not request.sheets:
        name += "-ohne-blaetter"
    return f"{name}.{ENDINGS[request.format]}"


@dataclass(frozen=True)
class Export:
    """A finished file: its name, its type and its bytes."""

    file_name: str
    mimetype: str
    content: bytes

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "file_name": self.file_name,
            "mimetype": self.mimetype,
            "size": len(self.content),
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }


def zipped(files: Sequence[tuple[str, bytes]], *, on: date) -> bytes:
    """Return a zip of these paths and bytes, all dated `on`: the same files, the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for path, content in files:
            info = zipfile.ZipInfo(path, date_time=(on.year, on.month, on.day, 12, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return target.getvalue()


def write(export: Export, *, target: Path) -> Path:
    """Write an export to a file, or into a folder under its own name; returns the path.

    The file appears whole or not at all. Raises OSError where it cannot be written.
    """
    path = target / export.file_name if target.is_dir() else target
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(export.content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path
