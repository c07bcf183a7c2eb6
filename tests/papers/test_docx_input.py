"""The DOCX stands whatever people write and whatever template; the same bytes every time."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from docx.oxml.ns import qn

from tests.papers.docx_text import count, headings, opened, text, whole_report
from tests.papers.factories_papers import every_block, numbered_template, office_template
from tests.papers.office import converted
from tests.papers.test_pdf import NASTY
from tracker.papers.writers.docx.template import TemplateError
from tracker.papers.writers.docx.text import plain
from tracker.papers.writers.to_docx import to_docx

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("words", NASTY.values(), ids=NASTY)
def test_whatever_is_written_the_file_can_be_read_and_holds_it(words: str) -> None:
    data = to_docx(every_block(words))
    shown = text(data).replace(" ", "")
    expected = "".join(plain(words).split())
    assert expected in shown


def test_markup_and_formulas_are_text() -> None:
    data = to_docx(every_block('<w:p/> & "x" =cmd() {PAGE} \\* MERGEFORMAT'))
    assert '<w:p/> & "x" =cmd() {PAGE}' in text(data)
    codes = {(item.text or "").split()[0] for item in opened(data).element.iter(qn("w:instrText"))}
    assert codes == {"TOC"}


def test_signs_that_turn_the_direction_of_what_follows_are_left_out() -> None:
    assert plain("a\u202eb\u2066c\x00d\ud800e\r\nf\u2028g") == "abcde\nf\ng"


def test_the_same_paper_has_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib; from tests.papers.factories_papers import every_block, office_template; "
        "from tracker.papers.writers.to_docx import to_docx; made = every_block(); "
        "print(hashlib.sha256(to_docx(made) + to_docx(made)).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(found) == 1


def test_the_same_paper_in_the_same_template_has_the_same_bytes() -> None:
    template = office_template()
    made = every_block()
    assert to_docx(made, template=template) == to_docx(made, template=template)


def test_a_template_keeps_its_letterhead_and_loses_its_text_and_its_authors() -> None:
    data = to_docx(every_block(), template=office_template())
    document = opened(data)
    section = document.sections[0]
    first = section.first_page_header
    assert first.paragraphs[0].text == "Briefkopf der Stadt"
    assert first.part.related_parts
    assert "Anlage 1 zu Drucksache" in first.paragraphs[-1].text
    assert [item.text.split("\t")[0] for item in section.footer.paragraphs] == [
        "Postfach",
        "Stichtag 30.09.2026 · Fassung 1",
    ]
    assert "Mustertext" not in text(data)
    everything = zipfile.ZipFile(io.BytesIO(data))
    assert not [n for n in everything.namelist() if b"Erika" in everything.read(n)]
    assert headings(document)[0] == (1, "Erstes")


def test_a_file_that_was_made_here_is_a_template_too() -> None:
    made = to_docx(every_block())
    again = to_docx(every_block(), template=made)
    assert text(again) == text(made)
    for name in ("header", "footer"):
        ours, theirs = (getattr(opened(data).sections[0], name) for data in (made, again))
        assert [item.text for item in theirs.paragraphs] == [item.text for item in ours.paragraphs]


def test_only_chapters_are_numbered_whatever_the_headings_of_a_template_do() -> None:
    """Others begin with a code of the concept: not "4.1.1 3.1 Kita"."""
    document = opened(to_docx(every_block(), template=numbered_template()))
    numbered = [
        paragraph.text
        for paragraph in document.paragraphs
        if paragraph.style.name.startswith("Heading")
        and (paragraph._p.pPr.numPr is None or paragraph._p.pPr.numPr.numId.val)
    ]
    assert numbered == ["Erstes", "Zweites"]


def test_a_template_that_cannot_be_used_is_refused_with_its_problems() -> None:
    with pytest.raises(TemplateError, match="Überschrift 2"):
        to_docx(every_block(), template=office_template("Heading 2"))


@pytest.mark.office
def test_libreoffice_reopens_it_and_loses_nothing(soffice_path: str, tmp_path: Path) -> None:
    files = {
        "report.docx": whole_report(),
        "blocks.docx": to_docx(every_block()),
        "office.docx": to_docx(every_block(), template=office_template()),
        "nasty.docx": to_docx(every_block(" ".join(item[:500] for item in NASTY.values()))),
    }
    (tmp_path / "in").mkdir()
    again = converted(soffice_path, files, to="docx", folder=tmp_path / "in")
    for name, data in files.items():
        found = again[name.removesuffix(".docx")]
        assert headings(opened(found)) == headings(opened(data)), name
        assert text(found).replace(" ", "") == text(data).replace(" ", ""), name
        for element in ("w:tbl", "w:tblHeader", "w:drawing"):
            assert count(found, element) == count(data, element), (name, element)
