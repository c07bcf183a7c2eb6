"""The report as neutral tables: what the workbook and the CSV files hold, in one order."""

from __future__ import annotations

from collections.abc import Callable

from tracker.papers.tables import measures
from tracker.publication.reading import (
    decisions,
    effect_tables,
    notes,
    overview,
    returns,
    rounds,
    ziff5,
)
from tracker.publication.reading.model import Report
from tracker.publication.reading.table import Column, Kind, Table

_TABLES: tuple[Callable[[Report], Table], ...] = (
    overview.figures_table,
    overview.fields_table,
    overview.goals_table,
    measures.measures,
    lambda report: rounds.table(report.rounds),
    measures.reports,
    lambda report: effect_tables.summary(report.effect),
    lambda report: effect_tables.by_field(report.effect),
    lambda report: effect_tables.by_measure(report.effect),
    lambda report: effect_tables.costs(report.effect),
    lambda report: effect_tables.donors(report.effect),
    lambda report: effect_tables.grants(report.effect),
    lambda report: effect_tables.indicators(report.effect),
    overview.changes_table,
    lambda report: decisions.table(report.decisions, is_over_rounds=False),
    lambda report: ziff5.joined_table(report.ziff5),
    lambda report: returns.tables(report.returns)[0],
    lambda report: returns.tables(report.returns)[1],
    notes.definitions_table,
    notes.notes_table,
    lambda report: report.corrections,
)


def tables(report: Report) -> tuple[Table, ...]:
    """Return all tables in the order of the report; the first lists the others."""
    found = tuple(make(report) for make in _TABLES)
    return (_contents(report, found), *found)


def _contents(report: Report, found: tuple[Table, ...]) -> Table:
    return Table(
        "inhalt",
        "Inhalt",
        f"{report.cover.title}: Tabellen",
        report.scope_note or "Alle Angaben der veröffentlichten Runde.",
        (Column("Tabelle", 28), Column("Was sie zeigt", 60), Column("Zeilen", 10, Kind.WHOLE)),
        tuple((table.name, table.title, len(table.rows)) for table in found),
    )
