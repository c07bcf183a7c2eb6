"""The blocks of a paper as WordprocessingML, in their order."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.papers.blocks import (
    Aside,
    Block,
    Bullets,
    Contents,
    Fill,
    Heading,
    Line,
    NewPage,
    Notice,
    Pairs,
    Picture,
    Rule,
    Side,
    Table,
    Text,
    Tone,
)
from tracker.papers.writers.docx import styles as names
from tracker.papers.writers.docx.docx_context import Means
from tracker.papers.writers.docx.styles import Styles
from tracker.papers.writers.docx.tables import side, table
from tracker.papers.writers.docx.text import field, paragraph, paragraphs, plain, run, style

_KEEP = "<w:keepNext/>"
# What stays on the page of the sentence above it, as far as it fits.
_BELONGS = (Table, Picture, Side)
_SPACE = run("\u2002")
_RULED = 454  # 8 mm: room for a pen
_TITLE_MISSING = "(ohne Titel)"
_BOOKMARK = "_Toc{:08d}"


class Story:
    """Blocks below one another: the body of the file, or a cell of a table."""

    def __init__(self, means: Means, *, width: int, small: bool = False) -> None:
        self.means = means
        self.width = width  # in twentieths of a point
        self.parts: list[str] = []
        self._small = small
        self._aside = False
        self._page = self._rule = self._after_table = False
        self._listed = 0

    def add(self, blocks: Iterable[Block]) -> None:
        shown = tuple(blocks)
        for number, block in enumerate(shown, 1):
            following = shown[number : number + 1]
            self._block(block, stays=any(isinstance(item, _BELONGS) for item in following))

    def opening(self, *, kicker: str, title: str, subtitle: str) -> None:
        """Append the title with the line above and the line below it, which breaks at its dots."""
        styles = self.means.styles
        below = " · ".join(part.replace(" ", "\u00a0") for part in subtitle.split(" · "))
        for words, name in ((kicker, names.KICKER), (title, "title"), (below, "subtitle")):
            if words.strip():
                self.paragraph(run(words), style(styles[name]))

    def paragraph(self, runs: str, *properties: str) -> None:
        """Append a paragraph; what was announced (page, line, distance) is put upon it."""
        given = {item.split()[0].strip("</>"): item for item in properties if item}
        if self._page:
            given["w:pageBreakBefore"] = "<w:pageBreakBefore/>"
            given.setdefault("w:spacing", '<w:spacing w:before="0"/>')
        if self._rule:
            given["w:pBdr"] = _border("top", 4, names.LINE)
        elif self._aside:
            given["w:pBdr"] = _border("left", 16, names.ACCENT)
            given["w:ind"] = '<w:ind w:left="170" w:hanging="0"/>'
        if self._after_table and not _is_spaced(given.get("w:pStyle", ""), self.means.styles):
            given.setdefault("w:spacing", '<w:spacing w:before="140"/>')
        self._page = self._rule = self._after_table = False
        self.parts.append(paragraph(runs, *given.values()))

    def table(self, xml: str) -> None:
        """Append a table; two tables in a row are kept apart, Word would join them."""
        if self._after_table or self._page or self._rule:
            self._after_table = False
            gap = '<w:spacing w:before="0" w:after="0" w:line="160" w:lineRule="exact"/>'
            self.paragraph("", gap)
        self.parts.append(xml)
        self._after_table = True

    def xml(self) -> str:
        """Return everything; the last element is a paragraph, as Word demands it."""
        if not self.parts or self._after_table:
            last = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
            self.parts.append(paragraph("", last))
        return "".join(self.parts)

    def _block(self, block: Block, *, stays: bool) -> None:
        match block:
            case Rule():
                self._rule = True
            case NewPage():
                self._page = bool(self.parts)
            case Aside():
                self._aside = True
                self.add(block.blocks)
                self._aside = False
            case Table():
                self.table(table(block, self.means, self.width))
            case Side():
                self.table(side(block, self._cell, self.width))
            case _:
                self._words(block, keep=_KEEP if stays else "")

    def _words(
        self,
        block: Heading | Text | Bullets | Notice | Pairs | Picture | Contents | Fill,
        *,
        keep: str,
    ) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Text():
                self._text(block, keep)
            case Bullets():
                self._bullets(block)
            case Notice():
                for words in paragraphs(block.text):
                    self.paragraph(run(words), style(self.means.styles[names.NOTICE]))
            case Pairs():
                self._pairs(block, keep)
            case Picture():
                self.paragraph(self.means.pictures.chart(block, width=self.width))
            case Contents():
                self._contents(block)
            case Fill():
                self._fill(block)

    def _cell(self, blocks: Iterable[Block], width: int) -> str:
        story = Story(self.means, width=width, small=True)
        story.add(blocks)
        return story.xml()

    def _heading(self, block: Heading) -> None:
        means = self.means
        words = " ".join(plain(block.text).split()) or _TITLE_MISSING
        runs = run(words)
        numbering = means.numbers.heading(numbered=block.numbered) if block.level == 1 else ""
        if block.level == 1 and block.listed:
            self._listed += 1
            mark, name = means.number(), _BOOKMARK.format(self._listed)
            runs = (
                f'<w:bookmarkStart w:id="{mark}" w:name="{name}"/>{runs}'
                f'<w:bookmarkEnd w:id="{mark}"/>'
            )
        self.paragraph(runs, style(means.styles[f"heading {block.level}"]), numbering)

    def _text(self, block: Text, keep: str) -> None:
        look = style(self.means.styles[names.CELL]) if self._small else ""
        if block.tone is Tone.BLANK:
            self.paragraph(self.means.line(Line(block.text, tone=Tone.BLANK)), look, keep)
            return
        for words in paragraphs(block.text):
            self.paragraph(run(words, block.tone), look, keep)

    def _bullets(self, block: Bullets) -> None:
        means = self.means
        numbering = means.numbers.new_list() if block.numbered else means.numbers.bullets()
        look = style(means.styles["list number" if block.numbered else "list bullet"])
        for item in block.items:
            # A line break inside an item stays inside it.
            self.paragraph(run("\n".join(paragraphs(item))), look, numbering)

    def _pairs(self, block: Pairs, keep: str) -> None:
        look = style(self.means.styles[names.PAIR])
        for pair in block.items:
            is_last = pair is block.items[-1]
            lines = self.means.lines(pair.value)
            value = "<w:r><w:br/></w:r>".join(lines)
            self.paragraph(
                run(pair.label, Tone.STRONG) + _SPACE + value, look, keep if is_last else ""
            )

    def _fill(self, block: Fill) -> None:
        hint = f"{_SPACE}{run(block.hint, Tone.SOFT)}" if block.hint else ""
        above = '<w:spacing w:before="240"/>'
        self.paragraph(run(block.label, Tone.STRONG) + hint, _KEEP, above)
        line = f'w:val="single" w:sz="4" w:space="1" w:color="{names.SOFT}"'
        ruled = f"<w:pBdr><w:bottom {line}/><w:between {line}/></w:pBdr>"
        high = f'<w:spacing w:before="0" w:after="0" w:line="{_RULED}" w:lineRule="exact"/>'
        for number in range(block.lines):
            self.paragraph("", ruled, high, _KEEP if number < block.lines - 1 else "")

    def _contents(self, block: Contents) -> None:
        means = self.means
        if not means.contents:
            return
        self.paragraph(run(block.title), style(means.styles["toc heading"]))
        look = style(means.styles["toc 1"])
        entries = [_entry(number, item) for number, item in enumerate(_numbered(means.contents), 1)]
        begin, _, end = field('TOC \\o "1-1" \\h \\z', "|").partition(run("|"))
        entries[0] = begin + entries[0]
        entries[-1] += end
        for entry in entries:
            self.paragraph(entry, look)


def _numbered(headings: Iterable[Heading]) -> Iterable[str]:
    count = 0
    for item in headings:
        words = " ".join(plain(item.text).split()) or _TITLE_MISSING
        count += item.numbered
        yield f"{count} {words}" if item.numbered else words


def _entry(number: int, words: str) -> str:
    anchor = _BOOKMARK.format(number)
    return f'<w:hyperlink w:anchor="{anchor}" w:history="1">{run(words)}</w:hyperlink>'


def _border(side: str, size: int, colour: str) -> str:
    line = f'<w:{side} w:val="single" w:sz="{size}" w:space="8" w:color="{colour}"/>'
    return f"<w:pBdr>{line}</w:pBdr>"


def _is_spaced(look: str, styles: Styles) -> bool:
    spaced = ("title", "heading 1", "heading 2", "heading 3")
    return any(look == style(styles[name]) for name in spaced)
