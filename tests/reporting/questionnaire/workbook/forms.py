"""Erhebungsbögen for tests: filled values, and a file changed cell by cell as a person would."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from openpyxl import load_workbook

from tests.bielefeld import DISTRICTS, PLACES
from tests.factories_reports import report_content
from tracker.concept.rules.facts import IndicatorFact
from tracker.core.periods import Period
from tracker.reporting.questionnaire.workbook import layout
from tracker.reporting.questionnaire.workbook.model import (
    MeasureRow,
    Questionnaire,
    SheetProblem,
)
from tracker.reporting.questionnaire.workbook.reader import read
from tracker.reporting.questionnaire.workbook.writer import write
from tracker.reporting.rules.content import (
    Funding,
    IndicatorValue,
    MilestoneLine,
    Participants,
    ParticipantUnit,
    ReportContent,
    StaffUnit,
)
from tracker.reporting.rules.reports import ReportState

INDICATOR = IndicatorFact("k-2-3", "Fortbildungstage", "target", ">=", Decimal(2), "Tage", True)
FULL = report_content(
    participants=(Participants(ParticipantUnit.PERSONS, 48),),
    events=6,
    staff=Decimal("1.25"),
    staff_unit=StaffUnit.FTE,
    cost_planned=Decimal("4000.00"),
    cost_actual=Decimal("3750.50"),
    funding=(Funding("Land", "KOMM-AN", Decimal(9000), date(2026, 1, 1), date(2026, 12, 31)),),
    districts=("mitte", "senne"),
    indicators=(IndicatorValue(INDICATOR.key, Decimal("1.5")),),
    milestones=(MilestoneLine("Auftakt", date(2026, 7, 1), date(2026, 7, 11)),),
    evidence_url="https://www.beispiel.de/seite",
)


def row(code: str = "1.1", content: ReportContent = FULL, **changes: Any) -> MeasureRow:
    """One measure of the form."""
    filled = MeasureRow(
        report_id=int(code.replace(".", "")),
        code=code,
        text=f"Maßnahme {code}",
        state=ReportState.DRAFT,
        may_write=True,
        version=3,
        content=content,
        previous=FULL,
        previous_period=Period.parse("2026-Q2"),
        indicators=(INDICATOR,) if code == "1.1" else (),
        districts=DISTRICTS,
    )
    return replace(filled, **changes)


def form(*rows: MeasureRow, **changes: Any) -> Questionnaire:
    """An Erhebungsbogen of the third quarter."""
    filled = Questionnaire(
        period=Period.parse("2026-Q3"),
        edition=1,
        edition_title="Fassung 2010",
        institution_key="vhs",
        institution="Volkshochschule",
        office="Kommunales Integrationszentrum",
        due=date(2026, 10, 15),
        districts=PLACES,
        rows=rows or (row("1.1"), row("1.2", report_content()), row("1.10", ReportContent())),
    )
    return replace(filled, **changes)


class Typed:
    """A file opened like in Excel: `set` types into a cell found by its measure and column."""

    def __init__(self, data: bytes) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.book = load_workbook(io.BytesIO(data))

    def place(self, sheet: str, code: str, head: str, unit: str = "") -> tuple[int, int]:
        """Row and column of a cell, both from 1."""
        cells = self.book[sheet]
        heads = [cell.value for cell in cells[layout.HEAD + 1]]
        for number in range(layout.HEAD + 2, cells.max_row + 1):
            if cells.cell(number, 1).value == code and unit in {"", cells.cell(number, 3).value}:
                return number, heads.index(head) + 1
        raise AssertionError((sheet, code, head))

    def set(self, sheet: str, code: str, head: str, value: Any, unit: str = "") -> Typed:
        """Type a value into a cell."""
        self.book[sheet].cell(*self.place(sheet, code, head, unit)).value = value
        return self

    def add(self, sheet: str, *values: Any) -> int:
        """Type into the first empty row: the measure and its inputs; returns the row."""
        cells = self.book[sheet]
        number = next(
            n for n in range(layout.HEAD + 2, cells.max_row + 2) if not cells.cell(n, 1).value
        )
        cells.cell(number, 1).value = values[0]
        for column, value in enumerate(values[1:], 4):
            cells.cell(number, column).value = value
        return number

    def saved(self) -> bytes:
        """The file as it is saved."""
        target = io.BytesIO()
        self.book.save(target)
        return target.getvalue()


@cache
def _plain() -> bytes:
    return write(form())


def problems_of(
    change: Callable[[Typed], object], questionnaire: Questionnaire | None = None
) -> tuple[SheetProblem, ...]:
    """What is said about a file after a change."""
    typed = Typed(_plain() if questionnaire is None else write(questionnaire))
    questionnaire = questionnaire or form()
    change(typed)
    reading = read(typed.saved(), questionnaire)
    assert not (reading.answers and reading.problems), "taken over by half"
    return reading.problems
