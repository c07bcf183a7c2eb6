"""The sheet of a measure: code and wording, two columns, what the KI found, then the texts."""

from __future__ import annotations

from tracker.exports.model import MeasureSheet
from tracker.exports.paper import Aside, Block, Heading, Line, Pair, Pairs, Side, Text
from tracker.exports.papers.parts import (
    CELL,
    LONG,
    before_cell,
    course_cell,
    entry_pairs,
    standing_cell,
    text_pair,
)
from tracker.exports.words import german, shortened


def heading(sheet: MeasureSheet, *, level: int = 3) -> tuple[Block, ...]:
    """Return number and title, and the wording where the title is not all of it."""
    short = shortened(sheet.display_text, CELL)
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
    return (
        _two_columns(sheet),
        *review,
        *((texts,) if texts.items else ()),
        *_figures(sheet),
    )


def step(sheet: MeasureSheet, *, length: int | None = None) -> str:
    """Return the next step with its day; shortened to `length` for a table, "" for none."""
    text = sheet.next_step if length is None else shortened(sheet.next_step, length)
    until = "" if sheet.next_step_on is None else f"(bis {german(sheet.next_step_on)})"
    return " ".join(part for part in (text, until) if part)


def _two_columns(sheet: MeasureSheet) -> Side:
    boxed = [german(item.value) for item in (*sheet.responsibility, *sheet.ziff5)]
    return Side(
        parts=(
            (_standing(sheet),),
            (entry_pairs((*sheet.responsibility, *sheet.ziff5)),),
        ),
        widths=(0, 0),
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
    reported = (
        Line(mark=sheet.self_report.implementation),
        course_cell(sheet.self_report),
    )
    pairs = (
        Pair("Meldung der Institution", reported),
        text_pair("Begründung des KI", sheet.review_reason),
        *dissent,
    )
    return Aside((Pairs(pairs),))


def _figures(sheet: MeasureSheet) -> tuple[Block, ...]:
    if not sheet.figures:
        return ()
    if len(sheet.figures) == 1:
        return (entry_pairs(sheet.figures),)
    half = -(-len(sheet.figures) // 2)
    left, right = sheet.figures[:half], sheet.figures[half:]
    long = any(len(german(item.value)) > LONG for item in sheet.figures)
    return (Side(((entry_pairs(left),), (entry_pairs(right),)), widths=(0, 0), may_split=long),)


def notes(sheet: MeasureSheet) -> tuple[Block, ...]:
    """Return the editors' remarks on the wording."""
    return tuple(Text(note) for note in sheet.notes)
