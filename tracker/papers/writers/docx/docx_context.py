"""What all parts of one DOCX share: styles, lists, pictures, running numbers, lines of a cell."""

from __future__ import annotations

from collections.abc import Iterable

from docx.document import Document

from tracker.papers.blocks import Cell, Heading, Line, Tone
from tracker.papers.writers.docx.numbers import Numbers
from tracker.papers.writers.docx.pictures import Pictures
from tracker.papers.writers.docx.styles import Styles
from tracker.papers.writers.docx.text import blank, run
from tracker.publication.reading.words import written


class Means:
    """What all parts of one file share: styles, lists, pictures and running numbers."""

    def __init__(self, document: Document, headings: Iterable[Heading]) -> None:
        self.styles = Styles(document.styles.element)
        self.numbers = Numbers(document, self.styles)
        self.pictures = Pictures(document)
        self.contents = tuple(item for item in headings if item.level == 1 and item.listed)
        self._count = 0

    def number(self) -> int:
        """Return the next number for a bookmark or a control."""
        self._count += 1
        return self._count

    def line(self, line: Line) -> str:
        """Return the runs of a line: what stands before, the mark with its word, the text."""
        parts = [run(line.before, line.tone)]
        if line.mark is not None:
            # The word stays beside its mark when the line breaks.
            word = run(f"\u00a0{line.mark.label}", line.tone)
            parts.append(f"{self.pictures.mark(line.mark)}{word}")
        if line.tone is Tone.BLANK and line.text:
            parts.append(blank(line.text, self.number()))
        else:
            parts.append(run(line.text, line.tone))
        return run(" ").join(part for part in parts if part)

    def lines(self, cell: Cell, tone: Tone = Tone.NORMAL) -> list[str]:
        """Return the runs of every line of a cell; `tone` is that of a plain value."""
        if isinstance(cell, tuple):
            return [self.line(item) for item in cell]
        return [self.line(cell if isinstance(cell, Line) else Line(written(cell), tone=tone))]
