"""The workbook: numbers are numbers, days are days, texts never become formulas."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest

from tests.factories_reports import report_content
from tests.factories_snapshot import document, documents
from tracker.exports.content import report
from tracker.exports.to_xlsx import to_xlsx
from tracker.rules.facts import MeasureFact

SHEETS = [
    "Überblick",
    "Handlungsfelder",
    "Ziele",
    "Maßnahmen",
    "Änderungen",
    "Beschlusspunkte",
    "Ziff. 5",
    "Definitionen",
    "Hinweise",
]


def book_of(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_the_sheets_have_heads_that_stay_and_filters() -> None:
    book = book_of(to_xlsx(report(documents(2)[-1])))
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref.startswith("A6:")
        assert all(cell.value for cell in sheet[6])


def test_numbers_and_days_are_typed() -> None:
    sheet = book_of(to_xlsx(report(documents(2)[-1])))["Maßnahmen"]
    head = [cell.value for cell in sheet[6]]
    rows = list(sheet.iter_rows(min_row=7, values_only=True))
    days = [row[head.index("bis")] for row in rows]
    assert {type(value) for value in days} == {datetime, type(None)}
    costs = [row[head.index("Kosten (Ist)")] for row in rows]
    assert 3750.5 in costs
    people = {row[head.index("Teilnehmende (Personen)")] for row in rows}
    assert people <= {None, 12, 48, 120, "weniger als 5 (nicht veröffentlicht)"}


@pytest.mark.parametrize(
    "text",
    ["=1+1", "=cmd|' /C calc'!A0", "+49 521 51-0", "@SUM(A1)", "-2+3", "{=1}", "https://a.example"],
)
def test_a_text_that_looks_like_a_formula_stays_a_text(text: str) -> None:
    def change(measure: MeasureFact) -> MeasureFact:
        return replace(measure, display_text=text, text=text)

    sheet = book_of(to_xlsx(report(document(goals=1, change=change))))["Maßnahmen"]
    for row in sheet.iter_rows(min_row=7):
        assert (row[1].value, row[1].data_type) == (text, "s")
        assert row[1].hyperlink is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x07c\x1bd\uffff", "abcd"),
        ("Danke \N{GRINNING FACE} مرحبا 漢字", "Danke \N{GRINNING FACE} مرحبا 漢字"),
        ("_x0041_", "_x0041_"),
        ("zwei\nZeilen", "zwei\nZeilen"),
    ],
)
def test_every_text_survives(text: str, shown: str) -> None:
    def change(measure: MeasureFact) -> MeasureFact:
        return replace(measure, display_text=text)

    sheet = book_of(to_xlsx(report(document(goals=1, change=change))))["Maßnahmen"]
    assert sheet["B7"].value == shown


def test_a_cell_that_excel_would_refuse_is_cut_and_says_so() -> None:
    content = report_content(achieved="x" * 20_000, obstacles="y" * 20_000)

    def change(measure: MeasureFact) -> MeasureFact:
        if measure.report is None or measure.report.content is None:
            return measure
        return replace(measure, report=replace(measure.report, content=content))

    sheet = book_of(to_xlsx(report(document(goals=1, change=change))))["Maßnahmen"]
    texts = str(sheet.cell(7, sheet.max_column).value)
    assert len(texts) == 32_767
    assert texts.endswith("[gekürzt; vollständig im JSON]")


def test_the_same_report_has_the_same_bytes_and_the_day_of_publication() -> None:
    made = report(documents(1)[0])
    assert to_xlsx(made) == to_xlsx(made)
    assert book_of(to_xlsx(made)).properties.created.isoformat() == "2026-11-02T12:00:00"


def test_the_quantities_stand_in_the_order_of_the_form() -> None:
    sheet = book_of(to_xlsx(report(documents(2)[-1])))["Maßnahmen"]
    head = [str(cell.value) for cell in sheet[6]]
    quantities = head[head.index("Abweichende Stellungnahme") + 1 : head.index("Weitere Angaben")]
    kinds = [
        next((n for n, start in enumerate(ORDER) if name.startswith(start)), -1)
        for name in quantities
    ]
    assert -1 not in kinds, quantities
    assert kinds == sorted(kinds), quantities
    assert {0, 4} <= set(kinds)


ORDER = ("Teilnehmende", "Veranstaltungen", "Personal", "Kosten (Plan)", "Kosten (Ist)")


@pytest.mark.parametrize("name", ["Ziff. 5", "Hinweise"])
def test_every_column_of_a_joined_list_has_its_own_head(name: str) -> None:
    sheet = book_of(to_xlsx(report(documents(2)[-1])))[name]
    head = [str(cell.value) for cell in sheet[6]]
    assert len(head) == len(set(head))
    assert not {"Angabe", "dazu"} & set(head)


def test_the_funding_of_the_city_is_a_column_of_numbers() -> None:
    sheet = book_of(to_xlsx(report(documents(2)[-1])))["Ziff. 5"]
    column = [str(cell.value) for cell in sheet[6]].index("Betrag")
    amounts = [row[column] for row in sheet.iter_rows(min_row=7, values_only=True)]
    assert {type(value) for value in amounts} <= {int, float, type(None)}
    assert any(amounts)
