"""The DOCX has real structure: headings, heads of tables, language, words for pictures."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest
from docx.oxml.ns import qn

from tests.factories_snapshot import documents
from tests.papers.docx_text import headings, opened, tables, text, whole_paper, whole_report
from tests.papers.factories_papers import MARK, every_block, paper, table
from tracker.papers.blocks import Contents, Heading, Line, Table, Text
from tracker.papers.documents import comparison, institution, measure
from tracker.papers.writers.docx.body import shares
from tracker.papers.writers.docx.text import _ORDER
from tracker.papers.writers.to_docx import to_docx
from tracker.publication.reading.content import report


def test_headings_are_those_of_the_paper_in_its_order() -> None:
    expected = [
        (block.level, " ".join(block.text.split()))
        for block in whole_paper().blocks
        if isinstance(block, Heading)
    ]
    found = headings(opened(whole_report()))
    assert found == expected
    assert len(found) > 70
    assert all(words.strip() for _, words in found)


@pytest.mark.parametrize("name", ["measure", "institution", "comparison"])
def test_every_paper_becomes_a_docx_with_its_headings(name: str) -> None:
    made = report(documents(4)[-1])
    lead = next(item["key"] for item in documents(4)[-1]["institutions"])
    papers = {
        "measure": lambda: measure.paper(made, "6.4"),
        "institution": lambda: institution.paper(made, lead),
        "comparison": lambda: comparison.paper(made),
    }
    paper = papers[name]()
    expected = [
        " ".join(block.text.split()) for block in paper.blocks if isinstance(block, Heading)
    ]
    assert [words for _, words in headings(opened(to_docx(paper)))] == expected
    assert expected


def test_every_table_repeats_its_head_and_has_a_name() -> None:
    found = tables(whole_report())
    assert len(found) > 20
    for item in found:
        rows = item.findall(qn("w:tr"))
        heads = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows]
        assert heads == [True] + [False] * (len(rows) - 1)
        assert item.find(f"{qn('w:tblPr')}/{qn('w:tblCaption')}").get(qn("w:val"))


def test_a_row_splits_only_where_it_may() -> None:
    whole, split = tables(to_docx(paper(table(), table(may_split=True))))
    path = f"{qn('w:tr')}/{qn('w:trPr')}/{qn('w:cantSplit')}"
    assert len(whole.findall(path)) == 3
    assert len(split.findall(path)) == 1  # its head


def test_charts_have_words_and_marks_are_decoration() -> None:
    body = opened(whole_report()).element.body
    named = [item for item in body.iter(qn("wp:docPr")) if item.get("descr")]
    decoration = [item for item in body.iter(qn("wp:docPr")) if not item.get("descr")]
    assert named
    assert all("nicht begonnen" in item.get("descr") for item in named[:1])
    assert len(decoration) > 300
    assert all(len(item) == 1 for item in decoration)  # Word's own sign for decoration
    numbers = [item.get("id") for item in body.iter(qn("wp:docPr"))]
    assert len(set(numbers)) == len(numbers)


def test_a_mark_is_stored_once_however_often_it_is_used() -> None:
    found = zipfile.ZipFile(io.BytesIO(to_docx(paper(table(rows=40)))))
    assert len([name for name in found.namelist() if name.startswith("word/media/")]) == 1


def test_language_properties_and_page() -> None:
    document = opened(whole_report())
    languages = list(document.styles.element.iter(qn("w:lang")))
    assert [item.get(qn("w:val")) for item in languages] == ["de-DE"]
    assert document.settings.element.find(qn("w:themeFontLang")).get(qn("w:val")) == "de-DE"
    found = document.core_properties
    assert found.title == "Controllingbericht zum Integrationskonzept"
    assert found.language == "de-DE"
    assert found.author == found.last_modified_by == "Kommunales Integrationszentrum"
    assert found.created == found.modified == datetime(2026, 11, 2, 12, tzinfo=UTC)
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_head_and_foot_say_number_stichtag_and_page() -> None:
    section = opened(whole_report()).sections[0]
    assert "Anlage 1 zu Drucksache ____" in section.header.paragraphs[0].text
    foot = section.footer.paragraphs[0]
    assert foot.text.startswith("Stichtag 30.09.2026 · Fassung 1 · Prüfsumme ")
    codes = [item.text.strip() for item in foot._p.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]


def test_the_contents_are_there_without_word_asking_to_make_them() -> None:
    document = opened(to_docx(every_block()))
    entries = [item.text for item in document.paragraphs if item.style.name == "toc 1"]
    assert [item.split(" ", 1) for item in entries] == [["1", "Erstes"], ["2", "Zweites"]]
    targets = [item.get(qn("w:anchor")) for item in document.element.body.iter(qn("w:hyperlink"))]
    marks = [item.get(qn("w:name")) for item in document.element.body.iter(qn("w:bookmarkStart"))]
    assert targets == marks
    assert document.settings.element.find(qn("w:updateFields")) is None
    assert not [item for item in document.element.iter(qn("w:fldChar")) if item.get(qn("w:dirty"))]


def test_contents_of_a_paper_without_headings_are_left_out() -> None:
    assert "Inhalt" not in text(to_docx(paper(Contents(), Text("Nur ein Satz."))))


def test_a_numbered_list_begins_at_one_each_time() -> None:
    document = opened(to_docx(paper(*every_block().blocks, *every_block().blocks)))
    used = {
        item._p.pPr.numPr.numId.val
        for item in document.paragraphs
        if item.style.name == "List Number"
    }
    assert len(used) == 2
    numbering = document.part.numbering_part.element
    for number in used:
        assert numbering.num_having_numId(number).find(f".//{qn('w:startOverride')}") is not None


def test_two_tables_in_a_row_stay_two_and_every_cell_ends_with_a_paragraph() -> None:
    body = opened(to_docx(every_block())).element.body
    for item in body.iter(qn("w:tbl")):
        following = item.getnext()
        assert following is not None
        assert following.tag != qn("w:tbl")
    assert all(cell[-1].tag == qn("w:p") for cell in body.iter(qn("w:tc")))
    assert body[-1].tag == qn("w:sectPr")
    assert body[-2].tag == qn("w:p")


def test_properties_stand_in_the_order_of_the_schema() -> None:
    for data in (whole_report(), to_docx(every_block())):
        for properties in opened(data).element.body.iter(qn("w:pPr")):
            names = [item.tag.rsplit("}")[1] for item in properties]
            assert names == sorted(names, key=_ORDER.index)


def test_the_word_of_a_mark_stands_beside_it() -> None:
    shown = text(to_docx(paper(Table("T", (table().columns[0],), ((Line(mark=MARK),),)))))
    assert "in Planung" in shown


@pytest.mark.parametrize(
    ("millimetres", "width"),
    [
        ((10, 0, 30), 9638),
        ((100, 100), 9638),
        ((0, 0, 0), 5000),
        ((160, 0, 0, 0), 9638),
        ((40,), 9000),
    ],
)
def test_columns_fill_the_line_and_none_vanishes(millimetres: tuple[int, ...], width: int) -> None:
    found = shares(millimetres, width)
    assert sum(found) == width
    assert min(found) > 300
