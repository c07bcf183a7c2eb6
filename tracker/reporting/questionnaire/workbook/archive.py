"""What is refused before a file is read: everything that is no harmless table (and why)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from zipfile import ZipInfo

from tracker.core import archives
from tracker.core.archives import ArchiveError, Fault
from tracker.core.german import number
from tracker.reporting.questionnaire.workbook.model import MAX_BYTES, SheetProblem

# An Erhebungsbogen of 58 measures has 31 parts and 300,000 bytes with 22,000 tags; saved by
# LibreOffice 840,000 bytes with 18,500. Cells that are only formatted do not count as tags.
LIMITS = archives.Limits(parts=200, unpacked=20_000_000, tags=300_000)
MAX_SHEETS = 20
MAX_ROWS = 5_000
MAX_PART = 5_000_000  # of what is not sheets and their texts
MIMETYPE, ODS = "mimetype", b"application/vnd.oasis.opendocument.spreadsheet"
CONTENT = "content.xml"  # of an ODS: all its sheets
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORD = "WordDocument".encode("utf-16-le")
_SHEET = re.compile(r"^xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
# Cells that are only formatted, and rows that hold nothing else.
_EMPTY_CELL = re.compile(rb'<c\b(?=[^<>]*?\br=")[^<>]*(?:/>|></c>)')
_EMPTY_ROW = re.compile(rb'<row\b(?=[^<>]*?\br=")[^<>]*(?:/>|>\s*</row>)')

_SAVE = (
    "Bitte speichern Sie die Tabelle als „Excel-Arbeitsmappe (.xlsx)“ oder als "
    "„ODF-Tabellendokument (.ods)“ und laden Sie diese hoch."
)
_OPEN = "Bitte speichern Sie sie ohne Kennwort und laden Sie sie noch einmal hoch."
_AGAIN = "Bitte laden Sie den Erhebungsbogen neu herunter und tragen Sie Ihre Angaben dort ein."
_OTHER = (
    "Bitte laden Sie den ausgefüllten Erhebungsbogen hoch: die Excel-Datei (.xlsx) oder "
    "OpenDocument-Tabelle (.ods), die Sie heruntergeladen haben."
)
_DAMAGED = SheetProblem(
    "Die Datei ist beschädigt oder keine Excel-Datei (.xlsx) oder OpenDocument-Tabelle (.ods).",
    _AGAIN,
)

_FAULTS = {
    Fault.DAMAGED: _DAMAGED,
    Fault.ENCRYPTED: SheetProblem("Die Datei ist verschlüsselt.", _OPEN),
    Fault.TOO_LARGE: SheetProblem(
        "Die Datei ist entpackt viel größer als ein Erhebungsbogen.", _AGAIN
    ),
    Fault.FOREIGN: SheetProblem(
        "Die Datei enthält etwas, das nicht in eine Tabelle gehört.", _AGAIN
    ),
}


class UnusableFileError(Exception):
    """The file is not read at all; `problem` says why and what to do."""

    def __init__(self, problem: SheetProblem) -> None:
        super().__init__(problem.wrong)
        self.problem = problem


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return a file's parts by name; raises UnusableFileError with the reason and the remedy."""
    if not data:
        raise _unusable("Die Datei ist leer.", "Bitte wählen Sie Ihren ausgefüllten Bogen aus.")
    if len(data) > MAX_BYTES:
        raise too_large(len(data))
    if data.startswith(_OLE):
        raise _old_or_encrypted(data)
    if not data.startswith(b"PK"):
        raise _foreign(data)
    try:
        parts = archives.unpacked(data, LIMITS, look=_look)
        if MIMETYPE in parts:
            _check_open_document(parts)
        for name, markup in parts.items():
            if _SHEET.match(name):
                parts[name] = _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", markup))
            _check_part(parts[name], name)
        archives.check_markup(parts, LIMITS)
    except ArchiveError as error:
        raise UnusableFileError(_FAULTS[error.fault]) from error
    return parts


def too_large(size: int) -> UnusableFileError:
    limit = f"{MAX_BYTES // 1_000_000} MB"
    # A file of a form is read no further than it may be long: its size is not known then.
    is_known = size > MAX_BYTES + 100_000
    size_words = f"{size / 1_000_000:.1f} MB".replace(".", ",") if is_known else f"mehr als {limit}"
    return _unusable(
        f"Die Datei hat {size_words}, möglich sind {limit}.",
        "Bitte entfernen Sie Bilder und fremde Blätter. " + _AGAIN,
    )


def damaged() -> UnusableFileError:
    return UnusableFileError(_DAMAGED)


def _unusable(wrong: str, remedy: str) -> UnusableFileError:
    return UnusableFileError(SheetProblem(wrong, remedy))


def _old_or_encrypted(data: bytes) -> UnusableFileError:
    if _ENCRYPTED in data:
        return _unusable("Die Datei ist mit einem Kennwort verschlüsselt.", _OPEN)
    if _WORD in data:
        return _unusable("Das ist eine Word-Datei (.doc), keine Tabelle.", _OTHER)
    return _unusable("Das ist eine Datei im alten Excel-Format (.xls).", _SAVE)


def _foreign(data: bytes) -> UnusableFileError:
    if data.startswith(b"%PDF"):
        return _unusable("Das ist eine PDF-Datei.", _OTHER)
    if b"\x00" not in data[:4096]:
        return _unusable("Das ist eine Textdatei (zum Beispiel CSV), keine Excel-Datei.", _SAVE)
    return UnusableFileError(_DAMAGED)


def _look(parts: Sequence[ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names:
        raise _unusable("Das ist eine binäre Excel-Datei (.xlsb).", _SAVE)
    if any("vbaproject" in name.lower() for name in names):
        raise _macros()
    if "word/document.xml" in names:
        raise _unusable("Das ist eine Word-Datei (.docx), keine Tabelle.", _OTHER)
    if not {MIMETYPE, "xl/workbook.xml"} & names:
        raise UnusableFileError(_DAMAGED)
    if any(part.file_size > MAX_PART for part in parts if not _holds_cells(part.filename)):
        raise ArchiveError(Fault.TOO_LARGE)
    if sum(bool(_SHEET.match(name)) for name in names) > MAX_SHEETS:
        raise _unusable(f"Die Datei hat mehr als {MAX_SHEETS} Blätter.", _AGAIN)


def _check_open_document(parts: Mapping[str, bytes]) -> None:
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise _unusable("Die Datei ist mit einem Kennwort verschlüsselt.", _OPEN)
    if not parts[MIMETYPE].startswith(ODS):
        raise _unusable("Das ist eine OpenDocument-Datei, aber keine Tabelle (.ods).", _OTHER)
    if CONTENT not in parts:
        raise UnusableFileError(_DAMAGED)


def _holds_cells(name: str) -> bool:
    return bool(_SHEET.match(name)) or name in {"xl/sharedStrings.xml", CONTENT}


def _check_part(data: bytes, name: str) -> None:
    if name == "xl/workbook.xml" and _STRICT in data:
        raise _unusable("Die Datei ist im Format „Strict Open XML“ gespeichert.", _SAVE)
    if _SHEET.match(name) and data.count(b"<row") > MAX_ROWS:
        raise _unusable(f"Ein Blatt hat mehr als {number(MAX_ROWS)} Zeilen.", _AGAIN)
    if name == "[Content_Types].xml" and b"macroEnabled" in data:
        raise _macros()


def _macros() -> UnusableFileError:
    return _unusable("Die Datei enthält Makros (.xlsm).", _SAVE)
