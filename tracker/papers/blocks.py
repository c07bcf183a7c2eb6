"""A paper as blocks in reading order: what PDF, DOCX and the preview in the browser lay out.

Between the values (model.py) and the formats: which heading, table, picture and sentence follows
which is decided once, in `tracker.papers.documents`; writers only render. Nothing here knows a
format. Texts are as people wrote them: a writer must treat them as text, never as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.publication.reading.model import Mark, Value
from tracker.publication.reading.words import written


class Tone(StrEnum):
    """How loud a line speaks; BLANK is a place that somebody fills in, with a hint what belongs."""

    NORMAL = "normal"
    STRONG = "strong"
    SOFT = "soft"
    BLANK = "blank"


@dataclass(frozen=True)
class Line:
    """One line of a cell: `before`, then the mark with its word, then `text`, parted by spaces.

    Any of them may be empty.
    """

    text: str = ""
    mark: Mark | None = None
    before: str = ""
    tone: Tone = Tone.NORMAL


Cell = Value | Line | tuple[Line, ...]


@dataclass(frozen=True)
class Column:
    """A column; `width` in millimetres of the 170 that a page has, 0 shares what is left."""

    title: str
    width: int = 0
    numeric: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 3; `listed` ones stand in the outline, level 1 in the contents."""

    level: int
    text: str
    numbered: bool = False
    listed: bool = True


@dataclass(frozen=True)
class Text:
    """Running text; an empty line or a line break parts paragraphs."""

    text: str
    tone: Tone = Tone.NORMAL


@dataclass(frozen=True)
class Bullets:
    """A list of sentences; `numbered` for proposals that are voted on one by one."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Notice:
    """A text that must not be overlooked: demonstration, correction, extract."""

    text: str


@dataclass(frozen=True)
class Pair:
    """A name and what belongs to it; several lines stand below one another."""

    label: str
    value: Cell


@dataclass(frozen=True)
class Pairs:
    items: tuple[Pair, ...]


@dataclass(frozen=True)
class Table:
    """A table with a head that is repeated on every page.

    `title` names it for assistive technology; `total` says that the last row is a sum; a row
    never splits over two pages unless it `may_split` (cells longer than a page).
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: bool = False
    may_split: bool = False


@dataclass(frozen=True)
class Picture:
    """A chart as SVG, 680 units wide, with its reading in words for those who do not see it."""

    svg: str
    alternative: str
    title: str


@dataclass(frozen=True)
class Side:
    """Blocks side by side: `widths` in millimetres, 0 shares what is left.

    `framed` lays a ground below them; `may_split` as for a table.
    """

    parts: tuple[tuple[Block, ...], ...]
    widths: tuple[int, ...]
    framed: bool = False
    may_split: bool = False


@dataclass(frozen=True)
class Aside:
    """Blocks that belong together, marked by a line at their left (what the KI found)."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Fill:
    """A place to fill in by hand: its name, a hint, then `lines` ruled lines to write on.

    Name, hint and lines stay on one page; the lines are 8 mm apart, so that a pen has room.
    """

    label: str
    lines: int = 1
    hint: str = ""


@dataclass(frozen=True)
class Rule:
    """A thin line between two measure sheets."""


@dataclass(frozen=True)
class NewPage:
    """What follows begins on a new page."""


@dataclass(frozen=True)
class Contents:
    """The table of contents (headings of level 1 that are listed)."""

    title: str = "Inhalt"


Block = (
    Heading
    | Text
    | Bullets
    | Notice
    | Pairs
    | Table
    | Picture
    | Side
    | Aside
    | Fill
    | Rule
    | NewPage
    | Contents
)


@dataclass(frozen=True)
class Paper:
    """A paper ready to be laid out.

    `kicker` stands above the title (city and office), `subtitle` below it. `running_head` is
    printed at the left of every page's head ("Anlage 1 zu Drucksache" with a line to fill in
    where `asks_number`), `footer` at the left of its foot (Stichtag, Fassung, short hash); page x
    of y follows. `made_on` dates the file, so that the same paper gives the same bytes.
    `stem` is the file's name without ending. A form may have something `before_title`: who sends
    the Vorlage, its number.
    """

    stem: str
    title: str
    kicker: str
    subtitle: str
    author: str
    description: str
    running_head: str
    asks_number: bool
    footer: str
    made_on: date
    blocks: tuple[Block, ...]
    before_title: tuple[Block, ...] = ()


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Return the blocks with those inside them, in reading order."""
    for block in blocks:
        yield block
        if isinstance(block, Side):
            for part in block.parts:
                yield from walk(part)
        elif isinstance(block, Aside):
            yield from walk(block.blocks)


def lines_of(cell: Cell, tone: Tone = Tone.NORMAL) -> tuple[Line, ...]:
    """Return a cell as lines: one for a value, as a reader of a German paper expects it."""
    if isinstance(cell, Line):
        return (cell,)
    return cell if isinstance(cell, tuple) else (Line(written(cell), tone=tone),)
