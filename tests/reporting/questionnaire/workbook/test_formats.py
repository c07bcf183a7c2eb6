"""The same Erhebungsbogen as .xlsx and as .ods: a cell means what it shows in either."""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from tests.papers.office import converted
from tests.reporting.questionnaire.workbook.forms import FULL, INDICATOR, Typed, form, row
from tests.reporting.questionnaire.workbook.open_document import as_ods
from tracker.reporting.questionnaire.workbook.model import Reading
from tracker.reporting.questionnaire.workbook.reader import MAX_NOTES, read
from tracker.reporting.questionnaire.workbook.writer import write
from tracker.reporting.rules.content import (
    Funding,
    IndicatorValue,
    ReportContent,
    StaffUnit,
)

Save = Callable[[Typed], bytes]
STRUCK = InlineFont(strike=True)


@pytest.fixture(params=["xlsx", "ods"])
def save(request: pytest.FixtureRequest) -> Save:
    """The program's own way to save a file."""
    return Typed.saved if request.param == "xlsx" else lambda typed: as_ods(typed.book)


def only(reading: Reading) -> ReportContent:
    assert reading.problems == ()
    (answer,) = reading.answers
    return answer.content


def test_a_file_without_edits_changes_nothing(save: Save) -> None:
    reading = read(save(Typed(write(form()))), form())
    assert reading == Reading()


def test_every_kind_of_cell_is_read(save: Save) -> None:
    questionnaire = form(row("1.1", ReportContent(), previous=None), row("1.2"))
    typed = Typed(write(questionnaire))
    for head, value in {
        "Was wurde erreicht?": "Eins  und\tzwei\nZeile <2> & „3“",
        "Nächster Schritt": 2027,
        "Nächster Schritt bis": date(2027, 3, 15),
        "Veranstaltungen": 1250,
        "Personal": 0.5,
        "Personal: Einheit": "Vollzeitstellen (VZÄ)",
        "Kosten (Plan)": 1250.5,
        "Hindernisse": date(2027, 3, 1),
        "Begründung": datetime(2027, 3, 1, 12, 30),  # noqa: DTZ001 - a cell knows no zone
    }.items():
        typed.set("Meldungen", "1.1", head, value)
    typed.add("Fördermittel", 1.2, "Land", None, "9.000,-", "1.1.26")
    first, second = read(save(typed), questionnaire).answers
    assert first.content == ReportContent(
        achieved="Eins  und\tzwei\nZeile <2> & „3“",
        next_step="2027",
        next_step_on=date(2027, 3, 15),
        events=1250,
        staff=Decimal("0.5"),
        staff_unit=StaffUnit.FTE,
        cost_planned=Decimal("1250.5"),
        obstacles="01.03.2027",
        reason="01.03.2027 12:30",
    )
    added = Funding("Land", "", Decimal(9000), date(2026, 1, 1))
    assert second.content == replace(FULL, funding=(*FULL.funding, added))


def put(typed: Typed, sheet: str, head: str, value: Any, shown_as: str = "") -> Any:
    """Type into the first measure's cell and return it."""
    cell = typed.book[sheet].cell(*typed.place(sheet, "1.1", head))
    cell.value = value
    cell.number_format = shown_as or cell.number_format
    return cell


@pytest.mark.parametrize(
    ("value", "shown_as", "unit", "meant"),
    [
        (0.3, "0%", "%", "30"),
        (0.07, "0.0 %", "", "7"),
        (30, '0" %"', "%", "30"),
        (0.3, "0.0", "%", "0.3"),
        ("30 %", "@", "", "30"),
    ],
)
def test_a_share_is_what_the_cell_shows(
    save: Save, value: Any, shown_as: str, unit: str, meant: str
) -> None:
    questionnaire = form(row("1.1", indicators=(replace(INDICATOR, unit=unit),)))
    typed = Typed(write(questionnaire))
    put(typed, "Kennzahlen", "Wert", value, shown_as)
    content = only(read(save(typed), questionnaire))
    assert content.indicators == (IndicatorValue(INDICATOR.key, Decimal(meant)),)


def test_a_share_where_another_unit_is_asked_is_asked_about(save: Save) -> None:
    typed = Typed(write(form()))
    for head in ("Veranstaltungen", "Personal", "Kosten (Ist)"):
        put(typed, "Meldungen", head, 0.5, "0%")
    put(typed, "Kennzahlen", "Wert", 0.5, "0%")  # its unit is days
    problems = read(save(typed), form()).problems
    heads = ["Veranstaltungen", "Personal", "Kosten (Ist)", "Wert"]
    assert [problem.column for problem in problems] == heads
    assert {problem.wrong for problem in problems} == {
        "„50 %“: Was bei der Zahl steht, ist nicht die Einheit dieses Feldes."
    }


def test_what_is_crossed_out_is_left_out_and_named(save: Save) -> None:
    typed = Typed(write(form()))
    half = CellRichText("Drei Kurse", TextBlock(STRUCK, ", zwei Ausflüge"), " laufen.")
    put(typed, "Meldungen", "Was wurde erreicht?", half)
    put(typed, "Meldungen", "Veranstaltungen", 12).font = Font(strike=True)
    put(typed, "Meldungen", "Hindernisse", "Keine Räume").font = Font(strike=True)
    reading = read(save(typed), form())
    assert only(reading) == replace(FULL, achieved="Drei Kurse laufen.", events=None, obstacles="")
    told = "Durchgestrichener Text in Zelle {} (Blatt Meldungen) wird nicht übernommen: „{}“"
    assert reading.notes == (
        told.format("K5", ", zwei Ausflüge"),
        told.format("W5", "Keine Räume"),
        told.format("Y5", "12"),
    )


def test_a_row_that_is_crossed_out_is_an_emptied_one(save: Save) -> None:
    typed = Typed(write(form()))
    for sheet in ("Fördermittel", "Teilnehmende"):
        for cell in typed.book[sheet][5]:
            cell.font = Font(strike=True)
    reading = read(save(typed), form())
    assert only(reading) == replace(FULL, funding=(), participants=())
    assert [note.split(" (")[0] for note in reading.notes] == [
        f"Durchgestrichener Text in Zelle {place}" for place in ("E5", "D5", "E5", "F5", "G5", "H5")
    ]


def test_merged_cells_are_named(save: Save) -> None:
    typed = Typed(write(form()))
    for sheet, cells in (
        ("Meldungen", "K5:K6"),
        ("Meldungen", "M5:O5"),
        ("Teilnehmende", "E5:E7"),
        ("Fördermittel", "A5:A6"),
    ):
        typed.book[sheet].merge_cells(cells)
    problems = read(save(typed), form()).problems
    assert [
        (problem.sheet, problem.row, problem.column, problem.wrong) for problem in problems
    ] == [
        ("Meldungen", 5, "Was wurde erreicht?", "Die Zellen K5 bis K6 sind verbunden."),
        ("Meldungen", 5, "Nächster Schritt", "Die Zellen M5 bis O5 sind verbunden."),
        ("Teilnehmende", 5, "Anzahl", "Die Zellen E5 bis E7 sind verbunden."),
        ("Fördermittel", 5, "Nr.", "Die Zellen A5 bis A6 sind verbunden."),
    ]
    assert all("heben Sie die Verbindung auf" in problem.remedy for problem in problems)


def test_merged_cells_of_what_is_not_read_do_no_harm(save: Save) -> None:
    typed = Typed(write(form()))
    typed.book["Meldungen"].merge_cells("B5:B6")
    typed.book["Meldungen"].merge_cells("A1:H1")
    typed.book["Meldungen"].merge_cells("A60:H61")
    assert read(save(typed), form()) == Reading()


def test_comments_and_text_outside_the_table_are_named(save: Save) -> None:
    typed = Typed(write(form()))
    sheet = typed.book["Meldungen"]
    sheet["K5"].comment = Comment("Bitte prüfen!\nZwei Zeilen", "Kollegin")
    sheet["B3"].value = "Stand: 1.10."
    typed.book["Fördermittel"]["B20"].value = "Weitere Mittel beantragt"
    typed.book["Teilnehmende"]["B5"].comment = Comment(
        "[Kommentarthread]\n\nIhre Version von Excel …\n\nKommentar:\n    " + "Wort " * 100, "x"
    )
    reading = read(save(typed), form())
    assert (reading.problems, reading.answers) == ((), ())
    above, comment, conversation, below = reading.notes
    told = " wird nicht übernommen: "
    assert above == f"Text außerhalb der Tabelle in Zelle B3 (Blatt Meldungen){told}„Stand: 1.10.“"
    assert comment == (f"Kommentar in Zelle K5 (Blatt Meldungen){told}„Bitte prüfen! Zwei Zeilen“")
    assert conversation.startswith(f"Kommentar in Zelle B5 (Blatt Teilnehmende){told}„Wort Wort")
    assert len(conversation) < 300
    assert below == (
        "Text außerhalb der Tabelle in Zelle B20 (Blatt Fördermittel)"
        f"{told}„Weitere Mittel beantragt“"
    )


def test_no_more_notes_are_kept_than_somebody_reads(save: Save) -> None:
    typed = Typed(write(form()))
    for number in range(20, 20 + 2 * MAX_NOTES):
        typed.book["Fördermittel"].cell(number, 2).value = "Notiz"
    assert len(read(save(typed), form()).notes) == MAX_NOTES


def test_thousands_of_rows_that_are_only_formatted_are_no_rows(save: Save) -> None:
    typed = Typed(write(form()))
    sheet = typed.book["Teilnehmende"]
    for number in range(14, 6_014):
        sheet.cell(number, 1)._style = copy(sheet["A5"]._style)
    data = save(typed)
    begun = time.process_time()
    assert read(data, form()) == Reading()
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("rows", [5_000, 1_048_000])
def test_a_sheet_of_many_rows_is_named_and_not_unfolded(rows: int) -> None:
    typed = Typed(write(form()))
    data = as_ods(typed.book, {"Meldungen": rows})
    begun = time.process_time()
    (problem,) = read(data, form()).problems
    assert problem.wrong == "Dieses Blatt hat mehr als 5.000 Zeilen."
    assert time.process_time() - begun < 2


@pytest.mark.office
@pytest.mark.parametrize("kind", ["ods", "xlsx"])
def test_what_libreoffice_saves_says_the_same(soffice_path: str, tmp_path: Path, kind: str) -> None:
    questionnaire = form(
        row("1.1", indicators=(replace(INDICATOR, unit="%"),)),
        row("1.2"),
        row("1.10", ReportContent()),
    )
    edited = Typed(write(questionnaire))
    put(edited, "Kennzahlen", "Wert", 0.3, "0%")
    half = CellRichText("Drei  Kurse\n", TextBlock(STRUCK, "zwei"), "laufen.")
    put(edited, "Meldungen", "Was wurde erreicht?", half)
    put(edited, "Meldungen", "Personal", 0.1)
    edited.book["Meldungen"]["K6"].comment = Comment("Bitte prüfen!\nZwei Zeilen", "Kollegin")
    merged = Typed(write(questionnaire))
    merged.book["Meldungen"].merge_cells("K5:K6")
    files = {
        "same.xlsx": write(questionnaire),
        "edited.xlsx": edited.saved(),
        "merged.xlsx": merged.saved(),
    }
    saved = converted(soffice_path, files, to=kind, folder=tmp_path)
    assert read(saved["same"], questionnaire) == Reading()
    assert read(saved["edited"], questionnaire) == read(files["edited.xlsx"], questionnaire)
    assert [note.split(":")[0] for note in read(saved["edited"], questionnaire).notes] == [
        "Durchgestrichener Text in Zelle K5 (Blatt Meldungen) wird nicht übernommen",
        "Kommentar in Zelle K6 (Blatt Meldungen) wird nicht übernommen",
    ]
    assert read(saved["merged"], questionnaire) == read(files["merged.xlsx"], questionnaire)
