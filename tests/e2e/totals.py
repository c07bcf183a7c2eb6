"""The headline's totals as five readers find them: page, PDF, workbook, JSON, command line."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import openpyxl
import pypdf

from tests.e2e.person import Person
from tracker.reporting.words import IMPLEMENTATION, NO_REPORT

WORDS = [*(label.text for label in IMPLEMENTATION.values()), NO_REPORT.text]
_MOVED = ("worse", "better", "newly_reported", "no_longer_reported")
_FIRST_ROW = 7
# Reading all pages takes ten times as long, and the summary comes first.
_SUMMARY_WITHIN = 5
_ROWS_OF = """caption => {
    const table = [...document.querySelectorAll('table')]
        .find(table => table.caption && table.caption.textContent === caption);
    return [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.textContent));
}"""
_COUNTS_OF_CHANGES = """() => [
    ...document.querySelectorAll('#veraenderungen details:not(.explain) > summary')
].map(summary => Number(summary.textContent.match(/\\((\\d+)\\)/)[1]))"""


@dataclass(frozen=True)
class Totals:
    """How many measures stand where, how many reports came in, changes and decisions."""

    standing: Mapping[str, int]
    returned: int
    expected: int
    changes: int
    decisions: int


def of_document(document: dict[str, Any]) -> Totals:
    """Read the published document (the JSON export, `tracker snapshot show`)."""
    figures = document["figures"]
    spread, returns = figures["distribution"], figures["returns"]["completeness"]
    changes = sum(figures["changes"][kind] for kind in _MOVED)
    assert len(document["changes"]) == changes
    assert len(document["decisions"]) == figures["decisions"]
    counts = [*(spread["counts"][code.value] for code in IMPLEMENTATION), spread["no_report"]]
    return Totals(
        dict(zip(WORDS, counts, strict=True)),
        returns["count"],
        returns["total"],
        changes,
        figures["decisions"],
    )


def of_page(person: Person) -> Totals:
    """Read the tables and lists of the Überblick."""
    page = person.page
    standing = {word: int(count) for word, count, _ in page.evaluate(_ROWS_OF, "Umsetzungsstand")}
    returned = {name: count for name, count, *_ in page.evaluate(_ROWS_OF, "Rücklauf")}
    count, total = map(int, returned["eingegangen"].split(" von "))
    changes = sum(page.evaluate(_COUNTS_OF_CHANGES))
    assert page.locator("#veraenderungen .rows > li").count() == changes
    decisions = page.locator("#entscheidungen .decisions > li").count()
    return Totals(standing, count, total, changes, decisions)


def of_pdf(content: bytes) -> Totals:
    """Read the summary of the Controllingbericht."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages[:_SUMMARY_WITHIN]
    text = " ".join(" ".join(page.extract_text() for page in pages).replace("\u00ad", "").split())
    standing = {word: _number(rf"{word} (\d+)\b", text) for word in WORDS}
    returns = re.search(r"Rücklauf (\d+) von (\d+)", text)
    assert returns is not None, text
    counted = re.search(r"Gegenüber \S+: ([^.]*)\.", text)
    changes = 0 if counted is None else sum(map(int, re.findall(r"\d+", counted[1])))
    told_of_none = (
        "zum Vergleichen gab es nicht",
        "bei keiner Maßnahme Stand oder Verlauf geändert",
    )
    assert (counted is None) == any(told in text for told in told_of_none)
    decisions = 0 if "kein Steuerungsvorschlag" in text else _number(r"(\d+) Steuerungsvors", text)
    return Totals(standing, int(returns[1]), int(returns[2]), changes, decisions)


def of_workbook(content: bytes) -> Totals:
    """Read the sheets of the workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    overview = {
        (row[0], row[1]): row[2:4]
        for row in book["Überblick"].iter_rows(min_row=_FIRST_ROW, values_only=True)
    }
    count, total = overview["Rücklauf", "Rücklauf"]
    decisions = overview["Beschlusspunkte", "Steuerungsvorschläge"][0]
    assert _rows(book["Beschlusspunkte"]) == decisions
    return Totals(
        {word: int(str(overview["Umsetzungsstand", word][0])) for word in WORDS},
        int(str(count)),
        int(str(total)),
        _rows(book["Veränderungen"], named=1),
        int(str(decisions)),
    )


def _rows(sheet: Any, *, named: int = 0) -> int:
    """Count the rows whose cell in the column `named` says something: totals name no measure."""
    rows = sheet.iter_rows(min_row=_FIRST_ROW, values_only=True)
    return sum(row[named] is not None for row in rows)


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    assert found is not None, f"{pattern} is not in {text[:2000]}"
    return int(found[1])
