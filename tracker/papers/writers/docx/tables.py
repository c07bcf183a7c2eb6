"""Tables of a DOCX: those of a paper with a repeated head, and blocks side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tracker.papers.blocks import Block, Side, Table, Tone
from tracker.papers.writers.docx import styles as names
from tracker.papers.writers.docx.docx_context import Means
from tracker.papers.writers.docx.text import attribute, paragraph, run, style
from tracker.papers.writers.text_metrics import fits

# A page has 170 millimetres (paper.py); a template's page may be narrower or wider.
_PAGE = 170
_MILLIMETRE = 1440 / 25.4
_LEAST = 10
_MARGIN = 80
_TIGHT = (30, 40)
_TITLE = 9 * 20  # the size of its letters
_SMALL = '<w:b/><w:sz w:val="14"/>'
_KEEP = "<w:keepNext/>"
# Where long words of titles break: not every office program knows how to hyphenate German.
_PARTS = ("Maß", "zurück", "weiter", "Veranstal", "Teilneh", "Vollzeit", "Leistungs")
_GUTTER = 120
_BESIDE = 40
_RIGHT = '<w:jc w:val="right"/>'


def table(block: Table, means: Means, width: int) -> str:
    """Return a table `width` twentieths of a point wide; its head is repeated on every page."""
    widths = shares([column.width for column in block.columns], width)
    look = style(means.styles[names.CELL])
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
            _cell(share, _paragraphs(means.lines(cell, tone), look, side))
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
        look=f'<w:tblStyle w:val="{means.styles["table grid"]}"/>',
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
    found = [int(item * _MILLIMETRE * scale) if item else int(rest) for item in millimetres]
    widest = found.index(max(found))
    found[widest] += width - sum(found)
    return found


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
