"""The PDF: PDF/UA-1, the same bytes every time, and nothing a user writes breaks it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import page
import pikepdf
import pypdf
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories_reports import report_content
from tests.factories_snapshot import document, documents
from tracker.exports import glyphs, to_pdf
from tracker.exports.content import report
from tracker.exports.glyphs import printable
from tracker.exports.to_xlsx import to_xlsx
from tracker.rules.facts import MeasureFact, ReportFact, ReviewedFact
from tracker.rules.figures import Value
from tracker.rules.reports import ReportState
from tracker.rules.status import Course, Implementation

ROOT = Path(__file__).resolve().parents[2]
FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
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
def pdf_of_four_rounds() -> bytes:
    return to_pdf.to_pdf(report(documents(4)[-1]))


def with_text(text: str) -> dict[str, Any]:
    """A document that says this text wherever somebody may write."""

    def change(measure: MeasureFact) -> MeasureFact:
        if measure.code not in {"1.1", "1.2"} or measure.lead is None:
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


def test_the_report_is_pdf_ua_1() -> None:
    found = page.validate_pdf_bytes(pdf_of_four_rounds())
    assert [(item.rule_id, item.message) for item in found.failures] == []
    assert found.is_compliant


def test_the_check_of_pdf_ua_1_finds_an_untagged_file() -> None:
    untagged = typst.compile(
        b"#set document(title: [Probe])\n= Kopf\nText",
        font_paths=to_pdf._fonts(),
        ignore_system_fonts=True,
        pdf_tags=False,
    )
    assert not page.is_pdf_compliant_bytes(untagged, profile=page.ValidationProfile.PDF_UA_1)


def test_title_language_tags_and_date_are_set() -> None:
    with pikepdf.open(io.BytesIO(pdf_of_four_rounds())) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert "/StructTreeRoot" in root
        assert str(root.Lang) == "de-DE"
        assert root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo.Title) == (
            "Controllingbericht zum Integrationskonzept – 3. Quartal 2026"
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
        assert kinds.count("/Table") == kinds.count("/THead") > 20
        figures = [item for item in elements if item.get("/S") == "/Figure"]
        assert len(figures) == 2
        assert all("nicht begonnen" in str(item.Alt) for item in figures)


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
        "from tracker.exports.content import report; from tracker.exports.to_pdf import to_pdf; "
        "from tracker.exports.to_xlsx import to_xlsx; made = report(document(goals=1)); "
        "print(hashlib.sha256(to_pdf(made) + to_xlsx(made)).hexdigest())"
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
    assert hashlib.sha256(to_pdf.to_pdf(made) + to_xlsx(made)).hexdigest() == elsewhere


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_whatever_is_written_the_pdf_is_made_and_stays_pdf_ua_1(text: str) -> None:
    found = to_pdf.to_pdf(report(with_text(text)))
    assert page.is_pdf_compliant_bytes(found, profile=page.ValidationProfile.PDF_UA_1)


def test_markup_is_printed_not_obeyed() -> None:
    reader = pypdf.PdfReader(io.BytesIO(to_pdf.to_pdf(report(with_text(NASTY["markup"])))))
    text = " ".join("".join(sheet.extract_text() for sheet in reader.pages).split())
    assert '#let x = [*a*] $x^2$ @quelle <marke> \\ `code` // Ende /* "' in text


def test_no_text_leaves_the_page() -> None:
    words = NASTY["long word"]
    reader = pypdf.PdfReader(io.BytesIO(to_pdf.to_pdf(report(with_text(words)))))
    right: list[float] = []

    def note(text: str, _cm: Any, matrix: list[float], *_: Any) -> None:
        if text.strip():
            right.append(matrix[4])

    for sheet in reader.pages:
        sheet.extract_text(visitor_text=note)
    assert max(right) < float(reader.pages[0].mediabox.width) - 50


def typeset(lines: list[str]) -> None:
    """Typeset texts as PDF/UA-1; raises TypstError for a text without glyphs."""
    typst.compile(
        b'#set document(title: [Probe])\n#set text(font: "Fira Sans", lang: "de")\n'
        b"#for line in json(bytes(sys.inputs.lines)) [#line \\ ]",
        font_paths=to_pdf._fonts(),
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"lines": json.dumps(lines)},
    )


def test_every_sign_said_to_be_printable_is_printed() -> None:
    typeset([" ".join(sorted(glyphs._covered()))])


def test_a_sign_without_glyph_would_break_the_pdf() -> None:
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        typeset(["\N{GRINNING FACE}"])


@given(st.lists(st.text(st.sampled_from(sorted(glyphs._covered())), max_size=30), max_size=10))
@settings(deadline=None, max_examples=50)
def test_printable_signs_are_printed_in_any_combination(lines: list[str]) -> None:
    typeset([printable(line) for line in lines])


@given(st.text(max_size=200))
@settings(deadline=None)
def test_printable_keeps_only_signs_the_fonts_have(text: str) -> None:
    allowed = glyphs._covered() | {"\u200b"}
    assert allowed.issuperset(printable(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Grüße aus Zürich, Łódź, İzmir, Привет", "Grüße aus Zürich, Łódź, İzmir, Привет"),
        ("ja \N{GRINNING FACE}", "ja [U+1F600]"),
        ("a\x00b\u202ec", "abc"),
        ("a\u3000b\u2028c", "a b\nc"),
        (unicodedata.normalize("NFD", "\N{GRINNING FACE}ä"), "[U+1F600]ä"),
    ],
)
def test_what_cannot_be_printed_is_named_by_its_code(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_overlong_words_may_break_and_short_ones_are_left_alone() -> None:
    long = "x" * 100
    assert re.sub("\u200b", "", printable(long)) == long
    assert "\u200b" in printable(long)
    assert printable("Einwanderungsgesellschaft") == "Einwanderungsgesellschaft"


def test_reasons_stored_with_control_characters_do_not_break_the_exports() -> None:
    found = document(goals=1)
    reason = "Grund\x00\x07\x1b, genannt"
    found["round"] |= {"version": 2, "reason": reason}
    found["corrections"] = [{"version": 2, "published_on": "2026-11-02", "reason": reason}]
    waived = next(item for item in found["measures"] if item["expected"])
    waived |= {"value": None, "report": None, "self_report": None, "reviewed": None}
    waived["expected"] |= {"state": "waived", "waived_reason": reason}
    made = report(found)
    reader = pypdf.PdfReader(io.BytesIO(to_pdf.to_pdf(made)))
    assert "Grund, genannt" in " ".join(sheet.extract_text() for sheet in reader.pages)
    assert to_xlsx(made)


def test_another_value_needs_no_dissent_and_no_verlauf() -> None:
    changed = document()
    reviewed = [item for item in changed["measures"] if item["reviewed"]]
    assert reviewed
    for item in reviewed:
        item["dissent"] = None
        item["value"] = {"implementation": "completed", "course": None}
        item["reviewed"] |= item["value"]
    made = report(changed)
    table = next(item for item in made.data_notes if item.title == "Vom KI anders festgestellt")
    assert {row[2] for row in table.rows} == {"umgesetzt, nicht gefragt"}
    text = "".join(
        sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(to_pdf.to_pdf(made))).pages
    )
    assert "Vom KI anders festgestellt" in text
    assert to_xlsx(made)
