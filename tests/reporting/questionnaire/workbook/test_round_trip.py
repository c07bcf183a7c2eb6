"""Export, then import: without edits nothing changes, and an edit changes what was edited."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bielefeld import DISTRICTS
from tests.reporting.questionnaire.workbook.forms import FULL, INDICATOR, Typed, form, row
from tracker.core.signs import as_meant
from tracker.reporting.questionnaire.workbook import layout
from tracker.reporting.questionnaire.workbook.model import Answer
from tracker.reporting.questionnaire.workbook.reader import read
from tracker.reporting.questionnaire.workbook.writer import write
from tracker.reporting.rules.content import (
    TEXT_FIELDS,
    Funding,
    IndicatorValue,
    MilestoneLine,
    Participants,
    ParticipantUnit,
    ReportContent,
    StaffUnit,
    from_dict,
    to_dict,
)
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import Course, Implementation
from tracker.reporting.rules.submission import check_storable

# Whatever a draft may hold: no control characters, line ends of every kind, emoji, "=1+1".
TEXT = st.one_of(
    st.sampled_from(
        [
            "=1+1",
            "+49 521",
            "-",
            "@SUMME(A1)",
            " Zeile 1\r\nZeile 2 ",
            "_x0041_ und _x000D_",
            "1.10",
            "15.3.2027",
            "WAHR",
            "#NAME?",
            "\u200b\u202e👩‍👧 مرحبا",
            "ä" * 20_000,
            "👩" * 20_000,
            "{=A1}",
            "'",
            "https://beispiel.de",
        ]
    ),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60),
)
NUMBER = st.decimals(0, 10_000_000, places=2) | st.sampled_from(
    [Decimal("0.12345678901234567"), Decimal("4E+3"), Decimal("-0"), Decimal("0.1")]
)
AMOUNT = st.decimals(0, 10_000_000, places=2) | st.sampled_from([Decimal("4E+3"), Decimal("-0")])
COUNT = st.integers(0, 10_000_000)
DAY = st.dates(date(2000, 1, 1), date(2100, 12, 31))
# A name of signs that nobody sees is none.
NAMED = TEXT.filter(lambda text: bool(as_meant(text).strip()))


def line_of(funding: Funding) -> bool:
    return not (funding.start and funding.end and funding.end < funding.start)


CONTENT = st.builds(
    ReportContent,
    implementation=st.none() | st.sampled_from(Implementation),
    course=st.none() | st.sampled_from(Course),
    next_step_on=st.none() | DAY,
    participants=st.lists(
        st.builds(Participants, st.sampled_from(ParticipantUnit), COUNT),
        unique_by=lambda line: line.unit,
    ).map(tuple),
    events=st.none() | COUNT,
    staff=st.none() | NUMBER,
    staff_unit=st.sampled_from(StaffUnit),
    cost_planned=st.none() | AMOUNT,
    cost_actual=st.none() | AMOUNT,
    funding=st.lists(
        st.builds(
            Funding, NAMED, TEXT, st.none() | AMOUNT, st.none() | DAY, st.none() | DAY
        ).filter(line_of),
        max_size=3,
    ).map(tuple),
    districts=st.lists(st.sampled_from([*DISTRICTS]), unique=True).map(tuple),
    indicators=st.lists(
        st.builds(IndicatorValue, st.sampled_from([INDICATOR.key, "andere"]), NUMBER), max_size=2
    ).map(tuple),
    milestones=st.lists(
        st.builds(MilestoneLine, NAMED, st.none() | DAY, st.none() | DAY), max_size=3
    ).map(tuple),
    **{name: TEXT for name in TEXT_FIELDS if name != "evidence_url"},  # type: ignore[arg-type]
)
QUICK = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.large_base_example]
)


@QUICK
@given(content=CONTENT, previous=CONTENT)
def test_export_and_import_without_edits_change_nothing(
    content: ReportContent, previous: ReportContent
) -> None:
    content = from_dict(to_dict(content))
    assert check_storable(content) == ()
    questionnaire = form(row("1.1", content, previous=previous), row("1.2", previous))
    reading = read(write(questionnaire), questionnaire)
    assert reading.problems == ()
    assert reading.answers == ()


@QUICK
@given(content=CONTENT)
def test_an_edit_keeps_everything_else_as_it_was_stored(content: ReportContent) -> None:
    questionnaire = form(row("1.1", content))
    typed = Typed(write(questionnaire))
    typed.set("Meldungen", "1.1", "Veranstaltungen", 7 if content.events != 7 else 8)
    reading = read(typed.saved(), questionnaire)
    assert reading.problems == ()
    expected = replace(content, events=7 if content.events != 7 else 8)
    assert reading.answers == (Answer(11, 3, expected),)


def test_the_same_values_give_the_same_bytes() -> None:
    assert write(form()) == write(form())


def test_each_kind_of_input_is_read() -> None:
    questionnaire = form(row("1.1", ReportContent(), previous=None), row("1.10", FULL))
    typed = Typed(write(questionnaire))
    entries = {
        "Umsetzungsstand": "  IN  umsetzung ",
        "Verlauf": "gefährdet",
        "Was wurde erreicht?": "Eins\nZwei",
        "Nächster Schritt": 2027,
        "Nächster Schritt bis": "15.3.2027",
        "Veranstaltungen": "1.250",
        "Stadtbezirk": "senne; Mitte",
        "Personal": 0.1,
        "Personal: Einheit": "Vollzeitstellen (VZÄ)",
        "Kosten (Plan)": "1.250,50",
        "Kosten (Ist)": "1.250,50 €",
    }
    for head, value in entries.items():
        typed.set("Meldungen", "1.1", head, value)
    typed.set("Teilnehmende", "1.1", "Anzahl", 48, "Personen")
    typed.set("Kennzahlen", "1.1", "Wert", "2,5")
    typed.add("Fördermittel", "1.1", "Land", None, 9000, date(2026, 1, 1), "31.12.26")
    typed.add("Meilensteine", "1.1", "Auftakt", date(2026, 7, 1))
    reading = read(typed.saved(), questionnaire)
    assert reading.problems == ()
    (answer,) = reading.answers
    assert answer.content == ReportContent(
        implementation=Implementation.IN_PROGRESS,
        course=Course.AT_RISK,
        achieved="Eins\nZwei",
        next_step="2027",
        next_step_on=date(2027, 3, 15),
        events=1250,
        districts=("mitte", "senne"),
        staff=Decimal("0.1"),
        staff_unit=StaffUnit.FTE,
        cost_planned=Decimal("1250.5"),
        cost_actual=Decimal("1250.5"),
        participants=(Participants(ParticipantUnit.PERSONS, 48),),
        indicators=(IndicatorValue(INDICATOR.key, Decimal("2.5")),),
        funding=(Funding("Land", "", Decimal(9000), date(2026, 1, 1), date(2026, 12, 31)),),
        milestones=(MilestoneLine("Auftakt", date(2026, 7, 1)),),
    )


def test_numbers_may_name_the_unit_of_their_column() -> None:
    questionnaire = form(row("1.1", ReportContent(), previous=None))
    typed = Typed(write(questionnaire))
    for head, value in {
        "Veranstaltungen": "1 Veranstaltung",
        "Personal": "0,5 VZÄ",
        "Personal: Einheit": "Vollzeitstellen (VZÄ)",
        "Kosten (Plan)": "1.250,-",
        "Kosten (Ist)": "1.250 Euro",
    }.items():
        typed.set("Meldungen", "1.1", head, value)
    typed.set("Teilnehmende", "1.1", "Anzahl", "3 Personen", "Personen")
    typed.set("Kennzahlen", "1.1", "Wert", "2,5 Tage")
    typed.add("Fördermittel", "1.1", "Land", None, "9.000 €")
    (answer,) = read(typed.saved(), questionnaire).answers
    assert answer.content == ReportContent(
        events=1,
        staff=Decimal("0.5"),
        staff_unit=StaffUnit.FTE,
        cost_planned=Decimal(1250),
        cost_actual=Decimal(1250),
        participants=(Participants(ParticipantUnit.PERSONS, 3),),
        indicators=(IndicatorValue(INDICATOR.key, Decimal("2.5")),),
        funding=(Funding("Land", amount=Decimal(9000)),),
    )


def test_a_number_in_the_column_of_codes_is_the_code_that_looks_like_it() -> None:
    questionnaire = form(row("1.1", ReportContent()), row("1.2", ReportContent()))
    typed = Typed(write(questionnaire))
    typed.set("Meldungen", "1.2", "Nr.", 1.2)
    typed.add("Meilensteine", 1.2, "Auftakt")
    (answer,) = read(typed.saved(), questionnaire).answers
    assert answer == Answer(12, 3, ReportContent(milestones=(MilestoneLine("Auftakt"),)))


def test_an_emptied_cell_and_an_emptied_line_are_no_answer_any_more() -> None:
    questionnaire = form(row("1.1"))
    typed = Typed(write(questionnaire))
    typed.set("Meldungen", "1.1", "Was wurde erreicht?", None)
    for head in layout.INPUTS["Fördermittel"]:
        typed.set("Fördermittel", "1.1", head, None)
    (answer,) = read(typed.saved(), questionnaire).answers
    assert answer.content == replace(FULL, achieved="", funding=())


def test_rows_may_be_sorted_and_columns_may_stand_in_another_order() -> None:
    questionnaire = form()
    typed = Typed(write(questionnaire))
    sheet = typed.book["Meldungen"]
    lines = [
        [(cell.value, copy(cell._style)) for cell in line][::-1]
        for line in sheet.iter_rows(min_row=4, max_row=7)
    ]
    for number, line in enumerate([lines[0], *lines[:0:-1]], 4):
        for column, (value, style) in enumerate(line, 1):
            cell = sheet.cell(number, column)
            cell.value, cell._style = value, style
    typed.book.move_sheet("Meldungen", 3)
    reading = read(typed.saved(), questionnaire)
    assert (reading.answers, reading.problems) == ((), ())


def test_what_was_left_alone_is_ignored_whatever_happened_to_it_since() -> None:
    data = write(form(row("1.1"), row("1.2")))
    later = form(
        row("1.1", ReportContent(), version=9),
        row("1.2", state=ReportState.SUBMITTED, may_write=False),
    )
    reading = read(data, later)
    assert (reading.answers, reading.problems) == ((), ())


def test_a_text_too_long_for_a_cell_stays_and_the_rest_can_be_edited() -> None:
    content = replace(FULL, obstacles="👩" * 20_000)
    questionnaire = form(row("1.1", content))
    typed = Typed(write(questionnaire))
    number, column = typed.place("Meldungen", "1.1", "Hindernisse")
    assert typed.book["Meldungen"].cell(number, column).value == layout.TOO_LONG
    typed.set("Meldungen", "1.1", "Was wurde erreicht?", "Neu")
    (answer,) = read(typed.saved(), questionnaire).answers
    assert answer.content == replace(content, achieved="Neu")
