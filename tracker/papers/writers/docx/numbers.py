"""Lists of a DOCX: Word keeps bullets and numbers in a part of their own."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.parts.numbering import NumberingPart
from lxml import etree

from tracker.papers.writers.docx.styles import Styles, W

_V = f"{{{W}}}val"
_LEVEL = (
    '<w:abstractNum xmlns:w="{w}" w:abstractNumId="{number}"><w:nsid w:val="{nsid:08X}"/>'
    '<w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="{kind}"/><w:suff w:val="{after}"/><w:lvlText w:val="{sign}"/>'
    '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="{left}"/></w:pPr></w:lvl>'
    "</w:abstractNum>"
)


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

    def heading(self, *, numbered: bool) -> str:
        """Return the property of a heading of level 1: a number, or none in spite of its style."""
        of_style = self._styles.numbering("heading 1")
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
        found = self._element.find(path)
        return "" if found is None else str(found.get(_V))

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
            int(item.get(f"{{{W}}}{name}")) for item in self._element.findall(f"{{{W}}}{element}")
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
