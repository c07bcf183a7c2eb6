"""The report as PDF: PDF/UA-1 and PDF/A-2a, the same bytes every time, whatever users write."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import page
import pikepdf
import pypdf
import pytest
import typst

from tests.factories_reports import report_content
from tests.factories_snapshot import document, documents
from tests.paper_text import pictures, tables
from tests.papers.pdf_text import page_text, reading, squeezed, tagged_places
from tracker.papers.blocks import Paper
from tracker.papers.documents.report import paper
from tracker.papers.writers import font_coverage
from tracker.papers.writers.to_pdf import to_pdf
from tracker.papers.writers.to_xlsx import to_xlsx
from tracker.publication.reading.content import report
from tracker.publication.reading.model import MeasureSheet
from tracker.publication.reading.words import written
from tracker.publication.rules.facts import MeasureFact, ReportFact, ReviewedFact
from tracker.reporting.rules.figures import Value
from tracker.reporting.rules.reports import ReportState
from tracker.reporting.rules.status import Course, Implementation

ROOT = Path(__file__).resolve().parents[2]
FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
STANDARDS = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A)
NASTY = {
    "markup": '#let x = [*a*] $x^2$ @quelle <marke> \\ `code` // Ende /* "',
    "emoji": f"Danke \N{GRINNING FACE}{FAMILY} und \N{REGIONAL INDICATOR SYMBOL LETTER D}",
    "right to left": "مرحبا بالعالم שלום عەرەبی",
    "far": "漢字 தமிழ் ትግርኛ 𝕏",
    "control": "a\x00b\x07c\x1b[31md\x7fe\ufefff\u202eg\uffffh\ue000i",
    "invisible": "\u200d\u2060\n\u200b",
    "combining": "Z" + "\u0335\u0489\u0301" * 30,
    "long text": "Ein Satz mit Umlauten äöüß und Zahlen 1.250,50 €. " * 400,
    "long word": "Migrationssozialarbeiterinnenfortbildungsveranstaltungskalenderverantwortliche"
    * 3,
    "lines": "eins\n\n\n- zwei\n= drei\n\tvier\r\nfünf\u2028sechs",
    "formula": '=HYPERLINK("http://beispiel.invalid";"hier")',
    "spaces": "a\u00a0b\u202fc\u3000d\u00ade",
}


@cache
def four_rounds() -> Paper:
    return paper(report(documents(4)[-1]))


@cache
def pdf_of_four_rounds() -> bytes:
    return to_pdf(four_rounds())


@cache
def pdf_with(text: str) -> bytes:
    return to_pdf(paper(report(with_text(text))))


def failures(pdf: bytes, profile: page.ValidationProfile) -> list[str]:
    """What the validator finds; the length of a stream is checked here.

    It takes a stream whose last byte is a carriage return for one that is a byte too short.
    """
    found = page.validate_pdf_bytes(pdf, profile=profile).failures
    rules = [item.rule_id for item in found]
    return [rule for rule in rules if "STREAM-LENGTH" not in rule or not lengths_are_right(pdf)]


def lengths_are_right(pdf: bytes) -> bool:
    streams = list(re.finditer(rb"/Length (\d+)[^>]*>>\s*stream\r?\n", pdf))
    ends = [pdf[item.end() + int(item[1]) :][:12] for item in streams]
    return bool(ends) and all(re.match(rb"\r?\n?endstream", end) for end in ends)


def with_text(text: str) -> dict[str, Any]:
    """A document that says this text wherever somebody may write."""

    def change(measure: MeasureFact) -> MeasureFact:
        if measure.code != "1.1" or measure.lead is None:
            return measure
        lead = replace(measure.lead, name=text[:300], short_name=text[:80])
        content = report_content(
            achieved=text, next_step=text, consequence=text, reason=text, partners=text
        )
        return replace(
            measure,
            display_text=text,
            text=text,
            notes=(text,),
            lead=lead,
            report=ReportFact(
                lead,
                ReportState.ACCEPTED,
                first_submitted_at=measure.report.first_submitted_at if measure.report else None,
                content=content,
                reviewed=ReviewedFact(Value(Implementation.PLANNED, Course.ON_TRACK), text),
                dissent=text,
            ),
            ziff5=replace(measure.ziff5, competence="own", competence_reason=text),
        )

    return document(goals=1, change=change)


@pytest.mark.parametrize("profile", STANDARDS)
def test_the_report_keeps_the_standards(profile: page.ValidationProfile) -> None:
    assert failures(pdf_of_four_rounds(), profile) == []


@pytest.mark.parametrize("profile", STANDARDS)
def test_the_check_of_the_standards_finds_an_untagged_file(profile: page.ValidationProfile) -> None:
    untagged = typst.compile(
        b"#set document(title: [Probe])\n= Kopf\nText",
        font_paths=font_coverage.fonts(),
        ignore_system_fonts=True,
        pdf_tags=False,
    )
    assert failures(untagged, profile)


def test_the_file_is_made_for_the_archive() -> None:
    with pikepdf.open(io.BytesIO(pdf_of_four_rounds())) as pdf:
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        (intent,) = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert "/DestOutputProfile" in intent
        fonts = [item for item in pdf.objects if described(item)]
        assert len(fonts) >= 3
        assert all("/FontFile2" in item or "/FontFile3" in item for item in fonts)
        assert not pdf.is_encrypted


def described(item: Any) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"


def test_the_report_is_drawn_in_the_order_of_its_blocks_and_tagged_as_it_is_drawn() -> None:
    drawn, at = page_text(pdf_of_four_rounds()), 0
    # The first page's head lies above what is cut out as the body.
    for text in list(reading(four_rounds()))[1:]:
        at = drawn.index(squeezed(text), at)
    places = tagged_places(pdf_of_four_rounds())
    assert len(places) > 1000
    assert places == sorted(places)


def test_title_language_tags_and_date_are_set() -> None:
    with pikepdf.open(io.BytesIO(pdf_of_four_rounds())) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert "/StructTreeRoot" in root
        assert str(root.Lang) == "de-DE"
        assert root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo.Title) == (
            "Controllingbericht zum Integrationskonzept, 3. Quartal 2026, Stichtag 30.09.2026"
        )
        assert str(pdf.docinfo.CreationDate).startswith("D:20261102")
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def test_tables_have_heads_and_pictures_have_words() -> None:
    with pikepdf.open(io.BytesIO(pdf_of_four_rounds())) as pdf:
        elements = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem"
        ]
        kinds = [str(item.get("/S")) for item in elements]
        assert kinds.count("/Table") == kinds.count("/THead") == len(tables(four_rounds())) > 20
        figures = [item for item in elements if item.get("/S") == "/Figure"]
        shown = [squeezed(str(item.Alt)) for item in figures]
        assert shown == [squeezed(item.alternative) for item in pictures(four_rounds())]


def test_only_our_fonts_are_inside() -> None:
    with pikepdf.open(io.BytesIO(pdf_of_four_rounds())) as pdf:
        names = {
            str(item.FontName).split("+")[1]
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and "/FontName" in item
        }
    assert {name.split("-")[0] for name in names} == {"FiraSans"}


def test_the_same_report_has_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib; from tests.factories_snapshot import document; "
        "from tracker.publication.reading.content import report; "
        "from tracker.papers.writers.to_pdf import to_pdf; "
        "from tracker.papers.documents.report import paper; "
        "from tracker.papers.writers.to_xlsx import to_xlsx; made = report(document(goals=1)); "
        "print(hashlib.sha256(to_pdf(paper(made)) + to_xlsx(made)).hexdigest())"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    made = report(document(goals=1))
    assert hashlib.sha256(to_pdf(paper(made)) + to_xlsx(made)).hexdigest() == elsewhere


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_whatever_is_written_the_pdf_is_made_and_keeps_the_standards(text: str) -> None:
    found = pdf_with(text)
    assert [failures(found, profile) for profile in STANDARDS] == [[], []]


def test_markup_is_printed_not_obeyed() -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf_with(NASTY["markup"])))
    text = " ".join("".join(sheet.extract_text() for sheet in reader.pages).split())
    assert '#let x = [*a*] $x^2$ @quelle <marke> \\ `code` // Ende /* "' in text


def test_no_text_leaves_the_page() -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf_with(NASTY["long word"])))
    right: list[float] = []

    def note(text: str, _cm: Any, matrix: list[float], *_: Any) -> None:
        if text.strip():
            right.append(matrix[4])

    for sheet in reader.pages:
        sheet.extract_text(visitor_text=note)
    assert max(right) < float(reader.pages[0].mediabox.width) - 50


def test_reasons_stored_with_control_characters_do_not_break_the_exports() -> None:
    found = document(goals=1)
    reason = "Grund\x00\x07\x1b, genannt"
    found["round"] |= {"version": 2, "reason": reason}
    found["corrections"] = [{"version": 2, "published_on": "2026-11-02", "reason": reason}]
    waived = next(item for item in found["measures"] if item["expected"])
    waived |= {"value": None, "report": None, "self_report": None, "reviewed": None}
    waived["expected"] |= {"state": "waived", "waived_reason": reason}
    made = report(found)
    reader = pypdf.PdfReader(io.BytesIO(to_pdf(paper(made))))
    assert "Grund, genannt" in " ".join(sheet.extract_text() for sheet in reader.pages)
    assert to_xlsx(made)


def test_the_sheet_of_a_measure_stands_on_one_page_from_heading_to_last_line() -> None:
    made = report(documents(4)[-1])
    reader = pypdf.PdfReader(io.BytesIO(pdf_of_four_rounds()))
    pages = [squeezed(sheet.extract_text()) for sheet in reader.pages]
    sheets = [item for field in made.fields for item in field.sheets if item.reportable]
    assert len(sheets) == 57
    for item in sheets:
        (place,) = (
            at for at, text in enumerate(pages) if begin_of(item) in text and "Standjetzt" in text
        )
        own = pages[place].split(begin_of(item), 1)[1]
        assert "städtischeFörderung" in own, item.code
        for part in item.texts:
            assert squeezed(part.text)[:30] in own, (item.code, part.label)
        for entry in item.figures:
            assert squeezed(written(entry.value))[:30] in own, (item.code, entry.label)


def begin_of(sheet: MeasureSheet) -> str:
    return squeezed(f"{sheet.code} {sheet.display_text}")[:25]


def test_another_value_needs_no_dissent_and_no_verlauf() -> None:
    changed = document(goals=6)
    reviewed = [item for item in changed["measures"] if item["reviewed"]]
    assert reviewed
    for item in reviewed:
        item["dissent"] = None
        item["value"] = {"implementation": "completed", "course": None}
        item["reviewed"] |= item["value"]
    made = report(changed)
    table = next(
        item for item in made.data_notes if item.title == "Anders festgestellt als gemeldet"
    )
    assert {row[2] for row in table.rows} == {"umgesetzt, nicht gefragt"}
    assert squeezed("Anders festgestellt als gemeldet") in page_text(to_pdf(paper(made)))
    assert to_xlsx(made)
