"""One measure as a paper: its wording, its sheet, its rounds, and nothing of other measures."""

from __future__ import annotations

import copy
from functools import cache

import pytest

from tests import paper_text as read
from tests.factories_snapshot import document, documents
from tracker.core.errors import NotFound
from tracker.papers.documents.measure import paper
from tracker.publication.reading.content import report
from tracker.publication.reading.model import MeasureSheet, Report
from tracker.publication.reading.model_sections import Known


@cache
def values() -> Report:
    *earlier, last = documents(4)
    return report(last, history=tuple(earlier))


def sheets() -> dict[str, MeasureSheet]:
    return {item.code: item for field in values().fields for item in field.sheets}


@pytest.mark.parametrize("code", ["1.1", "2.4", "3.3", "7.1", "12.3", "16.4"])
def test_the_paper_holds_the_wording_and_all_of_the_sheet(code: str) -> None:
    item, text = sheets()[code], read.text(paper(values(), code))
    assert f"Wortlaut: {item.text}" in text
    assert f"Handlungsfeld: {item.field}" in text
    assert f"Ziel: {item.goal}" in text
    assert "Beschluss des Rates" in text
    for part in item.texts if item.reportable else ():
        assert part.text in text
    for note in item.notes:
        assert note in text


def test_it_begins_with_the_wording_and_ends_with_the_marks_it_shows() -> None:
    headings = read.headings(paper(values(), "3.3"))
    assert headings == ["Auftrag", "Stand und Zuständigkeit", "Runden", "Zeichen und Begriffe"]


def test_the_legend_explains_every_mark_and_no_other() -> None:
    shown = paper(values(), "3.3")
    explained = [
        row[0]
        for table in read.tables(shown)
        if table.title.endswith("ihre Bedeutung")
        for row in read.table(shown, table.title)
    ]
    used = {mark.label for mark in read.marks(shown)}
    assert set(explained) == used
    assert len(explained) == len(set(explained))


def test_all_rounds_stand_below_one_another_and_a_carried_value_says_so() -> None:
    for line in values().rounds.lines:
        if not sheets()[line.code].reportable:
            continue
        rows = read.table(paper(values(), line.code), f"Maßnahme {line.code} in allen Runden")
        assert [row[0] for row in rows] == list(values().rounds.labels)
        for row, cell in zip(rows, line.cells, strict=True):
            if cell.kind is Known.REPORTED and cell.standing is not None:
                assert cell.standing.implementation.label in row[1]
                continue
            assert row[1:] == (cell.text, "–")


def test_a_carried_value_has_no_mark_of_its_own() -> None:
    code = next(
        line.code
        for line in values().rounds.lines
        for cell in line.cells[-1:]
        if cell.kind is Known.CARRIED
    )
    shown = paper(values(), code)
    assert "keine Meldung, zuletzt" in read.text(shown)


def test_the_first_round_has_no_table_of_rounds() -> None:
    assert "Runden" not in read.headings(paper(report(document()), "3.3"))


def test_no_other_measure_is_named() -> None:
    text = read.text(paper(values(), "3.3"))
    others = [item.display_text for code, item in sheets().items() if code != "3.3"]
    assert not [title for title in others if title in text]


def test_an_unknown_measure_is_refused_with_the_round() -> None:
    with pytest.raises(NotFound, match=r"In der Runde 3\. Quartal 2026 gibt es keine Maßnahme 99"):
        paper(values(), "99")


def test_a_cross_reference_says_that_nobody_reports() -> None:
    text = read.text(paper(values(), "7.1"))
    assert "über sie wird nicht eigens berichtet" in text
    assert "Stand jetzt" not in text
    assert "Zeichen und Begriffe" not in text


def test_a_day_before_the_stichtag_is_overdue_as_on_the_dashboards() -> None:
    given = copy.deepcopy(documents(1)[0])
    as_of = given["round"]["as_of"]
    item = next(item for item in given["measures"] if item["report"])
    for due_on, late in ((as_of, False), ("2020-01-31", True)):
        item["report"] |= {
            "next_step": "Angebot einholen",
            "next_step_on": due_on,
            "milestones": [
                {"title": "Antrag", "due_on": due_on, "done_on": None},
                {"title": "Zusage", "due_on": "2020-01-31", "done_on": as_of},
            ],
        }
        text = read.text(paper(report(given), item["code"]))
        assert text.count("überfällig") == (2 if late else 0)
