"""Values of an Erhebungsbogen in German words: cells to read, and what stands wrong in a cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tracker.core.german import day
from tracker.reporting.questionnaire.workbook.layout import Input, InputKind
from tracker.reporting.rules.content import Funding, MilestoneLine, ReportContent
from tracker.reporting.words import DISTRICT

# What a cell holds: text, a number, a day, nothing.
CellValue = str | Decimal | date | None


def value_of(content: ReportContent, column: Input) -> CellValue:
    """Return what stands in an input of the sheet with one row for each measure."""
    value = getattr(content, column.name)
    if column.kind is InputKind.CHOICE:
        return dict(column.choices)[value] if value else None
    if column.kind is InputKind.DISTRICTS:
        return ", ".join(DISTRICT[item] for item in value) or None
    if isinstance(value, int):
        return Decimal(value)
    return value or None if isinstance(value, str) else value


def german_number(value: Decimal) -> str:
    """Return "1250,5": as a person may type it into a cell."""
    return format(value, "f").replace(".", ",")


def funding_words(line: Funding) -> str:
    amount = "Betrag nicht bekannt" if line.amount is None else f"{german_number(line.amount)} €"
    span = " – ".join(day(item) for item in (line.start, line.end)) if line.start else ""
    return ", ".join(part for part in (line.donor, line.programme, amount, span) if part)


def milestone_words(line: MilestoneLine) -> str:
    due = f"geplant bis {day(line.due_on)}" if line.due_on else ""
    done = f"erledigt am {day(line.done_on)}" if line.done_on else ""
    return ", ".join(part for part in (line.title, due, done) if part)
