"""What people type into the report form, and what is read from it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from tests.bielefeld import DISTRICTS
from tracker.concept.words import unit_words
from tracker.core.errors import Problem
from tracker.core.german import EURO, UnreadableError, read_count, read_day, read_number
from tracker.core.problems import problem_text
from tracker.reporting.reports.web.forms import Parsed, entries, parse, typed_text, written
from tracker.reporting.rules.content import (
    Funding,
    IndicatorValue,
    MilestoneLine,
    Participants,
    ParticipantUnit,
    ReportContent,
    StaffUnit,
)
from tracker.reporting.rules.status import Course, Implementation
from tracker.reporting.words import EVENT_WORDS, PARTICIPANT_WORDS, staff_words

TODAY = date(2026, 10, 5)
FULL = ReportContent(
    implementation=Implementation.IN_PROGRESS,
    course=Course.AT_RISK,
    achieved="Zwei Kurse.\nEiner läuft noch.",
    next_step="Raum suchen",
    next_step_on=date(2027, 3, 15),
    reason="Der Raum fehlt.",
    consequence="Einen Raum zuweisen.",
    changed="Neuer Träger",
    obstacles="Räume",
    participants=(
        Participants(ParticipantUnit.PERSONS, 1250),
        Participants(ParticipantUnit.CASES, 0),
    ),
    events=4,
    staff=Decimal("0.5"),
    staff_unit=StaffUnit.FTE,
    cost_planned=Decimal("1250.50"),
    cost_actual=Decimal(0),
    funding=(
        Funding("Land NRW", "Komm-An", Decimal("10000"), date(2026, 1, 1), date(2026, 12, 31)),
        Funding("Stiftung"),
    ),
    partners="AWO",
    cooperation_wanted="Schulen",
    target_group="Eltern",
    districts=("mitte", "senne"),
    indicators=(IndicatorValue("3.3-events", Decimal("3")),),
    milestones=(MilestoneLine("Auftakt", date(2026, 9, 1), date(2026, 9, 3)),),
    evidence_url="https://www.bielefeld.de/kurse",
    internal_remark="Bitte anrufen.",
)


def parsed(*pairs: tuple[str, str], indicators: tuple[str, ...] = ()) -> Parsed:
    units = dict.fromkeys(indicators, "%")
    return parse(MultiDict(pairs), indicators=units, districts=DISTRICTS, today=TODAY)


def posted(content: ReportContent) -> MultiDict[str, str]:
    """The fields a browser would post for a content."""
    values = written(content)
    lines = (("funding", values.funding), ("milestones", values.milestones))
    return MultiDict(
        [
            *values.texts.items(),
            *(("districts", item) for item in values.districts),
            *(
                (f"{name}-{index}-{part}", text)
                for name, items in lines
                for index, line in enumerate(items)
                for part, text in line.items()
            ),
        ]
    )


def test_what_is_written_into_the_fields_is_read_back_unchanged() -> None:
    result = parse(posted(FULL), indicators={"3.3-events": ""}, districts=DISTRICTS, today=TODAY)
    assert result.problems == ()
    assert result.content == FULL
    assert written(result.content) == written(FULL)


def test_an_empty_form_is_an_empty_report() -> None:
    assert parsed().content == ReportContent()
    assert parsed().problems == ()


def test_numbers_and_days_stand_in_the_fields_as_people_write_them() -> None:
    values = written(FULL)
    assert values.text("cost_planned") == "1.250,50"
    assert values.text("participants-persons") == "1.250"
    assert values.text("next_step_on") == "15.03.2027"
    assert values.funding[1]["amount"] == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("1250", 1250), ("1.250", 1250), ("1.250,50", "1250.50"), ("1250,5", "1250.5"),
        ("1.250.000", 1250000), (" 1 250 € ", 1250), ("1\u00a0250,00\u00a0€", 1250), ("-3", -3),
        ("٣", 3), ("1.250,-", 1250), ("1.250,-- €", 1250), ("12.–", 12), ("1.250 Euro", 1250),
        ("1.250,50 EUR", "1250.50"), ("€ 1 250,5", "1250.5"), ("eur 5", 5), ("0,500", "0.5"),
    ],
)  # fmt: skip
def test_a_german_number_is_read(text: str, number: Any) -> None:
    assert read_number(text, EURO) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "zwölf",
        "12.5",
        "1,250.50",
        "1.25.000",
        "1,",
        ",5",
        "1e3",
        "NaN",
        "²",
        "9" * 31,
        "1-2",
        "0.500",
        "00.500",
        "1.250.50",
        "3.",
        "10 20",
        "1,25,-",
        "T€ 5",
        "1,2 Mio. €",
        "3 Personen",
        "30 %",
        "0,5 VZÄ",
        "€ 5 €",
        "ca. 30",
        "3 - 4",
        "€",
        ".",
    ],
)
def test_what_could_be_meant_otherwise_is_no_number(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_number(text, EURO)


@pytest.mark.parametrize(
    ("text", "units", "number"),
    [
        ("0,5 VZÄ", staff_words(None), "0.5"),
        ("0,5 Stellen", staff_words(StaffUnit.FTE), "0.5"),
        ("1.250 Std.", staff_words(StaffUnit.HOURS), 1250),
        ("12h", staff_words(StaffUnit.HOURS), 12),
        ("3 Personen", PARTICIPANT_WORDS[ParticipantUnit.PERSONS], 3),
        ("1 person", PARTICIPANT_WORDS[ParticipantUnit.PERSONS], 1),
        ("1 Fall", PARTICIPANT_WORDS[ParticipantUnit.CASES], 1),
        ("4 Veranst.", EVENT_WORDS, 4),
        ("30 %", unit_words("%"), 30),
        ("30%", unit_words(""), 30),
        ("30 Prozent", unit_words("%"), 30),
        ("Jahrgang 8", unit_words("Jahrgang"), 8),
        ("1 Fortbildungstag", unit_words("Fortbildungstage"), 1),
    ],
)
def test_a_number_may_name_the_unit_of_its_field(
    text: str, units: tuple[str, ...], number: Any
) -> None:
    assert read_number(text, units) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("0,5 VZÄ", staff_words(StaffUnit.HOURS)),
        ("12 Stunden", staff_words(StaffUnit.FTE)),
        ("3 Fälle", PARTICIPANT_WORDS[ParticipantUnit.PERSONS]),
        ("3 €", EVENT_WORDS),
        ("3 Pe", PARTICIPANT_WORDS[ParticipantUnit.PERSONS]),
        ("30 %", unit_words("Tage")),
        ("5,-", EVENT_WORDS),
    ],
)
def test_a_number_with_another_unit_is_asked_about(text: str, units: tuple[str, ...]) -> None:
    with pytest.raises(UnreadableError):
        read_number(text, units)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("12,345", "12.345"),
        ("12,500 €", "12.500"),
        ("1.250,999", "1.250.999"),
        ("0,0050", "50"),
    ],
)
def test_an_amount_with_three_decimals_is_asked_about(text: str, whole: str) -> None:
    names = ("cost_planned", "cost_actual", "funding-0-amount")
    result = parsed(("funding-0-donor", "Land"), *((name, text) for name in names))
    assert [problem.field for problem in result.problems] == list(names)
    for problem in result.problems:
        assert f"Sind {whole} Euro gemeint?" in problem_text(problem)
    assert (result.content.cost_planned, result.content.funding[0].amount) == (None, None)
    assert (result.values.text("cost_planned"), result.values.funding[0]["amount"]) == (text, text)


def test_each_field_of_the_form_knows_its_unit() -> None:
    result = parsed(
        ("staff", "0,5 VZÄ"),
        ("staff_unit", "fte"),
        ("events", "4 Veranstaltungen"),
        ("participants-persons", "3 Personen"),
        ("indicators-a", "30 %"),
        ("cost_actual", "1.250,-"),
        ("funding-0-donor", "Land"),
        ("funding-0-amount", "9.000 Euro"),
        indicators=("a",),
    )
    assert result.problems == ()
    assert result.content == ReportContent(
        staff=Decimal("0.5"),
        staff_unit=StaffUnit.FTE,
        events=4,
        participants=(Participants(ParticipantUnit.PERSONS, 3),),
        indicators=(IndicatorValue("a", Decimal(30)),),
        cost_actual=Decimal(1250),
        funding=(Funding("Land", amount=Decimal(9000)),),
    )


@pytest.mark.parametrize("text", ["1,5", "viele"])
def test_a_count_has_no_decimals(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_count(text)


@pytest.mark.parametrize(
    "text", ["15.3.2027", "15.03.2027", "15. 3. 2027", "15.3.27", "2027-03-15"]
)
def test_a_german_day_is_read(text: str) -> None:
    assert read_day(text) == date(2027, 3, 15)


@pytest.mark.parametrize(
    "text", ["", "31.2.2027", "15.3.", "15/3/2027", "15.3.1027", "März", "0.0.2027"]
)
def test_no_such_day(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_day(text)


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("cost_actual", "12.5", "number_invalid"),
        ("staff", "0.500", "number_invalid"),
        ("staff", "ca. 30", "unit_other"),
        ("participants-cases", "3 Personen", "unit_other"),
        ("events", "1,5", "count_invalid"),
        ("participants-cases", "viele", "count_invalid"),
        ("next_step_on", "bald", "date_invalid"),
        ("implementation", "done", "choice_invalid"),
        ("staff_unit", "days", "choice_invalid"),
    ],
)
def test_what_cannot_be_read_is_a_problem_at_its_field_and_stays_as_typed(
    field: str, text: str, code: str
) -> None:
    result = parsed((field, text))
    assert result.problems == (Problem(field, code, (("text", text),)),)
    assert result.values.text(field) == text
    assert result.content == ReportContent()


def test_a_long_wrong_entry_is_quoted_in_short() -> None:
    [problem] = parsed(("events", "x" * 100_000)).problems
    assert dict(problem.values)["text"] == "x" * 40 + "…"


def test_lines_are_numbered_anew_without_the_empty_ones() -> None:
    result = parsed(
        ("funding-7-donor", "Bund"),
        ("funding-7-amount", "viel"),
        ("funding-0-donor", " "),
        ("funding-3-programme", "Komm-An"),
        ("milestones-2-title", "Auftakt"),
        ("milestones-2-due_on", "1.9.2026"),
    )
    assert [(line["donor"], line["programme"]) for line in result.values.funding] == [
        ("", "Komm-An"),
        ("Bund", ""),
    ]
    assert [problem.field for problem in result.problems] == ["funding-1-amount"]
    assert result.content.funding == (Funding("", "Komm-An"), Funding("Bund"))
    assert result.content.milestones == (MilestoneLine("Auftakt", date(2026, 9, 1)),)


def test_only_indicators_of_the_measure_are_read() -> None:
    result = parsed(("indicators-a", "1"), ("indicators-b", "2"), indicators=("b",))
    assert result.content.indicators == (IndicatorValue("b", Decimal(2)),)


def test_control_characters_are_taken_out_and_reported() -> None:
    result = parsed(("achieved", "Zwei\x00 Kurse\x07"), ("funding-0-donor", "Bund\x1b"))
    assert result.values.text("achieved") == "Zwei Kurse"
    assert [(item.field, item.code) for item in result.problems] == [
        ("achieved", "control_characters"),
        ("funding-0-donor", "control_characters"),
    ]


def test_line_breaks_emoji_and_right_to_left_text_stay() -> None:
    text = "Erste Zeile\r\nSchön 👩‍👩‍👧 \u202bشكرا\u202c"
    assert parsed(("achieved", text)).content.achieved == text.replace("\r\n", "\n")


def test_unknown_districts_and_fields_are_ignored() -> None:
    result = parsed(("districts", "senne"), ("districts", "mond"), ("unbekannt", "x"))
    assert result.content == ReportContent(districts=("senne",))


@pytest.mark.parametrize(
    ("done", "done_on", "day"),
    [
        ("1", "", TODAY),
        ("1", "3.9.2026", date(2026, 9, 3)),
        ("", "3.9.2026", date(2026, 9, 3)),
        ("", "", None),
    ],
)
def test_a_ticked_milestone_was_done_today_unless_a_day_is_given(
    done: str, done_on: str, day: date | None
) -> None:
    result = parsed(
        ("milestones-0-title", "Auftakt"),
        ("milestones-0-done", done),
        ("milestones-0-done_on", done_on),
    )
    assert result.content.milestones == (MilestoneLine("Auftakt", None, day),)
    assert result.problems == ()


def test_what_stands_in_a_box_is_found_in_a_line_too() -> None:
    values = written(FULL)
    assert typed_text(values, "funding-0-amount") == "10.000"
    assert typed_text(values, "events") == "4"
    assert ("milestones-0-done", "1") in entries(values)
    assert ("districts", "senne") in entries(values)
