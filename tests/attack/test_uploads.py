"""Files made to cost much: refused with a sentence before they are parsed, or given up by a limit.

They are made here, byte by byte, and lie nowhere.
"""

from __future__ import annotations

import io
import re
import tracemalloc
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from http.cookiejar import CookieJar
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import psutil
import pytest

from tests.attack.served import serving
from tests.e2e.instance import PASSWORD
from tests.papers.factories_papers import office_template
from tests.reporting.questionnaire.workbook.forms import form
from tracker.core import apart
from tracker.papers.writers.docx import template
from tracker.reporting.questionnaire.workbook import apart as questionnaire
from tracker.reporting.questionnaire.workbook import archive, reader, tables, writer

MANY = 1_400_000
SHEET, STRINGS, STYLES = "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml", "xl/styles.xml"
DOCUMENT = "word/document.xml"
CONTENT = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}


def zipped(parts: Mapping[str, bytes], *, of: bytes = b"", packed: int = ZIP_DEFLATED) -> bytes:
    """A zip of these parts, and of those of another file beside them."""
    made = io.BytesIO()
    with ZipFile(made, "w", packed) as archive:
        if of:
            with ZipFile(io.BytesIO(of)) as whole:
                for name in set(whole.namelist()) - parts.keys():
                    archive.writestr(name, whole.read(name))
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


def book(part: str, content: bytes, *, packed: int = ZIP_DEFLATED) -> bytes:
    """An Erhebungsbogen with one part of somebody else."""
    return zipped({part: content}, of=writer.write(form()), packed=packed)


def letter(content: bytes, part: str = DOCUMENT) -> bytes:
    return zipped({part: content}, of=office_template())


def element(name: bytes, inner: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<%s xmlns="%s">%s</%s>' % (name, space, inner, name)


def words(inner: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return b'<w:document xmlns:w="%s"><w:body>%s</w:body></w:document>' % (space, inner)


def lying(data: bytes) -> bytes:
    """The same file, whose list says of every part that it unpacks to ten bytes."""
    begin = data.index(b"PK\x01\x02")
    head, lines = data[:begin], data[begin:]
    return head + re.sub(
        rb"(PK\x01\x02.{20}).{4}", lambda line: line[1] + b"\n\0\0\0", lines, flags=re.DOTALL
    )


TOO_LARGE = "entpackt viel größer als ein Erhebungsbogen"
DAMAGED, FOREIGN = "beschädigt oder keine Excel-Datei", "nicht in eine Tabelle gehört"
BOOKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty strings": (lambda: book(STRINGS, element(b"sst", b"<si/>" * MANY)), TOO_LARGE),
    "styles": (lambda: book(STYLES, element(b"styleSheet", b"<xf/>" * 900_000)), TOO_LARGE),
    "cells with a prefix": (
        lambda: book(SHEET, element(b"worksheet", b"<x:c/>" * MANY)),
        TOO_LARGE,
    ),
    "comments": (lambda: book("xl/comments1.xml", b"<comment/>" * 400_000), TOO_LARGE),
    "names": (lambda: book("xl/workbook.xml", b"<definedName/>" * 350_000), TOO_LARGE),
    "attributes": (
        lambda: book(SHEET, element(b"worksheet", b"<row %s/>" % (b"a='' " * 400_000))),
        TOO_LARGE,
    ),
    "elements in elements": (
        lambda: book(SHEET, element(b"worksheet", b"<a>" * MANY + b"</a>" * MANY)),
        TOO_LARGE,
    ),
    "elements in a part that is called a picture": (
        lambda: book("xl/media/image1.png", b"<a/>" * MANY),
        TOO_LARGE,
    ),
    "one text": (lambda: book(STRINGS, element(b"sst", b"x" * 30_000_000)), TOO_LARGE),
    "masses in an ODS": (
        lambda: zipped({**CONTENT, "content.xml": b"<text:p/>" * MANY}),
        TOO_LARGE,
    ),
    "tiny parts": (lambda: zipped({f"xl/x{n}.xml": b"" for n in range(5_000)}), TOO_LARGE),
    "parts of a lying size": (
        lambda: lying(book(STRINGS, element(b"sst", b"<si/>" * MANY))),
        DAMAGED,
    ),
    "another packing": (
        lambda: book(STRINGS, element(b"sst", b"<si/>"), packed=ZIP_BZIP2),
        DAMAGED,
    ),
    "an encoding that hides": (
        lambda: zipped({**CONTENT, "content.xml": "<a><b/></a>".encode("cp037") * 1000}),
        DAMAGED,
    ),
    "entities": (lambda: book(STRINGS, b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'), FOREIGN),
    "a pattern's worst case": (
        lambda: book(SHEET, element(b"worksheet", b"<c " + b'r="' * MANY)),
        TOO_LARGE,
    ),
}


@pytest.mark.parametrize("name", BOOKS)
def test_a_table_that_would_cost_much_is_refused_before_it_is_parsed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, reason = BOOKS[name]
    data, parsed = made(), []
    monkeypatch.setattr(tables.xlsx, "read_sheets", lambda *given: parsed.append(given))
    monkeypatch.setattr(tables.ods, "read_sheets", lambda *given: parsed.append(given))
    tracemalloc.start()
    reading = reader.read(data, form())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert parsed == []
    (problem,) = reading.problems
    assert reason in problem.wrong
    assert problem.remedy.startswith("Bitte")
    assert peak < 3 * archive.LIMITS.unpacked


LETTERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "paragraphs": (lambda: letter(words(b"<w:p/>" * 5_000_000)), "ausgepackt viel zu groß"),
    "attributes": (
        lambda: letter(words(b"<w:p %s/>" % (b"w:a='' " * 3_000_000))),
        "ausgepackt viel zu groß",
    ),
    "styles": (
        lambda: letter(b"<w:style/>" * MANY, "word/styles.xml"),
        "ausgepackt viel zu groß",
    ),
    "a picture of elements": (
        lambda: letter(b"<a/>" * MANY, "word/media/image1.png"),
        "ausgepackt viel zu groß",
    ),
    "tiny parts": (
        lambda: zipped({f"word/x{n}.xml": b"" for n in range(5_000)}),
        "ausgepackt viel zu groß",
    ),
    "parts of a lying size": (lambda: lying(letter(words(b"<w:p/>" * MANY))), "beschädigt"),
    "entities in a part that nobody looks into": (
        lambda: letter(b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "customXml/item1.xml"),
        "beschädigt",
    ),
    "entities in a part of another name": (
        lambda: letter(b'\xef\xbb\xbf<!DOCTYPE x [<!ENTITY a "b">]><x/>', "word/media/image1.png"),
        "beschädigt",
    ),
    "an encoding that hides in a part of another name": (
        lambda: letter("\ufeff<a><b/></a>".encode("utf-16-be"), "word/media/image1.png"),
        "beschädigt",
    ),
}


@pytest.mark.parametrize("name", LETTERS)
def test_a_word_file_that_would_cost_much_is_refused_before_it_is_parsed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, reason = LETTERS[name]
    data, parsed = made(), []
    monkeypatch.setattr(template, "_read", lambda *given: parsed.append(given))
    monkeypatch.setattr(template.docx_package, "opened", lambda *given: parsed.append(given))
    tracemalloc.start()
    (problem,) = template.check(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert parsed == []
    assert reason in problem.text
    assert problem.remedy.endswith(".")
    assert peak < 3 * template.LIMITS.unpacked


# Small files with few elements that unfold while they are read: a process's limits end them.
MERGED = b'<sheetData/><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
LINKED = b'<sheetData/><hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>'
UNFOLDING: dict[str, Callable[[], bytes]] = {
    "merged cells": lambda: book(SHEET, element(b"worksheet", MERGED)),
    "linked cells": lambda: book(SHEET, element(b"worksheet", LINKED)),
    "a list of places": lambda: book(
        SHEET,
        element(
            b"worksheet",
            b'<sheetData/><dataValidations><dataValidation sqref="%s"/></dataValidations>'
            % (b"A1 " * 5_000_000),
        ),
    ),
}
# As much as is parsed at all.
HEAVY = words(b"<w:tbl><w:tr><w:tc>" * 60 + b"<w:p/>" * 500_000 + b"</w:tc></w:tr></w:tbl>" * 60)


def limited(monkeypatch: pytest.MonkeyPatch, **limits: float) -> None:
    run = apart.run
    monkeypatch.setattr(
        apart, "run", lambda *given: run(*given, limits=replace(apart.LIMITS, **limits))
    )


def test_a_file_that_unfolds_takes_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, memory=150_000_000)
    (problem,) = questionnaire.read(UNFOLDING["merged cells"](), form()).problems
    assert "viel umfangreicher als ein Erhebungsbogen" in problem.wrong
    assert problem.remedy.startswith("Bitte")


def test_an_honest_file_is_read_with_half_of_what_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, memory=apart.LIMITS.memory // 2, processor=2)
    assert questionnaire.read(writer.write(form()), form()).problems == ()
    assert template.check_apart(office_template()) == ()


class Visitor:
    """Somebody signed in at a served instance."""

    def __init__(self, address: str, email: str) -> None:
        self.address = address
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()), _NoError()
        )
        self.token = ""
        self.token = self.open("/anmelden")[1].split('name="csrf_token" value="')[1].split('"')[0]
        self.open("/anmelden", {"email": email, "password": PASSWORD})

    def open(self, path: str, fields: Mapping[str, str] | None = None) -> tuple[int, str]:
        sent = {"csrf_token": self.token, **fields} if fields else None
        return self._send(path, urllib.parse.urlencode(sent).encode() if sent else None, {})

    def upload(self, path: str, data: bytes) -> tuple[int, str]:
        _, page = self.open(path)
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        mark = b"--a-boundary"
        body = (
            mark + b'\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + token.encode()
            + b"\r\n" + mark + b'\r\nContent-Disposition: form-data; name="datei"; '
            b'filename="a.docx"\r\nContent-Type: application/octet-stream\r\n\r\n' + data
            + b"\r\n" + mark + b"--\r\n"
        )  # fmt: skip
        kind = {"Content-Type": "multipart/form-data; boundary=a-boundary"}
        return self._send(path, body, kind)

    def _send(self, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, str]:
        request = urllib.request.Request(self.address + path, body, headers)
        with self._opener.open(request, timeout=120) as answer:
            return answer.status, answer.read().decode("utf-8")


class _NoError(urllib.request.HTTPErrorProcessor):
    def http_response(self, request: Any, response: Any) -> Any:
        return response if response.status >= 400 else super().http_response(request, response)

    https_response = http_response


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, seeded_file: Any
) -> Iterator[tuple[Visitor, psutil.Process]]:
    """An instance with its server, and the KI in it."""
    with serving(tmp_path_factory.mktemp("uploads"), seeded_file) as instance:
        instance.create_user("ki@stadt.example", "--role", "coordination")
        assert instance._server is not None
        visitor = Visitor(instance.address, "ki@stadt.example")
        yield visitor, psutil.Process(instance._server.pid)


def memory(server: psutil.Process) -> int:
    """The memory of the web processes, without those that read files."""
    workers = [server, *server.children()]
    return sum(process.memory_info().rss for process in workers)


@pytest.mark.attack
@pytest.mark.parametrize("name", UNFOLDING)
def test_every_file_that_unfolds_is_given_up_by_the_limits_that_hold(name: str) -> None:
    reading = questionnaire.read(UNFOLDING[name](), form())
    assert not reading.answers
    assert reading.problems


@pytest.mark.attack
def test_pages_are_answered_while_files_are_read(
    served: tuple[Visitor, psutil.Process],
) -> None:
    visitor, server = served
    data = letter(HEAVY)
    visitor.upload("/ausgaben/word-vorlage", data)
    before, answered = memory(server), 0
    with ThreadPoolExecutor(8) as pool:
        uploads = [pool.submit(visitor.upload, "/ausgaben/word-vorlage", data) for _ in range(8)]
        while not all(upload.done() for upload in uploads):
            assert visitor.open("/ausgaben/word-vorlage")[0] == 200
            answered += 1
    ends = {upload.result()[0] for upload in uploads}
    assert ends <= {200, 503}
    assert 200 in ends
    for status, page in map(Future.result, uploads):
        words = "ist im Einsatz" if status == 200 else "Gerade werden mehrere Dateien gelesen"
        assert words in page
    assert answered > 5
    assert memory(server) - before < 60_000_000
