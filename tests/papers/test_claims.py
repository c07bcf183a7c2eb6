"""No paper claims more than was reported: report, Vorlage, sheets, comparison, tables."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import paper_text as read
from tests.claims import IN_A_SELECTION, IN_HALF_YEARS, NAMES, Json, false_claims, world
from tests.papers import docx_text, pdf_text
from tests.papers.test_few import papers
from tracker.papers.documents import vorlage
from tracker.papers.documents.report import paper
from tracker.papers.documents.vorlage import VorlageKind
from tracker.papers.tables import tables
from tracker.papers.writers.to_docx import to_docx
from tracker.papers.writers.to_pdf import to_pdf
from tracker.publication.reading.content import report
from tracker.publication.reading.model import Report
from tracker.publication.reading.scope import EVERYTHING, Scope
from tracker.publication.reading.words import written


def made(documents: tuple[Json, ...], scope: Scope = EVERYTHING) -> Report:
    *earlier, last = documents
    return report(last, scope=scope, history=tuple(earlier))


def lines(shown: Report) -> Iterator[str]:
    """What all papers and tables of a round say."""
    for item in papers(shown):
        yield from read.text(item).splitlines()
    for table in tables(shown):
        yield from (table.title, table.sentence, *(column.name for column in table.columns))
        yield from (written(value) for row in table.rows for value in row)


@pytest.mark.parametrize("name", NAMES)
def test_no_paper_claims_more_than_was_reported(name: str) -> None:
    further = [IN_HALF_YEARS] if name == "half-years" else []
    assert false_claims(lines(made(world(name))), *further) == []


def test_no_extract_speaks_of_the_whole() -> None:
    shown = made(world("second round"), Scope(fields=frozenset({"1", "9"})))
    assert "im Auszug)" in shown.summary.headline
    assert false_claims(lines(shown), IN_A_SELECTION) == []


@pytest.mark.parametrize("name", ["all silent", "one reports", "second round"])
def test_pdf_docx_and_vorlage_carry_the_headline_with_the_silent(name: str) -> None:
    shown = made(world(name))
    printed = pdf_text.page_text(to_pdf(paper(shown)))
    of_vorlage = vorlage.paper(shown, kind=VorlageKind.INFORMATION)
    written_ = (docx_text.text(to_docx(paper(shown))), docx_text.text(to_docx(of_vorlage)))
    for sentence in (shown.summary.headline, *shown.summary.attention):
        assert pdf_text.squeezed(sentence) in printed
        assert all(sentence in text for text in written_)


def test_what_was_established_stands_at_the_value_that_was_changed() -> None:
    document = world("second round")[-1]
    reviewed = [item for item in document["measures"] if item["reviewed"]]
    shown = {sheet.code: sheet for field in made((document,)).fields for sheet in field.sheets}
    assert reviewed
    for item in reviewed:
        now, own = item["value"], item["self_report"]
        notes = (shown[item["code"]].now.note, shown[item["code"]].now.course_note)
        changed = tuple(now[key] != own[key] for key in ("implementation", "course"))
        assert tuple(map(bool, notes)) == changed


def test_troubled_measures_without_a_proposal_are_named() -> None:
    (document,) = world("first round")
    troubled = {
        item["code"]
        for item in document["measures"]
        if item["value"] and item["value"]["course"] in ("at_risk", "critical")
    }
    left_out = document["decisions"][0]["code"]
    fewer = document | {"decisions": document["decisions"][1:]}
    shown = made((fewer,))
    without = sorted(troubled - {line["code"] for line in fewer["decisions"]})
    assert left_out in without
    assert sorted(shown.summary.without_decision) == without
    for item in (paper(shown), vorlage.paper(shown, kind=VorlageKind.INFORMATION)):
        assert f"Ohne Steuerungsvorschlag: {left_out}" in read.text(item)
