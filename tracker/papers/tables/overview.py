"""Tables of the whole: Überblick, Handlungsfelder, Ziele, Veränderungen, Rücklauf."""

from __future__ import annotations

from tracker.publication.reading.model import Report, ReturnsRow
from tracker.publication.reading.table import (
    Column,
    Function,
    Kind,
    Row,
    Table,
    Total,
    TotalRow,
    sums,
)


def returns_by_field(report: Report) -> Table:
    """Return the Rücklauf of each Handlungsfeld; the sums are those of the whole."""
    return _returns(
        report,
        report.returns.fields,
        key="ruecklauf",
        name="Rücklauf",
        head="Handlungsfeld",
        totals=True,
    )


def returns_by_round(report: Report) -> Table:
    return _returns(
        report,
        report.returns.rounds,
        key="ruecklauf-runden",
        name="Rücklauf je Runde",
        head="Runde",
        totals=False,
    )


def _returns(
    report: Report, lines: tuple[ReturnsRow, ...], *, key: str, name: str, head: str, totals: bool
) -> Table:
    whole = report.returns.whole
    columns = [Column(head, 40), Column("erwartet (ohne befreite)", 14, Kind.WHOLE)]
    for ratio in whole.ratios:
        columns.append(Column(ratio.label, 14, Kind.WHOLE))
        columns.append(Column(f"{ratio.label} in Prozent", 14, Kind.PERCENT))
    columns.append(Column("befreit", 10, Kind.WHOLE))
    counted = (1, *range(2, len(columns) - 1, 2), len(columns) - 1)
    shares = (Total(at, Function.SHARE, of=(at - 1, 1)) for at in range(3, len(columns) - 1, 2))
    whole_row = TotalRow("Summe", (*sums("", counted).totals, *shares))
    return Table(
        key,
        name,
        f"Rücklauf je {head}",
        " ".join(report.returns.sentences),
        tuple(columns),
        tuple(_returns_cells(line) for line in lines),
        totals=(whole_row,) if totals else (),
        frozen=1,
    )


def _returns_cells(line: ReturnsRow) -> Row:
    ratios = (part for ratio in line.ratios for part in (ratio.count, ratio.percent))
    return (line.name, line.expected, *ratios, line.waived)
