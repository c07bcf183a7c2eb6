"""Every kind of block in a PDF: read in order, kept together, inside its column."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from random import Random

import page
import pikepdf
import pytest

from tests.papers.pdf_text import page_text, reading, squeezed, tagged_text, words
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
from tracker.papers.charts import stacked_bars
from tracker.papers.writers.to_pdf import to_pdf
from tracker.publication.reading.model import Count, Mark, Money, Spread

MARK = Mark("in_progress", "in Umsetzung", "circle-half", "läuft")
BOX = Mark("", "bitte ankreuzen", "box")
SPREAD = Spread("alle", (Count(MARK, 4),), (), 4, 4, 4)
PICTURE = Picture(stacked_bars([SPREAD], names=False), "4 von 4 in Umsetzung", "Stand")
LEFT, RIGHT = 20, 190


def paper(*blocks: Block, **changes: object) -> Paper:
    made = Paper(
        stem="probe",
        title="Probe aller Bausteine",
        kicker="Stadt Bielefeld · Kommunales Integrationszentrum",
        subtitle="Ausschuss · 3. Quartal 2026 · Stichtag 30.09.2026",
        author="Kommunales Integrationszentrum",
        description="Probe, 3. Quartal 2026",
        running_head="Anlage 1 zu Drucksache",
        asks_number=True,
        footer="Stichtag 30.09.2026 · Fassung 1 · Prüfsumme 0123456789ab",
        made_on=date(2026, 11, 2),
        blocks=blocks,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def table(rows: int = 2, **changes: bool) -> Table:
    return Table(
        "Beträge",
        (Column("Nr.", 12), Column("Name"), Column("Betrag", 30, numeric=True)),
        tuple((f"{row}.", Line(mark=MARK), Money(Decimal(1250 + row))) for row in range(rows)),  # type: ignore[arg-type]
        **changes,
    )


EVERY_BLOCK = (
    Notice("Alle Angaben sind erfunden."),
    Contents(),
    Heading(1, "Erstes Kapitel", numbered=True),
    Text("Ein Absatz.\n\nNoch einer.", tone=Tone.NORMAL),
    Text("Laut.", tone=Tone.STRONG),
    Text("Leise.", tone=Tone.SOFT),
    Text("Hier tragen Sie etwas ein", tone=Tone.BLANK),
    Bullets(("eins", "zwei")),
    Bullets(("Vorschlag eins", "Vorschlag zwei"), numbered=True),
    Heading(3, "Zu tief gestuft"),
    Pairs(
        (
            Pair("Kurz", "Wert"),
            Pair("Zeilen", (Line("eins", tone=Tone.SOFT), Line("danach", MARK, "vorher"))),
            Pair("Leer", None),
            Pair("Ein Name, der breiter ist als die Spalte der Namen", 1250),
        )
    ),
    table(total=True),
    PICTURE,
    Side(((table(),), (Text("rechts"), Pairs((Pair("a", date(2026, 9, 30)),)))), (90, 0)),
    Side(((Text("gerahmt"),), (Text("daneben"),)), (0, 0), framed=True),
    Aside((Text("Meldung"), Pairs((Pair("KI", "stellt fest"),)))),
    Rule(),
    Heading(2, "Nicht im Verzeichnis", listed=False),
    Table("Kreuze", (Column("Kreuz"), Column("leer")), (((Line(mark=BOX), Line()), Line()),)),
    Fill("Ausgefüllt am", 2, "Tag, Monat, Jahr"),
    NewPage(),
    Heading(1, "Zweites Kapitel", numbered=True),
    Text("Ende."),
)


@cache
def every_block() -> bytes:
    return to_pdf(paper(*EVERY_BLOCK))


def test_a_paper_of_every_block_keeps_the_standards() -> None:
    for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A):
        found = page.validate_pdf_bytes(every_block(), profile=profile).failures
        assert [item.rule_id for item in found if "STREAM-LENGTH" not in item.rule_id] == []


def test_every_block_is_read_and_drawn_in_order() -> None:
    wanted = list(reading(paper(*EVERY_BLOCK)))
    assert tagged_text(every_block()) == squeezed("".join(wanted))
    drawn, at = page_text(every_block()), 0
    for text in wanted[1:]:
        at = drawn.index(squeezed(text), at)


def test_the_outline_has_the_listed_headings() -> None:
    with pikepdf.open(io.BytesIO(every_block())) as pdf, pdf.open_outline() as outline:
        found = [(item.title, [child.title for child in item.children]) for item in outline.root]
    assert found == [("1 Erstes Kapitel", ["Zu tief gestuft"]), ("2 Zweites Kapitel", [])]


def test_every_page_says_where_it_belongs() -> None:
    made = paper(*[Text("Ein Absatz.") for _ in range(150)])
    pages: dict[int, str] = {}
    for word in words(to_pdf(made)):
        pages[word.page] = pages.get(word.page, "") + word.text
    assert len(pages) > 2
    for number, text in pages.items():
        assert squeezed(made.running_head) in squeezed(text)
        assert squeezed(f"{made.footer}Seite{number}von{len(pages)}") in squeezed(text)


def test_head_cells_are_tagged_and_repeated_on_every_page() -> None:
    found = to_pdf(paper(Heading(1, "Kapitel"), table(rows=120)))
    heads = [word.page for word in words(found) if word.text == "Betrag"]
    assert heads == list(range(1, max(heads) + 1))
    assert len(heads) > 2
    with pikepdf.open(io.BytesIO(found)) as pdf:
        cells = [item for item in pdf.objects if is_head_cell(item)]
    assert len(cells) == 3


def is_head_cell(item: object) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/TH"


def sections(random: Random) -> list[Block]:
    """Headings, sentences and tables of many heights, so that pages end everywhere."""
    found: list[Block] = []
    for number in range(60):
        rows = tuple(
            ((Line(f"o{number}r{row}"), Line("mitte"), Line(f"u{number}r{row}")), row)
            for row in range(random.randint(1, 12))
        )
        columns = (Column("Zeile"), Column("Zahl", 20, numeric=True))
        found += [
            Heading(random.choice([1, 2, 2]), f"K{number}"),
            Text(f"S{number} leitet ein."),
            Table("T", columns, rows, total=True),
            *[Text("Füllung.") for _ in range(random.randint(0, 9))],
        ]
    return [Heading(1, "Anfang"), *found]


@pytest.mark.parametrize("seed", range(3))
def test_what_belongs_together_stays_on_one_page(seed: int) -> None:
    blocks = sections(Random(seed))
    pages = {word.text: word.page for word in words(to_pdf(paper(*blocks)))}
    assert max(pages.values()) > 10
    tables = [block for block in blocks if isinstance(block, Table)]
    for number, item in enumerate(tables):
        first, last = 0, len(item.rows) - 1
        assert pages[f"K{number}"] == pages[f"S{number}"] == pages[f"o{number}r{first}"]
        for row in range(len(item.rows)):
            assert pages[f"o{number}r{row}"] == pages[f"u{number}r{row}"], "a row is split"
        assert pages[f"o{number}r{last}"] == pages[f"o{number}r{max(last - 1, 0)}"], "sum alone"


@pytest.mark.parametrize("parts", ["table", "side", "aside"])
def test_a_text_longer_than_a_page_is_printed_whole(parts: str) -> None:
    text = " ".join(f"w{number}" for number in range(4000))
    block: Block = {
        "table": Table("T", (Column("a", 20), Column("b")), (("1", text),)),
        "side": Side(((Pairs((Pair("Name", text),)),), (Text("x"),)), (0, 0), framed=True),
        "aside": Aside((Text(text),)),
    }[parts]
    found = [word.text for word in words(to_pdf(paper(Heading(1, "Kapitel"), block)))]
    assert {f"w{number}" for number in range(4000)} <= set(found)


LONG = "integrationszentrumsmitarbeiterinnenfortbildungsveranstaltungskalenderanwendung"


@pytest.mark.parametrize("width", [10, 12, 15, 27, 45])
@pytest.mark.parametrize("word", [LONG, "x" * 80, "[U+1F600]" * 9, "ж" * 80, "1" * 80, "a_" * 40])
def test_no_word_leaves_its_column(word: str, width: int) -> None:
    columns = (Column("A", width), Column("B", width), Column("C"))
    made = paper(Heading(1, "Kapitel"), Table("T", columns, ((word, Line(), "Ende"),)))
    found = words(to_pdf(made))
    (end,) = [item for item in found if item.text == "Ende"]
    inside = [item for item in found if end.top - 1 <= item.top < 270 and item != end]
    assert inside
    assert max(item.right for item in inside) <= LEFT + width + 0.5


def test_long_words_stay_on_the_page_everywhere_else() -> None:
    word = "Migrationssozialarbeiterinnen" * 6
    made = paper(
        Heading(1, word),
        Text(word),
        Notice(word),
        Bullets((word,)),
        Pairs((Pair(word, word),)),
        Side(((Pairs((Pair(word, word),)),), (Text(word),)), (0, 0), framed=True),
        Fill(word, 1, word),
        title=word,
        kicker=word,
        subtitle=word,
    )
    found = words(to_pdf(made))
    assert max(item.right for item in found) <= RIGHT + 0.5


def test_texts_are_no_markup() -> None:
    text = '#let x = [*a*] $x^2$ @quelle <marke> \\ `code` // Ende /* "'
    made = paper(
        Heading(1, text),
        Text(text),
        Bullets((text,)),
        Notice(text),
        Pairs((Pair(text, text),)),
        Table(text, (Column(text),), ((text,),)),
        Fill(text, 1, text),
        title=text,
        running_head=text,
        footer=text,
    )
    assert page_text(to_pdf(made)).count(squeezed(text)) == 11


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert to_pdf(paper(*EVERY_BLOCK)) == every_block()
    assert to_pdf(paper(*EVERY_BLOCK[:-1])) != every_block()
