"""Papers made by hand: every block once, and texts that people really write."""

from __future__ import annotations

import io
from datetime import date

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm
from lxml import etree

from tracker.papers.blocks import (
    Aside,
    Block,
    Bullets,
    Column,
    Contents,
    Fill,
    Heading,
    Line,
    NewPage,
    Notice,
    Pair,
    Pairs,
    Paper,
    Picture,
    Rule,
    Side,
    Table,
    Text,
    Tone,
)
from tracker.papers.writers.docx.docx_context import mark_png
from tracker.publication.reading.model import Mark

MARK = Mark("planned", "in Planung", "circle-quarter")
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 40" width="680" height="40">'
    '<rect width="300" height="40" fill="#1f5fa8"/></svg>'
)


def paper(*blocks: Block, **changes: object) -> Paper:
    """A paper of these blocks."""
    found: dict[str, object] = {
        "stem": "probe",
        "title": "Bericht zur Probe",
        "kicker": "Stadt Bielefeld",
        "subtitle": "3. Quartal 2026",
        "author": "Kommunales Integrationszentrum",
        "description": "Probe, 3. Quartal 2026",
        "running_head": "Anlage 1 zu Drucksache",
        "asks_number": True,
        "footer": "Stichtag 30.09.2026 · Fassung 1",
        "made_on": date(2026, 11, 2),
        "blocks": blocks,
    }
    return Paper(**(found | changes))  # type: ignore[arg-type]


def table(text: str = "Text", rows: int = 2, **changes: object) -> Table:
    """A table with a mark, a text and a number."""
    shown = tuple((Line(mark=MARK), text, number) for number in range(rows))
    found = {"title": "Zahlen", "columns": COLUMNS, "rows": shown} | changes
    return Table(**found)  # type: ignore[arg-type]


COLUMNS = (Column("Stand", 40), Column("Text"), Column("Zahl", 20, numeric=True))


def every_block(text: str = "Ein Satz.") -> Paper:
    """A paper with every kind of block, saying `text` wherever somebody may write."""
    pairs = Pairs((Pair("Stand", (Line(mark=MARK), Line(text))), Pair("Wortlaut", text)))
    return paper(
        Notice(text),
        Contents(),
        Heading(1, "Erstes", numbered=True),
        Text(text),
        Text(text, tone=Tone.STRONG),
        Bullets((text, "zweitens")),
        Bullets((text, "zweitens"), numbered=True),
        table(text, total=True),
        table(text),
        Heading(2, text[:80]),
        Picture(svg=DRAWING, alternative=f"Balken: {text[:200]}", title="Balken"),
        Side(parts=((pairs,), (table(text, title="Innen"),)), widths=(0, 90), framed=True),
        Heading(3, "Blatt"),
        Aside((pairs, Text(text, tone=Tone.SOFT))),
        Rule(),
        Heading(3, "Nächstes Blatt"),
        Text("(bitte eintragen)", tone=Tone.BLANK),
        Fill("Unterschrift", lines=2, hint=text[:50]),
        NewPage(),
        Heading(1, "Zweites", numbered=True),
        table(text, may_split=True),
    )


def numbered_template() -> bytes:
    """The office's template with headings that number themselves: 1, 1.1, 1.1.1."""
    document = docx.Document(io.BytesIO(office_template()))
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        f'<w:lvlText w:val="{".".join(f"%{part}" for part in range(1, level + 2))}"/></w:lvl>'
        for level in range(3)
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>')
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>')
    )
    for level in range(3):
        properties = document.styles[f"Heading {level + 1}"].element.get_or_add_pPr()
        properties.append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>'
            )
        )
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def office_template(*without: str) -> bytes:
    """A template as an office may have it: letterhead, its own first page, other ids of styles."""
    document = docx.Document()
    section = document.sections[0]
    section.different_first_page_header_footer = True
    letterhead = section.first_page_header.paragraphs[0]
    letterhead.add_run("Briefkopf der Stadt")
    letterhead.add_run().add_picture(io.BytesIO(mark_png("loop", "#b3261e")), Mm(15))
    section.header.paragraphs[0].text = "Folgeseite"
    section.footer.paragraphs[0].text = "Postfach"
    document.add_paragraph("Mustertext der Vorlage")
    document.core_properties.author = "Erika Beispiel"
    document.core_properties.last_modified_by = "Erika Beispiel"
    document.add_comment(document.paragraphs[0].runs, "intern", author="Erika Beispiel")
    for style in list(document.styles):
        if style.name in without:
            style.delete()
        elif style.style_id == "Heading1":
            # As German versions of Word call it.
            style.element.set(etree.QName(style.element, "styleId").text, "berschrift1")
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()
