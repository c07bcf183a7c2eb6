"""A paper in the browser: the same blocks as in PDF and Word, one heading level lower."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import Any
from zlib import crc32

from markupsafe import Markup

from tracker.papers.blocks import Block, Heading, Line, Paper, Picture, lines_of, walk
from tracker.reporting.palette import STATUS_COLOUR

_IDS = re.compile(r'(id="|url\(#)([a-z-]+)')


@dataclass(frozen=True)
class ShownHeading:
    """A heading with its anchor and, where it is numbered, its number."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class PaperPreview:
    paper: Paper
    headings: dict[int, ShownHeading]
    contents: tuple[ShownHeading, ...]

    def heading(self, block: Heading) -> ShownHeading:
        return self.headings[id(block)]


def preview(paper: Paper) -> PaperPreview:
    """Return the paper for the template `papers/blocks.html`."""
    numbers, anchors = count(1), count(1)
    headings: dict[int, ShownHeading] = {}
    listed = []
    for block in walk((*paper.before_title, *paper.blocks)):
        if not isinstance(block, Heading):
            continue
        text = f"{next(numbers)} {block.text}" if block.numbered else block.text
        shown = ShownHeading(block.level, text, f"abschnitt-{next(anchors)}")
        headings[id(block)] = shown
        if block.level == 1 and block.listed:
            listed.append(shown)
    return PaperPreview(paper, headings, tuple(listed))


def kind(block: Block) -> str:
    return type(block).__name__.lower()


def colour(line: Line) -> str | None:
    """Return the colour of a line's mark; None takes the text's."""
    return STATUS_COLOUR.get(line.mark.code) if line.mark else None


def drawing(picture: Picture) -> Markup:
    """Return the SVG, whose own names must differ from those of the page's other pictures."""
    number = crc32(f"{picture.title} {picture.alternative}".encode())
    # Our own drawing code has escaped every text in it.
    return Markup(_IDS.sub(rf"\g<1>\g<2>-{number}", picture.svg))  # noqa: S704


def paragraphs(text: str) -> list[str]:
    return [part for part in text.splitlines() if part.strip()]


# What the template papers/blocks.html asks for.
WORDS: dict[str, Any] = {
    "kind_of": kind,
    "lines_of": lines_of,
    "colour_of": colour,
    "drawing_of": drawing,
    "paragraphs_of": paragraphs,
}
