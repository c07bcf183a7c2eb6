"""A DOCX read back: its headings, its words, its tables; and the whole report, made once."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn

from tests.factories_snapshot import documents
from tracker.papers.blocks import Paper
from tracker.papers.documents import report as report_paper
from tracker.papers.writers.to_docx import to_docx
from tracker.publication.reading.content import report


@cache
def whole_paper() -> Paper:
    return report_paper.paper(report(documents(4)[-1]))


@cache
def whole_report() -> bytes:
    return to_docx(whole_paper())


def opened(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def headings(document: Document) -> list[tuple[int, str]]:
    return [
        (int(item.style.name[-1]), item.text)
        for item in document.paragraphs
        if item.style is not None and str(item.style.name).startswith("Heading ")
    ]


def tables(data: bytes) -> list[Any]:
    """The tables with a head; blocks side by side are a frame without one."""
    found = opened(data).element.body.iter(qn("w:tbl"))
    caption = f"{qn('w:tblPr')}/{qn('w:tblCaption')}"
    return [item for item in found if item.find(caption) is not None]


def text(data: bytes) -> str:
    """All words of the body in the order of the file."""
    words = opened(data).element.body.iter(qn("w:t"), qn("w:softHyphen"))
    soft = qn("w:softHyphen")
    shown = ("\u00ad" if item.tag == soft else item.text or "" for item in words)
    return " ".join("".join(shown).split())


def count(data: bytes, element: str) -> int:
    return sum(1 for _ in opened(data).element.body.iter(qn(element)))
