"""Styles of a DOCX: those a template must bring, those that we add where it has none.

Word stores the names of its own styles in English in every language; here they are in lower case,
as Word compares them.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
REQUIRED = {
    "title": "Titel",
    "heading 1": "Überschrift 1",
    "heading 2": "Überschrift 2",
    "heading 3": "Überschrift 3",
    "list bullet": "Aufzählungszeichen",
    "list number": "Listennummer",
    "table grid": "Tabellenraster",
}
INK = "1F2328"
SOFT = "4A4F57"
LINE = "B9BEC6"
ACCENT = "12407A"

KICKER = "controlling dachzeile"
EDGE = "controlling rand"
NOTICE = "controlling hinweis"
PAIR = "controlling angabe"
CELL = "controlling tabelle"
# Added where the template has none: id, name, what it is based on, paragraph, letters.
_OURS = (
    # Not Word's own head and foot: their tabs and letters belong to the letterhead.
    ("Rand", EDGE, "", '<w:spacing w:after="0"/>', f'<w:color w:val="{SOFT}"/><w:sz w:val="17"/>'),
    ("Untertitel", "subtitle", "", '<w:spacing w:after="240"/>', '<w:sz w:val="26"/>'),
    ("Inhalt1", "toc 1", "", '<w:spacing w:after="60"/>', ""),
    (
        "Inhaltskopf",
        "toc heading",
        "heading 1",
        '<w:outlineLvl w:val="9"/>',
        "",
    ),
    ("Dachzeile", KICKER, "", '<w:spacing w:after="60"/>', f'<w:color w:val="{SOFT}"/>'),
    (
        "Hinweis",
        NOTICE,
        "",
        (
            '<w:pBdr><w:left w:val="single" w:sz="24" w:space="6" w:color="B8720A"/></w:pBdr>'
            '<w:shd w:val="clear" w:color="auto" w:fill="FFF4DC"/>'
            '<w:spacing w:before="120" w:after="120"/><w:ind w:left="170"/>'
        ),
        "",
    ),
    ("Angabe", PAIR, "", '<w:spacing w:after="70"/><w:ind w:left="227" w:hanging="227"/>', ""),
    (
        "Tabellentext",
        CELL,
        "",
        '<w:spacing w:before="10" w:after="10" w:line="240" w:lineRule="auto"/>',
        '<w:sz w:val="18"/>',
    ),
)
# The names that Word shows: it knows its own in lower case, ours are proper nouns.
_SHOWN = {"subtitle": "Subtitle", "toc heading": "TOC Heading"}


class Styles:
    """The styles of one file: ids by name; what is missing has been added."""

    def __init__(self, element: Any) -> None:
        self._element = element
        self.known = names(element)
        self._speak_german()
        for style_id, name, base, paragraph, letters in _OURS:
            if name not in self.known:
                self._add(style_id, name, self.known.get(base, ""), paragraph, letters)

    def __getitem__(self, name: str) -> str:
        """Return the id of a style by its English name in lower case; raises KeyError."""
        return self.known[name]

    def numbering(self, name: str) -> str:
        """Return the number of the list that the style brings itself; "" for none."""
        number = self._element.find(
            f'{{{W}}}style[@{{{W}}}styleId="{self.known[name]}"]/{{{W}}}pPr/{{{W}}}numPr/{{{W}}}numId'
        )
        return "" if number is None else str(number.get(f"{{{W}}}val"))

    def _add(self, style_id: str, name: str, base: str, paragraph: str, letters: str) -> None:
        taken = set(self.known.values())
        while style_id in taken:
            style_id += "1"
        shown = _SHOWN.get(name, name.title() if name.startswith("controlling") else name)
        parent = base or self.known.get("normal", "")
        custom = ' w:customStyle="1"' if name.startswith("controlling") else ""
        based = f'<w:basedOn w:val="{parent}"/>' if parent else ""
        self._element.append(
            etree.fromstring(
                f'<w:style xmlns:w="{W}" w:type="paragraph"{custom} w:styleId="{style_id}">'
                f'<w:name w:val="{shown}"/>{based}<w:uiPriority w:val="39"/><w:qFormat/>'
                f"<w:pPr>{paragraph}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
            )
        )
        self.known[name] = style_id

    def _speak_german(self) -> None:
        """Make German the language of the whole file: no style says another."""
        for language in list(self._element.iter(f"{{{W}}}lang")):
            language.getparent().remove(language)
        defaults = _child(self._element, "docDefaults", first=True)
        letters = _child(_child(defaults, "rPrDefault", first=True), "rPr")
        language = etree.SubElement(letters, f"{{{W}}}lang")
        language.set(f"{{{W}}}val", "de-DE")
        language.set(f"{{{W}}}eastAsia", "de-DE")
        language.set(f"{{{W}}}bidi", "ar-SA")


def names(element: Any) -> dict[str, str]:
    """Return the ids of all styles by their names in lower case."""
    return {
        str(name.get(f"{{{W}}}val")).lower(): str(name.getparent().get(f"{{{W}}}styleId"))
        for name in element.iterfind(f"{{{W}}}style/{{{W}}}name")
    }


def _child(parent: Any, name: str, *, first: bool = False) -> Any:
    child = parent.find(f"{{{W}}}{name}")
    if child is None:
        child = etree.Element(f"{{{W}}}{name}")
        parent.insert(0 if first else len(parent), child)
    return child
