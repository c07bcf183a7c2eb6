"""Measures × rounds as values: what each cell says, and what stood still over the rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dashboards.content.tables import Table
from tracker.core.periods import Period
from tracker.publication.reading.words import Json, Words
from tracker.publication.rules.measure_rounds import Kind, kind_of
from tracker.publication.rules.snapshot_json import read_value
from tracker.publication.rules.standstill import LONG, silent_for, stuck_for, unchanged_for
from tracker.reporting.rules.figures import Value

NOT_YET = "noch nicht im Konzept"
NOT_THERE = "nicht im Konzept"


@dataclass(frozen=True)
class Cell:
    """A measure in one round: `text` says all of it; `origin` is the quarter a value is from.

    `implementation` and `course` are the values drawn, "" where there is none; `value` is what
    was reported in this round.
    """

    kind: Kind
    text: str
    implementation: str = ""
    course: str = ""
    origin: str = ""
    value: Value | None = None


@dataclass(frozen=True)
class Line:
    """A measure over the rounds shown, oldest first."""

    code: str
    text: str
    field: int
    cells: tuple[Cell, ...]

    @property
    def is_reference(self) -> bool:
        """Return whether no round asks for a report."""
        return {cell.kind for cell in self.cells} <= {Kind.REFERENCE, Kind.ABSENT}

    @property
    def values(self) -> list[Value | None]:
        """Return the reported values of the rounds in a row that ask for a report until now."""
        found: list[Value | None] = []
        for cell in reversed(self.cells):
            if cell.kind in (Kind.REFERENCE, Kind.ABSENT):
                break
            found.insert(0, cell.value)
        return found


@dataclass(frozen=True)
class Grid:
    """All lines with the rounds they run over, oldest first, as "Q3/2026"."""

    rounds: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Standing:
    """What stood still: each measure with its number of rounds, the longest first.

    `threshold` is the number of rounds from which on a measure is named, `total` how many
    measures are reported on.
    """

    threshold: int
    total: int
    stuck: tuple[tuple[Line, int], ...]
    unchanged: tuple[tuple[Line, int], ...]
    silent: tuple[tuple[Line, int], ...]


def grid(overviews: Sequence[Json], words: Sequence[Words], chosen: Sequence[Json]) -> Grid:
    """Return the chosen measures over these rounds, oldest first; `words` are each round's."""
    known = [{item["code"]: item for item in part["measures"]} for part in overviews]
    return Grid(
        rounds=tuple(part["round"]["label"] for part in overviews),
        lines=tuple(_line(item, known, words) for item in chosen),
    )


def standing(lines: Sequence[Line], rounds: int) -> Standing:
    """Return what has stood still; with few `rounds` shown, over all of them."""
    threshold = min(LONG, rounds)
    asked = [(line, line.values) for line in lines if line.values]
    counted = {
        "stuck": [(line, stuck_for(values)) for line, values in asked],
        "unchanged": [(line, unchanged_for(values)) for line, values in asked],
        "silent": [(line, silent_for(values)) for line, values in asked],
    }
    long = {
        name: tuple(
            sorted((pair for pair in pairs if pair[1] >= threshold), key=lambda pair: -pair[1])
        )
        for name, pairs in counted.items()
    }
    return Standing(threshold, len(asked), **long)


def gone(overviews: Sequence[Json]) -> list[tuple[str, str]]:
    """Return what the last round no longer has: each code with the last round that had it."""
    last: dict[str, str] = {}
    for part in overviews:
        last |= {item["code"]: part["round"]["period"] for item in part["measures"]}
    now = {item["code"] for item in overviews[-1]["measures"]}
    return [(code, period) for code, period in last.items() if code not in now]


def skipped(periods: Sequence[str]) -> list[str]:
    """Return the labels of periods between those given (oldest first) that have no round."""
    found = []
    for before, after in pairwise(periods):
        until = Period.parse(after)
        missing = Period.parse(before).next()
        # A change from quarters to half-years leaves no countable gap.
        while missing.kind == until.kind and missing < until:
            found.append(missing.label)
            missing = missing.next()
    return found


def as_table(shown: Grid, fields: Mapping[int, str]) -> Table:
    """Return the grid in words, with the rounds each measure stood still."""
    rows = []
    for line in shown.lines:
        values = line.values
        counts = (unchanged_for(values), stuck_for(values), silent_for(values)) if values else ()
        rows.append(
            (
                line.code,
                line.text,
                fields[line.field],
                *(cell.text for cell in line.cells),
                *(counts or (None, None, None)),
            )
        )
    return Table(
        key="verlauf",
        caption="Maßnahmen über die Runden",
        head=(
            "Nr.",
            "Maßnahme",
            "Handlungsfeld",
            *shown.rounds,
            "Runden unverändert",
            "Runden gefährdet oder kritisch ohne Bewegung",
            "Runden ohne Meldung",
        ),
        rows=tuple(rows),
    )


def _line(item: Json, known: Sequence[Mapping[str, Json]], words: Sequence[Words]) -> Line:
    cells: list[Cell] = []
    for measures, vocabulary in zip(known, words, strict=True):
        found = measures.get(item["code"])
        if found is None:
            seen = any(cell.kind is not Kind.ABSENT for cell in cells)
            cells.append(Cell(Kind.ABSENT, NOT_THERE if seen else NOT_YET))
        else:
            cells.append(_cell(found, vocabulary))
    return Line(item["code"], item["display_text"], item["field"], tuple(cells))


def _cell(item: Json, words: Words) -> Cell:
    kind = kind_of(item)
    if kind is Kind.REFERENCE:
        noun = words.choices["measure_kind"][item["kind"]]
        return Cell(kind, f"{noun}: wird nicht berichtet")
    if kind is Kind.REPORTED:
        value = item["value"]
        return Cell(
            kind,
            words.value(value),
            value["implementation"],
            value["course"] or "",
            value=read_value(value),
        )
    if kind is Kind.CARRIED:
        carried = item["carried"]
        return Cell(
            kind,
            f"{words.no_report.label}, zuletzt {carried['label']}: {words.value(carried)}",
            carried["implementation"],
            carried["course"] or "",
            carried["label"],
        )
    return Cell(kind, words.no_report.label)
