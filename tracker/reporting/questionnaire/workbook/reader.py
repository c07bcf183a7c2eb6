"""Reading a filled Erhebungsbogen: all problems at once, or the answers that change something.

The file carries a digest of each report as it was exported. A report whose rows still have it was
left alone and is ignored, whatever has happened to it since; any other must have been exported
from the version that is current.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tracker.concept.words import unit_words
from tracker.core.periods import Period, PeriodError
from tracker.reporting.questionnaire.workbook import layout, problems
from tracker.reporting.questionnaire.workbook.archive import UnusableFileError
from tracker.reporting.questionnaire.workbook.canonical import canonical, digest, merged
from tracker.reporting.questionnaire.workbook.cells import (
    CellError,
    nothing_in,
    read_cell,
    shortened,
)
from tracker.reporting.questionnaire.workbook.layout import Input
from tracker.reporting.questionnaire.workbook.model import (
    FORMAT,
    Answer,
    MeasureRow,
    Questionnaire,
    Reading,
    SheetProblem,
)
from tracker.reporting.questionnaire.workbook.tables import SheetRow, Tables, open_tables
from tracker.reporting.rules.content import (
    Funding,
    IndicatorValue,
    MilestoneLine,
    Participants,
    ParticipantUnit,
    ReportContent,
    StaffUnit,
)
from tracker.reporting.rules.reports import EDITABLE
from tracker.reporting.rules.submission import check_storable
from tracker.reporting.words import (
    PARTICIPANT_UNIT,
    PARTICIPANT_WORDS,
    REPORT_STATE,
    staff_words,
)

_NUMBER = re.compile(r"^[0-9]{1,9}$")
MAX_NOTES = 100
_DECIMAL = re.compile(r"^[0-9]+\.[0-9]+$")
_FACTS = 2  # the row of the sheet Kennung that says what the file is for


@dataclass(frozen=True)
class Exported:
    """One report as the file was exported: over which version, and with which digest."""

    row: MeasureRow
    version: int
    digest: str


@dataclass
class _Result:
    answers: list[Answer] = field(default_factory=list)
    problems: list[SheetProblem] = field(default_factory=list)


def read(data: bytes, expected: Questionnaire) -> Reading:
    """Read a file for the round and institution of `expected`, which holds what is current.

    Never raises for a file's sake: whatever is wrong with it is among the problems, and then
    there are no answers.
    """
    try:
        tables = open_tables(data)
    except UnusableFileError as error:
        return Reading(problems=(error.problem,))
    refusals = _refusals(tables, expected)
    if refusals:
        return Reading(problems=refusals)
    exported = _exported(tables, expected)
    if tables.problems:
        return Reading(problems=tuple(map(tables.placed, tables.problems)))
    entries = Entries({code: report.row for code, report in exported.items()})
    entries.read(tables.rows)
    result = _Result(problems=list(entries.problems))
    for code, sent in exported.items():
        _compare(code, sent, entries, result)
    result.problems.sort(key=_place)
    if result.problems:
        return Reading(problems=tuple(map(tables.placed, result.problems)))
    return Reading(answers=tuple(result.answers), notes=tuple(tables.notes[:MAX_NOTES]))


def _refusals(tables: Tables, expected: Questionnaire) -> tuple[SheetProblem, ...]:
    if len(tables.identity) <= _FACTS or len(tables.identity[_FACTS]) < 4:
        return (problems.NOT_OURS,)
    version, period, edition, institution = map(shortened, tables.identity[_FACTS][:4])
    if version != str(FORMAT):
        return (problems.other_format(version) if version.isdecimal() else problems.NOT_OURS,)
    refusals: list[SheetProblem] = []
    if period != expected.period.key:
        refusals.append(problems.other_round(_period(period), expected.period.long_label))
    if institution != expected.institution_key:
        named = shortened(tables.identity[_FACTS][4]) if len(tables.identity[_FACTS]) > 4 else ""
        refusals.append(problems.other_institution(named or institution, expected.institution))
    if edition != str(expected.edition):
        refusals.append(problems.other_edition(edition, str(expected.edition)))
    if refusals:
        return tuple(refusals)
    reports = _lines(tables)
    if not all(
        len(line) >= 4 and _NUMBER.match(line[0]) and _NUMBER.match(line[2]) for line in reports
    ):
        return (problems.NOT_OURS,)
    return tuple(
        problems.foreign_report(shortened(line[1]))
        for line in reports
        if (row := expected.row(line[1])) is None or str(row.report_id) != line[0]
    )


def _lines(tables: Tables) -> list[list[str]]:
    return [line for line in tables.identity[layout.HEAD :] if any(line)]


def _exported(tables: Tables, expected: Questionnaire) -> dict[str, Exported]:
    exported = {}
    for line in _lines(tables):
        row = expected.row(line[1])
        assert row is not None  # noqa: S101 - _refusals has looked; tells the type checker
        exported[row.code] = Exported(row, int(line[2]), line[3])
    return exported


def _period(key: str) -> str:
    try:
        return Period.parse(key).long_label
    except PeriodError:
        return f"Zeitraum „{key[:20]}“"


def _compare(code: str, exported: Exported, entries: Entries, result: _Result) -> None:
    """Add the answer of one report if its rows were changed, or why it cannot be taken.

    A cell that cannot be read hides nothing else that is wrong with the report: the file is
    mended once, not problem by problem.
    """
    read_content = entries.contents[code]
    if code not in entries.numbers or (
        code not in entries.wrong and digest(read_content) == exported.digest
    ):
        return
    row = exported.row
    sentence = None
    if row.state in EDITABLE and not row.may_write:
        sentence = problems.ROUND_CLOSED
    elif not row.may_write:
        wrong, remedy = problems.LOCKED
        sentence = (wrong.format(state=REPORT_STATE[row.state].text), remedy)
    elif exported.version != row.version:
        sentence = problems.SAVED_MEANWHILE
    if sentence is not None:
        result.problems.append(_at_measure(sentence, entries.numbers[code]))
        return
    unstorable = entries.unstorable(code)
    keys = [indicator.key for indicator in row.indicators]
    content = merged(read_content, row.content, keys, row.districts)
    if _loses_text(content, canonical(row.content, keys, row.districts), read_content):
        unstorable.append(_at_measure(problems.TOO_LONG_FOR_CELL, entries.numbers[code]))
    result.problems += unstorable
    if code not in entries.wrong and not unstorable and content != row.content:
        result.answers.append(Answer(row.report_id, exported.version, content))


def _is_number(code: str, value: Any) -> bool:
    return isinstance(value, float) and bool(_DECIMAL.match(code)) and float(code) == value


def _staff_unit(row: SheetRow) -> StaffUnit | None:
    (column,) = (column for column in layout.SINGLE if column.name == "staff_unit")
    try:
        chosen = read_cell(row.cell(column.head), column)
    except CellError:
        return None
    return StaffUnit(chosen) if chosen else None


def _at_measure(sentence: tuple[str, str], row: int) -> SheetProblem:
    wrong, remedy = sentence
    return SheetProblem(wrong, remedy, layout.REPORTS, row, layout.CODE)


def _loses_text(content: ReportContent, shown: ReportContent, read: ReportContent) -> bool:
    """Return whether a line that is only partly in the table would be stored in its place."""
    lines = [(line.donor, line.programme) for line in content.funding]
    lines += [(line.title, "") for line in content.milestones]
    changed = read.funding != shown.funding or read.milestones != shown.milestones
    return changed and any(layout.TOO_LONG in texts for texts in lines)


def _place(problem: SheetProblem) -> tuple[int, int]:
    sheet = layout.SHEETS.index(problem.sheet) if problem.sheet in layout.SHEETS else -1
    return sheet, problem.row or 0


# Which column of a line a problem of the rules is about.
_LINE_COLUMN = {
    "donor_required": "Geber",
    "amount_too_fine": "Betrag in Euro",
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
            {
                (code, word): (unit, PARTICIPANT_WORDS[unit])
                for code in self.measures
                for word, unit in units.items()
            },
            Participants,
        )
        self._read_valued(
            tables[layout.INDICATORS],
            layout.INDICATOR_KEY,
            {
                (code, indicator.key): (indicator.key, unit_words(indicator.unit))
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
        code, number = row.text(layout.CODE), row.cell(layout.CODE).value
        if code in self.measures:
            return code
        # A number has lost its last zeros: 1.10 is 1.1.
        meant = [code for code in self.measures if _is_number(code, number)]
        if meant == [str(number)]:
            return meant[0]
        self._add(
            row,
            layout.CODE,
            problems.ambiguous_code(code, meant)
            if meant
            else problems.unknown_code(shortened(code)),
        )
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
            for column in layout.single(self.measures[code].districts):
                if column.name == "staff":
                    column = replace(column, units=staff_words(_staff_unit(row)))  # noqa: PLW2901
                self._parts[code][column.name] = self._value(row, column, code)
        for code in self.measures:
            if code not in self.numbers:
                self._missing(code, layout.REPORTS, layout.CODE)

    def _read_valued(
        self,
        rows: Sequence[SheetRow],
        head: str,
        expected: Mapping[tuple[str, str], tuple[Any, tuple[str, ...]]],
        kind: Callable[..., Any],
    ) -> None:
        """Read rows with one value each; they are those that the file was exported with.

        `expected` has the key and the units of a value by the code and the word of its row.
        """
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
                of_row = replace(column, units=expected[place][1])
                read[place] = (row, self._value(row, of_row, code))
        # In the order of the form, whatever the order of the rows.
        for place, (key, _) in expected.items():
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
            is_empty = all(row.cell(column.head).is_empty for column in inputs)
            if is_empty and row.text(layout.CODE) in {"", *self.measures}:
                continue
            code = self._code(row)
            if code is None or is_empty:
                continue
            values = {column.name: self._value(row, column, code) for column in inputs}
            self._line(row, inputs[0], code, name, kind(**values))

    def _line(self, row: SheetRow, column: Input, code: str, name: str, line: Any) -> None:
        self._parts[code][name] = (*self._parts[code].get(name, ()), line)
        alone: dict[str, Any] = {name: (line,)}
        self._lines[code].append(ListEntry(row, column.head, ReportContent(**alone)))
