"""The file around the words: what is kept of a template, and what every paper sets anew.

Kept are styles, fonts, colours, page, and the letterhead in heads and feet. The body of a template
goes, and with it everything that could tell of its authors or load something from elsewhere.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as KIND
from docx.oxml.parser import parse_xml
from lxml import etree

from tracker.papers.blocks import Paper
from tracker.papers.rules import files
from tracker.papers.writers.docx.styles import EDGE, W
from tracker.papers.writers.docx.text import field, paragraph, run, style

_NAMES = (
    f'xmlns:w="{W}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative"'
)
_KEPT = frozenset(
    {
        KIND.STYLES,
        KIND.NUMBERING,
        KIND.SETTINGS,
        KIND.WEB_SETTINGS,
        KIND.FONT_TABLE,
        KIND.THEME,
        KIND.HEADER,
        KIND.FOOTER,
        KIND.FOOTNOTES,
        KIND.ENDNOTES,
    }
)
# They would make Word ask, protect the text, fetch something or name who worked on it.
_UNWANTED_SETTINGS = (
    "attachedTemplate", "documentProtection", "writeProtection", "mailMerge", "trackRevisions",
    "updateFields", "rsids", "docVars", "themeFontLang", "linkStyles",
)  # fmt: skip
_LONGEST_PROPERTY = 255
_EPOCH = date(1980, 1, 1)  # a zip knows no time before
_NUMBER = "_" * 12


def opened(template: bytes) -> Document:
    """Return the template without body, comments, authors and other relations."""
    document = docx.Document(io.BytesIO(template))
    section = _last_section(document)
    body = document.element.body
    section.getparent().remove(section)
    body.clear()  # to remove one by one takes the square of the time
    body.append(section)
    rels = document.part.rels
    for name in [key for key, rel in rels.items() if rel.reltype not in _KEPT]:
        del rels[name]
    package = document.part.package
    assert package is not None  # noqa: S101 - an opened file has one
    for name in [k for k, rel in package.rels.items() if rel.reltype != KIND.OFFICE_DOCUMENT]:
        del package.rels[name]
    _settle(document)
    return document


def text_width(document: Document) -> int:
    """Return how wide a line is, in twentieths of a point."""
    section = document.sections[-1]
    width = section.page_width.twips if section.page_width else 11906
    beside = [
        margin.twips if margin else 0 for margin in (section.left_margin, section.right_margin)
    ]
    return max(int(width - sum(beside)), 2835)


def fill(document: Document, xml: str) -> None:
    made = parse_xml(f"<w:body {_NAMES}>{xml}</w:body>")
    body = document.element.body
    made.append(body[-1])
    document.element.replace(body, made)


def frame(document: Document, paper: Paper, *, styles: Any, width: int) -> None:
    """Write the running head and foot; a letterhead stays, our lines stand below it."""
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{width}"/></w:tabs>'
    head = ""
    if paper.running_head:
        number = f" {_NUMBER}" if paper.asks_number else ""
        title = f"{run(f'{paper.running_head}{number}')}<w:r><w:tab/></w:r>{run(paper.title)}"
        head = paragraph(title, style(styles[EDGE]), tab)
    section = document.sections[-1]
    for header in _shown(document, section, "header"):
        _forget(header, styles[EDGE])
        _append(header, head)
    for footer in _shown(document, section, "footer"):
        _forget(footer, styles[EDGE])
        pages = (
            ""
            if _counts_pages(footer)
            else f"<w:r><w:tab/></w:r>{run('Seite ')}{field('PAGE', '1')}{run(' von ')}"
            f"{field('NUMPAGES', '1')}"
        )
        _append(footer, paragraph(run(paper.footer) + pages, style(styles[EDGE]), tab))


def describe(document: Document, paper: Paper) -> None:
    """Write the properties of the file: they are those of the paper, on the paper's day."""
    properties = document.core_properties
    moment = datetime.combine(paper.made_on, time(12), UTC)
    properties.title = paper.title[:_LONGEST_PROPERTY]
    properties.subject = paper.subtitle[:_LONGEST_PROPERTY]
    properties.comments = paper.description[:_LONGEST_PROPERTY]
    properties.author = properties.last_modified_by = paper.author[:_LONGEST_PROPERTY]
    properties.language = "de-DE"
    properties.created = properties.modified = moment
    properties.revision = 1


def bytes_of(document: Document) -> bytes:
    """Return the file; the same content gives the same bytes."""
    saved = io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return the parts in one order, the types first as Word wants them, with one date."""
    names = sorted(parts, key=lambda name: (name != "[Content_Types].xml", name))
    return files.zipped([(name, parts[name]) for name in names], on=_EPOCH)


def _last_section(document: Document) -> Any:
    """Return the last section with the heads and feet it has taken from earlier ones."""
    sections = list(document.element.body.iter(f"{{{W}}}sectPr"))
    known: dict[tuple[str, str], Any] = {}
    for section in sections:
        for reference in section.iterchildren(f"{{{W}}}headerReference", f"{{{W}}}footerReference"):
            known[reference.tag, reference.get(f"{{{W}}}type")] = reference
    last = sections[-1] if sections else etree.SubElement(document.element.body, f"{{{W}}}sectPr")
    for unwanted in ("headerReference", "footerReference", "type", "formProt", "sectPrChange"):
        for element in last.findall(f"{{{W}}}{unwanted}"):
            last.remove(element)
    for reference in reversed(list(known.values())):
        last.insert(0, reference)
    return last


def _settle(document: Document) -> None:
    settings = document.settings.element
    for name in _UNWANTED_SETTINGS:
        for element in settings.findall(f"{{{W}}}{name}"):
            settings.remove(element)
    rels = document.part.part_related_by(KIND.SETTINGS).rels
    for name in [key for key, rel in rels.items() if rel.is_external]:
        del rels[name]
    language = settings.makeelement(f"{{{W}}}themeFontLang", {f"{{{W}}}val": "de-DE"})
    before = next(
        (
            element
            for name in _BEFORE_LANGUAGE
            if (element := settings.find(f"{{{W}}}{name}")) is not None
        ),
        None,
    )
    if before is None:
        settings.append(language)
    else:
        before.addprevious(language)


# What may follow the language in Word's order of settings.
_BEFORE_LANGUAGE = (
    "clrSchemeMapping", "doNotIncludeSubdocsInStats", "doNotAutoCompressPictures", "forceUpgrade",
    "captions", "readModeInkLockDown", "smartTagType", "schemaLibrary", "shapeDefaults",
    "doNotEmbedSmartTags", "decimalSymbol", "listSeparator",
)  # fmt: skip


def _shown(document: Document, section: Any, kind: str) -> list[Any]:
    """Return the heads or feet that some page shows."""
    names = [kind]
    if section.different_first_page_header_footer:
        names.append(f"first_page_{kind}")
    if document.settings.odd_and_even_pages_header_footer:
        names.append(f"even_page_{kind}")
    return [getattr(section, name) for name in names]


def _forget(story: Any, style_id: str) -> None:
    """Take our own lines out: the template may be a file that was made here."""
    if story.is_linked_to_previous:
        return
    element = story.part.element
    for line in element.findall(f"{{{W}}}p"):
        if line.style == style_id:
            element.remove(line)


def _append(story: Any, xml: str) -> None:
    """Append a paragraph; a head or foot that was not there is made, and never stays empty."""
    if not xml:
        if not story.is_linked_to_previous and not len(story.part.element):
            story.add_paragraph()
        return
    new = story.is_linked_to_previous
    story.is_linked_to_previous = False
    element = story.part.element
    if new:
        for child in list(element):
            element.remove(child)
    parsed = parse_xml(f"<w:body {_NAMES}>{xml}</w:body>")
    for child in list(parsed):
        element.append(child)


def _counts_pages(footer: Any) -> bool:
    if footer.is_linked_to_previous:
        return False
    xml = etree.tostring(footer.part.element, encoding="unicode")
    return "PAGE" in xml
