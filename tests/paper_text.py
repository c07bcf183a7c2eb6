"""A paper as plain text, one line per heading, sentence, row and pair: what tests read."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.papers.blocks import (
    Aside,
    Block,
    Bullets,
    Cell,
    Fill,
    Heading,
    Line,
    Notice,
    Pairs,
    Paper,
    Picture,
    Side,
    Table,
    Text,
)
from tracker.publication.reading.model import Mark
from tracker.publication.reading.words import written


def cell(value: Cell) -> str:
    if isinstance(value, tuple):
        return " / ".join(cell(line) for line in value)
    if isinstance(value, Line):
        word = "" if value.mark is None else value.mark.label
        return " ".join(part for part in (value.before, word, value.text) if part)
    return written(value)


def blocks(found: tuple[Block, ...]) -> Iterator[Block]:
    """All blocks, those inside others too."""
    for block in found:
        yield block
        if isinstance(block, Side):
            for part in block.parts:
                yield from blocks(part)
        if isinstance(block, Aside):
            yield from blocks(block.blocks)


def tables(paper: Paper) -> list[Table]:
    return [block for block in blocks(paper.blocks) if isinstance(block, Table)]


def pictures(paper: Paper) -> list[Picture]:
    return [block for block in blocks(paper.blocks) if isinstance(block, Picture)]


def headings(paper: Paper, level: int = 1) -> list[str]:
    return [
        block.text
        for block in blocks(paper.blocks)
        if isinstance(block, Heading) and block.level == level
    ]


def table(paper: Paper, title: str) -> list[tuple[str, ...]]:
    """The rows of the only table with this title, as text."""
    (found,) = [block for block in tables(paper) if block.title == title]
    return [tuple(cell(value) for value in row) for row in found.rows]


def section(paper: Paper, heading: str) -> str:
    """The text from a heading to the next one of the same level."""
    found: list[Block] = []
    level = 0
    for block in paper.blocks:
        if isinstance(block, Heading) and block.text == heading:
            level = block.level
        elif isinstance(block, Heading) and level and block.level <= level:
            break
        if level:
            found.append(block)
    assert found, f"no heading {heading!r}"
    return "\n".join(_lines(tuple(found)))


def text(paper: Paper) -> str:
    head = (paper.kicker, paper.title, paper.subtitle, paper.running_head, paper.footer)
    return "\n".join((*head, *_lines(paper.blocks)))


def marks(paper: Paper) -> Iterator[Mark]:
    """Every mark that is drawn."""
    for block in blocks(paper.blocks):
        for value in _cells(block):
            lines = value if isinstance(value, tuple) else (value,)
            for line in lines:
                if isinstance(line, Line) and line.mark is not None:
                    yield line.mark


def _cells(block: Block) -> Iterator[Cell]:
    if isinstance(block, Table):
        for row in block.rows:
            yield from row
    if isinstance(block, Pairs):
        yield from (pair.value for pair in block.items)


def _lines(found: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks(found):
        match block:
            case Heading() | Text() | Notice():
                yield block.text
            case Bullets():
                yield from block.items
            case Pairs():
                yield from (f"{pair.label}: {cell(pair.value)}" for pair in block.items)
            case Table():
                yield " | ".join(column.title for column in block.columns)
                yield from (" | ".join(cell(value) for value in row) for row in block.rows)
            case Fill():
                yield f"{block.label}: {block.hint}"
            case Picture():
                yield f"{block.title}: {block.alternative}"
