"""The file as it is looked at and printed: nothing is drawn over anything, no page is cut."""

import io
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.reporting.questionnaire.workbook.forms import FULL, form, row
from tracker.reporting.questionnaire.workbook import layout
from tracker.reporting.questionnaire.workbook.book import MAX_HEIGHT, lines
from tracker.reporting.questionnaire.workbook.writer import write
from tracker.reporting.rules.content import ReportContent

LONG = "Zwei Kurse haben begonnen und laufen bis zum Ende des Jahres. " * 5


@pytest.fixture(scope="module")
def sheet() -> Any:
    """The sheet with one row for each measure; the first says much, the second endlessly."""
    first = row("1.1", replace(FULL, achieved=LONG))
    second = row("1.2", replace(FULL, achieved=LONG * 50))
    empty = [row(code, ReportContent(), previous=None) for code in ("1.3", "1.4")]
    empty[1] = replace(empty[1], may_write=False)
    return load_workbook(io.BytesIO(write(form(first, second, *empty))))[layout.REPORTS]


def test_rows_are_as_high_as_their_longest_text(sheet: Any) -> None:
    heights = [sheet.row_dimensions[number].height for number in range(4, 9)]
    assert heights[0] >= 2 * 15, "heads are cut"
    assert heights[1] >= 15 * len(LONG) / 50
    assert heights[1] < 15 * len(LONG) / 25, "half the page is empty"
    assert heights[2] == pytest.approx(MAX_HEIGHT, abs=1)
    assert heights[3] >= 4 * 15, "no room to write"
    assert heights[4] < 4 * 15, "nobody writes into a locked row"


@pytest.mark.parametrize(
    ("text", "needed"),
    [("", 1), ("kurz", 1), ("eins\nzwei", 2), ("wort " * 8, 4), ("x" * 33, 3)],
)
def test_lines_of_a_text(text: str, needed: int) -> None:
    assert lines(text, width=10) == needed


def test_pages_break_between_questions_and_repeat_code_and_heads(sheet: Any) -> None:
    heads = [cell.value for cell in sheet[layout.HEAD + 1]]
    breaks = [item.id for item in sheet.col_breaks.brk]
    assert breaks
    for index in breaks:
        assert heads[index].endswith(layout.LAST), "a value is parted from the one before it"
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$4:$4", "$A:$A")
    assert sheet.print_area.replace("$", "").endswith(f"A4:AS{layout.HEAD + 5}")
    assert "Meldungen – 3. Quartal 2026 – Volkshochschule" in sheet.oddHeader.left.text
