"""Tables of texts: Beschlusspunkte, Ziffer 5, Begriffe, Hinweise, Korrekturen."""

from __future__ import annotations

from tracker.publication.reading.decisions import table as decision_table
from tracker.publication.reading.model import Report
from tracker.publication.reading.table import Column, Kind, Table, joined, sums


def decisions(report: Report) -> Table:
    return decision_table(report.decisions, is_over_rounds=False)


def ziff5(report: Report) -> Table:
    """Return the four lists of 002, Ziff. 5 with the sum of the laufende städtische Förderung."""
    columns, rows = joined("Liste", report.ziff5)
    amounts = [at for at, column in enumerate(columns) if column.kind is Kind.MONEY]
    return Table(
        "ziffer-5",
        "Ziffer 5",
        "Angaben nach Ziffer 5 des Ratsbeschlusses",
        " ".join(f"{item.title}: {item.sentence}" for item in report.ziff5),
        columns,
        rows,
        totals=(sums("Summe", amounts),) if amounts else (),
        frozen=2,
    )


def definitions(report: Report) -> Table:
    """Return marks, words and formulas as they were in force."""
    return Table(
        "begriffe",
        "Begriffe",
        "Zeichen, Begriffe und Formeln",
        "So galten sie am Tag der Veröffentlichung.",
        (Column("Gruppe", 34), Column("Begriff", 26), Column("Bedeutung", 100)),
        (
            *(
                (legend.title, mark.label, mark.definition)
                for legend in report.legends
                for mark in legend.marks
            ),
            *(("So wird gezählt", entry.label, entry.value) for entry in report.formulas),
        ),
    )


def notes(report: Report) -> Table:
    """Return what a reader must know about the data, and remarks on wordings."""
    columns, rows = joined(
        "Hinweis", (*report.data_notes, report.returns.waivers, report.editorial)
    )
    return Table(
        "hinweise",
        "Hinweise",
        "Hinweise zu den Daten und redaktionelle Anmerkungen",
        "Was nicht gemeldet, übernommen, anders festgestellt oder korrigiert wurde.",
        columns,
        rows,
    )


def corrections(report: Report) -> Table:
    """Return the corrections of this and earlier rounds with their reasons."""
    return Table(
        "korrekturen",
        "Korrekturen",
        "Korrekturen veröffentlichter Runden",
        "Frühere Fassungen bleiben lesbar.",
        (
            Column("Runde", 16),
            Column("Fassung", 10, Kind.WHOLE),
            Column("veröffentlicht am", 16, Kind.DAY),
            Column("Begründung", 80),
        ),
        tuple(
            (line.round, line.version, line.published_on, line.reason)
            for line in report.corrections
        ),
    )
