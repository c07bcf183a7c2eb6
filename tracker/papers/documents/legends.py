"""Definitions: all of them, or those of the marks that a paper shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tracker.papers.blocks import Aside, Block, Cell, Column, Heading, Line, Pairs, Side, Table
from tracker.publication.reading.model import Legend, Mark


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


def of_shown(blocks: Iterable[Block], legends: Iterable[Legend]) -> Iterator[Block]:
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
    for block in blocks:
        if isinstance(block, Side):
            for part in block.parts:
                yield from _marks(part)
        if isinstance(block, Aside):
            yield from _marks(block.blocks)
        for cell in _cells(block):
            for line in cell if isinstance(cell, tuple) else (cell,):
                if isinstance(line, Line) and line.mark is not None:
                    yield line.mark


def _cells(block: Block) -> Iterator[Cell]:
    if isinstance(block, Table):
        for row in block.rows:
            yield from row
    if isinstance(block, Pairs):
        yield from (pair.value for pair in block.items)
