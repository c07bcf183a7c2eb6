"""The totals that a workbook or its CSV files hold, and what their columns add up to."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import openpyxl

from tests.csv_text import csv_rows
from tests.papers.totals import MUNICIPAL, PROPOSALS, WHOLE, Donor, Key, Share, Sum, Total

Read = Iterator[tuple[Key, Total]]
_COSTS = ("Plan", "Ist")
# So many Umsetzungsstände there are, with "keine Meldung".
_STANDS = 8


@dataclass(frozen=True)
class Sheet:
    """A table of numbers: head, rows, and below them the totals."""

    head: list[str]
    rows: list[list[Any]]
    totals: list[list[Any]]

    def below(self, label: str) -> dict[str, Any]:
        """The total with this label, by the heads of its columns."""
        return next(
            (dict(zip(self.head, row, strict=True)) for row in self.totals if label in row), {}
        )


def xlsx_sheets(data: bytes) -> dict[str, Sheet]:
    """The sheets as a program shows them that computes nothing: totals are below the data."""
    shown = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    found = {}
    for sheet in shown:
        head, *rows = ([*row] for row in sheet.iter_rows(min_row=6, values_only=True))
        below = [
            any(cell.data_type == "f" for cell in row)
            for row in formulas[sheet.title].iter_rows(min_row=7)
        ]
        found[sheet.title] = Sheet(
            [str(name) for name in head],
            [row for row, total in zip(rows, below, strict=True) if not total],
            [row for row, total in zip(rows, below, strict=True) if total],
        )
    return found


_CSV = {
    "ueberblick": "Überblick",
    "handlungsfelder": "Handlungsfelder",
    "ziele": "Ziele",
    "wirkung": "Wirkung und Mittel",
    "mittel-handlungsfelder": "Mittel je Handlungsfeld",
    "mittel-massnahmen": "Mittel je Maßnahme",
    "plan-ist": "Plan und Ist",
    "foerdermittel": "Fördermittel",
    "foerderungen": "Förderungen",
    "beschlusspunkte": "Beschlusspunkte",
    "ruecklauf": "Rücklauf",
    "ziffer-5": "Ziffer 5",
}


def csv_sheets(data: bytes) -> dict[str, Sheet]:
    """The CSV files by the names of the sheets; totals are what a program adds up itself."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for path in archive.namelist():
            key = path.split("-", 1)[1].removesuffix(".csv").removesuffix("-demonstration")
            if key not in _CSV:
                continue
            head, *rows = csv_rows(archive.read(path))
            names = [name.removesuffix(" in Euro") for name in head]
            cells = [[_value(cell) for cell in row] for row in rows]
            added = [_added(name, [row[at] for row in cells]) for at, name in enumerate(names)]
            found[_CSV[key]] = Sheet(names, cells, [["Summe", *added[1:]]])
    return found


def _value(text: str) -> Any:
    if re.fullmatch(r"\d+(,\d+)?", text):
        return Decimal(text.replace(",", "."))
    return text or None


def _added(name: str, column: list[Any]) -> Any:
    if name.endswith("in Prozent"):
        return None
    numbers = [value for value in column if isinstance(value, Decimal)]
    return sum(numbers) if numbers else "–"


def of_lists(sheets: dict[str, Sheet]) -> Read:
    """What is counted below lists of all measures."""
    for row in sheets["Veränderungen"].totals:
        yield ("Veränderung", row[2]), int(row[0])
    for row in sheets["Maßnahmen × Runden"].totals:
        stand, course = row[-3:-1]
        if stand is not None:
            yield ("Umsetzungsstand", row[1]), int(stand)
        if course is not None:
            yield ("Verlauf", WHOLE, row[1]), int(course)


def of_sheets(sheets: dict[str, Sheet]) -> Read:
    """What a workbook or its CSV files hold, and what their columns add up to."""
    yield from _overview(sheets["Überblick"])
    yield from _fields(sheets["Handlungsfelder"], 1)
    yield from _fields(sheets["Ziele"], None)
    for row in sheets["Wirkung und Mittel"].rows:
        label, unit, _before, value, count, total, hidden = row[:7]
        if isinstance(value, str) and value.startswith("mindestens "):
            assert int(hidden)
            value = value.removeprefix("mindestens ").replace(".", "").replace(",", ".")
            value = Decimal(value)
        added = Sum(_number(value), int(count), int(total), int(hidden), unit == "Euro")
        yield ("Wirkung", label), added
    for name in ("Mittel je Handlungsfeld", "Mittel je Maßnahme"):
        yield from _quantities(sheets[name], by_field="Handlungsfeld" in name)
    yield from _costs(sheets["Plan und Ist"])
    for donor, amount, lines, unknown, codes in sheets["Fördermittel"].rows:
        told = Donor(_number(amount), int(lines), int(unknown), tuple(codes.split(", ")))
        yield ("Geber", donor), told
    for name, column, label in (
        ("Fördermittel", "Betrag", "Fördermittel"),
        ("Förderungen", "Betrag", "Fördermittel"),
        ("Ziffer 5", "Betrag", MUNICIPAL),
    ):
        if column in sheets[name].head:
            total = sheets[name].below("Summe").get(column)
            yield ("Wert", WHOLE, label), _number(total)
    yield ("Beschlusspunkte", PROPOSALS), len(sheets["Beschlusspunkte"].rows)
    yield from _returns(sheets["Rücklauf"])


def _number(value: Any) -> Decimal | None:
    """A number of a cell; words say that there is none."""
    if value is None or isinstance(value, str):
        return None
    return Decimal(str(value))


def _overview(sheet: Sheet) -> Read:
    for question, label, count, total, percent in sheet.rows:
        if total is not None and (question in {"Verlauf", "Rücklauf"} or label == "gemeldet"):
            yield (question, label), Share(int(count), int(total))
        else:
            yield (question, label), int(count)
        if question == "Rücklauf" and total is not None:
            yield ("Prozent", WHOLE, label), _number(percent)


def _named(sheet: Sheet, column: int | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows by their name, and what they add up to."""
    if column is not None:
        for row in sheet.rows:
            yield row[column], dict(zip(sheet.head, row, strict=True))
    if whole := sheet.below("Summe"):
        yield WHOLE, whole


def _fields(sheet: Sheet, column: int | None) -> Read:
    first = sheet.head.index("Handlungsfeld") + 1
    for name, cells in _named(sheet, column):
        # The last column names the most serious Verlauf.
        for at, label in enumerate(sheet.head[first:-1]):
            kind = "Handlungsfeld" if at < _STANDS or label == "Maßnahmen" else "Verlauf"
            yield (kind, name, label), int(cells[label])


def _quantities(sheet: Sheet, *, by_field: bool) -> Read:
    labels = sheet.head[2:-1]
    for name, cells in _named(sheet, 1 if by_field else None):
        yield from ((("Wert", name, label), _number(cells[label])) for label in labels)
    if known := sheet.below("Maßnahmen mit Angabe"):
        yield from ((("Angaben", label), int(known[label])) for label in labels)


def _costs(sheet: Sheet) -> Read:
    for name, cells in _named(sheet, 0):
        count, total = (cells[sheet.head[at]] for at in (3, 4))
        for kind in _COSTS:
            value = _number(cells[f"Kosten ({kind})"])
            yield ("Kosten", name, kind), Sum(value, int(count), int(total), euro=True)


def _returns(sheet: Sheet) -> Read:
    expected, *labels = sheet.head[1:-1]
    for name, cells in _named(sheet, 0):
        yield ("Rücklauf", name, "erwartet"), int(cells[expected])
        yield ("Rücklauf", name, "befreit"), int(cells["befreit"])
        for label in labels[::2]:
            yield ("Rücklauf", name, label), Share(int(cells[label]), int(cells[expected]))
            share = cells[f"{label} in Prozent"]
            if name != WHOLE or share is not None:
                yield ("Prozent", name, label), _number(share)
