"""The report as neutral tables: what the workbook and the CSV files hold, in one order."""

from __future__ import annotations

from tracker.publication.reading import (
    decisions,
    effect_tables,
    measure_tables,
    notes,
    overview,
    returns,
    rounds,
    ziff5,
)
from tracker.publication.reading.model import Report
from tracker.publication.reading.table import Column, Kind, Table


def tables(report: Report) -> tuple[Table, ...]:
    """Return all tables in the order of the report; the first lists the others."""
    sheets = [sheet for field in report.fields for sheet in field.sheets]
    made = (
        overview.figures_table(report),
        overview.fields_table(report),
        overview.goals_table(report),
        measure_tables.register(sheets),
        rounds.table(report.rounds),
        measure_tables.reports(sheets),
        *effect_tables.tables(report.effect),
        overview.changes_table(report),
        decisions.table(report.decisions, is_over_rounds=False),
        ziff5.joined_table(report.ziff5),
        *returns.tables(report.returns),
        *(table for chapter in report.chapters for table in chapter.tables),
        notes.definitions_table(report),
        notes.notes_table(report),
        report.corrections,
        *([report.changed] if report.changed else []),
    )
    return (_contents(report, made), *made)


def _contents(report: Report, made: tuple[Table, ...]) -> Table:
    return Table(
        "inhalt",
        "Inhalt",
        f"{report.cover.title}: Tabellen",
        report.scope_note or "Alle Angaben der veröffentlichten Runde.",
        (Column("Tabelle", 28), Column("Was sie zeigt", 60), Column("Zeilen", 10, Kind.WHOLE)),
        tuple((table.name, table.title, len(table.rows)) for table in made),
    )
