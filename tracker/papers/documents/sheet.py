"""The sheet of a measure: code and wording, two columns, what the KI found, then the texts."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.core.german import shortened
from tracker.papers.blocks import Aside, Block, Heading, Line, Pair, Pairs, Side, Text
from tracker.papers.documents.parts import (
    LONG,
    before_cell,
    course_cell,
    entry_pairs,
    standing_cell,
    text_pair,
)
from tracker.publication.reading.measure import OVERDUE, MeasureSheet, printed
from tracker.publication.reading.model import Entry
from tracker.publication.reading.words import written

# The wording follows below a heading that is cut.
_HEADING = 100
# Longer names and values need more than half a page's width.
_SHORT = 36


def heading(sheet: MeasureSheet, *, level: int = 3) -> tuple[Block, ...]:
    """Return number and title, and the wording where the title is not all of it."""
    short = shortened(sheet.display_text, _HEADING)
    title = Heading(level, f"{sheet.code} {short}")
    if sheet.text == short:
        return (title,)
    return (title, Pairs((text_pair("Wortlaut", sheet.text),)))


def body(sheet: MeasureSheet) -> tuple[Block, ...]:
    """Return all that is said about the measure in this round."""
    if not sheet.reportable:
        return (Pairs((Pair("Art", Line(mark=sheet.now.implementation)),)),)
    review = () if sheet.self_report is None else (_review(sheet),)
    texts = Pairs(tuple(text_pair(part.label, part.text) for part in sheet.texts))
    return (_two_columns(sheet), *review, *((texts,) if texts.items else ()), *_figures(sheet))


def step(sheet: MeasureSheet, *, length: int | None = None) -> str:
    """Return the next step with its day; shortened to `length` for a table, "" for none.

    A day before the Stichtag is overdue, as on the dashboards.
    """
    text = sheet.next_step if length is None else shortened(sheet.next_step, length)
    late = f", {OVERDUE}" if sheet.is_step_overdue else ""
    until = "" if sheet.next_step_on is None else f"(bis {written(sheet.next_step_on)}{late})"
    return " ".join(part for part in (text, until) if part)


def _two_columns(sheet: MeasureSheet) -> Side:
    boxed = [printed(item) for item in (*sheet.responsibility, *sheet.ziff5)]
    return Side(
        parts=((_standing(sheet),), (entry_pairs((*sheet.responsibility, *sheet.ziff5)),)),
        widths=(56, 0),
        framed=True,
        may_split=any(len(text) > LONG for text in (*boxed, sheet.next_step)),
    )


def _standing(sheet: MeasureSheet) -> Pairs:
    change = () if sheet.change is None else (Pair("Veränderung", Line(mark=sheet.change)),)
    next_step = step(sheet)
    return Pairs(
        (
            Pair("Stand jetzt", standing_cell(sheet.now)),
            Pair("Verlauf", course_cell(sheet.now)),
            Pair("Stand vorher", before_cell(sheet.before)),
            *change,
            *((text_pair("Nächster Schritt", next_step),) if next_step else ()),
        )
    )


def _review(sheet: MeasureSheet) -> Aside:
    """Return what the KI found beside what the institution says to it: never one alone."""
    assert sheet.self_report is not None  # noqa: S101 - asked by the caller
    dissent = (text_pair("Abweichende Stellungnahme", sheet.dissent),) if sheet.dissent else ()
    reported = (Line(mark=sheet.self_report.implementation), *course_cell(sheet.self_report))
    pairs = (
        Pair("Meldung der Institution", reported),
        text_pair("Begründung der Stelle", sheet.review_reason),
        *dissent,
    )
    return Aside((Pairs(pairs),))


def _figures(sheet: MeasureSheet) -> Iterator[Block]:
    """Return numbers in two columns, then what needs the width of the page."""
    short = [item for item in sheet.figures if _is_short(item)]
    if len(short) > 1:
        half = -(-len(short) // 2)
        columns = (short[:half], short[half:])
        yield Side(tuple((entry_pairs(part),) for part in columns), widths=(0, 0))
    elif short:
        yield entry_pairs(short)
    named: dict[str, list[Line]] = {}
    for item in sheet.figures:
        if not _is_short(item):
            label, _, name = item.label.partition(": ")
            before = f"{name}:" if name else ""
            named.setdefault(label, []).append(Line(printed(item), before=before))
    if named:
        yield Pairs(tuple(Pair(label, tuple(lines)) for label, lines in named.items()))


def _is_short(item: Entry) -> bool:
    return len(item.label) <= _SHORT and len(printed(item)) <= _SHORT


def notes(sheet: MeasureSheet) -> tuple[Block, ...]:
    return tuple(Text(note) for note in sheet.notes)
