"""What is refused before a file is read: everything that is no harmless table (and why)."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Mapping
from zipfile import BadZipFile, ZipFile

from tracker.core.german import number
from tracker.reporting.questionnaire.workbook.model import MAX_BYTES, SheetProblem

# A filled table has a dozen parts and a few megabytes of XML.
MAX_PARTS = 200
MAX_SHEETS = 20
MAX_ROWS = 5_000
MAX_CELLS = 200_000
MAX_UNPACKED = 20_000_000
MAX_PART = 5_000_000  # of what is not sheets and their texts
MIMETYPE, ODS = "mimetype", b"application/vnd.oasis.opendocument.spreadsheet"
CONTENT = "content.xml"  # of an ODS: all its sheets
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SHEET = re.compile(r"^xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
_DECLARED = re.compile(rb"^<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_ENCODINGS = {b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1"}
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
# Cells that are only formatted, and rows that hold nothing else.
_EMPTY_CELL = re.compile(rb'<c\b[^>]*\br="[^>]*(?:/>|></c>)')
_EMPTY_ROW = re.compile(rb'<row\b[^>]*\br="[^>]*(?:/>|>\s*</row>)')

_SAVE = (
    "Bitte speichern Sie die Tabelle als „Excel-Arbeitsmappe (.xlsx)“ oder als "
    "„ODF-Tabellendokument (.ods)“ und laden Sie diese hoch."
)
_OPEN = "Bitte speichern Sie sie ohne Kennwort und laden Sie sie noch einmal hoch."
_AGAIN = "Bitte laden Sie den Erhebungsbogen neu herunter und tragen Sie Ihre Angaben dort ein."
_DAMAGED = SheetProblem(
    "Die Datei ist beschädigt oder keine Excel-Datei (.xlsx) oder OpenDocument-Tabelle (.ods).",
    _AGAIN,
)


class UnusableFileError(Exception):
    """The file is not read at all; `problem` says why and what to do."""

    def __init__(self, problem: SheetProblem) -> None:
        super().__init__(problem.wrong)
        self.problem = problem


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return a file's parts by name; raises UnusableFileError with the reason and the remedy.

    Sizes are those the archive declares; unpacking stops there, so they cannot be exceeded.
    """
    if not data:
        raise _unusable("Die Datei ist leer.", "Bitte wählen Sie Ihren ausgefüllten Bogen aus.")
    if len(data) > MAX_BYTES:
        raise too_large(len(data))
    if data.startswith(_OLE):
        raise _old_or_encrypted(data)
    if not data.startswith(b"PK"):
        raise _foreign(data)
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            return _parts(archive)
    except (BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise UnusableFileError(_DAMAGED) from error


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
    return _unusable("Das ist eine Datei im alten Excel-Format (.xls).", _SAVE)


def _foreign(data: bytes) -> UnusableFileError:
    if data.startswith(b"%PDF"):
        return _unusable("Das ist eine PDF-Datei.", _AGAIN)
    if b"\x00" not in data[:4096]:
        return _unusable("Das ist eine Textdatei (zum Beispiel CSV), keine Excel-Datei.", _SAVE)
    return UnusableFileError(_DAMAGED)


def _parts(archive: ZipFile) -> dict[str, bytes]:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if "xl/workbook.bin" in names:
        raise _unusable("Das ist eine binäre Excel-Datei (.xlsb).", _SAVE)
    if any(part.flag_bits & 1 for part in parts):
        raise _unusable("Die Datei ist verschlüsselt.", _OPEN)
    if any("vbaproject" in name.lower() for name in names):
        raise _macros()
    if len(set(names)) < len(names) or not {MIMETYPE, "xl/workbook.xml"} & set(names):
        raise UnusableFileError(_DAMAGED)
    large = any(part.file_size > MAX_PART for part in parts if not _holds_cells(part.filename))
    if large or len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _unusable("Die Datei ist entpackt viel größer als ein Erhebungsbogen.", _AGAIN)
    if sum(bool(_SHEET.match(name)) for name in names) > MAX_SHEETS:
        raise _unusable(f"Die Datei hat mehr als {MAX_SHEETS} Blätter.", _AGAIN)
    unpacked = {name: archive.read(name) for name in names}
    if MIMETYPE in unpacked:
        _check_open_document(unpacked)
    for name, markup in unpacked.items():
        if _SHEET.match(name):
            unpacked[name] = _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", markup))
        _check_markup(unpacked[name], name)
    return unpacked


def _check_open_document(parts: Mapping[str, bytes]) -> None:
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise _unusable("Die Datei ist mit einem Kennwort verschlüsselt.", _OPEN)
    if not parts[MIMETYPE].startswith(ODS):
        raise _unusable("Das ist eine OpenDocument-Datei, aber keine Tabelle (.ods).", _AGAIN)
    if CONTENT not in parts:
        raise UnusableFileError(_DAMAGED)


def _holds_cells(name: str) -> bool:
    return bool(_SHEET.match(name)) or name in {"xl/sharedStrings.xml", CONTENT}


def _check_markup(data: bytes, name: str) -> None:
    """Refuse what takes long to parse or could unfold: masses of rows, entities, odd encodings."""
    if name == CONTENT and data.count(b"<") > 4 * MAX_CELLS:
        raise _unusable("Die Datei ist entpackt viel größer als ein Erhebungsbogen.", _AGAIN)
    if name == "xl/workbook.xml" and _STRICT in data:
        raise _unusable("Die Datei ist im Format „Strict Open XML“ gespeichert.", _SAVE)
    if _SHEET.match(name) and (data.count(b"<row") > MAX_ROWS or data.count(b"<c") > MAX_CELLS):
        limits = f"{number(MAX_ROWS)} Zeilen oder {number(MAX_CELLS)} Felder"
        raise _unusable(f"Ein Blatt hat mehr als {limits}.", _AGAIN)
    if name == "[Content_Types].xml" and b"macroEnabled" in data:
        raise _macros()
    if not name.lower().endswith((".xml", ".rels", ".vml")):
        return
    declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    readable = b"\x00" not in data and (declared is None or declared[1].lower() in _ENCODINGS)
    if not readable or any(declaration in data for declaration in _DECLARATIONS):
        raise _unusable("Die Datei enthält etwas, das nicht in eine Tabelle gehört.", _AGAIN)


def _macros() -> UnusableFileError:
    return _unusable("Die Datei enthält Makros (.xlsm).", _SAVE)
