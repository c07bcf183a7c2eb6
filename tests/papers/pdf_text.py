"""What tests read in a PDF: its text in the order of the tags, of the page, and with places."""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from tracker.papers.blocks import (
    Aside,
    Block,
    Bullets,
    Cell,
    Contents,
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
from tracker.publication.reading.words import written

POINTS = 72 / 25.4
_QUOTED = re.compile(r'^\s*"(.*?)"$', re.MULTILINE | re.DOTALL)
_WORD = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')


@dataclass(frozen=True)
class Word:
    """A word with its page and its edges, in millimetres from the left and the top."""

    text: str
    page: int
    left: float
    right: float
    top: float


def squeezed(text: str) -> str:
    """The signs that count: line ends, hyphens and invisible break points differ by layout."""
    return re.sub(r"[\s\u00ad\u200b\u2010-]+", "", text)


def tagged_text(pdf: bytes) -> str:
    """The text as assistive technology reads it: in the order of the structure tree.

    For short papers: poppler needs half a minute for fifteen pages.
    """
    return squeezed("".join(_QUOTED.findall(_poppler("pdfinfo", "-struct-text", pdf=pdf))))


def tagged_places(pdf: bytes) -> list[tuple[int, int]]:
    """Page and number of every marked piece of text, in the order of the structure tree.

    The numbers of a page count in the order in which it is drawn.
    """
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pages = {item.obj.objgen: number for number, item in enumerate(opened.pages, 1)}
        return list(_places(opened.Root.StructTreeRoot.K, None, pages))


def _places(item: Any, page: Any, pages: dict[Any, int]) -> Iterator[tuple[int, int]]:
    if isinstance(item, pikepdf.Array):
        for kid in item:
            yield from _places(kid, page, pages)
    elif isinstance(item, pikepdf.Dictionary):
        page = item.get("/Pg", page)
        if "/MCID" in item:
            yield pages[page.objgen], int(item.MCID)
        else:
            yield from _places(item.get("/K", pikepdf.Array()), page, pages)
    else:
        yield pages[page.objgen], int(item)


def page_text(pdf: bytes) -> str:
    """The text of the pages in the order they are drawn, without heads and feet."""
    body = ("-x", "0", "-y", str(round(24 * POINTS)), "-W", "596", "-H", str(round(252 * POINTS)))
    return squeezed(_poppler("pdftotext", "-raw", *body, "-r", "72", pdf=pdf, output="-"))


def words(pdf: bytes) -> list[Word]:
    """All words with their places."""
    found = []
    pages = _poppler("pdftotext", "-bbox", pdf=pdf, output="-").split("<page ")[1:]
    for number, page in enumerate(pages, 1):
        for left, top, right, _, text in _WORD.findall(page):
            at = [float(value) / POINTS for value in (left, right, top)]
            found.append(Word(text, number, *at))
    return found


def reading(paper: Paper) -> Iterator[str]:
    """What a reader meets, in order: the texts of the paper without heads and feet."""
    addressee, _, facts = paper.subtitle.partition(" · ")
    yield paper.running_head
    yield from _blocks(paper.before_title, paper)
    yield from (paper.kicker, paper.title, addressee, facts)
    yield from _blocks(paper.blocks, paper)


def _blocks(blocks: tuple[Block, ...], paper: Paper) -> Iterator[str]:  # noqa: C901, PLR0912 - one case per kind
    for block in blocks:
        match block:
            case Heading() if block.numbered:
                yield f"{_chapters(paper).index(block) + 1}{block.text}"
            case Heading() | Text() | Notice():
                yield block.text
            case Bullets():
                for number, item in enumerate(block.items, 1):
                    yield from (f"{number}." if block.numbered else "•", item)
            case Pairs():
                for pair in block.items:
                    yield from (pair.label, *_cell(pair.value))
            case Table():
                yield from (column.title for column in block.columns)
                for row in block.rows:
                    for value in row:
                        yield from _cell(value)
            case Side():
                for part in block.parts:
                    yield from _blocks(part, paper)
            case Aside():
                yield from _blocks(block.blocks, paper)
            case Fill():
                yield from (block.label, block.hint)
            case Picture():
                yield from re.findall(r">([^<>]+)</text>", block.svg)
            case Contents():
                yield block.title
                for number, chapter in enumerate(_chapters(paper), 1):
                    yield f"{number}{chapter.text}"


def _chapters(paper: Paper) -> list[Heading]:
    return [item for item in paper.blocks if isinstance(item, Heading) and item.numbered]


def _cell(value: Cell) -> Iterator[str]:
    if isinstance(value, tuple):
        for line in value:
            yield from _cell(line)
    elif isinstance(value, Line):
        word = "" if value.mark is None else value.mark.label
        yield from (value.before, word, value.text)
    else:
        yield written(value)


def _poppler(program: str, *options: str, pdf: bytes, output: str | None = None) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(pdf)
        command = [program, *options, str(path), *([output] if output else [])]
        found = subprocess.run(command, capture_output=True, check=True)
        return found.stdout.decode(errors="replace")
