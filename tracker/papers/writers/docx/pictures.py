"""Pictures of a DOCX: charts with their words, marks beside theirs.

A mark is a small picture of the one set (design.md). Its word follows, so the picture is marked as
decoration: a screen reader says the word once. Each mark is stored once per file.
"""

from __future__ import annotations

import io
import struct
from functools import cache

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE

from tracker.core import icons
from tracker.papers.blocks import Picture
from tracker.papers.writers.docx.text import attribute
from tracker.papers.writers.pictures import svg_to_png
from tracker.publication.reading.model import Mark
from tracker.reporting.palette import COURSE_COLOUR, IMPLEMENTATION_COLOUR

_INK = "#1f2328"
_COLOURS = {
    **{state.value: colour for state, colour in IMPLEMENTATION_COLOUR.items()},
    **{course.value: colour for course, colour in COURSE_COLOUR.items()},
}
_EMU = 635  # per twentieth of a point
_MARK = 160 * _EMU
_MARK_DOTS = 64
_CHART_DOTS = 1700
_DECORATIVE = (
    '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
    '<adec:decorative val="1"/></a:ext></a:extLst>'
)


class Pictures:
    """Stores the pictures of one file and gives every use its own number."""

    def __init__(self, document: Document) -> None:
        self._part = document.part
        self._used = 0
        self._marks: dict[tuple[str, str], str] = {}

    def mark(self, mark: Mark) -> str:
        colour = _COLOURS.get(mark.code, _INK)
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
