"""What all parts of one DOCX share: lists, pictures, running numbers, lines of a cell.

A mark is a small picture of the one set (design.md). Its word follows, so the picture is marked as
decoration: a screen reader says the word once. Each mark is stored once per file.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable
from functools import cache
from typing import Any

import typst
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.parts.numbering import NumberingPart
from lxml import etree

from tracker.core import icons
from tracker.papers.blocks import Cell, Heading, Line, Picture, Tone, lines_of
from tracker.papers.writers.docx.styles import Styles, W
from tracker.papers.writers.docx.text import attribute, blank, run
from tracker.papers.writers.font_coverage import fonts, with_glyphs
from tracker.publication.reading.model import Mark
from tracker.reporting.palette import INK, STATUS_COLOUR

_V = f"{{{W}}}val"
_LEVEL = (
    '<w:abstractNum xmlns:w="{w}" w:abstractNumId="{number}"><w:nsid w:val="{nsid:08X}"/>'
    '<w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="{kind}"/><w:suff w:val="{after}"/><w:lvlText w:val="{sign}"/>'
    '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="{left}"/></w:pPr></w:lvl>'
    "</w:abstractNum>"
)
_EMU = 635  # per twentieth of a point
_MARK = 160 * _EMU
_MARK_DOTS = 64
_CHART_DOTS = 1700
_DECORATIVE = (
    '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
    '<adec:decorative val="1"/></a:ext></a:extLst>'
)
# A page one inch wide makes the dots per inch the width in dots.
_ONE_INCH = (
    "#set page(width: 72pt, height: auto, margin: 0pt, fill: {ground})\n"
    '#image(bytes(sys.inputs.svg), format: "svg", width: 72pt)'
)


class DocxContext:
    def __init__(self, document: Document, headings: Iterable[Heading]) -> None:
        self.styles = Styles(document.styles.element)
        self.numbers = Numbers(document, self.styles)
        self.pictures = Pictures(document)
        self.contents = tuple(
            heading for heading in headings if heading.level == 1 and heading.listed
        )
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
        return [self.line(line) for line in lines_of(cell, tone)]


class Numbers:
    """Gives out the numbers of lists; those of the template's own styles come first."""

    def __init__(self, document: Document, styles: Styles) -> None:
        self._element = _part(document).element
        self._styles = styles
        self._made: dict[str, str] = {}

    def bullets(self) -> str:
        """Return the property that makes a paragraph an item, "" where its style does that."""
        if self._styles.numbering("list bullet"):
            return ""
        return self._property("bullet", sign="•")

    def heading(self, level: int, *, numbered: bool) -> str:
        """Return the property of a heading: a number, or none in spite of its style.

        What is not numbered often begins with a code: "4.1.1 3.1 Kita" has one number too many.
        """
        of_style = self._styles.numbering(f"heading {level}")
        if numbered:
            return "" if of_style else self._property("heading", kind="decimal", sign="%1 ")
        return '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>' if of_style else ""

    def new_list(self) -> str:
        """Return the property of the items of a numbered list that begins at 1."""
        of_style = self._styles.numbering("list number")
        kind = self._kind_of(of_style) if of_style else ""
        return _property(self._list(kind or self._kind("decimal", "%1.", left=397), restart=True))

    def _property(self, name: str, *, sign: str, kind: str = "bullet") -> str:
        if name not in self._made:
            left = 0 if name == "heading" else 397
            self._made[name] = self._list(self._kind(kind, sign, left=left))
        return _property(self._made[name])

    def _kind_of(self, number: str) -> str:
        path = f'{{{W}}}num[@{{{W}}}numId="{number}"]/{{{W}}}abstractNumId'
        kind = self._element.find(path)
        return "" if kind is None else str(kind.get(_V))

    def _kind(self, kind: str, sign: str, *, left: int) -> str:
        number = self._next("abstractNum", "abstractNumId")
        made = etree.fromstring(
            _LEVEL.format(
                w=W,
                number=number,
                nsid=0x1C0FFEE0 + number,
                kind=kind,
                sign=sign,
                left=left,
                after="tab" if left else "nothing",
            )
        )
        # Word wants all kinds before the first list.
        first = self._element.find(f"{{{W}}}num")
        if first is None:
            self._element.append(made)
        else:
            first.addprevious(made)
        return str(number)

    def _list(self, kind: str, *, restart: bool = False) -> str:
        number = self._next("num", "numId")
        again = (
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
            if restart
            else ""
        )
        made = etree.fromstring(
            f'<w:num xmlns:w="{W}" w:numId="{number}"><w:abstractNumId w:val="{kind}"/>{again}'
            "</w:num>"
        )
        last = self._element.findall(f"{{{W}}}num")
        if last:
            last[-1].addnext(made)
        else:
            self._element.append(made)
        return str(number)

    def _next(self, element: str, name: str) -> int:
        taken = [
            int(made.get(f"{{{W}}}{name}")) for made in self._element.findall(f"{{{W}}}{element}")
        ]
        return max(taken, default=0) + 1


def _property(number: str) -> str:
    return f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'


def _part(document: Document) -> Any:
    try:
        return document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING)
    except KeyError:
        made = NumberingPart.load(
            PackURI("/word/numbering.xml"),
            CONTENT_TYPE.WML_NUMBERING,
            f'<w:numbering xmlns:w="{W}"/>'.encode(),
            document.part.package,
        )
        document.part.relate_to(made, RELATIONSHIP_TYPE.NUMBERING)
        return made


class Pictures:
    """Stores the pictures of one file and gives every use its own number."""

    def __init__(self, document: Document) -> None:
        self._part = document.part
        self._used = 0
        self._marks: dict[tuple[str, str], str] = {}

    def mark(self, mark: Mark) -> str:
        colour = STATUS_COLOUR.get(mark.code, INK)
        key = (mark.icon, colour)
        if key not in self._marks:
            self._marks[key] = self._stored(mark_png(*key))
        return (
            '<w:r><w:rPr><w:noProof/><w:position w:val="-2"/></w:rPr>'
            f"{self._inline(self._marks[key], (_MARK, _MARK), 'Zeichen')}</w:r>"
        )

    def chart(self, picture: Picture, *, width: int) -> str:
        """Return the run with a chart as wide as `width` twentieths of a point."""
        png = svg_to_png(picture.svg, _CHART_DOTS)
        across, down = struct.unpack(">II", png[16:24])
        size = width * _EMU
        drawn = self._inline(
            self._stored(png),
            (size, size * down // across),
            "Diagramm",
            attribute(picture.alternative),
        )
        return f"<w:r><w:rPr><w:noProof/></w:rPr>{drawn}</w:r>"

    def _stored(self, png: bytes) -> str:
        package = self._part.package
        assert package is not None  # noqa: S101 - a part of an opened file has one
        image = package.get_or_add_image_part(io.BytesIO(png))
        return self._part.relate_to(image, RELATIONSHIP_TYPE.IMAGE)

    def _inline(self, relation: str, size: tuple[int, int], name: str, words: str = "") -> str:
        """Return a drawing in the line; without words it is decoration."""
        self._used += 1
        across, down = size
        number = self._used
        named = f'id="{number}" name="{name} {number}"'
        extra = "" if words else _DECORATIVE
        return (
            '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{across}" cy="{down}"/>'
            f'<wp:docPr {named} descr="{words}">{extra}</wp:docPr>'
            '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/>'
            "</wp:cNvGraphicFramePr><a:graphic>"
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
            f'<pic:pic><pic:nvPicPr><pic:cNvPr {named} descr="{words}"/><pic:cNvPicPr/>'
            f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/>'
            "<a:stretch><a:fillRect/></a:stretch>"
            '</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
            f'<a:ext cx="{across}" cy="{down}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
            "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
        )


@cache
def mark_png(icon: str, colour: str) -> bytes:
    """Return the picture of a mark without ground; raises KeyError for a name that is no mark."""
    return svg_to_png(icons.svg(icon, colour=colour), _MARK_DOTS, ground="none")


def svg_to_png(svg: str, width_px: int, *, ground: str = "white") -> bytes:
    """Return the drawing as PNG, `width_px` dots wide; the height follows the drawing.

    `ground` is a colour of typst or "none", for marks that stand on tinted ground too.

    Raises FontsMissingError where `make install` never ran, and typst.TypstError for what is no
    SVG.
    """
    png = typst.compile(
        _ONE_INCH.format(ground=ground).encode(),
        format="png",
        ppi=float(width_px),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"svg": with_glyphs(svg)},
    )
    assert isinstance(png, bytes)  # noqa: S101 - one page, not several; tells the type checker
    return png
