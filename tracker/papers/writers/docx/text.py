"""Words as Word writes them: runs and paragraphs as WordprocessingML.

The XML is written as text and parsed once as a whole: a paper has ten thousand elements, and making
each as an object takes longer than everything else together. Whatever people wrote passes `plain`.
"""

from __future__ import annotations

import re

from tracker.papers.blocks import Tone

# What XML forbids, and the signs that turn the direction of the text after them: left out.
_DROPPED = re.compile(
    "[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\ufdd0-\ufdef\u202a-\u202e\u2066-\u2069]"
)
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": " "})
_ATTRIBUTE = str.maketrans({"\n": " "})
# Word prints the sign itself as a hyphen in the middle of a line.
_SIGNS = {"\n": "<w:br/>", "\u00ad": "<w:softHyphen/>"}
_TONES = {
    Tone.NORMAL: "",
    Tone.STRONG: "<w:b/>",
    Tone.SOFT: '<w:color w:val="4A4F57"/>',
    Tone.BLANK: '<w:highlight w:val="yellow"/>',
}


def plain(text: str) -> str:
    """Return the text as XML can hold it, every kind of line break as a line break."""
    return _DROPPED.sub("", _BREAKS.sub("\n", text))


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text; line breaks part them, empty ones are left out."""
    return tuple(line for line in plain(text).split("\n") if line.strip())


def attribute(text: str) -> str:
    return plain(text).translate(_MARKUP).translate(_ATTRIBUTE)


def run(text: str, tone: Tone = Tone.NORMAL) -> str:
    """Return a run; a line break stays one."""
    if not text:
        return ""
    look = _TONES[tone]
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    shown = plain(text).translate(_MARKUP)
    for sign, element in _SIGNS.items():
        if sign in shown:
            shown = shown.replace(sign, f'</w:t>{element}<w:t xml:space="preserve">')
    return f'<w:r>{properties}<w:t xml:space="preserve">{shown}</w:t></w:r>'


def blank(hint: str, number: int) -> str:
    """Return a place to fill in: a click marks the hint, what is typed takes its place.

    `number` is the id of the control, one of its own in the whole file.
    """
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="bitte eintragen"/><w:id w:val="{number}"/>'
        "<w:temporary/><w:showingPlcHdr/></w:sdtPr>"
        f"<w:sdtContent>{run(hint, Tone.BLANK)}</w:sdtContent></w:sdt>"
    )


def paragraph(runs: str, *properties: str) -> str:
    """Return a paragraph; `properties` in any order, Word's schema wants its own."""
    given = "".join(sorted((element for element in properties if element), key=_place))
    return f"<w:p>{f'<w:pPr>{given}</w:pPr>' if given else ''}{runs}</w:p>"


_ORDER = (
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "numPr", "pBdr", "shd", "tabs",
    "spacing", "ind", "jc", "outlineLvl",
)  # fmt: skip
_PLACES = {name: place for place, name in enumerate(_ORDER)}


def _place(element: str) -> int:
    name = re.match(r"<w:(\w+)", element)
    assert name is not None  # noqa: S101 - only written in this package
    return _PLACES[name[1]]


def style(style_id: str) -> str:
    """Return the property that gives a paragraph its style; "" for the body text."""
    return f'<w:pStyle w:val="{style_id}"/>' if style_id else ""


def field(code: str, shown: str) -> str:
    """Return a field that Word computes; `shown` stands until it does."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(shown)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
