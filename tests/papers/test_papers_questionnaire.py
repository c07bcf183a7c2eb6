"""The empty Erhebungsbogen: every field of the report form, nothing that anybody reported."""

from __future__ import annotations

from datetime import date

import pytest

from tests import paper_text as read
from tests.bielefeld import DISTRICTS
from tests.factories_snapshot import document
from tracker.core.labels import Label
from tracker.papers.blocks import Fill, Line, Paper
from tracker.papers.documents.questionnaire import Subject, paper, subject
from tracker.publication.reading.content import report
from tracker.reporting.words import (
    COURSE,
    IMPLEMENTATION,
    REPORT_FIELD,
    REPORT_FIELD_HELP,
    STAFF_UNIT,
)

ABOUT = Subject(
    code="3.3",
    display_text="Vier Elternveranstaltungen",
    institution="Volkshochschule",
    period="4. Quartal 2026",
    indicators=("Elternveranstaltungen (4 Veranstaltungen je Jahr)",),
)


def sheet(about: Subject | None = None) -> Paper:
    return paper(
        city="Stadt Bielefeld",
        office="Kommunales Integrationszentrum",
        districts=DISTRICTS.values(),
        made_on=date(2026, 11, 1),
        about=about,
    )


def fills(found: Paper) -> list[Fill]:
    return [block for block in read.blocks(found.blocks) if isinstance(block, Fill)]


@pytest.mark.parametrize("about", [None, ABOUT])
@pytest.mark.parametrize("name", list(REPORT_FIELD))
def test_every_field_of_the_report_form_is_asked(name: str, about: Subject | None) -> None:
    named = {"indicators": "Kennzahl", "milestones": "Meilenstein"}
    assert named.get(name, REPORT_FIELD[name]) in read.text(sheet(about))


@pytest.mark.parametrize("name", sorted(set(REPORT_FIELD_HELP) - {"milestones"}))
def test_the_help_of_the_form_stands_beside_its_field(name: str) -> None:
    assert REPORT_FIELD_HELP[name] in read.text(sheet())


@pytest.mark.parametrize(
    "label",
    [
        *IMPLEMENTATION.values(),
        *COURSE.values(),
        *STAFF_UNIT.values(),
        *[Label(name, "", "") for name in DISTRICTS.values()],
    ],
    ids=lambda label: label.text,
)
def test_every_choice_has_an_empty_box_and_its_definition(label: Label) -> None:
    boxes = [mark.label for mark in read.marks(sheet()) if mark.icon == "box"]
    assert boxes.count(label.text) == 1
    if label not in STAFF_UNIT.values():
        assert label.definition in read.text(sheet())


def test_no_box_is_a_mark_that_says_something() -> None:
    assert {mark.icon for mark in read.marks(sheet(ABOUT))} == {"box"}


def test_what_is_known_is_printed_and_what_is_not_has_a_line() -> None:
    blank = {item.label for item in fills(sheet())}
    assert {"Maßnahme", "Institution", "Zeitraum", "Ausgefüllt am"} <= blank
    known = sheet(ABOUT)
    text = read.text(known)
    assert "Maßnahme: 3.3 Vier Elternveranstaltungen" in text
    assert "Institution: Volkshochschule" in text
    assert "Zeitraum: 4. Quartal 2026" in text
    assert blank - {item.label for item in fills(known)} == {"Maßnahme", "Institution", "Zeitraum"}


def test_a_measure_of_a_round_is_asked_about_without_anything_reported() -> None:
    found = report(document())
    about = subject(found, "3.3")
    assert about is not None
    sheet_of_it = next(
        item for field in found.fields for item in field.sheets if item.code == "3.3"
    )
    assert (about.code, about.institution) == ("3.3", sheet_of_it.lead)
    assert about.period == ""
    text = read.text(sheet(about))
    assert about.indicators[0] in text
    for part in sheet_of_it.texts:
        assert part.text not in text
    assert sheet_of_it.next_step not in text


def test_a_measure_without_lead_leaves_a_line_for_the_institution() -> None:
    about = subject(report(document()), "16.4")
    assert about is not None
    assert "Institution" in {item.label for item in fills(sheet(about))}


@pytest.mark.parametrize("code", ["99", "7.1", ""])
def test_there_is_no_sheet_for_what_is_not_reported_on(code: str) -> None:
    assert subject(report(document()), code) is None


def test_an_invented_institution_is_marked() -> None:
    real = subject(report(document(demonstration=False)), "3.3")
    invented = subject(report(document()), "3.3")
    assert "erfunden" not in read.text(sheet(real))
    assert "Vorführung" in sheet(invented).footer
    assert "Zuständigkeit auf diesem Bogen ist erfunden" in read.text(sheet(invented))


def test_a_measure_without_kennzahlen_is_not_asked_for_them() -> None:
    assert "Kennzahl" in read.text(sheet())
    assert "Kennzahl" not in read.text(sheet(Subject(code="1.1", display_text="Titel")))


def test_every_place_to_write_has_room_for_a_pen() -> None:
    assert all(item.lines >= 1 for item in fills(sheet()))
    for title in ("Fördermittel", "Meilensteine", "Kennzahlen"):
        rows = next(
            item.rows for item in read.tables(sheet()) if item.title == f"{title}: zum Ausfüllen"
        )
        assert all(isinstance(cell, tuple) and len(cell) == 2 for row in rows for cell in row)
        assert all(isinstance(line, Line) for row in rows for cell in row for line in cell)


def test_the_sheet_warns_of_names_and_asks_for_none() -> None:
    assert "keine Namen" in read.text(sheet())
    assert not [item for item in fills(sheet()) if "Name" in item.label]


def test_a_long_title_leaves_room_to_write() -> None:
    text = read.text(sheet(Subject(code="1.1", display_text="Wort " * 4000)))
    assert len(text) < 5000
