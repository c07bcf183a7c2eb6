"""Reading a filled Erhebungsbogen: all problems at once, or the answers that change something.

The file carries a digest of each report as it was exported. A report whose rows still have it was
left alone and is ignored, whatever has happened to it since; any other must have been exported
from the version that is current.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tracker.core.periods import Period, PeriodError
from tracker.reporting.questionnaire.workbook import layout, problems
from tracker.reporting.questionnaire.workbook.archive import UnusableFileError
from tracker.reporting.questionnaire.workbook.canonical import canonical, digest, merged
from tracker.reporting.questionnaire.workbook.cells import shortened
from tracker.reporting.questionnaire.workbook.entries import Entries
from tracker.reporting.questionnaire.workbook.model import (
    FORMAT,
    Answer,
    MeasureRow,
    Questionnaire,
    Reading,
    SheetProblem,
)
from tracker.reporting.questionnaire.workbook.tables import Tables, open_tables
from tracker.reporting.rules.content import ReportContent
from tracker.reporting.rules.reports import EDITABLE
from tracker.reporting.words import REPORT_STATE

_NUMBER = re.compile(r"^[0-9]{1,9}$")
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
    return Reading(answers=tuple(result.answers))


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
    content = merged(read_content, row.content, keys)
    if _loses_text(content, canonical(row.content, keys), read_content):
        unstorable.append(_at_measure(problems.TOO_LONG_FOR_CELL, entries.numbers[code]))
    result.problems += unstorable
    if code not in entries.wrong and not unstorable and content != row.content:
        result.answers.append(Answer(row.report_id, exported.version, content))


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
