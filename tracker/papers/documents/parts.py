"""Pieces that several papers share: the frame, marks in cells, tables of counts, lists."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from tracker.core.german import shortened
from tracker.papers.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Line,
    Notice,
    Pair,
    Pairs,
    Paper,
    Picture,
    Table,
    Text,
    Tone,
    lines_of,
    walk,
)
from tracker.papers.charts import spread_in_words, stacked_bars
from tracker.publication.reading.measure import printed
from tracker.publication.reading.model import (
    ChangeLine,
    Count,
    Cover,
    Entry,
    Legend,
    Mark,
    Ratio,
    Report,
    Spread,
    Standing,
    Value,
)
from tracker.publication.reading.table import Kind
from tracker.publication.reading.table import Table as ReadTable
from tracker.publication.reading.words import TEXTS, written

# A row never splits: what is longer stands shortened in tables and in full in the sheet.
CELL = 140
STEP = 180
# What is longer may split after all: better than a text cut off at the end of the page.
LONG = 800
PAGE = 170
_WIDE = ("Maßnahme", "Ziel oder Maßnahme", "Konkretisierung", "Anmerkung")
_FIRST = {"Nr.": 15, "zu": 15, "Fassung": 18}
_NUMERIC = (Kind.WHOLE, Kind.MONEY)


def paper(
    cover: Cover,
    blocks: Iterable[Block],
    *,
    stem: str,
    title: str,
    subtitle: str,
    running_head: str,
    asks_number: bool = False,
    legends: Iterable[Legend] = (),
) -> Paper:
    """Return a paper about a published round; foot and date are those of the publication.

    At its end it explains those marks of `legends` that its blocks show.
    """
    shown = tuple(blocks)
    marked = " · Vorführung" if cover.demonstration else ""
    return Paper(
        stem=stem,
        title=title,
        kicker=f"{cover.city} · {cover.office}",
        subtitle=subtitle,
        author=cover.office,
        description=f"{title}, {cover.round}, Stichtag {written(cover.as_of)}",
        running_head=running_head,
        asks_number=asks_number,
        footer=(
            f"Stichtag {written(cover.as_of)} · Fassung {cover.version} · "
            f"Prüfsumme {cover.sha256[:12]} · Texte {TEXTS}{marked}"
        ),
        made_on=cover.published_on,
        blocks=(*shown, *_legends(shown, legends)),
    )


def as_of(cover: Cover) -> str:
    return f"{cover.round} · Stichtag {written(cover.as_of)} · Fassung {cover.version}"


def notices(cover: Cover, *others: str) -> tuple[Block, ...]:
    """Return what must not be overlooked: demonstration, a correction, `others`."""
    correction = cover.reason and f"Korrigierte Fassung {cover.version}: {cover.reason}"
    texts = (cover.demonstration, correction, *others)
    return tuple(Notice(text) for text in texts if text)


def what_changed(
    report: Report, codes: Container[str] | None = None, *, level: int = 1, numbered: bool = False
) -> Iterator[Block]:
    """Return what a corrected version changed, of all or of these measures and the whole."""
    if report.changed is None:
        return
    of_these = (
        row for row in report.changed.rows if codes is None or not row[0] or row[0] in codes
    )
    table = replace(report.changed, rows=tuple(of_these))
    if table.rows:
        yield Heading(level, table.title, numbered=numbered)
        yield from list_table(table, level=None)


def standing_cell(standing: Standing, *further: Line) -> tuple[Line, ...]:
    """Return Umsetzungsstand with what must be known beside it."""
    note = (Line(standing.note, tone=Tone.SOFT),) if standing.note else ()
    return (Line(mark=standing.implementation), *note, *further)


def before_cell(standing: Standing, *, before: str = "", tone: Tone = Tone.NORMAL) -> Line:
    """Return where it stood before; without an earlier round there is nothing to say but that."""
    if standing.note:
        return Line(standing.note, before=before, tone=tone)
    return Line(mark=standing.implementation, before=before, tone=tone)


def course_cell(standing: Standing) -> tuple[Line, ...]:
    """Return Verlauf with what must be known beside it; a dash where there was no report."""
    if standing.course is None:
        return (Line("–"),)
    note = (Line(standing.course_note, tone=Tone.SOFT),) if standing.course_note else ()
    return (Line(mark=standing.course), *note)


def both_cell(standing: Standing) -> tuple[Line, ...]:
    course = () if standing.course is None else course_cell(standing)
    return (*standing_cell(standing), *course)


def text_pair(label: str, text: str) -> Pair:
    """Return a named text, its paragraphs below one another; "–" for none."""
    paragraphs = tuple(Line(part) for part in text.splitlines() if part.strip())
    return Pair(label, paragraphs or "–")


def entry_pairs(entries: Iterable[Entry]) -> Pairs:
    return Pairs(
        tuple(
            text_pair(item.label, printed(item))
            if isinstance(item.value, str)
            else Pair(item.label, item.value)
            for item in entries
        )
    )


def counts_table(name: str, counts: Iterable[Count]) -> Table:
    return Table(
        title=f"{name}: Anzahl der Maßnahmen",
        columns=(Column(name), Column("Maßnahmen", 24, numeric=True)),
        rows=tuple((Line(mark=item.mark), item.count) for item in counts),
    )


def courses_table(spread: Spread) -> Table:
    """Return Verlauf, counted of the measures that have one, and those that have none."""
    of = f"von {spread.with_course}"
    return Table(
        title="Verlauf: Anzahl der Maßnahmen",
        columns=(Column("Verlauf"), Column("Maßnahmen", 24, numeric=True)),
        rows=(
            *((Line(mark=item.mark), f"{item.count} {of}") for item in spread.courses[:-1]),
            *(
                (Line(mark=item.mark), item.count)
                for item in (spread.courses[-1], spread.counts[-1])
            ),
        ),
    )


def returns_table(returns: Iterable[Ratio], waived: int) -> Table:
    return Table(
        title="Rücklauf: Anzahl der Meldungen",
        columns=(Column("Rücklauf"), Column("Meldungen", 19, numeric=True)),
        rows=(
            *((item.label, f"{item.count} von {item.total}") for item in returns),
            ("befreit", waived),
        ),
    )


def bars(spreads: Iterable[Spread], *, title: str, names: bool) -> Picture:
    """Return one stacked bar per distribution, on one scale of counts."""
    shown = tuple(spreads)
    return Picture(
        svg=stacked_bars(shown, names=names),
        alternative="; ".join(spread_in_words(item) for item in shown),
        title=title,
    )


def changes_by_kind(counts: Iterable[Count], lines: Iterable[ChangeLine]) -> Table:
    """Return how many measures changed how, with their numbers; the texts follow later."""
    codes: dict[str, list[str]] = {}
    for line in lines:
        codes.setdefault(line.kind.code, []).append(line.code)
    return Table(
        title="Veränderungen: Anzahl und Nummern der Maßnahmen",
        columns=(Column("Veränderung", 50), Column("Maßnahmen", 24, numeric=True), Column("Nr.")),
        rows=tuple(
            (Line(mark=item.mark), item.count, _numbers(codes.get(item.mark.code, []), item.count))
            for item in counts
        ),
    )


def _numbers(codes: list[str], count: int) -> str:
    """Return the numbers of measures; a scope may list only some of those that are counted."""
    if not codes or len(codes) == count:
        return ", ".join(codes)
    return f"{', '.join(codes)} und {count - len(codes)} nicht aufgeführte"


def list_table(item: ReadTable, *, level: int | None = 2) -> tuple[Block, ...]:
    """Return a list with its sentence; without rows the sentence alone. `level` None: no head."""
    heading = () if level is None else (Heading(level, item.title),)
    if not item.rows:
        return (*heading, Text(item.sentence))
    names = [column.name for column in item.columns]
    rows = tuple(
        tuple(_cell(name, value) for name, value in zip(names, row, strict=True))
        for row in item.rows
    )
    table = Table(
        title=item.title,
        columns=_columns(item),
        rows=rows,
        may_split=any(len(written(value)) > LONG for row in item.rows for value in row),
    )
    return (*heading, Text(item.sentence), table)


def block(item: ReadTable, *, widths: tuple[int, ...]) -> Table:
    """Return a neutral table with columns of these widths in mm, 0 for what is left."""
    columns = tuple(
        Column(column.name, width, numeric=column.kind in _NUMERIC)
        for column, width in zip(item.columns, widths, strict=True)
    )
    return Table(title=item.title, columns=columns, rows=item.rows)


def _cell(name: str, value: Value) -> Cell:
    return shortened(value, CELL) if name == "Maßnahme" and isinstance(value, str) else value


def _columns(item: ReadTable) -> tuple[Column, ...]:
    head, *others = item.columns
    first = _FIRST.get(head.name, 30)
    weights = sum(2 if column.name in _WIDE else 1 for column in others)
    has_wide = any(column.name in _WIDE for column in others)
    narrow = (PAGE - first) // weights if has_wide else 0
    return (
        Column(head.name, first),
        *(
            Column(
                column.name, 0 if column.name in _WIDE else narrow, numeric=column.kind in _NUMERIC
            )
            for column in others
        ),
    )


def legend(group: Legend, *, width: int = 45) -> tuple[Block, ...]:
    """Return a group of definitions, its marks in a column of `width` millimetres."""
    return (
        Heading(2, group.title),
        Table(
            title=f"{group.title}: Zeichen und ihre Bedeutung",
            columns=(Column("Zeichen", width), Column("Bedeutung")),
            rows=tuple((Line(mark=mark), mark.definition) for mark in group.marks),
        ),
    )


def _legends(blocks: Iterable[Block], legends: Iterable[Legend]) -> Iterator[Block]:
    """Return the definitions of the marks that these blocks show: a short paper, a short legend."""
    shown = set(_marks(blocks))
    groups = [
        replace(group, marks=tuple(mark for mark in group.marks if mark in shown))
        for group in legends
    ]
    explained = [group for group in groups if group.marks]
    if explained:
        yield Heading(1, "Zeichen und Begriffe")
    for group in explained:
        yield from legend(group)


def _marks(blocks: Iterable[Block]) -> Iterator[Mark]:
    for block in walk(blocks):
        for cell in _cells(block):
            yield from (line.mark for line in lines_of(cell) if line.mark is not None)


def _cells(block: Block) -> Iterator[Cell]:
    if isinstance(block, Table):
        for row in block.rows:
            yield from row
    if isinstance(block, Pairs):
        yield from (pair.value for pair in block.items)
