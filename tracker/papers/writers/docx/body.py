"""The blocks of a paper as WordprocessingML, in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

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
from tracker.papers.writers.docx.docx_context import DocxContext
from tracker.papers.writers.docx.styles import Styles
from tracker.papers.writers.docx.text import (
    attribute,
    field,
    paragraph,
    paragraphs,
    plain,
    run,
    style,
)
from tracker.papers.writers.text_metrics import fits

_KEEP = "<w:keepNext/>"
# What stays on the page of the sentence above it, as far as it fits.
_BELONGS = (Table, Picture, Side)
_SPACE = run("\u2002")
_RULED = 454  # 8 mm: room for a pen
_TITLE_MISSING = "(ohne Titel)"
_BOOKMARK = "_Toc{:08d}"
_MILLIMETRE = 1440 / 25.4
_LEAST = 10
_MARGIN = 80
_TIGHT = (30, 40)
_TITLE = 9 * 20  # the size of its letters
_SMALL = '<w:b/><w:sz w:val="14"/>'
# Where long words of titles break: not every office program knows how to hyphenate German.
_PARTS = ("Maß", "zurück", "weiter", "Veranstal", "Teilneh", "Vollzeit", "Leistungs")
_GUTTER = 120
_BESIDE = 40
_RIGHT = '<w:jc w:val="right"/>'


class Story:
    """Blocks below one another: the body of the file, or a cell of a table."""

    def __init__(self, context: DocxContext, *, width: int, small: bool = False) -> None:
        self.context = context
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
            self._block(block, stays=any(isinstance(after, _BELONGS) for after in following))

    def opening(self, *, kicker: str, title: str, subtitle: str) -> None:
        """Append the title with the line above and the line below it, which breaks at its dots."""
        styles = self.context.styles
        below = " · ".join(part.replace(" ", "\u00a0") for part in subtitle.split(" · "))
        for words, name in ((kicker, names.KICKER), (title, "title"), (below, "subtitle")):
            if words.strip():
                self.paragraph(run(words), style(styles[name]))

    def paragraph(self, runs: str, *properties: str) -> None:
        """Append a paragraph; what was announced (page, line, distance) is put upon it."""
        given = {element.split()[0].strip("</>"): element for element in properties if element}
        if self._page:
            given["w:pageBreakBefore"] = "<w:pageBreakBefore/>"
            given.setdefault("w:spacing", '<w:spacing w:before="0"/>')
        if self._rule:
            given["w:pBdr"] = _border("top", 4, names.LINE)
        elif self._aside:
            given["w:pBdr"] = _border("left", 16, names.ACCENT)
            given["w:ind"] = '<w:ind w:left="170" w:hanging="0"/>'
        if self._after_table and not _is_spaced(given.get("w:pStyle", ""), self.context.styles):
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
                self.table(table(block, self.context, self.width))
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
                    self.paragraph(run(words), style(self.context.styles[names.NOTICE]))
            case Pairs():
                self._pairs(block, keep)
            case Picture():
                self.paragraph(self.context.pictures.chart(block, width=self.width))
            case Contents():
                self._contents(block)
            case Fill():
                self._fill(block)

    def _cell(self, blocks: Iterable[Block], width: int) -> str:
        story = Story(self.context, width=width, small=True)
        story.add(blocks)
        return story.xml()

    def _heading(self, block: Heading) -> None:
        context = self.context
        words = " ".join(plain(block.text).split()) or _TITLE_MISSING
        runs = run(words)
        numbering = context.numbers.heading(block.level, numbered=block.numbered)
        if block.level == 1 and block.listed:
            self._listed += 1
            mark, name = context.number(), _BOOKMARK.format(self._listed)
            runs = (
                f'<w:bookmarkStart w:id="{mark}" w:name="{name}"/>{runs}'
                f'<w:bookmarkEnd w:id="{mark}"/>'
            )
        self.paragraph(runs, style(context.styles[f"heading {block.level}"]), numbering)

    def _text(self, block: Text, keep: str) -> None:
        look = style(self.context.styles[names.CELL]) if self._small else ""
        if block.tone is Tone.BLANK:
            self.paragraph(self.context.line(Line(block.text, tone=Tone.BLANK)), look, keep)
            return
        for words in paragraphs(block.text):
            self.paragraph(run(words, block.tone), look, keep)

    def _bullets(self, block: Bullets) -> None:
        context = self.context
        numbering = context.numbers.new_list() if block.numbered else context.numbers.bullets()
        look = style(context.styles["list number" if block.numbered else "list bullet"])
        for sentence in block.items:
            # A line break inside a sentence stays inside it.
            self.paragraph(run("\n".join(paragraphs(sentence))), look, numbering)

    def _pairs(self, block: Pairs, keep: str) -> None:
        look = style(self.context.styles[names.PAIR])
        for pair in block.items:
            is_last = pair is block.items[-1]
            lines = self.context.lines(pair.value)
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
        context = self.context
        if not context.contents:
            return
        self.paragraph(run(block.title), style(context.styles["toc heading"]))
        look = style(context.styles["toc 1"])
        entries = [
            _entry(number, words) for number, words in enumerate(_numbered(context.contents), 1)
        ]
        begin, _, end = field('TOC \\o "1-1" \\h \\z', "|").partition(run("|"))
        entries[0] = begin + entries[0]
        entries[-1] += end
        for entry in entries:
            self.paragraph(entry, look)


def _numbered(headings: Iterable[Heading]) -> Iterable[str]:
    count = 0
    for heading in headings:
        words = " ".join(plain(heading.text).split()) or _TITLE_MISSING
        count += heading.numbered
        yield f"{count} {words}" if heading.numbered else words


def _entry(number: int, words: str) -> str:
    anchor = _BOOKMARK.format(number)
    return f'<w:hyperlink w:anchor="{anchor}" w:history="1">{run(words)}</w:hyperlink>'


def _border(side: str, size: int, colour: str) -> str:
    line = f'<w:{side} w:val="single" w:sz="{size}" w:space="8" w:color="{colour}"/>'
    return f"<w:pBdr>{line}</w:pBdr>"


def _is_spaced(look: str, styles: Styles) -> bool:
    spaced = ("title", "heading 1", "heading 2", "heading 3")
    return any(look == style(styles[name]) for name in spaced)


def table(block: Table, context: DocxContext, width: int) -> str:
    """Return a table `width` twentieths of a point wide; its head is repeated on every page."""
    widths = shares([column.width for column in block.columns], width)
    look = style(context.styles[names.CELL])
    aligned = [_RIGHT if column.numeric else "" for column in block.columns]
    head = "".join(
        _cell(share, paragraph(_title(column.title, share), look, _KEEP, side))
        for column, share, side in zip(block.columns, widths, aligned, strict=True)
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
    whole = "" if block.may_split else "<w:trPr><w:cantSplit/></w:trPr>"
    for number, cells in enumerate(block.rows, 1):
        is_sum = block.total and number == len(block.rows)
        tone = Tone.STRONG if is_sum else Tone.NORMAL
        shown = "".join(
            _cell(share, _paragraphs(context.lines(cell, tone), look, side))
            for cell, share, side in zip(cells, widths, aligned, strict=True)
        )
        rows.append(f"<w:tr>{whole}{shown}</w:tr>")
    words = attribute(block.title)
    tight = not all(
        _fits(column.title, share) for column, share in zip(block.columns, widths, strict=True)
    )
    return _table(
        widths,
        "".join(rows),
        look=f'<w:tblStyle w:val="{context.styles["table grid"]}"/>',
        head=True,
        name=f'<w:tblCaption w:val="{words}"/>',
        margins=_TIGHT if tight else None,
    )


def side(block: Side, content: Callable[[tuple[Block, ...], int], str], width: int) -> str:
    """Return blocks side by side: a frame without head, read from left to right.

    `content` returns what stands in a cell of a width.
    """
    widths = shares(block.widths, width, least=0)
    ground = '<w:shd w:val="clear" w:color="auto" w:fill="F3F5F8"/>' if block.framed else ""
    margin = _GUTTER if block.framed else _BESIDE
    cells = []
    for share, blocks in zip(widths, block.parts, strict=True):
        cells.append(_cell(share, content(blocks, share - 2 * margin), ground))
    whole = "" if block.may_split else "<w:trPr><w:cantSplit/></w:trPr>"
    above = 80 if block.framed else 0
    return _table(widths, f"<w:tr>{whole}{''.join(cells)}</w:tr>", look="", margins=(above, margin))


def shares(millimetres: Sequence[int], width: int, *, least: int = _LEAST) -> list[int]:
    """Return the widths of columns in twentieths of a point; together they are `width`.

    `millimetres` are of a page 170 wide, 0 shares what is left; where nothing would be left, all
    become narrower alike.
    """
    page = max(sum(millimetres), 1) * _MILLIMETRE
    open_columns = millimetres.count(0)
    wanted = page + open_columns * least * _MILLIMETRE
    scale = min(1.0, width / wanted)
    rest = max(width - page * scale, 0) / max(open_columns, 1)
    widths = [int(share * _MILLIMETRE * scale) if share else int(rest) for share in millimetres]
    widest = widths.index(max(widths))
    widths[widest] += width - sum(widths)
    return widths


def _title(words: str, width: int) -> str:
    """Return the title of a column; smaller and broken where its longest word has no room."""
    if _fits(words, width):
        return run(words, Tone.STRONG)
    for part in _PARTS:
        words = words.replace(part, f"{part}\u00ad")
    return run(words, Tone.STRONG).replace("<w:b/>", _SMALL)


def _fits(words: str, width: int) -> bool:
    return fits(words, (width - 2 * _MARGIN) / _TITLE)


def _paragraphs(lines: Sequence[str], look: str, side: str) -> str:
    return "".join(paragraph(line, look, side) for line in lines) or paragraph("", look)


def _cell(width: int, content: str, ground: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{ground}</w:tcPr>{content}</w:tc>'


def _table(
    widths: Sequence[int],
    rows: str,
    *,
    look: str,
    head: bool = False,
    name: str = "",
    margins: tuple[int, int] | None = None,
) -> str:
    inner = ""
    if margins is not None:
        above, beside = margins
        inner = (
            f'<w:tblCellMar><w:top w:w="{above}" w:type="dxa"/>'
            f'<w:left w:w="{beside}" w:type="dxa"/><w:bottom w:w="{above}" w:type="dxa"/>'
            f'<w:right w:w="{beside}" w:type="dxa"/></w:tblCellMar>'
        )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    first = int(head)
    bits = 0x0600 + 0x20 * first  # no stripes; a head or none
    return (
        f'<w:tbl><w:tblPr>{look}<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{inner}<w:tblLook w:val="{bits:04X}" '
        f'w:firstRow="{first}" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
        f'w:noVBand="1"/>{name}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )
