"""One way to an export, for browser and command line alike."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlmodel import Session

from tracker.exports.content import report
from tracker.exports.model import Report
from tracker.exports.to_json import to_json
from tracker.exports.to_pdf import to_pdf
from tracker.exports.to_xlsx import to_xlsx
from tracker.queries.snapshots import show


class ExportFormat(StrEnum):
    """The forms in which a published round can be had."""

    PDF = "pdf"
    XLSX = "xlsx"
    JSON = "json"


MIMETYPES = {
    ExportFormat.PDF: "application/pdf",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.JSON: "application/json",
}
_WRITERS: dict[ExportFormat, Callable[[Report], bytes]] = {
    ExportFormat.PDF: to_pdf,
    ExportFormat.XLSX: to_xlsx,
}


@dataclass(frozen=True)
class Export:
    """A finished file: its name, its type and its bytes."""

    filename: str
    mimetype: str
    content: bytes


def render(
    session: Session, *, period: str, version: int | None, export_format: ExportFormat
) -> Export:
    """Return the Controllingbericht of a published round; version None is the current one.

    The same version gives the same bytes, however often and wherever it is rendered. Raises
    NotFound, with what is published instead, and FontsMissingError for a PDF without fonts.
    """
    publication, text = show(session, period=period, version=version)
    if export_format is ExportFormat.JSON:
        content = to_json(text)
    else:
        content = _WRITERS[export_format](report(json.loads(text)))
    name = f"controllingbericht-{publication.period.lower()}-fassung-{publication.version}"
    return Export(f"{name}.{export_format}", MIMETYPES[export_format], content)


def write(export: Export, *, target: Path) -> Path:
    """Write an export to a file, or into a folder under its own name; returns the path.

    The file appears whole or not at all. Raises OSError where it cannot be written.
    """
    path = target / export.filename if target.is_dir() else target
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
