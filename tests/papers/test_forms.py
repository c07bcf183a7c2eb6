"""What every form of a round has beside its totals: all measures, the hash, the demonstration."""

from __future__ import annotations

import io
import json
from functools import cache
from typing import Any

import openpyxl

from tests.factories_snapshot import documents, sha256
from tests.papers.pdf_text import page_text
from tracker.core.canonical import canonical_json, sha256_of
from tracker.papers.documents.report import paper
from tracker.papers.writers.to_json import to_json
from tracker.papers.writers.to_pdf import to_pdf
from tracker.papers.writers.to_xlsx import to_xlsx
from tracker.publication.reading.content import report
from tracker.publication.reading.scope import Scope

Json = dict[str, Any]


@cache
def document() -> Json:
    return documents(2, goals=2)[-1]


@cache
def pdf_text() -> str:
    return page_text(to_pdf(paper(report(document(), scope=Scope(sheets=False)))))


@cache
def workbook() -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(to_xlsx(report(document()))))


def test_every_measure_has_its_row() -> None:
    rows = list(workbook()["Maßnahmen"].iter_rows(min_row=7, values_only=True))
    assert [row[0] for row in rows] == [item["code"] for item in document()["measures"]]
    words = {item["code"]: item["label"] for item in document()["definitions"]["implementation"]}
    for row, item in zip(rows, document()["measures"], strict=True):
        if item["value"]:
            assert row[8] == words[item["value"]["implementation"]]
        elif item["reportable"]:
            assert row[8] == "keine Meldung"


def test_the_json_is_the_document_and_its_hash_is_the_one_on_the_report() -> None:
    text = canonical_json(document())
    exported = to_json(text)
    assert json.loads(exported) == json.loads(text)
    assert sha256_of(exported.decode("utf-8")) == sha256(document())
    assert sha256(document()) in pdf_text()


def test_a_demonstration_is_marked_in_every_form() -> None:
    assert document()["demonstration"] is True
    assert "sinderfunden" in pdf_text()
    assert all("sind erfunden" in str(sheet["A4"].value) for sheet in workbook())


def test_nothing_is_marked_that_is_no_demonstration() -> None:
    real = report(documents(1, goals=2)[0] | {"demonstration": False})
    assert real.cover.demonstration == ""
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(real)))
    assert all(not sheet["A4"].value for sheet in book)
