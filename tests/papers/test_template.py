"""The office's template: what is wrong with it is said in German, with the remedy."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.papers.factories_papers import office_template
from tracker.papers.writers.docx.package import zipped as packed
from tracker.papers.writers.docx.styles import REQUIRED
from tracker.papers.writers.docx.template import LARGEST, check, default_template


def changed(**parts: bytes | None) -> bytes:
    """An office's template with parts of its zip replaced, or left out."""
    with zipfile.ZipFile(io.BytesIO(office_template())) as archive:
        files: dict[str, str | bytes] = {n: archive.read(n) for n in archive.namelist()}
    for name, data in parts.items():
        if data is None:
            del files[name]
        else:
            files[name] = data
    return packed(files)


def replaced(name: str, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(office_template())) as archive:
        data = archive.read(name)
    assert old in data
    return changed(**{name: data.replace(old, new)})


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 41_000_000)
    return made.getvalue()


def linked_picture() -> bytes:
    """A template whose letterhead is loaded from elsewhere."""
    document = docx.Document(io.BytesIO(office_template()))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    document.part.relate_to("https://bilder.example/logo.png", kind, is_external=True)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def letterhead_with(code: str) -> bytes:
    """A template with a field in its head."""
    document = docx.Document(io.BytesIO(office_template()))
    for piece in (code[:4], code[4:]):  # as Word does it, now and then
        run = document.sections[0].header.paragraphs[0].add_run()
        run._r.append(parse_xml(f"<w:instrText {nsdecls('w')}>{escape(piece)}</w:instrText>"))
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


ROOT = Path(__file__).resolve().parents[2]
TYPES = "[Content_Types].xml"
MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
DOTX = b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
DOCM = b"application/vnd.ms-word.document.macroEnabled.main+xml"
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "kein Word-Dokument"),
    "text": (lambda: b"Guten Tag", "kein Word-Dokument"),
    "pdf": (lambda: b"%PDF-1.7\n", "Das ist eine PDF-Datei, kein Word-Dokument."),
    "workbook": (lambda: packed({"xl/workbook.xml": "<a/>"}), "Das ist eine Excel-Datei (.xlsx)"),
    "old workbook": (
        lambda: b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le"),
        "Das ist eine Excel-Datei (.xls), kein Word-Dokument.",
    ),
    "half a file": (lambda: office_template()[:9000], "kein Word-Dokument"),
    "another zip": (lambda: packed({"tabelle.csv": "a;b"}), "kein Word-Dokument"),
    "old word": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "im alten Word-Format"),
    "template": (lambda: replaced(TYPES, MAIN, DOTX), ".dotx"),
    "macros": (lambda: replaced(TYPES, MAIN, DOCM), "enthält Makros"),
    "too large": (lambda: b"PK" + b"0" * LARGEST, "größer als 5 MB"),
    "bomb": (bomb, "ausgepackt viel zu groß"),
    "no styles": (lambda: changed(**{"word/styles.xml": None}), "fehlen die Formatvorlagen"),
    "broken xml": (lambda: changed(**{"word/document.xml": b"<w:document"}), "beschädigt"),
    "entities": (
        lambda: changed(**{"word/document.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
        "beschädigt",
    ),
    "relation to nothing": (
        lambda: replaced("word/_rels/document.xml.rels", b'"styles.xml"', b'"fehlt.xml"'),
        "beschädigt",
    ),
    "linked picture": (linked_picture, "von außen"),
    "field that fetches": (
        lambda: letterhead_with('INCLUDEPICTURE "https://bilder.example/logo.png" \\d'),
        "von außen",
    ),
    "field that starts a program": (lambda: letterhead_with('DDEAUTO "x"'), "von außen"),
}


@pytest.mark.parametrize(("make", "expected"), BAD.values(), ids=BAD)
def test_what_cannot_be_used_is_refused_with_reason_and_remedy(
    make: Callable[[], bytes], expected: str
) -> None:
    found = check(make())
    assert found
    assert expected in found[0].text
    assert all(item.text.endswith(".") and item.remedy.endswith(".") for item in found)


def linked_address() -> bytes:
    return letterhead_with('HYPERLINK "https://www.bielefeld.example"')


@pytest.mark.parametrize("make", [office_template, default_template, linked_address])
def test_a_template_with_the_styles_can_be_used(make: Callable[[], bytes]) -> None:
    assert check(make()) == ()


def test_every_missing_style_is_named_as_german_word_calls_it() -> None:
    (one,) = check(office_template("Heading 3"))
    assert one.text == "In der Vorlage fehlt die Formatvorlage „Überschrift 3“ (Heading 3)."
    assert one.remedy.startswith("Weisen Sie sie in Word")
    (several,) = check(office_template("Heading 3", "List Bullet"))
    assert several.text == (
        "In der Vorlage fehlen die Formatvorlagen „Überschrift 3“ (Heading 3) und "
        "„Aufzählungszeichen“ (List Bullet)."
    )
    assert several.remedy.startswith("Weisen Sie jede in Word")
    assert "hier ausgegeben" in several.remedy


def test_the_handbook_names_every_style_that_is_asked_for() -> None:
    chapter = " ".join((ROOT / "docs/handbuch/02-ki.md").read_text("utf-8").split())
    section = chapter.split("### Ihre eigene Word-Vorlage")[1].split("## ")[0]
    assert [name for name in REQUIRED.values() if name not in section] == []


def test_our_own_template_opens_empty_and_has_every_style_that_is_asked_for() -> None:
    document = docx.Document(io.BytesIO(default_template()))
    assert not [item.text for item in document.paragraphs if item.text]
    known = {str(item.name).lower() for item in document.styles}
    assert set(REQUIRED) <= known


def test_a_template_is_read_without_unpacking_more_than_the_limit() -> None:
    data = bomb()
    assert len(data) < 100_000
    assert [item.text for item in check(data)] == ["Die Vorlage ist ausgepackt viel zu groß."]
