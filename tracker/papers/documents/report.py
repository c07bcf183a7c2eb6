"""The Controllingbericht: Anlage 1 of the committee's paper (practice.md)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from tracker.papers.blocks import (
    Block,
    Bullets,
    Contents,
    Heading,
    NewPage,
    Paper,
    Rule,
    Side,
    Text,
    Tone,
)
from tracker.papers.documents import parts, sections, sheet, tables
from tracker.publication.reading import sentences
from tracker.publication.reading.model import Cover, FieldSection, Report
from tracker.publication.reading.words import written


def paper(report: Report) -> Paper:
    """Return the whole report in the order of practice.md."""
    cover = report.cover
    blocks = (
        *_cover(report),
        *_legends(report),
        NewPage(),
        *_summary(report),
        *parts.what_changed(report, numbered=True),
        NewPage(),
        *_decisions(report),
        *_changes(report),
        *_fields(report),
        *_sheets(report),
        NewPage(),
        Heading(1, "Angaben nach Ziffer 5 des Ratsbeschlusses", numbered=True),
        *chain.from_iterable(parts.list_table(item) for item in report.ziff5),
        *sections.effect(report.effect),
        *sections.returns(report.returns),
        *sections.data_notes(report),
        *_chapters(report),
        *_editorial(report),
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


def _chapters(report: Report) -> Iterator[Block]:
    for chapter in report.chapters:
        yield Heading(1, chapter.title, numbered=True)
        for table in chapter.tables:
            yield from parts.list_table(table)


def _editorial(report: Report) -> Iterator[Block]:
    if report.editorial.rows:
        yield Heading(1, report.editorial.title, numbered=True)
        yield from parts.list_table(report.editorial, level=None)


def _committee(cover: Cover) -> str:
    sitting = "" if cover.committee_on is None else f" (Sitzung am {written(cover.committee_on)})"
    return f"{cover.committee}{sitting}"


def _cover(report: Report) -> Iterator[Block]:
    cover = report.cover
    yield from parts.notices(cover, report.scope_note)
    yield Text(cover.concept)
    compared = f" Verglichen wird mit der Runde {cover.previous}." if cover.previous else ""
    yield Text(
        f"Meldungen waren bis {written(cover.due_on)} erbeten; veröffentlicht wurde diese Fassung "
        f"am {written(cover.published_on)}.{compared}"
    )
    yield Text("Prüfsumme der veröffentlichten Daten (SHA-256):", tone=Tone.SOFT)
    # On a line of its own: whoever copies it gets it whole.
    yield Text(cover.sha256, tone=Tone.SOFT)
    yield Contents()


def _legends(report: Report) -> Iterator[Block]:
    yield Heading(1, "Zeichen und Begriffe", numbered=True)
    yield Text("Jedes Zeichen steht mit seinem Wort. Farben allein bedeuten nichts.")
    first, *others = report.legends
    yield from parts.legend(first)
    yield Side(
        parts=tuple(parts.legend(group, width=38) for group in others), widths=(0,) * len(others)
    )
    yield Heading(2, "So wird gezählt")
    yield parts.entry_pairs(report.formulas)


def _summary(report: Report) -> Iterator[Block]:
    summary, cover = report.summary, report.cover
    yield Heading(1, "Zusammenfassung", numbered=True)
    yield Text(f"{cover.title}, {parts.as_of(cover)}", tone=Tone.SOFT)
    yield Text(summary.headline, tone=Tone.STRONG)
    yield parts.bars((summary.spread,), title="Umsetzungsstand der Maßnahmen", names=False)
    yield Bullets(summary.attention)
    yield Side(
        parts=(
            (parts.counts_table("Umsetzungsstand", summary.spread.counts),),
            (parts.courses_table(summary.spread),),
            (parts.returns_table(summary.returns, summary.waived),),
        ),
        widths=(58, 58, 0),
    )
    yield Text(summary.changes_sentence)
    if summary.changes:
        yield parts.changes_by_kind(summary.changes, report.changes)
    if len(report.fields) < 2:
        return
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
    yield Text(sentences.proposals(len(report.decisions), report.summary.without_decision))
    sheets = tables.by_code(report)
    for line in report.decisions:
        yield from tables.decision(line, sheets.get(line.code))


def _changes(report: Report) -> Iterator[Block]:
    if not report.since:
        return
    yield Heading(1, f"Veränderungen {report.since}", numbered=True)
    yield Text(report.summary.changes_sentence)
    yield from sections.trend(report.rounds)
    if report.changes:
        yield Heading(2, "Maßnahmen mit Veränderung")
        yield Text("Verschlechterte stehen zuerst.")
        yield tables.changes_table(report.changes, tables.by_code(report))


def _fields(report: Report) -> Iterator[Block]:
    yield Heading(1, "Stand nach Handlungsfeldern", numbered=True)
    yield Text("Gezählt werden die Maßnahmen, über die berichtet wird.")
    yield tables.fields_table(report)
    for field in report.fields:
        yield Heading(2, f"Handlungsfeld {field.code}: {field.name}")
        yield Text(field.sentence)
        if field.listed:
            yield Text(field.listed)
        if field.sheets:
            yield tables.measures_table(
                field.name, field.sheets, occasions=report.scope.exceptions_only
            )


def _sheets(report: Report) -> Iterator[Block]:
    if not report.scope.sheets or not any(field.sheets for field in report.fields):
        return
    yield NewPage()
    yield Heading(1, "Maßnahmenblätter", numbered=True)
    for field in report.fields:
        if field.sheets:
            yield from _sheets_of(field)


def _sheets_of(field: FieldSection) -> Iterator[Block]:
    yield Heading(2, f"Handlungsfeld {field.code}: {field.name}")
    for number, item in enumerate(field.sheets):
        if number:
            yield Rule()
        yield from sheet.heading(item)
        yield from sheet.body(item)
