"""Styles of a DOCX: those a template must bring, those that we add where it has none.

Word stores the names of its own styles in English in every language; here they are in lower case,
as Word compares them.
"""

from __future__ import annotations

from pathlib import Path
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
SOFT = "4A4F57"
LINE = "B9BEC6"
ACCENT = "12407A"

KICKER = "controlling dachzeile"
EDGE = "controlling rand"
NOTICE = "controlling hinweis"
PAIR = "controlling angabe"
CELL = "controlling tabelle"
# Those of our own template, added where the office's has none. Not Word's own head and foot: their
# tabs and letters belong to the letterhead.
_ADDED = (EDGE, "subtitle", "toc 1", "toc heading", KICKER, NOTICE, PAIR, CELL)
_OURS = Path(__file__).parent / "default_template" / "word" / "styles.xml"
_ID, _VALUE = f"{{{W}}}styleId", f"{{{W}}}val"


class Styles:
    """The styles of one file: ids by name; what is missing has been added."""

    def __init__(self, element: Any) -> None:
        self._element = element
        self.known = names(element)
        self._speak_german()
        missing = [name for name in _ADDED if name not in self.known]
        if missing:
            ours = etree.parse(_OURS, etree.XMLParser(remove_blank_text=True)).getroot()
            for name in missing:
                self._add(name, ours)

    def __getitem__(self, name: str) -> str:
        """Return the id of a style by its English name in lower case; raises KeyError."""
        return self.known[name]

    def numbering(self, name: str) -> str:
        """Return the number of the list that the style or what it is based on brings, or ""."""
        by_id = {style.get(_ID): style for style in self._element.iterfind(f"{{{W}}}style")}
        style = by_id.get(self.known[name])
        while style is not None:
            number = style.find(f"{{{W}}}pPr/{{{W}}}numPr/{{{W}}}numId")
            if number is not None:
                return str(number.get(_VALUE))
            based = style.find(f"{{{W}}}basedOn")
            # Popped: styles that are based on each other in a circle end too.
            style = None if based is None else by_id.pop(based.get(_VALUE), None)
        return ""

    def _add(self, name: str, ours: Any) -> None:
        ids = names(ours)
        style = ours.find(f'{{{W}}}style[@{_ID}="{ids[name]}"]')
        taken = set(self.known.values())
        style_id = ids[name]
        while style_id in taken:
            style_id += "1"
        style.set(_ID, style_id)
        based = style.find(f"{{{W}}}basedOn")
        base = next(key for key, our_id in ids.items() if our_id == based.get(_VALUE))
        parent = self.known.get(base) or self.known.get("normal")
        if parent:
            based.set(_VALUE, parent)
        else:
            style.remove(based)
        self._element.append(style)
        self.known[name] = style_id

    def _speak_german(self) -> None:
        """Make German the language of the whole file: no style says another."""
        for language in list(self._element.iter(f"{{{W}}}lang")):
            language.getparent().remove(language)
        defaults = _child(self._element, "docDefaults", first=True)
        letters = _child(_child(defaults, "rPrDefault", first=True), "rPr")
        language = etree.SubElement(letters, f"{{{W}}}lang")
        language.set(_VALUE, "de-DE")
        language.set(f"{{{W}}}eastAsia", "de-DE")
        language.set(f"{{{W}}}bidi", "ar-SA")


def names(element: Any) -> dict[str, str]:
    """Return the ids of all styles by their names in lower case."""
    return {
        str(name.get(_VALUE)).lower(): str(name.getparent().get(_ID))
        for name in element.iterfind(f"{{{W}}}style/{{{W}}}name")
    }


def _child(parent: Any, name: str, *, first: bool = False) -> Any:
    child = parent.find(f"{{{W}}}{name}")
    if child is None:
        child = etree.Element(f"{{{W}}}{name}")
        parent.insert(0 if first else len(parent), child)
    return child
