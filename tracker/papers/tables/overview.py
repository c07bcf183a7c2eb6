"""Tables of the whole: Überblick, Handlungsfelder, Ziele, Veränderungen, Rücklauf."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.publication.reading.model import Count, Report, ReturnsRow, Spread, Standing
from tracker.publication.reading.table import (
    Column,
    Function,
    Kind,
    Row,
    Table,
    Total,
    TotalRow,
    counts,
    sums,
)

_COUNTED = "Gezählt werden Maßnahmen, über die berichtet wird."


def overview(report: Report) -> Table:
    """Return the figures of the summary, one per row."""
    summary = report.summary
    total = summary.spread.total
    rows: list[Row] = [
        *_counted("Umsetzungsstand", summary.spread.counts, total),
        *_counted("Verlauf", summary.spread.courses[:-1], summary.spread.with_course),
        *_counted("ohne Verlauf", (summary.spread.courses[-1], summary.spread.counts[-1]), total),
        ("Meldungen", "gemeldet", summary.spread.reported, total, None),
        ("Meldungen", "Stand aus früherer Runde", summary.carried, total, None),
        *(
            ("Rücklauf", line.label, line.count, line.total, line.percent)
            for line in summary.returns
        ),
        ("Rücklauf", "befreit", summary.waived, None, None),
        *_counted("Veränderung", summary.changes, total),
        ("Beschlusspunkte", "Steuerungsvorschläge", len(report.decisions), None, None),
    ]
    return Table(
        "ueberblick",
        "Überblick",
        report.cover.title,
        " ".join((summary.headline, *summary.attention, summary.changes_sentence)),
        (
            Column("Frage", 20),
            Column("Wert", 34),
            Column("Anzahl", 10, Kind.WHOLE),
            Column("von", 10, Kind.WHOLE),
            Column("Prozent", 10, Kind.PERCENT),
        ),
        tuple(rows),
    )


def _counted(question: str, lines: Iterable[Count], total: int) -> tuple[Row, ...]:
    return tuple((question, line.mark.label, line.count, total, None) for line in lines)


def _spread_columns(spread: Spread) -> tuple[Column, ...]:
    names = (*(line.mark.label for line in (*spread.counts, *spread.courses)), "gemeldet", "gesamt")
    return tuple(Column(name, 12, Kind.WHOLE) for name in names)


def _spread_cells(spread: Spread) -> Row:
    lines = (*spread.counts, *spread.courses)
    return (*(line.count for line in lines), spread.reported, spread.total)


def fields(report: Report) -> Table:
    """Return the distribution of each Handlungsfeld; the sums are those of the whole."""
    columns = (
        Column("Nr.", 6, Kind.WHOLE),
        Column("Handlungsfeld", 34),
        *_spread_columns(report.summary.spread),
    )
    return Table(
        "handlungsfelder",
        "Handlungsfelder",
        "Stand nach Handlungsfeldern",
        _COUNTED,
        columns,
        tuple((item.position, item.name, *_spread_cells(item.spread)) for item in report.fields),
        totals=(sums("Summe", range(2, len(columns))),),
        frozen=2,
        label_at=1,
    )


def goals(report: Report) -> Table:
    """Return the distribution of each Oberziel; the sums are those of the whole."""
    columns = (
        Column("Nr.", 6, Kind.WHOLE),
        Column("Oberziel (Anlage 3)", 50),
        Column("Oberziel (Anlage 2)", 50),
        Column("Handlungsfeld", 30),
        *_spread_columns(report.summary.spread),
    )
    return Table(
        "ziele",
        "Ziele",
        "Stand nach Oberzielen",
        _COUNTED,
        columns,
        tuple(
            (goal.number, goal.title, goal.title_annex2, field.name, *_spread_cells(goal.spread))
            for field in report.fields
            for goal in field.goals
        ),
        totals=(sums("Summe", range(4, len(columns))),),
        frozen=2,
        label_at=1,
    )


def changes(report: Report) -> Table:
    kinds = dict.fromkeys(line.kind.label for line in report.changes)
    return Table(
        "veraenderungen",
        "Veränderungen",
        "Was sich verändert hat",
        report.summary.changes_sentence,
        (
            Column("Veränderung", 20),
            Column("Nr.", 7),
            Column("Maßnahme", 50),
            Column("Stand vorher", 20),
            Column("Verlauf vorher", 16),
            Column("Stand jetzt", 20),
            Column("Verlauf jetzt", 16),
        ),
        tuple(
            (
                line.kind.label,
                line.code,
                line.display_text,
                *standing(line.before),
                *standing(line.after),
            )
            for line in report.changes
        ),
        totals=tuple(counts(kind, (0,)) for kind in kinds),
        label_at=2,
    )


def standing(item: Standing) -> tuple[str, str]:
    """Return Umsetzungsstand and Verlauf as two cells."""
    return item.implementation.label, item.course.label if item.course else ""


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
