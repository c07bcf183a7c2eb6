"""The same totals stand in the document, the PDF, the workbook and the JSON."""

from __future__ import annotations

import io
import json
import re
from functools import cache
from typing import Any

import openpyxl
import pypdf
import pytest

from tests.factories_snapshot import documents, sha256
from tracker.exports.content import report
from tracker.exports.papers.report import paper
from tracker.exports.to_json import to_json
from tracker.exports.to_pdf import to_pdf
from tracker.exports.to_xlsx import to_xlsx
from tracker.rules.canonical import canonical_json, sha256_of

Json = dict[str, Any]


@cache
def document() -> Json:
    return documents(2, goals=5)[-1]


@cache
def pdf_text() -> str:
    reader = pypdf.PdfReader(io.BytesIO(to_pdf(paper(report(document())))))
    text = " ".join(page.extract_text() for page in reader.pages)
    return " ".join(text.replace("\u00ad", "").split())


@cache
def overview_sheet() -> dict[tuple[str, str], tuple[Any, Any]]:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(report(document()))))
    rows = book["Überblick"].iter_rows(min_row=7, values_only=True)
    return {(str(row[0]), str(row[1])): (row[2], row[3]) for row in rows}


def words(kind: str) -> list[tuple[str, str]]:
    return [(item["code"], item["label"]) for item in document()["definitions"][kind]]


@pytest.mark.parametrize(("code", "label"), words("implementation"))
def test_each_umsetzungsstand_is_the_same_everywhere(code: str, label: str) -> None:
    spread = document()["figures"]["distribution"]
    assert overview_sheet()["Umsetzungsstand", label] == (spread["counts"][code], spread["total"])
    assert re.search(rf"{label} {spread['counts'][code]}\b", pdf_text())


@pytest.mark.parametrize(("code", "label"), words("course"))
def test_each_verlauf_is_the_same_everywhere(code: str, label: str) -> None:
    spread = document()["figures"]["distribution"]
    asked = sum(spread["courses"].values())
    assert overview_sheet()["Verlauf", label] == (spread["courses"][code], asked)
    assert f"{label} {spread['courses'][code]} von {asked}" in pdf_text()


def test_with_those_that_have_no_verlauf_the_sum_is_all_measures() -> None:
    spread = document()["figures"]["distribution"]
    rows = overview_sheet()
    labels = ("nicht gefragt", "keine Meldung")
    missing = {label: rows["ohne Verlauf", label][0] for label in labels}
    assert list(missing.values()) == [spread["course_not_asked"], spread["no_report"]]
    counted = sum(row[0] for (kind, _), row in rows.items() if kind == "Verlauf")
    assert counted + sum(missing.values()) == spread["total"]
    table = pdf_text().rpartition("Verlauf Maßnahmen")[2][:300]
    for label, count in missing.items():
        assert f"{label} {count}" in table


@pytest.mark.parametrize(
    ("key", "label"),
    [("completeness", "Rücklauf"), ("acceptance", "angenommen"), ("timeliness", "Termintreue")],
)
def test_the_ruecklauf_is_the_same_everywhere(key: str, label: str) -> None:
    figure = document()["figures"]["returns"][key]
    assert overview_sheet()["Rücklauf", label] == (figure["count"], figure["total"])
    assert f"{label} {figure['count']} von {figure['total']}" in pdf_text()


def test_coverage_and_no_report_are_the_same_everywhere() -> None:
    spread = document()["figures"]["distribution"]
    assert overview_sheet()["Meldungen", "gemeldet"] == (spread["reported"], spread["total"])
    assert overview_sheet()["Umsetzungsstand", "keine Meldung"][0] == spread["no_report"]
    sentence = f"Gemeldet und angenommen: {spread['reported']} von {spread['total']} Maßnahmen"
    assert sentence in pdf_text()


def test_the_fields_add_up_to_the_whole_in_the_workbook() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(report(document()))))
    spread = document()["figures"]["distribution"]
    for name in ("Handlungsfelder", "Ziele"):
        rows = list(book[name].iter_rows(min_row=6, values_only=True))
        head, *lines = rows
        for label, total in (
            ("keine Meldung", spread["no_report"]),
            ("gemeldet", spread["reported"]),
            ("gesamt", spread["total"]),
        ):
            column = head.index(label)
            # The last row is the sum of the others.
            assert sum(int(str(line[column])) for line in lines if line[0]) == total


def test_every_measure_has_its_sheet_and_its_row() -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(report(document()))))
    rows = list(book["Maßnahmen"].iter_rows(min_row=7, values_only=True))
    codes = [item["code"] for item in document()["measures"]]
    assert [row[0] for row in rows] == codes
    words_by_code = dict(words("implementation"))
    for row, item in zip(rows, document()["measures"], strict=True):
        if item["value"]:
            assert row[8] == words_by_code[item["value"]["implementation"]]
        elif item["reportable"]:
            assert row[8] == "keine Meldung"


def test_the_json_is_the_document_and_its_hash_is_the_one_on_the_report() -> None:
    text = canonical_json(document())
    exported = to_json(text)
    assert json.loads(exported) == json.loads(text)
    assert sha256_of(exported.decode("utf-8")) == sha256(document())
    assert report(document()).cover.sha256 == sha256(document())
    assert sha256(document())[:12] in pdf_text()


def test_a_demonstration_is_marked_in_every_form() -> None:
    assert "sind erfunden" in pdf_text()
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(report(document()))))
    assert all("sind erfunden" in str(sheet["A4"].value) for sheet in book)
    assert document()["demonstration"] is True


def test_nothing_is_marked_that_is_no_demonstration() -> None:
    real = report(documents(1)[0] | {"demonstration": False})
    assert real.cover.demonstration == ""
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(real)))
    assert all(not sheet["A4"].value for sheet in book)
