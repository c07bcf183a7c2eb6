"""The workbook: numbers are numbers, days are days, totals are formulas, texts are texts."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from tests.factories_snapshot import documents
from tests.papers.odd_rounds import ODD_ROUNDS, TEXTS, OddRound, with_text
from tests.papers.office import converted
from tests.papers.round_strategies import rounds
from tracker.papers.tables import tables
from tracker.papers.writers.to_xlsx import to_xlsx
from tracker.publication.reading.content import report
from tracker.publication.reading.model import Money, Report, Value
from tracker.publication.reading.scope import Scope
from tracker.publication.reading.table import Table, value_of
from tracker.publication.rules.snapshot import build

HEAD = 6
SHEETS = [
    "Inhalt",
    "Überblick",
    "Handlungsfelder",
    "Ziele",
    "Maßnahmen",
    "Maßnahmen × Runden",
    "Meldungen",
    "Wirkung und Mittel",
    "Mittel je Handlungsfeld",
    "Mittel je Maßnahme",
    "Plan und Ist",
    "Fördermittel",
    "Förderungen",
    "Kennzahlen",
    "Veränderungen",
    "Beschlusspunkte",
    "Ziffer 5",
    "Rücklauf",
    "Rücklauf je Runde",
    "Begriffe",
    "Hinweise",
    "Korrekturen",
]


@cache
def full(scope: Scope = Scope()) -> Report:  # noqa: B008 - a frozen value
    made = documents(3, goals=6)
    return report(made[-1], history=tuple(made[:-1]), scope=scope)


@cache
def data(scope: Scope = Scope()) -> bytes:  # noqa: B008 - a frozen value
    return to_xlsx(full(scope))


def book_of(content: bytes, *, values: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def column(sheet: Worksheet, name: str) -> list[object]:
    head = [cell.value for cell in sheet[HEAD]]
    found = sheet.iter_rows(min_row=HEAD + 1, min_col=head.index(name) + 1, values_only=True)
    return [row[0] for row in found]


def test_the_sheets_have_heads_that_stay_and_filters() -> None:
    book = book_of(data())
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.freeze_panes.endswith(str(HEAD + 1))
        assert sheet.auto_filter.ref.startswith(f"A{HEAD}:")
        assert all(cell.value for cell in sheet[HEAD])
        assert sheet.print_title_rows == f"${HEAD}:${HEAD}"
        assert sheet.oddFooter.right.text == "Seite &P von &N"


def test_a_filter_leaves_the_totals_alone() -> None:
    sheet = book_of(data())["Handlungsfelder"]
    last = int(sheet.auto_filter.ref.rsplit(":", 1)[1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    assert sheet.cell(last, 2).value != "Summe"
    assert sheet.cell(last + 1, 2).value == "Summe"


def test_numbers_and_days_are_typed_and_shown_in_german() -> None:
    book = book_of(data())
    sheet = book["Meldungen"]
    assert {type(value) for value in column(sheet, "bis")} == {datetime}
    assert 3750.5 in column(sheet, "Kosten (Ist)")
    people = set(column(sheet, "Teilnehmende (Personen)"))
    assert people == {12, 48, 120, "unter 5, nicht veröffentlicht"}
    formats = {cell.number_format for row in sheet.iter_rows(min_row=HEAD + 1) for cell in row}
    assert {"dd.mm.yyyy", "#,##0.00 €", "#,##0", "General"} <= formats
    percent = book["Überblick"]
    assert {cell.number_format for cell in percent["E"] if isinstance(cell.value, float)} == {
        '0.0" %"'
    }


def test_no_number_ends_in_a_comma() -> None:
    book = book_of(data())
    cells = [cell for sheet in book for row in sheet.iter_rows(min_row=HEAD + 1) for cell in row]
    formats = {cell.number_format for cell in cells}
    assert not {shape for shape in formats if shape.endswith("#") and "." in shape}
    decimals = [cell for cell in cells if isinstance(cell.value, float)]
    for cell in decimals:
        if "%" not in cell.number_format and "€" not in cell.number_format:
            places = len(cell.number_format.partition(".")[2])
            assert round(cell.value, places) == cell.value, cell.coordinate


def test_codes_are_texts_and_not_days_of_a_year() -> None:
    codes = column(book_of(data())["Maßnahmen"], "Nr.")
    assert codes[:2] == ["1.1", "1.2"]
    assert {type(code) for code in codes} == {str}


@pytest.mark.parametrize(
    "text",
    [
        "=cmd()",
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+49 521 51-0",
        "@SUM(A1)",
        "-2+3",
        "{=1}",
        "\t=1+1",
        "https://a.example",
        "internal:Inhalt!A1",
        "mailto:a@b.example",
    ],
)
def test_a_text_that_looks_like_a_formula_stays_a_text(text: str) -> None:
    book = book_of(to_xlsx(report(build(with_text(text)))))
    assert formulas_of(book) == expected_formulas(report(build(with_text(text))))
    for sheet in book:
        for row in sheet.iter_rows(min_row=HEAD + 1):
            for cell in row:
                assert cell.hyperlink is None or sheet.title == "Inhalt"
    assert column(book["Maßnahmen"], "Maßnahme")[0] == text
    assert column(book["Meldungen"], "Was wurde erreicht?")[0] == text


def formulas_of(book: openpyxl.Workbook) -> set[tuple[str, str]]:
    """Where a formula stands: sheet and cell."""
    return {
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def expected_formulas(found: Report) -> set[tuple[str, str]]:
    return {place for table in tables(found) for place in totals_of(table)}


def totals_of(table: Table) -> dict[tuple[str, str], Value]:
    """Where totals stand, and what they are."""
    first = HEAD + 1 + len(table.rows)
    return {
        (table.name, f"{openpyxl.utils.get_column_letter(total.column + 1)}{row}"): value_of(
            table, total
        )
        for row, line in enumerate(table.totals if table.rows else (), first)
        for total in line.totals
    }


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_every_text_survives(text: str) -> None:
    book = book_of(to_xlsx(report(build(with_text(text)))))
    assert column(book["Maßnahmen"], "Maßnahme")[0] == text
    assert column(book["Meldungen"], "Hindernisse")[0] == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\x00b\x07c\x1bd\uffff", "abcd"), ("_x0041_", "_x0041_"), ("ä" * 9, "ä" * 9)],
)
def test_what_no_file_can_hold_is_left_out(text: str, shown: str) -> None:
    book = book_of(to_xlsx(report(build(with_text(text)))))
    assert column(book["Maßnahmen"], "Maßnahme")[0] == shown


def test_a_cell_that_excel_would_refuse_is_cut_and_says_so() -> None:
    book = book_of(to_xlsx(report(build(with_text("x" * 40_000)))))
    text = str(column(book["Meldungen"], "Was wurde erreicht?")[0])
    assert len(text) == 32_767
    assert text.endswith("[gekürzt; vollständig im JSON]")


def test_the_same_report_has_the_same_bytes_and_the_day_of_publication() -> None:
    assert to_xlsx(full()) == data()
    properties = book_of(data()).properties
    assert properties.created.isoformat() == "2026-11-02T12:00:00"
    assert properties.title == "Controllingbericht zum Integrationskonzept – 3. Quartal 2026"
    assert full().cover.sha256 in properties.description
    with zipfile.ZipFile(io.BytesIO(data())) as archive:
        assert b"de-DE" in archive.read("docProps/custom.xml")
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("odd", ODD_ROUNDS, ids=lambda odd: odd.name)
def test_odd_rounds_open_with_every_sheet(odd: OddRound) -> None:
    found = report(odd.document())
    book = book_of(to_xlsx(found))
    assert book.sheetnames == SHEETS
    assert formulas_of(book) == expected_formulas(found)
    mark = found.cover.demonstration
    assert {str(sheet["A4"].value or "") for sheet in book} == {mark}


@given(rounds(), st.sampled_from([Scope(), Scope(exceptions_only=True)]))
@settings(max_examples=5, deadline=None)
def test_the_values_beside_the_formulas_are_the_totals(document: dict, scope: Scope) -> None:  # type: ignore[type-arg]
    found = report(document, scope=scope)
    book = book_of(to_xlsx(found), values=True)
    for table in tables(found):
        for (sheet, place), value in totals_of(table).items():
            assert same(book[sheet][place].value, value), (sheet, place)


def same(cell: object, value: Value) -> bool:
    if isinstance(value, Money):
        value = value.amount
    if isinstance(value, str) or value is None:
        return cell == value
    return isinstance(cell, int | float) and abs(cell - float(value)) < 0.001  # type: ignore[arg-type]


def test_the_contents_lead_to_the_sheets() -> None:
    sheet = book_of(data())["Inhalt"]
    links = {cell.value: cell.hyperlink.location for cell in sheet["A"][HEAD:]}
    assert links == {name: f"'{name}'!A1" for name in SHEETS[1:]}


def test_rows_are_high_enough_for_their_longest_text() -> None:
    sheet = book_of(to_xlsx(report(build(with_text("Wort " * 200)))))["Meldungen"]
    assert sheet.row_dimensions[HEAD + 1].height >= 15 * 1000 / 50
    assert sheet.row_dimensions[HEAD + 1].height <= 409


def without_values(content: bytes) -> bytes:
    """The workbook with formulas that say nothing until somebody computes them."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w") as made,
    ):
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/"):
                part = re.sub(rb"</f><v>[^<]*</v>", b"</f>", part)
            made.writestr(name, part)
    return target.getvalue()


@pytest.mark.office
def test_libreoffice_computes_the_same_totals(soffice_path: str, tmp_path: Path) -> None:
    """Also for one measure, and texts that look like formulas; each file costs seconds."""
    odd = {item.name: item for item in ODD_ROUNDS}
    found = {
        "full": full(),
        "one": report(odd["one measure"].document()),
        "formula": report(odd["a formula"].document()),
    }
    files = {f"{name}.xlsx": without_values(to_xlsx(item)) for name, item in found.items()}
    blank = book_of(files["full.xlsx"], values=True)
    assert blank["Handlungsfelder"].cell(HEAD + 1 + len(full().fields), 3).value is None
    computed = converted(soffice_path, files, to="xlsx", folder=tmp_path)
    for name, item in found.items():
        book = book_of(computed[name], values=True)
        assert book.sheetnames == SHEETS
        for table in tables(item):
            for (sheet, place), value in totals_of(table).items():
                assert same(book[sheet][place].value, value), (name, sheet, place)
            _assert_same_cells(book[table.name], table)


def _assert_same_cells(sheet: Worksheet, table: Table) -> None:
    """Nothing was lost on the way through the other program."""
    for number, row in enumerate(table.rows, HEAD + 1):
        for at, value in enumerate(row, 1):
            cell = sheet.cell(number, at).value
            if isinstance(cell, datetime):
                assert cell.date() == value
            elif value in {None, ""}:
                assert cell is None
            else:
                assert same(cell, value), (sheet.title, number, at)
