"""The Controllingbericht: Anlage 1 of the committee's paper (practice.md)."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.exports.model import (
    Cover,
    DecisionLine,
    FieldSection,
    ListTable,
    MeasureSheet,
    Report,
)
from tracker.exports.paper import (
    Block,
    Bullets,
    Contents,
    Heading,
    NewPage,
    Pair,
    Pairs,
    Paper,
    Rule,
    Side,
    Text,
    Tone,
)
from tracker.exports.papers import parts, sheet, tables
from tracker.exports.papers.parts import CELL
from tracker.exports.words import german, shortened


def paper(report: Report) -> Paper:
    """Return the whole report in the order of practice.md."""
    cover = report.cover
    blocks = (
        *_cover(cover),
        *_legends(report),
        NewPage(),
        *_summary(report),
        NewPage(),
        *_decisions(report),
        *_changes(report),
        *_fields(report),
        NewPage(),
        *_sheets(report),
        NewPage(),
        *_lists("Angaben nach Ziffer 5 des Ratsbeschlusses", report.ziff5),
        *_lists("Hinweise zu den Daten", report.data_notes),
        Heading(1, report.editorial.title, numbered=True),
        *parts.list_table(report.editorial, level=None),
    )
    return parts.paper(
        cover,
        blocks,
        stem="controllingbericht",
        title=cover.title,
        subtitle=f"{_committee(cover)} · {parts.as_of(cover)}",
        running_head="Anlage 1 zu Drucksache",
        asks_number=True,
    )


def _committee(cover: Cover) -> str:
    sitting = "" if cover.committee_on is None else f" (Sitzung am {german(cover.committee_on)})"
    return f"{cover.committee}{sitting}"


def _cover(cover: Cover) -> Iterator[Block]:
    yield from parts.notices(cover)
    yield Text(cover.concept)
    compared = (
        f" Verglichen wird mit der zuletzt davor veröffentlichten Runde {cover.previous}."
        if cover.previous
        else ""
    )
    yield Text(
        f"Meldungen waren bis {german(cover.due_on)} erbeten; veröffentlicht wurde diese Fassung "
        f"am {german(cover.published_on)}.{compared}"
    )
    digest = f"{cover.sha256[:32]} {cover.sha256[32:]}"
    yield Text(
        f"Die vollständige Prüfsumme (SHA-256) der veröffentlichten Daten lautet {digest}.",
        tone=Tone.SOFT,
    )
    yield Contents()


def _legends(report: Report) -> Iterator[Block]:
    yield Heading(1, "Zeichen und Begriffe", numbered=True)
    yield Text("Jedes Zeichen steht mit seinem Wort. Farben allein bedeuten nichts.")
    for group in report.legends:
        yield from parts.legend(group)
    yield Heading(2, "So wird gezählt")
    yield parts.entry_pairs(report.formulas)


def _summary(report: Report) -> Iterator[Block]:
    summary, cover = report.summary, report.cover
    yield Heading(1, "Zusammenfassung", numbered=True)
    yield Text(f"{cover.title}, {parts.as_of(cover)}", tone=Tone.SOFT)
    yield Text(summary.headline, tone=Tone.STRONG)
    yield Bullets(summary.attention)
    yield parts.bars((summary.spread,), title="Umsetzungsstand aller Maßnahmen", names=False)
    yield Text(tables.most_frequent(summary.spread))
    yield Side(
        parts=(
            (parts.counts_table("Umsetzungsstand", summary.spread.counts),),
            (parts.courses_table(summary.spread),),
            (parts.returns_table(summary.returns, summary.waived),),
        ),
        widths=(60, 0, 0),
    )
    yield Text(summary.changes_sentence)
    if summary.changes:
        yield parts.changes_by_kind(summary.changes, report.changes)
    yield Heading(2, "Handlungsfelder im Vergleich")
    yield Text(
        "Die Balken zählen Maßnahmen auf derselben Skala; daneben steht, wie viele gemeldet sind."
    )
    yield parts.bars(
        [field.spread for field in report.fields],
        title="Umsetzungsstand nach Handlungsfeldern",
        names=True,
    )


def _decisions(report: Report) -> Iterator[Block]:
    yield Heading(1, "Beschlusspunkte", numbered=True)
    if not report.decisions:
        yield Text("Keine angenommene Meldung enthält einen Steuerungsvorschlag.")
    sheets = tables.by_code(report)
    for line in report.decisions:
        yield from decision(line, sheets.get(line.code))


def decision(line: DecisionLine, its_sheet: MeasureSheet | None) -> tuple[Block, ...]:
    """Return a Steuerungsvorschlag with all that the committee needs beside it."""
    dissent = "" if its_sheet is None else its_sheet.dissent
    return (
        Heading(2, f"{line.code} {shortened(line.display_text, CELL)}"),
        Pairs(
            (
                Pair("Stand", parts.standing_cell(line.standing)),
                Pair("Verlauf", parts.course_cell(line.standing)),
                Pair("federführend", line.lead),
                parts.text_pair("Steuerungsvorschlag", line.consequence),
                parts.text_pair("Begründung", line.reason),
                *((parts.text_pair("Abweichende Stellungnahme", dissent),) if dissent else ()),
            )
        ),
    )


def _changes(report: Report) -> Iterator[Block]:
    if not report.cover.previous:
        return
    yield Heading(1, f"Veränderungen seit {report.cover.previous}", numbered=True)
    yield Text(report.summary.changes_sentence)
    if report.changes:
        yield tables.changes_table(report.changes, tables.by_code(report))


def _fields(report: Report) -> Iterator[Block]:
    yield Heading(1, "Stand nach Handlungsfeldern", numbered=True)
    yield Text("Gezählt werden die Maßnahmen, über die berichtet wird.")
    yield tables.fields_table(report)
    for field in report.fields:
        yield Heading(2, f"Handlungsfeld {field.position}: {field.name}")
        yield Text(field.sentence)
        yield tables.measures_table(field.name, field.sheets)


def _sheets(report: Report) -> Iterator[Block]:
    yield Heading(1, "Maßnahmenblätter", numbered=True)
    for field in report.fields:
        yield from _sheets_of(field)


def _sheets_of(field: FieldSection) -> Iterator[Block]:
    yield Heading(2, f"Handlungsfeld {field.position}: {field.name}")
    for number, item in enumerate(field.sheets):
        if number:
            yield Rule()
        yield from sheet.heading(item)
        yield from sheet.body(item)


def _lists(title: str, shown: tuple[ListTable, ...]) -> Iterator[Block]:
    yield Heading(1, title, numbered=True)
    if not shown:
        yield Text("Es gibt nichts zu beachten.")
    for item in shown:
        yield from parts.list_table(item)
