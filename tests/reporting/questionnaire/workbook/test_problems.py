"""What is said about a file that does not fit: sheet, row, column, what is wrong, the remedy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.factories_reports import report_content
from tests.reporting.questionnaire.workbook.forms import FULL, Typed, form, problems_of, row
from tracker.core.periods import Period
from tracker.reporting.questionnaire.workbook import layout
from tracker.reporting.questionnaire.workbook.model import Questionnaire, SheetProblem
from tracker.reporting.questionnaire.workbook.reader import read
from tracker.reporting.questionnaire.workbook.writer import write
from tracker.reporting.rules.content import Funding
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.words import IMPLEMENTATION

Change = Callable[[Typed], object]


def typed_into(head: str, value: Any, sheet: str = "Meldungen", unit: str = "") -> Change:
    return lambda typed: typed.set(sheet, "1.1", head, value, unit)


CELLS: list[tuple[str, Any, str, str]] = [
    ("Umsetzungsstand", "läuft", "„läuft“ gibt es hier nicht.", "Möglich: nicht begonnen, in Pl"),
    ("Verlauf", 1, "„1“ gibt es hier nicht.", "Möglich: planmäßig, gefährdet, kritisch."),
    ("Stadtbezirk", "Mitte, Gütersloh", "„Gütersloh“ gibt es hier nicht.", "Möglich: gesamtes"),
    ("Was wurde erreicht?", "=A1", "Hier steht eine Formel.", "Bitte den Wert eintragen."),
    ("Veranstaltungen", "=1+1", "Hier steht eine Formel.", "Bitte den Wert eintragen."),
    ("Veranstaltungen", "#REF!", "Hier steht ein Fehlerwert (#REF!).", "Bitte den Wert"),
    ("Veranstaltungen", "viele", "„viele“ ist keine ganze Zahl.", "Bitte eine ganze Zahl"),
    ("Veranstaltungen", 1.5, "„1,5“ ist keine ganze Zahl.", "Bitte eine ganze Zahl"),
    ("Veranstaltungen", True, "„WAHR“ ist keine ganze Zahl.", "ganze Zahl"),
    ("Veranstaltungen", -1, "Die Zahl ist kleiner als 0", "Bitte prüfen Sie die Zahl"),
    ("Veranstaltungen", 10_000_001, "größer als 10.000.000", "Bitte prüfen Sie die Zahl"),
    ("Kosten (Plan)", "12.5", "„12.5“ ist keine Zahl.", "1.250,50"),
    ("Kosten (Plan)", "0.500", "„0.500“ ist keine Zahl.", "1.250,50"),
    ("Personal", "12 Stunden", "„12 Stunden“: Was bei der Zahl steht, ist nicht", "nur die Zahl"),
    ("Veranstaltungen", "3 €", "„3 €“: Was bei der Zahl steht, ist nicht die", "nur die Zahl"),
    ("Kosten (Plan)", date(2027, 3, 15), "„15.03.2027“ ist keine Zahl.", "1.250,50"),
    ("Nächster Schritt bis", "31.2.2027", "„31.2.2027“ ist kein Tag.", "15.3.2027"),
    ("Nächster Schritt bis", "bald", "„bald“ ist kein Tag.", "15.3.2027"),
    ("Nächster Schritt bis", "1.1.1899", "kann nicht gemeint sein", "zwischen 1.1.2000"),
    ("Was wurde erreicht?", "ä" * 20_001, "20.001 Zeichen, möglich sind 20.000", "kürzen"),
    ("Was wurde erreicht?", "a\x86b", "1 unsichtbare Steuerzeichen", "tippen Sie die Stelle neu"),
    ("Beleg (Link)", "beispiel", "Das ist keine Internetadresse.", "https://www.beispiel.de"),
    ("Personal: Einheit", None, "Zum Personal fehlt die Einheit.", "Vollzeitstellen oder Stunden"),
]


@pytest.mark.parametrize(("head", "value", "wrong", "remedy"), CELLS)
def test_a_cell_that_cannot_be_taken_is_named(
    head: str, value: Any, wrong: str, remedy: str
) -> None:
    (problem,) = problems_of(typed_into(head, value))
    expected = "Personal" if head == "Personal: Einheit" else head
    assert (problem.sheet, problem.row, problem.column) == ("Meldungen", 5, expected)
    assert wrong in problem.wrong
    assert remedy in problem.remedy


LINES: list[tuple[str, str, Change, str]] = [
    ("Teilnehmende", "Anzahl", typed_into("Anzahl", "12,5", "Teilnehmende"), "keine ganze Zahl"),
    ("Teilnehmende", "Anzahl", typed_into("Anzahl", -2, "Teilnehmende"), "kleiner als 0"),
    ("Teilnehmende", "Einheit", typed_into("Einheit", "Leute", "Teilnehmende"), "gehört nicht"),
    ("Kennzahlen", "Wert", typed_into("Wert", "x", "Kennzahlen"), "„x“ ist keine Zahl"),
    ("Fördermittel", "Geber", typed_into("Geber", None, "Fördermittel"), "fehlt, wer fördert"),
    ("Fördermittel", "bis", typed_into("bis", "1.1.2025", "Fördermittel"), "vor dem Anfang"),
    *(
        (
            "Fördermittel",
            "Betrag in Euro",
            typed_into("Betrag in Euro", value, "Fördermittel"),
            "höchstens zwei Stellen",
        )
        for value in ("12,345", "12,500", 12.345)
    ),
    ("Fördermittel", "Nr.", lambda t: t.add("Fördermittel", None, "Land"), "fehlt die Nr."),
    ("Fördermittel", "Nr.", lambda t: t.add("Fördermittel", "9.9", "Land"), "„9.9“ gibt es"),
    ("Meilensteine", "Meilenstein", typed_into("Meilenstein", " ", "Meilensteine"), "Es fehlt"),
    (
        "Meilensteine",
        "Nr.",
        lambda t: t.add("Meilensteine", 1.1, "Zahl statt Nr."),
        "Zur Zahl 1,1 gibt es in diesem Bogen 1.1 und 1.10.",
    ),
    ("Meilensteine", "Nr.", lambda t: t.add("Meilensteine", 1.3, "Zahl"), "„1,3“ gibt es in"),
    ("Meilensteine", "Nr.", lambda t: t.add("Meilensteine", "Ein Hinweis"), "„Ein Hinweis“ gibt"),
    ("Teilnehmende", "Anzahl", typed_into("Anzahl", "3 Fälle", "Teilnehmende"), "„3 Fälle“: Was"),
    (
        "Fördermittel",
        "Nr.",
        lambda t: [t.add("Fördermittel", "1.1", f"Land {n}") for n in range(50)],
        "mehr als 50 Zeilen",
    ),
]


@pytest.mark.parametrize(("sheet", "column", "change", "wrong"), LINES)
def test_a_line_that_cannot_be_taken_is_named(
    sheet: str, column: str, change: Change, wrong: str
) -> None:
    found = problems_of(change)
    assert (sheet, column) in {(item.sheet, item.column) for item in found}
    assert any(wrong in item.wrong for item in found)
    assert all(item.remedy for item in found)


def test_all_problems_are_named_at_once_in_the_order_of_the_file() -> None:
    def change(typed: Typed) -> None:
        typed.set("Meilensteine", "1.1", "geplant bis", "bald")
        typed.set("Meldungen", "1.10", "Verlauf", "gut")
        typed.set("Meldungen", "1.1", "Verlauf", "gut")
        typed.set("Meldungen", "1.1", "Kosten (Plan)", "=1")

    places = [(item.sheet, item.row, item.column) for item in problems_of(change)]
    assert places == [
        ("Meldungen", 5, "Verlauf"),
        ("Meldungen", 5, "Kosten (Plan)"),
        ("Meldungen", 7, "Verlauf"),
        ("Meilensteine", 5, "geplant bis"),
    ]


def test_an_unreadable_cell_hides_no_other_problem_of_its_measure() -> None:
    def change(typed: Typed) -> None:
        typed.set("Meldungen", "1.1", "Verlauf", "gut")
        typed.set("Meldungen", "1.1", "Beleg (Link)", "kein Link")
        typed.set("Meldungen", "1.1", "Personal", "2").set(
            "Meldungen", "1.1", "Personal: Einheit", "Köpfe"
        )
        typed.set("Fördermittel", "1.1", "Geber", "=1")

    places = [(item.sheet, item.row, item.column) for item in problems_of(change)]
    assert places == [
        ("Meldungen", 5, "Verlauf"),
        ("Meldungen", 5, "Personal: Einheit"),
        ("Meldungen", 5, "Beleg (Link)"),
        ("Fördermittel", 5, "Geber"),
    ]


def test_an_unreadable_cell_of_a_report_that_moved_on_says_both() -> None:
    typed = Typed(write(form()))
    typed.set("Meldungen", "1.1", "Verlauf", "gut")
    for changes, reason in (({"version": 4}, "gespeichert"), ({"may_write": False}, "Die Runde")):
        found = read(typed.saved(), form(row("1.1", **changes), row("1.2"), row("1.10"))).problems
        assert {item.column for item in found} == {"Verlauf", "Nr."}
        assert any(reason in item.wrong for item in found)


def test_a_problem_names_the_letter_of_its_column_as_this_file_has_it() -> None:
    (problem,) = problems_of(lambda typed: typed.set("Meilensteine", "1.1", "geplant bis", "bald"))
    assert problem.letter == "E"


def delete_column(typed: Typed) -> None:
    number = typed.place("Meldungen", "1.1", "Verlauf")[1]
    typed.book["Meldungen"].delete_cols(number)


def double_row(typed: Typed) -> None:
    sheet = typed.book["Meldungen"]
    for cell in list(sheet[5]):
        sheet.cell(9, cell.column).value = cell.value


SHAPES: list[tuple[Change, SheetProblem]] = [
    (
        lambda t: t.book.remove(t.book["Teilnehmende"]),
        SheetProblem("Das Blatt fehlt.", "neu herunter", "Teilnehmende"),
    ),
    (
        lambda t: t.book.create_sheet("Notizen"),
        SheetProblem("Dieses Blatt gehört nicht", "löschen Sie es", "Notizen"),
    ),
    (delete_column, SheetProblem("Die Spalte fehlt.", "neu herunter", "Meldungen", 4, "Verlauf")),
    (
        lambda t: t.book["Fördermittel"].cell(4, 9, "Geber"),
        SheetProblem("Die Spalte steht zweimal da.", "neu", "Fördermittel", 4, "Geber"),
    ),
    (
        lambda t: t.book["Fördermittel"].cell(5, 12, "Notiz"),
        SheetProblem("Diese Spalte gehört nicht", "leeren Sie", "Fördermittel", 5, "L"),
    ),
    (
        lambda t: t.book["Meldungen"].delete_rows(5),
        SheetProblem("Die Zeile zur Maßnahme 1.1 fehlt.", "neu", "Meldungen", None, "Nr."),
    ),
    (
        lambda t: t.book["Teilnehmende"].delete_rows(5),
        SheetProblem("Die Zeile zur Maßnahme 1.1 fehlt.", "neu", "Teilnehmende", None, "Einheit"),
    ),
    (
        double_row,
        SheetProblem("Diese Zeile steht zweimal da.", "Bitte löschen", "Meldungen", 9, "Nr."),
    ),
    (
        lambda t: t.book["Meldungen"].cell(6_000, 1, "x"),
        SheetProblem("Dieses Blatt hat mehr als 5.000 Zeilen.", "löschen", "Meldungen"),
    ),
]


@pytest.mark.parametrize(("change", "expected"), SHAPES)
def test_sheets_columns_and_rows_that_do_not_fit_are_named(
    change: Change, expected: SheetProblem
) -> None:
    (problem,) = problems_of(change)
    assert problem.wrong.startswith(expected.wrong)
    assert expected.remedy in problem.remedy
    place = (expected.sheet, expected.row, expected.column)
    assert (problem.sheet, problem.row, problem.column) == place


def test_a_renamed_sheet_is_missing_and_unknown() -> None:
    def rename(typed: Typed) -> None:
        typed.book["Kennzahlen"].title = "Zahlen"

    found = {(item.sheet, item.wrong) for item in problems_of(rename)}
    assert found == {
        ("Kennzahlen", "Das Blatt fehlt."),
        ("Zahlen", "Dieses Blatt gehört nicht zum Erhebungsbogen."),
    }


OTHERS: list[tuple[Questionnaire, str]] = [
    (
        form(period=Period.parse("2026-Q2")),
        "gehört zum 2. Quartal 2026, erwartet wird einer",
    ),
    (
        form(institution_key="ibz", institution="Beratungszentrum"),
        "einer anderen Institution (Beratungszentrum), nicht zu Volkshochschule",
    ),
    (form(edition=2), "gehört zur Fassung 2 des Konzepts, die Runde zur Fassung 1"),
    (form(row("1.1", report_id=4711)), "Die Maßnahme 1.1 des Bogens gehört nicht zu dieser Runde"),
    (form(row("7.7")), "Die Maßnahme 7.7 des Bogens gehört nicht zu dieser Runde"),
]


@pytest.mark.parametrize(("other", "reason"), OTHERS)
def test_a_file_of_another_round_institution_or_edition_is_refused_with_the_reason(
    other: Questionnaire, reason: str
) -> None:
    reading = read(write(other), form())
    assert reading.answers == ()
    assert reason in reading.problems[0].wrong
    assert reading.problems[0].remedy


def identity(row_: int, column: int, value: str) -> Change:
    return lambda typed: typed.book["Kennung"].cell(row_, column, value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (identity(3, 1, "2"), "hat das Format 2"),
        (identity(3, 1, "eins"), "kein Erhebungsbogen dieser Anwendung"),
        (identity(4, 1, "x"), "kein Erhebungsbogen dieser Anwendung"),
        (identity(4, 3, "-1"), "kein Erhebungsbogen dieser Anwendung"),
        (identity(4, 3, "9" * 5_000), "kein Erhebungsbogen dieser Anwendung"),
        (identity(3, 2, "2026"), "gehört zum Zeitraum „2026“"),
        (lambda t: t.book["Kennung"].delete_rows(1, 20), "kein Erhebungsbogen dieser Anwendung"),
        (lambda t: t.book.remove(t.book["Kennung"]), "kein Erhebungsbogen dieser Anwendung"),
    ],
)
def test_a_file_without_its_identification_is_refused(change: Change, reason: str) -> None:
    (problem,) = problems_of(change)
    assert reason in problem.wrong
    assert "neu herunter" in problem.remedy or "3. Quartal" in problem.remedy


@pytest.mark.parametrize(
    ("changes", "reason", "remedy"),
    [
        ({"version": 4}, "wurde im Formular gespeichert, nachdem", "neu herunter"),
        (
            {"state": ReportState.SUBMITTED, "may_write": False},
            "Diese Meldung ist abgegeben und lässt sich jetzt nicht ändern",
            "wieder her",
        ),
        (
            {"state": ReportState.WAIVED, "may_write": False},
            "Diese Meldung ist befreit und lässt sich jetzt nicht ändern",
            "wieder her",
        ),
        (
            {"may_write": False},
            "Die Runde nimmt zu dieser Maßnahme keine Meldung mehr",
            "Nachfrist",
        ),
    ],
)
def test_an_edited_row_whose_report_moved_on_is_refused(
    changes: dict[str, Any], reason: str, remedy: str
) -> None:
    typed = Typed(write(form()))
    typed.set("Meldungen", "1.1", "Was wurde erreicht?", "Neu")
    typed.set("Meldungen", "1.2", "Was wurde erreicht?", "Auch neu")
    current = form(row("1.1", **changes), row("1.2", report_content()), row("1.10"))
    reading = read(typed.saved(), current)
    assert reading.answers == (), "taken over by half"
    (problem,) = reading.problems
    assert (problem.sheet, problem.row, problem.column) == ("Meldungen", 5, "Nr.")
    assert reason in problem.wrong
    assert remedy in problem.remedy


def test_lines_with_a_text_too_long_for_a_cell_are_left_to_the_form() -> None:
    content = replace(FULL, funding=(Funding("👩" * 20_000), Funding("Land")))
    questionnaire = form(row("1.1", content))
    typed = Typed(write(questionnaire))
    typed.add("Fördermittel", "1.1", "Bund")
    (problem,) = read(typed.saved(), questionnaire).problems
    assert "zu lang für eine Zelle" in problem.wrong
    assert "im Formular" in problem.remedy


def test_locked_rows_look_locked_and_inputs_do_not() -> None:
    locked = row("1.2", state=ReportState.ACCEPTED, may_write=False)
    typed = Typed(write(form(row("1.1"), locked)))
    sheet = typed.book["Meldungen"]
    assert sheet.protection.sheet
    assert not sheet.cell(*typed.place("Meldungen", "1.1", "Verlauf")).protection.locked
    assert sheet.cell(*typed.place("Meldungen", "1.2", "Verlauf")).protection.locked
    assert sheet.cell(*typed.place("Meldungen", "1.1", "Verlauf – zuletzt")).protection.locked
    assert "angenommen (gesperrt)" in [cell.value for cell in sheet[6]]
    assert typed.book["Kennung"].sheet_state == "veryHidden"


def test_what_can_be_chosen_is_offered_and_explained_in_the_sheet() -> None:
    typed = Typed(write(form()))
    sheet = typed.book["Meldungen"]
    number, column = typed.place("Meldungen", "1.1", "Umsetzungsstand")
    offered = [
        rule.formula1
        for rule in sheet.data_validations.dataValidation
        if sheet.cell(number, column).coordinate in rule.sqref
    ]
    assert offered == [f'"{",".join(item.text for item in IMPLEMENTATION.values())}"']
    assert "bewusst verschoben" in sheet.cell(layout.HEAD + 1, column).comment.text
    assert sheet.freeze_panes == "C5"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    guide = " ".join(str(cell.value) for line in typed.book["Anleitung"] for cell in line)
    assert "bewusst beendet, mit Begründung" in guide


def test_a_form_without_any_indicator_says_so_and_is_read() -> None:
    questionnaire = form(row("1.2"))
    typed = Typed(write(questionnaire))
    assert "nichts einzutragen" in typed.book["Kennzahlen"]["A2"].value
    typed.set("Meldungen", "1.2", "Veranstaltungen", 9)
    assert [answer.content.events for answer in read(typed.saved(), questionnaire).answers] == [9]


def test_nothing_in_the_file_is_a_formula() -> None:
    content = replace(FULL, achieved="=HYPERLINK()", funding=(Funding("+cmd|'/c calc'!A1"),))
    typed = Typed(write(form(row("1.1", content, text="@SUMME(A1)", question="-1"))))
    kinds = {cell.data_type for sheet in typed.book for line in sheet.iter_rows() for cell in line}
    assert "f" not in kinds
