"""Rows of a file to contents of reports: each value at its place, each problem at its cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.reporting.questionnaire.workbook import layout, problems
from tracker.reporting.questionnaire.workbook.cells import (
    CellError,
    nothing_in,
    read_cell,
    shortened,
)
from tracker.reporting.questionnaire.workbook.layout import Input
from tracker.reporting.questionnaire.workbook.model import MeasureRow, SheetProblem
from tracker.reporting.questionnaire.workbook.tables import SheetRow
from tracker.reporting.rules.content import (
    Funding,
    IndicatorValue,
    MilestoneLine,
    Participants,
    ParticipantUnit,
    ReportContent,
)
from tracker.reporting.rules.submission import check_storable
from tracker.reporting.words import PARTICIPANT_UNIT

# Which column of a line a problem of the rules is about.
_LINE_COLUMN = {
    "donor_required": "Geber",
    "period_reversed": "bis",
    "milestone_title_required": "Meilenstein",
}
_SINGLE_HEADS = {column.name: column.head for column in layout.SINGLE}


@dataclass(frozen=True)
class ListEntry:
    """An entry of a list: where it stands, and the content that it alone would make."""

    row: SheetRow
    column: str
    alone: ReportContent


@dataclass
class Entries:
    """What a file says about the measures that it was exported with, by their codes.

    `numbers` are their rows in the sheet Meldungen, `wrong` those with a cell that cannot be read.
    """

    measures: Mapping[str, MeasureRow]
    contents: dict[str, ReportContent] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    problems: list[SheetProblem] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    _lines: defaultdict[str, list[ListEntry]] = field(default_factory=lambda: defaultdict(list))
    _parts: defaultdict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))

    def read(self, tables: Mapping[str, Sequence[SheetRow]]) -> None:
        self._read_singles(tables[layout.REPORTS])
        units = {PARTICIPANT_UNIT[unit].text: unit for unit in ParticipantUnit}
        self._read_valued(
            tables[layout.PARTICIPANTS],
            layout.UNIT,
            {(code, word): unit for code in self.measures for word, unit in units.items()},
            Participants,
        )
        self._read_valued(
            tables[layout.INDICATORS],
            layout.INDICATOR_KEY,
            {
                (code, indicator.key): indicator.key
                for code, measure in self.measures.items()
                for indicator in measure.indicators
            },
            IndicatorValue,
        )
        self._read_lines(tables[layout.FUNDING], "funding", Funding)
        self._read_lines(tables[layout.MILESTONES], "milestones", MilestoneLine)
        for code in self.measures:
            self.contents[code] = ReportContent(**self._parts[code])

    def unstorable(self, code: str) -> list[SheetProblem]:
        """Return what keeps a measure's content from being stored, each at its cell."""
        lines, refusals = self._lines[code], []
        unread = {(problem.sheet, problem.row, problem.column) for problem in self.problems}
        for problem in check_storable(self.contents[code]):
            unit = (layout.REPORTS, self.numbers[code], _SINGLE_HEADS["staff_unit"])
            if problem.code == "staff_unit_required" and unit in unread:
                continue  # it is not missing: it cannot be read
            if problem.field in _SINGLE_HEADS:
                column, row = _SINGLE_HEADS[problem.field], self.numbers[code]
                refusals.append(
                    problems.storable(problem, sheet=layout.REPORTS, row=row, column=column)
                )
            if problem.code == "too_many_lines":
                last = [line.row for line in lines if getattr(line.alone, problem.field)][-1]
                refusals.append(
                    problems.storable(
                        problem, sheet=last.sheet, row=last.number, column=layout.CODE
                    )
                )
        for line in lines:
            for refused in check_storable(line.alone):
                column = _LINE_COLUMN.get(refused.code, line.column)
                refusals.append(
                    problems.storable(
                        refused, sheet=line.row.sheet, row=line.row.number, column=column
                    )
                )
        return [
            problem
            for problem in refusals
            if (problem.sheet, problem.row, problem.column) not in unread
        ]

    def _add(self, row: SheetRow, column: str, sentence: tuple[str, str], code: str = "") -> None:
        wrong, remedy = sentence
        self.problems.append(SheetProblem(wrong, remedy, row.sheet, row.number, column))
        self.wrong.add(code)

    def _missing(self, code: str, sheet: str, column: str) -> None:
        self.problems.append(problems.missing_row(code, sheet, column))
        self.wrong.add(code)

    def _code(self, row: SheetRow) -> str | None:
        code = row.text(layout.CODE)
        if code in self.measures:
            return code
        self._add(row, layout.CODE, problems.unknown_code(shortened(code)))
        return None

    def _value(self, row: SheetRow, column: Input, code: str) -> Any:
        try:
            return read_cell(row.cell(column.head), column)
        except CellError as error:
            self._add(row, column.head, (error.wrong, error.remedy), code)
            return nothing_in(column)

    def _read_singles(self, rows: Sequence[SheetRow]) -> None:
        for row in rows:
            code = self._code(row)
            if code is None:
                continue
            if code in self.numbers:
                self._add(row, layout.CODE, problems.ROW_TWICE, code)
                continue
            self.numbers[code] = row.number
            for column in layout.SINGLE:
                self._parts[code][column.name] = self._value(row, column, code)
        for code in self.measures:
            if code not in self.numbers:
                self._missing(code, layout.REPORTS, layout.CODE)

    def _read_valued(
        self,
        rows: Sequence[SheetRow],
        head: str,
        expected: Mapping[tuple[str, str], Any],
        kind: Callable[..., Any],
    ) -> None:
        """Read rows with one value each; they are those that the file was exported with."""
        sheet = layout.PARTICIPANTS if kind is Participants else layout.INDICATORS
        name = "participants" if kind is Participants else "indicators"
        (column,) = layout.INPUTS[sheet].values()
        read: dict[tuple[str, str], tuple[SheetRow, Any]] = {}
        for row in rows:
            code = self._code(row)
            if code is None:
                continue
            place = (code, row.text(head))
            if place not in expected:
                self._add(row, head, problems.UNKNOWN_ROW, code)
            elif place in read:
                self._add(row, head, problems.ROW_TWICE, code)
            else:
                read[place] = (row, self._value(row, column, code))
        # In the order of the form, whatever the order of the rows.
        for place, key in expected.items():
            if place not in read:
                self._missing(place[0], sheet, head)
                continue
            row, value = read[place]
            if value is not None:
                self._line(row, column, place[0], name, kind(key, value))

    def _read_lines(self, rows: Sequence[SheetRow], name: str, kind: Callable[..., Any]) -> None:
        """Read a sheet with any number of lines; a row without an entry is none."""
        for row in rows:
            inputs = tuple(layout.INPUTS[row.sheet].values())
            if all(row.cell(column.head).is_empty for column in inputs):
                continue
            code = self._code(row)
            if code is None:
                continue
            values = {column.name: self._value(row, column, code) for column in inputs}
            self._line(row, inputs[0], code, name, kind(**values))

    def _line(self, row: SheetRow, column: Input, code: str, name: str, line: Any) -> None:
        self._parts[code][name] = (*self._parts[code].get(name, ()), line)
        alone: dict[str, Any] = {name: (line,)}
        self._lines[code].append(ListEntry(row, column.head, ReportContent(**alone)))
