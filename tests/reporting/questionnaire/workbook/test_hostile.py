"""Files that are no harmless XLSX: each is refused with what it is and what to do."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import cache
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.reporting.questionnaire.workbook.forms import form
from tracker.reporting.questionnaire.workbook.archive import MAX_SHEETS
from tracker.reporting.questionnaire.workbook.model import MAX_BYTES, Reading
from tracker.reporting.questionnaire.workbook.reader import read
from tracker.reporting.questionnaire.workbook.writer import write

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<si><t>&b;</t></si></sst>"
)
GRID = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b"%s</sheetData></worksheet>"
)


@cache
def ours() -> bytes:
    return write(form())


def archive(parts: Mapping[str, bytes], *, fresh: bool = False) -> bytes:
    """A file of ours with some parts replaced or added."""
    target = io.BytesIO()
    with (
        ZipFile(io.BytesIO(ours())) as source,
        ZipFile(target, "w", ZIP_DEFLATED) as changed,
    ):
        if not fresh:
            for name in set(source.namelist()) - parts.keys():
                changed.writestr(name, source.read(name))
        for name, data in parts.items():
            changed.writestr(name, data)
    return target.getvalue()


def part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    with ZipFile(io.BytesIO(ours())) as source:
        return archive({name: change(source.read(name))})


ODS = b"application/vnd.oasis.opendocument.spreadsheet"
SHEET = "xl/worksheets/sheet2.xml"
TYPES = "[Content_Types].xml"
# Made by the test that reads it: every worker collects all tests.
FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "Die Datei ist leer."),
    "csv": (lambda: "Nr.;Stand\n1.1;läuft\n".encode("cp1252"), "Textdatei (zum Beispiel CSV)"),
    "html": (lambda: b"<html><table></table></html>", "Textdatei"),
    "pdf": (lambda: b"%PDF-1.7 ...", "Das ist eine PDF-Datei."),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "beschädigt oder keine Excel-Datei"),
    "xls": (lambda: OLE, "alten Excel-Format (.xls)"),
    "doc": (lambda: OLE + "WordDocument".encode("utf-16-le"), "Word-Datei (.doc), keine Tabelle"),
    "encrypted": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "Kennwort verschlüsselt"),
    "ods": (
        lambda: archive({"mimetype": ODS}, fresh=True),
        "beschädigt oder keine Excel-Datei (.xlsx) oder OpenDocument-Tabelle (.ods)",
    ),
    "odt": (
        lambda: archive({"mimetype": b"application/vnd.oasis.opendocument.text"}, fresh=True),
        "OpenDocument-Datei, aber keine Tabelle (.ods)",
    ),
    "ods with a password": (
        lambda: archive(
            {"mimetype": ODS, "META-INF/manifest.xml": b"<a><manifest:encryption-data/></a>"},
            fresh=True,
        ),
        "mit einem Kennwort verschlüsselt",
    ),
    "ods with entities": (
        lambda: archive({"mimetype": ODS, "content.xml": BOMB}, fresh=True),
        "nicht in eine Tabelle gehört",
    ),
    "ods bomb": (
        lambda: archive({"mimetype": ODS, "content.xml": b"<a>" + bytes(60_000_000)}, fresh=True),
        "entpackt viel größer als ein Erhebungsbogen",
    ),
    "ods with masses of cells": (
        lambda: archive({"mimetype": ODS, "content.xml": b"<a/>" * 900_000}, fresh=True),
        "entpackt viel größer als ein Erhebungsbogen",
    ),
    "ods without markup": (
        lambda: archive({"mimetype": ODS, "content.xml": b"no sheets"}, fresh=True),
        "beschädigt oder keine Excel-Datei",
    ),
    "strict": (
        lambda: part(
            "xl/workbook.xml",
            lambda data: data.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            ),
        ),
        "im Format „Strict Open XML“ gespeichert",
    ),
    "xlsb": (lambda: archive({"xl/workbook.bin": b"x"}), "binäre Excel-Datei (.xlsb)"),
    "xlsm": (lambda: archive({"xl/vbaProject.bin": OLE}), "Makros (.xlsm)"),
    "xlsm by its type": (
        lambda: part(
            TYPES, lambda data: data.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
        ),
        "Makros (.xlsm)",
    ),
    "docx": (
        lambda: archive({"word/document.xml": b"<a/>"}, fresh=True),
        "Das ist eine Word-Datei (.docx), keine Tabelle.",
    ),
    "cut off": (lambda: write(form())[:-2000], "beschädigt oder keine Excel-Datei"),
    "only its first letters": (lambda: b"PK\x03\x04", "beschädigt oder keine Excel-Datei"),
    "bytes": (lambda: b"PK" + bytes(range(256)) * 40, "beschädigt oder keine Excel-Datei"),
    "50 MB": (lambda: b"PK" + bytes(50_000_000), "Die Datei hat 50,0 MB, möglich sind 5 MB."),
    "zip bomb": (
        lambda: archive({"xl/sharedStrings.xml": b"<a>" + bytes(60_000_000)}),
        "entpackt viel größer als ein Erhebungsbogen",
    ),
    "bomb beside the cells": (
        lambda: archive({"xl/styles.xml": b" " * 6_000_000}),
        "entpackt viel größer als ein Erhebungsbogen",
    ),
    "thousands of parts": (
        lambda: archive({f"xl/media/{number}.bin": b"x" for number in range(1_000)}),
        "entpackt viel größer als ein Erhebungsbogen",
    ),
    "many sheets": (
        lambda: archive(
            {f"xl/worksheets/more{number}.xml": b"<a/>" for number in range(MAX_SHEETS)}
        ),
        "mehr als 20 Blätter",
    ),
    "entities": (lambda: archive({"xl/sharedStrings.xml": BOMB}), "nicht in eine Tabelle gehört"),
    "entities in UTF-16": (
        lambda: archive({"xl/sharedStrings.xml": BOMB.decode().encode("utf-16")}),
        "nicht in eine Tabelle gehört",
    ),
    "entities in UTF-7": (
        lambda: archive({"xl/styles.xml": b'<?xml version="1.0" encoding="UTF-7"?><a/>'}),
        "nicht in eine Tabelle gehört",
    ),
    "no markup": (lambda: archive({SHEET: b"not a sheet"}), "beschädigt oder keine Excel-Datei"),
    "no sheet list": (lambda: archive({"xl/workbook.xml": b"<a/>"}), "kein Erhebungsbogen dieser"),
    "a string that is not there": (
        lambda: archive({SHEET: GRID % b'<row r="1"><c r="A1" t="s"><v>99999</v></c></row>'}),
        "beschädigt oder keine Excel-Datei",
    ),
    "a row far below": (
        lambda: archive({SHEET: GRID % b'<row r="9999999"><c r="A9999999"><v>1</v></c></row>'}),
        "mehr als 5.000 Zeilen",
    ),
    "thousands of rows": (
        lambda: archive({SHEET: GRID % (b"<row><c><v>1</v></c></row>" * 100_000)}),
        "mehr als 5.000 Zeilen",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_or_foreign_file_is_refused_with_a_reason_and_a_remedy(name: str) -> None:
    made, reason = FILES[name]
    reading = read(made(), form())
    assert reading.answers == ()
    assert any(reason in problem.wrong for problem in reading.problems), reading.problems
    assert all(problem.remedy.startswith("Bitte") for problem in reading.problems)


def test_what_a_file_may_weigh_is_far_more_than_a_filled_one_does() -> None:
    assert len(write(form())) * 20 < MAX_BYTES


def test_a_picture_that_cannot_be_read_hides_no_table() -> None:
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"
    drawing = b'<Relationship Id="rId9" Type="%s" Target="/xl/missing.xml"/>' % kind
    rels = "xl/worksheets/_rels/sheet2.xml.rels"
    data = part(rels, lambda data: data.replace(b"</Rel", drawing + b"</Rel"))
    assert read(data, form()) == Reading()


def test_a_part_named_twice_is_refused() -> None:
    target = io.BytesIO(write(form()))
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        ZipFile(target, "a") as changed,
    ):
        changed.writestr(SHEET, b"<a/>")
    (problem,) = read(target.getvalue(), form()).problems
    assert "beschädigt" in problem.wrong
