"""Two rounds side by side: what differs, what stayed, and what cannot be compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tracker.core.errors import NotFound
from tracker.core.german import opening
from tracker.papers.blocks import Block, Cell, Column, Heading, Line, Paper, Table, Text, Tone
from tracker.papers.documents import parts, sheet, tables
from tracker.publication.reading.comparison import counts_table, courses
from tracker.publication.reading.model import (
    ChangeLine,
    Compared,
    Count,
    MeasureSheet,
    Report,
    Spread,
)
from tracker.publication.reading.sentences import most_frequent, nothing_moved, some_measures
from tracker.publication.reading.words import written
from tracker.reporting.rules.figures import Change

_MOVES = frozenset(Change) - {Change.UNCHANGED, Change.NOT_REPORTED}
_BOTH = frozenset({Change.WORSE, Change.BETTER, Change.UNCHANGED})


def paper(report: Report) -> Paper:
    """Return the comparison with the round that the report is compared with.

    Raises NotFound for a report without one.
    """
    compared, cover = report.compared, report.cover
    if compared is None:
        raise NotFound(
            f"Zu {cover.round} gibt es keine frühere Runde. Bitte wählen Sie eine Runde, mit der "
            "verglichen wird."
        )
    return parts.paper(
        cover,
        _blocks(report, compared),
        legends=report.legends,
        stem="vergleich",
        title="Vergleich zweier Runden",
        subtitle=(
            f"{compared.label} und {report.rounds.labels[-1]} · "
            f"Stichtag {written(cover.as_of)} · Fassung {cover.version}"
        ),
        running_head=f"{cover.plan}: Vergleich zweier Runden",
    )


def _blocks(report: Report, compared: Compared) -> Iterator[Block]:
    yield from parts.notices(report.cover, report.scope_note)
    yield from parts.what_changed(report)
    yield Heading(1, "Auf einen Blick")
    yield Text(report.summary.changes_sentence, tone=Tone.STRONG)
    yield Text(
        f"„Vorher“ meint überall {compared.label}, „jetzt“ {report.rounds.labels[-1]}. In beiden "
        "Runden sind dieselben Maßnahmen gezählt."
    )
    yield from _comparable(report)
    yield from _distributions(report, compared)
    yield from _fields(report, compared)
    yield from _differences(report)


def _distributions(report: Report, compared: Compared) -> Iterator[Block]:
    now, labels = report.summary.spread, (compared.label, report.rounds.labels[-1])
    before = compared.spread
    yield Heading(1, "Verteilung in beiden Runden")
    then, here = (most_frequent(side, among=report.summary.among) for side in (before, now))
    yield Text(f"Vorher: {then} Jetzt: {here}")
    yield parts.bars(
        tuple(
            replace(spread, name=label) for spread, label in zip((before, now), labels, strict=True)
        ),
        title="Umsetzungsstand in beiden Runden",
        names=True,
    )
    yield _both("Umsetzungsstand", before.counts, now.counts, labels)
    not_asked = now.courses[-1].mark
    yield Text(f"„{opening(not_asked.label)}“ heißt: {not_asked.definition}.")
    yield _both("Verlauf", courses(before), courses(now), labels)


def _both(
    name: str, before: tuple[Count, ...], now: tuple[Count, ...], labels: tuple[str, str]
) -> Table:
    table = counts_table(name, before, now, labels)
    first, *others = table.columns
    return Table(
        title=table.title,
        columns=(Column(first.name), *(Column(line.name, 28, numeric=True) for line in others)),
        rows=tuple(
            (Line(mark=line.mark), *row[1:]) for line, row in zip(now, table.rows, strict=True)
        ),
    )


def _fields(report: Report, compared: Compared) -> Iterator[Block]:
    if not report.fields:
        return
    yield Heading(2, "Nach Handlungsfeldern")
    yield Text("Angenommene Meldungen und der Verlauf der gemeldeten Maßnahmen.")
    yield Table(
        title="Handlungsfelder in beiden Runden",
        columns=(
            Column("Handlungsfeld"),
            Column("Maßnahmen", 20, numeric=True),
            Column("gemeldet vorher", 22, numeric=True),
            Column("gemeldet jetzt", 22, numeric=True),
            Column("gefährdet oder kritisch vorher", 26, numeric=True),
            Column("gefährdet oder kritisch jetzt", 26, numeric=True),
        ),
        rows=tuple(
            _field_row(before, field.spread)
            for before, field in zip(compared.fields, report.fields, strict=True)
        ),
    )


def _field_row(before: Spread, now: Spread) -> tuple[Cell, ...]:
    return (now.name, now.total, before.reported, now.reported, _troubled(before), _troubled(now))


def _troubled(spread: Spread) -> int:
    return sum(line.count for line in spread.courses if line.mark.code in ("at_risk", "critical"))


def _differences(report: Report) -> Iterator[Block]:
    yield Heading(1, "Maßnahmen mit Unterschieden")
    sheets = tables.by_code(report)
    for change in report.summary.changes:
        lines = tuple(line for line in report.changes if line.kind.code == change.mark.code)
        if lines:
            # A scope may list only some of those that are counted.
            listed = "" if len(lines) == change.count else f"{len(lines)} von "
            yield Heading(2, f"{opening(change.mark.label)} ({listed}{change.count})")
            yield Text(f"{opening(change.mark.definition)}.")
            yield _changed(lines, sheets, title=f"Maßnahmen: {change.mark.label}")
    if not report.changes:
        yield Text(_nothing_listed(report))


def _nothing_listed(report: Report) -> str:
    moved = any(change.count for change in report.summary.changes if change.mark.code in _MOVES)
    if moved:
        return "Keine der veränderten Maßnahmen ist eine Ausnahme."
    return nothing_moved("Zwischen den beiden Runden")


def _changed(
    lines: tuple[ChangeLine, ...], sheets: dict[str, MeasureSheet], *, title: str
) -> Table:
    """Return measures before and now, with what they do next."""
    table = tables.changed_table(lines, sheets, title=title)
    return replace(
        table,
        columns=(*table.columns, Column("Nächster Schritt", 38)),
        rows=tuple(
            (*row, sheet.step(sheets[line.code], length=parts.STEP))
            for line, row in zip(lines, table.rows, strict=True)
        ),
    )


def _comparable(report: Report) -> Iterator[Block]:
    counts = {change.mark.code: change for change in report.summary.changes}
    both = sum(counts[kind].count for kind in _BOTH)
    total = report.summary.spread.total
    yield Heading(2, "Was sich vergleichen lässt und was nicht")
    yield Text(
        "Vergleichen lässt sich, was in beiden Runden gemeldet ist: "
        f"{some_measures(both, total)}. Wo in einer der Runden keine Meldung vorliegt, ist der "
        "Unterschied kein Fortschritt und kein Rückschritt."
    )
    yield Table(
        title="Vergleichbare und nicht vergleichbare Maßnahmen",
        columns=(
            Column("Maßnahmen", 48),
            Column("vergleichbar", 26),
            Column("Anzahl", 18, numeric=True),
            Column("Nr."),
        ),
        rows=tuple(
            (
                Line(mark=change.mark),
                "ja" if change.mark.code in _BOTH else "nein",
                change.count,
                _codes(report, change),
            )
            for change in report.summary.changes
        ),
    )


def _codes(report: Report, change: Count) -> str:
    """Return the numbers behind a count; a scope may list fewer than are counted."""
    codes = [
        measure.code
        for measure in tables.by_code(report).values()
        if measure.change is not None and measure.change.code == change.mark.code
    ]
    listed = ", ".join(codes)
    return listed if len(codes) == change.count else f"unter anderem {listed}" if listed else ""
