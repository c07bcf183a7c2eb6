"""What was typed, in every file: old signs as they are meant, and copied as they were written."""

from __future__ import annotations

import csv
import io
import subprocess
from functools import cache
from pathlib import Path

import openpyxl
import pikepdf
import pytest

from tests.papers import docx_text
from tests.papers.factories_papers import paper
from tests.papers.odd_rounds import with_text
from tests.signs import OLD
from tracker.core.canonical import canonical_json
from tracker.papers.blocks import Block, Bullets, Column, Heading, Pair, Pairs, Side, Table, Text
from tracker.papers.documents.measure import paper as measure_paper
from tracker.papers.writers.to_csv import csv_files
from tracker.papers.writers.to_docx import to_docx
from tracker.papers.writers.to_pdf import to_pdf
from tracker.papers.writers.to_xlsx import to_xlsx
from tracker.publication.queries import published
from tracker.publication.reading.content import report
from tracker.publication.reading.model import Report
from tracker.publication.rules.snapshot import build

EMOJI = "Fertig 👍"
PASTED = "\n".join([*(pasted for pasted, _ in OLD), EMOJI])
LINES = "\n".join([*(meant for _, meant in OLD), EMOJI]).splitlines()
ADDRESS = (
    "https://www.bielefeld.example/verzeichnis/unterlagen-zum-bericht/"
    "sehr-langer-name_mit-unterstrich_2026/index.html?id=12&x=abc#teil-3"
)
LONG = "Migrationssozialarbeiterinnenfortbildungsveranstaltungskalenderverantwortliche"
CODE = "3.1_kita-bericht-2026-sehr-langer-name-einer-datei-aus-dem-vorjahr.docx"


@cache
def old_round() -> Report:
    """A round that was published with what Word and a PDF had put into its texts."""
    return report(published.shown(canonical_json(build(with_text(PASTED)))))


def copied(pdf: bytes, folder: Path, *options: str) -> str:
    (folder / "paper.pdf").write_bytes(pdf)
    command = ["pdftotext", *options, str(folder / "paper.pdf"), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def shown_in(form: str, folder: Path) -> list[str]:
    """All texts that a file shows, in pieces."""
    if form in ("PDF", "DOCX"):
        made = measure_paper(old_round(), "1.1")
        return [
            copied(to_pdf(made), folder, "-raw") if form == "PDF" else docx_text.text(to_docx(made))
        ]
    if form == "XLSX":
        book = openpyxl.load_workbook(io.BytesIO(to_xlsx(old_round())))
        return [str(cell) for sheet in book for row in sheet.values for cell in row if cell]
    files = (content.decode("utf-8-sig") for _, content in csv_files(old_round()))
    return [
        cell
        for text in files
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=";")
        for cell in row
    ]


@pytest.mark.parametrize("form", ["PDF", "DOCX", "XLSX", "CSV"])
def test_an_old_text_is_shown_as_it_is_meant(form: str, tmp_path: Path) -> None:
    shown = " ".join(" ".join(shown_in(form, tmp_path)).split())
    for line in LINES:
        printed = line.replace("👍", "[Daumen hoch]") if form == "PDF" else line
        assert " ".join(printed.split()) in shown, line
    for pasted, meant in OLD:
        assert not {sign for sign in pasted if sign not in meant and sign in shown}
    assert "U+" not in shown


PLACES: dict[str, tuple[Block, ...]] = {
    "text": (Text(f"Siehe ({ADDRESS}). {LONG} {CODE} Ende."),),
    "list": (Bullets((f"{ADDRESS}, {LONG} {CODE}",)),),
    "pair": (Pairs((Pair("Beleg", f"{ADDRESS} {LONG} {CODE}"),)),),
    "table": (
        Table(
            "T",
            (Column("Beleg", 25), Column("Wort", 25), Column("Datei")),
            ((ADDRESS, LONG, CODE),),
        ),
    ),
    "side": (Side(((Text(f"{ADDRESS} {LONG} {CODE}"),), (Text("x"),)), (0, 90), framed=True),),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("options", [(), ("-raw",)], ids=["flowing", "raw"])
def test_what_is_copied_from_a_pdf_is_what_was_written(
    place: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    pdf = to_pdf(paper(Heading(1, "Kapitel"), *PLACES[place]))
    text = copied(pdf, tmp_path, *options)
    joined = "".join(text.split())
    # Columns of a table are copied line by line.
    if place != "table" or options == ("-raw",):
        assert ADDRESS in joined
        assert LONG in joined
        assert CODE in joined
    assert not set("\u00ad\u200b\u2060") & set(text)


@pytest.mark.parametrize("place", PLACES)
def test_an_address_is_one_link_over_all_its_lines(place: str) -> None:
    pdf = to_pdf(paper(Heading(1, "Kapitel"), *PLACES[place]))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        links = [note for page in opened.pages for note in page.get("/Annots", [])]
        assert [str(link.A.URI) for link in links] == [ADDRESS]
        assert len(links[0].QuadPoints) > 8


def test_a_text_is_copied_without_hyphens(tmp_path: Path) -> None:
    """Hyphenated is only what has no room in its column."""
    text = (
        "Die Kooperationsvereinbarungen der Begegnungszentren mit den Schulsozialarbeiterinnen "
        "und den Integrationsbeauftragten der Arbeitsverwaltung sind unterschrieben. "
    ) * 12
    made = paper(Heading(1, "Kapitel"), Text(text), Table("T", (Column("A", 50),), ((text,),)))
    joined = " ".join(copied(to_pdf(made), tmp_path, "-raw").split())
    assert joined.count(text.strip()) == 2
